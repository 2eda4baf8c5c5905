"""Throwing away what signing in leaves behind, once its time is over. A second run finds nothing."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Activation, Device, Draft, Factor, SignIn, Throttle
from safehouse.access.operations.drafts import LIFE as DRAFT_LIFE
from safehouse.database import rows_changed

KEPT = dt.timedelta(days=90)
# Where failed tries came from is close to where someone is: kept no longer than it serves.
SOURCES_KEPT = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Swept:
    sign_ins: int
    devices: int
    activations: int
    drafts: int
    sources: int

    @property
    def anything(self) -> bool:
        return any((self.sign_ins, self.devices, self.activations, self.drafts, self.sources))


def sweep(session: Session, *, now: dt.datetime) -> Swept:
    """Delete drafts after 24 hours; sign-ins, passes of browsers and activation codes 90 days after their end.

    The record keeps who signed in and when; these rows are only what the signing in itself needed.
    """
    before = now - KEPT
    over = or_(SignIn.ended_at < before, and_(SignIn.ended_at.is_(None), SignIn.started_at < before))
    in_use = exists(select(SignIn.id).where(SignIn.device_id == Device.id).correlate(Device))
    gone = or_(Device.expires_at < now, Device.revoked_at < before)
    stale = and_(
        # A name nobody tried for so long; strangers can write any number of names.
        or_(
            and_(Throttle.factor == Factor.SOURCE, Throttle.window_started_at < now - SOURCES_KEPT),
            Throttle.window_started_at < before,
        ),
        or_(Throttle.until.is_(None), Throttle.until <= now),
    )
    return Swept(
        sign_ins=rows_changed(session, delete(SignIn).where(over)),
        devices=rows_changed(session, delete(Device).where(gone, ~in_use)),
        activations=rows_changed(session, delete(Activation).where(Activation.expires_at < before)),
        drafts=rows_changed(session, delete(Draft).where(Draft.made_at <= now - DRAFT_LIFE)),
        sources=rows_changed(session, delete(Throttle).where(stale)),
    )
