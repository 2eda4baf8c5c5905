"""Finds every page there is to see, and who sees it, so that a new page is looked at from the day it answers."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby, product

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from safehouse.access.guard import ENROLLING, LOCKED, PUBLIC, SECOND_STEP, declared_access
from safehouse.access.models import Account, Approval, Delegation, House, Level
from safehouse.access.permissions import GRANTS, Permission, Role
from safehouse.residents.models import Grant, Matter, Medicine, Resident
from safehouse.services.models import (
    Action,
    Appointment,
    CareSession,
    Exam,
    Goal,
    LegalProcess,
    LegalStage,
    Note,
    PlanDomain,
    ProtectionOrder,
    Recommendation,
    Review,
    SchoolLetter,
    Treatment,
    Visum,
)
from safehouse.shelter.models import Bed, Closure, Extension, ImportRun, Referral, Room
from tests.browser.site import Site
from tests.web.world import chosen_parts

# Which rows open the pages below an address. The longest beginning counts.
ROWS = {
    "/accounts/": Account,
    "/actions/": Action,
    "/appointments/": Appointment,
    "/approvals/": Approval,
    "/emergency-openings/": Grant,
    "/exams/": Exam,
    "/extensions/": Extension,
    "/goals/": Goal,
    "/houses/": House,
    "/houses/beds/": Bed,
    "/houses/closures/": Closure,
    "/houses/rooms/": Room,
    "/import/": ImportRun,
    "/legal-processes/": LegalProcess,
    "/legal-stages/": LegalStage,
    "/matters/": Matter,
    "/mediations/": Approval,
    "/notes/": Note,
    "/plan-domains/": PlanDomain,
    "/plan-medicines/": Medicine,
    "/protection-orders/": ProtectionOrder,
    "/recommendations/": Recommendation,
    "/referrals/": Referral,
    "/residents/": Resident,
    "/reviews/": Review,
    "/school-letters/": SchoolLetter,
    "/sessions/": CareSession,
    "/treatments/": Treatment,
    "/visums/": Visum,
}
# What stands behind the question mark of a page that cannot be opened without it: a pattern in the page before it.
REACHED_FROM = {"placing.arrival": ("beds", re.compile(r'name="option" value="([^"]+)"'), "option")}
MOST_SHAPES, MOST_ROWS = 3, 24


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks at pages: as whom, how far through the sign-in, and what may be opened so."""

    name: str
    username: str | None
    opens: frozenset[object]
    level: Level = Level.FULL
    locked: bool = False


def _working(role: Role, username: str, *more: object) -> Visitor:
    return Visitor(role.value, username, frozenset(GRANTS[role]) | set(more))


VISITORS = (
    Visitor("stranger", None, frozenset({PUBLIC})),
    Visitor("half signed in", "yuni", frozenset({SECOND_STEP}), Level.PASSWORD),
    Visitor("setting up her phone", "baru", frozenset({ENROLLING}), Level.ENROLLING),
    Visitor("keeping her recovery codes", "tari", frozenset({ENROLLING}), Level.ENROLLING),
    Visitor("locked", "tari", frozenset({LOCKED}), locked=True),
    _working(Role.STAFF, "wulan", PUBLIC),
    _working(Role.CASEWORKER, "ratih"),
    _working(Role.MANAGER, "hartati"),
    _working(Role.SECURITY_OFFICER, "bayu"),
)


def rules_to_see(app: Flask) -> list[Rule]:
    return sorted(
        (rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"),
        key=lambda rule: rule.rule,
    )


def pages_for(site: Site, visitor: Visitor, token: str | None) -> Iterator[tuple[str, str, object]]:
    """(endpoint, path, shape) of each page this visitor can open; of a page that has several shapes, a few of them."""
    for endpoint, group in groupby(answers_to(site, visitor, token), key=lambda one: one[0]):
        shapes: set[object] = set()
        for _endpoint, path, status, page in group:
            shape = (endpoint, _shape(page))
            if status == HTTPStatus.OK and shape not in shapes:
                shapes.add(shape)
                yield endpoint, path, shape
            if len(shapes) == MOST_SHAPES:
                break


def answers_to(site: Site, visitor: Visitor, token: str | None) -> Iterator[tuple[str, str, int, str]]:
    """(endpoint, path, status, page) for each rule this visitor may open and each of the rows it could be about."""
    client = site.app.test_client()
    if token:
        client.set_cookie("sid", token)
    for rule in rules_to_see(site.app):
        if declared_access(site.app, rule.endpoint) not in visitor.opens:
            continue
        for path in _addresses(site, client, rule):
            answer = client.get(path)
            yield rule.endpoint, path, answer.status_code, answer.get_data(as_text=True)


def _addresses(site: Site, client: FlaskClient, rule: Rule) -> Iterator[str]:
    if not rule.arguments:
        yield rule.rule
        return
    prefix = max((one for one in ROWS if rule.rule.startswith(one)), key=len)
    model = ROWS[prefix]
    with site.rows() as session:
        # Whoever lives there first, then the newest: what was added for the sake of its page is among them.
        first = [Resident.house_id.is_(None)] if model is Resident else []
        refs = list(session.scalars(select(model.ref).order_by(*first, model.id.desc()).limit(MOST_ROWS)))
        inner = list(session.execute(select(Account.ref, Delegation.ref).join(Delegation)).all())
    chosen = chosen_parts(rule)
    if rule.arguments != {"ref", *chosen[0]}:
        yield from (_address(site, rule, ref=account, delegation=delegation) for account, delegation in inner)
        return
    for path in (_address(site, rule, ref=ref, **words) for ref, words in product(refs, chosen)):
        if rule.endpoint not in REACHED_FROM:
            yield path
            continue
        before, pattern, name = REACHED_FROM[rule.endpoint]
        page = client.get(f"{path.rpartition('/')[0]}/{before}").get_data(as_text=True)
        yield from (f"{path}?{name}={found}" for found in pattern.findall(page))


def _address(site: Site, rule: Rule, **values: uuid.UUID | str) -> str:
    return site.app.url_map.bind("localhost").build(rule.endpoint, values)


def _shape(page: str) -> frozenset[tuple[str, str]]:
    """What a page is built of: with other words in it, it has the same shape."""
    return frozenset(re.findall(r'class="([^"]+)"|<(details|table|textarea|h2)\b', page.partition("<main")[2]))


def needed(site: Site) -> set[str]:
    """Every endpoint that somebody can look at."""
    wanted = {PUBLIC, SECOND_STEP, ENROLLING, LOCKED, *Permission}
    return {rule.endpoint for rule in rules_to_see(site.app) if declared_access(site.app, rule.endpoint) in wanted}
