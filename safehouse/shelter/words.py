"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.shelter.choices import (
    AnswerKind,
    BedKind,
    DecidedAs,
    Destination,
    ExtensionAnswer,
    ExtensionReason,
    IntakeItem,
    KeptWhere,
    LeaveKind,
    Need,
    OwnWish,
    PlacementBasis,
    ReferralSource,
    ReferralState,
    RefusalGround,
    RoomPurpose,
    StayEnd,
    Urgency,
    WaitingPlace,
)

ROOM_PURPOSES = {
    RoomPurpose.MOTHER_CHILD: _l("Mother with children"),
    RoomPurpose.ADULT_WOMEN: _l("Adult women"),
    RoomPurpose.GIRLS: _l("Girls 13–17 without family"),
    RoomPurpose.INFANTS: _l("Mothers with infants"),
    RoomPurpose.ISOLATION: _l("Isolation for health"),
    RoomPurpose.ANY_FAMILY: _l("Any family"),
}
BED_KINDS = {
    BedKind.BED: _l("Bed"),
    BedKind.COT: _l("Cot"),
    BedKind.MATTRESS: _l("Extra mattress"),
}
NEEDS = {
    Need.WHEELCHAIR: _l("Uses a wheelchair"),
    Need.GROUND_FLOOR: _l("Cannot climb stairs"),
    Need.PREGNANT: _l("Pregnant"),
    Need.ISOLATION: _l("Must sleep apart for health"),
}
REFERRAL_SOURCES = {
    ReferralSource.SELF: _l("Came by herself"),
    ReferralSource.FAMILY: _l("Family"),
    ReferralSource.PUBLIC: _l("Member of the public"),
    ReferralSource.OWN_UNIT: _l("Our own unit"),
    ReferralSource.OTHER_UNIT: _l("UPTD PPA of another region"),
    ReferralSource.POLICE: _l("Police"),
    ReferralSource.PROSECUTOR: _l("Public prosecutor"),
    ReferralSource.COURT: _l("Court"),
    ReferralSource.HEALTH: _l("Hospital or puskesmas"),
    ReferralSource.SOCIAL_AFFAIRS: _l("Social affairs office"),
    ReferralSource.SCHOOL: _l("School"),
    ReferralSource.VILLAGE: _l("Village office"),
    ReferralSource.NGO: _l("Community organisation"),
    ReferralSource.LPSK: _l("LPSK (witness and victim protection)"),
    ReferralSource.SAPA129: _l("SAPA 129 hotline"),
    ReferralSource.MIGRANT_AGENCY: _l("BP3MI or immigration office"),
    ReferralSource.OTHER: _l("Someone else"),
}
REFERRAL_STATES = {
    ReferralState.NEW: _l("New"),
    ReferralState.WAITING: _l("Waiting"),
    ReferralState.ACCEPTED: _l("Accepted"),
    ReferralState.REFUSED: _l("Could not be accepted"),
    ReferralState.WITHDRAWN: _l("Withdrawn"),
}
URGENCIES = {
    Urgency.NOW: _l("Right now"),
    Urgency.TODAY: _l("Today"),
    Urgency.PLANNED: _l("On an agreed day"),
}
BASES = {
    PlacementBasis.DECIDED: _l("Decided"),
    PlacementBasis.EMERGENCY: _l("Emergency"),
    PlacementBasis.IMPORT: _l("From the old register"),
}
STAY_ENDS = {
    StayEnd.MOVED: _l("Moved to another bed"),
    StayEnd.LEFT: _l("Went home"),
    StayEnd.UNDONE: _l("Undone"),
}
LEAVE_KINDS = {
    LeaveKind.HOSPITAL: _l("Hospital"),
    LeaveKind.COURT: _l("Court hearing"),
    LeaveKind.SCHOOL: _l("School or dormitory"),
    LeaveKind.FAMILY: _l("Visit to family"),
    LeaveKind.OTHER: _l("Another reason"),
}
DESTINATIONS = {
    Destination.OWN_FAMILY: _l("Her own family"),
    Destination.EXTENDED_FAMILY: _l("Relatives"),
    Destination.FOSTER_FAMILY: _l("Foster family"),
    Destination.INDEPENDENT: _l("A place of her own"),
    Destination.PARTNER: _l("Back to her husband or partner"),
    Destination.CHILD_CARE_HOME: _l("Children's home (LKSA, panti)"),
    Destination.SOCIAL_HOME: _l("Social home (RPSA, RPTC, sentra)"),
    Destination.BOARDING_SCHOOL: _l("Boarding school (pesantren, asrama)"),
    Destination.OTHER_REGION: _l("UPTD PPA or house in another region"),
    Destination.HOSPITAL: _l("Hospital, for good"),
    Destination.LPSK: _l("Protection by LPSK"),
    Destination.HOME_COUNTRY: _l("Her home country"),
    Destination.UNKNOWN: _l("Not known"),
}
ANSWER_KINDS = {
    AnswerKind.ACCEPTED: _l("Accepted"),
    AnswerKind.WAITING: _l("Asked to wait"),
    AnswerKind.REFUSED: _l("Could not be accepted"),
    AnswerKind.WITHDRAWN: _l("Withdrawn"),
}
REFUSAL_GROUNDS = {
    RefusalGround.FULL: _l("Every place is full"),
    RefusalGround.HOSPITAL_CARE: _l("Needs care in a hospital"),
    RefusalGround.ACUTE_PSYCHIATRIC: _l("Acute mental illness, needs a hospital"),
    RefusalGround.ACUTE_SUBSTANCE: _l("Under the influence of substances, needs a health facility"),
    RefusalGround.HOUSE_SAFETY: _l("A danger to the safety of the house"),
    RefusalGround.CONFLICT: _l("Someone connected with her is in this house"),
    RefusalGround.NOT_TARGET: _l("Not someone this service is for"),
    RefusalGround.UNWILLING: _l("She herself does not want to"),
    RefusalGround.BOYS_AGE: _l("Age limit for boys"),
    RefusalGround.NOT_EQUIPPED: _l("The house lacks what she needs"),
}
WAITING_PLACES = {
    WaitingPlace.HOSPITAL: _l("Hospital"),
    WaitingPlace.RELATIVES: _l("Relatives' home"),
    WaitingPlace.REFERRER: _l("With the referrer"),
    WaitingPlace.NOWHERE_SAFE: _l("Nowhere safe yet"),
}
DECIDED_AS = {
    DecidedAs.HEAD: _l("Head of the unit"),
    DecidedAs.PLH: _l("Acting head (Plh.)"),
    DecidedAs.PLT: _l("Acting head (Plt.)"),
    DecidedAs.MANAGER: _l("Manager"),
}
EXTENSION_REASONS = {
    ExtensionReason.THREAT: _l("The threat is still there"),
    ExtensionReason.LEGAL_PROCESS: _l("Legal process"),
    ExtensionReason.HEALTH: _l("Health"),
    ExtensionReason.PSYCHOLOGICAL: _l("Psychological"),
    ExtensionReason.NEXT_PLACE: _l("Waiting for the next place"),
    ExtensionReason.FAMILY: _l("Waiting for her family"),
    ExtensionReason.SCHOOL_EXAM: _l("Waiting for a school exam"),
}
EXTENSION_ANSWERS = {
    ExtensionAnswer.AS_ASKED: _l("Granted as asked"),
    ExtensionAnswer.FEWER_DAYS: _l("Fewer days granted"),
    ExtensionAnswer.INCOMPLETE: _l("To be completed"),
    ExtensionAnswer.REFUSED: _l("Not granted"),
    ExtensionAnswer.LAPSED: _l("Lapsed without an answer"),
    ExtensionAnswer.WITHDRAWN: _l("Taken back"),
}
OWN_WISHES = {
    OwnWish.STAY: _l("Wants to stay"),
    OwnWish.GO_HOME: _l("Wants to go home"),
    OwnWish.UNDECIDED: _l("Has not decided"),
}
INTAKE_ITEMS = {
    IntakeItem.ALLERGIES: _l("Allergies"),
    IntakeItem.MEDICINES: _l("Medicines"),
    IntakeItem.BELONGINGS: _l("Belongings"),
}
KEPT_WHERE = {
    KeptWhere.SAFE: _l("In the safe"),
    KeptWhere.WITH_HER: _l("With her"),
}
