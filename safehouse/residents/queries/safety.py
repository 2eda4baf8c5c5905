"""Which houses a household must never share, and why: read for the rules of placing and for the manager."""

from sqlalchemy import Select, case, select, union_all
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState, Clearance
from safehouse.residents.models import Conflict, Resident


def barred_house_ids(session: Session, *, household_id: int | None) -> frozenset[int]:
    """The houses this household must never be in, in one statement: someone lives there whom it must never meet, or
    someone works there who must not come near it. Whoever is away for some nights still lives there.

    Nobody is named. A referral without a household has no conflicts yet.
    """
    if household_id is None:
        return frozenset()
    return frozenset(session.scalars(_barred(household_id)))


def never_with(household_id: int) -> Select[int]:
    """A subquery of the households that must never share a house with this one."""
    return select(case((Conflict.household_id == household_id, Conflict.other_id), else_=Conflict.household_id)).where(
        (Conflict.household_id == household_id) | (Conflict.other_id == household_id),
        Conflict.other_id.is_not(None),
        Conflict.lifted_at.is_(None),
    )


def _barred(household_id: int) -> Select[int]:
    lived_in = select(Resident.house_id).where(
        Resident.house_id.is_not(None), Resident.household_id.in_(never_with(household_id))
    )
    # Clearances are looked at now: whoever begins or ends to work in a house changes nothing that is kept here.
    worked_in = (
        select(Clearance.house_id)
        .join(Account, Account.id == Clearance.account_id)
        .join(Conflict, Conflict.account_id == Clearance.account_id)
        .where(
            Conflict.household_id == household_id,
            Conflict.lifted_at.is_(None),
            Clearance.until.is_(None),
            Account.state != AccountState.DISABLED,
        )
    )
    barred = union_all(lived_in, worked_in).subquery()
    return select(barred.c[0]).distinct()
