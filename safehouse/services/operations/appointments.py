"""Agreeing on an appointment, saying what became of it, and answering one nobody came to."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Agency, Discipline, House, Office
from safehouse.residents.models import Resident
from safehouse.residents.queries.people import never_beside
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    ChildrenMeanwhile,
    MissedAnswer,
    SafeWay,
    Transport,
)
from safehouse.services.models import Appointment
from safehouse.services.models.meetings import A_DAY_OF_MINUTES
from safehouse.services.rules.appointments import (
    FARTHEST,
    KINDS,
    day_of,
    goes_out_inside,
    midnight,
    usual_transport,
    usual_way,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


class AppointmentRefusal(StrEnum):
    PAST = "past"  # before today, where she lives
    TOO_FAR = "too_far"
    LEFT = "left"  # she lives here no more
    LENGTH = "length"
    OTHER_DOMAIN = "other_domain"  # this kind is agreed in another domain
    NOT_TO_GO_ALONG = "not_to_go_along"  # the companion must know nothing of her
    ALONE_WITH_COMPANION = "alone_with_companion"
    LEAVES_THE_HOUSE = "leaves_the_house"  # nobody leaves the house, but the appointment is elsewhere
    SETTLED = "settled"  # somebody has said what became of it
    NOT_YET = "not_yet"  # its time has not come
    NO_NEW_DAY = "no_new_day"
    NOT_MISSED = "not_missed"
    GONE_ON = "gone_on"  # what was agreed instead has been settled itself


class AppointmentRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: AppointmentRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """What is agreed. Without a way or transport the usual ones of the place count; without a companion and not
    `alone`, somebody is still to be found."""

    domain: Discipline
    kind: AppointmentKind
    at: dt.datetime
    minutes: int
    place: AppointmentPlace
    agency: Agency | None = None
    companion: Account | None = None
    alone: bool = False
    transport: Transport | None = None
    safe_way: SafeWay | None = None
    children: ChildrenMeanwhile = ChildrenMeanwhile.NONE


def make_appointment(
    session: Session,
    *,
    resident: Resident,
    new: NewAppointment,
    follows: Appointment | None = None,
    now: dt.datetime,
    by: Actor,
) -> Appointment:
    """The appointment, planned. What it clashes with is shown before and no wall. Raises `AppointmentRefused` for a day
    before today where she lives, after she left, for a companion who must know nothing of her, and for what
    contradicts itself. The caller commits."""
    place, way = new.place, new.safe_way or usual_way(new.place)
    _check(session, resident, new, way, now)
    row = Appointment(
        resident_id=resident.id,
        domain=new.domain,
        kind=new.kind,
        at=new.at,
        minutes=new.minutes,
        ends_at=new.at + dt.timedelta(minutes=new.minutes),
        place=place,
        agency_id=new.agency.id if new.agency else None,
        companion_id=new.companion.id if new.companion else None,
        alone=new.alone,
        transport=new.transport or usual_transport(place),
        safe_way=way,
        children=new.children,
        made_at=now,
        made_by_id=by.person_id,
        state=AppointmentState.PLANNED,
        follows_id=follows.id if follows else None,
    )
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.APPOINTMENT_MADE, subject=resident.ref, purpose=new.domain)
    return row


def _check(session: Session, resident: Resident, new: NewAppointment, way: SafeWay, now: dt.datetime) -> None:
    if resident.house_id is None:
        raise AppointmentRefused(AppointmentRefusal.LEFT)
    zone = clock_of(session, resident)
    if new.at < midnight(day_of(now, zone), zone):
        raise AppointmentRefused(AppointmentRefusal.PAST)
    if new.at > now + FARTHEST:
        raise AppointmentRefused(AppointmentRefusal.TOO_FAR)
    if not 1 <= new.minutes <= A_DAY_OF_MINUTES:
        raise AppointmentRefused(AppointmentRefusal.LENGTH)
    if new.kind not in KINDS[new.domain]:
        raise AppointmentRefused(AppointmentRefusal.OTHER_DOMAIN)
    _check_going(session, resident, companion=new.companion, alone=new.alone, place=new.place, way=way)


def _check_going(
    session: Session,
    resident: Resident,
    *,
    companion: Account | None,
    alone: bool,
    place: AppointmentPlace,
    way: SafeWay,
) -> None:
    if companion is not None and alone:
        raise AppointmentRefused(AppointmentRefusal.ALONE_WITH_COMPANION)
    if companion is not None and companion.id in never_beside(session, resident.household_id):
        raise AppointmentRefused(AppointmentRefusal.NOT_TO_GO_ALONG)
    if goes_out_inside(place, way):
        raise AppointmentRefused(AppointmentRefusal.LEAVES_THE_HOUSE)


def arrange_appointment(
    session: Session,
    *,
    appointment: Appointment,
    resident: Resident,
    companion: Account | None,
    alone: bool,
    transport: Transport,
    safe_way: SafeWay,
    children: ChildrenMeanwhile,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Who goes along and how, found or changed after the day was agreed. Raises `AppointmentRefused`, also for an
    appointment that is over."""
    session.refresh(appointment, with_for_update=True)
    if appointment.state is not AppointmentState.PLANNED:
        raise AppointmentRefused(AppointmentRefusal.SETTLED)
    _check_going(session, resident, companion=companion, alone=alone, place=appointment.place, way=safe_way)
    appointment.companion_id, appointment.alone = companion.id if companion else None, alone
    appointment.transport, appointment.safe_way, appointment.children = transport, safe_way, children
    record(session, now=now, by=by, act=Act.APPOINTMENT_MADE, subject=resident.ref, purpose="arranged")


