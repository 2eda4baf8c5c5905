"""Whether people suit a room, condition by condition. Nothing is hidden: whatever speaks against it is said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from safehouse.residents.models import Sex
from safehouse.shelter.choices import Need, RoomPurpose
from safehouse.shelter.rules.houses import HouseView, Opening, RoomView, opening
from safehouse.shelter.rules.people import (
    Occupant,
    Person,
    Someone,
    is_above,
    is_boy,
    is_infant,
    is_man,
    is_teenage_girl,
    is_woman,
    sleeps_apart,
)
from safehouse.shelter.rules.reasons import Reason, ReasonCode, ReasonKind, met, remark, unmet

ON_THE_GROUND = frozenset({Need.GROUND_FLOOR, Need.PREGNANT, Need.WHEELCHAIR})
ORDER = (ReasonKind.UNMET, ReasonKind.MET, ReasonKind.REMARK)


@dataclass(frozen=True, slots=True)
class Lodging:
    """Part of a family in one room."""

    opening: Opening
    party: tuple[Person, ...]

    @property
    def room(self) -> RoomView:
        return self.opening.room

    @property
    def own(self) -> tuple[Someone, ...]:
        """Everyone of the family who would sleep here, those already here included."""
        return self.party + self.opening.kin

    @property
    def without_adult(self) -> bool:
        return bool(self.own) and not any(one.adult for one in self.own)


@dataclass(frozen=True, slots=True)
class Plan:
    """A family, one house, and the room or rooms it would sleep in."""

    house: HouseView
    lodgings: tuple[Lodging, ...]
    needs: frozenset[Need]
    has_adult: bool  # someone of the family who lives in this house, or would

    @property
    def party(self) -> tuple[Person, ...]:
        return tuple(one for lodging in self.lodgings for one in lodging.party)

    @property
    def size(self) -> int:
        return sum(len(lodging.own) for lodging in self.lodgings)


Check = Callable[[Plan], Iterator[Reason]]


def weigh(plan: Plan) -> tuple[Reason, ...]:
    """Every condition that can be judged without knowing who lies in which bed; what is unmet comes first."""
    return in_order([reason for check in CHECKS for reason in check(plan)])


def in_order(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: ORDER.index(reason.kind)))


def fit(
    person: Person,
    needs: frozenset[Need],
    room: RoomView,
    house: HouseView,
    household: int | None,
    along: Sequence[Person] = (),
) -> tuple[Reason, ...]:
    """What speaks for and against moving one resident to a room; beds against advice stay visible with these.

    `household` is hers: whoever else of it lives in the house counts as her family, and a room apart from them is
    said to split it. Occupants carry the same key as `person`, so that she is not taken for somebody else. `along`
    are the small children who share her bed and move with her.
    """
    party = (person, *along)
    moving = frozenset(one.key for one in party)
    there = Lodging(opening(room, household, moving), party)
    elsewhere = tuple(
        Lodging(kin_opening, ())
        for other in house.rooms
        if other.id != room.id
        if (kin_opening := opening(other, household, moving)).kin
    )
    has_adult = person.adult or any(one.adult for lodging in (there, *elsewhere) for one in lodging.opening.kin)
    plan = Plan(house, (there,), needs, has_adult)
    reasons = [reason for check in CHECKS if check is not _together for reason in check(plan)]
    # Only this question looks at the rooms her family has now: whom she leaves behind matters as well.
    reasons += _together(Plan(house, (there, *elsewhere), needs, has_adult))
    return in_order(reasons)


def _house_bars(plan: Plan) -> Iterator[Reason]:
    if plan.house.barred:
        yield unmet(ReasonCode.MUST_NOT_SHARE_HOUSE)
    if any(is_man(one) for one in plan.party):
        yield unmet(ReasonCode.ADULT_MAN)


def _boys_age(plan: Plan) -> Iterator[Reason]:
    boys = [one for one in plan.party if is_boy(one)]
    limit = plan.house.boys_age
    if over := sum(is_above(boy, limit) for boy in boys):
        yield unmet(ReasonCode.BOY_OVER_AGE, limit=limit, boys=over)
    elif any(boy.age_months is None for boy in boys):
        yield unmet(ReasonCode.BOY_AGE_UNKNOWN, limit=limit)
    elif boys:
        yield met(ReasonCode.BOYS_ACCEPTED, limit=limit)


def _together(plan: Plan) -> Iterator[Reason]:
    if plan.size < 2:
        return
    first, *others = plan.lodgings
    if not others:
        yield met(ReasonCode.ONE_ROOM, room=first.room.label)
        return
    rooms = ", ".join(lodging.room.label for lodging in plan.lodgings)
    near = all(first.room.adjoins(other.room) for other in others)
    yield unmet(ReasonCode.ADJOINING_ROOMS if near else ReasonCode.FAMILY_SPLIT, rooms=rooms)
    for lodging in plan.lodgings:
        if plan.has_adult and lodging.without_adult:
            yield remark(ReasonCode.CHILDREN_WITHOUT_ADULT, room=lodging.room.label, children=len(lodging.own))


def _company(plan: Plan) -> Iterator[Reason]:
    """A family prefers a room with nobody else; somebody on her own only keeps out of a family's room."""
    shared = next((lodging for lodging in plan.lodgings if not lodging.opening.undisturbed), None)
    if plan.size >= 2:
        if shared is None:
            yield met(ReasonCode.ROOM_TO_THEMSELVES)
        else:
            others = len(shared.opening.others) or shared.opening.expected
            yield unmet(ReasonCode.ROOM_SHARED, room=shared.room.label, others=others)
    elif shared is not None and shared.opening.others:
        # Somebody on her own may share with others on their own; a family is not disturbed while it can be helped.
        say = unmet if _a_family_sleeps_there(shared.opening.others) else remark
        yield say(ReasonCode.ROOM_SHARED, room=shared.room.label, others=len(shared.opening.others))
    for lodging in plan.lodgings:
        if lodging.opening.expected:
            # Nobody knows yet who will come: that is no company for a child alone or a boy who must sleep apart.
            careful = lodging.without_adult or any(
                sleeps_apart(one, plan.house.separation_age) for one in lodging.party
            )
            say = unmet if careful else remark
            yield say(ReasonCode.SOMEONE_EXPECTED, room=lodging.room.label, beds=lodging.opening.expected)


