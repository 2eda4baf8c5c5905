"""How much danger a household is in, as far as anybody has assessed it."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.residents.models import Danger, DangerLevel


def newest_danger(session: Session, household_id: int | None) -> Danger | None:
    """The assessment that counts, or None where nobody has assessed it."""
    return session.scalar(select(Danger).where(Danger.household_id == household_id).order_by(Danger.id.desc()).limit(1))


def danger_levels(session: Session, household_ids: Collection[int]) -> dict[int, DangerLevel]:
    """The level that counts for each of these households, in one statement; those without an assessment are not in
    it."""
    newest = select(func.max(Danger.id)).where(Danger.household_id.in_(household_ids)).group_by(Danger.household_id)
    rows = session.execute(select(Danger.household_id, Danger.level).where(Danger.id.in_(newest)))
    return {row[0]: row[1] for row in rows}
