"""When two appointments meet, what may be agreed in which domain, and who reads what an appointment is for."""

import datetime as dt
from zoneinfo import ZoneInfo

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.services.choices import AppointmentKind, AppointmentPlace, SafeWay, Transport
from safehouse.services.rules.walls import Reach, reach, reaches

# What is agreed in each domain, in the order in which it is offered.
KINDS = {
    Discipline.PSYCHOLOGY: (
        AppointmentKind.COUNSELLING,
        AppointmentKind.ASSESSMENT,
        AppointmentKind.PSYCHIATRIST,
        AppointmentKind.FAMILY_MEETING,
        AppointmentKind.OTHER,
    ),
    Discipline.HEALTH: (
        AppointmentKind.CHECK_UP,
        AppointmentKind.TREATMENT,
        AppointmentKind.PREGNANCY_CHECK,
        AppointmentKind.IMMUNISATION,
        AppointmentKind.VISUM,
        AppointmentKind.PSYCHIATRIST,
        AppointmentKind.OTHER,
    ),
    Discipline.EDUCATION: (
        AppointmentKind.SCHOOL_VISIT,
        AppointmentKind.EXAM,
        AppointmentKind.REPORT_BOOK,
        AppointmentKind.TRAINING,
        AppointmentKind.OTHER,
    ),
    Discipline.LEGAL: (
        AppointmentKind.POLICE_REPORT,
        AppointmentKind.EXAMINATION,
        AppointmentKind.HEARING,
        AppointmentKind.LEGAL_ADVICE,
        AppointmentKind.PROTECTION_AGENCY,
        AppointmentKind.VISUM,
        AppointmentKind.OTHER,
    ),
    Discipline.SOCIAL_WORK: (
        AppointmentKind.ACCOMPANIMENT,
        AppointmentKind.FAMILY_MEETING,
        AppointmentKind.PAPERS,
        AppointmentKind.TRAINING,
        AppointmentKind.ASSESSMENT,
        AppointmentKind.OTHER,
    ),
}
# Nobody goes anywhere for these.
STAYS_IN = frozenset({AppointmentPlace.HOUSE, AppointmentPlace.ONLINE})
A_WEEK = 7
# Farther ahead nothing is agreed: it is a year that was mistyped.
FARTHEST = dt.timedelta(days=2 * 366)


def overlaps(begins: dt.datetime, ends: dt.datetime, other_begins: dt.datetime, other_ends: dt.datetime) -> bool:
    """Whether the two share any time. One that begins as the other ends does not meet it."""
    return begins < other_ends and other_begins < ends


def usual_transport(place: AppointmentPlace) -> Transport:
    """What is assumed where nobody said: none inside the house, elsewhere it is still to be found."""
    return Transport.NOT_NEEDED if place in STAYS_IN else Transport.NOT_YET


def usual_way(place: AppointmentPlace) -> SafeWay:
    """What is assumed where nobody said: she leaves from the office, so that nobody learns of the house."""
    return SafeWay.INSIDE if place in STAYS_IN else SafeWay.VIA_OFFICE


def goes_out_inside(place: AppointmentPlace, way: SafeWay) -> bool:
    """Nobody leaves the house, but the appointment is elsewhere: one of the two is a mistake."""
    return way is SafeWay.INSIDE and place not in STAYS_IN


def begins_at(day: dt.date, clock: dt.time, zone: ZoneInfo) -> dt.datetime:
    """This clock on this day where she lives, as a moment."""
    return dt.datetime.combine(day, clock, zone).astimezone(dt.UTC)


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The first moment of this day where she lives."""
    return begins_at(day, dt.time(), zone)


def day_of(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    return moment.astimezone(zone).date()


def reads_kind(
    role: Role | None, own: Discipline | None, *, coordinator: bool, domain: Discipline, goes_along: bool
) -> bool:
    """Whether she reads what an appointment is for, and with which agency. `own` is the discipline she is assigned in.

    Whoever reads the goals of the domain does, and a caseworker who goes along. To everyone else it is the domain and
    the kind of place: staff see that she goes, not why.
    """
    if reaches(reach(role, own, coordinator=coordinator, domain=domain, kept=()), Reach.GOALS):
        return True
    return role is Role.CASEWORKER and own is not None and goes_along
