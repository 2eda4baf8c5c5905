"""Reads about houses, accounts and approvals."""
import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Approval, Clearance, House


def cleared_house_ids(account_id: int):  # type: ignore[no-untyped-def]
    """A subquery: the houses this person works in now."""
    return select(Clearance.house_id).where(Clearance.account_id == account_id, Clearance.until.is_(None))


def cleared_houses(session: Session, account_id: int) -> list[House]:
    """Her open houses in the order of the unit."""
    return list(session.scalars(
        select(House).where(House.id.in_(cleared_house_ids(account_id)), House.closed_at.is_(None))
        .order_by(House.position, House.id)))


def house_names(session: Session, account_id: int) -> list[str]:
    return list(session.scalars(
        select(House.name).where(House.id.in_(cleared_house_ids(account_id)), House.closed_at.is_(None))
        .order_by(House.position, House.id)))


def find_cleared_house(session: Session, *, account_id: int, ref: uuid.UUID) -> House | None:
    """A house she is cleared for; None when it is another's or does not exist."""
    return session.scalar(select(House).where(House.ref == ref, House.id.in_(cleared_house_ids(account_id))))


def waiting_approvals(session: Session, account_id: int, now: dt.datetime) -> int:
    """How many askings of other people wait for an answer."""
    return session.scalar(
        select(func.count()).select_from(Approval)
        .where(Approval.decided_at.is_(None), Approval.expires_at > now, Approval.asked_by_id != account_id)) or 0


def find_account(session: Session, ref: uuid.UUID) -> Account | None:
    return session.scalar(select(Account).where(Account.ref == ref))
