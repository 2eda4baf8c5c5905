"""Lembar salin SIMFONI: a family's case in the order of the national form, ready to be typed there.

What the unit knows is gathered; what nobody knew is asked once and kept sealed. Names are not on the sheet: whoever
types them opens them behind a code of her own.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission, Role
from safehouse.database import session, use_session
from safehouse.residents.models import Household, Side
from safehouse.services.forms.simfoni import EnteredForm, SheetForm, for_case, of_person, of_reported
from safehouse.services.models import SimfoniSheet
from safehouse.services.operations.simfoni import SheetChanged, fill_sheet, mark_entered, unmark_entered
from safehouse.services.queries.simfoni import CaseFacts, CasePerson, case_facts, entered_by, sheet_of
from safehouse.services.rules.simfoni import (
    CASE_TYPES,
    CHANNELS,
    CITIZENSHIPS,
    COUNTS_AS_VICTIM,
    EDUCATION,
    EDUCATION_OF,
    NO,
    OCCUPATIONS,
    OF_A_REPORTED,
    OF_A_VICTIM,
    OF_THE_CASE,
    PLACES,
    RELATION_OF,
    RELATIONS,
    RELIGIONS,
    REPORTED_AGES,
    SEX_OF,
    SEXES,
    VIOLENCE,
    YES,
    YES_NO,
    Answers,
    Category,
    Counted,
    age_group,
    age_on,
    age_status,
    answers_from,
    count_case,
    disabled_in_words,
    in_words,
    marital_in_words,
)
from safehouse.services.views.seen import Seen, seen_plan
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import moment_there
from safehouse.web.shell import offer_undo

pages = Blueprint("simfoni", __name__)

FILL, ENTER = "simfoni:fill", "simfoni:enter"
READ = "national form"
offer_undo(ENTER, title=_l("Written down: typed into SIMFONI-PPA."), endpoint="simfoni.undo")
NOT_KNOWN = "–"

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the sheet. `person` leads to her name, behind a code."""

    heading: str
    lines: list[Line]
    person: CasePerson | None = None


@pages.get("/residents/<uuid:ref>/simfoni")
@needs(Permission.SIMFONI_FILL)
@opens_sealed
def sheet(ref: uuid.UUID) -> ResponseReturnValue:
    """The sheet. That its answers were opened is recorded before it is shown."""
    seen = _seen(ref)
    household = _household(seen)
    row = sheet_of(session, household.id)
    closed = False
    answers, number = Answers(), ""
    try:
        answers, number = _open(row, household)
    except NotConfirmed:
        session.rollback()
        closed = True
    session.commit()
    use_session(writing=False)
    seen = _seen(ref)
    facts = _facts(seen)
    row = sheet_of(session, seen.resident.household_id)
    entered_at = row.entered_at if row else None
    newer = _newer(facts, entered_at.astimezone(seen.zone).date()) if entered_at else []
    return render_template(
        "services/simfoni/sheet.html",
        seen=seen,
        closed=closed,
        blocks=[] if closed else _blocks(facts, answers),
        others=facts.others,
        entered=_("%(time)s, %(who)s", time=moment_there(entered_at, seen.zone), who=entered_by(session, row))
        if row and entered_at
        else "",
        number=number,
        newer=newer,
        again=bool(row and row.case_number is not None and entered_at is None),
    )


def _newer(facts: CaseFacts, since: dt.date) -> list[str]:
    """What was done for the family since it was typed."""
    return [
        f"{one.value}: {_days(tuple(each for each in days if each > since))}"
        for one, days in facts.services.items()
        if any(each > since for each in days)
    ]


@pages.route("/residents/<uuid:ref>/simfoni/answers", methods=["GET", "POST"])
@needs(Permission.SIMFONI_FILL)
@opens_sealed
def answers(ref: uuid.UUID) -> ResponseReturnValue:
    """What the form asks and nobody knows yet."""
    seen = _seen(ref)
    household = _household(seen)
    facts = _facts(seen)
    row = sheet_of(session, household.id)
    try:
        before, _number = _open(row, household)
    except NotConfirmed:
        session.rollback()
        return redirect(url_for("simfoni.sheet", ref=ref), 303)
    seen_at = row.changed_at if row is not None and row.answers is not None else None
    form = _form(facts, before, seen_at)
    if posted() and form.validate():
        if form["incident_on"].data and form["incident_on"].data > seen.today:
            form.refuse(_("This day has not come yet. Write when it was."), "incident_on")
        else:
            answer = _fill(ref, household, before, form, facts)
            if answer is not None:
                return answer
    # The answers before are opened for every showing: it stands in the record before they are shown.
    session.commit()
    use_session(writing=False)
    seen = _seen(ref)
    facts = _facts(seen)
    people = _asked(facts)
    return render_template(
        "services/simfoni/answers.html",
        form=form,
        seen=seen,
        case=[form[f"c_{name}"] for name, *_rest in OF_THE_CASE],
        people=[(one, _fields(form, of_person(one.ref), _names_of_a_person(form, one))) for one in people],
        reported=[
            (n, _fields(form, of_reported(one.ref), [name for name, *_rest in OF_A_REPORTED]))
            for n, one in enumerate(facts.reported, 1)
        ],
    )


