"""What someone had typed when the screen locked: sealed with her own key, given back once, to the same page."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from safehouse.access.models import Account, Draft
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal

# Never kept: what proves who someone is, and what belongs to one showing of a form.
NEVER = ("csrf_token", "act_key", "password", "code", "secret")
MOST_CHARACTERS = 64_000
LIFE = dt.timedelta(hours=24)


def keep_draft(
    session: Session, *, path: str, typed: MultiDict[str, str], now: dt.datetime, by: Actor
) -> uuid.UUID | None:
    """Keep the newest text typed on this page, and the name it is taken back by; None when nothing was typed.
    Passwords and codes are left out; nothing else is lost."""
    path = without_draft(path)
    kept = [(name, value) for name, value in _pairs(typed) if not any(word in name for word in NEVER)]
    body = json.dumps(kept, ensure_ascii=False)
    if not any(value for _, value in kept) or len(body) > MOST_CHARACTERS or len(path) > 200:
        return None
    session.execute(delete(Draft).where(Draft.account_id == by.person_id, Draft.path == path))
    draft = Draft(account_id=by.person_id, path=path, made_at=now)
    draft.body = seal(session, draft, "body", body, key=key_of(session, by.person_ref))
    session.add(draft)
    record(session, now=now, by=by, act=Act.DRAFT_KEPT, subject=draft.ref)
    return draft.ref


def newest_draft(session: Session, *, account_id: int, now: dt.datetime) -> tuple[uuid.UUID, str] | None:
    """(ref, path) of what waits for this person, or None."""
    row = session.execute(
        select(Draft.ref, Draft.path)
        .where(Draft.account_id == account_id, Draft.path.startswith("/"), Draft.made_at > now - LIFE)
        .order_by(Draft.made_at.desc())
        .limit(1)
    ).first()
    return (row.ref, row.path) if row else None


def take_draft(session: Session, *, ref: str, path: str, now: dt.datetime, by: Actor) -> MultiDict[str, str] | None:
    """The kept text for this page, once. None when it is another's, another page's, or gone; and for someone whom
    nobody has confirmed yet, because names and addresses may be in it."""
    if not by.confirmed:
        return None
    try:
        wanted = uuid.UUID(ref)
    except ValueError:
        return None
    draft = session.scalar(select(Draft).where(Draft.ref == wanted, Draft.account_id == by.person_id))
    if draft is None or draft.path.partition("?")[0] != path:
        return None
    (body,) = open_values(session, now=now, by=by, purpose="draft", wanted=[Sealed(draft, "body", by.person_ref)])
    session.delete(draft)
    return MultiDict(tuple(pair) for pair in json.loads(body))


def _pairs(typed: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    return typed.items(multi=True)


def without_draft(path: str) -> str:
    """The address of the page itself: what an earlier draft had added to it is taken off."""
    page, _mark, query = path.partition("?")
    rest = [pair for pair in query.split("&") if pair and not pair.startswith("draft=")]
    return f"{page}?{'&'.join(rest)}" if rest else page


def draft_for(session: Session, *, account_id: int, path: str, now: dt.datetime) -> uuid.UUID | None:
    """What this person had typed on this very page, if it waits for her."""
    of_page = or_(Draft.path == path, Draft.path.startswith(f"{path}?", autoescape=True))
    return session.scalar(
        select(Draft.ref)
        .where(Draft.account_id == account_id, of_page, Draft.made_at > now - LIFE)
        .order_by(Draft.made_at.desc())
        .limit(1)
    )


# Text that goes along from one page to the next belongs to no address: it is never offered as something unfinished.
CARRIED = "carried"


def carry_text(session: Session, *, text: str, now: dt.datetime, by: Actor) -> uuid.UUID:
    """Keep a text of this person until her next step takes it, sealed with her own key. The name it is taken by."""
    draft = Draft(account_id=by.person_id, path=CARRIED, made_at=now)
    draft.body = seal(session, draft, "body", text, key=key_of(session, by.person_ref))
    session.add(draft)
    record(session, now=now, by=by, act=Act.DRAFT_KEPT, subject=draft.ref)
    return draft.ref


def carried_text(session: Session, *, ref: uuid.UUID, now: dt.datetime, by: Actor, last: bool = False) -> str | None:
    """The text she carried under this name, its opening recorded; `last` throws it away afterwards. None when it is
    another's, or a day old, or gone; and, for someone whom nobody has confirmed yet, when it was carried before she set
    up her second step again. What she has pasted since then is her own, and the night goes on."""
    draft = session.scalar(
        select(Draft).where(
            Draft.ref == ref, Draft.account_id == by.person_id, Draft.path == CARRIED, Draft.made_at > now - LIFE
        )
    )
    if draft is None or not (by.confirmed or _carried_since(session, draft, by)):
        return None
    (text,) = open_values(session, now=now, by=by, purpose="draft", wanted=[Sealed(draft, "body", by.person_ref)])
    if last:
        session.delete(draft)
    return text


def _carried_since(session: Session, draft: Draft, by: Actor) -> bool:
    since = session.scalar(select(Account.unconfirmed_since).where(Account.id == by.person_id))
    return since is not None and draft.made_at >= since
