"""What is said about more days: why something was refused, what became of a request."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.shelter.choices import ExtensionAnswer
from safehouse.shelter.operations.extending import ExtensionRefusal, ExtensionRefused
from safehouse.shelter.queries.extensions import Course, InTheWay, Step
from safehouse.web.language import day, moment, short_day

REFUSALS = {
    ExtensionRefusal.NOT_HERE: _l("The stay here has ended in the meantime. Load the page again."),
    ExtensionRefusal.WAITING_ALREADY: _l("A request for one of them waits already. Wait for its answer."),
    ExtensionRefusal.NOT_LATER: _l("The limit is %(day)s already. Write a later day."),
    ExtensionRefusal.PASSED: _l("This day has passed. Write %(day)s or a later day."),
    ExtensionRefusal.TOO_FAR: _l("This is more than a year ahead. Write %(day)s or an earlier day."),
    ExtensionRefusal.DANGER_TOO_OLD: _l("The danger was assessed more than three days ago. Answer the questions anew."),
    ExtensionRefusal.WAY_HOME_MISSING: _l("From the second extension on, write how she goes home."),
    ExtensionRefusal.MORE_THAN_ASKED: _l("This is later than was asked. Write %(day)s or an earlier day."),
    ExtensionRefusal.WORDS_MISSING: _l("Write why, and what is needed."),
    ExtensionRefusal.OWN: _l("You cannot approve your own request. Another manager decides."),
    ExtensionRefusal.DECIDED: _l("This was answered in the meantime."),
    ExtensionRefusal.EXPIRED: _l("This waited more than seven days. It must be asked for again."),
    ExtensionRefusal.CHANGED: _l(
        "Something changed since this was asked: the limit, or who lives here. It must be asked for again."
    ),
    ExtensionRefusal.DANGER_CHANGED: _l(
        "The danger was assessed anew since this was asked. Read the new level below, then decide."
    ),
}


def say_refusal(refused: ExtensionRefused) -> str:
    """The sentence for this refusal, with the day it names."""
    return str(REFUSALS[refused.reason]) % {"day": day(refused.day)}


def say_step(step: Step) -> str:
    """What became of one request."""
    match step.answered:
        case ExtensionAnswer.AS_ASKED:
            return _("Granted until %(day)s by %(who)s", day=short_day(step.granted_until), who=step.decided_by)
        case ExtensionAnswer.FEWER_DAYS:
            return _(
                "Asked until %(asked)s, granted until %(day)s by %(who)s",
                asked=short_day(step.until),
                day=short_day(step.granted_until),
                who=step.decided_by,
            )
        case ExtensionAnswer.INCOMPLETE:
            return _("Asked until %(asked)s, to be completed", asked=short_day(step.until))
        case ExtensionAnswer.REFUSED:
            return _("Asked until %(asked)s, not granted", asked=short_day(step.until))
        case ExtensionAnswer.LAPSED:
            return _("Asked until %(asked)s, lapsed without an answer", asked=short_day(step.until))
        case ExtensionAnswer.WITHDRAWN:
            return _("Asked until %(asked)s, taken back", asked=short_day(step.until))
    return _("Asked until %(asked)s, waits for an answer", asked=short_day(step.until))


def say_course(course: Course, nights: int) -> list[tuple[str, str]]:
    """How the limit came to be what it is: the arrival, every request, the nights so far."""
    return [
        (
            _("Arrived"),
            _("%(moment)s, limit %(day)s", moment=moment(course.arrived_at), day=short_day(course.first_limit)),
        ),
        *((_("Request of %(day)s", day=short_day(step.asked_at)), say_step(step)) for step in course.steps),
        (_("Limit now"), day(course.limit)),
        (_("Nights so far"), str(nights)),
    ]


def say_beds(house: str, beds: tuple[str, ...], found: list[InTheWay]) -> str:
    """Whether anything stands against their beds."""
    where = f"{house}, {', '.join(beds)}"
    if not found:
        return _("%(where)s. Nothing else is planned with these beds.", where=where)
    return " ".join([f"{where}.", *map(_in_the_way, found)])


def _in_the_way(one: InTheWay) -> str:
    if one.first_day is None:
        return _("%(bed)s is reserved for another family.", bed=one.bed)
    if one.last_day is None:
        return _(
            "%(bed)s is to be closed from %(day)s on: %(reason)s.",
            bed=one.bed,
            day=short_day(one.first_day),
            reason=one.reason,
        )
    return _(
        "%(bed)s is to be closed from %(day)s to %(last)s: %(reason)s.",
        bed=one.bed,
        day=short_day(one.first_day),
        last=short_day(one.last_day),
        reason=one.reason,
    )
