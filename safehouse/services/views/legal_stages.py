"""The list of stages of law, kept by managers: a new law is a change of this list."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.choices import ProceduralCode, Track
from safehouse.services.forms.law import ListedStageForm, NewStageForm
from safehouse.services.law_in_words import NATURES, SHORT_CODES, STAGE_LIST_REFUSALS
from safehouse.services.models import LegalStage
from safehouse.services.operations.stages_of_law import (
    StageListRefused,
    StageNature,
    add_stage,
    bring_stage_back,
    change_stage,
    retire_stage,
)
from safehouse.services.queries.law import listed_stages
from safehouse.services.views.law_seen import stage_name
from safehouse.services.words import TRACKS

pages = Blueprint("legal_stages", __name__)

ADD, CHANGE = "stage:add", "stage:change"


@dataclass(frozen=True, slots=True)
class ShownListed:
    name_id: str
    name_en: str
    kind: str
    url: str


@pages.get("/legal-stages")
@needs(Permission.STAGE_ADMINISTER)
def listing() -> ResponseReturnValue:
    """One list of them, of the way named behind the question mark."""
    asked = _asked_list()
    track, code = asked
    return render_template(
        "services/law/stages.html",
        lists=[
            (_list_name(*one), url_for("legal_stages.listing", list=_list_key(*one)), one == asked) for one in _lists()
        ],
        name=_list_name(track, code),
        add=url_for("legal_stages.new", list=_list_key(track, code)),
        stages=[
            ShownListed(
                one.name_id,
                one.name_en,
                _kind(one),
                "" if one.refused else url_for("legal_stages.change", ref=one.ref),
            )
            for one in listed_stages(session, [track], code=code, retired=True)
        ],
    )


@pages.route("/legal-stages/new", methods=["GET", "POST"])
@needs(Permission.STAGE_ADMINISTER)
def new() -> ResponseReturnValue:
    track, code = _asked_list()
    stages = listed_stages(session, [track], code=code)
    form = NewStageForm(typed() or None)
    form["behind"].choices = _places(stages)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=ADD, now=now(), by=by())
            add_stage(
                session,
                track=track,
                code=code,
                name_id=form["name_id"].data,
                name_en=form["name_en"].data,
                nature=form["nature"].data,
                behind=_stage(stages, form["behind"].data),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(_back_to(track, code), 303)
    use_session(writing=False)
    return render_template(
        "services/law/stage_listed.html",
        form=form,
        here=url_for("legal_stages.new", list=_list_key(track, code)),
        title=_("Add a stage"),
        lead=_list_name(track, code),
        home=_to(track, code),
        stage=None,
    )


@pages.route("/legal-stages/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.STAGE_ADMINISTER)
def change(ref: uuid.UUID) -> ResponseReturnValue:
    """Another name, another place."""
    stage = _found(ref)
    of = (stage.track, stage.procedural_code)
    stages = listed_stages(session, [stage.track], code=stage.procedural_code)
    others = [one for one in stages if one.id != stage.id]
    before = next((one.ref for one in reversed(others) if one.position < stage.position), None)
    form = ListedStageForm(typed() or None, name_id=stage.name_id, name_en=stage.name_en, behind=before)
    form["behind"].choices = _places(others)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=CHANGE, now=now(), by=by(), subject=ref)
            change_stage(
                session,
                stage=stage,
                name_id=form["name_id"].data,
                name_en=form["name_en"].data,
                behind=_stage(others, form["behind"].data),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(_back_to(*of), 303)
    use_session(writing=False)
    stage = _found(ref)
    return _changing(stage, form)


def _changing(stage: LegalStage, form: ListedStageForm) -> ResponseReturnValue:
    return render_template(
        "services/law/stage_listed.html",
        form=form,
        here=url_for("legal_stages.change", ref=stage.ref),
        title=stage_name(stage),
        lead=_list_name(stage.track, stage.procedural_code),
        home=_to(stage.track, stage.procedural_code),
        stage=stage.ref,
        retired=stage.retired_at is not None,
    )


@pages.post("/legal-stages/<uuid:ref>/retire")
@needs(Permission.STAGE_ADMINISTER)
def retire(ref: uuid.UUID) -> ResponseReturnValue:
    """It is no longer offered; where it was recorded it stays."""
    stage = _found(ref)
    of = (stage.track, stage.procedural_code)
    try:
        begin_act(session, key=act_key(), kind=CHANGE, now=now(), by=by(), subject=ref)
        retire_stage(session, stage=stage, now=now(), by=by())
    except AlreadyDone:
        session.rollback()
    except StageListRefused as refused:
        session.rollback()
        return _again(ref, STAGE_LIST_REFUSALS[refused.reason])
    else:
        session.commit()
    return redirect(_back_to(*of), 303)


@pages.post("/legal-stages/<uuid:ref>/back")
@needs(Permission.STAGE_ADMINISTER)
def back(ref: uuid.UUID) -> ResponseReturnValue:
    """It is offered again."""
    stage = _found(ref)
    of = (stage.track, stage.procedural_code)
    try:
        begin_act(session, key=act_key(), kind=CHANGE, now=now(), by=by(), subject=ref)
        bring_stage_back(session, stage=stage, now=now(), by=by())
    except AlreadyDone:
        session.rollback()
    except StageListRefused as refused:
        session.rollback()
        return _again(ref, STAGE_LIST_REFUSALS[refused.reason])
    else:
        session.commit()
    return redirect(_back_to(*of), 303)


def _again(ref: uuid.UUID, sentence: object) -> ResponseReturnValue:
    """The page of the stage, with the sentence above it."""
    use_session(writing=False)
    stage = _found(ref)
    others = [one for one in listed_stages(session, [stage.track], code=stage.procedural_code) if one.id != stage.id]
    form = ListedStageForm(None, name_id=stage.name_id, name_en=stage.name_en)
    form["behind"].choices = _places(others)
    form.refuse(sentence)
    return _changing(stage, form)


def _found(ref: uuid.UUID) -> LegalStage:
    """A stage that may be changed: that restorative justice is never recorded is no setting."""
    found = session.scalar(select(LegalStage).where(LegalStage.ref == ref, LegalStage.refused.is_(False)))
    return found or abort(404)


def _places(stages: list[LegalStage]) -> list[tuple[str, str]]:
    return [("", _("At the beginning")), *((str(one.ref), stage_name(one)) for one in stages)]


def _stage(stages: list[LegalStage], ref: uuid.UUID | None) -> LegalStage | None:
    return next((one for one in stages if one.ref == ref), None)


def _kind(stage: LegalStage) -> str:
    if stage.refused:
        return _("Never recorded")
    if stage.retired_at is not None:
        return _("No longer offered")
    if stage.ends:
        return str(NATURES[StageNature.WAY_OUT])
    if stage.aside:
        return str(NATURES[StageNature.ASIDE])
    return str(NATURES[StageNature.AGAIN if stage.again else StageNature.PATH])


def _lists() -> list[tuple[Track, ProceduralCode | None]]:
    found: list[tuple[Track, ProceduralCode | None]] = [(Track.CRIMINAL, code) for code in reversed(ProceduralCode)]
    return found + [(track, None) for track in Track if track is not Track.CRIMINAL]


def _list_name(track: Track, code: ProceduralCode | None) -> str:
    return f"{TRACKS[track]}, {SHORT_CODES[code]}" if code else str(TRACKS[track])


def _list_key(track: Track, code: ProceduralCode | None) -> str:
    return f"{track}:{code}" if code else str(track)


def _asked_list() -> tuple[Track, ProceduralCode | None]:
    """The list named behind the question mark; the newest code of criminal procedure where none is."""
    lists = _lists()
    return {_list_key(*one): one for one in lists}.get(request.args.get("list", ""), lists[0])


def _to(track: Track, code: ProceduralCode | None) -> str:
    return url_for("legal_stages.listing", list=_list_key(track, code))


def _back_to(track: Track, code: ProceduralCode | None) -> str:
    """The list the stage stands in, saying that it is saved."""
    return url_for("legal_stages.listing", list=_list_key(track, code), saved="stage")
