"""The record, for the security officer: what was done and opened, by codes, never by a resident's name."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from safehouse.access.current import by, now, vault
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.oversight.forms import TrailFilter
from safehouse.oversight.operations import note_check
from safehouse.oversight.queries import Chain, Entry, Overview, account_names, overview, page_of_record
from safehouse.oversight.rules import Kind, Look, ToLookAt
from safehouse.oversight.words import ACTORS, LOOKS, RESULTS, act_in_words, purpose_in_words
from safehouse.trail.acts import Act
from safehouse.trail.models import Result
from safehouse.trail.queries import verify
from safehouse.web.language import clock, moment, short_day, zone

pages = Blueprint("trail", __name__)

MOST_SUBJECTS = 3
LARGEST_NUMBER = 2**62
ASKED = ("account", "kind", *(f"{day}-{part}" for day in ("since", "until") for part in ("d", "m", "y")))
KIND_OF_LOOK = {
    Look.CHAIN_BROKEN: Kind.RECORD,
    Look.SEAL_BROKEN: Kind.REFUSED,
    Look.ADDRESS_OPENED: Kind.OPENED,
    Look.MANY_OPENINGS: Kind.OPENED,
    Look.SIGN_IN_REFUSED: Kind.SIGN_INS,
    Look.PAGES_REFUSED: Kind.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it."""

    at: str
    who: str
    act: str
    on: str
    result: str
    done: bool
    why: str


@dataclass(frozen=True, slots=True)
class LookLine:
    at: str
    title: str
    url: str
    about: str
    grave: bool


@pages.get("/trail")
@needs(Permission.TRAIL_READ)
def listing() -> ResponseReturnValue:
    names = account_names(session)
    asked: dict[str, Any] = {name: request.args[name] for name in ASKED if name in request.args}
    form = TrailFilter(MultiDict(asked))
    form.account.choices = [("", _("All accounts")), *((str(ref), name) for ref, name in names.items())]
    wanted = _wanted(form) if asked else {}
    page = page_of_record(session, older_than=_number("older"), newer_than=_number("newer"), **wanted)
    seen = overview(session, now=now())
    return render_template(
        "oversight/trail.html",
        form=form,
        lead=_lead(seen),
        looks=[_look_line(one, names) for one in seen.looks],
        lines=[_line(entry, names) for entry in page.entries],
        chain=_chain_in_words(seen.chain),
        older=url_for("trail.listing", **asked, older=page.older) if page.older else "",
        newer=url_for("trail.listing", **asked, newer=page.newer) if page.newer else "",
    )


@pages.post("/trail/check")
@needs(Permission.TRAIL_READ)
def check() -> ResponseReturnValue:
    """Walk the chain while nobody has to wait for it, then write down what was found."""
    use_session(writing=False)
    verdict = verify(session)
    use_session(writing=True)
    note_check(session, verdict, now=now(), by=by())
    session.commit()
    return redirect(url_for("trail.listing"), 303)


def _wanted(form: TrailFilter) -> dict[str, Any]:
    """What the form asks for; a field that cannot be read leaves the list as it is and says so."""
    if not form.validate():
        return {}
    if form.since.data and form.until.data and form.until.data < form.since.data:
        form.refuse(_("This day is before the first one. Choose a later day."), "until")
        return {}
    until = form.until.data + dt.timedelta(days=1) if form.until.data else None
    return {
        "account": uuid.UUID(form.account.data) if form.account.data else None,
        "kind": form.kind.data,
        "since": _midnight(form.since.data),
        "until": _midnight(until),
    }


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time(), zone()).astimezone(dt.UTC)


def _number(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number < LARGEST_NUMBER else None


def _lead(seen: Overview) -> str:
    if not seen.looks:
        return _("Values opened in the last 24 hours: %(n)s. Nothing needs a look.", n=seen.openings)
    return _("Values opened in the last 24 hours: %(n)s. To be looked at: %(m)s.", n=seen.openings, m=len(seen.looks))


def _line(entry: Entry, names: Mapping[uuid.UUID, str]) -> Line:
    who = names.get(entry.actor, "") if entry.actor else ""
    shown = [_subject(one, names) for one in entry.subjects[:MOST_SUBJECTS]]
    if len(entry.subjects) > MOST_SUBJECTS:
        shown.append(_("%(n)s more", n=len(entry.subjects) - MOST_SUBJECTS))
    return Line(
        at=moment(entry.at),
        who=who or str(ACTORS[entry.actor_kind]),
        act=act_in_words(entry.act, entry.fields),
        on=", ".join(shown),
        result=str(RESULTS[entry.result]),
        done=entry.result is Result.DONE,
        why=purpose_in_words(entry.act, entry.purpose),
    )


def _subject(ref: uuid.UUID, names: Mapping[uuid.UUID, str]) -> str:
    return _("Account %(name)s", name=names[ref]) if ref in names else code_of(ref)


def code_of(ref: uuid.UUID) -> str:
    """A short code that looks random: the same file has the same code, and nobody finds the file by it."""
    return vault().digest("trail-code", str(ref)).hex()[:6]


def _look_line(one: ToLookAt, names: Mapping[uuid.UUID, str]) -> LookLine:
    if one.account is not None:
        about = names.get(one.account, "") or code_of(one.account)
    elif one.subject is not None:
        about = code_of(one.subject)
    else:
        about = "" if one.look is Look.CHAIN_BROKEN else _("a user name that belongs to nobody")
    if one.times > 1:
        about = _("%(what)s, %(n)s times", what=about, n=one.times)
    shown: dict[str, Any] = {"account": str(one.account)} if one.account in names else {}
    old = one.at < now() - dt.timedelta(hours=20)
    return LookLine(
        at=short_day(one.at) if old else clock(one.at),
        title=str(LOOKS[one.look]),
        about=about,
        url=url_for("trail.listing", kind=KIND_OF_LOOK[one.look], **shown),
        grave=one.look in {Look.CHAIN_BROKEN, Look.SEAL_BROKEN},
    )


def _chain_in_words(chain: Chain | None) -> str:
    if chain is None:
        return _("The record has not been checked yet.")
    if chain.whole:
        return _("The record was whole when it was last checked, %(when)s.", when=moment(chain.at))
    return _(
        "The record does not hold: %(where)s was changed, found %(when)s. Call the head of the unit at once.",
        where=purpose_in_words(Act.CHAIN_VERIFIED, chain.broken),
        when=moment(chain.at),
    )
