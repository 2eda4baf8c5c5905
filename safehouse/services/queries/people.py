"""Whom of the unit one may name on the pages of a plan."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState, Clearance
from safehouse.access.permissions import Role


def colleagues(session: Session, *, house_id: int | None) -> list[Account]:
    """Everyone active who works in this house, and every caseworker, by name: who may be asked to do something for a
    resident, or to go with her."""
    works_there = (
        select(Clearance.id)
        .where(Clearance.account_id == Account.id, Clearance.house_id == house_id, Clearance.until.is_(None))
        .exists()
    )
    return list(
        session.scalars(
            select(Account)
            .where(
                Account.state == AccountState.ACTIVE,
                or_(Account.role.is_(None), Account.role != Role.SECURITY_OFFICER),
                or_(works_there, Account.role == Role.CASEWORKER),
            )
            .order_by(Account.shown_name, Account.id)
        )
    )
