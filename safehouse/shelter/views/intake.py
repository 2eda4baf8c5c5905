"""After a family has come in: what each of them is asked, and the receipt for what they gave into keeping."""

import uuid
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Act, House
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.consents_in_words import REFUSALS, text_of
from safehouse.residents.models import ConsentItem, Medicine, Resident, Signing
from safehouse.residents.operations.care import CareRefused, NewMedicine, end_medicine
from safehouse.residents.operations.consents import Answer, ConsentRefusal, ConsentRefused, Sitting, record_answers
from safehouse.residents.queries.consents import agreed_to, witnesses
from safehouse.residents.queries.health import checked_since
from safehouse.residents.queries.people import seen_by
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.views.reading import NotKept, second_person
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.choices import IntakeItem
from safehouse.shelter.forms.intake import IntakeForm, There, WithRulesForm
from safehouse.shelter.models import Belonging, IntakeAnswer, Placement, Referral
from safehouse.shelter.operations.intake import (
    NewBelonging,
    OpenedIntake,
    answer_allergies,
    answer_belongings,
    answer_medicines,
    give_back,
    has_allergy,
    open_belongings,
    open_intake,
    record_receipt,
)
from safehouse.shelter.queries.deciding import (
    is_emergency,
    open_placements,
    readiness,
    residents_of,
    shown_decision,
)
from safehouse.shelter.queries.intake import asked_so_far, newest_placement, open_placement
from safehouse.shelter.queries.referrals import WAITING, placed_house_ids
from safehouse.shelter.rules.deciding import due_by
from safehouse.shelter.rules.health import FIRST_CHECK_WITHIN, counts_from
from safehouse.shelter.views.finding import is_passed_on, seen_referral
from safehouse.shelter.words import INTAKE_ITEMS, KEPT_WHERE
from safehouse.trail.opening import NotConfirmed
from safehouse.web.forms import NOT_CHOSEN, NOT_FILLED
from safehouse.web.language import day, language, moment

pages = Blueprint("intake", __name__)

KIND = "intake:record"
GIVE_BACK = "intake:give_back"
END_MEDICINE = "intake:end_medicine"


@pages.get("/referrals/<uuid:ref>/intake")
@needs(Permission.INTAKE_RECORD)
def overview(ref: uuid.UUID) -> ResponseReturnValue:
    """Everything a family still has to be asked after it came in, person by person."""
    referral = seen_referral(ref)
    if referral.state in WAITING:
        return redirect(url_for("placing.beds", ref=ref), 303)
    residents = _seen(residents_of(session, referral))
    placements = open_placements(session, referral)
    if not residents or not placements:
        abort(404)
    house_ids = placed_house_ids(session, referral_id=referral.id)
    house = session.scalars(select(House).where(House.id.in_(house_ids)).order_by(House.id)).first() or abort(404)
    today = now().astimezone(ZoneInfo(house.time_zone)).date()
    lines = asked_so_far(session, residents=residents, today=today)
    arrived = min(one.arrived_at for one in placements)
    checked = checked_since(session, [one.resident.id for one in lines], since=counts_from(arrived))
    return render_template(
        "shelter/intake/overview.html",
        referral=referral,
        lines=lines,
        items=[(item, str(INTAKE_ITEMS[item])) for item in IntakeItem],
        emergency=is_emergency(placements),
        due=moment(due_by(placements[0].arrived_at)),
        screened=readiness(session, referral, today=today).screened,
        decision=shown_decision(session, referral),
        complete=all(one.complete for one in lines),
        unchecked=[one.resident for one in lines if one.resident.id not in checked],
        check_due=moment(arrived + FIRST_CHECK_WITHIN),
    )


