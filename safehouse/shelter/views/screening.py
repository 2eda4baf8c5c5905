"""The twelve questions and their result. Before a family is placed, or after an emergency."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission, Role
from safehouse.database import session, use_session
from safehouse.residents.models import Danger, DangerLevel, Household
from safehouse.residents.operations.looking_up import spend_look_ups
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.rules.danger import Answer, grounds_from
from safehouse.residents.words import DANGER_GROUNDS, DANGER_LEVELS
from safehouse.shelter.choices import ReferralSource, ReferralState
from safehouse.shelter.forms.screening import LevelForm, ScreeningForm, as_written, detail_name
from safehouse.shelter.models import Referral, Screening
from safehouse.shelter.operations.screening import (
    NewReported,
    ScreeningRefusal,
    ScreeningRefused,
    change_level,
    record_screening,
)
from safehouse.shelter.queries.referrals import WAITING, may_know_household, needs_of
from safehouse.shelter.queries.screening import (
    in_one_sitting,
    may_read_answers,
    may_see_family,
    newest_screening,
    reported_count,
)
from safehouse.shelter.rules.screening import PARTS, WITH_DETAIL, Answers, Choice, Part, Question, answers_from, tonight
from safehouse.shelter.screening_in_words import INSIDE, QUESTIONS, TONIGHT
from safehouse.shelter.screening_in_words import PARTS as PART_WORDS
from safehouse.shelter.views.families import family_in_words
from safehouse.shelter.views.finding import is_passed_on, passed_on, seen_referral
from safehouse.shelter.views.referrals import pages
from safehouse.shelter.words import NEEDS, REFERRAL_SOURCES
from safehouse.trail.models import SYSTEM, Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.language import moment

ABOUT = ("danger", "reported", "avoid"), ("health", "pregnancy", "infants", "medicines"), (
    "mobility", "disability", "language", "faith", "left_behind",
)  # fmt: skip
# Who brought her has asked and written it down already; whoever came alone has told nobody yet.
NOBODY_ASKED = frozenset({ReferralSource.SELF, ReferralSource.FAMILY, ReferralSource.PUBLIC})


@pages.route("/referrals/<uuid:ref>/screening", methods=["GET", "POST"])
@needs(Permission.SCREENING_RECORD)
@opens_sealed
def screening(ref: uuid.UUID) -> ResponseReturnValue:
    """Ask, or go on asking. Whoever may not read the answers is asked only what is still open."""
    referral = _seen(ref)
    last = newest_screening(session, referral.id)
    readable = last is None or _may_read(last)
    kept, asked, shown = Answers(), tuple(Question), Answers()
    if last is not None and readable and in_one_sitting(last, now()):
        # What stands on the page is what she saves, also where she has made it empty.
        shown = Answers() if posted() else _opened(referral, last, "screening", by())
    elif last is not None and readable:
        kept = _opened(referral, last, "screening", by())
        shown = Answers() if posted() else kept.of_the_room()
    elif last is not None:
        # The program puts old and new together for whoever may not read, or whom nobody has confirmed; she is shown
        # which questions are open and no answer.
        kept = _opened(referral, last, "screening, to go on", by() if by().confirmed else SYSTEM)
        asked = kept.unanswered
    if not asked:
        session.commit()
        return redirect(url_for("referrals.screened", ref=ref), 303)
    form = ScreeningForm(typed() or None, data=as_written(shown))
    noted = reported_count(session, referral.household_id)
    if posted() and all([form.validate(), form.rows_are_possible(), _is_answered(form, asked, noted)]):
        done = _record(referral, form, asked, kept.beneath if readable else kept.completed_by)
        if done is not None:
            return done
    session.commit()
    use_session(writing=False)
    referral = _seen(ref)
    return render_template(
        "shelter/referrals/screening.html",
        form=form,
        ref=ref,
        number=referral.number,
        groups=_groups(form, asked),
        answers=sum(len(PARTS[question]) for question in Question),
        noted=noted,
        left_out=len(Question) - len(asked),
        already_asked="" if referral.source in NOBODY_ASKED else str(REFERRAL_SOURCES[referral.source]),
        placed=referral.state not in WAITING,
        can_read_message=referral.message is not None and signed().may(Permission.REFERRAL_ANSWER),
    )


@pages.route("/referrals/<uuid:ref>/screening/result", methods=["GET", "POST"])
@needs(Permission.SCREENING_RECORD)
@opens_sealed
def screened(ref: uuid.UUID) -> ResponseReturnValue:
    """How much danger there is and why, what to do tonight, what the room must allow."""
    referral = _seen(ref)
    last = newest_screening(session, referral.id)
    if last is None:
        return redirect(url_for("referrals.screening", ref=ref), 303)
    form = LevelForm(typed() or None)
    if posted() and form.validate():
        done = _change_level(referral, form)
        if done is not None:
            return done
    referral = _seen(ref)
    last = newest_screening(session, referral.id) or abort(404)
    readable = _may_read(last)
    answers = _opened(referral, last, "screening result", by()) if readable else None
    danger = newest_danger(session, referral.household_id)
    by_hand = bool(danger and danger.words is not None)
    told = _is_told(referral)
    words = _words(referral, danger) if readable and told and danger and by_hand else ""
    session.commit()
    use_session(writing=False)
    referral = _seen(ref)
    last = newest_screening(session, referral.id) or abort(404)
    danger = newest_danger(session, referral.household_id)
    return render_template(
        "shelter/referrals/result.html",
        form=form,
        ref=ref,
        number=referral.number,
        title=_title(danger, placed=referral.state not in WAITING),
        lead=_lead(last),
        why=_why(danger),
        grounds=_grounds(danger) if readable and told else [],
        words=words,
        by_hand=by_hand,
        tasks=_tasks(answers, last, placed=referral.state not in WAITING) if answers else [],
        facts=_facts(referral, last),
        unknown=_not_known(answers) if answers else [],
        open_questions=[str(QUESTIONS[one]) for one in answers.unanswered] if answers else [],
        readable=readable,
        unfinished=last.unanswered > 0,
        placed=referral.state not in WAITING,
    )


def _is_answered(form: ScreeningForm, asked: Sequence[Question], noted: int) -> bool:
    """Nothing asked is left open, unless it is saved for later: told together with whatever else is wrong."""
    return bool(request.form.get("later")) or form.miss(form.answers(asked), asked, noted=noted)


def _record(
    referral: Referral,
    form: ScreeningForm,
    asked: Sequence[Question],
    together: Callable[[Answers], Answers],
) -> ResponseReturnValue | None:
    """Save what was answered; None when nothing was, or it was refused."""
    ref, later = referral.ref, bool(request.form.get("later"))
    given = form.answers(asked)
    if later and not given.chosen and not given.details:
        form.refuse(_("Nothing is answered yet. Answer one question, or go back."))
        return None
    reported = _reported(form) if Question.REPORTED in asked else []
    try:
        begin_act(session, key=act_key(), kind="screening:record", now=now(), by=by(), subject=ref)
        # Whoever wrote down very many names within the hour still screens: hers are compared when a bed is chosen.
        enough = spend_look_ups(
            session, fields=[f"reported_person.{fact}" for one in reported for fact in one.known], now=now(), by=by()
        )
        record_screening(
            session,
            referral=referral,
            answers=together(given),
            anew=given,
            reported=reported,
            compare=enough,
            may_lower=_may_lower(),
            now=now(),
            by=by(),
        )
    except AlreadyDone:
        return _saved(ref, later=later)
    except ScreeningRefused:
        session.rollback()
        form.refuse(_("This referral was answered in the meantime. Nothing of yours was written."))
        return None
    closed = is_passed_on(referral)
    session.commit()
    return passed_on() if closed else _saved(ref, later=later)


def _saved(ref: uuid.UUID, *, later: bool) -> ResponseReturnValue:
    return redirect(url_for("referrals.listing") if later else url_for("referrals.screened", ref=ref), 303)


def _change_level(referral: Referral, form: LevelForm) -> ResponseReturnValue | None:
    ref = referral.ref
    try:
        begin_act(session, key=act_key(), kind="screening:level", now=now(), by=by(), subject=ref)
        change_level(
            session,
            referral=referral,
            level=form.level.data,
            words=form.why.data,
            may_lower=_may_lower() and _is_told(referral),
            now=now(),
            by=by(),
        )
    except AlreadyDone:
        return redirect(url_for("referrals.screened", ref=ref), 303)
    except ScreeningRefused as refused:
        session.rollback()
        if refused.reason is ScreeningRefusal.NOT_LOWERED and _may_lower():
            form.refuse(_("Her family is known already. Only who works with it may say: less danger."), "level")
        elif refused.reason is ScreeningRefusal.NOT_LOWERED:
            form.refuse(_("Only a caseworker or the manager may say that there is less danger."), "level")
        else:
            form.refuse(_("This referral was answered in the meantime. Nothing of yours was written."))
        return None
    session.commit()
    return redirect(url_for("referrals.screened", ref=ref), 303)


def _seen(ref: uuid.UUID) -> Referral:
    """The referral, if this person may see its family. A closed one leads back to the list."""
    referral = seen_referral(ref)
    if referral.state in {ReferralState.REFUSED, ReferralState.WITHDRAWN}:
        abort(redirect(url_for("referrals.listing"), 303))
    if not may_see_family(session, referral=referral, account_id=signed().account_id, role=signed().role):
        abort(404)
    return referral


def _may_lower() -> bool:
    """House staff say that there is more danger, never that there is less."""
    return signed().role is not Role.STAFF


def _is_told(referral: Referral) -> bool:
    """Whether what was found about her household is for this person, where somebody only follows it."""
    return may_know_household(session, referral, account_id=signed().account_id, role=signed().role)


def _may_read(last: Screening) -> bool:
    return by().confirmed and may_read_answers(
        session, last, account_id=signed().account_id, role=signed().role, now=now()
    )


def _opened(referral: Referral, last: Screening, purpose: str, actor: Actor) -> Answers:
    wanted = [Sealed(last, "answers", referral.ref)]
    (text,) = open_values(session, now=now(), by=actor, purpose=purpose, wanted=wanted)
    return answers_from(text)


def _reported(form: ScreeningForm) -> list[NewReported]:
    return [
        NewReported(
            row.form.relationship.data,
            name=row.form.name.data or None,
            nik=row.form.nik.data,
            phone=row.form.phone.data,
            plate=row.form.plate.data or None,
        )
        for row in form.reported.filled
    ]


def _groups(form: ScreeningForm, asked: Sequence[Question]) -> list[dict[str, object]]:
    """The page: three groups of questions, each with its parts; numbered as they always are."""
    titles = (_("Safety"), _("Health"), _("Living here"))
    order = list(Question)
    groups = []
    for name, title, members in zip(("safety", "care", "living"), titles, ABOUT, strict=True):
        questions = [
            {
                "name": question.value,
                "number": order.index(question) + 1,
                "title": QUESTIONS[question],
                "parts": [form[part.value] for part in PARTS[question]],
                "detail": form[detail_name(question)] if question in WITH_DETAIL else None,
                "persons": form.reported.entries if question is Question.REPORTED else [],
            }
            for question in map(Question, members)
            if question in asked
        ]
        if questions:
            groups.append({"name": name, "title": title, "questions": questions})
    return groups


def _title(danger: Danger | None, *, placed: bool) -> str:
    titles = {
        DangerLevel.HIGH: _("High danger") if placed else _("High danger, a place is needed tonight"),
        DangerLevel.MEDIUM: _("Medium danger"),
        DangerLevel.LOW: _("Low danger, as far as is known"),
    }
    return titles[danger.level] if danger else _("The danger is not assessed yet")


def _lead(last: Screening) -> str:
    """How much of it is known."""
    known = len(Question) - last.unknown - last.unanswered
    told = _("%(known)s of %(all)s questions are answered.", known=known, all=len(Question))
    if last.unknown:
        told += " " + ngettext(
            "%(num)s is not known yet and counts carefully.",
            "%(num)s are not known yet and count carefully.",
            last.unknown,
        )
    if last.unanswered:
        told += " " + ngettext("%(num)s is still open.", "%(num)s are still open.", last.unanswered)
    return told


def _why(danger: Danger | None) -> str:
    if danger is None:
        return _("Why not yet")
    return _("Why: %(level)s", level=str(DANGER_LEVELS[danger.level]).lower())


def _grounds(danger: Danger | None) -> list[tuple[str, str, str]]:
    """(kind, icon, sentence): what speaks for this level. What is not so is no ground of any but a low one."""
    kinds = {Answer.YES: ("no", "tri"), Answer.UNKNOWN: ("hm", "info"), Answer.NO: ("yes", "check")}
    codes = danger.grounds.split(",") if danger else []
    low = danger is not None and danger.level is DangerLevel.LOW
    return [
        (*kinds[one.answer], str(DANGER_GROUNDS[one.ground, one.answer]))
        for one in grounds_from(codes)
        if low or one.answer is not Answer.NO
    ]


def _words(referral: Referral, danger: Danger) -> str:
    """What somebody wrote who judged otherwise; sealed with the household's key."""
    household = session.get_one(Household, referral.household_id)
    wanted = [Sealed(danger, "words", household.ref)]
    return open_values(session, now=now(), by=by(), purpose="screening result", wanted=wanted)[0]


