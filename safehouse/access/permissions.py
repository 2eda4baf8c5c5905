"""What a person may do, and who may do it. This is the only place that says so.

A role says which pages open. Which residents she may see is `residents.queries.visible_to`; which houses is her
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
    ASSIGNMENT_DECIDE = "residents:assignment:decide"  # who is answerable for a resident
    RESIDENT_READ = "residents:resident:read"  # the list and the page of residents visible to her
    BOARD_READ = "shelter:board:read"  # who sleeps where in her houses, what is free
    DEPARTURE_RECORD = "shelter:departure:record"  # end of a stay
    LEAVE_RECORD = "shelter:leave:record"  # out of the house and back
    PLACEMENT_DECIDE = "shelter:placement:decide"  # choose a bed and place a family
    REFERRAL_TAKE = "shelter:referral:take"  # write down and read referrals
    REGISTER_IMPORT = "shelter:register:import"  # bring in an office's inventory and register
    STAY_MOVE = "shelter:stay:move"  # another bed for someone who lives here; her planned exit


class Role(StrEnum):
    STAFF = "staff"
    CASEWORKER = "caseworker"
    MANAGER = "manager"
    SECURITY_OFFICER = "security_officer"


_EVERYBODY = frozenset({Permission.ACCOUNT_OWN})
_HOUSE_WORK = frozenset(
    {
        Permission.RESIDENT_READ,
        Permission.BOARD_READ,
        Permission.DEPARTURE_RECORD,
        Permission.LEAVE_RECORD,
        Permission.PLACEMENT_DECIDE,
        Permission.REFERRAL_TAKE,
        Permission.STAY_MOVE,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _EVERYBODY | _HOUSE_WORK,
    Role.CASEWORKER: _EVERYBODY | _HOUSE_WORK,
    Role.MANAGER: _EVERYBODY
    | _HOUSE_WORK
    | {
        Permission.APPROVAL_DECIDE,
        Permission.HOUSE_ADMINISTER,
        Permission.HOUSE_LOCATE,
        Permission.ASSIGNMENT_DECIDE,
        Permission.REGISTER_IMPORT,
    },
    Role.SECURITY_OFFICER: _EVERYBODY
    | {
        Permission.ACCOUNT_ADMINISTER,
        Permission.APPROVAL_DECIDE,
        Permission.OFFICE_ADMINISTER,
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
        Permission.HOUSE_ADMINISTER,
        Permission.HOUSE_LOCATE,
        Permission.OFFICE_ADMINISTER,
        Permission.REGISTER_IMPORT,
    }
)


def allows(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]
