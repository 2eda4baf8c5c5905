"""The list of stages of law: it is data, so that a new law asks for no new program."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy.orm import Session

from safehouse.services.choices import ProceduralCode, Track
from safehouse.services.models import LegalStage
from safehouse.services.queries.law import listed_stages, path_of
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


class StageNature(StrEnum):
    """What a stage is for the order of stages."""

    PATH = "path"
    AGAIN = "again"  # on the path, may come more than once
    ASIDE = "aside"  # not everybody goes through it, may come more than once
    WAY_OUT = "way_out"  # ends the way


class StageListRefusal(StrEnum):
    LAST_OF_PATH = "last_of_path"
    NOT_THERE = "not_there"


class StageListRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: StageListRefusal):
        super().__init__(reason)
        self.reason = reason


def add_stage(
    session: Session,
    *,
    track: Track,
    code: ProceduralCode | None,
    name_id: str,
    name_en: str,
    nature: StageNature,
    behind: LegalStage | None,
    now: dt.datetime,
    by: Actor,
) -> LegalStage:
    """A stage right behind another, or first. The caller commits."""
    stages = listed_stages(session, [track], code=code, retired=True)
    at = stages.index(behind) + 1 if behind in stages else 0
    stage = LegalStage(
        track=track,
        procedural_code=code,
        key=f"own_{uuid.uuid4().hex[:12]}",
        position=at,
        name_id=name_id,
        name_en=name_en,
        again=nature in {StageNature.AGAIN, StageNature.ASIDE},
        ends=nature is StageNature.WAY_OUT,
        aside=nature in {StageNature.ASIDE, StageNature.WAY_OUT},
        refused=False,
    )
    session.add(stage)
    stages.insert(at, stage)
    _number(stages)
    session.flush()
    _record(session, now, by)
    return stage


def change_stage(
    session: Session,
    *,
    stage: LegalStage,
    name_id: str,
    name_en: str,
    behind: LegalStage | None,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Another name, another place. What was recorded keeps pointing at it. The caller commits."""
    stage.name_id, stage.name_en = name_id, name_en
    stages = listed_stages(session, [stage.track], code=stage.procedural_code, retired=True)
    stages.remove(stage)
    stages.insert(stages.index(behind) + 1 if behind in stages else 0, stage)
    _number(stages)
    session.flush()
    _record(session, now, by)


def retire_stage(session: Session, *, stage: LegalStage, now: dt.datetime, by: Actor) -> None:
    """The law knows this stage no longer: it is offered no more, and stays where it was recorded. Raises
    `StageListRefused` for the last one of a path. The caller commits."""
    session.refresh(stage, with_for_update=True)
    if stage.retired_at is not None or stage.refused:
        raise StageListRefused(StageListRefusal.NOT_THERE)
    stages = listed_stages(session, [stage.track], code=stage.procedural_code)
    if not stage.aside and len(path_of(stages)) == 1:
        raise StageListRefused(StageListRefusal.LAST_OF_PATH)
    stage.retired_at = now
    _record(session, now, by)


def bring_stage_back(session: Session, *, stage: LegalStage, now: dt.datetime, by: Actor) -> None:
    """It is offered again. The caller commits."""
    session.refresh(stage, with_for_update=True)
    if stage.retired_at is None:
        raise StageListRefused(StageListRefusal.NOT_THERE)
    stage.retired_at = None
    _record(session, now, by)


def _number(stages: list[LegalStage]) -> None:
    for position, stage in enumerate(stages):
        stage.position = position


def _record(session: Session, now: dt.datetime, by: Actor) -> None:
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, purpose="stages of law")
