"""The walls between disciplines, tried at every address of a plan by everybody there is.

Which route opens for whom is written out by hand: a new route without its line here fails, and so does one that opens
for somebody more. The lines are about a plan that each discipline keeps for itself; `of` names the thing the address
is made of (`tests/web/plans.py`).
"""

import uuid
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import LargeBinary, select
from werkzeug.routing import AnyConverter

from safehouse.access.guard import declared_access
from safehouse.access.models import Account, Discipline
from safehouse.access.permissions import Role, allows
from safehouse.residents.models import Assignment, Resident
from safehouse.schema import METADATA
from safehouse.services.models import Note, Plan, PlanDomain
from safehouse.services.rules.walls import Reach, Standing, reach
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.browsing import Browser
from tests.web.plans import hold_session
from tests.web.reviews import review_twice
from tests.web.test_canaries import PLANTED, canaries_in, plant
from tests.web.things import Family
from tests.web.world import build, plain

DISCIPLINES = {
    "psychology": Discipline.PSYCHOLOGY,
    "health": Discipline.HEALTH,
    "education": Discipline.EDUCATION,
    "legal": Discipline.LEGAL,
}
# The coordinator is a social worker. `foreign` is a psychologist of the same house who is not assigned to her.
ASSIGNED = frozenset({*DISCIPLINES, "coordinator"})
CASEWORKERS = ASSIGNED | {"foreign"}
READERS = ASSIGNED | {"manager"}
# Who looks after the plan as a whole.
THE_WHOLE = frozenset({"coordinator", "manager"})
LIVING_WITH_HER = READERS | {"staff"}
EVERYBODY = LIVING_WITH_HER | {"foreign", "officer"}
NOBODY: frozenset[str] = frozenset()


def only(*names: str) -> frozenset[str]:
    return frozenset(names)


@dataclass(frozen=True)
class Wall:
    """Who finds something at this address, and who may send something to it."""

    of: str
    read: frozenset[str] = NOBODY
    write: frozenset[str] = NOBODY


# What is undone is named by the act that did it, and only by the person whose act it is: for everybody else, and for
# every other thing, there is nothing to undo.
OF_HER_OWN_ACT = Wall("resident")
HEALTH, SCHOOL, LAW = (Wall(f"domain_{name}", only(name), only(name)) for name in ("health", "education", "legal"))
SOCIAL = Wall("domain_social_work", only("coordinator"), only("coordinator"))

