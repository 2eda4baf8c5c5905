"""The closed lists of the shelter: rooms, beds, referrals, stays. Values are stored, words are for the screen."""

from enum import StrEnum


class RoomPurpose(StrEnum):
    """Whom a room is kept for."""

    MOTHER_CHILD = "mother_child"
    ADULT_WOMEN = "adult_women"
    GIRLS = "girls"  # 13 to 17, without family
    INFANTS = "infants"  # mothers with infants
    ISOLATION = "isolation"
    ANY_FAMILY = "any_family"


class BedKind(StrEnum):
    BED = "bed"
    COT = "cot"
    MATTRESS = "mattress"  # laid on the spot, over capacity, gone when its person leaves


class Need(StrEnum):
    """What a family needs from a room."""

    WHEELCHAIR = "wheelchair"
    GROUND_FLOOR = "ground_floor"  # cannot climb stairs
    PREGNANT = "pregnant"
    ISOLATION = "isolation"  # contagious


class ReferralSource(StrEnum):
    """Who sent or brought the family."""

    SELF = "self"
    FAMILY = "family"
    PUBLIC = "public"
    OWN_UNIT = "own_unit"
    OTHER_UNIT = "other_unit"
    POLICE = "police"
    PROSECUTOR = "prosecutor"
    COURT = "court"
    HEALTH = "health"
    SOCIAL_AFFAIRS = "social_affairs"
    SCHOOL = "school"
    VILLAGE = "village"
    NGO = "ngo"
    LPSK = "lpsk"  # the national witness and victim protection agency
    SAPA129 = "sapa129"  # the ministry's hotline
    MIGRANT_AGENCY = "migrant_agency"
    OTHER = "other"


class ReferralState(StrEnum):
    NEW = "new"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Urgency(StrEnum):
    NOW = "now"
    TODAY = "today"
    PLANNED = "planned"


class PlacementBasis(StrEnum):
    """On what a placement rests; an emergency is confirmed by the head within a day."""

    DECIDED = "decided"
    EMERGENCY = "emergency"
    IMPORT = "import"


class StayEnd(StrEnum):
    """Why one bed period ended."""

    MOVED = "moved"
    LEFT = "left"
    UNDONE = "undone"


class LeaveKind(StrEnum):
    """Away overnight while the bed is kept."""

    HOSPITAL = "hospital"
    COURT = "court"
    SCHOOL = "school"
    FAMILY = "family"
    OTHER = "other"


class Destination(StrEnum):
    """Where a resident goes when she leaves for good."""

    OWN_FAMILY = "own_family"
    EXTENDED_FAMILY = "extended_family"
    FOSTER_FAMILY = "foster_family"
    INDEPENDENT = "independent"
    PARTNER = "partner"  # returning to him: needs a safety plan and the manager's review
    CHILD_CARE_HOME = "child_care_home"  # LKSA, panti
    SOCIAL_HOME = "social_home"  # RPSA, RPTC, sentra
    BOARDING_SCHOOL = "boarding_school"  # pesantren, asrama
    OTHER_REGION = "other_region"
    HOSPITAL = "hospital"
    LPSK = "lpsk"
    HOME_COUNTRY = "home_country"
    UNKNOWN = "unknown"


class AnswerKind(StrEnum):
    """What a referral is answered."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RefusalGround(StrEnum):
    """Why a family cannot be accepted (`domain.md` 3.1). Disability, pregnancy, faith, missing papers and not wanting
    the police are no grounds."""

    FULL = "full"
    HOSPITAL_CARE = "hospital_care"
    ACUTE_PSYCHIATRIC = "acute_psychiatric"
    ACUTE_SUBSTANCE = "acute_substance"
    HOUSE_SAFETY = "house_safety"
    CONFLICT = "conflict"
    NOT_TARGET = "not_target"
    UNWILLING = "unwilling"
    BOYS_AGE = "boys_age"
    NOT_EQUIPPED = "not_equipped"


class WaitingPlace(StrEnum):
    """Where a family that waits is meanwhile."""

    HOSPITAL = "hospital"
    RELATIVES = "relatives"
    REFERRER = "referrer"
    NOWHERE_SAFE = "nowhere_safe"


class DecidedAs(StrEnum):
    """In which capacity a placement was decided; papers print it."""

    HEAD = "head"
    PLH = "plh"
    PLT = "plt"
    MANAGER = "manager"  # where no head is registered


class ExtensionReason(StrEnum):
    """Why more days are needed (`domain.md` 3.3)."""

    THREAT = "threat"
    LEGAL_PROCESS = "legal_process"
    HEALTH = "health"
    PSYCHOLOGICAL = "psychological"
    NEXT_PLACE = "next_place"
    FAMILY = "family"
    SCHOOL_EXAM = "school_exam"


class ExtensionAnswer(StrEnum):
    """What became of a request for more days."""

    AS_ASKED = "as_asked"
    FEWER_DAYS = "fewer_days"
    INCOMPLETE = "incomplete"  # asked to be completed and handed in again
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody answered in time, or who lives here changed before anybody did
    WITHDRAWN = "withdrawn"  # taken back by the one who asked


class OwnWish(StrEnum):
    """What she herself wants, asked anew each time."""

    STAY = "stay"
    GO_HOME = "go_home"
    UNDECIDED = "undecided"


class IntakeItem(StrEnum):
    """What is asked of each person at arrival."""

    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    BELONGINGS = "belongings"


class KeptWhere(StrEnum):
    SAFE = "safe"  # the locked cupboard of the house
    WITH_HER = "with_her"
