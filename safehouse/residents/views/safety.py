"""Reported persons, who must never share a house, and why: for a resident here, for a referral in the shelter."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, may, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.forms.safety import LiftForm, NeverTogetherForm, ReportedPersonForm
from safehouse.residents.models import ConflictKind, Household, ReportedPerson
from safehouse.residents.operations.looking_up import spend_look_ups
from safehouse.residents.operations.safety import (
    SafetyRefused,
    lift_conflict,
    note_relatives,
    note_reported_person,
)
from safehouse.residents.queries.safety import (
    Explained,
    barred_houses,
    explained_conflicts,
    find_conflict,
    others_living_here,
    reported_of,
)
from safehouse.residents.safety_in_words import SAFETY_REFUSALS, too_many_look_ups
from safehouse.residents.views.seen import seen_resident
from safehouse.residents.words import CONFLICT_KINDS, RELATIONSHIPS
from safehouse.trail.acts import Act
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.web.language import day

pages = Blueprint("safety", __name__)

FACTS = ("name", "nik", "phone", "plate")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom these pages are about. `household` is none for a referral about which nothing was written down yet; the
    pages stand at `home` with the name of a page behind it."""

    ref: uuid.UUID
    name: str
    blueprint: str
    household: Household | None
    home: str
    back: str

    def url(self, page: str, **more: object) -> str:
        return url_for(f"{self.blueprint}.{page}", ref=self.ref, **more)  # type: ignore[arg-type]


# Found anew after each change of session; asked to make a household only before something is written down.
Find = Callable[[bool], Concerned]


def concerned_resident(ref: uuid.UUID) -> Find:
    def find(make: bool) -> Concerned:
        resident = seen_resident(ref)
        return Concerned(
            ref=resident.ref,
            name=f"{resident.alias} {resident.code}",
            blueprint="safety",
            household=session.get_one(Household, resident.household_id),
            home=url_for("today.resident", ref=resident.ref),
            back=_("Back to the resident"),
        )

    return find


@pages.route("/residents/<uuid:ref>/reported-persons", methods=["GET", "POST"])
@needs(Permission.CONFLICT_RECORD)
def reported(ref: uuid.UUID) -> ResponseReturnValue:
    return reported_page(concerned_resident(ref))


@pages.post("/residents/<uuid:ref>/reported-persons/opened")
@needs(Permission.CONFLICT_RECORD)
@opens_sealed
def reported_opened(ref: uuid.UUID) -> ResponseReturnValue:
    return opened_page(concerned_resident(ref))


@pages.route("/residents/<uuid:ref>/never-together", methods=["GET", "POST"])
@needs(Permission.CONFLICT_RECORD)
def never_together(ref: uuid.UUID) -> ResponseReturnValue:
    return never_together_page(concerned_resident(ref))


@pages.route("/residents/<uuid:ref>/conflicts", methods=["GET", "POST"])
@needs(Permission.CONFLICT_EXPLAIN)
@opens_sealed
def conflicts(ref: uuid.UUID) -> ResponseReturnValue:
    return conflicts_page(concerned_resident(ref))


def reported_page(find: Find) -> ResponseReturnValue:
    """Who is written down, without a name, and a form for one more."""
    form = ReportedPersonForm(typed() or None)
    concerned = find(posted())
    if posted() and form.validate() and concerned.household is not None:
        answer = _note(form, concerned, concerned.household)
        if answer is not None:
            return answer
    return _reported_shown(find, form, {})


def _note(form: ReportedPersonForm, concerned: Concerned, household: Household) -> ResponseReturnValue | None:
    """Write one down; None with a sentence in the form when it was refused."""
    known: dict[str, str | None] = {fact: form[fact].data or None for fact in FACTS}
    try:
        act = begin_act(session, key=act_key(), kind="safety:reported", now=now(), by=by(), subject=household.ref)
        fields = [f"reported_person.{fact}" for fact, value in known.items() if value]
        if not spend_look_ups(session, fields=fields, now=now(), by=by()):
            session.delete(act)
            session.commit()
            form.refuse(too_many_look_ups())
            return None
        note_reported_person(
            session,
            household=household,
            relationship=form.relationship.data,
            name=known["name"],
            nik=known["nik"],
            phone=known["phone"],
            plate=known["plate"],
            now=now(),
            by=by(),
        )
    except AlreadyDone:
        return redirect(concerned.url("reported"), 303)
    except SafetyRefused as refused:
        session.rollback()
        form.refuse(SAFETY_REFUSALS[refused.reason], "name")
        return None
    session.commit()
    return redirect(concerned.url("reported", saved=1), 303)


def opened_page(find: Find) -> ResponseReturnValue:
    """The same page with names and numbers, once: the reading is recorded before it is shown."""
    concerned = find(False)
    if concerned.household is None:
        abort(404)
    people = reported_of(session, concerned.household.id)
    wanted = [
        Sealed(one, fact, concerned.household.ref) for one in people for fact in FACTS if getattr(one, fact) is not None
    ]
    words = open_values(session, now=now(), by=by(), purpose="reported persons", wanted=wanted)
    opened: dict[uuid.UUID, dict[str, str]] = {}
    for sealed, text in zip(wanted, words, strict=True):
        opened.setdefault(sealed.row.ref, {})[sealed.column] = text
    session.commit()
    return _reported_shown(find, ReportedPersonForm(None), opened)


