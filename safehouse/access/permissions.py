"""What a person may do, and who may do it. This is the only place that says so.

A role says which pages open. Which residents she may see is `residents.queries.seen_by`; which houses is her
clearance.
"""

from enum import StrEnum


class Permission(StrEnum):
    """`scope:resource:action`, one sentence each."""

    ACCOUNT_ADMINISTER = "access:account:administer"  # make, change, disable accounts; activation codes
    ACCOUNT_OWN = "access:account:own"  # her own password, codes, devices, sign-ins; lock; help
    APPROVAL_DECIDE = "access:approval:decide"  # answer what another person asked for
    HOUSE_ADMINISTER = "access:house:administer"  # houses, rooms, beds, closures and their settings
    HOUSE_LOCATE = "access:house:locate"  # open a house's address
    OFFICE_ADMINISTER = "access:office:administer"  # the unit's name, time zone and time limits
    TRAIL_READ = "oversight:trail:read"  # who did and opened what, by codes
    ALERT_WRITE = "residents:alert:write"  # what staff must do or never do for a resident
    ASSIGNMENT_DECIDE = "residents:assignment:decide"  # who is answerable for a resident
    CONFLICT_EXPLAIN = "residents:conflict:explain"  # open why two must not share a house; lift it
    CONFLICT_RECORD = "residents:conflict:record"  # reported persons; who must never share a house; denials
    CONSENT_RECORD = "residents:consent:record"  # what a resident agreed to, and taking it back
    GRANT_REVIEW = "residents:grant:review"  # say whether a break-glass was needed
    GRANT_TAKE = "residents:grant:take"  # break-glass: half an hour with a resident not assigned to her
    IDENTITY_OPEN = "residents:identity:open"  # name, NIK and where she comes from, for two minutes; find her by them
    IDENTITY_RECORD = "residents:identity:record"  # write down who a resident is
    MATTER_RECORD = "residents:matter:record"  # a report of violence and when the police were told
    RELATION_KEEP = "residents:relation:keep"  # relatives of those who work here
    RESIDENT_FIND = "residents:resident:find"  # find a resident by alias or code
    RESIDENT_READ = "residents:resident:read"  # the list and the page of residents visible to her
    AGENDA_READ = "services:agenda:read"  # appointments of the residents visible to her
    APPOINTMENT_MAKE = "services:appointment:make"  # agree on a day, a companion and a safe way
    APPOINTMENT_SETTLE = "services:appointment:settle"  # say what became of an appointment
    MEDIATION_DECIDE = "services:mediation:decide"  # whether a matter may be mediated
    NOTE_READ = "services:note:read"  # notes of her own discipline on residents assigned to her
    PLAN_KEEP = "services:plan:keep"  # open a plan, keep its domains, record what was done
    PLAN_READ = "services:plan:read"  # plans of residents visible to her, as far as the walls allow
    REPORT_PRINT = "services:report:print"  # the progress report on paper
    REVIEW_DECIDE = "services:review:decide"  # approve a review or send it back
    REVIEW_WRITE = "services:review:write"  # the review every three months
    SIMFONI_FILL = "services:simfoni:fill"  # the sheet for the national form
    STAGE_ADMINISTER = "services:stage:administer"  # the list of stages of law
    BED_READY = "shelter:bed:ready"  # say that a bed is clean and ready
    BOARD_READ = "shelter:board:read"  # who sleeps where in her houses, what is free
    DEPARTURE_RECORD = "shelter:departure:record"  # end of a stay
    EXTENSION_ASK = "shelter:extension:ask"  # ask for more days
    DEPARTURE_REVIEW = "shelter:departure:review"  # look at a return to the partner: safety plan, own choice
    EXTENSION_DECIDE = "shelter:extension:decide"  # grant or refuse more days
    INTAKE_RECORD = "shelter:intake:record"  # allergies, medicines, health checks and belongings
    LEAVE_RECORD = "shelter:leave:record"  # out of the house and back
    PLACEMENT_CONFIRM = "shelter:placement:confirm"  # decide a placement as head or acting head
    PLACEMENT_DECIDE = "shelter:placement:decide"  # choose a bed and place a family
    REFERRAL_ANSWER = "shelter:referral:answer"  # accept, ask to wait, refuse and lead on
    REFERRAL_TAKE = "shelter:referral:take"  # write down and read referrals
    REGISTER_IMPORT = "shelter:register:import"  # bring in an office's inventory and register
    SCREENING_RECORD = "shelter:screening:record"  # the twelve questions and how much danger there is
    STAY_MOVE = "shelter:stay:move"  # another bed for someone who lives here; her planned exit
    TODAY_READ = "today:page:read"  # what waits for her today


