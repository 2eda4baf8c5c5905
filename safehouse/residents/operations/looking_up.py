"""How often within an hour a person may ask who is known here.

A search asks; so does writing down a name or a number, because it is compared with everyone and the answer shows: a
house that must not be shared, a possible return, a guardian who is refused. All of them are one budget.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.residents.rules.identifying import SEARCHES_AN_HOUR, SoughtBy
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.operations import record

LOOK_UP = "resident:find"
WITHIN = dt.timedelta(hours=1)
WRITING = "while writing it down"


def spend_search(session: Session, *, sought_by: SoughtBy, now: dt.datetime, by: Actor) -> bool:
    """Count one search and record it, never what was typed; false when there were too many within the hour, and that is
    recorded too. Every press counts, the same one again as well. The caller commits, whatever the answer is."""
    return _spend(session, 1, purpose=f"by {sought_by}", fields=(), now=now, by=by)


def spend_look_ups(session: Session, *, fields: Sequence[str], now: dt.datetime, by: Actor) -> bool:
    """The same for names and numbers that are written down and compared: each of these columns counts as one search.

    Where they are too many, a page refuses them and commits; a screening keeps them and leaves the comparing for later.
    """
    return not fields or _spend(session, len(fields), purpose=WRITING, fields=sorted(set(fields)), now=now, by=by)


def _spend(session: Session, many: int, *, purpose: str, fields: Sequence[str], now: dt.datetime, by: Actor) -> bool:
    spent = session.scalar(
        select(func.count())
        .select_from(ActRow)
        .where(ActRow.account_id == by.person_id, ActRow.kind == LOOK_UP, ActRow.at > now - WITHIN)
    )
    enough = (spent or 0) + many <= SEARCHES_AN_HOUR
    if enough:
        # Keys of their own: what a browser sends again is asked again.
        session.add_all(ActRow(key=uuid.uuid4(), account_id=by.person_id, kind=LOOK_UP, at=now) for _n in range(many))
    record(
        session,
        now=now,
        by=by,
        act=Act.SEARCHED,
        purpose=purpose,
        fields=fields,
        result=Result.DONE if enough else Result.REFUSED,
    )
    return enough
