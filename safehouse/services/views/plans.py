"""The plan of a resident: opening it, its domains in one line each, reading it to her."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from safehouse.access.current import act_key, by, may, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Discipline, Office
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import find_account
from safehouse.database import session, use_session
from safehouse.residents.models import Reading, Signing
from safehouse.residents.queries.consents import witnesses
from safehouse.residents.words import SIGNINGS
from safehouse.services.choices import DOMAINS_IN_ORDER
from safehouse.services.forms.planning import AgreementForm, DomainsForm, OpenPlanForm
from safehouse.services.models import Plan, PlanAgreement
from safehouse.services.operations.planning import PlanRefusal, PlanRefused, add_domain, agree_plan, open_plan
from safehouse.services.queries.plans import (
    DomainLine,
    by_domain,
    changed_since,
    domain_lines,
    goal_lines,
    newest_agreement,
)
from safehouse.services.queries.reviews import approved_reviews
from safehouse.services.rules.duties import months_after
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.seen import Seen, seen_plan
from safehouse.services.words import DOMAIN_ICONS, DOMAINS
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import day, short_day

pages = Blueprint("plans", __name__)

OPEN, ADD, AGREE = "plan:open", "plan:add_domains", "plan:agree"

REFUSALS = {
    PlanRefusal.OPEN_ALREADY: _l(
        "Somebody has opened this plan in the meantime. Copy what you wrote into its domains; here it is not saved."
    ),
    PlanRefusal.NO_WITNESS: _l("She said yes without a paper: write down who heard it."),
    PlanRefusal.READER_IS_WITNESS: _l("Whoever reads is not the witness. Choose somebody else."),
    PlanRefusal.NO_SHEET: _l("Write the number of the sheet she signed."),
}
FIELD_OF = {
    PlanRefusal.OPEN_ALREADY: "domains",
    PlanRefusal.NO_WITNESS: "witness",
    PlanRefusal.READER_IS_WITNESS: "witness",
    PlanRefusal.NO_SHEET: "sheet_number",
}


@pages.get("/residents/<uuid:ref>/plan")
@needs(Permission.PLAN_READ)
@opens_sealed
def overview(ref: uuid.UUID) -> ResponseReturnValue:
    """Every domain in one line: how it goes, in the words written for everybody who works with her."""
    seen = seen_plan(ref)
    if seen.plan is None:
        use_session(writing=False)
        return render_template(
            "services/no_plan.html", seen=seen_plan(ref), may_open=seen.keeps_any() and not seen.left
        )
    lines = domain_lines(session, seen.plan.id, today=seen.today)
    summaries = _opened_summaries(seen, lines)
    # What was not recorded was not read: it stands before anything is shown.
    session.commit()
    use_session(writing=False)
    seen = seen_plan(ref)
    plan: Plan = seen.plan  # type: ignore[assignment]
    lines = domain_lines(session, plan.id, today=seen.today)
    goals = goal_lines(session, [one.id for one in lines])
    keepers = by_domain(seen.workers)
    coordinator = next((one for one in seen.workers if one.coordinator), None)
    agreed = newest_agreement(session, plan.id)
    missing = [one for one in DOMAINS_IN_ORDER if one not in {line.domain for line in lines}]
    return render_template(
        "services/plan.html",
        seen=seen,
        lead=_lead(lines, sum(len(found) for found in goals.values())),
        lines=[
            {
                "domain": one.domain,
                "icon": DOMAIN_ICONS[one.domain],
                "name": DOMAINS[one.domain],
                "summary": summaries.get(one.id, ""),
                "figures": _figures(one, [goal.reached for goal in goals.get(one.id, [])]),
                "overdue": short_day(one.overdue) if one.overdue else "",
                "keeper": keepers[one.domain].name if one.domain in keepers else "",
                "url": url_for("domains.page", ref=ref, domain=one.domain),
            }
            for one in lines
        ],
        coordinator=coordinator.name if coordinator else "",
        opened=day(plan.opened_at.astimezone(seen.zone).date()),
        agreement=_agreement(seen, plan, agreed),
        keeps=seen.keeps_any() and may(Permission.PLAN_KEEP) and not seen.left,
        missing=[DOMAINS[one] for one in missing],
        **_reviews(seen, plan),
    )


def _reviews(seen: Seen, plan: Plan) -> dict[str, object]:
    """When the next review is due, and those that were written, for whoever reads every domain."""
    if not all(reaches(seen.standing.reach(one), Reach.GOALS) for one in Discipline):
        return {"reviews": [], "review_due": ""}
    written = approved_reviews(session, plan.id)
    begun = written[0].until if written else plan.opened_at.astimezone(seen.zone).date()
    every = session.scalars(select(Office.review_every_months)).one()
    return {
        "reviews": [(url_for("reviews.shown", ref=one.ref), day(one.until)) for one in written],
        "review_due": day(months_after(begun, every)),
        "may_review": seen.standing.coordinator and not seen.left and may(Permission.REVIEW_WRITE),
    }


def _opened_summaries(seen: Seen, lines: list[DomainLine]) -> dict[int, str]:
    """The newest words of each domain she may read; nothing for someone nobody has confirmed yet."""
    shown = [
        one for one in lines if one.summary is not None and reaches(seen.standing.reach(one.domain), Reach.SUMMARY)
    ]
    try:
        words = open_values(
            session,
            now=now(),
            by=by(),
            purpose="plan",
            wanted=[Sealed(one.summary, "words", seen.resident.ref) for one in shown],
        )
    except NotConfirmed:
        session.rollback()
        return {}
    return {one.id: said for one, said in zip(shown, words, strict=True)}


def _lead(lines: list[DomainLine], goals: int) -> str:
    late = sum(one.overdue is not None for one in lines)
    said = [
        ngettext("%(num)s domain", "%(num)s domains", len(lines)),
        ngettext("%(num)s goal", "%(num)s goals", goals),
        ngettext("%(num)s session held", "%(num)s sessions held", sum(one.sessions for one in lines)),
    ]
    sentence = ", ".join(said) + "."
    return sentence + " " + _("Overdue in %(n)s of them.", n=late) if late else sentence


def _figures(one: DomainLine, reached: list[bool]) -> str:
    return _(
        "Goals reached: %(reached)s of %(goals)s. Sessions: %(sessions)s. Steps done: %(done)s of %(steps)s.",
        reached=sum(reached),
        goals=len(reached),
        sessions=one.sessions,
        done=one.actions_done,
        steps=one.actions,
    )


def _agreement(seen: Seen, plan: Plan, agreed: PlanAgreement | None) -> tuple[str, str, str]:
    """(kind, icon, words)"""
    if agreed is None:
        return "wait", "clock", _("Not read to her yet")
    when = day(agreed.at.astimezone(seen.zone).date())
    if changed_since(session, plan.id, agreed.at):
        return "wait", "clock", _("Read to her %(day)s, changed since then", day=when)
    return "ok", "check", _("Read to her %(day)s. %(signed)s", day=when, signed=SIGNINGS[agreed.signed])


@pages.route("/residents/<uuid:ref>/plan/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    """Open the plan of her stay."""
    seen = seen_plan(ref)
    # Whoever has written her needs while somebody else opened the plan is told so, and keeps what she wrote.
    if (seen.plan is not None and not posted()) or seen.left or not seen.keeps_any():
        return redirect(url_for("plans.overview", ref=ref), 303)
    form = OpenPlanForm(typed() or None, domains=list(DOMAINS_IN_ORDER))
    if posted() and form.validate():
        needs_of = {one: form[f"need_{one}"].data or "" for one in form["domains"].data}
        try:
            begin_act(session, key=act_key(), kind=OPEN, now=now(), by=by(), subject=ref)
            open_plan(session, resident=seen.resident, placement=seen.placement, needs=needs_of, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(url_for("plans.overview", ref=ref, saved="plan"), 303)
        except PlanRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], FIELD_OF[refused.reason])
        else:
            session.commit()
            return redirect(url_for("plans.overview", ref=ref, saved="plan"), 303)
    use_session(writing=False)
    return render_template("services/plan_new.html", form=form, seen=seen_plan(ref), domains=DOMAINS_IN_ORDER)


@pages.route("/residents/<uuid:ref>/plan/domains", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def add(ref: uuid.UUID) -> ResponseReturnValue:
    """Add a domain to an open plan."""
    seen = seen_plan(ref)
    if seen.plan is None or seen.left or not seen.keeps_any():
        return redirect(url_for("plans.overview", ref=ref), 303)
    form = DomainsForm(typed() or None)
    form["domains"].choices = _missing(seen.plan, seen)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=ADD, now=now(), by=by(), subject=ref)
            for one in form["domains"].data:
                add_domain(session, plan=seen.plan, domain=one, resident=seen.resident, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(url_for("plans.overview", ref=ref, saved="plan"), 303)
    use_session(writing=False)
    return render_template("services/plan_add.html", form=form, seen=seen_plan(ref))


def _missing(plan: Plan, seen: Seen) -> list[tuple[Discipline, object]]:
    there = {one.domain for one in domain_lines(session, plan.id, today=seen.today)}
    return [(one, DOMAINS[one]) for one in DOMAINS_IN_ORDER if one not in there]


@pages.route("/residents/<uuid:ref>/plan/agreement", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def agreement(ref: uuid.UUID) -> ResponseReturnValue:
    """The plan was read to her, and she agreed to it."""
    seen = seen_plan(ref)
    if seen.plan is None or seen.left or not seen.keeps_any():
        return redirect(url_for("plans.overview", ref=ref), 303)
    form = AgreementForm(typed() or None)
    houses = [seen.resident.house_id] if seen.resident.house_id else []
    found = witnesses(session, house_ids=houses, reader_id=by().person_id, household_id=seen.resident.household_id)
    form["witness"].choices = [("", _("Nobody")), *((str(one), name) for one, _number, name in found)]
    if posted() and form.validate():
        witness = find_account(session, form["witness"].data) if form["witness"].data else None
        signed: Signing = form["signed"].data
        reading: Reading = form["reading"].data
        try:
            begin_act(session, key=act_key(), kind=AGREE, now=now(), by=by(), subject=ref)
            agree_plan(
                session,
                plan=seen.plan,
                resident=seen.resident,
                reading=reading,
                signed=signed,
                sheet_number=form["sheet_number"].data or None,
                witness=witness,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(url_for("plans.overview", ref=ref, saved="plan_agreed"), 303)
        except PlanRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], FIELD_OF[refused.reason])
        else:
            session.commit()
            return redirect(url_for("plans.overview", ref=ref, saved="plan_agreed"), 303)
    use_session(writing=False)
    return render_template("services/plan_agreement.html", form=form, seen=seen_plan(ref))
