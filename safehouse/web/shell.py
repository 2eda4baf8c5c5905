"""What stands around every page: name of the product, navigation, who is signed in, undo."""

import hashlib
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import as_ref
from safehouse.access.guard import csrf_token
from safehouse.access.models import Act, Level
from safehouse.access.permissions import Permission, Role, allows
from safehouse.access.queries import waiting_approvals
from safehouse.access.signed import OfficeFacts, Signed, office_facts
from safehouse.access.words import ROLES
from safehouse.database import session
from safehouse.web import frame
from safehouse.web.frame import Look, frame_of
from safehouse.web.language import clock, day, language


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    icon: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Undo:
    title: str
    text: str
    url: str
    key: uuid.UUID


# (endpoint, label, icon, permission); a page belongs to the item whose blueprint it shares.
NAVIGATION = (
    ("today.page", _l("Today"), "sun", Permission.TODAY_READ),
    ("stays.listing", _l("Residents"), "people", Permission.RESIDENT_READ),
    ("board.beds", _l("Beds"), "bed", Permission.BOARD_READ),
    ("agenda.week", _l("Agenda"), "cal", Permission.AGENDA_READ),
    ("referrals.listing", _l("Placement"), "inbox", Permission.REFERRAL_TAKE),
    ("houses.listing", _l("Houses"), "house", Permission.HOUSE_ADMINISTER),
    ("accounts.listing", _l("Accounts"), "people", Permission.ACCOUNT_ADMINISTER),
    ("approvals.waiting", _l("Access to approve"), "check", Permission.APPROVAL_DECIDE),
    ("trail.listing", _l("Record"), "doc", Permission.TRAIL_READ),
    ("office.settings", _l("Settings"), "menu", Permission.OFFICE_ADMINISTER),
)

# Who begins with other pages than the rest: what stands first, in this order.
STANDS_FIRST = {
    Role.CASEWORKER: ("today.page", "stays.listing", "agenda.week", "referrals.listing"),
    Role.MANAGER: ("today.page", "board.beds", "referrals.listing"),
}

BELONGS_TO = {
    "today.resident": "stays",
    "imports": "houses",
    "placing": "referrals",
    "assignments": "stays",
    "denials": "stays",
    "matters": "stays",
    "referral_safety": "referrals",
    "relations": "accounts",
    "safety": "stays",
    "actions": "stays",
    "alerts": "stays",
    "appointments": "agenda",
    "cleaning": "board",
    "consenting": "referrals",
    "consents": "stays",
    "domains": "stays",
    "deciding": "referrals",
    "intake": "stays",
    "extensions": "stays",
    "finding": "stays",
    "examinations": "stays",
    "limits": "stays",
    "medicines": "stays",
    "pregnancies": "stays",
    "grants": "stays",
    "health": "stays",
    "identity": "stays",
    "law": "stays",
    "legal_stages": "houses",
    "mediations": "stays",
    "notes": "stays",
    "plans": "stays",
    "reports": "stays",
    "returns": "stays",
    "reviews": "stays",
    "sessions": "stays",
    "school_letters": "stays",
    "schooling": "stays",
    "simfoni": "stays",
    "support": "stays",
}

# What a page says that was reached with `?saved=<kind>`: closed sentences, never anything typed.
SAVED = {
    "action": _l("The step is saved."),
    "alert": _l("The note is saved."),
    "appointment": _l("The appointment is saved."),
    "assignment": _l("Who is answerable for her is saved."),
    "belongings": _l("Saved: she has it again."),
    "consent": _l("The agreement is saved."),
    "carer": _l("Saved: who looks after the children."),
    "exit": _l("The planned exit is saved."),
    "goal": _l("The goal is saved."),
    "identity": _l("The identity is saved."),
    "intake": _l("The answers are saved."),
    "legal_way": _l("The legal process is open."),
    "mediation": _l("The manager is asked. She answers within 24 hours."),
    "stage": _l("The list of stages is saved."),
    "medicine": _l("The medicine is saved."),
    "pregnancy": _l("The pregnancy is saved."),
    "review": _l("The review is saved."),
    "letter": _l("The letter has its number. Print it now."),
    "school": _l("Saved: how she learns."),
    "simfoni": _l("The answers are saved. Type them, then say so."),
    "treatment": _l("The examination is saved."),
    "visum": _l("The visum is saved."),
    "session_note": _l("The session note is saved."),
}

# kind of act -> (sentence, endpoint that undoes it); filled by the views that offer undo.
UNDOABLE: dict[str, tuple[object, str]] = {}


def offer_undo(kind: str, *, title: object, endpoint: str) -> None:
    """Pages reached with `?done=<act>` show the undo bar for this kind of act while its ten minutes last."""
    UNDOABLE[kind] = (title, endpoint)


