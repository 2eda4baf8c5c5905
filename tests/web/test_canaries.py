"""What is sealed is on no page but those made to open it, in no address, no log line and no row of the record: planted
in every sealed column there is, then sought."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select

from safehouse.access.guard import declared_access
from safehouse.access.models import Account, House
from safehouse.access.permissions import Permission, Role, allows
from safehouse.residents.models import (
    Alert,
    Consent,
    Danger,
    Denial,
    Guardian,
    HealthCheck,
    Household,
    Matter,
    Medicine,
    ReportedPerson,
    Resident,
    StaffRelation,
)
from safehouse.residents.models import Grant as Opening
from safehouse.schema import METADATA
from safehouse.services.models import (
    Action,
    DomainWords,
    Exam,
    Goal,
    InvestigationNotice,
    LegalProcess,
    Note,
    Plan,
    PlanDomain,
    Pregnancy,
    ProcessStage,
    ProtectionOrder,
    Recommendation,
    Review,
    Schooling,
    SchoolLetter,
    SimfoniSheet,
    Support,
    Treatment,
    Visum,
)
from safehouse.services.rules.simfoni import Answers
from safehouse.shelter.models import AgainstAdvice, Belonging, Decision, Extension, Placement, Referral, Screening
from safehouse.trail.models import TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.browsing import Browser
from tests.web.world import build

CANARY = "Kenanga"
# Days are planted as days: how each is stored, and how a page would say it.
DAYS = {
    "resident.born": ("1961-02-03", "3 Februari 1961", "3 February 1961"),
    "pregnancy.expected": ("2027-02-03", "3 Februari 2027", "3 February 2027"),
}


def own(row: Any) -> tuple[type, object]:
    return type(row), row.id


# table -> its sealed columns, and whose key seals them.
PLANTED: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[type, object]]]] = {
    House: (("address",), own),
    Household: (("address", "family_card"), own),
    Resident: (("name", "nik", "phone", "born", "home_village"), own),
    Guardian: (("name", "nik", "phone"), lambda row: (Resident, row.child_id)),
    Consent: (("reason",), lambda row: (Resident, row.resident_id)),
    Alert: (("words",), lambda row: (Resident, row.resident_id)),
    Medicine: (("name", "dose"), lambda row: (Resident, row.resident_id)),
    HealthCheck: (("words",), lambda row: (Resident, row.resident_id)),
    Denial: (("reason",), lambda row: (Resident, row.resident_id)),
    Opening: (("reason",), lambda row: (Resident, row.resident_id)),
    Belonging: (("what",), lambda row: (Placement, row.placement_id)),
    Danger: (("words",), lambda row: (Household, row.household_id)),
    ReportedPerson: (("name", "nik", "phone", "plate"), lambda row: (Household, row.household_id)),
    Matter: (("police_report_number",), lambda row: (Household, row.household_id)),
    AgainstAdvice: (("reason",), lambda row: (Household, row.household_id)),
    Extension: (("words", "way_home", "answer"), lambda row: (Placement, row.placement_id)),
    StaffRelation: (("name", "nik", "phone"), lambda row: (Account, row.account_id)),
    Referral: (("contact", "message"), own),
    Screening: (("answers",), lambda row: (Referral, row.referral_id)),
    Decision: (("words",), lambda row: (Referral, row.referral_id)),
    DomainWords: (("words",), lambda row: (PlanDomain, row.plan_domain_id)),
    Goal: (("words", "measure"), lambda row: (PlanDomain, row.plan_domain_id)),
    Action: (("what",), lambda row: (PlanDomain, row.plan_domain_id)),
    Note: (("words",), lambda row: (PlanDomain, row.plan_domain_id)),
    Treatment: (("words",), lambda row: (PlanDomain, row.plan_domain_id)),
    Visum: (("letter_number", "report_number"), lambda row: (PlanDomain, row.plan_domain_id)),
    Pregnancy: (("expected",), lambda row: (Resident, row.resident_id)),
    Schooling: (("last_school", "new_school"), lambda row: (PlanDomain, row.plan_domain_id)),
    SchoolLetter: (("school",), lambda row: (PlanDomain, row.plan_domain_id)),
    Exam: (("words",), lambda row: (PlanDomain, row.plan_domain_id)),
    Support: (("words",), lambda row: (PlanDomain, row.plan_domain_id)),
    SimfoniSheet: (("answers", "case_number"), lambda row: (Household, row.household_id)),
    ProcessStage: (("number", "reason", "words"), lambda row: (LegalProcess, row.process_id)),
    InvestigationNotice: (("number",), lambda row: (Matter, row.matter_id)),
    ProtectionOrder: (("number",), lambda row: (Matter, row.matter_id)),
    Review: (("conclusion", "own_words", "family", "answer"), lambda row: (Plan, row.plan_id)),
    Recommendation: (("words",), lambda row: (Review, row.review_id)),
}
# A household's key seals what is asked for all of it.
OF_THE_HOUSEHOLD = {Extension}
# What a person keeps for herself, and files that are thrown away: sought by the tests of those pages.
OF_ONES_OWN = {
    "account.password",
    "totp.secret",
    "draft.body",
    "import_run.inventory",
    "import_run.register",
    "import_run.answers",
}

OF_A_REVIEW = {
    "review.conclusion",
    "review.own_words",
    "review.family",
    "review.answer",
    "recommendation.words",
    "domain_words.words",
    "goal.words",
}

# Which pages open what when they are merely looked at. Every other page opens nothing; names, numbers and addresses
# open behind a fresh code alone.
SHOWN_ON: dict[str, set[str]] = {
    "today.resident": {"alert.words", "medicine.name", "medicine.dose", "health_check.words", "domain_words.words"},
    "alerts.page": {"alert.words"},
    "health.page": {"health_check.words"},
    "intake.person": {"alert.words", "medicine.name", "medicine.dose", "belonging.what"},
    "intake.receipt": {"belonging.what"},
    "referrals.message": {"referral.message"},
    "referrals.screening": {"screening.answers"},
    "referrals.screened": {"danger.words"},
    "deciding.page": {"decision.words"},
    "deciding.words": {"decision.words"},
    "extensions.ask": {"extension.answer"},
    "extensions.decide": {"extension.words", "extension.way_home"},
    "grants.review": {"resident_grant.reason"},
    "plans.overview": {"domain_words.words"},
    "domains.page": {
        "domain_words.words",
        "goal.words",
        "goal.measure",
        "plan_action.what",
        "matter.police_report_number",
        "process_stage.number",
        "process_stage.reason",
        "process_stage.words",
        "investigation_notice.number",
        "protection_order.number",
        "treatment.words",
        "visum.letter_number",
        "visum.report_number",
        "exam.words",
        "support.words",
        "pregnancy.expected",
        "alert.words",
        "medicine.name",
        "medicine.dose",
    },
    "domains.words": {"domain_words.words"},
    "schooling.names": {"schooling.last_school", "schooling.new_school", "school_letter.school"},
    "simfoni.sheet": {"simfoni_sheet.case_number"},
    "domains.step": {"goal.words", "goal.measure"},
    "actions.change": {"plan_action.what"},
    "examinations.change": {"treatment.words"},
    "examinations.visum": {"visum.letter_number", "visum.report_number"},
    "medicines.change": {"medicine.name", "medicine.dose"},
    "law.order": {"protection_order.number"},
    "notes.page": {"note.words"},
    "reviews.page": OF_A_REVIEW,
    "reviews.shown": OF_A_REVIEW,
    "reviews.decide": OF_A_REVIEW,
    "reviews.recommendation": {"recommendation.words"},
}


def planted_columns() -> set[str]:
    return {f"{table.__tablename__}.{column}" for table, (columns, _owner) in PLANTED.items() for column in columns}


def plant(session) -> set[str]:
    """A canary in every sealed column of every row there is. Which columns."""
    found = set()
    for table, (columns, owner_of) in PLANTED.items():
        for row in session.scalars(select(table)):
            kind, key = owner_of(row)
            owner = session.get_one(kind, key)
            if isinstance(owner, LegalProcess):
                owner = session.get_one(Matter, owner.matter_id)
            if isinstance(owner, Matter):
                owner = session.get_one(Household, owner.household_id)
            if isinstance(owner, PlanDomain | Review):
                owner = session.get_one(Plan, owner.plan_id)
            if isinstance(owner, Plan):
                owner = session.get_one(Placement, owner.placement_id)
            if isinstance(owner, Placement):
                owner = session.get_one(Resident, owner.resident_id)
                if table in OF_THE_HOUSEHOLD:
                    owner = session.get_one(Household, owner.household_id)
            for column in columns:
                name = f"{table.__tablename__}.{column}"
                setattr(row, column, seal(session, row, column, words_for(name), key=key_of(session, owner.ref)))
                found.add(name)
    session.commit()
    return found


def words_for(name: str) -> str:
    if name in DAYS:
        return DAYS[name][0]
    if name == "screening.answers":
        return json.dumps({"chosen": {"threat": "yes"}, "details": {"health": f"{CANARY}({name})"}})
    if name == "simfoni_sheet.answers":
        return Answers({"place": f"{CANARY}({name})"}).text()
    return f"{CANARY}({name})"


def canaries_in(told: str) -> set[str]:
    found = {part.partition(")")[0] for part in told.split(f"{CANARY}(")[1:]}
    return found | {name for name, ways in DAYS.items() if any(day in told for day in ways)}


def test_every_sealed_column_has_its_canary():
    """A new sealed column is planted from the day it exists."""
    sealed = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.type.length is None
    }
    assert sealed == planted_columns() | OF_ONES_OWN


@pytest.mark.parametrize("role", [*Role, None])
def test_nothing_sealed_is_on_any_page_that_is_not_made_to_open_it(app, make, session, caplog, role):
    """Every page of every role, and those before anyone has signed in (None), over every address there could be."""
    world = build(app, make)
    assert plant(session) == planted_columns()
    visited, opened = 0, {}
    browser = Browser(app, make).sign_in(world.accounts[role]) if role else None
    with caplog.at_level(logging.DEBUG, logger="safehouse"):
        for rule in world.rules():
            access = declared_access(app, rule.endpoint)
            theirs = isinstance(access, Permission) and role is not None and allows(role, access)
            if "GET" not in rule.methods or not (theirs or (role is None and not isinstance(access, Permission))):
                continue
            looking = browser or world.browser_for(rule)
            for url in world.urls(rule):
                answer = looking.get(url)
                if found := canaries_in(answer.get_data(as_text=True) + str(answer.headers)):
                    opened.setdefault(rule.endpoint, set()).update(found)
                visited += 1
    assert visited > 5
    for endpoint, found in opened.items():
        assert getattr(app.view_functions[endpoint], "opens_sealed", False), endpoint
        assert found <= SHOWN_ON.get(endpoint, set()), (endpoint, found)
    assert canaries_in(caplog.text) == set()
    session.expire_all()
    for entry in session.scalars(select(TrailEntry)):
        assert canaries_in(f"{entry.fields}{entry.purpose}{entry.act}{entry.subject}") == set()
