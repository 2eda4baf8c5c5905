"""What is said about someone who lives here: where she is, how long still, why something was refused."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.shelter.operations.moving import StayRefusal, StayRefused
from safehouse.shelter.rules.staying import Nearness, Term

REFUSALS = {
    StayRefusal.NOT_HERE: _l("The stay here has ended in the meantime. Load the page again."),
    StayRefusal.SAME_BED: _l("This is the present bed. Choose another place."),
    StayRefusal.BED_TAKEN: _l("This place was just filled. Choose another one; your answers are kept."),
    StayRefusal.BEFORE_BED_WAS_FREE: _l("Someone still slept there at that time. Write a later time."),
    StayRefusal.IN_FUTURE: _l("This time has not come yet. Write when it happened."),
    StayRefusal.BEFORE_ARRIVAL: _l("This is before the arrival in the house. Write a later time."),
    StayRefusal.BEFORE_LAST_MOVE: _l("This is before the last move. Write a later time."),
    StayRefusal.BACK_BEFORE_LEAVING: _l("Back comes after leaving. Write a later time."),
    StayRefusal.AWAY_TOO_LONG: _l("This is more than 60 days away. Write an earlier day, or record the departure."),
    StayRefusal.ALREADY_AWAY: _l("One of them is already recorded as away. Record the return first."),
    StayRefusal.STILL_AWAY_THEN: _l("An earlier absence was not over yet at that time. Write a later time."),
    StayRefusal.NOT_AWAY: _l("One of them is already back. Load the page again."),
    StayRefusal.AWAY_AFTERWARDS: _l("An absence after this time is recorded. Write a later time."),
    StayRefusal.EXIT_IN_PAST: _l("This day has passed. Write today or a later day."),
    StayRefusal.EXIT_AFTER_LIMIT: _l("The limit is %(day)s. Write that day or an earlier one, or ask for more days."),
    StayRefusal.NEEDS_SECOND_PERSON: _l("This place needs a second person beside you."),
    StayRefusal.NEEDS_CAREGIVER: _l("Children stay in the house. Choose who looks after them."),
    StayRefusal.CAREGIVER_LEAVES: _l("She goes as well. Choose somebody who stays with the children."),
    StayRefusal.CHILD_LEFT_BEHIND: _l(
        "A small child sleeps in the same bed. Tick the child as well, or move the child to another bed first."
    ),
    StayRefusal.CHILDREN_ALONE: _l(
        "Children would stay here without an adult of their own. Tick them as well, or confirm below that they stay."
    ),
    StayRefusal.MUST_NOT_SHARE: _l("She must not share this house. Choose a place in another one."),
    StayRefusal.FAMILY_CHANGED: _l(
        "Who of the family lives here has changed in the meantime. Look at the places again."
    ),
}


def say_refusal(refused: StayRefused, last_day: str = "") -> str:
    """The sentence for this refusal; `last_day` is the day it names, already in words."""
    return str(REFUSALS[refused.reason]) % {"day": last_day}


def say_day(term: Term) -> str:
    """How far into her stay she is, counted against the limit: the day after she came is day 1, and the day of a limit
    of seven days is day 7. The day she came has no number."""
    if term.day <= 0:
        return _("Came today, limit %(limit)s days", limit=term.limit_days)
    if term.warning is Nearness.OVER:
        return _("Day %(day)s, past the limit of %(limit)s days", day=term.day, limit=term.limit_days)
    return _("Day %(day)s of %(limit)s", day=term.day, limit=term.limit_days)


def say_limit(term: Term, limit: str) -> str:
    """The limit of the stay and how far it is; `limit` is the day in words."""
    return _("%(day)s, %(left)s", day=limit, left=say_left(term.limit_left))


def say_left(days: int) -> str:
    """How long until the planned exit."""
    match days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case left if left < 0:
            return _("%(n)s days over", n=-left)
        case left:
            return _("%(n)s days left", n=left)
