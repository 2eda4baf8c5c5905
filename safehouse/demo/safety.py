"""What staff must know to keep a family safe, and what is asked for it: notes, papers of identity, more days."""

import datetime as dt

from sqlalchemy import select

from safehouse.demo.stage import Stage
from safehouse.residents.models import AlertKind, DangerLevel, ReportedPerson, Side
from safehouse.residents.operations.care import write_alert
from safehouse.residents.operations.danger import assess_danger
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.residents.operations.matters import open_matter
from safehouse.residents.operations.relations import keep_relation
from safehouse.shelter.choices import ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.models import Extension, Placement
from safehouse.shelter.operations.extending import Wanted, ask_extension, decide_extension

ASKED_DAYS, GRANTED_DAYS = 10, 9

# Invented, and said to be: no such region, no such number.
IDENTITIES = {
    "Mahoni": Identity(name="Penghuni Contoh Satu", nik="3399994708950001", phone="0812-0000-0001"),
    "Kenari": Identity(
        name="Penghuni Contoh Dua",
        nik="3399995203930002",
        phone="0812-0000-0002",
        home_village="Desa Contoh",
        address="Jalan Contoh 10, Desa Contoh",
    ),
}


def write_down_who_she_is(stage: Stage, alias: str, who: str, when: dt.datetime) -> None:
    record_identity(
        stage.session,
        resident=stage.eldest(alias),
        household=stage.household(alias),
        identity=IDENTITIES[alias],
        now=when,
        by=stage.by(who),
    )


def never_pass_on_calls(stage: Stage, when: dt.datetime) -> None:
    write_alert(
        stage.session,
        resident=stage.eldest("Kenari"),
        kind=AlertKind.NEVER,
        words="Jangan sambungkan telepon keluarga",
        now=when,
        by=stage.by("ratih"),
    )


def colleague_names_a_relative(stage: Stage, when: dt.datetime) -> None:
    keep_relation(
        stage.session,
        account=stage.accounts["yuni"],
        name="Kerabat Contoh",
        phone="0812-0000-0007",
        now=when,
        by=stage.by("bayu"),
    )


def report_runs(stage: Stage, when: dt.datetime) -> None:
    """She told it an hour ago: the police are to know within three days."""
    household = stage.household("Mahoni")
    reported = stage.session.scalars(select(ReportedPerson).where(ReportedPerson.household_id == household.id)).one()
    open_matter(
        stage.session,
        household=household,
        sides={stage.eldest("Mahoni").id: Side.VICTIM},
        reported={reported.id: Side.REPORTED},
        sexual_violence=True,
        child_offender=False,
        victim_reported_at=when - dt.timedelta(hours=1),
        now=when,
        by=stage.by("laras"),
    )


def ask_more_days(
    stage: Stage,
    alias: str,
    who: str,
    when: dt.datetime,
    *,
    reason: ExtensionReason,
    done: str,
    days: int = ASKED_DAYS,
) -> None:
    """The danger is assessed anew, and then so many more days are asked for."""
    placement = _placement(stage, alias)
    danger = assess_danger(
        stage.session,
        household=stage.household(alias),
        level=DangerLevel.MEDIUM,
        grounds=["threat-", "weapon-", "worse-", "knows_place?", "phone_traced?", "self_harm-"],
        words=None,
        now=when,
        by=stage.by(who),
    )
    limit = stage.day(placement.arrived_at) + dt.timedelta(days=placement.limit_days)
    ask_extension(
        stage.session,
        residents=stage.families[alias],
        wanted=Wanted(
            until=limit + dt.timedelta(days=days),
            reason=reason,
            own_wish=OwnWish.STAY,
            done=done,
        ),
        danger=danger,
        today=stage.day(when),
        zone=stage.zone,
        now=when,
        by=stage.by(who),
    )


def grant_days(stage: Stage, alias: str, when: dt.datetime, *, days: int | None = None) -> None:
    """The head grants what was asked for, or so many days of it."""
    placement = _placement(stage, alias)
    asked = stage.session.scalars(select(Extension).where(Extension.placement_id == placement.id)).one()
    decide_extension(
        stage.session,
        approval_id=asked.approval_id,
        answer=ExtensionAnswer.AS_ASKED if days is None else ExtensionAnswer.FEWER_DAYS,
        granted_until=None if days is None else asked.from_day + dt.timedelta(days=days),
        today=stage.day(when),
        zone=stage.zone,
        now=when,
        by=stage.by("hartati"),
    )


def _placement(stage: Stage, alias: str) -> Placement:
    return stage.session.scalars(
        select(Placement).where(Placement.resident_id == stage.eldest(alias).id, Placement.left_at.is_(None))
    ).one()
