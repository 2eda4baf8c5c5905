"""Health checks as they stand: who was examined or offered to be, and when. Nothing sealed is opened."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import HealthCheck


def standing_checks(session: Session, resident_id: int) -> Sequence[HealthCheck]:
    """Hers, the latest first, without those that were written down wrongly."""
    return session.scalars(
        select(HealthCheck)
        .where(HealthCheck.resident_id == resident_id, HealthCheck.withdrawn_at.is_(None))
        .order_by(HealthCheck.at.desc(), HealthCheck.id.desc())
    ).all()


def newest_check(session: Session, resident_id: int, *, since: dt.datetime) -> HealthCheck | None:
    """The latest that stands, not before this moment."""
    return session.scalar(
        select(HealthCheck)
        .where(
            HealthCheck.resident_id == resident_id,
            HealthCheck.withdrawn_at.is_(None),
            HealthCheck.at >= since,
        )
        .order_by(HealthCheck.at.desc(), HealthCheck.id.desc())
        .limit(1)
    )


def checked_since(session: Session, resident_ids: Collection[int], *, since: dt.datetime) -> set[int]:
    """Which of them were examined, or declined to be, since then."""
    return set(
        session.scalars(
            select(HealthCheck.resident_id).where(
                HealthCheck.resident_id.in_(resident_ids),
                HealthCheck.withdrawn_at.is_(None),
                HealthCheck.at >= since,
            )
        )
    )
