"""Legal matters: the clock of 3 x 24 hours, the sides, and what the police were told."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, ConflictKind, Denial, Matter, MatterParty, Side
from safehouse.residents.operations.matters import (
    MatterRefusal,
    MatterRefused,
    add_party,
    open_matter,
    tell_police,
)
from safehouse.residents.queries.matters import matters_of
from safehouse.residents.rules.clocks import POLICE_TERM, police_deadline, police_remaining, whole_hours
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.residents.safety import coordinator, family, place, reported

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "UTC")]
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2090, 1, 1)).map(lambda one: one.replace(tzinfo=dt.UTC))
LP = "LP/B/471/XI/2026"


# The clock


@given(MOMENTS, st.sampled_from(ZONES))
def test_the_police_are_told_within_72_clock_hours_in_whatever_zone_it_was_written(moment, zone):
    due = police_deadline(moment.astimezone(zone))
    assert due == police_deadline(moment) and due.tzinfo is dt.UTC
    assert due - moment == dt.timedelta(hours=72)


@given(MOMENTS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=10)))
def test_what_remains_and_what_has_passed_make_the_whole_term(moment, passed):
    assert police_remaining(moment, moment + passed) + passed == POLICE_TERM


@given(st.timedeltas(dt.timedelta(days=-9), dt.timedelta(days=9)))
def test_hours_left_never_promise_more_than_there_are(span):
    assert abs(dt.timedelta(hours=whole_hours(span))) <= abs(span)
    assert abs(abs(span) - dt.timedelta(hours=abs(whole_hours(span)))) < dt.timedelta(hours=1)


def test_a_moment_without_a_zone_starts_no_clock():
    with pytest.raises(ValueError, match="zone"):
        police_deadline(dt.datetime(2026, 11, 21, 9))


# What is kept


@pytest.fixture
def there(make):
    return place(make, "Rumah Satu")


@pytest.fixture
def kenari(make, there):
    return family(make, there.beds[0], alias="Kenari")


def opened(make, who, *, side=Side.VICTIM, reported_at=None, sexual=True, by=None):
    matter = open_matter(
        make.session,
        household=who.household,
        sides={who.one.id: side},
        sexual_violence=sexual,
        child_offender=False,
        victim_reported_at=reported_at or (make.clock.now - dt.timedelta(hours=2) if sexual else None),
        now=make.clock.now,
        by=actor(by or make.account(Role.CASEWORKER)),
    )
    make.session.commit()
    return matter


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"reported_at": dt.timedelta(minutes=1)}, MatterRefusal.IN_FUTURE),
        ({"sides": {}}, MatterRefusal.NO_PARTY),
        ({"reported_at": None}, MatterRefusal.NO_REPORT_TIME),
    ],
)
def test_a_matter_that_cannot_be_is_refused(session, make, kenari, given, reason):
    at = given.get("reported_at", dt.timedelta(0))
    with pytest.raises(MatterRefused) as refused:
        open_matter(
            session,
            household=kenari.household,
            sides=given.get("sides", {kenari.one.id: Side.VICTIM}),
            sexual_violence=True,
            child_offender=False,
            victim_reported_at=None if at is None else make.clock.now + at,
            now=make.clock.now,
            by=actor(make.account(Role.CASEWORKER)),
        )
    assert refused.value.reason is reason


def test_the_police_are_told_once_after_the_report_and_not_in_the_future(session, make, kenari):
    matter = opened(make, kenari)
    by = actor(make.account(Role.CASEWORKER))
    for told, reason in (
        (make.clock.now + dt.timedelta(minutes=1), MatterRefusal.TOLD_IN_FUTURE),
        (make.clock.now - dt.timedelta(hours=3), MatterRefusal.TOLD_BEFORE_REPORT),
        (make.clock.now, None),
        (make.clock.now, MatterRefusal.ALREADY_TOLD),
    ):
        telling = {"matter": matter, "told_at": told, "number": LP, "now": make.clock.now, "by": by}
        if reason is None:
            tell_police(session, **telling)
            session.commit()
        else:
            with pytest.raises(MatterRefused) as refused:
                tell_police(session, **telling)
            assert refused.value.reason is reason
    assert LP.encode() not in matter.police_report_number
    assert session.scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.act == Act.POLICE_TOLD)) == 1


def test_someone_on_the_other_side_who_is_added_never_shares_the_house(session, make, there, kenari):
    merbau = family(make, make.beds(make.room(make.house(), beds=1))[0], alias="Merbau")
    matter = opened(make, kenari)
    adding = {"matter": matter, "resident": merbau.one, "side": Side.REPORTED, "now": make.clock.now}
    add_party(session, **adding, by=actor(there.manager))
    (conflict,) = session.scalars(select(Conflict))
    assert conflict.kind is ConflictKind.OPPOSITE_SIDES
    with pytest.raises(MatterRefused):
        add_party(session, **adding, by=actor(there.manager))


def test_the_matters_of_a_family_are_read_in_two_statements_and_show_when_the_police_are_due(
    session, make, there, kenari, statements
):
    for _ in range(3):
        matter = opened(make, kenari)
    asked = {"household_id": kenari.household.id, "account_id": there.manager.id, "role": there.manager.role}
    with statements() as count:
        lines = matters_of(session, **asked)
    assert len(count) == 2 and len(lines) == 3
    assert lines[0].due_at == matter.victim_reported_at + dt.timedelta(hours=72)


def test_other_violence_runs_no_clock(session, make, there, kenari):
    opened(make, kenari, sexual=False)
    manager = there.manager
    (line,) = matters_of(session, household_id=kenari.household.id, account_id=manager.id, role=manager.role)
    assert line.due_at is None


# The pages


@pytest.fixture
def worker(make, there, kenari):
    return coordinator(make, there, kenari)


def written(moment, zone="Asia/Jakarta"):
    local = moment.astimezone(ZoneInfo(zone))
    return {
        "day-d": str(local.day),
        "day-m": str(local.month),
        "day-y": str(local.year),
        "clock": f"{local:%H.%M}",
    }


def answers(moment=None, **more):
    when = written(moment) if moment else {"day-d": "", "day-m": "", "day-y": "", "clock": ""}
    return {"sexual_violence": "yes", "child_offender": "no", "side_0": "victim"} | when | more


def test_a_caseworker_opens_a_matter_and_says_when_the_police_were_told(session, make, kenari, there, worker, browser):
    reported(make, kenari, name="Slamet Riyadi")
    browser.sign_in(worker)
    new = f"/residents/{kenari.one.ref}/matters/new"
    report = make.clock.now - dt.timedelta(hours=50)
    assert browser.get(new).status_code == 200
    assert browser.post(new, fields=answers(report, reported_0="reported")).status_code == 303
    (matter,) = session.scalars(select(Matter))
    assert matter.victim_reported_at == report.replace(second=0, microsecond=0)
    assert session.scalar(select(func.count()).select_from(MatterParty)) == 2
    browser.get(f"/residents/{kenari.one.ref}/matters")
    assert 'class="clk wait"' in browser.page and "Slamet" not in browser.page
    police = f"/matters/{matter.ref}/police"
    assert browser.get(police).status_code == 200
    assert browser.post(police, fields={**written(make.clock.now), "number": LP}).status_code == 303
    browser.get(f"/residents/{kenari.one.ref}/matters")
    assert 'class="clk ok"' in browser.page and LP not in browser.page and "51" in browser.page


@pytest.mark.parametrize(
    ("hours", "kind"),
    [(1, ""), (49, " wait"), (67, " care"), (80, " care")],
)
def test_the_clock_warns_under_a_day_and_under_six_hours(make, kenari, worker, browser, hours, kind):
    opened(make, kenari, reported_at=make.clock.now - dt.timedelta(hours=hours))
    browser.sign_in(worker)
    browser.get(f"/residents/{kenari.one.ref}/matters")
    assert f'class="clk{kind}"' in browser.page


def test_what_is_written_is_the_clock_of_the_house(session, make, browser):
    east = place(make, "Rumah Timur")
    east.house.time_zone = "Asia/Jayapura"
    session.commit()
    kenari = family(make, east.beds[0])
    browser.sign_in(east.manager)
    report = (make.clock.now - dt.timedelta(hours=5)).replace(second=0, microsecond=0)
    url = f"/residents/{kenari.one.ref}/matters/new"
    assert browser.post(url, fields=answers() | written(report, "Asia/Jayapura")).status_code == 303
    assert session.scalars(select(Matter.victim_reported_at)).one() == report


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day-d": "", "day-m": "", "day-y": "", "clock": ""}, "day"),
        ({"clock": ""}, "clock"),
        ({"side_0": "none"}, "side_0"),
        ({"sexual_violence": ""}, "sexual_violence"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_written(
    session, make, kenari, worker, browser, wrong, field
):
    browser.sign_in(worker)
    url = f"/residents/{kenari.one.ref}/matters/new"
    answer = browser.post(url, fields=answers(make.clock.now - dt.timedelta(hours=1)) | wrong)
    assert answer.status_code == 200 and f'id="{field}-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(Matter)) == 0


def test_a_report_in_the_future_is_refused_beside_the_day(session, make, kenari, worker, browser):
    browser.sign_in(worker)
    url = f"/residents/{kenari.one.ref}/matters/new"
    assert browser.post(url, fields=answers(make.clock.now + dt.timedelta(hours=1))).status_code == 200
    assert 'id="day-e"' in browser.page


def test_whoever_does_not_see_her_finds_none_of_her_matters(make, kenari, there, browser):
    matter = opened(make, kenari)
    browser.sign_in(make.account(Role.CASEWORKER, there.house))
    for url in (
        f"/residents/{kenari.one.ref}/matters",
        f"/residents/{kenari.one.ref}/matters/new",
        f"/matters/{matter.ref}/police",
        f"/matters/{matter.ref}/parties",
    ):
        assert browser.get(url).status_code == 404


def test_another_family_is_added_on_the_page(session, make, kenari, there, browser):
    merbau = family(make, there.beds[1], alias="Merbau")
    matter = opened(make, kenari)
    browser.sign_in(there.manager)
    url = f"/matters/{matter.ref}/parties"
    browser.get(url)
    assert "Merbau" in browser.page
    assert browser.post(url, fields={"other": str(merbau.one.ref), "side": "witness"}).status_code == 303
    browser.get(f"/residents/{kenari.one.ref}/matters")
    assert "Merbau" in browser.page


def test_a_party_of_another_house_is_named_only_to_whoever_works_there(
    session, make, kenari, there, worker, browser, new_browser
):
    far = place(make, "Rumah Dua")
    merbau = family(make, far.beds[0], alias="Merbau")
    both = make.account(Role.MANAGER, there.house, far.house)
    matter = opened(make, kenari)
    add_party(session, matter=matter, resident=merbau.one, side=Side.WITNESS, now=make.clock.now, by=actor(both))
    session.commit()
    page = f"/residents/{kenari.one.ref}/matters"
    for account in (worker, there.manager):
        account.language = "en"
        session.commit()
        text = new_browser().sign_in(account).get(page).text
        assert kenari.one.code in text and "A resident of another house" in text
        assert "Merbau" not in text and merbau.one.code not in text, "with the code she could be opened by anybody"
    text = browser.sign_in(both).get(page).text
    assert f"Merbau {merbau.one.code}" in text and "A resident of another house" not in text


def test_of_a_party_who_is_denied_to_her_there_is_no_line(session, make, kenari, there, browser):
    merbau = family(make, there.beds[1], alias="Merbau")
    cousin = make.account(Role.MANAGER, there.house, language="en")
    matter = opened(make, kenari)
    add_party(session, matter=matter, resident=merbau.one, side=Side.WITNESS, now=make.clock.now, by=actor(cousin))
    make.saved(Denial(resident_id=merbau.one.id, account_id=cousin.id, since=make.clock.now))
    session.commit()
    text = browser.sign_in(cousin).get(f"/residents/{kenari.one.ref}/matters").text
    assert kenari.one.code in text and "Merbau" not in text and "A resident of another house" not in text