WALLS = {
    # the plan as a whole
    "plans.overview": Wall("resident", READERS),
    "plans.new": Wall("resident", ASSIGNED, ASSIGNED),
    "plans.add": Wall("resident", ASSIGNED, ASSIGNED),
    "plans.agreement": Wall("resident", ASSIGNED, ASSIGNED),
    # one domain, here the psychological one
    "domains.page": Wall("resident", READERS, only("psychology")),
    "domains.words": Wall("plan_domain", only("psychology"), only("psychology")),
    "domains.goal": Wall("plan_domain", only("psychology"), only("psychology")),
    "domains.step": Wall("goal", only("psychology"), only("psychology")),
    "domains.end": Wall("goal", write=only("psychology")),
    "domains.undo_end": OF_HER_OWN_ACT,
    "actions.new": Wall("plan_domain", only("psychology"), only("psychology")),
    "actions.change": Wall("action", only("psychology"), only("psychology")),
    # appointments: whoever lives with her sees that she goes
    "appointments.new": Wall("resident", READERS, READERS),
    "appointments.page": Wall("appointment", LIVING_WITH_HER),
    "appointments.arrange": Wall("appointment", LIVING_WITH_HER, LIVING_WITH_HER),
    "appointments.move": Wall("appointment", LIVING_WITH_HER, LIVING_WITH_HER),
    "appointments.kept": Wall("appointment", write=LIVING_WITH_HER),
    "appointments.missed": Wall("appointment", write=LIVING_WITH_HER),
    "appointments.cancelled": Wall("appointment", write=READERS),
    "appointments.reached": Wall("appointment", write=LIVING_WITH_HER),
    "appointments.not_needed": Wall("appointment", write=LIVING_WITH_HER),
    "appointments.undo_settling": OF_HER_OWN_ACT,
    "appointments.undo_answer": OF_HER_OWN_ACT,
    # sessions and notes
    "sessions.listing": Wall("resident", only("psychology", "coordinator", "manager")),
    "sessions.withdraw": Wall("care_session", only("psychology"), only("psychology")),
    "sessions.undo": OF_HER_OWN_ACT,
    "notes.page": Wall("note_psychology", only("psychology")),
    "notes.add": Wall("care_session", only("psychology"), only("psychology")),
    # health
    "examinations.new": HEALTH,
    "examinations.change": Wall("treatment", only("health"), only("health")),
    "examinations.new_visum": HEALTH,
    "examinations.visum": Wall("visum", only("health"), only("health")),
    "limits.page": HEALTH,
    "limits.undo": OF_HER_OWN_ACT,
    "medicines.new": HEALTH,
    "medicines.change": Wall("medicine", only("health"), only("health")),
    "medicines.end": Wall("medicine", write=only("health")),
    "medicines.allergy": HEALTH,
    "medicines.end_allergy": Wall("allergy", write=only("health")),
    "medicines.undo_new": OF_HER_OWN_ACT,
    "medicines.undo_end": OF_HER_OWN_ACT,
    "medicines.undo_allergy": OF_HER_OWN_ACT,
    "medicines.undo_allergy_end": OF_HER_OWN_ACT,
    "pregnancies.page": HEALTH,
    "pregnancies.end": Wall("pregnancy", write=only("health")),
    "pregnancies.undo_new": OF_HER_OWN_ACT,
    "pregnancies.undo_end": OF_HER_OWN_ACT,
    # school
    "schooling.note": SCHOOL,
    "schooling.names": replace(SCHOOL, write=NOBODY),
    "schooling.week": SCHOOL,
    "schooling.exam": SCHOOL,
    "schooling.exam_change": replace(SCHOOL, of="exam"),
    "school_letters.new": SCHOOL,
    "school_letters.page": replace(SCHOOL, of="school_letter"),
    "school_letters.paper": replace(SCHOOL, of="school_letter"),
    "school_letters.withdraw": Wall("school_letter", write=only("education")),
    "school_letters.undo_withdraw": OF_HER_OWN_ACT,
    # law
    "law.way": LAW,
    "law.notice": LAW,
    "law.new_order": LAW,
    "law.stage": replace(LAW, of="legal_process"),
    "law.order": Wall("protection_order", only("legal", "coordinator", "manager")),
    "law.renewal": replace(LAW, of="protection_order"),
    "law.settle": Wall("protection_order", write=only("legal")),
    "law.undo_stage": OF_HER_OWN_ACT,
    "law.undo_notice": OF_HER_OWN_ACT,
    "law.undo_order": OF_HER_OWN_ACT,
    "law.undo_settling": OF_HER_OWN_ACT,
    "mediations.ask": LAW,
    "mediations.decide": Wall("mediation", only("manager"), only("manager")),
    # the list of stages is the unit's
    "legal_stages.change": Wall("legal_stage", only("manager"), only("manager")),
    "legal_stages.retire": Wall("legal_stage", write=only("manager")),
    "legal_stages.back": Wall("legal_stage", write=only("manager")),
    # goods, training, a start in business
    "support.new": SOCIAL,
    "support.withdraw": Wall("support", write=only("coordinator")),
    "support.undo": OF_HER_OWN_ACT,
    "support.undo_withdraw": OF_HER_OWN_ACT,
    # reviews and the national form
    "reviews.page": Wall("resident", only("coordinator"), only("coordinator")),
    "reviews.shown": Wall("review", THE_WHOLE),
    "reviews.decide": Wall("review_waiting", only("manager"), only("manager")),
    "reviews.recommendation": Wall("recommendation", THE_WHOLE, THE_WHOLE),
    "reviews.undo": OF_HER_OWN_ACT,
    "reviews.undo_done": OF_HER_OWN_ACT,
    "reports.progress": Wall("review", write=THE_WHOLE),
    "reports.named": Wall("review", THE_WHOLE, THE_WHOLE),
    "reports.decide_name": Wall("review", only("manager"), only("manager")),
    "simfoni.sheet": Wall("resident", THE_WHOLE),
    "simfoni.answers": Wall("resident", THE_WHOLE, THE_WHOLE),
    "simfoni.entered": Wall("resident", THE_WHOLE, THE_WHOLE),
    "simfoni.undo": OF_HER_OWN_ACT,
}

