"""What views ask about the request they answer: who, when, with which keys."""

import datetime as dt
import ipaddress
import uuid

from flask import abort, current_app, g, request
from werkzeug.datastructures import MultiDict

from safehouse.access.hashing import Hasher
from safehouse.access.permissions import Permission
from safehouse.access.signed import Signed, actor_of
from safehouse.trail.models import Actor
from safehouse.vault.keys import Vault


def now() -> dt.datetime:
    """The moment of this request, the same throughout: the clock, never behind the newest entry of the record."""
    moment: dt.datetime = g.now
    return moment


def signed() -> Signed:
    """The person who signed in. Only for views that are not public."""
    person: Signed = g.signed
    return person


def by() -> Actor:
    return actor_of(g.get("signed"))


def may(permission: Permission) -> bool:
    person: Signed | None = g.get("signed")
    return person is not None and person.may(permission)


def vault() -> Vault:
    kept: Vault = current_app.extensions["vault"]
    return kept


def hasher() -> Hasher:
    kept: Hasher = current_app.extensions["hasher"]
    return kept


def posted() -> bool:
    return request.method == "POST"


def typed() -> MultiDict[str, str]:
    """What the person typed: the posted form, or what came back after the screen had locked under her hands."""
    if posted():
        return request.form
    draft: MultiDict[str, str] = g.get("draft") or MultiDict()
    return draft


def act_key() -> uuid.UUID:
    """The key that makes a repeated press harmless. A form without one was not made by us."""
    return as_ref(request.form.get("act_key")) or abort(400)


def as_ref(text: str | None) -> uuid.UUID | None:
    """The reference that a form or an address carries, if it is one: anybody may write anything there."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def source() -> bytes:
    """A keyed digest of where the request comes from. The address itself is kept nowhere."""
    return vault().digest("source", _network(request.remote_addr or ""))


def _network(address: str) -> str:
    """One subscriber: an IPv4 address, or the 64 bits every IPv6 subscriber has to herself and may fill at will."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(one, ipaddress.IPv4Address):
        return str(one)
    if one.ipv4_mapped is not None:
        return str(one.ipv4_mapped)
    return str(ipaddress.ip_network((int(one), 64), strict=False))
