"""The rule's reasons as people read them. One whole sentence for each code; the rule itself knows no language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.rules.reasons import Reason, ReasonCode, ReasonKind, Standing
from safehouse.shelter.words import ROOM_PURPOSES

SENTENCES = {
    ReasonCode.MUST_NOT_SHARE_HOUSE: _l("Must not share this house"),
    ReasonCode.ADULT_MAN: _l("An adult man: the houses take women and children"),
    ReasonCode.BOYS_ACCEPTED: _l("Boys up to %(limit)s years stay with their mother here"),
    ReasonCode.BOY_OVER_AGE: _l("Boys above %(limit)s years are not taken in here. Ask the mother what she wants."),
    ReasonCode.BOY_AGE_UNKNOWN: _l("The age of a boy is not known; this house takes boys up to %(limit)s years"),
    ReasonCode.ENOUGH_BEDS: _l("%(persons)s people use %(beds)s beds"),
    ReasonCode.EXTRA_MATTRESS: _l("%(mattresses)s extra mattresses and %(cots)s extra cots, over capacity"),
    ReasonCode.COT_FOR_INFANT: _l("A cot for the baby"),
    ReasonCode.INFANT_SHARES_BED: _l("No cot is free: the baby sleeps beside her mother"),
    ReasonCode.SMALL_CHILD_SHARES_BED: _l("Beds are short: %(children)s small child sleeps beside the mother"),
    ReasonCode.BED_TO_BE_CLEANED: _l("Still to be cleaned: %(beds)s"),
    ReasonCode.ONE_ROOM: _l("The whole family in room %(room)s"),
    ReasonCode.ADJOINING_ROOMS: _l("In two rooms side by side: %(rooms)s"),
    ReasonCode.FAMILY_SPLIT: _l("The family would sleep apart, in rooms %(rooms)s"),
    ReasonCode.CHILDREN_WITHOUT_ADULT: _l("%(children)s children would sleep in room %(room)s without an adult"),
    ReasonCode.ROOM_TO_THEMSELVES: _l("Nobody else in the room"),
    ReasonCode.ROOM_SHARED: _l("%(others)s other people sleep in room %(room)s"),
    ReasonCode.SOMEONE_EXPECTED: _l("%(beds)s beds in room %(room)s are held for others"),
    ReasonCode.BOY_AMONG_HIS_OWN: _l("The boy shares a room with his own family only"),
    ReasonCode.BOY_WITH_UNRELATED: _l(
        "A boy of %(age)s or more would share room %(room)s with women who are not his family"
    ),
    ReasonCode.UNRELATED_BOY_IN_ROOM: _l("A boy of %(age)s or more from another family sleeps in room %(room)s"),
    ReasonCode.NO_UNRELATED_ADULT: _l("No adult outside the family in the room"),
    ReasonCode.WITH_UNRELATED_ADULT: _l("A child without family would share room %(room)s with an adult"),
    ReasonCode.CHILD_ALONE_IN_ROOM: _l("A child without family sleeps in room %(room)s"),
    ReasonCode.PURPOSE_FITS: _l("The room is meant for this: %(purpose)s"),
    ReasonCode.PURPOSE_DIFFERS: _l("Room %(room)s is meant for others: %(purpose)s"),
    ReasonCode.GIRLS_ROOM: _l("Room %(room)s is only for girls of 13 to 17 without family"),
    ReasonCode.KEEPS_FAMILY_ROOM_FREE: _l("A single bed is free, so family rooms stay free for families: %(rooms)s"),
    ReasonCode.FAMILY_ROOM_NEEDED_FOR_FAMILIES: _l(
        "Room %(room)s should stay free for a family; a single bed is free elsewhere"
    ),
    ReasonCode.WHEELCHAIR_ACCESS: _l("A wheelchair can get in"),
    ReasonCode.NO_WHEELCHAIR_ACCESS: _l("A wheelchair cannot get into room %(room)s"),
    ReasonCode.GROUND_FLOOR: _l("On the ground floor"),
    ReasonCode.UPPER_FLOOR: _l("Room %(room)s is upstairs"),
    ReasonCode.ISOLATION_ROOM: _l("An isolation room, with nobody else in it"),
    ReasonCode.NOT_AN_ISOLATION_ROOM: _l("Room %(room)s is no isolation room"),
    ReasonCode.ISOLATION_ROOM_IN_USE: _l("Someone already sleeps in the isolation room %(room)s"),
    ReasonCode.ISOLATION_ROOM_KEPT: _l("Room %(room)s is kept for people who must sleep apart for health"),
    ReasonCode.NOTHING_FREE: _l("No bed is free tonight."),
    ReasonCode.NO_PLACE_FOR_ALL: _l("No house has room for all %(persons)s tonight."),
    ReasonCode.ONLY_AGAINST_ADVICE: _l("Every place left speaks against one of the rules."),
    ReasonCode.ONLY_BARRED: _l("Every house with a free place is one they must not share."),
    ReasonCode.NO_ONE_ROOM_FOR_ALL: _l("No single room takes all %(persons)s."),
    ReasonCode.NO_ISOLATION_ROOM: _l("No isolation room is free."),
    ReasonCode.LARGEST_FAMILY: _l("The largest family that fits one room undisturbed tonight: %(persons)s people."),
}

STANDINGS = {
    Standing.RECOMMENDED: _l("Meets all %(asked)s conditions"),
    Standing.POSSIBLE: _l("Meets %(met)s of %(asked)s conditions"),
    Standing.ADVISED_AGAINST: _l("Not advised"),
}
STANDING_SIGNS = {
    Standing.RECOMMENDED: ("ok", "check"),
    Standing.POSSIBLE: ("wait", "half"),
    Standing.ADVISED_AGAINST: ("stop", "cross"),
}
KINDS = {ReasonKind.UNMET: "no", ReasonKind.MET: "yes", ReasonKind.REMARK: "hm"}


# Counted, so each has its own sentence for one child.
APART = frozenset({ReasonCode.CHILD_IN_ANOTHER_HOUSE, ReasonCode.SMALL_CHILD_ALONE, ReasonCode.CHILD_IN_ANOTHER_ROOM})


def say(reason: Reason) -> str:
    """The sentence for this reason, in the language of the page."""
    detail: dict[str, str | int] = dict(reason.detail)
    if "purpose" in detail:
        detail["purpose"] = str(ROOM_PURPOSES[RoomPurpose(str(detail["purpose"]))]).lower()
    if "children" in detail and reason.code in APART:
        return _apart(reason.code, int(detail["children"]))
    if reason.code is ReasonCode.EXTRA_MATTRESS:
        return _extra(int(detail.get("mattresses", 0)), int(detail.get("cots", 0)))
    told = str(SENTENCES[reason.code]) % detail
    if reason.code is ReasonCode.ENOUGH_BEDS and detail.get("cots"):
        told += "; " + ngettext("%(num)s baby in a cot", "%(num)s babies in cots", int(detail["cots"]))
    if reason.code is ReasonCode.ENOUGH_BEDS and (beside := int(detail.get("beside", 0))):
        told += "; " + (
            _("the baby sleeps beside her mother")
            if beside == 1
            else _("%(n)s babies sleep beside their mother", n=beside)
        )
    return told


def _extra(mattresses: int, cots: int) -> str:
    if not cots:
        return _("%(n)s extra mattress, over capacity", n=mattresses)
    if not mattresses:
        return _("%(n)s extra cot, over capacity", n=cots)
    return str(SENTENCES[ReasonCode.EXTRA_MATTRESS]) % {"mattresses": mattresses, "cots": cots}


def _apart(code: ReasonCode, children: int) -> str:
    """Who would be without her mother, or whoever else came with her."""
    if code is ReasonCode.CHILD_IN_ANOTHER_HOUSE:
        return ngettext(
            "%(num)s child would live in a house without an adult of her own",
            "%(num)s children would live in a house without an adult of their own",
            children,
        )
    if code is ReasonCode.SMALL_CHILD_ALONE:
        return ngettext(
            "%(num)s small child would sleep in a room without an adult of her own",
            "%(num)s small children would sleep in a room without an adult of their own",
            children,
        )
    return ngettext(
        "%(num)s child would sleep in another room than the adult of her own",
        "%(num)s children would sleep in another room than the adult of their own",
        children,
    )