@pages.route("/residents/<uuid:ref>/intake", methods=["GET", "POST"])
@needs(Permission.INTAKE_RECORD)
@opens_sealed
def person(ref: uuid.UUID) -> ResponseReturnValue:
    """Allergies, medicines, belongings and the house rules of one person; each may be saved by itself."""
    resident, placement = _living(ref)
    if placement is None:
        return redirect(url_for("today.resident", ref=ref), 303)
    house = session.get_one(House, resident.house_id)
    form = _form(resident, house)
    if posted() and all([form.validate(), _fits(form, resident)]):
        answer = _record(form, resident, placement, house)
        if answer is not None:
            return answer
        resident, placement = _living(ref)
        if placement is None:
            return redirect(url_for("today.resident", ref=ref), 303)
    known = _known(resident, placement)
    use_session(writing=False)
    return _shown(ref, form, known)


def _known(resident: Resident, placement: Placement) -> OpenedIntake | None:
    """What was answered before, opened and recorded. Someone whose second step was set up anew asks and writes all
    the same; she reads it once she is confirmed: None."""
    try:
        known = open_intake(session, placement=placement, resident=resident, now=now(), by=by())
    except NotConfirmed:
        session.rollback()
        return None
    session.commit()
    return known


def _shown(ref: uuid.UUID, form: IntakeForm, known: OpenedIntake | None) -> ResponseReturnValue:
    resident, placement = _living(ref)
    if placement is None:
        abort(404)
    house = session.get_one(House, resident.house_id)
    today = now().astimezone(ZoneInfo(house.time_zone)).date()
    answers = session.execute(
        select(IntakeAnswer.item, IntakeAnswer.some).where(IntakeAnswer.placement_id == placement.id)
    )
    referral = session.get(Referral, placement.referral_id) if placement.referral_id else None
    return render_template(
        "shelter/intake/person.html",
        form=form,
        resident=resident,
        referral=referral,
        known=known or OpenedIntake((), (), ()),
        closed=known is None,
        answered={row.item: row.some for row in answers},
        kept=KEPT_WHERE,
        rules_text=text_of(ConsentItem.HOUSE_RULES, language()) if isinstance(form, WithRulesForm) else "",
        child=is_child(resident.birth_month, resident.of_age_on, today),
        items=IntakeItem,
        times=_times,
    )


@pages.get("/residents/<uuid:ref>/belongings")
@needs(Permission.INTAKE_RECORD)
@opens_sealed
def receipt(ref: uuid.UUID) -> ResponseReturnValue:
    """The receipt she keeps: what she gave into keeping. It names no house and nobody who works here."""
    resident, placement = _living(ref)
    placement = placement or newest_placement(session, resident)
    if placement is None:
        return redirect(url_for("today.resident", ref=ref), 303)
    try:
        things = open_belongings(session, placement=placement, resident=resident, now=now(), by=by())
    except NotConfirmed:
        session.rollback()
        return redirect(url_for("intake.person", ref=ref), 303)
    record_receipt(session, resident=resident, now=now(), by=by())
    session.commit()
    use_session(writing=False)
    resident, _placement = _living(ref)
    return render_template(
        "shelter/intake/receipt.html",
        resident=resident,
        kept=[one for one in things if one.returned_at is None],
        rows=[
            (one.what, str(KEPT_WHERE[one.kept]), day(one.listed_at), day(one.returned_at) if one.returned_at else "")
            for one in things
        ],
        today=day(now()),
    )


