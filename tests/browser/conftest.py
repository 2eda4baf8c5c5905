"""One Chromium and one office for all pages; a site of its own for each walk that changes something."""

import contextlib
import datetime as dt
import io
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse import schema
from safehouse.access.models import Account, AccountState, Agency, Delegation, DelegationKind
from safehouse.access.operations.acts import begin_act
from safehouse.access.operations.enrolling import new_factor
from safehouse.access.permissions import Role
from safehouse.database import make_engine
from safehouse.residents.models import Household, Resident, Sex
from safehouse.residents.operations.denying import deny
from safehouse.residents.operations.granting import take_grant
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.shelter.choices import BedKind, Destination, LeaveKind
from safehouse.shelter.models import Bed, ImportRun, Room
from safehouse.shelter.operations.leaving import leave_without_notice, start_leave
from safehouse.shelter.operations.moving import DEPARTURE, depart
from safehouse.trail.models import SYSTEM
from tests.browser import stories
from tests.browser.hand import Eye
from tests.browser.planned import with_everything_planned
from tests.browser.site import Site, answering
from tests.browsing import Browser as Client
from tests.office import NOW, Clock, Make, actor
from tests.servers import chromium_flags, chromium_path, fresh_database

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
A_DAY = dt.timedelta(days=1)

# Pages are looked at on an office computer, on a phone, and on the narrowest phone there is.
WIDTHS = (1366, 390, 320)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=chromium_flags())
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium):
    """A fresh browser profile, as on another computer. Script is off unless the test itself needs it to look."""
    made: list[BrowserContext] = []

    def make(*, width: int = 1366, height: int = 900, script: bool = False, **more) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=script, **more)
        context.set_default_timeout(10_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context) -> Page:
    return new_context().new_page()


@pytest.fixture
def new_site(vault, tmp_path, request):
    """The product on a database of its own, with the demo's office or one that is made for a story, by the real clock
    or one that the story moves: `new_site("postgresql", clock=Clock(), office=one_house)`."""
    with contextlib.ExitStack() as running:

        def make(kind: str, **more) -> Site:
            address = None if kind == "sqlite" else fresh_database(request.getfixturevalue("postgresql"))
            return running.enter_context(_site(address, vault, tmp_path, **more))

        yield make


@pytest.fixture
def house(new_site, new_context, request) -> stories.House:
    """The house of a story, on the engine, at the width and in the language it is told in."""
    engine, width, language, office = request.param
    clock = Clock(NOW)
    site = new_site(engine, clock=clock, office=office)
    return stories.House(site, clock, width, language, new_context, Eye(new_context(script=True)))


@pytest.fixture(scope="session")
def site(vault, tmp_path_factory) -> Iterator[Site]:
    """The office everyone looks at, with rows for the states a page may show. Tests leave it as they found it."""
    with _site(None, vault, tmp_path_factory.mktemp("site")) as site:
        _furnish(site)
        yield site


@contextlib.contextmanager
def _site(address: str | None, vault, folder: Path, **more) -> Iterator[Site]:
    engine = make_engine(address) if address else make_engine(f"sqlite:///{folder}/site.db", file_key=vault.file_key)
    try:
        schema.upgrade(engine)
        with answering(engine, vault, folder, **more) as site:
            yield site
    finally:
        engine.dispose()