def _fill(
    ref: uuid.UUID, household: Household, before: Answers, form: SheetForm, facts: CaseFacts
) -> ResponseReturnValue | None:
    back = url_for("simfoni.sheet", ref=ref, saved="simfoni")
    wanted = _answered(form, facts, before)
    if wanted.text() == before.text():
        session.commit()
        return redirect(back, 303)
    household_id = household.id
    try:
        begin_act(session, key=act_key(), kind=FILL, now=now(), by=by(), subject=ref)
        fill_sheet(
            session,
            household=household,
            answers=wanted,
            seen_at=_moment(form["seen"].data),
            now=now(),
            by=by(),
        )
    except AlreadyDone:
        session.rollback()
    except SheetChanged:
        session.rollback()
        row = sheet_of(session, household_id)
        form["seen"].data = row.changed_at.isoformat() if row else ""
        form.refuse(_("Somebody saved this sheet in the meantime. Compare it, then save again."))
        return None
    else:
        session.commit()
    return redirect(back, 303)


@pages.route("/residents/<uuid:ref>/simfoni/entered", methods=["GET", "POST"])
@needs(Permission.SIMFONI_FILL)
def entered(ref: uuid.UUID) -> ResponseReturnValue:
    """Sudah diinput: by whom and when, and the number the system gave."""
    seen = _seen(ref)
    form = EnteredForm(typed() or None)
    if posted() and form.validate():
        try:
            act = begin_act(session, key=act_key(), kind=ENTER, now=now(), by=by(), subject=ref, undoable=True)
            mark_entered(
                session,
                household=_household(seen),
                case_number=form["case_number"].data or None,
                now=now(),
                by=by(),
            )
        except AlreadyDone as earlier:
            return redirect(url_for("simfoni.sheet", ref=ref, done=earlier.act.ref), 303)
        done = act.ref
        session.commit()
        return redirect(url_for("simfoni.sheet", ref=ref, done=done), 303)
    use_session(writing=False)
    return render_template("services/simfoni/entered.html", form=form, seen=_seen(ref))


@pages.post("/simfoni/<uuid:ref>/undo")
@needs(Permission.SIMFONI_FILL)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=ENTER, now=now(), by=by())
    if act.subject is None:
        raise NotUndoable
    subject = act.subject
    seen = _seen(subject)
    row = sheet_of(session, seen.resident.household_id)
    if row is None or row.entered_at != act.at:
        raise NotUndoable  # what stands now was said later
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    unmark_entered(session, household=_household(seen), now=now(), by=by())
    session.commit()
    return redirect(url_for("simfoni.sheet", ref=subject, undone=1), 303)


def _seen(ref: uuid.UUID) -> Seen:
    """A resident for whose case this person answers: her coordinator, or a manager; otherwise the same 404."""
    seen = seen_plan(ref)
    if signed().role is not Role.MANAGER and not seen.standing.coordinator:
        abort(404)
    return seen


def _household(seen: Seen) -> Household:
    return session.get_one(Household, seen.resident.household_id)


def _facts(seen: Seen) -> CaseFacts:
    person = signed()
    return case_facts(
        session,
        household_id=seen.resident.household_id,
        account_id=person.account_id,
        role=person.role,
        there=seen.zone,
    )


def _open(row: SimfoniSheet | None, household: Household) -> tuple[Answers, str]:
    """The answers and the number of the case, in one entry of the record."""
    if row is None:
        return Answers(), ""
    columns = [one for one in ("answers", "case_number") if getattr(row, one) is not None]
    texts = open_values(
        session, now=now(), by=by(), purpose=READ, wanted=[Sealed(row, one, household.ref) for one in columns]
    )
    told = dict(zip(columns, texts, strict=True))
    return answers_from(told.get("answers", "")), told.get("case_number", "")


# The sheet in the form's words


def _counted(facts: CaseFacts, given: Answers) -> Counted:
    return count_case(
        [one.id for one in facts.people],
        {one.id: one.sides for one in facts.people},
        {one.id: given.people.get(str(one.ref), {}).get(COUNTS_AS_VICTIM) == YES for one in facts.people},
        reported_persons=len(facts.reported),
    )


