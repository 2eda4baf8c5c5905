"""The legal part of a plan: its ways, stages, letters and orders; what is refused, and who reads how much of it."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Approval, Discipline
from safehouse.access.operations.asking import ApprovalRefused
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Household, Matter, MatterParty, Side
from safehouse.residents.operations.matters import open_matter, tell_police
from safehouse.services.choices import (
    Accompanied,
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    ChildrenMeanwhile,
    NoticeCode,
    ProceduralCode,
    ProtectionKind,
    SafeWay,
    Track,
    Transport,
)
from safehouse.services.models import (
    Appointment,
    InvestigationNotice,
    LegalProcess,
    LegalStage,
    ProcessStage,
    ProtectionOrder,
)
from safehouse.services.operations.law import (
    About,
    LawRefusal,
    LawRefused,
    NewOrder,
    NewStage,
    note_notice,
    open_way,
    record_order,
    record_stage,
)
from safehouse.services.operations.mediating import ask_mediation, decide_mediation
from safehouse.services.queries.duties import duties
from safehouse.services.queries.law import kept_matters, stages_between, where_it_stands
from safehouse.services.queries.plans import newest_placement
from safehouse.services.rules.duties import DutyKind
from safehouse.services.rules.law import MediationReason
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.counting import statements
from tests.office import actor

LEGAL = Discipline.LEGAL
NUMBER, HER_WORDS = "LP/B/012/XI/2026", "Ia ingin terlapor dihukum"


def day(field, when):
    return {f"{field}-d": str(when.day), f"{field}-m": str(when.month), f"{field}-y": str(when.year)}


def page_of(ward):
    return f"/residents/{ward.resident.ref}/plan/legal"


def count(session, model):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def matter_of(session, ward, clock):
    """`matter_of(sexual_violence=True)` is a matter of her household in which she is the victim."""

    def made(*, sexual_violence=False, child_offender=False, side=Side.VICTIM, household=None):
        opened = open_matter(
            session,
            household=household or session.get_one(Household, ward.resident.household_id),
            sides={ward.resident.id: side},
            sexual_violence=sexual_violence,
            child_offender=child_offender,
            victim_reported_at=clock.now - dt.timedelta(hours=10),
            now=clock.now,
            by=actor(ward.sekar),
        )
        session.commit()
        return opened

    return made


@pytest.fixture
def matter(plan, matter_of):
    return matter_of(sexual_violence=True)


@pytest.fixture
def about(ward, clock):
    return lambda matter: About(ward.resident, matter, clock.now.date())


@pytest.fixture
def criminal(session, ward, matter, about, clock):
    """The criminal way of the matter, after the new code."""
    made = open_way(
        session,
        about=about(matter),
        track=Track.CRIMINAL,
        code=ProceduralCode.KUHAP_2025,
        now=clock.now,
        by=actor(ward.sekar),
    )
    session.commit()
    return made


@pytest.fixture
def stage_called(session):
    """`stage_called("verdict")` is that stage of the criminal way after the new code."""

    def found(key, track=Track.CRIMINAL, code=ProceduralCode.KUHAP_2025):
        return session.scalars(
            select(LegalStage).where(
                LegalStage.track == track, LegalStage.procedural_code == code, LegalStage.key == key
            )
        ).one()

    return found


@pytest.fixture
def reach(session, ward, about, matter, criminal, stage_called, clock):
    """`reach("police_report")` records that stage today."""

    def recorded(key, **more):
        row = record_stage(
            session,
            about=about(matter),
            process=criminal,
            new=NewStage(**{"stage": stage_called(key), "on_day": clock.now.date(), **more}),
            now=clock.now,
            by=actor(ward.sekar),
        )
        session.commit()
        return row

    return recorded


# A way


def test_whoever_keeps_the_legal_plan_opens_the_criminal_way_with_its_code(
    ward, plan, matter, browser, session, domain_of
):
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/legal-processes/new?matter={matter.ref}"
    asked = browser.get(where).text
    assert 'value="kuhap_2025" autocomplete="off" checked' in asked
    assert browser.post(where, fields={"track": "criminal"}).status_code == 200
    assert count(session, LegalProcess) == 0
    answer = browser.post(where, fields={"track": "criminal", "code": "kuhap_2025"})
    assert answer.status_code == 303
    made = session.scalars(select(LegalProcess)).one()
    assert (made.track, made.procedural_code, made.matter_id) == (Track.CRIMINAL, "kuhap_2025", matter.id)
    page = browser.get(page_of(ward)).text
    assert 'class="stages"' in page and "Penyidikan" in page and "Keadilan restoratif" not in page


def test_a_matter_known_before_the_new_code_is_offered_the_old_one(ward, plan, matter, browser, session, domain_of):
    matter.victim_reported_at = dt.datetime(2025, 12, 20, tzinfo=dt.UTC)
    session.commit()
    browser.sign_in(ward.sekar)
    asked = browser.get(f"/plan-domains/{domain_of(LEGAL).ref}/legal-processes/new").text
    assert 'value="kuhap_1981" autocomplete="off" checked' in asked


def test_a_matter_goes_each_way_once(ward, criminal, matter, browser, session, domain_of):
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/legal-processes/new?matter={matter.ref}"
    browser.get(where)
    answer = browser.post(where, fields={"track": "criminal", "code": "kuhap_1981"})
    assert answer.status_code == 200 and 'href="#track"' in answer.text
    assert browser.post(where, fields={"track": "custody", "code": "kuhap_2025"}).status_code == 303
    session.expire_all()
    assert (
        session.scalars(select(LegalProcess).where(LegalProcess.track == Track.CUSTODY)).one().procedural_code is None
    )


def test_two_presses_open_one_way(ward, matter, browser, session, domain_of):
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/legal-processes/new"
    browser.get(where)
    key = str(uuid.uuid4())
    for _ in range(2):
        browser.post(where, fields={"track": "divorce"}, act_key=key)
    assert count(session, LegalProcess) == 1


def test_without_a_matter_the_page_leads_to_one(ward, plan, browser, domain_of):
    browser.sign_in(ward.sekar)
    assert f"/residents/{ward.resident.ref}/matters/new" in browser.get(page_of(ward)).text
    where = f"/plan-domains/{domain_of(LEGAL).ref}/legal-processes/new"
    assert f"/residents/{ward.resident.ref}/matters/new" in browser.get(where).text
    assert browser.post(where, fields={"track": "divorce"}).status_code == 404


# Stages


def test_a_stage_is_recorded_with_its_letter_and_shown_to_whoever_keeps_it(
    ward, criminal, browser, session, clock, stage_called
):
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{criminal.ref}/stages/new?of={ward.resident.ref}"
    first = stage_called("consultation")
    assert f'value="{first.ref}" selected' in browser.get(where).text
    answer = browser.post(
        where,
        fields={
            "stage": str(first.ref),
            "number": NUMBER,
            "accompanied": "worker",
            "words": HER_WORDS,
            **day("on_day", clock.now),
        },
    )
    assert answer.status_code == 303
    row = session.scalars(select(ProcessStage)).one()
    assert (row.on_day, row.accompanied, row.amount) == (clock.now.date(), Accompanied.WORKER, None)
    assert NUMBER.encode() not in row.number and HER_WORDS.encode() not in row.words
    page = browser.get(answer.location).text
    assert NUMBER in page and HER_WORDS in page and 'aria-current="step"' in page
    assert f'value="{stage_called("police_report").ref}" selected' in browser.get(where).text


def test_a_stage_out_of_order_needs_a_reason_and_nothing_typed_is_lost(
    ward, criminal, browser, session, clock, stage_called
):
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{criminal.ref}/stages/new"
    browser.get(where)
    fields = {"stage": str(stage_called("verdict").ref), "number": NUMBER, **day("on_day", clock.now)}
    answer = browser.post(where, fields=fields)
    assert answer.status_code == 200 and 'href="#reason"' in answer.text and NUMBER in answer.text
    assert count(session, ProcessStage) == 0
    assert browser.post(where, fields=fields | {"reason": "Ia datang setelah putusan"}).status_code == 303
    row = session.scalars(select(ProcessStage)).one()
    assert b"putusan" not in row.reason
    assert "Ia datang setelah putusan" in browser.get(page_of(ward)).text


@pytest.mark.parametrize("reason", ["", "Semua pihak setuju"])
def test_restorative_justice_is_never_recorded_whatever_the_reason(
    ward, criminal, browser, session, clock, stage_called, reason
):
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{criminal.ref}/stages/new"
    browser.get(where)
    answer = browser.post(
        where,
        fields={"stage": str(stage_called("restorative_justice").ref), "reason": reason, **day("on_day", clock.now)},
    )
    assert answer.status_code == 200 and 'href="#stage"' in answer.text
    assert count(session, ProcessStage) == 0
    refused = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.MEDIATION_REFUSED)).one()
    assert (refused.purpose, refused.result) == ("restorative_justice", Result.REFUSED)


def test_a_stage_of_a_day_to_come_is_refused_beside_its_day(ward, criminal, browser, session, clock, stage_called):
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{criminal.ref}/stages/new"
    browser.get(where)
    fields = {"stage": str(stage_called("consultation").ref), **day("on_day", clock.now + dt.timedelta(days=2))}
    answer = browser.post(where, fields=fields)
    assert answer.status_code == 200 and 'href="#on_day-d"' in answer.text
    assert count(session, ProcessStage) == 0


def test_after_she_left_only_what_happened_before_is_recorded(ward, criminal, browser, session, clock, stage_called):
    left_on = clock.now.date()
    newest_placement(session, ward.resident.id).left_at = clock.now
    ward.resident.house_id = None
    session.commit()
    clock.forward(days=3)
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{criminal.ref}/stages/new"
    browser.get(where)
    fields = {"stage": str(stage_called("consultation").ref), **day("on_day", clock.now)}
    answer = browser.post(where, fields=fields)
    assert answer.status_code == 200 and 'href="#on_day-d"' in answer.text
    assert count(session, ProcessStage) == 0
    assert browser.post(where, fields=fields | day("on_day", left_on)).status_code == 303


def test_a_stage_of_another_way_is_not_recorded(session, ward, about, matter, criminal, stage_called, clock):
    for wanted in (
        stage_called("police_report", code=ProceduralCode.KUHAP_1981),
        stage_called("hearing", track=Track.DIVORCE, code=None),
    ):
        with pytest.raises(LawRefused) as refused:
            record_stage(
                session,
                about=about(matter),
                process=criminal,
                new=NewStage(wanted, clock.now.date()),
                now=clock.now,
                by=actor(ward.sekar),
            )
        assert refused.value.reason is LawRefusal.NOT_OF_THIS_WAY


def test_a_way_that_ended_holds_nothing_more_to_come(ward, reach, browser):
    reach("consultation")
    reach("investigation_stopped")
    browser.sign_in(ward.sekar)
    page = browser.get(page_of(ward)).text
    assert page.count('<li class="done"') == 2 and '<li class="later"' not in page and 'aria-current="step"' not in page


def test_a_stage_is_taken_back_within_ten_minutes_unless_another_followed(
    ward, criminal, reach, browser, session, clock, stage_called
):
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{criminal.ref}/stages/new"
    browser.get(where)
    fields = {"stage": str(stage_called("consultation").ref), **day("on_day", clock.now)}
    answer = browser.post(where, fields=fields)
    undo = undo_of(browser, answer)
    reach("police_report")
    assert browser.post(undo).status_code == 409
    session.scalars(select(ProcessStage).order_by(ProcessStage.id.desc())).first().withdrawn_at = clock.now
    session.commit()
    assert browser.post(undo).status_code == 303
    session.expire_all()
    assert session.scalars(select(ProcessStage).order_by(ProcessStage.id)).first().withdrawn_at is not None
    assert 'aria-current="step"' not in browser.get(page_of(ward)).text


def undo_of(browser, answer):
    page = browser.get(answer.location).text
    bar = page.partition('class="note ok undo"')[2]
    return bar.partition('action="')[2].partition('"')[0]


def test_restitution_keeps_its_amount(ward, plan, matter, about, browser, session, clock, stage_called):
    way = open_way(
        session, about=about(matter), track=Track.RESTITUTION, code=None, now=clock.now, by=actor(ward.sekar)
    )
    session.commit()
    browser.sign_in(ward.sekar)
    where = f"/legal-processes/{way.ref}/stages/new"
    browser.get(where)
    computed = stage_called("computed", track=Track.RESTITUTION, code=None)
    fields = {"stage": str(computed.ref), "amount": "Rp 25.000.000", **day("on_day", clock.now)}
    assert browser.post(where, fields=fields).status_code == 303
    assert session.scalars(select(ProcessStage)).one().amount == 25_000_000
    assert "25.000.000" in browser.get(page_of(ward)).text


# Who reads how much


@pytest.fixture
def everything(session, ward, matter, about, reach, clock):
    """A number, words and an amount of everything there is."""
    by = actor(ward.sekar)
    tell_police(session, matter=matter, told_at=clock.now, number="LP/0001", now=clock.now, by=by)
    reach("consultation", number="SURAT-0002", words="KATA-0003", accompanied=Accompanied.WORKER)
    reach("verdict", reason="SEBAB-0004")
    note_notice(
        session,
        about=about(matter),
        code=NoticeCode.A1,
        on_day=clock.now.date(),
        number="SP2HP-0005",
        now=clock.now,
        by=by,
    )
    order = record_order(
        session,
        about=about(matter),
        new=NewOrder(
            ProtectionKind.POLICE_SEXUAL,
            clock.now.date(),
            clock.now.date() + dt.timedelta(days=14),
            clock.now,
            "PERINTAH-0006",
        ),
        now=clock.now,
        by=by,
    )
    session.commit()
    return order


SECRETS = ("LP/0001", "SURAT-0002", "KATA-0003", "SEBAB-0004", "SP2HP-0005", "PERINTAH-0006")


def test_the_legal_companion_reads_everything(ward, everything, browser):
    browser.sign_in(ward.sekar)
    page = browser.get(page_of(ward)).text
    assert [one for one in SECRETS if one not in page] == []
    assert "Konsultasi" in page and "Putusan" in page


@pytest.mark.parametrize("who", ["maya", "manager"])
def test_coordinator_and_manager_read_stages_and_days_and_no_number_or_word(ward, everything, manager, browser, who):
    browser.sign_in(manager if who == "manager" else ward.maya)
    page = browser.get(page_of(ward)).text
    assert "Konsultasi" in page and "Putusan" in page and 'class="clk' in page
    assert [one for one in SECRETS if one in page] == []
    assert "/stages/new" not in page
    order = browser.get(f"/protection-orders/{everything.ref}")
    assert order.status_code == 200 and "PERINTAH-0006" not in order.text
    assert f"{everything.ref}/renewal" not in order.text


def test_another_discipline_reads_nothing_of_the_law(ward, everything, browser, criminal):
    browser.sign_in(ward.indah)
    page = browser.get(page_of(ward)).text
    assert 'class="stages"' not in page and "Konsultasi" not in page
    assert [one for one in SECRETS if one in page] == []
    for wanted in (f"/legal-processes/{criminal.ref}/stages/new", f"/protection-orders/{everything.ref}"):
        assert browser.get(wanted).status_code == 404


def test_words_of_a_stage_stay_with_the_legal_discipline(ward, everything, browser, session):
    """A coordinator who keeps the domain while nobody legal is there goes on with its numbers, not with its words."""
    ward.sekar.state = "disabled"
    session.commit()
    browser.sign_in(ward.maya)
    page = browser.get(page_of(ward)).text
    assert "SURAT-0002" in page and "KATA-0003" not in page


@pytest.mark.parametrize("role", [Role.STAFF, Role.SECURITY_OFFICER])
def test_staff_and_the_security_officer_reach_nothing_of_the_law(ward, everything, make, house, browser, role):
    browser.sign_in(make.account(role, house))
    assert browser.get(page_of(ward)).status_code == 404
    assert browser.get(f"/protection-orders/{everything.ref}").status_code == 404


def test_a_matter_of_another_family_shows_only_that_she_stands_in_it(ward, plan, matter_of, make, browser, session):
    matter_of(sexual_violence=True, side=Side.WITNESS, household=make.household())
    assert session.scalars(kept_matters(ward.resident.id)).all() == []
    browser.sign_in(ward.sekar)
    page = browser.get(page_of(ward)).text
    assert "another family" in page or "keluarga lain" in page
    assert 'class="clk' not in page


def test_the_reported_person_of_a_family_reads_nothing_of_the_victims_matter(
    ward, everything, matter, make, house, beds, browser, session, clock
):
    sister = make.resident(beds[1], household=session.get_one(Household, ward.resident.household_id))
    session.add(MatterParty(matter_id=matter.id, resident_id=sister.id, side=Side.REPORTED))
    other = make.account(Role.CASEWORKER, session.get_one(type(beds[0]), beds[0].id).room.house, disciplines=(LEGAL,))
    session.add(
        Assignment(resident_id=sister.id, account_id=other.id, discipline=LEGAL, coordinator=False, since=clock.now)
    )
    session.commit()
    assert stages_between(session, sister.id, dt.date(2020, 1, 1), dt.date(2030, 1, 1)) == []
    assert where_it_stands(session, sister.id) == []
    browser.sign_in(other)
    assert browser.get(f"/protection-orders/{everything.ref}").status_code == 404


# Clocks


def test_the_clock_to_lpsk_runs_from_the_protection_of_the_police_until_lpsk_is_asked(
    ward, matter, about, everything, browser, session, clock, stage_called
):
    clock.forward(hours=20)
    browser.sign_in(ward.sekar)
    assert "1 x 24" in browser.get(page_of(ward)).text
    assert 'class="clk care"' in browser.page
    way = open_way(session, about=about(matter), track=Track.LPSK, code=None, now=clock.now, by=actor(ward.sekar))
    record_stage(
        session,
        about=about(matter),
        process=way,
        new=NewStage(stage_called("asked", track=Track.LPSK, code=None), everything.from_day),
        now=clock.now,
        by=actor(ward.sekar),
    )
    session.commit()
    assert 'class="clk care"' not in browser.get(page_of(ward)).text


# Letters and orders


def test_a_letter_of_the_investigator_is_kept_sealed_and_taken_back(ward, matter, browser, session, clock, domain_of):
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/notices/new?matter={matter.ref}"
    browser.get(where)
    late = {"code": "a1", "number": "B/77", **day("on_day", clock.now + dt.timedelta(days=2))}
    answer = browser.post(where, fields=late)
    assert answer.status_code == 200 and 'href="#on_day-d"' in answer.text and "B/77" in answer.text
    answer = browser.post(where, fields=late | day("on_day", clock.now))
    assert answer.status_code == 303
    row = session.scalars(select(InvestigationNotice)).one()
    assert row.code is NoticeCode.A1 and b"B/77" not in row.number
    undo = undo_of(browser, answer)
    assert "B/77" in browser.page
    assert browser.post(undo).status_code == 303
    assert "B/77" not in browser.get(page_of(ward)).text


@pytest.mark.parametrize(
    ("kind", "length", "field"),
    [("court", -1, "until"), ("court", 400, "until"), ("police_domestic", 8, "until"), ("police_sexual", 15, "until")],
)
def test_an_order_that_cannot_be_is_refused_beside_its_field(
    ward, matter, browser, session, clock, domain_of, kind, length, field
):
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/orders/new?matter={matter.ref}"
    browser.get(where)
    fields = {
        "kind": kind,
        "number": "9/PEN",
        **day("from_day", clock.now),
        **day("until", clock.now + dt.timedelta(days=length)),
    }
    answer = browser.post(where, fields=fields)
    assert answer.status_code == 200 and f'href="#{field}' in answer.text and "9/PEN" in answer.text
    assert count(session, ProtectionOrder) == 0


def test_the_police_order_of_sexual_violence_is_not_for_a_matter_without_it(
    ward, plan, matter_of, browser, session, clock, domain_of
):
    browser.sign_in(ward.sekar)
    matter_of()
    where = f"/plan-domains/{domain_of(LEGAL).ref}/orders/new"
    browser.get(where)
    dates = day("from_day", clock.now) | day("until", clock.now + dt.timedelta(days=3))
    answer = browser.post(where, fields={"kind": "police_sexual", **dates})
    assert answer.status_code == 200 and 'href="#kind"' in answer.text
    assert browser.post(where, fields={"kind": "court", "clock": "9.30", **dates}).status_code == 200
    assert count(session, ProtectionOrder) == 0
    assert browser.post(where, fields={"kind": "police_domestic", "clock": "0.01", **dates}).status_code == 303


@pytest.fixture
def order(session, ward, matter, about, clock):
    made = record_order(
        session,
        about=about(matter),
        new=NewOrder(ProtectionKind.COURT, clock.now.date(), clock.now.date() + dt.timedelta(days=20)),
        now=clock.now,
        by=actor(ward.sekar),
    )
    session.commit()
    return made


def test_an_order_is_renewed_once_and_the_one_before_waits_no_more(ward, order, browser, session, clock):
    browser.sign_in(ward.sekar)
    where = f"/protection-orders/{order.ref}"
    assert where + "/renewal" in browser.get(where).text
    browser.get(where + "/renewal")
    fields = {
        "kind": "court",
        **day("from_day", order.until + dt.timedelta(days=1)),
        **day("until", order.until + dt.timedelta(days=100)),
    }
    answer = browser.post(where + "/renewal", fields=fields)
    assert answer.status_code == 303
    undo = undo_of(browser, answer)
    assert where + "/renewal" not in browser.get(where).text
    assert browser.post(where + "/renewal", fields=fields).status_code == 200
    assert count(session, ProtectionOrder) == 2
    assert browser.post(undo).status_code == 303
    assert where + "/renewal" in browser.get(where).text
    assert browser.post(where + "/renewal", fields=fields).status_code == 303


def test_that_no_renewal_is_wanted_is_taken_back_too(ward, order, browser, session):
    browser.sign_in(ward.sekar)
    where = f"/protection-orders/{order.ref}"
    browser.get(where)
    answer = browser.post(where + "/no-renewal")
    assert answer.status_code == 303
    undo = undo_of(browser, answer)
    session.expire_all()
    assert session.get(ProtectionOrder, order.id).settled_by_id == ward.sekar.id
    assert browser.post(where + "/no-renewal").status_code == 303
    assert browser.post(undo).status_code == 303
    session.expire_all()
    assert session.get(ProtectionOrder, order.id).settled_at is None


# Mediation


def test_sexual_violence_is_not_mediated_and_pressing_for_it_is_recorded(ward, matter, browser, session, domain_of):
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/mediation?matter={matter.ref}"
    assert "<form id=" not in browser.get(where).text
    assert where.partition("?")[0] not in browser.get(page_of(ward)).text
    browser.post(where, fields={"reason": "own_wish"})
    way = f"/plan-domains/{domain_of(LEGAL).ref}/legal-processes/new?matter={matter.ref}"
    answer = browser.post(way, fields={"track": "mediation"})
    assert answer.status_code == 200 and 'href="#track"' in answer.text
    assert count(session, Approval) == 0 and count(session, LegalProcess) == 0
    refused = list(session.scalars(select(TrailEntry.purpose).where(TrailEntry.act == Act.MEDIATION_REFUSED)))
    assert refused == ["mediation", "mediation"]


def test_a_child_offender_is_the_only_reason_to_mediate_sexual_violence(
    ward, plan, matter_of, browser, session, domain_of
):
    matter_of(sexual_violence=True, child_offender=True)
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/mediation"
    asked = browser.get(where).text
    assert 'value="child_offender"' in asked and 'value="own_wish"' not in asked
    assert browser.post(where, fields={"reason": "own_wish"}).status_code == 200
    assert count(session, Approval) == 0
    assert browser.post(where, fields={"reason": "child_offender"}).status_code == 303
    assert count(session, Approval) == 1


def test_a_manager_agrees_to_a_mediation_and_the_way_is_open(
    ward, plan, matter_of, manager, make, browser, session, domain_of, clock
):
    make.office()
    matter_of()
    browser.sign_in(ward.sekar)
    where = f"/plan-domains/{domain_of(LEGAL).ref}/mediation"
    browser.get(where)
    assert browser.post(where, fields={"reason": "own_wish"}).status_code == 303
    assert where not in browser.get(page_of(ward)).text
    asking = session.scalars(select(Approval)).one()
    answer_on = f"/mediations/{asking.ref}"
    assert browser.get(answer_on).status_code == 404
    told = duties(session, account_id=manager.id, role=manager.role, now=clock.now)
    assert [one.subject for one in told if one.kind is DutyKind.MEDIATION] == [asking.ref]
    browser.sign_in(manager)
    assert answer_on in browser.get(page_of(ward)).text
    assert browser.get(answer_on).status_code == 200
    assert browser.post(answer_on, fields={"answer": "grant"}).status_code == 303
    session.expire_all()
    made = session.scalars(select(LegalProcess)).one()
    assert (made.track, made.approval_id) == (Track.MEDIATION, asking.id)
    assert "<form id=" not in browser.get(answer_on).text
    assert duties(session, account_id=manager.id, role=manager.role, now=clock.now) == []


def test_a_mediation_that_was_refused_opens_nothing(ward, plan, matter_of, manager, about, session, clock):
    matter = matter_of()
    asking = ask_mediation(
        session, about=about(matter), reason=MediationReason.OWN_WISH, now=clock.now, by=actor(ward.sekar)
    )
    decide_mediation(session, approval=asking, about=about(matter), granted=False, now=clock.now, by=actor(manager))
    session.commit()
    assert count(session, LegalProcess) == 0
    assert session.get_one(Approval, asking.id).granted is False


def test_what_changed_since_voids_the_asking_and_nobody_answers_her_own(
    ward, plan, matter_of, manager, about, session, clock, browser
):
    matter = matter_of()
    asking = ask_mediation(
        session, about=about(matter), reason=MediationReason.OWN_WISH, now=clock.now, by=actor(ward.sekar)
    )
    session.commit()
    with pytest.raises(ApprovalRefused):
        decide_mediation(
            session, approval=asking, about=about(matter), granted=True, now=clock.now, by=actor(ward.sekar)
        )
    session.rollback()
    session.get_one(Matter, matter.id).sexual_violence = True
    session.commit()
    browser.sign_in(manager).get(f"/mediations/{asking.ref}")
    answer = browser.post(f"/mediations/{asking.ref}", fields={"answer": "grant"})
    assert answer.status_code == 200 and 'href="#answer"' in answer.text
    assert count(session, LegalProcess) == 0


# The list of stages


def test_a_manager_adds_moves_renames_and_retires_a_stage_without_a_new_program(
    manager, ward, criminal, browser, session, stage_called
):
    browser.sign_in(manager)
    assert "/legal-stages" in browser.get("/houses").text
    assert browser.get("/legal-stages").status_code == 200
    where = "/legal-stages/new?list=criminal:kuhap_2025"
    browser.get(where)
    inquiry = stage_called("inquiry")
    fields = {"name_id": "Gelar perkara", "name_en": "Case conference", "nature": "path", "behind": str(inquiry.ref)}
    assert browser.post(where, fields=fields | {"name_en": ""}).status_code == 200
    assert browser.post(where, fields=fields).status_code == 303
    session.expire_all()
    added = session.scalars(select(LegalStage).where(LegalStage.name_id == "Gelar perkara")).one()
    assert added.position == inquiry.position + 1 and added.procedural_code is ProceduralCode.KUHAP_2025
    changed = f"/legal-stages/{added.ref}"
    assert f'value="{inquiry.ref}" selected' in browser.get(changed).text
    fields = {"name_id": "Gelar", "name_en": "Conference", "behind": str(stage_called("investigation").ref)}
    assert browser.post(changed, fields=fields).status_code == 303
    session.expire_all()
    assert added.position == stage_called("investigation").position + 1
    browser.sign_in(ward.sekar)
    assert "Gelar" in browser.get(page_of(ward)).text
    browser.sign_in(manager).get(changed)
    assert browser.post(changed + "/retire").status_code == 303
    assert "Gelar" not in browser.sign_in(ward.sekar).get(page_of(ward)).text
    browser.sign_in(manager).get(changed)
    assert browser.post(changed + "/back").status_code == 303
    assert "Gelar" in browser.sign_in(ward.sekar).get(page_of(ward)).text


def test_the_last_stage_of_a_path_stays_and_restorative_justice_is_no_setting(manager, browser, session, stage_called):
    browser.sign_in(manager)
    refused = stage_called("restorative_justice")
    assert browser.get(f"/legal-stages/{refused.ref}").status_code == 404
    path = session.scalars(
        select(LegalStage)
        .where(LegalStage.track == Track.VICTIM_FUND, LegalStage.aside.is_(False))
        .order_by(LegalStage.position)
    ).all()
    browser.get("/legal-stages")
    for one in path[:-1]:
        assert browser.post(f"/legal-stages/{one.ref}/retire").status_code == 303
    assert browser.post(f"/legal-stages/{path[-1].ref}/retire").status_code == 200
    session.expire_all()
    assert path[-1].retired_at is None


@pytest.mark.parametrize("name", ["maya", "sekar"])
def test_caseworkers_do_not_change_the_list_of_stages(ward, browser, name):
    assert browser.sign_in(getattr(ward, name)).get("/legal-stages").status_code == 404


# For the review, and what it costs


def test_the_review_finds_what_was_reached_between_two_days(session, ward, reach, criminal, clock):
    reach("consultation", on_day=clock.now.date() - dt.timedelta(days=40))
    reach("police_report")
    first, last = clock.now.date() - dt.timedelta(days=30), clock.now.date()
    assert [one.name("en") for one in stages_between(session, ward.resident.id, first, last)] == [
        "Report to the police"
    ]
    (stands,) = where_it_stands(session, ward.resident.id)
    assert (stands.track, stands.newest.name("id"), stands.newest.ends) == (Track.CRIMINAL, "Laporan polisi", False)


def test_the_next_hearing_stands_on_the_page(ward, plan, matter, browser, session, clock):
    at = clock.now + dt.timedelta(days=3)
    session.add(
        Appointment(
            resident_id=ward.resident.id,
            domain=LEGAL,
            kind=AppointmentKind.HEARING,
            at=at,
            minutes=60,
            ends_at=at + dt.timedelta(hours=1),
            place=AppointmentPlace.COURT,
            companion_id=ward.sekar.id,
            transport=Transport.OFFICE_CAR,
            safe_way=SafeWay.SIDE_ENTRANCE,
            children=ChildrenMeanwhile.NONE,
            made_at=clock.now,
            made_by_id=ward.sekar.id,
            state=AppointmentState.PLANNED,
        )
    )
    session.commit()
    browser.sign_in(ward.sekar)
    page = browser.get(page_of(ward)).text
    assert "Pengadilan" in page and "domain=legal&amp;kind=hearing" in page


def test_the_legal_page_takes_the_same_statements_however_much_there_is_and_stays_small(
    app, ward, plan, matter_of, about, session, clock, browser, stage_called
):
    browser.sign_in(ward.sekar)
    counts = []
    by = actor(ward.sekar)
    for n in (1, 2):
        for _each in range(n):
            matter = matter_of(sexual_violence=True)
            for track in (Track.CRIMINAL, Track.CUSTODY):
                code = ProceduralCode.KUHAP_2025 if track is Track.CRIMINAL else None
                way = open_way(session, about=about(matter), track=track, code=code, now=clock.now, by=by)
                first = NewStage(stage_called("consultation", track=track, code=code), clock.now.date(), NUMBER)
                record_stage(session, about=about(matter), process=way, new=first, now=clock.now, by=by)
            for code in NoticeCode:
                note_notice(
                    session,
                    about=about(matter),
                    code=code,
                    on_day=clock.now.date(),
                    number="1",
                    now=clock.now,
                    by=by,
                )
            new = NewOrder(ProtectionKind.COURT, clock.now.date(), clock.now.date() + dt.timedelta(days=30))
            record_order(session, about=about(matter), new=new, now=clock.now, by=by)
        session.commit()
        counts.append(len(statements(app, browser, page_of(ward))))
    assert counts[0] == counts[1]
    assert len(browser.page.encode()) < 60_000
