"""Two caseworkers of one house, each with her own family: neither learns anything of the other's, at any address."""

import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.guard import declared_access
from safehouse.access.models import Clearance
from safehouse.access.permissions import Permission, Role, allows
from safehouse.residents.models import Resident
from safehouse.schema import METADATA
from tests.browsing import Browser
from tests.web.things import OF_A_FAMILY
from tests.web.world import build, plain


@pytest.fixture
def two(app, make, session):
    """Two families in two houses; both caseworkers are let into both. Only assignment keeps them apart."""
    worlds = build(app, make, text="Pertama"), build(app, make, text="Kedua")
    for one, other in (worlds, worlds[::-1]):
        session.add(
            Clearance(account_id=one.accounts[Role.CASEWORKER].id, house_id=other.house.id, since=make.clock.now)
        )
    session.commit()
    return worlds


def rows(session):
    session.expire_all()
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in METADATA.sorted_tables
        if not table.name.startswith("trail_") and table.name != "blind_index"
    }


def ways(world):
    """Every page and press with something in its address that a caseworker may use at all."""
    for rule in world.rules():
        access = declared_access(world.app, rule.endpoint)
        if rule.arguments and isinstance(access, Permission) and allows(Role.CASEWORKER, access):
            yield from ((rule, method) for method in sorted(rule.methods & {"GET", "POST"}))


def test_a_caseworker_finds_her_colleagues_residents_at_no_address(two, make, session, app):
    """Foreign and missing are one answer, byte for byte, and nothing is written."""
    tried = 0
    for mine, theirs in (two, two[::-1]):
        browser = Browser(app, make).sign_in(mine.accounts[Role.CASEWORKER])
        assert browser.get(f"/residents/{mine.refs['resident']}").status_code == 200, "her own she sees"
        before = rows(session)
        for rule, method in ways(mine):
            missing_url, *_ = mine.urls(rule, ref=uuid.uuid4())
            missing = browser.get(missing_url) if method == "GET" else browser.post(missing_url)
            assert missing.status_code in {404, 409}, (method, missing_url)
            for url in mine.urls(rule, **{kind: theirs.refs[kind] for kind in OF_A_FAMILY}):
                answer = browser.get(url) if method == "GET" else browser.post(url)
                assert answer.status_code == missing.status_code, (method, url)
                assert plain(answer.get_data(as_text=True)) == plain(missing.get_data(as_text=True)), (method, url)
                tried += 1
        assert rows(session) == before
    assert tried > 300


def test_the_referral_of_a_colleagues_family_tells_her_nothing_about_it(two, make, session, app):
    """That a referral was answered the whole unit may know; who came of it, only her own caseworker."""
    for mine, theirs in (two, two[::-1]):
        browser = Browser(app, make).sign_in(mine.accounts[Role.CASEWORKER])
        refs = [theirs.refs[kind] for kind in ("resident", "child", "away")]
        family = session.scalars(select(Resident).where(Resident.ref.in_(refs))).all()
        for rule, method in ways(mine):
            if not rule.rule.startswith("/referrals/"):
                continue
            url, *_ = mine.urls(rule, ref=theirs.refs["placed"])
            answer = browser.get(url) if method == "GET" else browser.post(url)
            told = answer.get_data(as_text=True) + str(answer.headers)
            assert not [one.code for one in family if one.code in told or str(one.ref) in told], (method, url)
            assert not [one.alias for one in family if one.alias in told], (method, url)
