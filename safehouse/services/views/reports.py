"""The progress report on paper: by alias for those who work with her, by name for a court alone.

An official paper has one language: it is Indonesian whoever prints it. Neither house nor address stands on it, nothing
that was said in a session, no result of an examination, and nobody who works here by name.
"""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account, Approval, Delegation, DelegationKind, Office
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.approvals import record_refused_decision
from safehouse.access.permissions import Permission
from safehouse.access.views.own_code import own_code
from safehouse.database import end_session, session, use_session
from safehouse.residents.models import DangerLevel
from safehouse.residents.words import DANGER_LEVELS
from safehouse.services.forms.reviewing import APPROVE, CodeForm, NamedAnswerForm, NamedForm
from safehouse.services.models import Plan, Review
from safehouse.services.operations.reviewing import (
    ReviewRefusal,
    ReviewRefused,
    ask_named,
    decide_named,
    is_about_this,
    record_report,
)
from safehouse.services.queries.reviews import Advice, NamedAsking, judged_by, newest_named, recommendations
from safehouse.services.rules.reviewing import PRINTING, Court, Figures, from_text
from safehouse.services.views.reviews.finding import (
    REFUSALS,
    Read,
    found_review,
    goals_of,
    open_read,
)
from safehouse.services.views.reviews.in_words import (
    paper_number,
    step_words,
)
from safehouse.services.views.seen import Seen
from safehouse.services.words import COURTS, DOMAINS, NEXT_PLANS, OVERALL, RECOMMENDATION_OUTCOMES, TRACKS
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import moment_there
from safehouse.web.papers import typeset

pages = Blueprint("reports", __name__)

ASK, DECIDE = "report:ask_named", "report:decide_named"


@pages.post("/reviews/<uuid:ref>/report")
@needs(Permission.REPORT_PRINT)
@opens_sealed
def progress(ref: uuid.UUID) -> ResponseReturnValue:
    """The report by alias. That it was printed is recorded before the sheet is made."""
    seen, review, plan = _approved(ref)
    try:
        begin_act(session, key=act_key(), kind=PRINTING, now=now(), by=by(), subject=ref)
        record_report(session, resident=seen.resident, named=False, now=now(), by=by())
    except AlreadyDone:
        session.rollback()
        seen, review, plan = _approved(ref)
    return _sheet(seen, review, plan, name="")


