"""What she was given. Nothing sealed is opened."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Agency, Discipline
from safehouse.services.choices import Funding, SupportKind
from safehouse.services.models import PlanDomain, Support


@dataclass(frozen=True, slots=True)
class SupportLine:
    """Goods, training or a start. `cost` is the unit's, for the accounts; None: not known."""

    ref: uuid.UUID
    kind: SupportKind
    on_day: dt.date
    agency: str | None
    cost: int | None
    funding: Funding
    who: str


def support_rows(session: Session, domain_id: int) -> Sequence[tuple[Support, str | None, str]]:
    """What counts, with the agency and who wrote it down, the newest first; its words stay closed."""
    rows = session.execute(
        select(Support, Agency.name, Account.shown_name)
        .outerjoin(Agency, Agency.id == Support.agency_id)
        .join(Account, Account.id == Support.by_id)
        .where(Support.plan_domain_id == domain_id, Support.withdrawn_at.is_(None))
        .order_by(Support.on.desc(), Support.id.desc())
    )
    return [(support, agency, who) for support, agency, who in rows]


def support_between(session: Session, plan_id: int, *, begin: dt.date, until: dt.date) -> list[SupportLine]:
    """What she was given from a day to a day, both among them, in the order of time, in one statement."""
    rows = session.execute(
        select(Support.ref, Support.kind, Support.on, Agency.name, Support.cost, Support.funding, Account.shown_name)
        .join(PlanDomain, PlanDomain.id == Support.plan_domain_id)
        .outerjoin(Agency, Agency.id == Support.agency_id)
        .join(Account, Account.id == Support.by_id)
        .where(
            PlanDomain.plan_id == plan_id,
            PlanDomain.domain == Discipline.SOCIAL_WORK,
            Support.withdrawn_at.is_(None),
            Support.on >= begin,
            Support.on <= until,
        )
        .order_by(Support.on, Support.id)
    )
    return [SupportLine(*row) for row in rows]
