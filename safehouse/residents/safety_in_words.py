"""Sentences about who must not come near whom."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.residents.operations.denying import DenialRefusal
from safehouse.residents.operations.matters import MatterRefusal
from safehouse.residents.operations.safety import LiftReason, SafetyRefusal
from safehouse.residents.rules.identifying import SEARCHES_AN_HOUR

LIFT_REASONS = {
    LiftReason.OTHER_PEOPLE: _l("They are other people after all"),
    LiftReason.WRITTEN_BY_MISTAKE: _l("It was written down by mistake"),
    LiftReason.BOTH_AGREE: _l("It is settled, and both agree"),
}
SAFETY_REFUSALS = {
    SafetyRefusal.NOTHING_KNOWN: _l("Write at least one of these: name, NIK, telephone or number plate."),
    SafetyRefusal.SAME_HOUSEHOLD: _l("They came together. Choose someone of another family."),
    SafetyRefusal.ALREADY_STANDS: _l("This is written down already."),
    SafetyRefusal.NOT_STANDING: _l("Someone else has lifted this in the meantime. Load the page again."),
}
DENIAL_REFUSALS = {
    DenialRefusal.ALREADY_DENIED: _l("This is written down already."),
    DenialRefusal.YOURSELF: _l("Nobody closes a resident to herself. Ask a colleague to write it down."),
    DenialRefusal.LAST_MANAGER: _l(
        "Nobody else manages her house. Ask the security officer for another manager first."
    ),
    DenialRefusal.NEEDS_STAND_IN: _l("This person works in her house. Choose someone else who does that work for her."),
    DenialRefusal.STAND_IN_ELSEWHERE: _l("This colleague does not work in her house. Choose someone who does."),
    DenialRefusal.STAND_IN_DENIED: _l("This colleague must know nothing of her either. Choose someone else."),
}
DENIAL_FIELDS = dict.fromkeys((DenialRefusal.ALREADY_DENIED, DenialRefusal.YOURSELF, DenialRefusal.LAST_MANAGER), "who")
MATTER_REFUSALS = {
    MatterRefusal.NO_PARTY: _l("Say for at least one of them where she stands."),
    MatterRefusal.NO_REPORT_TIME: _l("Of sexual violence this time is needed: from then on 3 x 24 hours run."),
    MatterRefusal.IN_FUTURE: _l("This time has not come yet. Write when she reported it."),
    MatterRefusal.TOLD_IN_FUTURE: _l("This time has not come yet. Write when the police were told."),
    MatterRefusal.TOLD_BEFORE_REPORT: _l("This is before the victim reported it. Write a later time."),
    MatterRefusal.ALREADY_TOLD: _l("This is written down already."),
    MatterRefusal.ALREADY_PARTY: _l("This is written down already."),
}


def too_many_look_ups() -> str:
    """Searches, and names and numbers that were written down, count together."""
    return _("You have searched %(n)s times within an hour. Wait a while, or ask a colleague.", n=SEARCHES_AN_HOUR)
