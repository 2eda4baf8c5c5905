"""Sentences about the legal part of a plan."""

from flask_babel import lazy_gettext as _l

from safehouse.access.rules.approving import ApprovalFault
from safehouse.residents.models import Side
from safehouse.services.choices import Accompanied, ProceduralCode
from safehouse.services.models import LegalProcess
from safehouse.services.operations.law import LawRefusal
from safehouse.services.operations.stages_of_law import StageListRefusal, StageNature
from safehouse.services.rules.law import MediationReason
from safehouse.services.words import TRACKS

REFUSALS = {
    LawRefusal.LEFT: _l("She had left the house by then. What comes later belongs to her after-care."),
    LawRefusal.IN_FUTURE: _l("This day has not come yet. Write the day of the letter."),
    LawRefusal.CLOSED: _l("This matter is closed. Nothing was saved."),
    LawRefusal.NO_CODE: _l("A criminal case follows one of the two codes. Choose which."),
    LawRefusal.SEXUAL_VIOLENCE: _l(
        "Sexual violence is not settled outside court, unless the offender is a child (UU 12/2022)."
    ),
    LawRefusal.NEEDS_APPROVAL: _l("A manager decides on mediation. Ask her on the page for it."),
    LawRefusal.OPEN_ALREADY: _l("This matter goes this way already. Choose another one."),
    LawRefusal.NOT_OF_THIS_WAY: _l("This stage is not on the list any more. Choose another one."),
    LawRefusal.RESTORATIVE: _l(
        "Restorative justice is never recorded: the law excludes it for sexual violence, and other violence is not "
        "settled that way here. If the investigator stopped, record that the investigation was stopped."
    ),
    LawRefusal.OUT_OF_ORDER: _l("This stage is out of order here. Write why, and it is saved."),
    LawRefusal.ENDS_BEFORE_IT_BEGINS: _l("The order would end before it begins. Look at both days again."),
    LawRefusal.BEGINS_IN_FUTURE: _l("This has not come yet. Write when the order began."),
    LawRefusal.TOO_LONG: _l("Such an order does not last so long. Look at its last day again."),
    LawRefusal.NOT_SEXUAL_VIOLENCE: _l("This matter is not about sexual violence. Choose another kind of order."),
    LawRefusal.NOT_LATER: _l("A renewal ends later than the order it renews. Look at its last day again."),
    LawRefusal.GIVEN_ON_ANOTHER_DAY: _l("A time is written for orders of the police only. Leave it empty here."),
    LawRefusal.RENEWED: _l("Somebody has recorded its renewal in the meantime."),
    LawRefusal.SETTLED: _l("Somebody has written down that no renewal is wanted."),
    LawRefusal.WITHDRAWN: _l("This order was taken back in the meantime."),
    LawRefusal.GONE_ON: _l("Something has happened since, so this cannot be taken back any more."),
}
FIELD_OF = {
    LawRefusal.LEFT: "on_day",
    LawRefusal.IN_FUTURE: "on_day",
    LawRefusal.NO_CODE: "code",
    LawRefusal.SEXUAL_VIOLENCE: "track",
    LawRefusal.NEEDS_APPROVAL: "track",
    LawRefusal.OPEN_ALREADY: "track",
    LawRefusal.NOT_OF_THIS_WAY: "stage",
    LawRefusal.RESTORATIVE: "stage",
    LawRefusal.OUT_OF_ORDER: "reason",
    LawRefusal.ENDS_BEFORE_IT_BEGINS: "until",
    LawRefusal.BEGINS_IN_FUTURE: "from_day",
    LawRefusal.TOO_LONG: "until",
    LawRefusal.NOT_SEXUAL_VIOLENCE: "kind",
    LawRefusal.NOT_LATER: "until",
    LawRefusal.GIVEN_ON_ANOTHER_DAY: "clock",
}
MEDIATION_REASONS = {
    MediationReason.CHILD_OFFENDER: _l("The offender is a child"),
    MediationReason.OWN_WISH: _l("She wants it herself, after legal advice"),
    MediationReason.ABOUT_CHILDREN: _l("Only custody or maintenance is talked about"),
    MediationReason.COURT_ORDERED: _l("A civil court asks for it first"),
}
DECISION_FAULTS = {
    ApprovalFault.OWN: _l("You asked for this yourself. Another manager answers."),
    ApprovalFault.DECIDED: _l("Somebody has answered this in the meantime."),
    ApprovalFault.EXPIRED: _l("This was not answered in time. It can be asked for again."),
    ApprovalFault.CHANGED: _l("The matter has changed since this was asked for. It must be asked for again."),
    ApprovalFault.SAME_DEVICE: _l("Answer on your own device."),
    ApprovalFault.NOT_HER_HOUSE: _l("She does not live in a house of yours."),
}
NATURES = {
    StageNature.PATH: _l("Everybody goes through it once"),
    StageNature.AGAIN: _l("Everybody goes through it, and it may come again"),
    StageNature.ASIDE: _l("It may come in between, and again"),
    StageNature.WAY_OUT: _l("It ends the process"),
}
STAGE_LIST_REFUSALS = {
    StageListRefusal.LAST_OF_PATH: _l("One stage at least must stay. Add another one first."),
    StageListRefusal.NOT_THERE: _l("Somebody has changed this in the meantime. Load the page again."),
}
WENT_WITH_HER = {
    Accompanied.WORKER: _l("One of us went with her"),
    Accompanied.ADVOCATE: _l("An advocate went with her"),
    Accompanied.NOBODY: _l("Nobody went with her"),
}
SHORT_CODES = {ProceduralCode.KUHAP_1981: "KUHAP 1981", ProceduralCode.KUHAP_2025: "KUHAP 2025"}
ELSEWHERE = {
    Side.VICTIM: _l("She is the victim in a matter that is kept with another family."),
    Side.WITNESS: _l("She is a witness in a matter that is kept with another family."),
    Side.REPORTED: _l("She is the reported person of a matter. Its stages are kept with the victim."),
}


def way_name(process: LegalProcess) -> str:
    """The way, with the code it follows where it has one."""
    name = str(TRACKS[process.track])
    return f"{name}, {SHORT_CODES[process.procedural_code]}" if process.procedural_code else name