def settle_appointment(
    session: Session,
    *,
    appointment: Appointment,
    resident: Resident,
    state: AppointmentState,
    new: NewAppointment | None = None,
    now: dt.datetime,
    by: Actor,
) -> Appointment | None:
    """What became of it: kept, missed, cancelled, or moved to `new`, which is returned. Of two at the same moment the
    first is believed. Raises `AppointmentRefused`."""
    session.refresh(appointment, with_for_update=True)
    if appointment.state is not AppointmentState.PLANNED:
        raise AppointmentRefused(AppointmentRefusal.SETTLED)
    zone = clock_of(session, resident)
    # A doctor may come before her time, on the day itself; nobody is missed before hers.
    early = day_of(appointment.at, zone) > day_of(now, zone)
    if (state is AppointmentState.KEPT and early) or (state is AppointmentState.MISSED and appointment.at > now):
        raise AppointmentRefused(AppointmentRefusal.NOT_YET)
    following = None
    if state is AppointmentState.MOVED:
        if new is None:
            raise AppointmentRefused(AppointmentRefusal.NO_NEW_DAY)
        following = make_appointment(session, resident=resident, new=new, follows=appointment, now=now, by=by)
    elif state is AppointmentState.PLANNED:
        raise ValueError(state)
    appointment.state = state
    appointment.settled_at, appointment.settled_by_id = now, by.person_id
    record(session, now=now, by=by, act=Act.APPOINTMENT_SETTLED, subject=resident.ref, purpose=state)
    return following


def answer_missed(
    session: Session,
    *,
    appointment: Appointment,
    resident: Resident,
    answer: MissedAnswer,
    new: NewAppointment | None = None,
    now: dt.datetime,
    by: Actor,
) -> Appointment | None:
    """What was done about an appointment nobody came to. With a new day that appointment is returned. Raises
    `AppointmentRefused`."""
    session.refresh(appointment, with_for_update=True)
    if appointment.state is not AppointmentState.MISSED:
        raise AppointmentRefused(AppointmentRefusal.NOT_MISSED)
    if appointment.missed_answer is not None:
        raise AppointmentRefused(AppointmentRefusal.SETTLED)
    following = None
    if answer is MissedAnswer.NEW_DAY:
        if new is None:
            raise AppointmentRefused(AppointmentRefusal.NO_NEW_DAY)
        following = make_appointment(session, resident=resident, new=new, follows=appointment, now=now, by=by)
    appointment.missed_answer, appointment.answered_at = answer, now
    record(session, now=now, by=by, act=Act.APPOINTMENT_SETTLED, subject=resident.ref, purpose=answer)
    return following


def unsettle_appointment(
    session: Session, *, appointment: Appointment, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was pressed by mistake: the appointment stands as before. What was agreed instead is cancelled. Raises
    `AppointmentRefused` when somebody has gone on from there."""
    session.refresh(appointment, with_for_update=True)
    if appointment.state is AppointmentState.PLANNED:
        raise AppointmentRefused(AppointmentRefusal.SETTLED)
    if appointment.missed_answer is not None:
        raise AppointmentRefused(AppointmentRefusal.GONE_ON)
    _cancel_following(session, appointment, now, by)
    appointment.state = AppointmentState.PLANNED
    appointment.settled_at = appointment.settled_by_id = None
    record(session, now=now, by=by, act=Act.APPOINTMENT_SETTLED, subject=resident.ref, purpose=AppointmentState.PLANNED)


def unanswer_missed(
    session: Session, *, appointment: Appointment, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """The answer was pressed by mistake: she was missed and nobody has answered. Raises `AppointmentRefused`."""
    session.refresh(appointment, with_for_update=True)
    if appointment.missed_answer is None:
        raise AppointmentRefused(AppointmentRefusal.NOT_MISSED)
    _cancel_following(session, appointment, now, by)
    appointment.missed_answer = appointment.answered_at = None
    record(session, now=now, by=by, act=Act.APPOINTMENT_SETTLED, subject=resident.ref, purpose=AppointmentState.MISSED)


def _cancel_following(session: Session, appointment: Appointment, now: dt.datetime, by: Actor) -> None:
    following = session.scalars(
        select(Appointment)
        .where(Appointment.follows_id == appointment.id, Appointment.state != AppointmentState.CANCELLED)
        .with_for_update()
    ).all()
    if any(one.state is not AppointmentState.PLANNED for one in following):
        raise AppointmentRefused(AppointmentRefusal.GONE_ON)
    for one in following:
        one.state, one.settled_at, one.settled_by_id = AppointmentState.CANCELLED, now, by.person_id


def clock_of(session: Session, resident: Resident) -> ZoneInfo:
    """The clock of the house she lives in; where she lives nowhere, the unit's."""
    house = session.get(House, resident.house_id) if resident.house_id is not None else None
    return ZoneInfo(house.time_zone if house else session.get_one(Office, 1).time_zone)
