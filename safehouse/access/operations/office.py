"""The unit's own settings."""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Office
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import NotConfirmed
from safehouse.trail.operations import record


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """Minutes unless the name says otherwise; the table checks the same limits as the form."""

    title: str
    name: str
    time_zone: str
    idle_shared_minutes: int
    idle_own_minutes: int
    code_after_minutes: int
    sign_in_hours: int
    hold_hours: int
    tell_manager_after_hours: int
    plan_within_days: int
    review_every_months: int


def change_office(session: Session, *, wanted: OfficeSettings, now: dt.datetime, by: Actor) -> list[str]:
    """Keep the settings and record the names of those that changed. They hold from the next request on."""
    if not by.confirmed:
        raise NotConfirmed
    office = session.scalars(select(Office).with_for_update()).one()
    changed = [name for name, value in asdict(wanted).items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, getattr(wanted, name))
    if changed:
        record(
            session,
            now=now,
            by=by,
            act=Act.OFFICE_CHANGED,
            subject=office.ref,
            fields=[f"office.{name}" for name in changed],
        )
    return changed
