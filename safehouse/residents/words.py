"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.residents.models import (
    AlertKind,
    ConflictKind,
    ConsentItem,
    DangerLevel,
    Examiner,
    GivenBy,
    HealthOutcome,
    Reading,
    Relationship,
    Sex,
    Side,
    Signing,
    Told,
)
from safehouse.residents.rules.consenting import NotNow, Tongue
from safehouse.residents.rules.danger import Answer, DangerGround
from safehouse.residents.rules.granting import GrantFault
from safehouse.residents.rules.identifying import IdentityReason, SoughtBy

SEXES = {
    Sex.FEMALE: _l("Female"),
    Sex.MALE: _l("Male"),
}
RELATIONSHIPS = {
    Relationship.HUSBAND: _l("Husband"),
    Relationship.FORMER_HUSBAND: _l("Former husband"),
    Relationship.PARTNER: _l("Partner"),
    Relationship.FATHER: _l("Father"),
    Relationship.STEPFATHER: _l("Stepfather"),
    Relationship.MOTHER: _l("Mother"),
    Relationship.SIBLING: _l("Brother or sister"),
    Relationship.OTHER_FAMILY: _l("Other family"),
    Relationship.NEIGHBOUR: _l("Neighbour"),
    Relationship.TEACHER: _l("Teacher or religious teacher"),
    Relationship.EMPLOYER: _l("Employer"),
    Relationship.OFFICIAL: _l("Official or officer"),
    Relationship.ACQUAINTANCE: _l("Acquaintance"),
    Relationship.STRANGER: _l("Stranger"),
    Relationship.UNKNOWN: _l("Not known yet"),
}
DANGER_LEVELS = {
    DangerLevel.LOW: _l("Low"),
    DangerLevel.MEDIUM: _l("Medium"),
    DangerLevel.HIGH: _l("High"),
}
CONFLICT_KINDS = {
    ConflictKind.SAME_REPORTED: _l("Both were hurt by the same person"),
    ConflictKind.REPORTED_LIVES_HERE: _l("One is the reported person of the other"),
    ConflictKind.OPPOSITE_SIDES: _l("They stand on opposite sides of a legal matter"),
    ConflictKind.RELATIVES: _l("They are related, or related to the reported person"),
    ConflictKind.STAFF_RELATED: _l("Someone who works in this house is related to the reported person"),
    ConflictKind.DENIED: _l("Someone who works in this house must know nothing of her"),
}
ALERT_KINDS = {
    AlertKind.DO: _l("Always do"),
    AlertKind.NEVER: _l("Never do"),
    AlertKind.ALLERGY: _l("Allergy"),
}
EXAMINERS = {
    Examiner.HEALTH_WORKER: _l("A nurse, midwife or doctor who came to the house"),
    Examiner.CLINIC: _l("Puskesmas"),
    Examiner.HOSPITAL: _l("Hospital"),
}
HEALTH_OUTCOMES = {
    HealthOutcome.NOTHING_NEEDED: _l("Nothing more is needed"),
    HealthOutcome.CARE_NEEDED: _l("Care is needed"),
    HealthOutcome.DECLINED: _l("She declined"),
}
SIDES = {
    Side.VICTIM: _l("Victim"),
    Side.WITNESS: _l("Witness"),
    Side.REPORTED: _l("Reported person"),
}
CONSENT_ITEMS = {
    ConsentItem.STAY: _l("Staying here for a while, and that her needs are written down"),
    ConsentItem.HOUSE_RULES: _l("The house rules"),
    ConsentItem.HEALTH_CHECK: _l("A first health check"),
    ConsentItem.COUNSELLING: _l("Psychological counselling"),
    ConsentItem.LEGAL_AID: _l("Legal aid"),
    ConsentItem.AGENCY: _l("Telling one agency one thing"),
    ConsentItem.PHOTOGRAPH: _l("A photograph for her file"),
    ConsentItem.AFTER_CARE: _l("Being contacted after she has left"),
}
READINGS = {
    Reading.HERSELF: _l("She read it herself"),
    Reading.ALOUD: _l("Read aloud by staff"),
    Reading.INTERPRETER: _l("Through an interpreter"),
}
GIVEN_BY = {
    GivenBy.HERSELF: _l("She herself"),
    GivenBy.GUARDIAN: _l("Her guardian"),
    GivenBy.BEST_INTEREST: _l("Two of the staff, in the child's best interest"),
}
IDENTITY_REASONS = {
    IdentityReason.MEDICAL: _l("Referral or medical examination"),
    IdentityReason.LEGAL_LETTER: _l("Letter or legal process"),
    IdentityReason.SCHOOL_PAPERS: _l("School or civil papers"),
    IdentityReason.CORRECTION: _l("Checking what was written down"),
    IdentityReason.EMERGENCY: _l("An emergency"),
}
SOUGHT_BY = {
    SoughtBy.ALIAS: _l("Alias or code"),
    SoughtBy.NIK: _l("NIK"),
    SoughtBy.PHONE: _l("Telephone"),
    SoughtBy.NAME: _l("Name"),
}
GRANT_FAULTS = {
    GrantFault.NO_SUCH_RESIDENT: _l("No resident with this code lives in a house. Look at the code again."),
    GrantFault.ALREADY_HERS: _l("You see this resident already. Find her in your list."),
    GrantFault.TOO_MANY_UNREVIEWED: _l(
        "Three of your emergency openings wait for their review. Ask a manager to review them first."
    ),
    GrantFault.OWN: _l("Somebody else reviews your emergency opening."),
    GrantFault.REVIEWED: _l("This was reviewed by someone else in the meantime."),
}

