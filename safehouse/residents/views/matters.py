"""Legal matters: who stands where, when the victim reported it, and when the police were told."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.forms.matters import NOT_IN_IT, YES, PartyForm, PoliceForm, with_sides
from safehouse.residents.models import Household, Matter, Resident, Side
from safehouse.residents.operations.matters import (
    MatterRefusal,
    MatterRefused,
    add_party,
    open_matter,
    tell_police,
)
from safehouse.residents.queries.matters import MatterLine, Party, matters_of
from safehouse.residents.queries.people import seen_by
from safehouse.residents.queries.safety import others_living_here, reported_of
from safehouse.residents.rules.clocks import POLICE_TERM, police_remaining, whole_hours
from safehouse.residents.safety_in_words import MATTER_REFUSALS
from safehouse.residents.views.seen import others_of, seen_resident, zone_of
from safehouse.residents.words import RELATIONSHIPS, SIDES
from safehouse.web.forms import PageForm
from safehouse.web.language import moment_of, moment_there, zone

pages = Blueprint("matters", __name__)

FIELD_OF = {
    MatterRefusal.NO_REPORT_TIME: "day",
    MatterRefusal.IN_FUTURE: "day",
    MatterRefusal.TOLD_IN_FUTURE: "day",
    MatterRefusal.TOLD_BEFORE_REPORT: "day",
    MatterRefusal.ALREADY_PARTY: "other",
}


@dataclass(frozen=True, slots=True)
class TermShown:
    """A legal limit as a bar of three days: the words carry the meaning, the bar repeats it."""

    kind: str  # ok, wait, care or ""
    icon: str
    words: str
    text: str
    width: int  # of 300


@pages.get("/residents/<uuid:ref>/matters")
@needs(Permission.MATTER_RECORD)
def listing(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    there = zone_of(resident)
    person = signed()
    lines = matters_of(session, household_id=resident.household_id, account_id=person.account_id, role=person.role)
    return render_template(
        "residents/matters.html",
        resident=resident,
        matters=[(one, _facts(one, there), police_clock(one, there)) for one in lines],
    )


@pages.route("/residents/<uuid:ref>/matters/new", methods=["GET", "POST"])
@needs(Permission.MATTER_RECORD)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    there = zone_of(resident)
    household = session.get_one(Household, resident.household_id)
    family = _family(resident)
    reported = reported_of(session, household.id)
    asked: dict[str, tuple[object, bool]] = {
        f"side_{n}": (_("Where does %(name)s stand?", name=f"{one.alias} {one.code}"), True)
        for n, one in enumerate(family)
    }
    for n, other in enumerate(reported):
        label = _(
            "Where does the reported person %(n)s stand (%(who)s)?",
            n=n + 1,
            who=str(RELATIONSHIPS[other.relationship]).lower(),
        )
        asked[f"reported_{n}"] = (label, False)
    form = with_sides(asked)(typed() or None)
    if posted() and form.validate() and _time_is_whole(form):
        sides = {one.id: form[f"side_{n}"].data for n, one in enumerate(family)}
        others = {one.id: form[f"reported_{n}"].data for n, one in enumerate(reported)}
        try:
            begin_act(session, key=act_key(), kind="matter:open", now=now(), by=by(), subject=ref)
            open_matter(
                session,
                household=household,
                sides={one: Side(side) for one, side in sides.items() if side != NOT_IN_IT},
                reported={one: Side(side) for one, side in others.items() if side != NOT_IN_IT},
                sexual_violence=form["sexual_violence"].data == YES,
                child_offender=form["child_offender"].data == YES,
                victim_reported_at=_written(form, there),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            return redirect(url_for("matters.listing", ref=ref), 303)
        except MatterRefused as refused:
            session.rollback()
            field = "side_0" if refused.reason is MatterRefusal.NO_PARTY else FIELD_OF.get(refused.reason, "")
            form.refuse(MATTER_REFUSALS[refused.reason], field)
        else:
            session.commit()
            return redirect(url_for("matters.listing", ref=ref), 303)
    use_session(writing=False)
    return render_template(
        "residents/matter_new.html",
        form=form,
        resident=seen_resident(ref),
        sides=[form[name] for name in asked],
        zone=_zone_hint(there),
    )


@pages.route("/matters/<uuid:ref>/police", methods=["GET", "POST"])
@needs(Permission.MATTER_RECORD)
def police(ref: uuid.UUID) -> ResponseReturnValue:
    """The police were told: when, and the number of their report."""
    matter, resident = _seen_matter(ref)
    there = zone_of(resident)
    local = now().astimezone(there)
    form = PoliceForm(typed() or None, day=local.date(), clock=local.time())
    if posted() and form.validate():
        home = resident.ref
        try:
            begin_act(session, key=act_key(), kind="matter:police", now=now(), by=by(), subject=ref)
            tell_police(
                session,
                matter=matter,
                told_at=moment_of(form["day"].data, form["clock"].data, there, not_before=matter.victim_reported_at),
                number=form["number"].data or None,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            return redirect(url_for("matters.listing", ref=home), 303)
        except MatterRefused as refused:
            session.rollback()
            if refused.reason is MatterRefusal.ALREADY_TOLD:
                return redirect(url_for("matters.listing", ref=home), 303)
            form.refuse(MATTER_REFUSALS[refused.reason], FIELD_OF.get(refused.reason, ""))
        else:
            session.commit()
            return redirect(url_for("matters.listing", ref=home), 303)
    use_session(writing=False)
    matter, resident = _seen_matter(ref)
    return render_template(
        "residents/matter_police.html",
        form=form,
        resident=resident,
        matter=matter,
        reported=moment_there(matter.victim_reported_at, there) if matter.victim_reported_at else "",
        zone=_zone_hint(there),
    )


@pages.route("/matters/<uuid:ref>/parties", methods=["GET", "POST"])
@needs(Permission.MATTER_RECORD)
def parties(ref: uuid.UUID) -> ResponseReturnValue:
    """Someone of another family stands in the same matter."""
    matter, resident = _seen_matter(ref)
    person = signed()
    others = others_living_here(
        session, household_id=matter.household_id, account_id=person.account_id, role=person.role
    )
    form = PartyForm(typed() or None)
    form["other"].choices = [
        ("", _("Choose someone")),
        *((str(one.ref), f"{one.alias} {one.code}") for one in others),
    ]
    if posted() and form.validate():
        home = resident.ref
        chosen = next(one for one in others if one.ref == form["other"].data)
        try:
            begin_act(session, key=act_key(), kind="matter:party", now=now(), by=by(), subject=ref)
            add_party(
                session,
                matter=matter,
                resident=session.get_one(Resident, chosen.id),
                side=form["side"].data,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            return redirect(url_for("matters.listing", ref=home), 303)
        except MatterRefused as refused:
            session.rollback()
            form.refuse(MATTER_REFUSALS[refused.reason], FIELD_OF.get(refused.reason, ""))
        else:
            session.commit()
            return redirect(url_for("matters.listing", ref=home), 303)
    use_session(writing=False)
    matter, resident = _seen_matter(ref)
    return render_template(
        "residents/matter_party.html", form=form, resident=resident, matter=matter, nobody=not others
    )


def police_clock(one: MatterLine, there: ZoneInfo) -> TermShown | None:
    """The clock of 3 x 24 hours; a met one stays to be seen."""
    if one.due_at is None or one.victim_reported_at is None:
        return None
    started = _("Reported by the victim %(time)s.", time=moment_there(one.victim_reported_at, there))
    if one.police_told_at is not None:
        took = one.police_told_at - one.victim_reported_at
        told = _("Police told %(time)s.", time=moment_there(one.police_told_at, there))
        late = took > POLICE_TERM
        words = (
            _("Told late, in hour %(n)s", n=whole_hours(took) + 1)
            if late
            else _("Told in hour %(n)s", n=whole_hours(took) + 1)
        )
        width = min(300, 300 * took // POLICE_TERM)
        return TermShown("care" if late else "ok", "tri" if late else "check", words, f"{started} {told}", width)
    left = police_remaining(one.victim_reported_at, now())
    hours = whole_hours(left)
    due = _("Due %(time)s.", time=moment_there(one.due_at, there))
    text = f"{started} {due}"
    if left < dt.timedelta(0):
        words = ngettext("%(num)s hour late", "%(num)s hours late", -hours)
        return TermShown("care", "tri", words, text, 300)
    width = 300 * (POLICE_TERM - left) // POLICE_TERM
    words = ngettext("%(num)s hour left", "%(num)s hours left", hours)
    if hours < 6:
        return TermShown("care", "tri", words, text, width)
    return TermShown("wait" if hours < 24 else "", "clock", words, text, width)


def _zone_hint(there: ZoneInfo) -> str:
    if there.key == zone().key:
        return ""
    return _("By the clock of the house (%(zone)s).", zone=now().astimezone(there).tzname() or "")


def _time_is_whole(form: PageForm) -> bool:
    """Day and time belong together, whether they must be there or not."""
    day, clock = form["day"], form["clock"]
    if bool(day.data) != bool(clock.data is not None):
        form.refuse(_("Write the day and the time together."), "clock" if day.data else "day")
        return False
    return True


def _written(form: PageForm, there: ZoneInfo) -> dt.datetime | None:
    if form["day"].data is None or form["clock"].data is None:
        return None
    return moment_of(form["day"].data, form["clock"].data, there)


def _seen_matter(ref: uuid.UUID) -> tuple[Matter, Resident]:
    """A matter of a household of which she may see somebody; foreign and missing are the same 404."""
    person = signed()
    row = session.execute(
        select(Matter, Resident)
        .join(Resident, Resident.household_id == Matter.household_id)
        .where(
            Matter.ref == ref,
            Matter.closed_at.is_(None),
            seen_by(person.account_id, person.role),
        )
        .order_by(Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else abort(404)


def _family(resident: Resident) -> list[Resident]:
    """She herself, then those who came with her and whom the person may see."""
    return [resident, *others_of(resident)]


def _facts(one: MatterLine, there: ZoneInfo) -> list[tuple[str, str]]:
    facts = [(str(SIDES[party.side]), _party(party)) for party in one.parties]
    facts.append((_("Sexual violence"), _("Yes") if one.sexual_violence else _("No")))
    if one.child_offender:
        facts.append((_("The reported person is a child"), _("Yes")))
    if one.victim_reported_at is not None and one.due_at is None:
        facts.append((_("Reported by the victim"), moment_there(one.victim_reported_at, there)))
    if one.police_told_at is not None and one.due_at is None:
        facts.append((_("Police told"), moment_there(one.police_told_at, there)))
    if one.has_number:
        facts.append((_("Number of the police report"), _("Written down, sealed")))
    facts.append(
        (_("Written down"), _("%(name)s, %(time)s", name=one.opened_by, time=moment_there(one.opened_at, there)))
    )
    return facts


def _party(party: Party) -> str:
    if party.alias is not None:
        return f"{party.alias} {party.code}"
    return str(RELATIONSHIPS[party.relationship]) if party.relationship else _("A resident of another house")
