"""What tests of two families that must never meet do again and again."""

from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Denial,
    IndexedKind,
    OwnerOfIndex,
)
from safehouse.residents.operations.indexing import index_number
from safehouse.residents.operations.safety import (
    check_household,
)
from safehouse.vault.operations import key_of, seal
from tests.office import actor


def name_resident(session, resident, name=None, nik=None):
    if name:
        resident.name = seal(session, resident, "name", name, key=key_of(session, resident.ref))
    if nik:
        index_number(session, kind=IndexedKind.NIK, owner_kind=OwnerOfIndex.RESIDENT, owner=resident.ref, number=nik)
    session.commit()


def check(make, who):
    by = make.account(Role.CASEWORKER)
    found = check_household(make.session, household=who.household, now=make.clock.now, by=actor(by))
    make.session.commit()
    return found


def denied_to_her(make, there, who):
    """A second manager of the house, who must know nothing of this family that lives in it. To her another room is
    free."""
    make.room(there.house, beds=2)
    her = make.account(Role.MANAGER, there.house)
    make.saved(Denial(resident_id=who.one.id, account_id=her.id, since=make.clock.now))
    return her
