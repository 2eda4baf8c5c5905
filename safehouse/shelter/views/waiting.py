"""What a list says about a referral: how long it waits, in how much danger, what comes next, what followed."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.residents.models import DangerLevel
from safehouse.residents.words import DANGER_LEVELS
from safehouse.shelter.choices import AnswerKind, ReferralState
from safehouse.shelter.queries.referrals import GivenLine, ReferralLine
from safehouse.shelter.rules.answering import overdue_by
from safehouse.shelter.words import REFERRAL_STATES, REFUSAL_GROUNDS, WAITING_PLACES
from safehouse.web.language import moment, short_day

DANGER_SIGNS = {
    DangerLevel.HIGH: ("stop", "tri"),
    DangerLevel.MEDIUM: ("wait", "half"),
    DangerLevel.LOW: ("", "disc"),
}
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
IN_DAYS_FROM = 2 * DAY


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next for a referral, and the one button that does it."""

    words: str
    button: str
    url: str
    strong: bool = False
    sign: tuple[str, str] | None = None


def span_in_words(span: dt.timedelta) -> str:
    """2 hours 34 minutes; from ten hours on without the minutes, from two days on in days."""
    minutes = max(0, int(span.total_seconds()) // 60)
    hours, left = divmod(minutes, 60)
    if span >= IN_DAYS_FROM:
        return ngettext("%(num)s day", "%(num)s days", span.days)
    if not hours:
        return ngettext("%(num)s minute", "%(num)s minutes", left)
    if hours >= 10 or not left:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=left)


def danger_in_words(level: DangerLevel | None) -> tuple[str, str, str]:
    """(kind, icon, word) of a state."""
    if level is None:
        return "", "info", _("Not assessed yet")
    kind, icon = DANGER_SIGNS[level]
    return kind, icon, str(DANGER_LEVELS[level])


def waiting_in_words(line: ReferralLine, *, now: dt.datetime, today: dt.date) -> tuple[str, bool]:
    """How long it waits, and whether somebody must do something about that."""
    waits = span_in_words(now - line.taken_at)
    if line.answer and line.answer.kind is AnswerKind.WAITING and line.answer.call_again:
        return waits, line.answer.call_again < today
    late = overdue_by(now - line.taken_at)
    if late is None or line.answer is not None:
        return waits, False
    if late < dt.timedelta(minutes=1):
        return _("%(span)s, overdue", span=waits), True
    return _("%(span)s, %(late)s overdue", span=waits, late=span_in_words(late)), True


def next_step(line: ReferralLine, *, today: dt.date, bed: str | None, may_answer: bool) -> Step:
    """What comes next: record who is at the door, find a bed, go on asking. One button each."""
    beds = url_for("placing.beds", ref=line.ref, bed=bed)
    screening = url_for("referrals.screening", ref=line.ref)
    if line.held and not line.held.over:
        place = line.held.house
        until = moment(line.held.until)
        words = (
            _("%(house)s held until %(time)s", house=place, time=until)
            if place
            else _("Held until %(time)s", time=until)
        )
        return Step(words, _("Record the arrival"), beds, True, ("wait", "half"))
    if line.held:
        words = _("The beds are held no longer, since %(time)s", time=moment(line.held.until))
        return Step(words, _("Find beds"), beds, True, ("care", "tri"))
    if line.answer and line.answer.kind is AnswerKind.WAITING:
        words = waiting_until(line.answer)
        late = line.answer.call_again is not None and line.answer.call_again < today
        sign = ("care", "tri") if late else None
        if may_answer:
            return Step(words, _("Answer again"), url_for("referrals.answer", ref=line.ref), late, sign)
        return Step(words, _("Find beds"), beds, False, sign)
    if line.screening is None:
        return Step(_("Screening has not begun"), _("Screen"), screening)
    if line.screening.unanswered:
        words = ngettext(
            "Screening is not finished, %(num)s question",
            "Screening is not finished, %(num)s questions",
            line.screening.unanswered,
        )
        return Step(words, _("Go on with it"), screening)
    return Step(_("Screening is done, choose a bed"), _("Find beds"), beds, True)


def waiting_until(answer: GivenLine) -> str:
    """When the referrer is called again, and where she is until then."""
    day = short_day(answer.call_again)
    if answer.waiting_place is None:
        return _("Call again on %(day)s", day=day)
    return _("Call again on %(day)s. Until then: %(place)s", day=day, place=WAITING_PLACES[answer.waiting_place])


def answer_in_words(line: ReferralLine) -> tuple[str, str, str]:
    """(kind, icon, word) of what a referral was answered."""
    if line.state is ReferralState.ACCEPTED:
        if line.placed_at is None:
            return "ok", "check", str(REFERRAL_STATES[line.state])
        return "ok", "check", _("Came in on %(day)s", day=short_day(line.placed_at))
    if line.accepted:
        if line.held and not line.held.over:
            return "wait", "half", _("Accepted, a place is held")
        return "wait", "half", _("Accepted, no place chosen yet")
    if line.state is ReferralState.WAITING:
        return "", "clock", _("Asked to wait")
    if line.state is ReferralState.REFUSED:
        return "", "cross", _("Could not be accepted")
    return "", "dash", str(REFERRAL_STATES[line.state])


def what_followed(line: ReferralLine) -> str:
    """What became of it after the answer."""
    answer = line.answer
    if answer and line.state is ReferralState.REFUSED and answer.ground:
        ground = REFUSAL_GROUNDS[answer.ground]
        if answer.onward is None:
            return _("%(ground)s. She did not want to be sent on.", ground=ground)
        return _("%(ground)s. Sent on to %(agency)s.", ground=ground, agency=answer.onward)
    if answer and line.state is ReferralState.WAITING and answer.kind is AnswerKind.WAITING:
        return waiting_until(answer)
    if line.state is ReferralState.ACCEPTED:
        return line.house or _("In a house you do not work in")
    if line.accepted and line.held and not line.held.over:
        until = moment(line.held.until)
        if line.held.house:
            return _("%(house)s held until %(time)s", house=line.held.house, time=until)
        return _("Held until %(time)s", time=until)
    if line.accepted and line.held:
        return _("The beds are held no longer, since %(time)s", time=moment(line.held.until))
    return ""