class Role(StrEnum):
    STAFF = "staff"
    CASEWORKER = "caseworker"
    MANAGER = "manager"
    SECURITY_OFFICER = "security_officer"


_EVERYBODY = frozenset({Permission.ACCOUNT_OWN})
_HOUSE_WORK = frozenset(
    {
        Permission.AGENDA_READ,
        Permission.APPOINTMENT_SETTLE,
        Permission.BED_READY,
        Permission.BOARD_READ,
        Permission.CONSENT_RECORD,
        Permission.DEPARTURE_RECORD,
        Permission.INTAKE_RECORD,
        Permission.LEAVE_RECORD,
        Permission.PLACEMENT_DECIDE,
        Permission.REFERRAL_TAKE,
        Permission.RESIDENT_FIND,
        Permission.RESIDENT_READ,
        Permission.SCREENING_RECORD,
        Permission.STAY_MOVE,
        Permission.TODAY_READ,
    }
)
# The long work with a resident: not for house staff, who see what they need for the night.
_CASE_WORK = frozenset(
    {
        Permission.APPOINTMENT_MAKE,
        Permission.PLAN_READ,
        Permission.REPORT_PRINT,
        Permission.SIMFONI_FILL,
        Permission.ALERT_WRITE,
        Permission.CONFLICT_RECORD,
        Permission.EXTENSION_ASK,
        Permission.GRANT_TAKE,
        Permission.IDENTITY_OPEN,
        Permission.IDENTITY_RECORD,
        Permission.MATTER_RECORD,
        Permission.REFERRAL_ANSWER,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _EVERYBODY | _HOUSE_WORK,
    Role.CASEWORKER: _EVERYBODY
    | _HOUSE_WORK
    | _CASE_WORK
    | {Permission.NOTE_READ, Permission.PLAN_KEEP, Permission.REVIEW_WRITE},
    Role.MANAGER: _EVERYBODY
    | _HOUSE_WORK
    | _CASE_WORK
    | {
        Permission.APPROVAL_DECIDE,
        Permission.ASSIGNMENT_DECIDE,
        Permission.CONFLICT_EXPLAIN,
        Permission.DEPARTURE_REVIEW,
        Permission.EXTENSION_DECIDE,
        Permission.GRANT_REVIEW,
        Permission.HOUSE_ADMINISTER,
        Permission.HOUSE_LOCATE,
        Permission.MEDIATION_DECIDE,
        Permission.PLACEMENT_CONFIRM,
        Permission.REGISTER_IMPORT,
        Permission.REVIEW_DECIDE,
        Permission.STAGE_ADMINISTER,
    },
    Role.SECURITY_OFFICER: _EVERYBODY
    | {
        Permission.ACCOUNT_ADMINISTER,
        Permission.APPROVAL_DECIDE,
        Permission.GRANT_REVIEW,
        Permission.OFFICE_ADMINISTER,
        Permission.RELATION_KEEP,
        Permission.TRAIL_READ,
    },
}


# Someone who set her second step up again, with a recovery code or after a reset, keeps working in her houses at
# night. Until another person has confirmed that it is she, she decides nothing about people, accounts and houses.
ONLY_CONFIRMED = frozenset(
    {
        Permission.ACCOUNT_ADMINISTER,
        Permission.APPROVAL_DECIDE,
        Permission.ASSIGNMENT_DECIDE,
        Permission.CONFLICT_EXPLAIN,
        Permission.CONFLICT_RECORD,
        Permission.DEPARTURE_REVIEW,
        Permission.EXTENSION_DECIDE,
        Permission.GRANT_REVIEW,
        Permission.GRANT_TAKE,
        Permission.HOUSE_ADMINISTER,
        Permission.HOUSE_LOCATE,
        Permission.IDENTITY_OPEN,
        Permission.IDENTITY_RECORD,
        Permission.MATTER_RECORD,
        Permission.MEDIATION_DECIDE,
        Permission.NOTE_READ,
        Permission.OFFICE_ADMINISTER,
        Permission.PLACEMENT_CONFIRM,
        Permission.REGISTER_IMPORT,
        Permission.RELATION_KEEP,
        Permission.REPORT_PRINT,
        Permission.REVIEW_DECIDE,
        Permission.STAGE_ADMINISTER,
    }
)


def allows(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]