def _not_known(answers: Answers) -> list[str]:
    """What was asked and is not known yet."""
    return [str(PART_WORDS[part]) for part in Part if answers.chosen.get(part) is Choice.UNKNOWN]


def _tasks(answers: Answers, last: Screening, *, placed: bool) -> list[tuple[str, str, str]]:
    """(when, what, how), the most pressing first; what is not known yet is asked within a day. Whoever lives here sets
    out no more."""
    words = TONIGHT | INSIDE if placed else TONIGHT
    due = [(str(when), str(what), str(how)) for when, what, how in (words[one] for one in tonight(answers))]
    open_ones = last.unknown + last.unanswered
    if open_ones:
        until = last.made_at + dt.timedelta(hours=24)
        due.append(
            (
                _("24 hours"),
                ngettext("Ask one question again", "Ask %(num)s questions again", open_ones),
                _("Until %(time)s, when she has rested", time=moment(until)),
            )
        )
    return due


def _facts(referral: Referral, last: Screening) -> list[tuple[str, str]]:
    needed = [str(NEEDS[need]) for need in sorted(needs_of(referral))]
    return [
        (_("People"), family_in_words(referral.people)),
        (_("What the room must allow"), ", ".join(needed) or _("Nothing special is known")),
        (_("Screened"), moment(last.made_at)),
    ]
