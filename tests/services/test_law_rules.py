"""What may follow what on a way through law, which code holds, what is never mediated, how long an order lasts."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.services.choices import ProceduralCode, ProtectionKind, Track
from safehouse.services.rules.law import (
    KUHAP_2025_SINCE,
    MediationReason,
    OrderFault,
    Step,
    WayFault,
    code_for,
    in_order,
    longest_until,
    mediation_digest,
    protected_since,
    reasons_for,
    renewal_due,
    why_not_mediate,
    why_not_order,
    why_not_way,
)

# As the criminal way is: advice, report, inquiry, investigation, file sent (again), returned (aside), complete, an end.
ADVICE, REPORT, INQUIRY, INVESTIGATION = (Step(n, n) for n in range(4))
SENT, RETURNED, COMPLETE = Step(4, 4, again=True), Step(5, 5, again=True, aside=True), Step(6, 6)
FINISHED, STOPPED = Step(7, 7, ends=True), Step(8, 8, ends=True, aside=True)
STEPS = (ADVICE, REPORT, INQUIRY, INVESTIGATION, SENT, RETURNED, COMPLETE, FINISHED, STOPPED)
PATH = [one.position for one in STEPS if not one.aside]
DAY = dt.date(2026, 11, 21)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
JAKARTA = ZoneInfo("Asia/Jakarta")


def fits(stage, *before, after=()):
    return in_order(stage, before=list(before), after=list(after), path=PATH)


@given(n=st.integers(0, len(PATH)))
def test_on_the_path_only_the_very_next_stage_is_in_order(n):
    gone = [one for one in STEPS if one.position in PATH[:n]]
    expected = [one for one in STEPS if one.position in PATH[n : n + 1]]
    assert [one for one in STEPS if not one.aside and not one.again and fits(one, *gone)] == [
        one for one in expected if not one.again
    ]


@given(before=st.lists(st.sampled_from(STEPS), max_size=6), stage=st.sampled_from(STEPS))
def test_nothing_follows_an_end(before, stage):
    if any(one.ends for one in before):
        assert not fits(stage, *before)


@given(before=st.lists(st.sampled_from(STEPS), max_size=6), stage=st.sampled_from(STEPS))
def test_only_a_stage_that_may_come_again_comes_again(before, stage):
    if stage in before and fits(stage, *before):
        assert stage.again


@given(before=st.lists(st.sampled_from([one for one in STEPS if not one.ends]), max_size=6))
def test_a_way_out_may_be_taken_at_any_time_until_it_is_over(before):
    assert fits(STOPPED, *before)
    assert not fits(STOPPED, *before, after=[REPORT])


def test_a_file_goes_back_and_forth_until_it_is_complete():
    gone = [ADVICE, REPORT, INQUIRY, INVESTIGATION, SENT]
    assert fits(RETURNED, *gone)
    assert fits(SENT, *gone, RETURNED)
    assert fits(RETURNED, *gone, RETURNED, SENT)
    assert fits(COMPLETE, *gone, RETURNED, SENT)
    assert not fits(SENT, *gone, COMPLETE)
    assert not fits(RETURNED, *gone, COMPLETE)
    assert not fits(RETURNED, ADVICE)


def test_a_stage_written_down_late_is_in_order_on_its_own_day():
    assert fits(ADVICE, after=[REPORT])
    assert not fits(INQUIRY, after=[REPORT])
    assert not fits(REPORT, ADVICE, after=[REPORT])


@given(day=DAYS)
def test_the_code_follows_from_the_day_the_matter_began(day):
    assert code_for(day) is (ProceduralCode.KUHAP_1981 if day < dt.date(2026, 1, 2) else ProceduralCode.KUHAP_2025)
    assert code_for(KUHAP_2025_SINCE - dt.timedelta(days=1)) is ProceduralCode.KUHAP_1981


@given(
    track=st.sampled_from(Track),
    code=st.sampled_from([None, *ProceduralCode]),
    violence=st.booleans(),
    child=st.booleans(),
)
def test_a_way_asks_for_its_code_and_mediation_is_never_simply_opened(track, code, violence, child):
    fault = why_not_way(track, code=code, sexual_violence=violence, child_offender=child)
    if track is Track.MEDIATION:
        assert fault is (WayFault.SEXUAL_VIOLENCE if violence and not child else WayFault.NEEDS_APPROVAL)
    else:
        assert (fault is WayFault.NO_CODE) == (track is Track.CRIMINAL and code is None)


@given(violence=st.booleans(), child=st.booleans())
def test_sexual_violence_is_mediated_only_because_the_offender_is_a_child(violence, child):
    facts = {"sexual_violence": violence, "child_offender": child}
    offered = reasons_for(**facts)
    assert bool(offered) == (why_not_mediate(**facts) is None)
    if violence:
        assert set(offered) <= {MediationReason.CHILD_OFFENDER}
    assert (MediationReason.CHILD_OFFENDER in offered) == child


@given(violence=st.booleans(), child=st.booleans(), parties=st.lists(st.sampled_from(["1", "2", "3"])))
def test_whatever_changes_voids_what_a_manager_was_asked(violence, child, parties):
    matter = uuid.UUID(int=1)
    facts = {"sexual_violence": violence, "child_offender": child, "reason": "own_wish", "parties": parties}
    asked = mediation_digest(matter, **facts)
    assert asked == mediation_digest(matter, **{**facts, "parties": parties[::-1]})
    for changed in (
        {"sexual_violence": not violence},
        {"child_offender": not child},
        {"reason": "court_ordered"},
        {"parties": [*parties, "4"]},
    ):
        assert asked != mediation_digest(matter, **{**facts, **changed})


def why(kind, length, *, from_day=DAY, violence=True, renews=None):
    until = from_day + dt.timedelta(days=length)
    return why_not_order(kind, from_day=from_day, until=until, today=DAY, sexual_violence=violence, renews=renews)


@pytest.mark.parametrize(
    ("kind", "longest"),
    [(ProtectionKind.POLICE_DOMESTIC, 7), (ProtectionKind.POLICE_SEXUAL, 14), (ProtectionKind.COURT, 365)],
)
def test_an_order_lasts_no_longer_than_the_law_lets_it(kind, longest):
    assert why(kind, longest) is None
    assert why(kind, longest + 1) is OrderFault.TOO_LONG
    assert longest_until(kind, DAY) == DAY + dt.timedelta(days=longest)


def test_a_protection_by_lpsk_has_no_longest_day():
    assert why(ProtectionKind.LPSK, 3000) is None


@given(kind=st.sampled_from(ProtectionKind), length=st.integers(-400, -1))
def test_no_order_ends_before_it_begins(kind, length):
    assert why(kind, length) is OrderFault.ENDS_BEFORE_IT_BEGINS


def test_an_order_has_begun_and_only_a_renewal_may_begin_after_the_one_before():
    tomorrow = DAY + dt.timedelta(days=1)
    assert why(ProtectionKind.COURT, 30, from_day=tomorrow) is OrderFault.BEGINS_IN_FUTURE
    ends = DAY + dt.timedelta(days=5)
    after = ends + dt.timedelta(days=1)
    assert why(ProtectionKind.COURT, 30, from_day=after, renews=ends) is None
    assert why(ProtectionKind.COURT, 30, from_day=after + dt.timedelta(days=1), renews=ends) is (
        OrderFault.BEGINS_IN_FUTURE
    )
    assert why(ProtectionKind.COURT, 5, renews=ends) is OrderFault.NOT_LATER


def test_the_police_protect_against_sexual_violence_only_where_there_was_some():
    assert why(ProtectionKind.POLICE_SEXUAL, 7, violence=False) is OrderFault.NOT_SEXUAL_VIOLENCE
    assert why(ProtectionKind.POLICE_DOMESTIC, 7, violence=False) is None


@given(until=DAYS)
def test_a_renewal_is_asked_for_seven_days_before_the_end(until):
    assert renewal_due(until) == until - dt.timedelta(days=7)


def test_a_protection_without_an_hour_counts_from_the_morning_of_its_day():
    assert protected_since(DAY, None, JAKARTA) == dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
    given_at = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
    assert protected_since(DAY, given_at, JAKARTA) == given_at
