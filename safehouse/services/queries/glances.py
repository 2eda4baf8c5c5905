"""Each domain of her plan in one line, for the page of a resident. In five statements; nothing sealed is opened."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Discipline
from safehouse.services.choices import DOMAINS_IN_ORDER, AppointmentPlace, AppointmentState
from safehouse.services.models import Appointment, DomainWords
from safehouse.services.queries.plans import domain_lines, goal_lines, newest_plan_id


@dataclass(frozen=True, slots=True)
class Next:
    """The next appointment in a domain."""

    at: dt.datetime
    place: AppointmentPlace


@dataclass(frozen=True, slots=True)
class Glance:
    """`open` is whether the plan has this domain. `summary` stays closed."""

    domain: Discipline
    open: bool
    goals: int
    reached: int
    overdue: dt.date | None
    missed: bool
    summary: DomainWords | None
    next: Next | None


def glances(session: Session, *, resident_id: int, today: dt.date, now: dt.datetime) -> list[Glance]:
    """All domains in their order, whether or not there is a plan."""
    plan_id = newest_plan_id(session, resident_id)
    lines = {one.domain: one for one in (domain_lines(session, plan_id, today=today) if plan_id else [])}
    goals = goal_lines(session, [one.id for one in lines.values()]) if lines else {}
    following: dict[Discipline, Next] = {}
    missed: set[Discipline] = set()
    for domain, at, place, state in session.execute(
        select(Appointment.domain, Appointment.at, Appointment.place, Appointment.state)
        .where(
            Appointment.resident_id == resident_id,
            (Appointment.state == AppointmentState.PLANNED) & (Appointment.ends_at > now)
            | (Appointment.state == AppointmentState.MISSED) & Appointment.answered_at.is_(None),
        )
        .order_by(Appointment.at, Appointment.id)
    ):
        if state is AppointmentState.MISSED:
            missed.add(domain)
        else:
            following.setdefault(domain, Next(at, place))
    found = []
    for domain in DOMAINS_IN_ORDER:
        line = lines.get(domain)
        hers = [one for one in goals.get(line.id, []) if one.goal.ended_at is None or one.reached] if line else []
        found.append(
            Glance(
                domain,
                open=line is not None,
                goals=len(hers),
                reached=sum(one.reached for one in hers),
                overdue=line.overdue if line else None,
                missed=domain in missed,
                summary=line.summary if line else None,
                next=following.get(domain),
            )
        )
    return found
