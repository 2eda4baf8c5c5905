"""One small office with something of every kind in it, and a way to stand before every page with the right thing.

The tests that use it walk the map of routes: a new page is tried as soon as it exists.
"""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field
from itertools import product

from werkzeug.routing import AnyConverter, Rule

from safehouse.access.guard import declared_access
from safehouse.access.models import Account, Approval, Delegation, DelegationKind, Device, House, Level
from safehouse.access.operations.enrolling import ACTIVATION_LIFE
from safehouse.access.permissions import Permission, Role, allows
from safehouse.residents.models import Household, Sex
from safehouse.shelter.models import Closure
from tests.browsing import Browser
from tests.office import Make
from tests.web.things import Family, write_everything

# Stripped before two answers are compared: tokens, keys of a showing, and the page's own address.
OF_THIS_SHOWING = re.compile(r'name="(csrf_token|act_key|back|display)" value="[^"]*"')
NAMES = re.compile(r'<(?:input|select|textarea)[^>]* name="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
# Which kind of thing opened a page the first time; every world holds the same kinds in the same order.
OPENED_BY: dict[str, int] = {}


def chosen_parts(rule: Rule) -> list[dict[str, str]]:
    """Every choice of the parts of this address that are one word of a short list."""
    words = {name: sorted(each.items) for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
    return [dict(zip(words, some, strict=True)) for some in product(*words.values())]


def plain(page: str) -> str:
    return OF_THIS_SHOWING.sub("", page)


@dataclass
class World:
    """`refs` are the public names of everything in it, by kind."""

    app: object
    make: Make
    house: House
    refs: dict[str, uuid.UUID]
    accounts: dict[Role, Account]
    extra: dict[str, object] = field(default_factory=dict)

    def rules(self) -> list[Rule]:
        return [rule for rule in self.app.url_map.iter_rules() if rule.endpoint != "static"]

    def role_for(self, rule: Rule) -> Role | None:
        """Someone who may open this page; None for pages before the house."""
        access = declared_access(self.app, rule.endpoint)
        return next(
            (
                role
                for role in (Role.MANAGER, Role.SECURITY_OFFICER, Role.CASEWORKER, Role.STAFF)
                if isinstance(access, Permission) and allows(role, access)
            ),
            None,
        )

    def browser_for(self, rule: Rule) -> Browser:
        """A browser that stands where this page is open."""
        browser = Browser(self.app, self.make)
        if role := self.role_for(rule):
            return browser.sign_in(self.accounts[role])
        if rule.endpoint in {"access.code", "access.recovery"}:
            return browser.sign_in(self.accounts[Role.STAFF], level=Level.PASSWORD)
        if rule.endpoint.startswith("enrolment.") and rule.endpoint != "enrolment.activation":
            return browser.sign_in(self.extra["enrolling"], level=Level.ENROLLING)
        if rule.endpoint in {"access.lock", "access.locked", "access.unlock_now", "access.sign_out"}:
            return browser.sign_in(self.accounts[Role.STAFF])
        browser.get("/sign-in")
        return browser

    def urls(self, rule: Rule, **given: uuid.UUID) -> list[str]:
        """Every address of this page that could exist here: one for each kind of thing, or just the one."""
        parts = sorted(rule.arguments)
        if not parts:
            return [rule.rule]
        found = []
        for ref, chosen in product(given.values() or self.refs.values(), chosen_parts(rule)):
            others = {name: (self.refs.get(name) or ref) for name in parts if name != "ref"}
            with self.app.test_request_context():
                from flask import url_for

                found.append(url_for(rule.endpoint, **{**others, **({"ref": ref} if "ref" in parts else {}), **chosen}))
        return list(dict.fromkeys(found))

    def open_url(self, rule: Rule, browser: Browser) -> str:
        """The address at which this page answers, or the first that could."""
        urls = self.urls(rule)
        if len(urls) == 1 or "GET" not in rule.methods:
            return urls[0]
        if rule.rule not in OPENED_BY:
            opened = (at for at, url in enumerate(urls) if browser.get(url).status_code == 200)
            OPENED_BY[rule.rule] = next(opened, 0)
        return urls[OPENED_BY[rule.rule]]


def build(app, make: Make, *, text: str = "") -> World:
    """`text` goes into every text that people write, as far as tables let it."""
    session, clock = make.session, make.clock
    house = make.house(f"Rumah Satu {text}"[:60])
    room = make.room(house, f"1{text}"[:20], beds=3, cots=1)
    beds = make.beds(room)
    resident = make.resident(beds[0], alias=f"Kenari {text}"[:40])
    child = make.resident(
        beds[0],
        sharing=True,
        sex=Sex.MALE,
        birth_month=dt.date(2024, 3, 1),
        household=session.get_one(Household, resident.household_id),
    )
    closure = Closure(bed_id=beds[2].id, first_day=clock.now.date(), last_day=None, reason=f"dicat {text}"[:80])
    accounts = {
        role: make.account(
            role, *([] if role is Role.SECURITY_OFFICER else [house]), language="id", shown_name=f"{role} {text}"[:60]
        )
        for role in Role
    }
    other = make.account(Role.STAFF, house, shown_name=f"Orang {text}"[:60])
    enrolling = make.account(Role.STAFF, house, factor=False)
    from safehouse.access.operations.enrolling import new_factor

    new_factor(session, account=enrolling)
    referral = make.referral((Sex.FEMALE, 30), by=accounts[Role.STAFF], their_reference=f"LP/12 {text}"[:60])
    delegation = Delegation(
        account_id=accounts[Role.MANAGER].id,
        kind=DelegationKind.PLH,
        since=clock.now,
        until=clock.now + dt.timedelta(days=3),
    )
    device = Device(
        digest=uuid.uuid4().bytes * 2,
        account_id=accounts[Role.STAFF].id,
        label="Android",
        made_at=clock.now,
        expires_at=clock.now + dt.timedelta(days=90),
    )
    approval = Approval(
        kind="person",
        subject=other.ref,
        parameters=bytes(32),
        reason="recovery_code",
        asked_by_id=other.id,
        asked_at=clock.now,
        expires_at=clock.now + ACTIVATION_LIFE * 24,
    )
    session.add_all([closure, delegation, device, approval])
    session.commit()
    refs = {
        "house": house.ref,
        "room": room.ref,
        "bed": beds[1].ref,
        "closure": closure.ref,
        "resident": resident.ref,
        "child": child.ref,
        "referral": referral.ref,
        "account": other.ref,
        "device": device.ref,
        "approval": approval.ref,
        "delegation": delegation.ref,
    }
    refs |= write_everything(Family(make, house, resident, child, accounts, other, text), referral)
    return World(app, make, house, refs, accounts, {"enrolling": enrolling, "beds": beds})