# Whoever reads a sealed column of a plan on any page of it. A note here is that of any discipline.
SEALED = {
    "domain_words.words": READERS,
    "goal.words": only("psychology", "coordinator", "manager"),
    "goal.measure": only("psychology", "coordinator", "manager"),
    "plan_action.what": only("psychology", "coordinator", "manager"),
    "note.words": only("psychology", "legal", "coordinator"),
    "treatment.words": only("health"),
    "visum.letter_number": only("health"),
    "visum.report_number": only("health"),
    "pregnancy.expected": only("health"),
    "process_stage.number": only("legal"),
    "process_stage.reason": only("legal"),
    "process_stage.words": only("legal"),
    "investigation_notice.number": only("legal"),
    "protection_order.number": only("legal"),
    "schooling.last_school": only("education"),
    "schooling.new_school": only("education"),
    "school_letter.school": only("education"),
    "exam.words": only("education"),
    "support.words": only("coordinator"),
    "simfoni_sheet.case_number": THE_WHOLE,
    "simfoni_sheet.answers": NOBODY,
    "review.conclusion": THE_WHOLE,
    "review.own_words": THE_WHOLE,
    "review.family": THE_WHOLE,
    "review.answer": NOBODY,
    "recommendation.words": THE_WHOLE,
}
# What was there before the plan and stands on other pages as well, on the pages of a plan.
NOT_OF_THE_PLAN = {
    "alert.words": only("health"),
    "medicine.name": only("health"),
    "medicine.dose": only("health"),
    "matter.police_report_number": only("legal"),
}


@dataclass(frozen=True)
class Walled:
    """Everybody there is, each with a browser, around one plan."""

    world: object
    people: dict[str, Account]
    notes: dict[str, Note]
    browsers: dict[str, Browser]

    def url(self, rule, of, domain="psychology"):
        """The address of this route, of the psychological domain where it names one."""
        chosen = {
            name: domain if domain in each.items else min(each.items)
            for name, each in rule._converters.items()
            if isinstance(each, AnyConverter)
        }
        with self.world.app.test_request_context():
            from flask import url_for

            return url_for(rule.endpoint, ref=of, **chosen)


@pytest.fixture
def walled(app, make, session):
    world = build(app, make)
    mother = session.scalars(select(Resident).where(Resident.ref == world.refs["resident"])).one()
    people = {
        "coordinator": world.accounts[Role.CASEWORKER],
        "manager": world.accounts[Role.MANAGER],
        "staff": world.accounts[Role.STAFF],
        "officer": world.accounts[Role.SECURITY_OFFICER],
        "foreign": make.account(Role.CASEWORKER, world.house, disciplines=(Discipline.PSYCHOLOGY,)),
    }
    for name, discipline in DISCIPLINES.items():
        people[name] = make.account(Role.CASEWORKER, world.house, disciplines=(discipline,))
        session.add(
            Assignment(
                resident_id=mother.id,
                account_id=people[name].id,
                discipline=discipline,
                coordinator=False,
                since=make.clock.now,
            )
        )
    session.flush()
    family = Family(make, world.house, mother, mother, world.accounts, people["staff"], "")
    notes = {"coordinator": session.scalars(select(Note).where(Note.ref == world.refs["note"])).one()}
    for domain in session.scalars(select(PlanDomain)):
        world.refs[f"domain_{domain.domain}"] = domain.ref
    for name in ("psychology", "legal"):
        domain = session.scalars(select(PlanDomain).where(PlanDomain.domain == DISCIPLINES[name])).one()
        _held, notes[name] = hold_session(family, domain, None, DISCIPLINES[name], people[name])
        world.refs[f"note_{name}"] = notes[name].ref
    if "review" not in world.refs:
        world.refs |= review_twice(family, session.scalars(select(Plan)).one())
    session.commit()
    browsers = {name: Browser(app, make).sign_in(person) for name, person in people.items()}
    for one in browsers.values():
        one.get("/account")
    return Walled(world, people, notes, browsers)


