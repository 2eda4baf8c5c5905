"""Notes of a session: opened by those of the author's discipline who are assigned to her, and by nobody else."""

import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.words import DISCIPLINES
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.residents.queries.people import find_resident
from safehouse.services.forms.sessions import NoteForm
from safehouse.services.models import CareSession, Note, Plan, PlanDomain
from safehouse.services.operations.notes import refuse_note, write_note
from safehouse.services.queries.plans import standing, workers_of
from safehouse.services.queries.sessions import notes_beside
from safehouse.services.rules.walls import Standing
from safehouse.services.views.recording import readers_of_the_note
from safehouse.services.views.seen import seen_plan
from safehouse.services.views.sessions import found_session
from safehouse.services.words import DOMAINS, SESSION_KINDS
from safehouse.shelter.models import Placement
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import moment_there

pages = Blueprint("notes", __name__)

ADD = "note:add"


@pages.get("/notes/<uuid:ref>")
@needs(Permission.PLAN_READ)
@opens_sealed
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """What was noted of a session, with all that was added to it. Whoever works with her and asks for the note of
    another discipline finds nothing, as if it were not there; that she asked stands in the record."""
    note, domain, resident = _readable(ref)
    beside = notes_beside(session, note)
    about = session.get(CareSession, note.care_session_id) if note.care_session_id else None
    try:
        words = open_values(
            session,
            now=now(),
            by=by(),
            purpose="note",
            wanted=[Sealed(one, "words", resident.ref) for one, _who in beside],
        )
    except NotConfirmed:
        session.rollback()
        words = []
    owner = resident.ref
    seen = seen_plan(owner)
    here = seen.plan is not None and seen.plan.id == domain.plan_id
    shown = {
        "name": DOMAINS[domain.domain],
        "discipline": DISCIPLINES[note.discipline],
        "domain": domain.domain if here else None,
        "when": moment_there(about.starts_at if about else note.at, seen.zone),
        "kind": SESSION_KINDS[about.kind] if about else "",
        "withdrawn": about is not None and about.withdrawn_at is not None,
        "closed": not words,
        "notes": [
            (who, moment_there(one.at, seen.zone), said) for (one, who), said in zip(beside, words, strict=False)
        ],
        "add_to": about.ref if about and here and seen.standing.keeps(domain.domain) else None,
    }
    # What was not recorded was not read: it stands before anything is shown.
    session.commit()
    use_session(writing=False)
    return render_template("services/notes/page.html", seen=seen_plan(owner), **shown)


def _readable(ref: uuid.UUID) -> tuple[Note, PlanDomain, Resident]:
    """The note, if she reads it; otherwise the same 404 as for a note that is not there. Asking for one that is not
    for her is written down before she is told so."""
    row = session.execute(
        select(Note, PlanDomain, Resident)
        .join(PlanDomain, PlanDomain.id == Note.plan_domain_id)
        .join(Plan, Plan.id == PlanDomain.plan_id)
        .join(Placement, Placement.id == Plan.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .where(Note.ref == ref)
    ).first()
    if row is None:
        abort(404)
    person, resident = signed(), row.Resident
    visible = find_resident(session, account_id=person.account_id, role=person.role, ref=resident.ref, now=now())
    if visible is None or not _stands(resident).reads_notes_of(row.Note.discipline):
        refuse_note(session, note=row.Note, resident=resident, now=now(), by=by())
        session.commit()
        abort(404)
    return row.Note, row.PlanDomain, resident


def _stands(resident: Resident) -> Standing:
    person = signed()
    return standing(workers_of(session, resident.id), account_id=person.account_id, role=person.role)


@pages.route("/sessions/<uuid:ref>/notes/new", methods=["GET", "POST"])
@needs(Permission.NOTE_READ)
def add(ref: uuid.UUID) -> ResponseReturnValue:
    """Write a note on a session, or add to those there are. Nothing that was noted is ever changed."""
    care_session, seen, domain = found_session(ref)
    discipline = seen.standing.own or abort(404)
    form = NoteForm(typed() or None)
    if posted() and form.validate():
        to = url_for("domains.page", ref=seen.resident.ref, domain=domain.domain, saved="session_note")
        try:
            begin_act(session, key=act_key(), kind=ADD, now=now(), by=by(), subject=ref)
            write_note(
                session,
                domain=domain,
                resident=seen.resident,
                discipline=discipline,
                words=form["words"].data,
                care_session=care_session,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(to, 303)
    use_session(writing=False)
    care_session, seen, domain = found_session(ref)
    return render_template(
        "services/notes/add.html",
        form=form,
        seen=seen,
        domain=domain,
        name=DOMAINS[domain.domain],
        when=moment_there(care_session.starts_at, seen.zone),
        readers=readers_of_the_note(seen),
    )