@pages.post("/belongings/<uuid:ref>/return")
@needs(Permission.INTAKE_RECORD)
def returned(ref: uuid.UUID) -> ResponseReturnValue:
    """She has this thing again."""
    row = session.execute(
        select(Belonging, Resident)
        .join(Placement, Placement.id == Belonging.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .where(Belonging.ref == ref, seen_by(signed().account_id, signed().role))
    ).first()
    if row is None:
        abort(404)
    # Who has left takes her things as well: the receipt stays, the questions of the arrival are over.
    back_to = url_for("intake.receipt" if row.Resident.house_id is None else "intake.person", ref=row.Resident.ref)
    try:
        begin_act(session, key=act_key(), kind=GIVE_BACK, now=now(), by=by(), subject=row.Resident.ref)
    except AlreadyDone:
        return redirect(back_to, 303)
    give_back(session, belonging=row.Belonging, resident=row.Resident, now=now(), by=by())
    session.commit()
    return redirect(f"{back_to}?saved=belongings", 303)


@pages.post("/medicines/<uuid:ref>/end")
@needs(Permission.ALERT_WRITE)
def end_of_medicine(ref: uuid.UUID) -> ResponseReturnValue:
    """She takes this medicine no longer, or it was written down wrongly. House staff end none."""
    row = session.execute(
        select(Medicine, Resident)
        .join(Resident, Resident.id == Medicine.resident_id)
        .where(
            Medicine.ref == ref,
            Resident.house_id.is_not(None),
            seen_by(signed().account_id, signed().role),
        )
    ).first()
    if row is None:
        abort(404)
    back_to = url_for("intake.person", ref=row.Resident.ref, saved="intake")
    try:
        begin_act(session, key=act_key(), kind=END_MEDICINE, now=now(), by=by(), subject=row.Resident.ref)
        end_medicine(session, medicine=row.Medicine, resident=row.Resident, now=now(), by=by())
    except (AlreadyDone, CareRefused):
        session.rollback()
    else:
        session.commit()
    return redirect(back_to, 303)


def _seen(residents: Sequence[Resident]) -> list[Resident]:
    """Those of them whom this person may see."""
    ids = [one.id for one in residents]
    visible = select(Resident.id).where(Resident.id.in_(ids), seen_by(signed().account_id, signed().role))
    seen = set(session.scalars(visible))
    return [one for one in residents if one.id in seen]


def _living(ref: uuid.UUID) -> tuple[Resident, Placement | None]:
    resident = seen_resident(ref)
    placement = open_placement(session, resident)
    return resident, placement if resident.house_id is not None else None


def _form(resident: Resident, house: House) -> IntakeForm:
    today = now().astimezone(ZoneInfo(house.time_zone)).date()
    grown = not is_child(resident.birth_month, resident.of_age_on, today)
    read_already = agreed_to(session, residents=[resident], item=ConsentItem.HOUSE_RULES, today=today)
    if not grown or read_already:
        return IntakeForm(typed() or None)
    form = WithRulesForm(typed() or None)
    found = witnesses(session, house_ids={house.id}, reader_id=signed().account_id, household_id=resident.household_id)
    form["witness"].choices = [("", _("Choose the witness")), *((str(ref), name) for ref, _number, name in found)]
    return form


def _fits(form: IntakeForm, resident: Resident) -> bool:
    """What belongs together is filled in together; said beside each field."""
    before = len(form.mistakes())
    if form["allergies"].data is There.SOMETHING and not form["allergic_to"].data:
        form.refuse(NOT_FILLED, "allergic_to")
    if form["allergies"].data is There.NOTHING and has_allergy(session, resident):
        form.refuse(
            _("An allergy is written down. Ask a caseworker to end it in the notes for staff if it was wrong."),
            "allergies",
        )
    _rows_fit(form, "medicines", "medicine_rows", ("name",))
    _rows_fit(form, "belongings", "belonging_rows", ("what", "kept"))
    if form["belongings"].data is There.SOMETHING:
        for name in ("second_name", "second_code"):
            if not form[name].data:
                form.refuse(_("What she gives into keeping is listed by two. Ask a colleague beside you."), name)
    _rules_fit(form)
    if not any(form[name].data for name in ("allergies", "medicines", "belongings", "rules") if name in form):
        form.refuse(_("Nothing was answered yet. Answer at least one part, then save."))
    return len(form.mistakes()) == before


def _rules_fit(form: IntakeForm) -> None:
    """House rules that are agreed to say how they were read, and who stood beside."""
    if not isinstance(form, WithRulesForm) or not form["rules"].data:
        return
    for name in ("reading", "language"):
        if form[name].data is None:
            form.refuse(NOT_CHOSEN, name)
    if form["witness"].data is None:
        form.refuse(REFUSALS[ConsentRefusal.NO_WITNESS], "witness")


def _rows_fit(form: IntakeForm, question: str, rows: str, parts: Sequence[str]) -> None:
    filled = form[rows].filled
    if filled and form[question].data is not There.SOMETHING:
        form.refuse(_("Something is written below. Choose the answer that fits."), question)
    if not filled and form[question].data is There.SOMETHING:
        form.refuse(_("Write at least one below."), question)
    for row in filled:
        for part in parts:
            if not row[part].data:
                row[part].errors = [*row[part].errors, NOT_FILLED]


def _record(form: IntakeForm, resident: Resident, placement: Placement, house: House) -> ResponseReturnValue | None:
    """Everything that was answered, in one transaction; None when the form says why not."""
    ref = resident.ref
    onward = _onward(resident, placement)
    try:
        act = begin_act(session, key=act_key(), kind=KIND, now=now(), by=by(), subject=ref)
    except AlreadyDone:
        return onward
    try:
        _write(form, resident, placement, house, act)
    except NotKept:
        return None
    except ConsentRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason], "witness")
        return None
    session.commit()
    return onward