def _blocks(facts: CaseFacts, given: Answers) -> list[Block]:
    counted = _counted(facts, given)
    people = {one.id: one for one in facts.people}
    on = _incident(given) or min((one.arrived_on for one in facts.people if one.arrived_on), default=now().date())
    found = [_case(facts, given, counted)]
    for n, victim in enumerate((people[one] for one in counted.victims), 1):
        heading = f"Korban {n}: {victim.alias} {victim.code}"
        found.append(Block(heading, _victim(victim, facts, given.people.get(str(victim.ref), {}), on), victim))
    n = 0
    for other in facts.reported:
        n += 1
        found.append(Block(f"Pelaku {n}", _reported(given.reported.get(str(other.ref), {}), _relation(facts, other))))
    for child in (people[one] for one in counted.reported_residents):
        n += 1
        heading = f"Pelaku {n}: {child.alias} {child.code}"
        found.append(Block(heading, _reported_child(child, given.people.get(str(child.ref), {}), on), child))
    found.append(Block("Pelayanan", [(one.value, _days(facts.services.get(one, ()))) for one in Category]))
    return found


def _incident(given: Answers) -> dt.date | None:
    text = given.case.get("incident_on")
    return dt.date.fromisoformat(text) if text else None


def _case(facts: CaseFacts, given: Answers, counted: Counted) -> Block:
    case = given.case
    channel = in_words(CHANNELS, case.get("channel") or facts.channel)
    return Block(
        "Kasus",
        [
            ("Tanggal pelaporan", _date(facts.reported_on)),
            ("Cara pengaduan", channel or NOT_KNOWN),
            ("Tanggal kejadian", _date(_incident(given))),
            ("Tempat kejadian", in_words(PLACES, case.get("place")) or NOT_KNOWN),
            ("KDRT", in_words(YES_NO, case.get("domestic")) or NOT_KNOWN),
            ("Jenis kasus", in_words(CASE_TYPES, case.get("types")) or NOT_KNOWN),
            ("Jumlah korban", str(len(counted.victims))),
            ("Jumlah pelaku", str(counted.perpetrators)),
        ],
    )


def _victim(one: CasePerson, facts: CaseFacts, given: Mapping[str, Any], on: dt.date) -> list[Line]:
    age = age_on(one.birth_month, one.of_age_on, on)
    violence = given.get("violence") or _violence(one, facts)
    return [
        ("Bentuk kekerasan", in_words(VIOLENCE, violence) or NOT_KNOWN),
        ("Jenis kelamin", SEX_OF[one.sex]),
        ("Kelompok usia", age_group(age) or NOT_KNOWN),
        ("Status usia", age_status(age)),
        *_learned_and_worked(one, given),
        ("Difabel", disabled_in_words(given) or NOT_KNOWN),
        ("Agama", in_words(RELIGIONS, given.get("religion")) or NOT_KNOWN),
        ("Kewarganegaraan", in_words(CITIZENSHIPS, given.get("citizenship")) or NOT_KNOWN),
    ]


def _learned_and_worked(one: CasePerson | None, given: Mapping[str, Any]) -> list[Line]:
    known = EDUCATION_OF.get(one.schooling) if one and one.schooling else None
    return [
        ("Pendidikan", in_words(EDUCATION, given.get("education") or known) or NOT_KNOWN),
        ("Pekerjaan", in_words(OCCUPATIONS, given.get("occupation")) or NOT_KNOWN),
        ("Status perkawinan", marital_in_words(given) or NOT_KNOWN),
    ]


def _reported(given: Mapping[str, Any], relation: str) -> list[Line]:
    age = given.get("age")
    return [
        ("Hubungan dengan korban", in_words(RELATIONS, given.get("relation") or relation) or NOT_KNOWN),
        ("Jenis kelamin", in_words(SEXES, given.get("sex")) or NOT_KNOWN),
        ("Kelompok usia", in_words(REPORTED_AGES, age) or NOT_KNOWN),
        ("Status usia", ("Anak" if age == REPORTED_AGES[0][0] else "Dewasa") if age else NOT_KNOWN),
        *_learned_and_worked(None, given),
        ("Kewarganegaraan", in_words(CITIZENSHIPS, given.get("citizenship")) or NOT_KNOWN),
    ]