def _a_family_sleeps_there(sleepers: Sequence[Occupant]) -> bool:
    households = [one.household for one in sleepers if one.household is not None]
    return len(households) > len(set(households))


def _boys_apart(plan: Plan) -> Iterator[Reason]:
    age = plan.house.separation_age
    asked = wrong = False
    for lodging in plan.lodgings:
        growing = any(sleeps_apart(one, age) for one in lodging.party)
        asked |= growing
        if growing and any(one.sex is Sex.FEMALE for one in lodging.opening.others):
            wrong = True
            yield unmet(ReasonCode.BOY_WITH_UNRELATED, room=lodging.room.label, age=age)
        if any(one.sex is Sex.FEMALE for one in lodging.party) and any(
            sleeps_apart(one, age) for one in lodging.opening.others
        ):
            yield unmet(ReasonCode.UNRELATED_BOY_IN_ROOM, room=lodging.room.label, age=age)
    if asked and not wrong:
        yield met(ReasonCode.BOY_AMONG_HIS_OWN, age=age)


def _children_alone(plan: Plan) -> Iterator[Reason]:
    asked = wrong = False
    for lodging in plan.lodgings:
        others = lodging.opening.others
        if lodging.without_adult:
            asked = True
            if any(one.adult for one in others):
                wrong = True
                yield unmet(ReasonCode.WITH_UNRELATED_ADULT, room=lodging.room.label)
        if any(one.adult for one in lodging.party) and _child_without_family(others):
            yield unmet(ReasonCode.CHILD_ALONE_IN_ROOM, room=lodging.room.label)
    if asked and not wrong:
        yield met(ReasonCode.NO_UNRELATED_ADULT)


