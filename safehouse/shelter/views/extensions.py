"""More days than the limit: asked for on one page, decided on another, or at once from a row."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from safehouse.access.current import act_key, as_ref, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import House
from safehouse.access.operations.acts import AlreadyDone, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Danger, DangerLevel, Household, Resident
from safehouse.residents.operations.danger import assess_danger
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.rules.danger import codes_of, level_of
from safehouse.residents.views.seen import seen_resident
from safehouse.residents.words import DANGER_LEVELS
from safehouse.shelter.choices import ExtensionAnswer
from safehouse.shelter.forms.extensions import DANGER_NOW, DecisionForm, ExtensionForm, danger_field
from safehouse.shelter.models import Placement
from safehouse.shelter.operations.extending import (
    DECIDE,
    ExtensionRefusal,
    ExtensionRefused,
    Wanted,
    ask_extension,
    check_request,
    close_changed,
    decide_extension,
    undo_decision,
    withdraw_request,
)
from safehouse.shelter.queries.extensions import (
    Request,
    Step,
    course_of,
    danger_before,
    find_request,
    granted_before,
    in_the_way,
    words_of,
)
from safehouse.shelter.queries.stays import Living
from safehouse.shelter.rules.extending import FAR_DAYS, danger_counts, default_until, needs_way_home
from safehouse.shelter.stays_in_words import say_left
from safehouse.shelter.views.extensions_in_words import say_beds, say_course, say_refusal
from safehouse.shelter.views.stays.finding import (
    Household as Family,
)
from safehouse.shelter.views.stays.finding import (
    ask_who,
    chosen,
    find_household,
    residents_of,
    to_her_page,
)
from safehouse.shelter.words import EXTENSION_REASONS, OWN_WISHES
from safehouse.trail.acts import Act as Recorded
from safehouse.trail.models import Result
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.web.language import day as in_full
from safehouse.web.language import moment_there, short_day
from safehouse.web.shell import offer_undo

pages = Blueprint("extensions", __name__)

ASK = "extension:ask"
offer_undo(ASK, title=_l("The request waits for the manager."), endpoint="extensions.undo_asking")
offer_undo(DECIDE, title=_l("The decision is recorded."), endpoint="extensions.undo_deciding")
UNTIL = frozenset(
    {
        ExtensionRefusal.NOT_LATER,
        ExtensionRefusal.PASSED,
        ExtensionRefusal.TOO_FAR,
        ExtensionRefusal.MORE_THAN_ASKED,
    }
)
LEVELS = {
    DangerLevel.LOW: ("ok", "ring"),
    DangerLevel.MEDIUM: ("wait", "half"),
    DangerLevel.HIGH: ("care", "tri"),
}


@pages.route("/residents/<uuid:ref>/extension", methods=["GET", "POST"])
@needs(Permission.EXTENSION_ASK)
@opens_sealed
def ask(ref: uuid.UUID) -> ResponseReturnValue:
    """One request for her and for those of her household in the same house."""
    family = find_household(ref)
    if family is None:
        return to_her_page(ref)
    one = family.one
    candidates = [other for other in family.seen if other.house_id == one.house_id]
    danger = newest_danger(session, one.household_id)
    fresh = danger is not None and danger_counts(danger.at, now())
    level = _level(danger.level, danger.at, one) if danger is not None and fresh else None
    limit = max(other.term.last_day for other in candidates)
    house_days = session.get_one(House, one.house_id).stay_limit_days
    form = ExtensionForm(
        typed() or None,
        who=[other.ref for other in candidates],
        until=default_until(limit, one.today, house_days),
    )
    form["until"].description = ngettext(
        "%(num)s day more, as %(house)s gives at first",
        "%(num)s days more, as %(house)s gives at first",
        house_days,
        house=one.house,
    )
    ask_who(form, candidates)
    if fresh:
        form.without_danger()
    before = granted_before(session, [other.placement_id for other in candidates])
    far = form["until"].data is not None and form["until"].data > one.today + dt.timedelta(days=FAR_DAYS)
    answer = None
    if posted() and all([form.validate(), _is_meant(form, far=far, today=one.today)]):
        answer = _asked(form, family, candidates, danger, fresh=fresh)
    if answer is not None:
        return answer
    course = course_of(session, placement_id=one.placement_id, zone=one.zone)
    last = course.steps[-1] if course.steps else None
    answered = _answer_in_words(last, one.household_id) if last else ""
    use_session(writing=False)
    return render_template(
        "shelter/extensions/ask.html",
        form=form,
        one=one,
        lead=_ask_lead(one, before),
        far=far,
        way_home_needed=needs_way_home(before),
        waiting=last if last and last.waits(now()) else None,
        last=last,
        answered=answered,
        course=say_course(course, max(0, one.term.day)),
        danger=level,
        danger_fields=[danger_field(ground) for ground in DANGER_NOW if danger_field(ground) in form],
    )


def _is_meant(form: ExtensionForm, *, far: bool, today: dt.date) -> bool:
    """A far day is asked about once more: a slip of one digit makes a month of it."""
    if not far or form["far"].data:
        return True
    form.refuse(_("This is %(n)s days from today. Is it meant?", n=(form["until"].data - today).days), "far")
    return False


def _asked(
    form: ExtensionForm, family: Family, candidates: Sequence[Living], danger: Danger | None, *, fresh: bool
) -> ResponseReturnValue | None:
    """Ask, or say in the form why not."""
    one = family.one
    meant = chosen(form, candidates)
    # Whoever has the page open is the one it is about first.
    residents = residents_of(sorted(meant, key=lambda other: other.ref != one.ref))
    wanted = Wanted(
        form["until"].data, form["reason"].data, form["own_wish"].data, form["done"].data, form["way_home"].data
    )
    try:
        act = begin_act(session, key=act_key(), kind=ASK, now=now(), by=by(), undoable=True)
        check_request(session, residents=residents, wanted=wanted, today=one.today, zone=one.zone, now=now())
        if not fresh:
            answers = form.danger()
            danger = assess_danger(
                session,
                household=session.get_one(Household, one.household_id),
                level=level_of(answers),
                grounds=codes_of(answers),
                words=None,
                now=now(),
                by=by(),
            )
        rows = ask_extension(
            session,
            residents=residents,
            wanted=wanted,
            danger=danger,
            today=one.today,
            zone=one.zone,
            now=now(),
            by=by(),
        )
        act.subject = rows[0].ref
        done = act.ref
        session.commit()
    except AlreadyDone as earlier:
        return to_her_page(one.ref, done=earlier.act.ref)
    except ExtensionRefused as refused:
        session.rollback()
        if refused.reason is ExtensionRefusal.NOT_HERE:
            return to_her_page(one.ref)
        _refuse(form, refused)
        return None
    return to_her_page(one.ref, done=done)


@pages.post("/extensions/<uuid:ref>/withdrawal")
@needs(Permission.EXTENSION_ASK)
def undo_asking(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=ASK, now=now(), by=by())
    row = words_of(session, ref=act.subject) if act.subject else None
    if row is None:
        abort(404)
    resident = session.get_one(Resident, row.placement.resident_id)
    seen_resident(resident.ref)
    for one in withdraw_request(session, approval_id=row.approval_id, now=now(), by=by()):
        # Whoever may not see one of them any more takes nothing back for anybody.
        placement = session.get_one(Placement, one.placement_id)
        seen_resident(session.get_one(Resident, placement.resident_id).ref)
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    session.commit()
    return to_her_page(resident.ref, undone=1)


@pages.route("/extensions/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.EXTENSION_DECIDE)
@opens_sealed
def decide(ref: uuid.UUID) -> ResponseReturnValue:
    """Everything the decision rests on, and the decision."""
    request = find_request(session, ref=ref, account_id=signed().account_id) or abort(404)
    form = _decision_form(request)
    if posted() and all([form.validate(), _has_day(form)]):
        answer = _decided(
            request,
            form,
            form["answer"].data,
            granted_until=form["until"].data,
            words=form["words"].data,
            danger_seen=as_ref(form["danger_seen"].data),
        )
        if answer is not None:
            return answer
    elif request.decided_at is not None:
        return to_her_page(request.resident)
    return _decision_page(request, form)


@pages.post("/extensions/<uuid:ref>/approval")
@needs(Permission.EXTENSION_DECIDE)
def approve(ref: uuid.UUID) -> ResponseReturnValue:
    """As asked, in the row."""
    request = find_request(session, ref=ref, account_id=signed().account_id) or abort(404)
    form = _decision_form(request, shown=True)
    return _decided(request, form, ExtensionAnswer.AS_ASKED) or _decision_page(request, form)


@pages.post("/extensions/<uuid:ref>/undo")
@needs(Permission.EXTENSION_DECIDE)
def undo_deciding(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=DECIDE, now=now(), by=by())
    request = find_request(session, ref=act.subject or ref, account_id=signed().account_id) or abort(404)
    undo_decision(session, approval_id=request.approval_id, zone=request.zone, now=now(), by=by())
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    session.commit()
    return _onward(request, undone=1)


def _decided(
    request: Request,
    form: DecisionForm,
    answer: ExtensionAnswer,
    *,
    granted_until: dt.date | None = None,
    words: str | None = None,
    danger_seen: uuid.UUID | None = None,
) -> ResponseReturnValue | None:
    try:
        act = begin_act(session, key=act_key(), kind=DECIDE, now=now(), by=by(), subject=request.ref, undoable=True)
        decide_extension(
            session,
            approval_id=request.approval_id,
            answer=answer,
            granted_until=granted_until,
            words=words,
            danger_seen=danger_seen,
            today=now().astimezone(request.zone).date(),
            zone=request.zone,
            now=now(),
            by=by(),
        )
        done = act.ref
        session.commit()
    except AlreadyDone as earlier:
        return _onward(request, done=earlier.act.ref)
    except ExtensionRefused as refused:
        session.rollback()
        record(
            session,
            now=now(),
            by=by(),
            act=Recorded.EXTENSION_DECIDED,
            subject=request.resident,
            purpose=refused.reason,
            result=Result.REFUSED,
        )
        if refused.reason is ExtensionRefusal.CHANGED:
            close_changed(session, approval_id=request.approval_id, zone=request.zone, now=now())
        session.commit()
        _refuse(form, refused)
        return None
    return _onward(request, done=done)


def _has_day(form: DecisionForm) -> bool:
    """Fewer days need their last day."""
    if form["answer"].data is ExtensionAnswer.FEWER_DAYS and form["until"].data is None and not form["until"].errors:
        form.refuse(_("Write the date."), "until")
        return False
    return True


def _onward(request: Request, **more: object) -> ResponseReturnValue:
    """The list she decided from."""
    return redirect(url_for("today.page", **more), 303)  # type: ignore[arg-type]


def _decision_form(request: Request, *, shown: bool = False) -> DecisionForm:
    """`shown`: the page is drawn for the first time, whatever was posted from a row elsewhere."""
    form = DecisionForm(None if shown else typed() or None)
    form["answer"].choices = [
        (ExtensionAnswer.AS_ASKED, _("Approve until %(day)s", day=in_full(request.until))),
        (ExtensionAnswer.FEWER_DAYS, _("Approve fewer days")),
        (ExtensionAnswer.INCOMPLETE, _("Ask to complete it")),
        (ExtensionAnswer.REFUSED, _("Refuse")),
    ]
    return form


def _refuse(form: ExtensionForm | DecisionForm, refused: ExtensionRefused) -> None:
    """Put the sentence beside the field it is about, else above the form."""
    field = ""
    if refused.reason in UNTIL:
        field = "until"
    elif refused.reason is ExtensionRefusal.WAY_HOME_MISSING:
        field = "way_home"
    elif refused.reason is ExtensionRefusal.WORDS_MISSING:
        field = "words"
    form.refuse(say_refusal(refused), field)


def _decision_page(request: Request, form: DecisionForm) -> ResponseReturnValue:
    row = words_of(session, ref=request.ref)
    if row is None:
        abort(404)
    closed = row.decided_at is not None
    columns = [name for name in ("words", "way_home") if getattr(row, name) is not None]
    opened = open_values(
        session,
        now=now(),
        by=by(),
        purpose=DECIDE,
        wanted=[Sealed(row, name, request.household) for name in columns],
    )
    session.commit()
    use_session(writing=False)
    texts = dict(zip(columns, opened, strict=True))
    danger = newest_danger(session, request.household_id)
    level, assessed_at = (danger.level, danger.at) if danger is not None else (request.danger, request.danger_at)
    form["danger_seen"].data = str(danger.ref) if danger is not None else ""
    before = danger_before(session, household_id=request.household_id, before=assessed_at)
    course = course_of(session, placement_id=request.placements[0], zone=request.zone)
    today = now().astimezone(request.zone).date()
    found = in_the_way(session, placement_ids=request.placements, until=request.until, now=now())
    nights = (today - request.arrived_at.astimezone(request.zone).date()).days
    return render_template(
        "shelter/extensions/decide.html",
        form=form,
        request=request,
        lead=_decide_lead(request),
        level=(*LEVELS[level], str(DANGER_LEVELS[level])),
        danger_at=moment_there(assessed_at, request.zone),
        danger_is_newer=assessed_at > request.danger_at,
        danger_is_old=not danger_counts(assessed_at, now()),
        closed=closed,
        before=_("before: %(level)s on %(day)s", level=DANGER_LEVELS[before[0]], day=short_day(before[1]))
        if before
        else "",
        facts_before=[(_("Main reason"), str(EXTENSION_REASONS[request.reason]))],
        facts=[
            (_("What she herself wants"), str(OWN_WISHES[request.own_wish])),
            (_("What was done so far"), texts.get("words", "")),
            (_("Plan for going home"), texts.get("way_home") or _("Not written")),
            (_("Beds"), say_beds(request.house, request.beds, found)),
        ],
        in_the_way=bool(found),
        course=say_course(course, max(0, nights)),
        expired=request.expires_at <= now(),
    )


def _ask_lead(one: Living, before: int) -> str:
    sentences = [
        _("The limit is %(day)s, %(left)s.", day=in_full(one.term.last_day), left=say_left(one.term.limit_left))
    ]
    if needs_way_home(before):
        sentences.append(_("This is extension number %(n)s, so the plan for going home is part of it.", n=before + 1))
    return " ".join(sentences)


def _decide_lead(request: Request) -> str:
    sentences = [
        _("Asked by %(who)s, %(moment)s.", who=request.asked_by, moment=moment_there(request.asked_at, request.zone)),
        _(
            "Until %(day)s, %(n)s days more than the limit of %(limit)s.",
            day=in_full(request.until),
            n=request.days,
            limit=short_day(request.limit),
        ),
    ]
    if request.with_her:
        sentences.append(_("Also for %(names)s.", names=", ".join(request.with_her)))
    return " ".join(sentences)


def _level(level: DangerLevel, at: dt.datetime, one: Living) -> tuple[str, str, str]:
    """How dangerous it is as it was assessed lately: kind, icon, sentence."""
    kind, icon = LEVELS[level]
    return (
        kind,
        icon,
        _("%(level)s, assessed %(moment)s", level=DANGER_LEVELS[level], moment=moment_there(at, one.zone)),
    )


def _answer_in_words(last: Step, household_id: int) -> str:
    """What the manager wrote to whoever asked; opened for her, and recorded."""
    row = words_of(session, ref=last.ref)
    if row is None or row.answer is None or not by().confirmed:
        return ""
    household = session.get_one(Household, household_id)
    (text,) = open_values(session, now=now(), by=by(), purpose=ASK, wanted=[Sealed(row, "answer", household.ref)])
    session.commit()
    return text