def _furnish(site: Site) -> None:
    """What two quiet months do not bring about: someone late, someone over capacity, accounts in every state."""
    with site.making() as make:
        session, now = make.session, make.clock.now
        room = session.scalars(select(Room).where(Room.label == "1").order_by(Room.id.desc())).first()
        one, two, three, four = make.beds(room)
        akasia = make.resident(one, alias="Akasia", arrived=now - dt.timedelta(days=16), limit_days=14)
        _known_from_before(session, akasia, now)
        late = make.resident(two, alias="Beringin", arrived=now - dt.timedelta(days=12), limit_days=14)
        start_leave(
            session,
            residents=[late],
            kind=LeaveKind.FAMILY,
            from_at=now - dt.timedelta(days=2),
            due_back=now - dt.timedelta(days=1),
            now=now - dt.timedelta(days=2),
            by=SYSTEM,
        )
        mattress = make.saved(Bed(room_id=room.id, label="Kasur +1", kind=BedKind.MATTRESS))
        make.resident(mattress, alias="Cendana", arrived=now - dt.timedelta(days=1))
        make.resident(three, alias="Dadap", sex=Sex.MALE, birth_month=dt.date(now.year - 3, 1, 1))
        _gone_back_to_him(make, room)
        with_everything_planned(make, four)
        make.referral(women=1)
        fresh = make.account(Role.STAFF, username="baru", factor=False, state=AccountState.INVITED)
        new_factor(session, account=fresh)
        make.account(Role.CASEWORKER, username="lama", state=AccountState.DISABLED)
        make.account(Role.STAFF, username="sementara", valid_until=now - dt.timedelta(days=1))
        acting = make.account(Role.MANAGER, username="pelaksana", unconfirmed_since=now)
        since = now - dt.timedelta(days=3)
        session.add(Delegation(account_id=acting.id, kind=DelegationKind.PLH, since=since, until=now + 5 * A_DAY))
        manager = session.scalars(select(Account).where(Account.username == "hartati")).one()
        session.add(
            ImportRun(
                account_id=manager.id,
                made_at=now,
                done_at=now,
                figures='{"houses": 1, "beds": 8, "residents": 12, "living": 5}',
            )
        )
        session.commit()
        refs = dict(session.execute(select(Account.username, Account.ref)).all())
    officer = _client(site, "bayu")
    for username, reason in (("tari", "phone_lost"), ("pelaksana", "phone_broken")):
        answer = officer.post(f"/accounts/{refs[username]}/factor-reset", reason=reason, recognised="in_person")
        assert answer.status_code == 303
    manager_client = _client(site, "hartati")
    for checked in (False, True):
        _bring_files(manager_client, checked=checked)


def _gone_back_to_him(make: Make, room: Room) -> None:
    """She left to the one she fled, and no manager has looked at it yet."""
    session, now = make.session, make.clock.now
    recorder = actor(session.scalars(select(Account).where(Account.username == "wulan")).one())
    mattress = make.saved(Bed(room_id=room.id, label="Kasur +2", kind=BedKind.MATTRESS))
    eboni = make.resident(mattress, alias="Eboni", arrived=now - dt.timedelta(days=5))
    act = begin_act(session, key=uuid.uuid4(), kind=DEPARTURE, now=now, by=recorder, subject=eboni.ref, undoable=True)
    depart(session, residents=[eboni], at=now, place_kind=Destination.PARTNER, act=act, now=now, by=recorder)
    session.commit()


def _known_from_before(session: Session, akasia: Resident, now: dt.datetime) -> None:
    """Her number was seen before, she left without a word, an agency must know nothing of her, and somebody looked her
    up in an emergency."""
    mahoni = session.scalars(select(Resident).where(Resident.alias == "Mahoni")).one()
    for resident in (mahoni, akasia):
        household = session.get_one(Household, resident.household_id)
        identity = Identity(phone="0812-0000-0001")
        record_identity(session, resident=resident, household=household, identity=identity, now=now, by=SYSTEM)
    hour = dt.timedelta(hours=1)
    leave_without_notice(session, residents=[akasia], from_at=now - hour, now=now, by=SYSTEM)
    helper = session.scalars(select(Account).where(Account.username == "asri")).one()
    reason = "Ia pingsan di kamar"
    take_grant(session, code=akasia.code, reason=reason, role=Role.CASEWORKER, now=now, by=actor(helper))
    agency = session.scalars(select(Agency)).first()
    assert agency is not None, "the demo sends somebody on to an agency"
    deny(session, resident=akasia, denied=agency, stand_in=None, reason="Kerabat terlapor", now=now, by=actor(helper))
    session.commit()


def _client(site: Site, username: str) -> Client:
    client = Client(site.app, None)
    client.client.set_cookie("sid", site.token_of(username))
    client.get("/account")
    return client


def _bring_files(client: Client, *, checked: bool) -> None:
    """The sample workbooks, waiting for an answer about their columns or about their rows."""
    books = {
        name: (io.BytesIO((SAMPLES / f"{name}.xlsx").read_bytes()), f"{name}.xlsx")
        for name in ("inventaris", "register")
    }
    answer = client.post("/import", fields={"inventory": books["inventaris"], "register": books["register"]})
    assert answer.status_code == 303
    if checked:
        client.get(answer.location)
        chosen = dict(re.findall(r'<select [^>]*name="([^"]+)".*?value="([^"]*)" selected', client.page, re.DOTALL))
        assert client.post(answer.location, fields=chosen).status_code == 303