def _child_without_family(sleepers: Sequence[Occupant]) -> bool:
    """People of unknown household are taken for one family: an old register names none of them."""
    looked_after = {one.household for one in sleepers if one.adult}
    return any(not one.adult and one.household not in looked_after for one in sleepers)


def _purpose(plan: Plan) -> Iterator[Reason]:
    wrong = False
    for lodging in plan.lodgings:
        if lodging.room.isolates or not lodging.party or purpose_suits(lodging, plan.has_adult):
            continue
        wrong = True
        if lodging.room.purpose is RoomPurpose.GIRLS:
            yield unmet(ReasonCode.GIRLS_ROOM, room=lodging.room.label)
        else:
            yield unmet(ReasonCode.PURPOSE_DIFFERS, room=lodging.room.label, purpose=lodging.room.purpose.value)
    first = plan.lodgings[0].room
    if not wrong and not first.isolates:
        yield met(ReasonCode.PURPOSE_FITS, purpose=first.purpose.value)


def purpose_suits(lodging: Lodging, has_adult: bool) -> bool:
    own = lodging.own
    match lodging.room.purpose:
        case RoomPurpose.ADULT_WOMEN:
            return all(is_woman(one) for one in own)
        case RoomPurpose.GIRLS:
            # Without family; the baby of a girl of sixteen is no reason to send her elsewhere.
            return not has_adult and all(is_teenage_girl(one) or (is_infant(one) and len(own) > 1) for one in own)
        case RoomPurpose.INFANTS:
            return len(own) > 1 and any(is_infant(one) for one in own)
        case RoomPurpose.MOTHER_CHILD:
            # A teenage girl on her own has the girls' room; smaller children without family fit here.
            return any(not one.adult for one in own) and not (len(own) == 1 and is_teenage_girl(own[0]))
        case _:
            return True


def _mobility(plan: Plan) -> Iterator[Reason]:
    rooms = [lodging.room for lodging in plan.lodgings]
    if Need.WHEELCHAIR in plan.needs:
        narrow = next((room for room in rooms if not room.wheelchair), None)
        yield (
            unmet(ReasonCode.NO_WHEELCHAIR_ACCESS, room=narrow.label) if narrow else met(ReasonCode.WHEELCHAIR_ACCESS)
        )
    if plan.needs & ON_THE_GROUND:
        high = next((room for room in rooms if not room.ground_floor), None)
        yield unmet(ReasonCode.UPPER_FLOOR, room=high.label) if high else met(ReasonCode.GROUND_FLOOR)


def _isolation(plan: Plan) -> Iterator[Reason]:
    rooms = [lodging.room for lodging in plan.lodgings]
    if Need.ISOLATION not in plan.needs:
        if kept := next((room for room in rooms if room.isolates), None):
            yield unmet(ReasonCode.ISOLATION_ROOM_KEPT, room=kept.label)
        return
    if open_to_all := next((room for room in rooms if not room.isolates), None):
        yield unmet(ReasonCode.NOT_AN_ISOLATION_ROOM, room=open_to_all.label)
    elif in_use := next((lodging for lodging in plan.lodgings if not lodging.opening.undisturbed), None):
        yield unmet(ReasonCode.ISOLATION_ROOM_IN_USE, room=in_use.room.label)
    else:
        yield met(ReasonCode.ISOLATION_ROOM)


CHECKS: tuple[Check, ...] = (
    _house_bars,
    _boys_age,
    _together,
    _company,
    _boys_apart,
    _children_alone,
    _purpose,
    _mobility,
    _isolation,
)