class Shell:
    """Read by the templates, lazily: a page pays only for what it shows."""

    @property
    def title(self) -> str:
        return office().title

    @property
    def demo(self) -> bool:
        return office().demo

    @property
    def language(self) -> str:
        return language()

    @property
    def theme(self) -> str:
        chosen = self._signed.theme if self._signed else request.cookies.get("theme")
        return chosen if chosen in {"light", "dark"} else ""

    @property
    def here(self) -> str:
        return request.full_path.rstrip("?")

    @property
    def who(self) -> str:
        signed = self._signed
        return signed.shown_name if signed and signed.level is Level.FULL and not g.get("gate_page") else ""

    @property
    def nav(self) -> list[NavItem]:
        if "nav" not in g:
            role = self._role
            g.nav = navigation(role, _place(), self._waiting(role)) if role else []
        items: list[NavItem] = g.nav
        return items

    def framed(self, page_title: str, above: str, main: str, *, typing: bool) -> list[str]:
        """The whole page, in parts: the frame with what changes from page to page put into it."""
        signed, role = self._signed, self._role
        look = Look(
            language=self.language,
            theme=self.theme,
            role=role,
            place=_place(),
            waiting=self._waiting(role),
            title=self.title,
            demo=self.demo,
            in_houses=bool(signed and signed.house_names),
            typing=typing,
            mounted=request.script_root,
        )
        return frame_of(look).filled(
            {
                "page_title": page_title,
                "above": above,
                "main": main,
                "token": csrf_token(),
                "here": self.here,
                "who": self.who,
                "houses": signed.house_names if signed else "",
                "day": day(g.now),
                "time": clock(g.now),
            }
        )

    @property
    def _role(self) -> Role | None:
        """Of someone the page names; a locked screen and a stranger see no navigation."""
        signed = self._signed
        return signed.role if signed and self.who else None

    def _waiting(self, role: Role | None) -> int:
        """Approvals this person may decide, counted once a request."""
        if role is None or not allows(role, Permission.APPROVAL_DECIDE):
            return 0
        if "waiting" not in g:
            g.waiting = waiting_approvals(session, g.signed.account_id, g.now)
        count: int = g.waiting
        return count

    @property
    def stylesheet(self) -> str:
        return stylesheet()

    @property
    def help_url(self) -> str:
        return url_for("web.help")

    @property
    def draft(self) -> bool:
        return bool(g.get("draft"))

    @property
    def news(self) -> bool:
        """Whether anything may stand above the page: rarely, and finding out what costs more than this."""
        return self.draft or self.undone or bool(self.saved) or "done" in request.args

    @property
    def saved(self) -> str:
        """That something was just saved, in one sentence; nothing where a page says so itself."""
        if request.method != "GET" or "saved" not in request.args:
            return ""
        return str(SAVED.get(request.args["saved"], ""))

    @property
    def undone(self) -> bool:
        """Shown after something was taken back."""
        return "undone" in request.args

    @property
    def undo(self) -> Undo | None:
        signed = self._signed
        ref = as_ref(request.args.get("done")) if request.method == "GET" else None
        if signed is None or ref is None:
            return None
        act = session.execute(
            select(Act.kind, Act.undo_until).where(
                Act.ref == ref, Act.account_id == signed.account_id, Act.undone_by_id.is_(None), Act.undo_until > g.now
            )
        ).first()
        if act is None or act.kind not in UNDOABLE:
            return None
        title, endpoint = UNDOABLE[act.kind]
        return Undo(
            str(title),
            _("Can be undone until %(time)s.", time=clock(act.undo_until)),
            url_for(endpoint, ref=ref),
            new_key(),
        )

    @property
    def _signed(self) -> Signed | None:
        signed: Signed | None = g.get("signed")
        return signed


def init_app(app: Flask) -> None:
    frame.init_app(app)
    app.jinja_env.globals.update(csrf_token=csrf_token, new_key=new_key, may=_may, Permission=Permission)
    app.jinja_env.globals.update(navigation=navigation, role_names=ROLES, stylesheet=stylesheet)
    app.context_processor(lambda: {"shell": Shell()})


def office() -> OfficeFacts:
    """The unit's facts, read once a request."""
    here = g._get_current_object()  # noqa: SLF001 - asked for each moment written on a page
    if "office" not in here:
        signed: Signed | None = here.get("signed")
        here.office = signed.office if signed else office_facts(session)
    facts: OfficeFacts = here.office
    return facts


def new_key() -> uuid.UUID:
    return uuid.uuid4()


def _may(permission: Permission) -> bool:
    signed: Signed | None = g.get("signed")
    return signed is not None and signed.may(permission)


def navigation(role: Role | None, place: str, waiting: int) -> list[NavItem]:
    """What this role may open; `place` is the blueprint of the page, `waiting` the approvals to decide."""
    return [
        NavItem(
            url_for(endpoint),
            str(label),
            icon,
            waiting if endpoint == "approvals.waiting" else 0,
            endpoint.split(".")[0] == place,
        )
        for endpoint, label, icon, permission in _in_order(role)
        if role and allows(role, permission) and endpoint in current_app.view_functions
    ]


def _in_order(role: Role | None) -> list[tuple[str, object, str, Permission]]:
    """The navigation as this role uses it."""
    first = STANDS_FIRST.get(role, ()) if role else ()
    return sorted(NAVIGATION, key=lambda item: first.index(item[0]) if item[0] in first else len(first))


def _place() -> str:
    """The blueprint whose item of the navigation is marked."""
    if g.get("error_page"):
        return ""  # what could not be shown belongs nowhere: forbidden and missing look the same
    endpoint = request.endpoint or ""
    here = endpoint.split(".")[0]
    return BELONGS_TO.get(endpoint) or BELONGS_TO.get(here, here)


def stylesheet() -> str:
    """Its address changes with its content, so a browser may keep it for a year."""
    return url_for("static", filename="teduh.css", v=_version(str(current_app.static_folder)))


@lru_cache(maxsize=4)
def _version(folder: str) -> str:
    return hashlib.sha256((Path(folder) / "teduh.css").read_bytes()).hexdigest()[:12]
