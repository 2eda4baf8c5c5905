"""The consent of a family, read together: before it arrives, or within a day after an emergency."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import Field

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act, House
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import cleared_houses, open_agencies
from safehouse.database import session, use_session
from safehouse.residents.consents_in_words import OF_THE_WITNESS, REFUSALS, rights_offered, text_of
from safehouse.residents.forms.consents import STAFF_DECIDE, YES, BestInterestForm, Said
from safehouse.residents.models import ConsentItem, Resident
from safehouse.residents.operations.consents import Answer, ConsentRefusal, ConsentRefused, record_answers
from safehouse.residents.queries.consents import last_words
from safehouse.residents.queries.people import seen_by
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consent_texts import VERSION
from safehouse.residents.rules.consenting import FOR_A_CHILD, OF_AN_ADULT, NotNow, is_asked_herself, still_open
from safehouse.residents.views.reading import (
    NotKept,
    agencies_fit,
    answers_to_agencies,
    child_questions_fit,
    guardian_for,
    offer_agencies,
    offer_witnesses,
    reading_fits,
    sitting_of,
    until_fits,
    who_decides,
)
from safehouse.residents.words import CONSENT_ITEMS
from safehouse.shelter.choices import ReferralState
from safehouse.shelter.forms.consenting import Asked, Questions, consent_form, item_field
from safehouse.shelter.models import Referral
from safehouse.shelter.operations.placing import PlacementRefused, name_family
from safehouse.shelter.queries.deciding import held_house_ids, held_until, readiness, residents_of
from safehouse.shelter.queries.referrals import WAITING, family_of, placed_house_ids
from safehouse.shelter.rules.people import Person
from safehouse.shelter.views.families import called
from safehouse.shelter.views.finding import is_passed_on, passed_on, seen_referral
from safehouse.shelter.views.naming import (
    alias_questions,
    aliases_fit,
    aliases_of,
    chosen_before,
    page_of_names,
)
from safehouse.web.forms import RowsField
from safehouse.web.language import language, moment

pages = Blueprint("consenting", __name__)

KIND = "consent:family"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the family: as the rules see her, as a resident once she has a name, whether she agreed to stay, and what
    she is asked now: all that has no answer yet."""

    person: Person
    title: str
    resident: Resident | None
    child: bool
    agreed: bool
    open: tuple[ConsentItem, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Who is asked on this page, where, and on which local day."""

    referral: Referral
    house: House
    today: dt.date
    members: tuple[Member, ...]
    # Adults of the same household who came before and live here: a child who follows is theirs too.
    at_home: tuple[Resident, ...]

    @property
    def deciding(self) -> list[tuple[str, str]]:
        """Who may decide for the children: key and what she is called."""
        came = [(f"adult:{one.person.key}", one.title) for one in self.members if not one.child]
        return came + [(f"home:{one.ref}", one.alias) for one in self.at_home]

    def adult(self, choice: str, residents: Mapping[int, Resident]) -> Resident | None:
        """The adult a choice stands for, once she has a name; `residents` by position."""
        kind, _colon, which = choice.partition(":")
        if kind == "home":
            return next((one for one in self.at_home if str(one.ref) == which), None)
        return residents.get(int(which)) if kind == "adult" else None

    @property
    def left(self) -> list[Member]:
        """Who is still to be asked something."""
        return [one for one in self.members if one.open]

    @property
    def of_children(self) -> tuple[ConsentItem, ...]:
        """What is asked for the children together."""
        wanted = {item for one in self.left if one.child for item in one.open}
        return tuple(item for item in FOR_A_CHILD if item in wanted)


@dataclass(frozen=True, slots=True)
class _Adult:
    """Her part of the page: each item with what is read about it, and what agencies may be told."""

    title: str
    items: list[tuple[Field, str]]
    agencies: RowsField | None
    stay: bool

    @classmethod
    def of(cls, one: Member, form: BestInterestForm) -> "_Adult":
        position = one.person.key
        return cls(
            one.title,
            [(form[item_field(item, position)], text_of(item, language())) for item in one.open],
            form._fields.get(f"agencies_{position}"),
            ConsentItem.STAY in one.open,
        )


@dataclass(frozen=True, slots=True)
class _Child:
    """Who decides for a child, and what she thinks herself."""

    guardian: Field
    opinion: Field | None

    @classmethod
    def of(cls, one: Member, form: BestInterestForm) -> "_Child":
        return cls(form[f"guardian_{one.person.key}"], form._fields.get(f"opinion_{one.person.key}"))


@pages.route("/referrals/<uuid:ref>/consent", methods=["GET", "POST"])
@needs(Permission.CONSENT_RECORD)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """One page a family: read together, each adult answers for herself, and whoever decides for the children."""
    family = _family(ref)
    form = _form(family)
    if posted() and not request.form.get("other_names") and all([form.validate(), _fits(form, family)]):
        answer = _record(family, form)
        if answer is not None:
            return answer
    use_session(writing=False)
    family = _family(ref)
    waiting = family.referral.state in WAITING
    return render_template(
        "shelter/referrals/consent.html",
        form=form,
        referral=family.referral,
        waiting=waiting,
        screened=readiness(session, family.referral, today=family.today).screened,
        option=request.args.get("option", ""),
        adults=[_Adult.of(one, form) for one in family.left if not one.child],
        children=[_Child.of(one, form) for one in family.left if one.child],
        done=[one.resident for one in family.members if one.agreed],
        aliases=[form[name] for name in form._fields if name.startswith("alias_")],
        for_children=[(form[item_field(item)], text_of(item, language())) for item in family.of_children],
        go_on=all(one.agreed for one in family.members),
        held_until=moment(held_until(session, family.referral, now=now())),
    )


@pages.get("/consent-sheet")
@needs(Permission.CONSENT_RECORD)
def sheet() -> ResponseReturnValue:
    """An empty sheet for signing on paper, with the words that are read aloud. It names no house and no resident."""
    return render_template(
        "shelter/referrals/consent_sheet.html",
        rights=[text for _value, text in rights_offered(language())],
        items=[text_of(item, language()) for item in OF_AN_ADULT],
        agency=text_of(ConsentItem.AGENCY, language()),
        version=VERSION,
    )


def _family(ref: uuid.UUID) -> Family:
    """The family, if this person may ask it: one that waits, or one all of whom she sees. Who has left is asked nothing
    any more, and keeps nobody from asking the others."""
    referral = seen_referral(ref)
    residents = {one.id: one for one in residents_of(session, referral)}
    asked = _may_ask(referral, residents)
    house = _house(referral)
    today = now().astimezone(ZoneInfo(house.time_zone)).date()
    said = last_words(session, residents=list(residents.values()), today=today)
    by_position = {one.position: residents.get(one.resident_id or 0) for one in referral.people}
    members, names = [], called(family_of(referral))
    for person in family_of(referral):
        resident = by_position[person.key]
        if resident is not None and resident.id not in asked:
            continue
        child = not person.adult if resident is None else is_child(resident.birth_month, resident.of_age_on, today)
        title = names[person.key] if resident is None else resident.alias
        members.append(
            _member(person, title, resident, child=child, said=said.get(resident.id, {}) if resident else {})
        )
    return Family(referral, house, today, tuple(members), _at_home(referral, residents, today))


def _at_home(referral: Referral, residents: Mapping[int, Resident], today: dt.date) -> tuple[Resident, ...]:
    """Whom of them this person may see."""
    if referral.household_id is None:
        return ()
    rows = session.scalars(
        select(Resident)
        .where(
            Resident.household_id == referral.household_id,
            Resident.house_id.is_not(None),
            Resident.id.not_in(residents),
            seen_by(signed().account_id, signed().role),
        )
        .order_by(Resident.id)
    )
    return tuple(one for one in rows if not is_child(one.birth_month, one.of_age_on, today))


def _member(
    person: Person, title: str, resident: Resident | None, *, child: bool, said: Mapping[ConsentItem, NotNow | None]
) -> Member:
    """Who did not agree to stay is asked that again, whatever else she answered."""
    agreed = ConsentItem.STAY in said and said[ConsentItem.STAY] is None
    answered = {item: why for item, why in said.items() if agreed or item is not ConsentItem.STAY}
    return Member(person, title, resident, child, agreed, still_open(answered, child=child))


def _may_ask(referral: Referral, residents: dict[int, Resident]) -> set[int]:
    """Whom of them she may ask; otherwise the page is nowhere, or the list is next."""
    if referral.state in WAITING:
        return set(residents)
    if referral.state is not ReferralState.ACCEPTED or not residents:
        abort(redirect(url_for("referrals.listing"), 303))
    seen = set(
        session.scalars(
            select(Resident.id).where(Resident.id.in_(residents), seen_by(signed().account_id, signed().role))
        )
    )
    asked = {one.id for one in residents.values() if one.house_id is not None} or set(residents)
    if not asked <= seen:
        abort(404)
    return asked


def _house(referral: Referral) -> House:
    """Where they live, where a bed is held for them, or where she works."""
    cleared = cleared_houses(session, signed().account_id)
    theirs = placed_house_ids(session, referral_id=referral.id) or held_house_ids(session, referral, now=now())
    return next((house for house in cleared if house.id in theirs), None) or next(iter(cleared), None) or abort(404)


def _form(family: Family) -> BestInterestForm:
    people = {one.person.key: one for one in family.members}
    page = page_of_names()
    unnamed = {one.person.key for one in family.members if one.resident is None}
    questions = alias_questions(family.referral, house_id=family.house.id, page=page) if unnamed else {}
    offered = {key: question for key, question in questions.items() if key in unnamed}
    asked = [
        Asked(
            position=one.person.key,
            title=one.title,
            adult=not one.child,
            asked_herself=_asked_herself(one, family.today),
            items=one.open,
            names=tuple(offered[one.person.key][1]) if one.person.key in offered else (),
        )
        for one in family.left
    ]
    agencies = open_agencies(session)
    form = consent_form(asked, _questions(), deciding=family.deciding, agencies=bool(agencies))(
        typed() or None, **chosen_before(family.referral, offered)
    )
    form["names"].data = str(page)
    offer_witnesses(form, {family.house.id}, family.referral.household_id)
    for one in people.values():
        if f"agencies_{one.person.key}" in form:
            offer_agencies(form[f"agencies_{one.person.key}"], agencies)
    return form


def _asked_herself(one: Member, today: dt.date) -> bool:
    if one.resident is not None:
        return is_asked_herself(one.resident.birth_month, one.resident.of_age_on, today)
    return not one.person.adult and (one.person.age_months or 0) >= 120


def _questions() -> Questions:
    return Questions(
        items={item: str(CONSENT_ITEMS[item]) for item in ConsentItem},
        for_children=_("For the children: %(item)s"),
        alias=_("Alias for: %(person)s"),
        guardian=_("Who decides for: %(person)s"),
        opinion=_("What does she think herself? %(person)s"),
        agency=_("Agency %(n)s"),
        someone_outside=_("Someone who does not live here"),
        two_of_staff=_("Nobody may: two of the staff decide"),
    )


def _choices_for_children(form: BestInterestForm, family: Family) -> set[str]:
    return {form[f"guardian_{one.person.key}"].data for one in family.left if one.child}


def _fits(form: BestInterestForm, family: Family) -> bool:
    """Everything the fields alone cannot see; said beside them, all at once."""
    chosen = _choices_for_children(form, family)
    by_staff_alone = chosen == {STAFF_DECIDE} and all(one.child for one in family.left)
    fine = [
        reading_fits(form, witness_needed=not by_staff_alone),
        until_fits(form, family.today),
        child_questions_fit(form, chosen),
        _something_said(form, family),
        *(
            agencies_fit(form[f"agencies_{one.person.key}"], family.today)
            for one in family.left
            if f"agencies_{one.person.key}" in form
        ),
    ]
    aliases = [name for name in form._fields if name.startswith("alias_")]
    if aliases and all(form[name].data for name in aliases):
        fine.append(aliases_fit(form))
    return all(fine)


def _something_said(form: BestInterestForm, family: Family) -> bool:
    """At least one item has an answer, and be it "later"; where staying is asked, that alone says so."""
    asked = [item_field(item, None if one.child else one.person.key) for one in family.left for item in one.open]
    agencies = [form[f"agencies_{one.person.key}"] for one in family.left if f"agencies_{one.person.key}" in form]
    if not asked or any(form[name].data for name in asked) or any(rows.filled for rows in agencies):
        return True
    form.refuse(_("Nothing was answered yet. Answer at least one item, then save."), asked[0])
    return False


def _record(family: Family, form: BestInterestForm) -> ResponseReturnValue | None:
    """Everything in one transaction, or nothing; None when the form says why not."""
    referral = family.referral
    try:
        act = begin_act(session, key=act_key(), kind=KIND, now=now(), by=by(), subject=referral.ref)
    except AlreadyDone:
        return _onward(referral)
    try:
        _write(family, form, act)
    except NotKept:
        return None
    except PlacementRefused:
        session.rollback()
        return redirect(url_for("referrals.listing"), 303)
    except ConsentRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason], _beside(refused.reason, form))
        return None
    onward = _onward(referral)
    session.commit()
    return onward


def _write(family: Family, form: BestInterestForm, act: Act) -> None:
    referral, left = family.referral, family.left
    chosen = _choices_for_children(form, family)
    named = {one.person.key: one.resident for one in family.members if one.resident is not None}
    deciding = [adult for choice in sorted(chosen) if (adult := family.adult(choice, named)) is not None]
    decided = who_decides(
        form,
        act=act,
        chosen=chosen,
        household_id=referral.household_id,
        adults=deciding,
        house_id=family.house.id,
        refuse_at=next((name for name in form._fields if name.startswith("guardian_")), "witness"),
    )
    residents = _named(family, form)
    sitting = sitting_of(form, {family.house.id}, referral.household_id)
    agencies = open_agencies(session)
    until = form["until"].data
    for one in left:
        if one.child:
            continue
        answers = _answers(form, one.open, until, one.person.key)
        if f"agencies_{one.person.key}" in form:
            answers += answers_to_agencies(form[f"agencies_{one.person.key}"], agencies)
        if answers:
            record_answers(
                session,
                resident=residents[one.person.key],
                answers=answers,
                sitting=sitting,
                today=family.today,
                now=now(),
                by=by(),
            )
    for_children = _answers(form, family.of_children, until, None)
    for one in left:
        if one.child and (answers := [answer for answer in for_children if answer.item in one.open]):
            child, choice = residents[one.person.key], form[f"guardian_{one.person.key}"].data
            guardian = guardian_for(child, choice, decided, lambda key: family.adult(key, residents))
            opinion = f"opinion_{one.person.key}"
            record_answers(
                session,
                resident=child,
                answers=answers,
                sitting=sitting,
                today=family.today,
                guardian=guardian,
                best_interest=decided.best_interest() if choice == STAFF_DECIDE else None,
                child_agrees=form[opinion].data == YES if opinion in form else None,
                now=now(),
                by=by(),
            )


def _named(family: Family, form: BestInterestForm) -> dict[int, Resident]:
    """Position -> resident; their names and codes are made now where they have none yet."""
    if all(one.resident is not None for one in family.members):
        return {one.person.key: one.resident for one in family.members if one.resident is not None}
    return name_family(
        session,
        referral=family.referral,
        aliases=aliases_of(family.referral, form),
        today=family.today,
        now=now(),
        by=by(),
    )


def _answers(
    form: BestInterestForm, items: Sequence[ConsentItem], until: dt.date | None, position: int | None
) -> list[Answer]:
    """What was answered yes or no; what is for later is kept nowhere."""
    said = {item: form[item_field(item, position)].data for item in items}
    return [
        Answer(item, answer is Said.YES, until if answer is Said.YES else None)
        for item, answer in said.items()
        if answer in {Said.YES, Said.NO}
    ]


def _beside(reason: ConsentRefusal, form: BestInterestForm) -> str:
    """The field this refusal is about."""
    if reason in OF_THE_WITNESS:
        return "witness"
    return next((name for name in form._fields if name.startswith("guardian_")), "")


def _onward(referral: Referral) -> ResponseReturnValue:
    if is_passed_on(referral):
        return passed_on()
    if referral.state in WAITING:
        option = request.args.get("option", "")
        if option:
            return redirect(url_for("placing.arrival", ref=referral.ref, option=option), 303)
        return redirect(url_for("placing.beds", ref=referral.ref), 303)
    return redirect(url_for("intake.overview", ref=referral.ref), 303)
