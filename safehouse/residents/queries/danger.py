"""How much danger a household is in, as far as anybody has assessed it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import Danger


def newest_danger(session: Session, household_id: int | None) -> Danger | None:
    """The assessment that counts, or None where nobody has assessed it."""
    return session.scalar(select(Danger).where(Danger.household_id == household_id).order_by(Danger.id.desc()).limit(1))