@pages.route("/reviews/<uuid:ref>/named-report", methods=["GET", "POST"])
@needs(Permission.REPORT_PRINT)
@opens_sealed
def named(ref: uuid.UUID) -> ResponseReturnValue:
    """By name, for a court: asked for, approved by a manager, printed by whoever asked with her own code."""
    seen, review, _plan = _approved(ref)
    asking = _standing_asking(review)
    mine = asking is not None and asking.approval.asked_by_id == by().person_id
    if asking is not None and mine and asking.stands(now()):
        if seen.resident.name is None:
            return _named_page(ref, "nameless", None)
        code = CodeForm(typed() or None)
        if posted() and code.validate() and own_code(code):
            return _print_named(ref)
        return _named_page(ref, "print", code)
    if asking is not None and asking.waits(now()):
        return _named_page(ref, "waits", None)
    form = NamedForm(typed() or None)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=ASK, now=now(), by=by(), subject=ref)
            ask_named(session, review=review, court=form["court"].data, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
        else:
            session.commit()
        return redirect(url_for("reports.named", ref=ref, saved="report_asked"), 303)
    return _named_page(ref, "ask", form)


def _standing_asking(review: Review) -> NamedAsking | None:
    """The newest asking, unless the approval it was about has been taken back since."""
    asking = newest_named(session, review)
    return asking if asking is not None and is_about_this(review, asking.approval) else None


def _named_page(ref: uuid.UUID, state: str, form: NamedForm | CodeForm | None) -> str:
    use_session(writing=False)
    seen, review, _plan = _approved(ref)
    asking = _standing_asking(review)
    return render_template(
        "services/report_named.html",
        form=form,
        seen=seen,
        review=review,
        state=state,
        asked=_asked(asking, seen) if asking else [],
        refused=asking is not None and asking.approval.granted is False,
    )


def _print_named(ref: uuid.UUID) -> ResponseReturnValue:
    seen, review, plan = _approved(ref)
    try:
        begin_act(session, key=act_key(), kind=PRINTING, now=now(), by=by(), subject=ref)
        record_report(session, resident=seen.resident, named=True, now=now(), by=by())
    except AlreadyDone:
        session.rollback()
        seen, review, plan = _approved(ref)
    try:
        (name,) = open_values(
            session,
            now=now(),
            by=by(),
            purpose="report for a court",
            wanted=[Sealed(seen.resident, "name", seen.resident.ref)],
        )
    except NotConfirmed:
        abort(404)
    return _sheet(seen, review, plan, name=name)


@pages.route("/reviews/<uuid:ref>/named-report/decide", methods=["GET", "POST"])
@needs(Permission.REVIEW_DECIDE)
def decide_name(ref: uuid.UUID) -> ResponseReturnValue:
    """Another manager says whether it may be printed by name."""
    _seen, review, _plan = _approved(ref)
    asking = _standing_asking(review)
    if asking is None or not asking.waits(now()):
        return redirect(url_for("reviews.shown", ref=ref), 303)
    form = NamedAnswerForm(typed() or None)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=DECIDE, now=now(), by=by(), subject=ref)
            decide_named(
                session,
                review=review,
                approval=session.get_one(Approval, asking.approval.id),
                granted=form["answer"].data == APPROVE,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(url_for("today.page"), 303)
        except ReviewRefused as refused:
            session.rollback()
            record_refused_decision(session, subject=ref, reason=refused.reason, now=now(), by=by())
            session.commit()
            own = refused.reason is ReviewRefusal.OWN
            said = _("You asked for this yourself. Another manager answers.") if own else REFUSALS[refused.reason]
            form.refuse(said, "answer")
        else:
            session.commit()
            return redirect(url_for("today.page"), 303)
    use_session(writing=False)
    seen, review, _plan = _approved(ref)
    asking = _standing_asking(review)
    return render_template(
        "services/report_named_decide.html",
        form=form,
        seen=seen,
        review=review,
        asked=[
            (_("Resident"), f"{seen.resident.alias} {seen.resident.code}"),
            *(_asked(asking, seen) if asking else []),
        ],
    )


def _asked(asking: NamedAsking, seen: Seen) -> list[tuple[str, str]]:
    return [
        (_("Court"), str(COURTS[Court(asking.approval.reason)])),
        (_("Asked by"), asking.asked_by),
        (_("Asked"), moment_there(asking.approval.asked_at, seen.zone)),
    ]


def _approved(ref: uuid.UUID) -> tuple[Seen, Review, Plan]:
    """An approved review this person reads; otherwise the same 404."""
    seen, review, plan = found_review(ref)
    if review.approved_at is None or review.figures is None:
        abort(404)
    return seen, review, plan


def _sheet(seen: Seen, review: Review, plan: Plan, *, name: str) -> Response:
    figures = from_text(review.figures or "")
    advised, judged = recommendations(session, review.id), judged_by(session, review.id)
    try:
        read = open_read(seen, review, [*advised, *judged], goals_of(figures), plan)
    except NotConfirmed:
        abort(404)
    facts = on_paper(seen, review, figures, read, advised, judged, name=name)
    number = review.number
    session.commit()
    # Nothing of the database is held while the page is set.
    end_session()
    sheet = Response(typeset("progress_report", facts), mimetype="application/pdf")
    sheet.headers["Content-Disposition"] = f'attachment; filename="lembar-{number}.pdf"'
    return sheet


def on_paper(
    seen: Seen,
    review: Review,
    figures: Figures,
    read: Read,
    advised: list[Advice],
    judged: list[Advice],
    *,
    name: str,
) -> dict[str, Any]:
    """Everything that is printed. With a name: no alias and no code, and who printed it and when stands below."""
    office = session.scalars(select(Office)).one()
    there = seen.zone
    approved = (review.approved_at or now()).astimezone(there)
    with force_locale("id"):
        return {
            "title": "Laporan kemajuan",
            "office": office.name,
            "heading": "Laporan Kemajuan Penerima Manfaat",
            "number": f"Nomor {paper_number(review)}",
            "person_heading": "1. Identitas",
            "person": _person(seen, review, name),
            "stay_heading": "2. Keadaan tinggal",
            "stay": _stay(figures),
            "danger_heading": "3. Tingkat bahaya",
            "danger": _danger(figures),
            "domains_heading": "4. Layanan: direncanakan dan dilakukan",
            "domain_columns": ["Bidang", "Sesi", "Langkah", "Janji ditepati", "Sasaran tercapai", "Arah"],
            "domains": [
                [
                    str(DOMAINS[one.domain]),
                    f"{one.held} dari {one.agreed}",
                    f"{one.done} dari {one.planned}",
                    f"{one.kept} dari {one.kept + one.missed}",
                    f"{one.reached} dari {one.goals}",
                    str(OVERALL[one.direction]) if one.direction else "–",
                ]
                for one in figures.domains
            ],
            "care": (
                f"Pemeriksaan dan pengobatan yang dilakukan: {figures.examinations}. "
                f"Visum yang dibuat: {figures.visums}, tanpa hasilnya."
            ),
            "summaries": [
                [str(DOMAINS[one.domain]), read.summaries.get(one.domain) or "Belum ada ringkasan."]
                for one in figures.domains
            ],
            "goals_heading": "5. Sasaran: dulu dan sekarang",
            "goal_columns": ["Sasaran", "Dulu", "Sekarang"],
            "goals": [
                [read.goals[one.ref], step_words(one.then), step_words(one.now)]
                for one in figures.goals
                if one.ref in read.goals
            ],
            "law_heading": "6. Proses hukum",
            "law": [f"{TRACKS[one.track]}: {one.name_id}, {_day(one.on)}." for one in figures.stages],
            "family_heading": "7. Keluarga dan lingkungan",
            "family": read.family or "Tidak ada catatan.",
            "own_words": read.own_words,
            "earlier_heading": "8. Saran periode lalu dan hasilnya",
            "earlier_columns": ["Saran", "Jatuh tempo", "Hasil"],
            "earlier": [
                [read.advised[one.row.id], _day(one.row.due), str(RECOMMENDATION_OUTCOMES[one.row.outcome])]
                for one in judged
                if one.row.outcome
            ],
            "conclusion_heading": "9. Kesimpulan",
            "conclusion": read.conclusion,
            "overall": _overall(review),
            "advice_heading": "10. Saran dan tindak lanjut",
            "advice_columns": ["Saran", "Penanggung jawab", "Jatuh tempo"],
            "advice": [
                [read.advised[one.row.id], _role_of(seen, one.row.responsible_id), _day(one.row.due)] for one in advised
            ],
            "nothing": "Tidak ada.",
            "place_and_day": _day(approved.date()),
            "signatures": [
                {"role": "Disusun oleh,", "below": "Koordinator rencana layanan"},
                {"role": "Menyetujui,", "below": _capacity(review)},
            ],
            "footer": _footer(review, name),
        }


def _person(seen: Seen, review: Review, name: str) -> list[list[str]]:
    who = name or f"{seen.resident.alias} {seen.resident.code}"
    return [
        ["Penerima manfaat", who],
        ["Masa laporan", f"{_day(review.from_day)} sampai {_day(review.until)}"],
    ]


def _stay(figures: Figures) -> str:
    return (
        f"Penerima manfaat berada dalam layanan sejak {_day(figures.arrived)}. "
        f"Dalam masa laporan ini {figures.nights} malam."
    )


def _danger(figures: Figures) -> str:
    return str(DANGER_LEVELS[DangerLevel(figures.danger)]) if figures.danger else "Belum dinilai."


def _overall(review: Review) -> str:
    said = [str(OVERALL[review.overall])] if review.overall else []
    said += [str(NEXT_PLANS[review.next_plan])] if review.next_plan else []
    return f"Secara keseluruhan: {'. Rencana berikutnya: '.join(said)}." if said else ""


def _role_of(seen: Seen, account_id: int) -> str:
    """By what she does and not by name: who works here stands on no paper."""
    found = next((one for one in seen.workers if one.account_id == account_id), None)
    if found is None:
        return "Unit"
    return "Koordinator rencana" if found.coordinator else f"Bidang {str(DOMAINS[found.discipline]).lower()}"


CAPACITIES = {DelegationKind.PLH: "Plh. Kepala UPTD", DelegationKind.PLT: "Plt. Kepala UPTD"}


def _capacity(review: Review) -> str:
    """In which capacity it was approved: as head, as acting head on that day, else as manager."""
    approver = session.execute(
        select(Account.id, Account.is_head)
        .join(Approval, Approval.decided_by_id == Account.id)
        .where(Approval.id == review.approval_id)
    ).first()
    if approver is None:
        return "Pengelola"
    if approver.is_head:
        return "Kepala UPTD"
    acting = session.scalar(
        select(Delegation.kind).where(
            Delegation.account_id == approver.id,
            Delegation.since <= review.approved_at,
            Delegation.until >= review.approved_at,
            Delegation.ended_at.is_(None),
        )
    )
    return CAPACITIES[acting] if acting else "Pengelola"


def _footer(review: Review, name: str) -> str:
    footer = f"{paper_number(review)}. Rahasia. Isi sesi, hasil pemeriksaan, dan alamat tidak dimuat."
    if not name:
        return footer
    local = now().astimezone(ZoneInfo(signed().office.time_zone))
    return f"{footer} Dicetak {signed().shown_name}, {_day(local.date())} pukul {local:%H.%M} {local.tzname()}."


def _day(when: dt.date) -> str:
    return format_date(when, "d MMMM y", locale="id")