def _reported_shown(
    find: Find, form: ReportedPersonForm, opened: dict[uuid.UUID, dict[str, str]]
) -> ResponseReturnValue:
    use_session(writing=False)
    concerned = find(False)
    household_id = concerned.household.id if concerned.household else None
    people = reported_of(session, household_id) if household_id else []
    return render_template(
        "residents/reported.html",
        form=form,
        concerned=concerned,
        people=[
            (RELATIONSHIPS[one.relationship], _known(one), opened.get(one.ref, {}), day(one.noted_at)) for one in people
        ],
        labels=_labels(),
        opened=bool(opened),
        barred=barred_houses(session, household_id=household_id, account_id=signed().account_id),
        saved="saved" in request.args,
        may_explain=may(Permission.CONFLICT_EXPLAIN),
    )


def never_together_page(find: Find) -> ResponseReturnValue:
    """Relatives, written down by someone who knows."""
    form = NeverTogetherForm(typed() or None)
    concerned = find(posted())
    person = signed()
    household_id = concerned.household.id if concerned.household else 0
    others = others_living_here(session, household_id=household_id, account_id=person.account_id, role=person.role)
    form["other"].choices = [
        ("", _("Choose someone")),
        *((str(one.ref), f"{one.alias} {one.code}") for one in others),
    ]
    if posted() and form.validate() and concerned.household is not None:
        other = next(one for one in others if one.ref == form["other"].data)
        try:
            begin_act(
                session, key=act_key(), kind="safety:relatives", now=now(), by=by(), subject=concerned.household.ref
            )
            note_relatives(
                session,
                household=concerned.household,
                other=session.get_one(Household, other.household_id),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            return redirect(concerned.url("reported"), 303)
        except SafetyRefused as refused:
            session.rollback()
            form.refuse(SAFETY_REFUSALS[refused.reason], "other")
        else:
            session.commit()
            return redirect(concerned.url("reported", saved=1), 303)
    use_session(writing=False)
    return render_template("residents/never_together.html", form=form, concerned=find(False), nobody=not others)


def conflicts_page(find: Find) -> ResponseReturnValue:
    """Why, for the manager: each opening is recorded. She may lift what is wrong."""
    concerned = find(False)
    form = LiftForm(typed() or None)
    shown = _explained(concerned)
    form["conflict"].choices = [
        (str(one.ref), _with_whom(one), str(CONFLICT_KINDS[one.kind])) for one in shown if one.kind in LIFTED_BY_HAND
    ]
    if posted() and form.validate() and concerned.household is not None:
        answer = _lift(form, concerned, concerned.household)
        if answer is not None:
            return answer
        concerned = find(False)
    if concerned.household is not None:
        record(
            session,
            now=now(),
            by=by(),
            act=Act.CONFLICT_EXPLAINED,
            subject=concerned.household.ref,
            subjects=sorted({one.other for one in shown if one.other is not None}),
        )
        session.commit()
    use_session(writing=False)
    return render_template(
        "residents/conflicts.html",
        form=form,
        concerned=find(False),
        shown=[
            (
                CONFLICT_KINDS[one.kind],
                _with_whom(one),
                _("%(name)s, %(day)s", name=one.found_by, day=day(one.found_at))
                if one.found_by
                else _("found by a check, %(day)s", day=day(one.found_at)),
            )
            for one in shown
        ],
        may_lift=bool(form["conflict"].choices),
        lifted="lifted" in request.args,
    )


LIFTED_BY_HAND = frozenset(ConflictKind) - {ConflictKind.DENIED}


def _lift(form: LiftForm, concerned: Concerned, household: Household) -> ResponseReturnValue | None:
    conflict = find_conflict(
        session, household_id=household.id, ref=form["conflict"].data, account_id=signed().account_id
    ) or abort(404)
    try:
        begin_act(session, key=act_key(), kind="safety:lift", now=now(), by=by(), subject=conflict.ref)
        lift_conflict(session, conflict=conflict, reason=form["reason"].data, now=now(), by=by())
    except AlreadyDone:
        pass
    except SafetyRefused as refused:
        session.rollback()
        form.refuse(SAFETY_REFUSALS[refused.reason], "conflict")
        return None
    else:
        session.commit()
    return redirect(concerned.url("conflicts", lifted=1), 303)


def _explained(concerned: Concerned) -> Sequence[Explained]:
    if concerned.household is None:
        return ()
    return explained_conflicts(session, household_id=concerned.household.id, account_id=signed().account_id)


def _with_whom(one: Explained) -> str:
    """The other household by alias and code as far as it lives in her houses, or the colleague."""
    if one.colleague is not None:
        return one.colleague
    named = ", ".join(f"{alias} {code}" for alias, code in one.people)
    if one.elsewhere:
        return _("%(people)s, and another house", people=named) if named else _("Another house")
    return named or _("A family that does not live in a house now")


def _known(one: ReportedPerson) -> str:
    labels = _labels()
    return ", ".join(labels[fact] for fact in FACTS if getattr(one, fact) is not None)


def _labels() -> dict[str, str]:
    return {"name": _("Name"), "nik": _("NIK"), "phone": _("Telephone"), "plate": _("Number plate")}


__all__ = [
    "Concerned",
    "Find",
    "conflicts_page",
    "never_together_page",
    "opened_page",
    "pages",
    "reported_page",
]
