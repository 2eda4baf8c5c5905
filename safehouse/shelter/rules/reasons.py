"""Why a place suits a family or not. Codes only; the page has the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReasonKind(StrEnum):
    MET = "met"
    UNMET = "unmet"
    REMARK = "remark"


class Standing(StrEnum):
    """What the house advises. Against advice a place can still be chosen, in the open and with a second person."""

    RECOMMENDED = "recommended"
    POSSIBLE = "possible"
    ADVISED_AGAINST = "advised_against"


class ReasonCode(StrEnum):
    """Each with the details it carries. `room` is the label of the room it is about."""

    # the whole house
    MUST_NOT_SHARE_HOUSE = "must_not_share_house"
    ADULT_MAN = "adult_man"
    BOYS_ACCEPTED = "boys_accepted"  # limit: years
    BOY_OVER_AGE = "boy_over_age"  # limit: years, boys
    BOY_AGE_UNKNOWN = "boy_age_unknown"  # limit: years

    # enough places to sleep
    ENOUGH_BEDS = "enough_beds"  # persons, beds, beside: babies in their mother's bed, cots
    EXTRA_MATTRESS = "extra_mattress"  # mattresses, cots: made on the spot, over capacity
    COT_FOR_INFANT = "cot_for_infant"  # cots
    INFANT_SHARES_BED = "infant_shares_bed"  # children: no cot is free
    SMALL_CHILD_SHARES_BED = "small_child_shares_bed"  # children: beds are short
    BED_TO_BE_CLEANED = "bed_to_be_cleaned"  # beds: their names; free, but nobody has said that they are ready

    # together
    ONE_ROOM = "one_room"  # room
    ADJOINING_ROOMS = "adjoining_rooms"  # rooms
    FAMILY_SPLIT = "family_split"  # rooms
    CHILDREN_WITHOUT_ADULT = "children_without_adult"  # room, children
    CHILD_IN_ANOTHER_HOUSE = "child_in_another_house"  # children: no adult of theirs would live in their house
    SMALL_CHILD_ALONE = "small_child_alone"  # children: too small to sleep in a room without an adult of theirs
    CHILD_IN_ANOTHER_ROOM = "child_in_another_room"  # children: older ones who would
    ROOM_TO_THEMSELVES = "room_to_themselves"
    ROOM_SHARED = "room_shared"  # room, others
    SOMEONE_EXPECTED = "someone_expected"  # room, beds: held for people not described

    # who may sleep beside whom
    BOY_AMONG_HIS_OWN = "boy_among_his_own"  # age: years
    BOY_WITH_UNRELATED = "boy_with_unrelated"  # room, age: years
    UNRELATED_BOY_IN_ROOM = "unrelated_boy_in_room"  # room, age: years
    NO_UNRELATED_ADULT = "no_unrelated_adult"
    WITH_UNRELATED_ADULT = "with_unrelated_adult"  # room
    CHILD_ALONE_IN_ROOM = "child_alone_in_room"  # room: an adult would join a child who is there without her family

    # what the room is for
    PURPOSE_FITS = "purpose_fits"  # purpose
    PURPOSE_DIFFERS = "purpose_differs"  # room, purpose
    GIRLS_ROOM = "girls_room"  # room: only for girls of 13 to 17 without family
    KEEPS_FAMILY_ROOM_FREE = "keeps_family_room_free"  # rooms, in the remark on the whole list
    FAMILY_ROOM_NEEDED_FOR_FAMILIES = "family_room_needed_for_families"  # room

    # needs
    WHEELCHAIR_ACCESS = "wheelchair_access"
    NO_WHEELCHAIR_ACCESS = "no_wheelchair_access"  # room
    GROUND_FLOOR = "ground_floor"
    UPPER_FLOOR = "upper_floor"  # room
    ISOLATION_ROOM = "isolation_room"
    NOT_AN_ISOLATION_ROOM = "not_an_isolation_room"  # room
    ISOLATION_ROOM_IN_USE = "isolation_room_in_use"  # room
    ISOLATION_ROOM_KEPT = "isolation_room_kept"  # room: kept for people who are contagious

    # remarks on the whole list
    NOTHING_FREE = "nothing_free"
    NO_PLACE_FOR_ALL = "no_place_for_all"  # persons
    ONLY_AGAINST_ADVICE = "only_against_advice"
    NO_ONE_ROOM_FOR_ALL = "no_one_room_for_all"  # persons
    NO_ISOLATION_ROOM = "no_isolation_room"
    ONLY_BARRED = "only_barred"  # every house with room for them is one they must not share
    LARGEST_FAMILY = "largest_family"  # persons: the most that would fit one room undisturbed


HOUSE_WIDE = frozenset({ReasonCode.MUST_NOT_SHARE_HOUSE, ReasonCode.ADULT_MAN, ReasonCode.BOY_OVER_AGE})
AGAINST_ADVICE = HOUSE_WIDE | {
    ReasonCode.BOY_WITH_UNRELATED,
    ReasonCode.UNRELATED_BOY_IN_ROOM,
    ReasonCode.WITH_UNRELATED_ADULT,
    ReasonCode.CHILD_ALONE_IN_ROOM,
    ReasonCode.GIRLS_ROOM,
    ReasonCode.NOT_AN_ISOLATION_ROOM,
    ReasonCode.ISOLATION_ROOM_IN_USE,
    ReasonCode.ISOLATION_ROOM_KEPT,
    # A family that arrives is never put to bed like this. One that lives here may have to be.
    ReasonCode.CHILD_IN_ANOTHER_HOUSE,
    ReasonCode.SMALL_CHILD_ALONE,
}


@dataclass(frozen=True, slots=True)
class Reason:
    kind: ReasonKind
    code: ReasonCode
    detail: Mapping[str, str | int] = field(default_factory=dict, hash=False)


def met(code: ReasonCode, **detail: str | int) -> Reason:
    return Reason(ReasonKind.MET, code, detail)


def unmet(code: ReasonCode, **detail: str | int) -> Reason:
    return Reason(ReasonKind.UNMET, code, detail)


def remark(code: ReasonCode, **detail: str | int) -> Reason:
    return Reason(ReasonKind.REMARK, code, detail)


def standing_of(reasons: tuple[Reason, ...]) -> Standing:
    """One reason against advice outweighs everything; anything else unmet leaves a place possible."""
    missing = {reason.code for reason in reasons if reason.kind is ReasonKind.UNMET}
    if missing & AGAINST_ADVICE:
        return Standing.ADVISED_AGAINST
    return Standing.POSSIBLE if missing else Standing.RECOMMENDED
