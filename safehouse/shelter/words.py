"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.shelter.choices import (
    BedKind,
    Destination,
    LeaveKind,
    Need,
    PlacementBasis,
    ReferralSource,
    ReferralState,
    RoomPurpose,
    StayEnd,
    Urgency,
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
