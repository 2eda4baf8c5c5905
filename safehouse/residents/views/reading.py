"""What every page shares on which a consent is read: who may be a witness, and how the typed answers become acts.

A guardian is looked at, and two of the staff sign, before anything is written: what is refused then stays refused.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import current_app, request
from flask_babel import gettext as _
from wtforms import Field

from safehouse.access.cookies import DEVICE, cookie_name
from safehouse.access.current import by, now, signed, source
from safehouse.access.models import Act, Agency, CoSignature
from safehouse.access.operations.co_signing import CoSigningRefusal, CoSigningRefused, co_sign, keep_refusal
from safehouse.access.views.sign_in import in_words
from safehouse.database import session
from safehouse.indonesian import Unreadable
from safehouse.residents.consents_in_words import REFUSALS, rights_offered
from safehouse.residents.forms.consents import NO, OUTSIDE, STAFF_DECIDE, YES, BestInterestForm, Said, SittingForm
from safehouse.residents.models import ConsentItem, Guardian, Relationship, Resident, Signing
from safehouse.residents.operations.consents import (
    Answer,
    BestInterest,
    ConsentRefusal,
    ConsentRefused,
    Sitting,
    check_until,
    guardian_at_home,
    guardian_outside,
    keep_refused_guardian,
)
from safehouse.residents.operations.guardians import Outsider, is_reported
from safehouse.residents.operations.looking_up import spend_look_ups
from safehouse.residents.queries.consents import witnesses
from safehouse.residents.queries.people import never_beside
from safehouse.residents.rules.consent_texts import RIGHTS
from safehouse.residents.safety_in_words import too_many_look_ups
from safehouse.web.forms import NOT_CHOSEN, NOT_FILLED, PageForm, RowsField, sentence_for
from safehouse.web.language import language


class NotKept(Exception):
    """The form says why; what had to be written down about the refusal is committed."""


@dataclass(frozen=True, slots=True)
class ForChildren:
    """Who decides for the children of this page: an adult of the family by her id, someone outside, or the staff."""

    outsider: Outsider | None
    signature: CoSignature | None
    reason: str

    def best_interest(self) -> BestInterest | None:
        return BestInterest(self.reason, self.signature) if self.signature is not None else None


def offer_witnesses(form: SittingForm, house_ids: Collection[int], household_id: int | None) -> None:
    """Whoever works in these houses and may know of this family, without the one who reads; and the rights, in the
    language of the page."""
    found = witnesses(session, house_ids=house_ids, reader_id=signed().account_id, household_id=household_id)
    form["witness"].choices = [("", _("Choose the witness")), *((str(ref), name) for ref, _number, name in found)]
    form["rights"].choices = rights_offered(language())


def reading_fits(form: SittingForm, *, witness_needed: bool = True) -> bool:
    """The rights were explained, somebody heard it, and paper has its number; otherwise said beside the field."""
    fine = True
    if len(form["rights"].data) < len(RIGHTS):
        form.refuse(_("Every right is explained before she answers. Explain the others too, then tick them."), "rights")
        fine = False
    if witness_needed and form["witness"].data is None:
        form.refuse(REFUSALS[ConsentRefusal.NO_WITNESS], "witness")
        fine = False
    if form["signed"].data in {Signing.PAPER, Signing.THUMB} and not form["sheet_number"].data:
        form.refuse(REFUSALS[ConsentRefusal.NO_SHEET], "sheet_number")
        fine = False
    return fine


def until_fits(form: SittingForm, today: dt.date) -> bool:
    """No day that has passed, none that is too far away."""
    return _day_fits(form["until"], Answer(ConsentItem.STAY, True, form["until"].data), today)


def agencies_fit(rows: RowsField, today: dt.date) -> bool:
    """Every agency that was named has one thing it may be told, an answer, and with a yes a last day."""
    fine = True
    for row in rows.filled:
        for name in ("agency", "tells", "said"):
            if row[name].data is None:
                row[name].errors = [*row[name].errors, NOT_CHOSEN]
                fine = False
        answer = Answer(ConsentItem.AGENCY, row["said"].data is Said.YES, row["until"].data)
        fine = _day_fits(row["until"], answer, today) and fine
    return fine


def answers_to_agencies(rows: RowsField, agencies: Sequence[Agency]) -> list[Answer]:
    """A yes or a no for each agency that was named."""
    known = {str(one.ref): one for one in agencies}
    return [
        Answer(
            ConsentItem.AGENCY,
            row["said"].data is Said.YES,
            row["until"].data if row["said"].data is Said.YES else None,
            known[row["agency"].data],
            row["tells"].data,
        )
        for row in rows.filled
        if row["said"].data is not Said.LATER
    ]


def offer_agencies(rows: RowsField, agencies: Sequence[Agency]) -> None:
    for row in rows.entries:
        row["agency"].choices = [("", _("Choose the agency")), *((str(one.ref), one.name) for one in agencies)]


def _day_fits(field: Field, answer: Answer, today: dt.date) -> bool:
    try:
        check_until(answer, today)
    except ConsentRefused as refused:
        field.errors = [*field.errors, REFUSALS[refused.reason]]
        return False
    return True


def sitting_of(form: SittingForm, house_ids: Collection[int], household_id: int | None) -> Sitting:
    found = witnesses(session, house_ids=house_ids, reader_id=signed().account_id, household_id=household_id)
    chosen = {str(ref): number for ref, number, _name in found}
    return Sitting(
        reading=form["reading"].data,
        language=form["language"].data,
        signed=form["signed"].data,
        reader_id=signed().account_id,
        witness_id=chosen.get(form["witness"].data or ""),
        sheet_number="" if form["signed"].data is Signing.SPOKEN else form["sheet_number"].data,
    )


def child_questions_fit(form: BestInterestForm, chosen: Collection[str]) -> bool:
    """What belongs to a guardian outside, or to a decision of two, is filled in; said beside each field."""
    fine = True

    def need(name: str, sentence: object) -> None:
        nonlocal fine
        if not form[name].data:
            form.refuse(sentence, name)
            fine = False

    if OUTSIDE in chosen:
        need("outside_name", NOT_FILLED)
        need("outside_relationship", NOT_CHOSEN)
        need("outside_reported", NOT_CHOSEN)
        if form["outside_reported"].data == YES:
            form.refuse(REFUSALS[ConsentRefusal.GUARDIAN_REPORTED], "outside_reported")
            fine = False
        elif form["outside_reported"].data not in {None, NO}:
            form.refuse(
                _("As long as this is not known she does not decide. Two of the staff decide for now."),
                "outside_reported",
            )
            fine = False
    if STAFF_DECIDE in chosen:
        for name in ("reason", "second_name", "second_code"):
            need(name, NOT_FILLED)
    return fine


def who_decides(
    form: BestInterestForm,
    *,
    act: Act,
    chosen: Collection[str],
    household_id: int | None,
    adults: Collection[Resident],
    house_id: int,
    refuse_at: str,
) -> ForChildren:
    """Look at the guardians, then let the second person sign. Raises `NotKept`.

    Nothing but the act may be written yet. `refuse_at` is the field of the guardian who lives here.
    """
    outsider = None
    if OUTSIDE in chosen:
        outsider = Outsider(
            form["outside_name"].data, form["outside_relationship"].data, form["outside_phone"].data or ""
        )
    session.flush()
    if outsider is not None:
        _spend_for(form, outsider, act)
    if household_id is not None and (outsider is not None or adults):
        try:
            reported_outside = outsider is not None and is_reported(
                session, household_id=household_id, person=outsider, now=now(), by=by()
            )
            reported_here = bool(adults) and is_reported(
                session, household_id=household_id, adults=adults, now=now(), by=by()
            )
        except Unreadable as unreadable:
            session.rollback()
            form.refuse(sentence_for(unreadable), "outside_phone")
            raise NotKept from unreadable
        if reported_outside or reported_here:
            keep_refused_guardian(session, act=act, now=now(), by=by())
            session.commit()
            form.refuse(REFUSALS[ConsentRefusal.GUARDIAN_REPORTED], "outside_name" if reported_outside else refuse_at)
            raise NotKept
    signature = None
    if STAFF_DECIDE in chosen:
        signature = second_person(form, act=act, house_id=house_id, household_id=household_id)
    return ForChildren(outsider, signature, form["reason"].data or "")


def _spend_for(form: PageForm, outsider: Outsider, act: Act) -> None:
    """A guardian outside is compared with the reported persons: it counts as a search. Raises `NotKept`."""
    fields = ["guardian.name", *(["guardian.phone"] if outsider.phone else [])]
    if not spend_look_ups(session, fields=fields, now=now(), by=by()):
        session.delete(act)
        session.commit()
        form.refuse(too_many_look_ups(), "outside_name")
        raise NotKept


def second_person(form: PageForm, *, act: Act, house_id: int, household_id: int | None) -> CoSignature:
    """The colleague beside, with her own code; nobody who must know nothing of this household. Raises `NotKept`, and
    then the try is counted and committed."""
    session.flush()
    try:
        return co_sign(
            session,
            act=act,
            username=form["second_name"].data,
            typed=form["second_code"].data,
            house_id=house_id,
            device_token=request.cookies.get(cookie_name(DEVICE)),
            source=source(),
            now=now(),
            wall=current_app.extensions["clock"](),
            by=by(),
            never=never_beside(session, household_id),
        )
    except CoSigningRefused as refused:
        keep_refusal(session, act=act, now=now(), by=by())
        session.commit()
        form.refuse(*said_of_second_person(refused))
        raise NotKept from refused


def said_of_second_person(refused: CoSigningRefused) -> tuple[str, str]:
    """The sentence, and the field it stands beside."""
    if refused.reason is CoSigningRefusal.YOURSELF:
        return _("The second person is somebody else. Ask a colleague beside you."), "second_name"
    if refused.reason is CoSigningRefusal.WAIT:
        return in_words(refused.wait), "second_code"
    return (
        _("Name and code do not belong together, or she does not work in this house. Try again with a new code."),
        "second_code",
    )


def guardian_for(
    child: Resident, choice: str, family: ForChildren, adult_of: Callable[[str], Resident | None]
) -> Guardian | None:
    """The guardian that was chosen, noted; None where two of the staff decide."""
    if choice == STAFF_DECIDE:
        return None
    if choice == OUTSIDE and family.outsider is not None:
        return guardian_outside(session, child=child, person=family.outsider, now=now(), by=by())
    adult = adult_of(choice)
    if adult is None:
        raise ConsentRefused(ConsentRefusal.NOT_HERS_TO_GIVE)
    return guardian_at_home(session, child=child, adult=adult, relationship=Relationship.UNKNOWN, now=now(), by=by())
