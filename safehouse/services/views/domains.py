"""One domain of a plan: its goals as ladders and lines, its steps, what was done in it, and who reads what.

What is particular to a discipline is gathered by the module of that discipline (`DETAILS`), and drawn by a template
of its own.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Discipline
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.choices import WordsKind
from safehouse.services.forms.planning import GoalForm, StepForm, WordsForm
from safehouse.services.models import Goal, PlanDomain
from safehouse.services.operations.planning import (
    PlanRefusal,
    PlanRefused,
    bring_goal_back,
    end_goal,
    set_goal,
    step_goal,
    write_words,
)
from safehouse.services.queries.duties import OPEN_ACTION
from safehouse.services.queries.plans import ActionLine, DomainLine, GoalLine, action_lines, domain_lines, goal_lines
from safehouse.services.rules.sessions import MOSTLY_SESSIONS
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.goals_in_words import ShownGoal, shown_goal
from safehouse.services.views.recording import previous, readers_of_the_note, recording, save
from safehouse.services.views.seen import Seen, found_domain, kept_domain, seen_domain
from safehouse.services.words import ACTION_LOOKS, ACTION_STATES, DOMAIN_PLANS, DOMAINS
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import short_day
from safehouse.web.shell import offer_undo

pages = Blueprint("domains", __name__)

GOAL, STEP, END, WORDS = "goal:set", "goal:step", "goal:end", "plan:words"
offer_undo(END, title=_l("The goal is ended."), endpoint="domains.undo_end")

REFUSALS = {
    PlanRefusal.OVER: _l("This goal was ended in the meantime."),
    PlanRefusal.BEFORE_LAST_STEP: _l("Somebody has written down a later word on this goal. Look at it first."),
}


@dataclass(frozen=True, slots=True)
class InDomain:
    """What a module of a discipline is given to gather its part of the page. `reach` says how much may be shown."""

    seen: Seen
    domain: PlanDomain
    line: DomainLine
    reach: Reach

    @property
    def full(self) -> bool:
        return self.reach is Reach.FULL


# What was opened, by the row and column it was opened from.
Texts = Mapping[tuple[uuid.UUID, str], str]


@dataclass(frozen=True, slots=True)
class Details:
    """What a discipline adds to its page: what is to be opened, and what is drawn.

    `sealed` runs in the writing session before anything is shown, `drawn` after it with the opened texts. The page is
    drawn from rows read anew, and somebody may have written one in between: a text finds its row by name, never by its
    place. A `lead`
    among what is drawn is said in place of the one that counts goals and sessions, `readers` beside the others.
    """

    template: str
    sealed: Callable[[InDomain], list[Sealed]]
    drawn: Callable[[InDomain, Texts], dict[str, Any]]


# Filled by the modules of the disciplines as they are imported.
DETAILS: dict[Discipline, Details] = {}


@pages.route(
    "/residents/<uuid:ref>/plan/<any(psychology,health,education,legal,social_work):domain>", methods=["GET", "POST"]
)
@needs(Permission.PLAN_READ)
@opens_sealed
def page(ref: uuid.UUID, domain: str) -> ResponseReturnValue:
    """A domain as far as the person reads: the summary for everybody, goals and steps for the coordinator and the
    manager, everything but foreign notes for whoever keeps it, who records a session here."""
    found = _in_domain(ref, domain)
    made = recording(found.seen, found.domain, _goals(found)) if found.full else None
    if posted():
        answer = save(made, found.seen, found.domain) if made else abort(404)
        if answer is not None:
            return answer
        found = _in_domain(ref, domain)
    opened = _open(found)
    # What was not recorded was not read: it stands before anything is shown.
    session.commit()
    use_session(writing=False)
    found = _in_domain(ref, domain)
    goals = _goals(found)
    shown = [
        shown_goal(
            one, n=n, words=opened.goals[one.goal.id][0], measure=opened.goals[one.goal.id][1], there=found.seen.zone
        )
        for n, one in enumerate(goals, start=1)
        if one.goal.id in opened.goals
    ]
    details = DETAILS.get(found.domain.domain)
    if made:
        made.call_goals({one: said for one, (said, _measure) in opened.goals.items()})
    sessions, older = previous(found.seen, found.domain) if reaches(found.reach, Reach.GOALS) else ([], False)
    added = details.drawn(found, opened.details) if details else {}
    return render_template(
        "services/domain.html",
        form=made.form if made else None,
        recorded=made,
        note_readers=readers_of_the_note(found.seen) if made else "",
        mostly_sessions=found.domain.domain in MOSTLY_SESSIONS,
        sessions=sessions,
        older=older,
        seen=found.seen,
        domain=found.domain,
        title=DOMAIN_PLANS[found.domain.domain],
        lead=added.pop("lead", None) or _lead(found.line, goals),
        reach=found.reach,
        sealed=opened.closed,
        need=opened.need,
        summary=opened.summary,
        goals=shown,
        actions=[
            _action(one, opened.actions[one.action.id], found.seen.today)
            for one in _actions(found)
            if one.action.id in opened.actions
        ],
        readers=[*_readers(found), *added.pop("readers", [])],
        keeps=found.full,
        details=details.template if details else "",
        **added,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """What this person reads of a domain, opened in one entry of the record."""

    goals: dict[int, tuple[str, str]]
    actions: dict[int, str]
    details: Texts
    need: str = ""
    summary: str = ""
    closed: bool = False


def _in_domain(ref: uuid.UUID, domain: str) -> InDomain:
    seen, found, reach = seen_domain(ref, domain)
    lines = domain_lines(session, found.plan_id, today=seen.today)
    return InDomain(seen, found, next(one for one in lines if one.id == found.id), reach)


def _goals(found: InDomain) -> list[GoalLine]:
    return goal_lines(session, [found.domain.id]).get(found.domain.id, [])


def _actions(found: InDomain) -> list[ActionLine]:
    return action_lines(session, [found.domain.id]).get(found.domain.id, [])


def _open(found: InDomain) -> Opened:
    """Everything in one reading, so that it is one entry of the record."""
    owner = found.seen.resident.ref
    goals = reaches(found.reach, Reach.GOALS)
    lines = _goals(found) if goals else []
    actions = _actions(found) if goals else []
    details = DETAILS.get(found.domain.domain)
    wanted = [Sealed(one.goal, "words", owner) for one in lines]
    measured = [one for one in lines if one.goal.measure is not None]
    wanted += [Sealed(one.goal, "measure", owner) for one in measured]
    wanted += [Sealed(one.action, "what", owner) for one in actions]
    need = found.line.need if goals else None
    wanted += [Sealed(one, "words", owner) for one in (need, found.line.summary) if one is not None]
    added = details.sealed(found) if details else []
    wanted += added
    try:
        texts = iter(open_values(session, now=now(), by=by(), purpose="plan", wanted=wanted))
    except NotConfirmed:
        session.rollback()
        return Opened(goals={}, actions={}, details={}, closed=True)
    words = {one.goal.id: next(texts) for one in lines}
    measures = {one.goal.id: next(texts) for one in measured}
    return Opened(
        actions={one.action.id: next(texts) for one in actions},
        need=next(texts) if need is not None else "",
        summary=next(texts) if found.line.summary is not None else "",
        goals={one: (said, measures.get(one, "")) for one, said in words.items()},
        details={(one.row.ref, one.column): said for one, said in zip(added, texts, strict=True)},
    )


def _lead(line: DomainLine, goals: list[GoalLine]) -> str:
    reached = sum(one.reached for one in goals)
    said = [
        ngettext(
            "%(num)s goal, %(reached)s reached.", "%(num)s goals, %(reached)s reached.", len(goals), reached=reached
        )
        if goals
        else _("No goal yet."),
        ngettext("%(num)s session held.", "%(num)s sessions held.", line.sessions),
    ]
    if line.overdue:
        said.append(_("A step is overdue since %(day)s.", day=short_day(line.overdue)))
    return " ".join(said)


def _action(one: ActionLine, what: str, today: dt.date) -> dict[str, Any]:
    state = one.action.state
    kind, icon = ACTION_LOOKS[state]
    said = str(ACTION_STATES[state])
    if state in OPEN_ACTION and one.action.due < today:
        kind, icon = "care", "tri"
        said = ngettext("%(num)s day late", "%(num)s days late", (today - one.action.due).days)
    return {
        "ref": one.action.ref,
        "what": what,
        "who": ", ".join(name for name in (one.who, one.agency) if name),
        "due": short_day(one.action.done_on or one.action.due),
        "kind": kind,
        "icon": icon,
        "state": said,
    }


def _readers(found: InDomain) -> list[str]:
    """Who reads what of this page, said on the page itself."""
    domain = found.domain.domain
    keepers = [one.name for one in found.seen.workers if found_keeps(found.seen, one.account_id, domain)]
    said = [_("%(name)s: everything written here", name=name) for name in keepers]
    coordinator = next((one for one in found.seen.workers if one.coordinator), None)
    if coordinator and coordinator.name not in keepers:
        said.append(
            _(
                "%(name)s, coordinator: goals, steps, sessions held, stages with their dates, and the summary",
                name=coordinator.name,
            )
        )
    said.append(_("Managers: goals, steps, sessions held, stages with their dates, and the summary, never notes"))
    others = [one.name for one in found.seen.workers if one.name not in keepers and not one.coordinator]
    return said + [_("%(name)s: the summary", name=name) for name in others]


def found_keeps(seen: Seen, account_id: int, domain: Discipline) -> bool:
    """Whether this worker keeps the domain."""
    own = next(one for one in seen.workers if one.account_id == account_id)
    taken = any(one.discipline is domain for one in seen.workers)
    return own.discipline is domain or (own.coordinator and not taken)


# What is kept: needs and summary, goals, how far they have come


@pages.route("/plan-domains/<uuid:ref>/words/<any(need,summary):kind>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def words(ref: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Write what she needs, or how it goes; the words before are shown to be gone on from."""
    seen, domain = found_domain(ref)
    wanted = WordsKind(kind)
    back = url_for("domains.page", ref=seen.resident.ref, domain=domain.domain, saved="plan")
    lines = domain_lines(session, domain.plan_id, today=seen.today)
    line = next(one for one in lines if one.id == domain.id)
    standing = line.need if wanted is WordsKind.NEED else line.summary
    before = ""
    if standing is not None and not posted():
        (before,) = open_values(
            session, now=now(), by=by(), purpose="plan", wanted=[Sealed(standing, "words", seen.resident.ref)]
        )
        session.commit()
    form = WordsForm(typed() or None, words=before)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=WORDS, now=now(), by=by(), subject=ref)
            write_words(
                session,
                domain=domain,
                resident=seen.resident,
                kind=wanted,
                words=form["words"].data,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(back, 303)
    use_session(writing=False)
    seen, domain = found_domain(ref)
    return render_template(
        "services/words.html", form=form, seen=seen, domain=domain, kind=wanted, name=DOMAINS[domain.domain]
    )


@pages.route("/plan-domains/<uuid:ref>/goals/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def goal(ref: uuid.UUID) -> ResponseReturnValue:
    """A goal in her own words."""
    seen, domain = found_domain(ref)
    form = GoalForm(typed() or None)
    if posted() and form.validate():
        back = url_for("domains.page", ref=seen.resident.ref, domain=domain.domain, saved="goal")
        try:
            begin_act(session, key=act_key(), kind=GOAL, now=now(), by=by(), subject=ref)
            set_goal(
                session,
                domain=domain,
                resident=seen.resident,
                words=form["words"].data,
                measure=form["measure"].data or None,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(back, 303)
    use_session(writing=False)
    seen, domain = found_domain(ref)
    return render_template("services/goal_new.html", form=form, seen=seen, domain=domain, name=DOMAINS[domain.domain])


@pages.route("/goals/<uuid:ref>/step", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def step(ref: uuid.UUID) -> ResponseReturnValue:
    """How far a goal has come, said without a session."""
    goal, seen, domain = _found_goal(ref)
    line = next(one for one in goal_lines(session, [domain.id])[domain.id] if one.goal.id == goal.id)
    form = StepForm(typed() or None, step=str(line.step))
    if posted() and form.validate():
        back = url_for("domains.page", ref=seen.resident.ref, domain=domain.domain, saved="goal")
        try:
            begin_act(session, key=act_key(), kind=STEP, now=now(), by=by(), subject=ref)
            step_goal(
                session, goal=goal, resident=seen.resident, step=int(form["step"].data), at=now(), now=now(), by=by()
            )
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except PlanRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "step")
        else:
            session.commit()
            return redirect(back, 303)
    goal, seen, domain = _found_goal(ref)
    here = domain.ref
    shown = _shown(goal, seen, domain)
    use_session(writing=False)
    seen, domain = found_domain(here)
    return render_template("services/goal_step.html", form=form, seen=seen, domain=domain, one=shown, goal_ref=ref)


def _shown(goal: Goal, seen: Seen, domain: PlanDomain) -> ShownGoal:
    wanted = [Sealed(goal, "words", seen.resident.ref)]
    if goal.measure is not None:
        wanted.append(Sealed(goal, "measure", seen.resident.ref))
    texts = open_values(session, now=now(), by=by(), purpose="plan", wanted=wanted)
    line = next(one for one in goal_lines(session, [domain.id])[domain.id] if one.goal.id == goal.id)
    shown = shown_goal(line, n=1, words=texts[0], measure=texts[1] if len(texts) > 1 else "", there=seen.zone)
    session.commit()
    return shown


@pages.post("/goals/<uuid:ref>/end")
@needs(Permission.PLAN_KEEP)
def end(ref: uuid.UUID) -> ResponseReturnValue:
    """She wants this no longer."""
    goal, seen, domain = _found_goal(ref)
    to: dict[str, Any] = {"ref": seen.resident.ref, "domain": domain.domain}
    try:
        act = begin_act(session, key=act_key(), kind=END, now=now(), by=by(), subject=goal.ref, undoable=True)
        end_goal(session, goal=goal, resident=seen.resident, now=now(), by=by())
    except AlreadyDone as earlier:
        return redirect(url_for("domains.page", **to, done=earlier.act.ref), 303)
    except PlanRefused:
        session.rollback()
        return redirect(url_for("domains.page", **to), 303)
    done = act.ref
    session.commit()
    return redirect(url_for("domains.page", **to, done=done), 303)


@pages.post("/goals/<uuid:ref>/undo-end")
@needs(Permission.PLAN_KEEP)
def undo_end(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=END, now=now(), by=by())
    if act.subject is None:
        raise NotUndoable
    goal, seen, domain = _found_goal(act.subject)
    to: dict[str, Any] = {"ref": seen.resident.ref, "domain": domain.domain}
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    bring_goal_back(session, goal=goal, resident=seen.resident, now=now(), by=by())
    session.commit()
    return redirect(url_for("domains.page", **to, undone=1), 303)


def _found_goal(ref: uuid.UUID) -> tuple[Goal, Seen, PlanDomain]:
    """A goal of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Goal, PlanDomain).join(PlanDomain, PlanDomain.id == Goal.plan_domain_id).where(Goal.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.Goal, kept_domain(row.PlanDomain), row.PlanDomain
