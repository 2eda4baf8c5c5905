"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.residents.models import (
    AlertKind,
    ConflictKind,
    ConsentItem,
    DangerLevel,
    GivenBy,
    Reading,
    Relationship,
    Sex,
    Side,
)

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