def of_a_plan(app):
    """Every route of this folder that has a thing in its address."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.arguments and app.view_functions[rule.endpoint].__module__.startswith("safehouse.services.")
    ]


def lined(app):
    """Those with a line here; that all have one is a test of its own."""
    return [(rule, WALLS[rule.endpoint]) for rule in of_a_plan(app) if rule.endpoint in WALLS]


def test_every_route_of_a_plan_has_its_line_here(app):
    assert {rule.endpoint for rule in of_a_plan(app)} == set(WALLS)


def test_every_route_opens_for_whom_it_is_meant_and_for_nobody_else(app, walled):
    """Whoever is outside the wall gets what she would get for a thing that is not there, byte for byte."""
    opened = {"GET": {}, "POST": {}}
    # Everything is read before anything is sent: what was ended opens no more.
    ways = [(method, rule, wall) for method in opened for rule, wall in lined(app) if method in rule.methods]
    nothing = {name: plain(looking.get("/no/such/page").text) for name, looking in walled.browsers.items()}
    for method, rule, wall in ways:
        url, nowhere = (walled.url(rule, ref) for ref in (walled.world.refs[wall.of], uuid.uuid4()))
        for name, looking in walled.browsers.items():
            ask = looking.get if method == "GET" else looking.post
            answer = ask(url)
            assert answer.status_code < 500, (name, method, url)
            if answer.status_code == 404:
                assert plain(answer.text) == nothing[name], (name, method, url)
            elif answer.status_code == 409:
                missing = ask(nowhere)
                assert (missing.status_code, plain(missing.text)) == (409, plain(answer.text)), (name, method, url)
            else:
                opened[method].setdefault(rule.endpoint, set()).add(name)
    assert opened["GET"] == {name: set(wall.read) for name, wall in WALLS.items() if wall.read}
    assert opened["POST"] == {name: set(wall.write) for name, wall in WALLS.items() if wall.write}


def test_every_sealed_column_of_a_plan_that_is_planted_has_its_line_here():
    ours = {table.__tablename__ for table in PLANTED if table.__module__.startswith("safehouse.services.")}
    sealed = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if table.name in ours and isinstance(column.type, LargeBinary)
    }
    assert sealed == set(SEALED)


def test_what_is_sealed_is_read_by_whom_it_is_meant_for_and_by_nobody_else(app, session, walled):
    plant(session)
    read = {}
    for rule, wall in lined(app):
        if "GET" not in rule.methods:
            continue
        refs = [note.ref for note in walled.notes.values()] if rule.endpoint == "notes.page" else []
        urls = {walled.url(rule, ref, domain) for ref in (walled.world.refs[wall.of], *refs) for domain in Discipline}
        for url in urls:
            for name, looking in walled.browsers.items():
                for column in canaries_in(looking.get(url).text):
                    read.setdefault(column, set()).add(name)
    assert read == {column: set(people) for column, people in {**SEALED, **NOT_OF_THE_PLAN}.items() if people}


def test_a_note_opens_for_the_discipline_of_its_author_alone(walled, session):
    """Two disciplines and the coordinator against each other, a manager, house staff, the security officer."""
    for author, note in walled.notes.items():
        for name, looking in walled.browsers.items():
            before = len(refused(session))
            answer = looking.get(f"/notes/{note.ref}")
            assert answer.status_code == (200 if name == author else 404), (author, name)
            told = [(one.actor, one.purpose, one.result) for one in refused(session)[before:]]
            # Whose role has no page of notes at all is refused at the door, and that stands in the record as well.
            written = name != author and name in CASEWORKERS | {"manager"}
            expected = [(walled.people[name].ref, note.discipline, Result.REFUSED)] if written else []
            assert told == expected, (author, name)


def refused(session):
    session.expire_all()
    return list(session.scalars(select(TrailEntry).where(TrailEntry.act == Act.NOTE_REFUSED).order_by(TrailEntry.seq)))


# The rule itself


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("own", [None, *Discipline])
@pytest.mark.parametrize("coordinator", [False, True])
def test_no_role_and_no_office_opens_the_notes_of_another_discipline(role, own, coordinator):
    stands = Standing(role, own, coordinator=coordinator, kept=frozenset())
    for discipline in Discipline:
        reads = stands.reads_notes_of(discipline)
        assert reads is (role is Role.CASEWORKER and own is discipline)


@pytest.mark.parametrize("domain", list(Discipline))
def test_nobody_but_a_caseworker_who_is_assigned_keeps_a_domain(domain):
    for role in (None, *Role):
        for own in (None, *Discipline):
            for coordinator in (False, True):
                found = reach(role, own, coordinator=coordinator, domain=domain, kept=set(Discipline))
                assert (found is Reach.FULL) is (role is Role.CASEWORKER and own is domain)


def test_pages_of_a_plan_ask_for_a_permission_of_their_own(app):
    for rule in of_a_plan(app):
        assert not allows(Role.SECURITY_OFFICER, declared_access(app, rule.endpoint)), rule.endpoint