# Each ground as a sentence, for every way it can be answered.
DANGER_GROUNDS = {
    (DangerGround.THREAT, Answer.YES): _l("She or a child is threatened with injury or death"),
    (DangerGround.THREAT, Answer.UNKNOWN): _l("Not known yet whether she or a child is threatened"),
    (DangerGround.THREAT, Answer.NO): _l("Nobody threatens to injure or kill her or a child"),
    (DangerGround.WEAPON, Answer.YES): _l("The reported person has a weapon or a network"),
    (DangerGround.WEAPON, Answer.UNKNOWN): _l("Not known yet whether the reported person has a weapon or a network"),
    (DangerGround.WEAPON, Answer.NO): _l("The reported person has no weapon and no network"),
    (DangerGround.WORSE, Answer.YES): _l("It became more frequent or worse this month"),
    (DangerGround.WORSE, Answer.UNKNOWN): _l("Not known yet whether it became worse this month"),
    (DangerGround.WORSE, Answer.NO): _l("It did not become worse this month"),
    (DangerGround.KNOWS_PLACE, Answer.YES): _l("The reported person knows where she is"),
    (DangerGround.KNOWS_PLACE, Answer.UNKNOWN): _l("Not known yet whether the reported person knows where she is"),
    (DangerGround.KNOWS_PLACE, Answer.NO): _l("The reported person does not know where she is"),
    (DangerGround.PHONE_TRACED, Answer.YES): _l("Her phone or an account may be traced"),
    (DangerGround.PHONE_TRACED, Answer.UNKNOWN): _l("Not known yet whether her phone is traced"),
    (DangerGround.PHONE_TRACED, Answer.NO): _l("Her phone and accounts are not traced"),
    (DangerGround.SELF_HARM, Answer.YES): _l("She thinks of ending her life"),
    (DangerGround.SELF_HARM, Answer.UNKNOWN): _l("Not known yet whether she thinks of ending her life"),
    (DangerGround.SELF_HARM, Answer.NO): _l("She does not think of ending her life"),
}
SIGNINGS = {
    Signing.PAPER: _l("Signed on paper"),
    Signing.THUMB: _l("Thumbprint on paper"),
    Signing.SPOKEN: _l("Said aloud, with a witness"),
}
TOLD = {
    Told.SAFE: _l("That she is safe"),
    Told.EXAMINATION_DAY: _l("The day of an examination"),
    Told.HEARING_DAY: _l("The day of a hearing or an interview"),
    Told.HIGH_DANGER: _l("That she is in high danger"),
    Told.NOT_FAMILY: _l("That her family must not be called"),
}
TONGUES = {
    Tongue.INDONESIAN: _l("Indonesian"),
    Tongue.JAVANESE: _l("Javanese"),
    Tongue.SUNDANESE: _l("Sundanese"),
    Tongue.MADURESE: _l("Madurese"),
    Tongue.BETAWI: _l("Betawi"),
    Tongue.BANJAR: _l("Banjar"),
    Tongue.BUGIS: _l("Bugis"),
    Tongue.MINANGKABAU: _l("Minangkabau"),
    Tongue.BATAK: _l("Batak"),
    Tongue.BALINESE: _l("Balinese"),
    Tongue.ENGLISH: _l("English"),
    Tongue.SIGN: _l("Sign language"),
    Tongue.OTHER: _l("Another language"),
}
NOT_NOW = {
    NotNow.REFUSED: _l("No"),
    NotNow.WITHDRAWN: _l("Taken back"),
    NotNow.REPLACED: _l("Answered anew"),
    NotNow.OVER: _l("Its time is over"),
    NotNow.GROWN_UP: _l("She is 18 now: ask her herself"),
    NotNow.GUARDIAN_REPORTED: _l("Does not count: the guardian is a reported person"),
}
