"""What was done for her health, for the page of the domain, the review and the accounts. Nothing sealed is opened."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Agency, Discipline
from safehouse.residents.models import HealthCheck, HealthOutcome
from safehouse.services.choices import CareState, Funding
from safehouse.services.models import Plan, PlanDomain, Treatment, UrgentCare, Visum
from safehouse.shelter.models import Bed, Placement, Room, Screening, Stay


@dataclass(frozen=True, slots=True)
class TreatmentLine:
    """An examination or treatment; its words stay closed."""

    treatment: Treatment
    agency: str | None


@dataclass(frozen=True, slots=True)
class VisumLine:
    """A visum; its numbers stay closed."""

    visum: Visum
    asked_by: str | None
    agency: str | None


def treatment_lines(session: Session, domain_id: int) -> list[TreatmentLine]:
    """Hers, what has no day yet first, then the latest."""
    rows = session.execute(
        select(Treatment, Agency.name)
        .outerjoin(Agency, Agency.id == Treatment.agency_id)
        .where(Treatment.plan_domain_id == domain_id)
        .order_by(Treatment.on_day.is_not(None), Treatment.on_day.desc(), Treatment.id.desc())
    )
    return [TreatmentLine(row.Treatment, row.name) for row in rows]


def visum_lines(session: Session, domain_id: int) -> list[VisumLine]:
    """Hers, what has no day yet first, then the latest."""
    asking = aliased(Agency)
    rows = session.execute(
        select(Visum, asking.name.label("asked_by"), Agency.name)
        .outerjoin(asking, asking.id == Visum.asked_by_id)
        .outerjoin(Agency, Agency.id == Visum.agency_id)
        .where(Visum.plan_domain_id == domain_id)
        .order_by(Visum.on_day.is_not(None), Visum.on_day.desc(), Visum.id.desc())
    )
    return [VisumLine(row.Visum, row.asked_by, row.name) for row in rows]


def newest_limits(session: Session, domain_id: int) -> UrgentCare | None:
    """What counts of the help that is of use for a few days only."""
    return session.scalar(
        select(UrgentCare)
        .where(UrgentCare.plan_domain_id == domain_id, UrgentCare.withdrawn_at.is_(None))
        .order_by(UrgentCare.id.desc())
        .limit(1)
    )


def doctor_wanted_since(session: Session, placement: Placement) -> dt.datetime | None:
    """Since when a doctor should see one of this family soon, as the newest screening says; whatever for."""
    return session.scalar(
        select(Screening.doctor_since)
        .where(Screening.referral_id == placement.referral_id)
        .order_by(Screening.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class FundingTotal:
    """How many examinations one source pays, and how much of the unit's money; `funding` None: nobody has said."""

    funding: Funding | None
    number: int
    cost: int


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """What was done from a day to a day. `planned` counts what was to be in it and was not cancelled, whether or not it
    was done; `open` what was agreed for a day in it, and nobody has said what became of it."""

    examinations: int
    visums: int
    planned: int
    open: int
    costs: tuple[FundingTotal, ...]

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.costs)