def _reported_child(one: CasePerson, given: Mapping[str, Any], on: dt.date) -> list[Line]:
    """Somebody who lives here and is reported herself: a child in conflict with the law."""
    age = age_on(one.birth_month, one.of_age_on, on)
    groups = zip(LAST_OF_GROUP, REPORTED_AGES, strict=True)
    group = next((words for last, (_value, words) in groups if age <= last), "") if age is not None else ""
    return [
        ("Hubungan dengan korban", NOT_KNOWN),
        ("Jenis kelamin", SEX_OF[one.sex]),
        ("Kelompok usia", group or NOT_KNOWN),
        ("Status usia", age_status(age)),
        *_learned_and_worked(one, given),
        ("Kewarganegaraan", in_words(CITIZENSHIPS, given.get("citizenship")) or NOT_KNOWN),
    ]


def _relation(facts: CaseFacts, other: Any) -> str:
    return RELATION_OF[other.relationship]


def _violence(one: CasePerson, facts: CaseFacts) -> list[str]:
    """What a matter of sexual violence says by itself."""
    return ["seksual"] if facts.sexual_violence and Side.VICTIM in one.sides else []


def _date(when: dt.date | None) -> str:
    return f"{when:%d/%m/%Y}" if when else NOT_KNOWN


def _days(days: tuple[dt.date, ...]) -> str:
    return ", ".join(_date(one) for one in days) or NOT_KNOWN


# What is asked


def _asked(facts: CaseFacts) -> list[CasePerson]:
    """Whoever may count as something: a mere witness is not asked."""
    return [one for one in facts.people if one.sides != {Side.WITNESS}]


def _form(facts: CaseFacts, before: Answers, seen_at: dt.datetime | None) -> SheetForm:
    people = _asked(facts)
    open_question = [f"{of_person(one.ref)}{COUNTS_AS_VICTIM}" for one in people if not one.sides]
    shown: dict[str, Any] = {
        "seen": seen_at.isoformat() if seen_at else "",
        "incident_on": _incident(before),
        "c_channel": before.case.get("channel") or facts.channel or None,
    }
    for name, *_rest in OF_THE_CASE[1:]:
        shown[f"c_{name}"] = before.case.get(name)
    for one in people:
        given, hers = before.people.get(str(one.ref), {}), of_person(one.ref)
        shown |= {f"{hers}{name}": given.get(name) for name, *_rest in OF_A_VICTIM}
        shown[f"{hers}{COUNTS_AS_VICTIM}"] = given.get(COUNTS_AS_VICTIM)
        shown[f"{hers}violence"] = given.get("violence") or _violence(one, facts)
        known = EDUCATION_OF.get(one.schooling) if one.schooling else None
        shown[f"{hers}education"] = given.get("education") or known
    for other in facts.reported:
        given, his = before.reported.get(str(other.ref), {}), of_reported(other.ref)
        shown |= {f"{his}{name}": given.get(name) for name, *_rest in OF_A_REPORTED}
        shown[f"{his}relation"] = given.get("relation") or _relation(facts, other)
    form = for_case(
        asked=open_question, people=[one.ref for one in people], reported=[one.ref for one in facts.reported]
    )
    return form(typed() or None, **shown)


def _names_of_a_person(form: SheetForm, one: CasePerson) -> list[str]:
    asked = [COUNTS_AS_VICTIM] if f"{of_person(one.ref)}{COUNTS_AS_VICTIM}" in form else []
    return asked + [name for name, *_rest in OF_A_VICTIM]


def _fields(form: SheetForm, prefix: str, names: list[str]) -> list[Any]:
    return [form[f"{prefix}{name}"] for name in names]


def _answered(form: SheetForm, facts: CaseFacts, before: Answers) -> Answers:
    """What was answered now. Of whom somebody else answers for stays what she said, and so it does of somebody who was
    not on the page when it was answered."""
    case: dict[str, Any] = {name: form[f"c_{name}"].data for name, *_rest in OF_THE_CASE}
    if form["incident_on"].data:
        case["incident_on"] = form["incident_on"].data.isoformat()
    people, reported = dict(before.people), dict(before.reported)
    sent = typed()
    for one in _asked(facts):
        hers = of_person(one.ref)
        if not any(name.startswith(hers) for name in sent):
            continue
        said = {name: form[f"{hers}{name}"].data for name in _names_of_a_person(form, one)}
        if said["disability"] and said["disabled"] != NO:
            said["disabled"] = YES
        people[str(one.ref)] = _filled(said)
    for other in facts.reported:
        his = of_reported(other.ref)
        if any(name.startswith(his) for name in sent):
            reported[str(other.ref)] = _filled({name: form[f"{his}{name}"].data for name, *_rest in OF_A_REPORTED})
    return Answers(_filled(case), people, reported)


def _filled(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


LAST_OF_GROUP = (17, 24, 59, 200)
