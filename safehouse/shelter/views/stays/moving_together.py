"""A whole family goes to other beds with one press: the places are sought as for a family that arrives."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act
from safehouse.access.operations.acts import find_undoable, mark_undone
from safehouse.access.operations.co_signing import CoSigningRefused, keep_refusal
from safehouse.access.permissions import Permission
from safehouse.access.queries import cleared_houses
from safehouse.database import session, use_session
from safehouse.residents.models import Household as HouseholdRow
from safehouse.residents.operations.safety import check_household
from safehouse.residents.queries.safety import barred_house_ids, told_barred_house_ids
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.forms.stays import MoveForm
from safehouse.shelter.operations.moving import MOVE_TOGETHER, StayRefusal, StayRefused, lock_household
from safehouse.shelter.operations.moving_together import check_move_together, move_together, undo_move_together
from safehouse.shelter.operations.placing import lock_beds
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.stays import needs_of_placements
from safehouse.shelter.reasons_in_words import KINDS, STANDING_SIGNS, STANDINGS, say
from safehouse.shelter.rules.houses import HouseView
from safehouse.shelter.rules.moving_together import FamilyMove, ways_together
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.stays_in_words import REFUSALS
from safehouse.shelter.views.offering import place_name
from safehouse.shelter.views.second_person import refuse_signature, second_person_is_named, signed_beside
from safehouse.shelter.views.sleepers import Sleeper, sleepers
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
from safehouse.web.language import moment_of, today
from safehouse.web.shell import offer_undo

offer_undo(MOVE_TOGETHER, title=_l("The family has moved."), endpoint="stays.undo_moving_together")

MOST_WAYS = 12
WHEN = frozenset(
    {StayRefusal.IN_FUTURE, StayRefusal.BEFORE_ARRIVAL, StayRefusal.BEFORE_LAST_MOVE, StayRefusal.BEFORE_BED_WAS_FREE}
)
PLACE = frozenset({StayRefusal.BED_TAKEN, StayRefusal.SAME_BED, StayRefusal.FAMILY_CHANGED})


@dataclass(frozen=True, slots=True)
class ShownWay:
    """One way to go together, as the pages show it."""

    key: str
    title: str
    best: bool
    one_room: bool
    against: bool
    recommended: bool
    sign: tuple[str, str, str]
    reasons: list[tuple[str, str]]
    sleepers: list[Sleeper]


@pages.route("/residents/<uuid:ref>/move/together", methods=["GET", "POST"])
@needs(Permission.STAY_MOVE)
def together(ref: uuid.UUID) -> ResponseReturnValue:
    act, done = open_act(MOVE_TOGETHER, ref, undoable=True) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, done=done)
    if act is not None:
        lock_household(session, seen_resident(ref).household_id)
    family = find_household(ref)
    if family is None:
        return to_her_page(ref)
    if not may_go_together(family):
        abort(404)
    ways = _ways(family)
    here = local_now(family.one.zone)
    form = MoveForm(_typed(here), day=here.date(), clock=here.time())
    form["clock"].description = clock_hint(family.one.zone)
    # A way that was open when the page was shown is told from one that never was by `_move`, not by the field.
    form["place"].choices = [(key, key) for key in {*(way.key for way in ways), request.form.get("place", "")} if key]
    if act is not None and form.validate():
        answer = _move(form, family, ways, act)
        if answer is not None:
            return answer
    use_session(writing=False)
    family = find_household(ref) or abort(404)
    ways = _ways(family)
    shown = [shown_way(way, family) for way in ways[:MOST_WAYS]]
    return render_template(
        "shelter/stays/move_together.html",
        form=form,
        one=family.one,
        family=family.everyone,
        ways=shown,
        more=len(ways) - len(shown),
        against=any(way.against for way in shown),
        barred=[house.name for house in _houses(family) if house.barred],
        lead=_lead(family, ways),
    )


@pages.post("/moves/together/<uuid:ref>/undo")
@needs(Permission.STAY_MOVE)
def undo_moving_together(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=MOVE_TOGETHER, now=now(), by=by())
    if act.subject is None:
        return redirect(url_for("stays.listing"), 303)
    seen_resident(act.subject)
    back = undo_move_together(session, act=act, now=now(), by=by())
    for resident in back:
        seen_resident(resident.ref)  # a bed one had may stand in a house that is closed to this person by now
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    session.commit()
    return to_her_page(back[0].ref)


def may_go_together(family: Household) -> bool:
    """Several live here, and this person sees every one of them in a house of hers: nobody is moved unseen."""
    return len(family.everyone) > 1 and all(one.visible and one.on_board for one in family.everyone)


def best_way(family: Household) -> FamilyMove | None:
    """The best way for all of them, where somebody would stay behind if only one moved."""
    if not family.moving_apart or not may_go_together(family):
        return None
    return next(iter(_ways(family)), None)


def shown_way(way: FamilyMove, family: Household) -> ShownWay:
    option = way.option
    kind, icon = STANDING_SIGNS[option.standing]
    return ShownWay(
        key=way.key,
        title=place_name(option),
        best=way.best,
        one_room=way.together,
        against=option.standing is Standing.ADVISED_AGAINST,
        recommended=option.standing is Standing.RECOMMENDED,
        sign=(kind, icon, str(STANDINGS[option.standing]) % {"met": option.met, "asked": option.asked}),
        reasons=[(KINDS[reason.kind], say(reason)) for reason in option.reasons],
        sleepers=sleepers(
            way.places,
            option.rooms,
            [one.person for one in family.everyone],
            {one.id: one.alias for one in family.everyone},
            aliases=True,
            keeping={one.id for one in family.everyone} - way.moving,
        ),
    )


def _typed(here: dt.datetime) -> MultiDict[str, str] | None:
    """What was typed; whoever pressed "now" on the page before has typed the time of this moment."""
    form = typed()
    if not form or not request.form.get("at_once"):
        return form or None
    return MultiDict(
        {**form, "day-d": str(here.day), "day-m": str(here.month), "day-y": str(here.year), "clock": f"{here:%H.%M}"}
    )


def _move(form: MoveForm, family: Household, ways: Sequence[FamilyMove], act: Act) -> ResponseReturnValue | None:
    """Move all of them, or say in the form why not; nothing is kept then but a wrong code of the second person."""
    way = _locked(form["place"].data, family, ways)
    if way is None:
        form.refuse(REFUSALS[StayRefusal.BED_TAKEN], "place")
        return None
    against = way.option.standing is Standing.ADVISED_AGAINST
    if against and not second_person_is_named(form):
        return None
    one = family.one
    moved_at = moment_of(
        form["day"].data, form["clock"].data, one.zone, not_before=max(other.started_at for other in family.everyone)
    )
    household = session.get_one(HouseholdRow, one.household_id)
    try:
        check_move_together(session, household_id=household.id, way=way, moved_at=moved_at, now=now())
        override = (
            signed_beside(form, act, house_id=way.option.house.id, household_id=household.id) if against else None
        )
        move_together(
            session, household=household, way=way, act=act, moved_at=moved_at, now=now(), by=by(), override=override
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
        if refused.reason is StayRefusal.MUST_NOT_SHARE:
            _must_not_share(form, one.household_id, way.option.house.id)
        else:
            refuse(form, refused, (WHEN, "day"), (PLACE, "place"))
        return None
    return to_her_page(one.ref, done=done)


def _must_not_share(form: MoveForm, household_id: int, house_id: int) -> None:
    """The check of this moment found what none before had known. It is kept, so that the house is not offered again.

    Whoever must know nothing of those who live there reads what she reads when somebody was faster.
    """
    check_household(session, household=session.get_one(HouseholdRow, household_id), now=now(), by=by())
    told = told_barred_house_ids(session, household_id=household_id, account_id=signed().account_id)
    session.commit()
    reason = StayRefusal.MUST_NOT_SHARE if house_id in told else StayRefusal.BED_TAKEN
    form.refuse(REFUSALS[reason], "place")


def _locked(key: str, family: Household, ways: Sequence[FamilyMove]) -> FamilyMove | None:
    """The chosen way as it is behind the queue for its beds; None when it is gone."""
    chosen = next((way for way in ways if way.key == key), None)
    if chosen is None:
        return None
    lock_beds(session, {place.bed_id for place in chosen.places if place.bed_id is not None})
    return next((way for way in _ways(family) if way.key == key), None)


def _ways(family: Household) -> tuple[FamilyMove, ...]:
    wanted = needs_of_placements(session, [one.placement_id for one in family.everyone])
    return ways_together(family.members, wanted, _houses(family))


def _houses(family: Household) -> tuple[HouseView, ...]:
    """Her houses. Other beds of the house all of them live in change nothing about whom they live with."""
    household_id = family.one.household_id
    lived_in = {one.house_id for one in family.everyone}
    barred = barred_house_ids(session, household_id=household_id) - (lived_in if len(lived_in) == 1 else set())
    told = barred and barred & told_barred_house_ids(session, household_id=household_id, account_id=signed().account_id)
    mine = cleared_houses(session, signed().account_id)
    return house_views(
        session,
        house_ids=[house.id for house in mine if house.id not in barred - told],
        today=today(),
        now=now(),
        barred=told,
        for_account_id=signed().account_id,
    )


def _lead(family: Household, ways: Sequence[FamilyMove]) -> str:
    if not ways:
        return _("No place is free for all %(n)s of them tonight.", n=len(family.everyone))
    if not any(way.together for way in ways):
        return _(
            "No single room takes all %(n)s of them. The places below would have them sleep apart.",
            n=len(family.everyone),
        )
    return _("All go at once, and their stays and limits go on.")
