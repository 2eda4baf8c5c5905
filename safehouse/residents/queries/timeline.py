"""What happened to one resident as a person, in ten statements however much it was. Nothing sealed is opened.

The caller has made sure that the person who looks may see this resident. Denials are no part of it: whom they are
about may stand beside whoever reads.
"""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.gathered import Happening, Topic
from safehouse.residents.models import (
    Alert,
    Assignment,
    Consent,
    Danger,
    Grant,
    Guardian,
    HealthCheck,
    HealthOutcome,
    Matter,
    Medicine,
    ReportedPerson,
    Resident,
)
from safehouse.residents.rules.happenings import Happening as Kind


def timeline(session: Session, *, resident_id: int) -> list[Happening]:
    """All of it, unordered. What concerns her household concerns her."""
    household = select(Resident.household_id).where(Resident.id == resident_id)
    return [
        *_assignments(session, resident_id),
        *_dangers(session, household),
        *_alerts(session, resident_id),
        *_medicines(session, resident_id),
        *_checks(session, resident_id),
        *_consents(session, resident_id),
        *_guardians(session, resident_id),
        *_safety(session, household),
        *_grants(session, resident_id),
    ]


def _assignments(session: Session, resident_id: int) -> Iterable[Happening]:
    for name, discipline, since, until in session.execute(
        select(Account.shown_name, Assignment.discipline, Assignment.since, Assignment.until)
        .join(Account, Account.id == Assignment.account_id)
        .where(Assignment.resident_id == resident_id)
    ):
        figures = {"name": name, "discipline": discipline}
        yield Happening(Kind.ASSIGNED, since, Topic.STAY, figures=figures)
        if until is not None:
            yield Happening(Kind.ASSIGNMENT_ENDED, until, Topic.STAY, figures=figures)


def _dangers(session: Session, household: Select[int]) -> Iterable[Happening]:
    for level, at, who in session.execute(
        select(Danger.level, Danger.at, Account.shown_name)
        .join(Account, Account.id == Danger.by_id)
        .where(Danger.household_id.in_(household))
    ):
        yield Happening(Kind.DANGER, at, Topic.SAFETY, who, {"level": level})


def _alerts(session: Session, resident_id: int) -> Iterable[Happening]:
    for kind, since, until, who in session.execute(
        select(Alert.kind, Alert.since, Alert.until, Account.shown_name)
        .join(Account, Account.id == Alert.by_id)
        .where(Alert.resident_id == resident_id)
    ):
        yield Happening(Kind.ALERT, since, Topic.CARE, who, {"alert": kind})
        if until is not None:
            yield Happening(Kind.ALERT_ENDED, until, Topic.CARE, figures={"alert": kind})


def _medicines(session: Session, resident_id: int) -> Iterable[Happening]:
    for since, until, who in session.execute(
        select(Medicine.since, Medicine.until, Account.shown_name)
        .join(Account, Account.id == Medicine.by_id)
        .where(Medicine.resident_id == resident_id)
    ):
        yield Happening(Kind.MEDICINE, since, Topic.CARE, who)
        if until is not None:
            yield Happening(Kind.MEDICINE_ENDED, until, Topic.CARE)


def _checks(session: Session, resident_id: int) -> Iterable[Happening]:
    for at, examiner, outcome, who in session.execute(
        select(HealthCheck.at, HealthCheck.examiner, HealthCheck.outcome, Account.shown_name)
        .join(Account, Account.id == HealthCheck.by_id)
        # What was written down wrongly did not happen.
        .where(HealthCheck.resident_id == resident_id, HealthCheck.withdrawn_at.is_(None))
    ):
        if outcome is HealthOutcome.DECLINED:
            yield Happening(Kind.HEALTH_CHECK_DECLINED, at, Topic.CARE, who)
        else:
            yield Happening(Kind.HEALTH_CHECK, at, Topic.CARE, who, {"examiner": examiner, "outcome": outcome})


def _consents(session: Session, resident_id: int) -> Iterable[Happening]:
    for item, granted, given_by, since, withdrawn_at, who in session.execute(
        select(Consent.item, Consent.granted, Consent.given_by, Consent.since, Consent.withdrawn_at, Account.shown_name)
        .join(Account, Account.id == Consent.read_by_id)
        .where(Consent.resident_id == resident_id)
    ):
        figures = {"consent": item, "granted": granted, "given_by": given_by}
        yield Happening(Kind.CONSENT, since, Topic.PAPERS, who, figures)
        if withdrawn_at is not None:
            yield Happening(Kind.CONSENT_WITHDRAWN, withdrawn_at, Topic.PAPERS, figures={"consent": item})


def _guardians(session: Session, resident_id: int) -> Iterable[Happening]:
    for relationship, since in session.execute(
        select(Guardian.relationship, Guardian.since).where(Guardian.child_id == resident_id)
    ):
        yield Happening(Kind.GUARDIAN, since, Topic.PAPERS, figures={"relationship": relationship})


def _safety(session: Session, household: Select[int]) -> Iterable[Happening]:
    for relationship, at, who in session.execute(
        select(ReportedPerson.relationship, ReportedPerson.noted_at, Account.shown_name)
        .join(Account, Account.id == ReportedPerson.noted_by_id)
        .where(ReportedPerson.household_id.in_(household))
    ):
        yield Happening(Kind.REPORTED_PERSON, at, Topic.SAFETY, who, {"relationship": relationship})
    for opened_at, police_told_at, who in session.execute(
        select(Matter.opened_at, Matter.police_told_at, Account.shown_name)
        .join(Account, Account.id == Matter.opened_by_id)
        .where(Matter.household_id.in_(household))
    ):
        yield Happening(Kind.MATTER, opened_at, Topic.SAFETY, who)
        if police_told_at is not None:
            yield Happening(Kind.POLICE_TOLD, police_told_at, Topic.SAFETY)


def _grants(session: Session, resident_id: int) -> Iterable[Happening]:
    for since, who in session.execute(
        select(Grant.since, Account.shown_name)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.resident_id == resident_id)
    ):
        yield Happening(Kind.GRANT, since, Topic.SAFETY, who)
