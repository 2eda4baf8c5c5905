"""Another bed for someone who lives here. What fits is said, what does not fit is offered with what it takes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, as_ref, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act
from safehouse.access.operations.acts import find_undoable, mark_undone
from safehouse.access.operations.co_signing import CoSigningRefused, keep_refusal
from safehouse.access.permissions import Permission
from safehouse.access.queries import cleared_houses
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.residents.queries.safety import barred_house_ids, told_barred_house_ids
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.choices import BedKind
from safehouse.shelter.forms.stays import MoveForm
from safehouse.shelter.models import Bed
from safehouse.shelter.operations.moving import (
    MOVE,
    StayRefusal,
    StayRefused,
    check_move,
    lock_household,
    undo_move,
)
from safehouse.shelter.operations.moving import move as move_to
from safehouse.shelter.operations.placing import lay_mattress, lock_beds
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.referrals import bed_place
from safehouse.shelter.queries.stays import needs_of_placement
from safehouse.shelter.reasons_in_words import KINDS, STANDING_SIGNS, STANDINGS, say
from safehouse.shelter.rules.houses import BedState, BedView, HouseView
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.moving import RoomChoice, rooms_to_move_to
from safehouse.shelter.rules.reasons import Reason, Standing, standing_of
from safehouse.shelter.stays_in_words import REFUSALS
from safehouse.shelter.views.second_person import refuse_signature, second_person_is_named, signed_beside
from safehouse.shelter.views.stays.finding import (
    Household,
    clock_hint,
    find_household,
    local_now,
    open_act,
    pages,
    refuse,
    to_her_page,
)
from safehouse.shelter.views.stays.moving_together import best_way, shown_way
from safehouse.web.language import moment_of, today
from safehouse.web.shell import offer_undo

offer_undo(MOVE, title=_l("The move is recorded."), endpoint="stays.undo_moving")

MATTRESS = "mattress:"
WHEN = frozenset(
    {StayRefusal.IN_FUTURE, StayRefusal.BEFORE_ARRIVAL, StayRefusal.BEFORE_LAST_MOVE, StayRefusal.BEFORE_BED_WAS_FREE}
)
PLACE = frozenset({StayRefusal.BED_TAKEN, StayRefusal.SAME_BED, StayRefusal.MUST_NOT_SHARE})
NO_LONGER = {
    BedState.FULL: REFUSALS[StayRefusal.BED_TAKEN],
    BedState.HELD: _l("This bed was just reserved for another family. Choose another place; your answers are kept."),
    BedState.CLOSED: _l("This bed is closed. Choose another place; your answers are kept."),
}
NO_MATTRESS = _l("No more mattresses fit into this room. Choose another place; your answers are kept.")


class Offer:
    """One place that can be chosen: a free bed, or something made on the spot in a room."""

    def __init__(self, choice: RoomChoice, bed: BedView | None) -> None:
        self.choice, self.bed = choice, bed

    @property
    def value(self) -> str:
        return str(self.bed.ref) if self.bed else f"{MATTRESS}{self.choice.room.ref}"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.choice.reasons if self.bed else self.choice.reasons_on_the_spot

    @property
    def against_advice(self) -> bool:
        return standing_of(self.reasons) is Standing.ADVISED_AGAINST

    @property
    def label(self) -> str:
        if self.bed:
            return bed_name(self.choice.room.label, self.bed.label)
        return _("Extra cot") if self.choice.cot else _("Extra mattress")

    @property
    def hint(self) -> str:
        if self.bed:
            return _("Still to be cleaned") if self.bed.to_clean else ""
        return _("Laid on the spot, over capacity")


@dataclass(frozen=True, slots=True)
class ShownRoom:
    """A room with its sign, its reasons, and the places in it."""

    title: str
    best: bool
    sign: tuple[str, str, str]
    reasons: list[tuple[str, str]]
    offers: list[Offer]


@pages.route("/residents/<uuid:ref>/move", methods=["GET", "POST"])
@needs(Permission.STAY_MOVE)
def move(ref: uuid.UUID) -> ResponseReturnValue:
    act, done = open_act(MOVE, ref, undoable=True) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, done=done)
    if act is not None:
        lock_household(session, seen_resident(ref).household_id)
    family = find_household(ref)
    if family is None:
        return to_her_page(ref)
    if posted():
        _queue_up(request.form.get("place", ""))
    houses, choices = _choices(family)
    here = local_now(family.one.zone)
    form = MoveForm(typed() or None, day=here.date(), clock=here.time())
    form["clock"].description = clock_hint(family.one.zone)
    # A bed that was free when the page was shown is known, even when somebody lies in it by now.
    form["place"].choices = [(value, value) for value in _known(houses)]
    if act is not None and form.validate():
        answer = _move(form, family, houses, choices, act)
        if answer is not None:
            return answer
    use_session(writing=False)
    houses, choices = _choices(family)
    together = best_way(family)
    return render_template(
        "shelter/stays/move.html",
        form=form,
        one=family.one,
        along=family.sharing_her_bed,
        groups=_groups(choices),
        barred=[house.name for house in houses if house.barred],
        together=shown_way(together, family) if together else None,
        others=family.moving_apart,
        lead=_lead(family, choices),
        against=any(offer.against_advice for offer in _offers(choices)),
    )


@pages.post("/moves/<uuid:ref>/undo")
@needs(Permission.STAY_MOVE)
def undo_moving(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=MOVE, now=now(), by=by())
    if act.subject is None:
        return redirect(url_for("stays.listing"), 303)
    resident = seen_resident(act.subject)
    undo_move(session, resident=resident, act=act, now=now(), by=by())
    seen_resident(act.subject)  # the bed she had may stand in a house that is closed to this person by now
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    session.commit()
    return to_her_page(act.subject)


def _move(
    form: MoveForm, family: Household, houses: Sequence[HouseView], choices: Sequence[RoomChoice], act: Act
) -> ResponseReturnValue | None:
    """Move her, or say in the form why not; nothing is kept then but a wrong code of the second person."""
    offer = next((one for one in _offers(choices) if one.value == form["place"].data), None)
    if offer is None:
        form.refuse(_why_not(form["place"].data, houses), "place")
        return None
    if offer.against_advice and not second_person_is_named(form):
        return None
    one = family.one
    moved_at = moment_of(form["day"].data, form["clock"].data, one.zone, not_before=one.started_at)
    try:
        resident = session.get_one(Resident, one.id)
        check_move(session, resident=resident, bed_id=offer.bed.id if offer.bed else None, moved_at=moved_at, now=now())
        override = (
            signed_beside(form, act, house_id=offer.choice.house.id, household_id=resident.household_id)
            if offer.against_advice
            else None
        )
        move_to(
            session,
            resident=resident,
            bed=_bed(offer),
            reasons=offer.reasons,
            act=act,
            moved_at=moved_at,
            now=now(),
            by=by(),
            override=override,
        )
        done = act.ref
        session.commit()
    except CoSigningRefused as refused:
        keep_refusal(session, act=act, now=now(), by=by())
        session.commit()
        refuse_signature(form, refused)
        return None
    except StayRefused as refused:
        session.rollback()
        if refused.reason is StayRefusal.NOT_HERE:
            return to_her_page(one.ref)
        refuse(form, refused, (WHEN, "day"), (PLACE, "place"))
        return None
    return to_her_page(one.ref, done=done)


def _bed(offer: Offer) -> Bed:
    if offer.bed:
        return session.get_one(Bed, offer.bed.id)
    return lay_mattress(
        session, room_id=offer.choice.room.id, kind=BedKind.COT if offer.choice.cot else BedKind.MATTRESS
    )


def _queue_up(place: str) -> None:
    """Whoever wants the same bed waits here; what is read afterwards is what the first one left."""
    ref = as_ref(place)
    wanted = bed_place(session, ref) if ref else None
    if wanted is not None:
        lock_beds(session, wanted[:1])


def _choices(family: Household) -> tuple[tuple[HouseView, ...], tuple[RoomChoice, ...]]:
    mine = cleared_houses(session, signed().account_id)
    one = family.one
    # Another bed of the house she lives in changes nothing about whom she lives with.
    barred = barred_house_ids(session, household_id=one.household_id) - {one.house_id}
    told = barred and barred & told_barred_house_ids(
        session, household_id=one.household_id, account_id=signed().account_id
    )
    houses = house_views(
        session,
        # Where somebody lives of whom this person must know nothing, there is no place for her, and no reason.
        house_ids=[house.id for house in mine if house.id not in barred - told],
        today=today(),
        now=now(),
        barred=told,
        for_account_id=signed().account_id,
    )
    return houses, rooms_to_move_to(
        one.person,
        [other.person for other in family.sharing_her_bed],
        needs_of_placement(session, one.placement_id),
        houses,
        one.household_id,
        family.members,
    )


def _offers(choices: Sequence[RoomChoice]) -> list[Offer]:
    return [offer for choice in choices for offer in _offers_in(choice)]


def _offers_in(choice: RoomChoice) -> list[Offer]:
    return [*(Offer(choice, bed) for bed in choice.beds), *([Offer(choice, None)] if choice.on_the_spot else [])]


def _known(houses: Sequence[HouseView]) -> list[str]:
    return [
        value
        for house in houses
        for room in house.rooms
        for value in (*(str(bed.ref) for bed in room.beds), f"{MATTRESS}{room.ref}")
    ]


def _why_not(value: str, houses: Sequence[HouseView]) -> object:
    """Why a place of her houses is not to be had."""
    states = {str(bed.ref): bed.state for house in houses for room in house.rooms for bed in room.beds}
    if value not in states:
        return NO_MATTRESS
    # Free, and yet not offered: a cot for a grown person, or a bed for an infant.
    return NO_LONGER.get(states[value], _("This choice is not offered. Choose one of those shown."))


def _groups(choices: Sequence[RoomChoice]) -> list[tuple[str, list[ShownRoom]]]:
    """House by house as the page shows them."""
    by_house: dict[str, list[ShownRoom]] = {}
    for at, choice in enumerate(choices):
        kind, icon = STANDING_SIGNS[choice.standing]
        reasons = choice.reasons if choice.beds else choice.reasons_on_the_spot
        by_house.setdefault(choice.house.name, []).append(
            ShownRoom(
                title=_("Room %(room)s", room=choice.room.label),
                best=at == 0 and choice.standing is not Standing.ADVISED_AGAINST,
                sign=(kind, icon, str(STANDINGS[choice.standing]) % {"met": choice.met, "asked": choice.asked}),
                reasons=[(KINDS[reason.kind], say(reason)) for reason in reasons],
                offers=_offers_in(choice),
            )
        )
    return list(by_house.items())


def _lead(family: Household, choices: Sequence[RoomChoice]) -> str:
    bed = f"{family.one.house}, {family.one.bed}"
    if not choices:
        return _("Now in %(bed)s. No other place is free tonight.", bed=bed)
    return _("Now in %(bed)s. A move changes the bed only; the stay and its limit go on.", bed=bed)