def _write(form: IntakeForm, resident: Resident, placement: Placement, house: House, act: Act) -> None:
    about: dict[str, Any] = {"session": session, "placement": placement, "resident": resident, "now": now(), "by": by()}
    signature = None
    if form["belongings"].data is There.SOMETHING:
        signature = second_person(form, act=act, house_id=house.id, household_id=resident.household_id)
    if form["allergies"].data in {There.NOTHING, There.SOMETHING}:
        said = form["allergic_to"].data if form["allergies"].data is There.SOMETHING else ""
        answer_allergies(**about, words=said)
    if form["medicines"].data in {There.NOTHING, There.SOMETHING}:
        answer_medicines(
            **about,
            medicines=[
                NewMedicine(row["name"].data, row["dose"].data or "", row["times"].data or ())
                for row in form["medicine_rows"].filled
            ],
        )
    if form["belongings"].data in {There.NOTHING, There.SOMETHING}:
        answer_belongings(
            **about,
            belongings=[NewBelonging(row["what"].data, row["kept"].data) for row in form["belonging_rows"].filled],
            co_signature=signature,
        )
    if isinstance(form, WithRulesForm) and form["rules"].data:
        _record_rules(form, resident, house)


def _record_rules(form: WithRulesForm, resident: Resident, house: House) -> None:
    found = witnesses(session, house_ids={house.id}, reader_id=signed().account_id, household_id=resident.household_id)
    chosen = {str(ref): number for ref, number, _name in found}
    record_answers(
        session,
        resident=resident,
        answers=[Answer(ConsentItem.HOUSE_RULES, form["rules"].data == "yes")],
        sitting=Sitting(
            reading=form["reading"].data,
            language=form["language"].data,
            signed=Signing.SPOKEN,
            reader_id=signed().account_id,
            witness_id=chosen.get(form["witness"].data),
        ),
        today=now().astimezone(ZoneInfo(house.time_zone)).date(),
        now=now(),
        by=by(),
    )


def _onward(resident: Resident, placement: Placement) -> ResponseReturnValue:
    if placement.referral_id is None:
        return redirect(url_for("intake.person", ref=resident.ref, saved="intake"), 303)
    referral = session.get_one(Referral, placement.referral_id)
    if is_passed_on(referral):
        return redirect(url_for("intake.person", ref=resident.ref, saved="intake"), 303)
    return redirect(url_for("intake.overview", ref=referral.ref, saved="intake"), 303)


def _times(times: Sequence[str]) -> str:
    """Local hours in words."""
    mark = "." if language() == "id" else ":"
    return ", ".join(f"{one[:2]}{mark}{one[2:]}" for one in times) if times else _("when needed")
