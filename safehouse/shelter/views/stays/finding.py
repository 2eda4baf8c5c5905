"""What the pages about residents share: who is meant, who of her household, and the clock of her house."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, signed
from safehouse.access.models import Act
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.database import session
from safehouse.residents.models import DangerLevel, Resident
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.operations.moving import StayRefused
from safehouse.shelter.queries.caregivers import managers_to_call
from safehouse.shelter.queries.stays import Living, household_here
from safehouse.shelter.rules.moving import Member
from safehouse.shelter.rules.staying import may_be_prefilled
from safehouse.shelter.stays_in_words import say_refusal
from safehouse.shelter.views.families import person_in_words
from safehouse.web.forms import PageForm
from safehouse.web.language import day as in_full
from safehouse.web.language import zone

pages = Blueprint("stays", __name__)


class Household:
    """Someone who lives here and those of her household who do, as far as the person who looks may see them."""

    def __init__(self, one: Living, seen: Sequence[Living], everyone: Sequence[Living]) -> None:
        self.one, self.seen, self.everyone = one, tuple(seen), tuple(everyone)

    @property
    def sharing_her_bed(self) -> list[Living]:
        """The small children who go where she goes."""
        if self.one.sharing:
            return []
        return [other for other in self.everyone if other.sharing and other.bed_id == self.one.bed_id]

    @property
    def moving_apart(self) -> list[Living]:
        """Those of the family who stay where they are when only she moves, as far as they may be seen."""
        along = {self.one.id, *(other.id for other in self.sharing_her_bed)}
        return [other for other in self.seen if other.id not in along]

    @property
    def members(self) -> list[Member]:
        """All of them as the rules see them."""
        return [
            Member(other.person, other.house_id, other.room_label, other.bed_id, other.sharing)
            for other in self.everyone
        ]


def find_household(ref: uuid.UUID) -> Household | None:
    """Her household here, or None when she is to be seen but does not live here now."""
    resident = seen_resident(ref)
    person = signed()
    everyone = household_here(
        session, household_id=resident.household_id, account_id=person.account_id, role=person.role, now=now()
    )
    one = next((other for other in everyone if other.id == resident.id), None)
    if one is None:
        return None
    return Household(one, [other for other in everyone if other.visible], everyone)


def call_the_manager(one: Living) -> str:
    """Whom to call now that she is missing, by name where one is known."""
    names = managers_to_call(session, house_id=one.house_id, household_id=one.household_id, now=now())
    if not names:
        return _("Call the manager on duty now; do not wait for this page to be read.")
    return _("Call the manager now: %(names)s. Do not wait for this page to be read.", names=_(" or ").join(names))


def to_her_page(ref: uuid.UUID, **more: object) -> ResponseReturnValue:
    return redirect(url_for("today.resident", ref=ref, **more), 303)  # type: ignore[arg-type]


def open_act(kind: str, subject: uuid.UUID, *, undoable: bool = False) -> tuple[Act | None, uuid.UUID | None]:
    """(the act of this press, None), or (None, the first act) when the same form was pressed before.

    Asked before anything else is looked at: after the first press she may have left, or the bed be hers.
    """
    try:
        act = begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=subject, undoable=undoable)
    except AlreadyDone as earlier:
        return None, earlier.act.ref
    return act, None


def residents_of(livings: Collection[Living]) -> list[Resident]:
    """The rows behind them, adults first, in the session of this request."""
    order = {one.id: at for at, one in enumerate(livings)}
    found = session.scalars(select(Resident).where(Resident.id.in_(order)))
    return sorted(found, key=lambda resident: order[resident.id])


# Who of the household


def ask_who(form: PageForm, candidates: Sequence[Living], family: Household | None = None) -> None:
    """Offer these people; drop the question where the answer is plain.

    With `family` the question is about who is present or gone, and nobody may assume that of a child without an
    adult of her own here, or of anyone in the first 48 hours.
    """
    assumed = ticked_beforehand(candidates, family) if family else [one.ref for one in candidates]
    if len(candidates) == 1 and assumed:
        del form["who"]
        return
    form["who"].choices = [(str(one.ref), f"{one.alias} {one.code}", person_in_words(one)) for one in candidates]
    if len(assumed) < len(candidates):
        form["who"].description = _("Tick only those you have asked or seen yourself.")


def ticked_beforehand(candidates: Sequence[Living], family: Household) -> list[uuid.UUID]:
    """Everyone, except whose presence nobody may assume; nobody of a household in high danger."""
    danger = newest_danger(session, family.one.household_id)
    if danger is not None and danger.level is DangerLevel.HIGH:
        return []
    return [one.ref for one in candidates if may_be_prefilled(one, family.everyone, now())]


def chosen(form: PageForm, candidates: Sequence[Living]) -> list[Living]:
    if "who" not in form:
        return list(candidates)
    return [one for one in candidates if one.ref in form["who"].data]


def refuse(form: PageForm, refused: StayRefused, *fields: tuple[Collection[str], str]) -> None:
    """Put the sentence beside the field it is about, else above the form."""
    field = next((name for reasons, name in fields if refused.reason in reasons and name in form), "")
    form.refuse(say_refusal(refused, in_full(refused.last_day)), field)


# The clock of her house


def local_now(there: ZoneInfo) -> dt.datetime:
    return now().astimezone(there)


def clock_hint(there: ZoneInfo) -> str:
    if there.key == zone().key:
        return _("For example 09.30")
    return _("For example 09.30, by the clock of the house (%(zone)s)", zone=local_now(there).tzname() or "")