def health_between(
    session: Session, *, plan_id: int, resident_id: int, from_day: dt.date, until: dt.date, there: ZoneInfo
) -> HealthFigures:
    """Examinations, treatments and visums of this plan from a day to a day, both included, with the health checks of
    its resident; in three statements. What she declined is no examination."""
    domain = (
        select(PlanDomain.id)
        .where(PlanDomain.plan_id == plan_id, PlanDomain.domain == Discipline.HEALTH)
        .scalar_subquery()
    )
    counted: dict[type, int] = {}
    planned = still_open = 0
    totals: dict[Funding | None, FundingTotal] = {}
    for table in (Treatment, Visum):
        counted[table] = 0
        for state, funding, number, with_cost, cost in session.execute(
            select(
                table.state,
                table.funding,
                func.count(),
                func.count(table.cost),
                func.sum(table.cost),
            )
            .where(
                table.plan_domain_id == domain,
                table.on_day.between(from_day, until),
                table.state != CareState.CANCELLED,
            )
            .group_by(table.state, table.funding)
        ):
            planned += number
            still_open += number if state is CareState.SCHEDULED else 0
            if state is CareState.DONE:
                counted[table] += number
                _add(totals, funding, with_cost, int(cost or 0))
    begin = dt.datetime.combine(from_day, dt.time.min, there).astimezone(dt.UTC)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, there).astimezone(dt.UTC)
    checks = (
        session.scalar(
            select(func.count()).where(
                HealthCheck.resident_id == resident_id,
                HealthCheck.at >= begin,
                HealthCheck.at < end,
                HealthCheck.withdrawn_at.is_(None),
                HealthCheck.outcome != HealthOutcome.DECLINED,
            )
        )
        or 0
    )
    return HealthFigures(
        examinations=counted[Treatment] + checks,
        visums=counted[Visum],
        planned=planned + checks,
        open=still_open,
        costs=_by_source(totals),
    )


def visum_costs(
    session: Session, *, house_ids: Collection[int], from_day: dt.date, until: dt.date
) -> tuple[FundingTotal, ...]:
    """The visums made from a day to a day for those who lived in these houses, by who paid, in one statement. Whoever
    moved counts where she slept last."""
    slept_in = (
        select(Room.house_id)
        .join(Bed, Bed.room_id == Room.id)
        .join(Stay, Stay.bed_id == Bed.id)
        .where(
            Stay.placement_id == Placement.id,
            # A stay that was undone has no length: nobody slept there.
            or_(Stay.ended_at.is_(None), Stay.ended_at > Stay.started_at),
        )
        .order_by(Stay.started_at.desc(), Stay.id.desc())
        .limit(1)
        .correlate(Placement)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Visum.funding, func.count(), func.sum(Visum.cost))
        .join(PlanDomain, PlanDomain.id == Visum.plan_domain_id)
        .join(Plan, Plan.id == PlanDomain.plan_id)
        .join(Placement, Placement.id == Plan.placement_id)
        .where(
            Visum.state == CareState.DONE,
            Visum.on_day.between(from_day, until),
            slept_in.in_(house_ids),
        )
        .group_by(Visum.funding)
    )
    return _by_source({funding: FundingTotal(funding, number, int(cost or 0)) for funding, number, cost in rows})


@dataclass(frozen=True, slots=True)
class CareCount:
    """How far one kind of care has come: for the coordinator and the manager, who read no more of it."""

    visum: bool
    state: CareState
    on_day: dt.date | None


def care_counts(session: Session, domain_id: int) -> tuple[list[CareCount], tuple[FundingTotal, ...]]:
    """Every examination and visum as a state and a day, and what they cost by source; in two statements."""
    found: list[CareCount] = []
    totals: dict[Funding | None, FundingTotal] = {}
    for table in (Treatment, Visum):
        for state, on_day, cost, funding in session.execute(
            select(table.state, table.on_day, table.cost, table.funding).where(table.plan_domain_id == domain_id)
        ):
            found.append(CareCount(table is Visum, state, on_day))
            if state is CareState.DONE and cost is not None:
                _add(totals, funding, 1, cost)
    found.sort(key=lambda one: (one.on_day is not None, -(one.on_day or dt.date.min).toordinal()))
    return found, _by_source(totals)


def _add(totals: dict[Funding | None, FundingTotal], funding: Funding | None, number: int, cost: int) -> None:
    if number:
        before = totals.get(funding, FundingTotal(funding, 0, 0))
        totals[funding] = FundingTotal(funding, before.number + number, before.cost + cost)


def _by_source(totals: dict[Funding | None, FundingTotal]) -> tuple[FundingTotal, ...]:
    """In the order of the list of sources; what nobody has said comes last."""
    order = [*Funding, None]
    return tuple(sorted(totals.values(), key=lambda one: order.index(one.funding)))
