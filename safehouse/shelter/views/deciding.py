"""The decision about a family, before it comes or within a day after an emergency; and the paper that is signed."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account, House, Office
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.access.queries import cleared_house_ids
from safehouse.database import end_session, session, use_session
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.words import DANGER_LEVELS
from safehouse.shelter.choices import DecidedAs, ReferralState
from safehouse.shelter.forms.deciding import PLACE, DecisionForm
from safehouse.shelter.models import Decision, Placement, Referral
from safehouse.shelter.operations.deciding import (
    DecisionRefusal,
    DecisionRefused,
    decide_placement,
    is_own,
    others_could,
    read_words,
    record_printed,
    undo_decision,
)
from safehouse.shelter.queries.deciding import (
    deciders,
    decides_as,
    earlier_decision,
    held_house_ids,
    is_emergency,
    leads_all_of,
    mattresses_of,
    open_placements,
    placed_by,
    readiness,
    residents_of,
    shown_decision,
    standing_decision,
    unmet_advice,
)
from safehouse.shelter.queries.referrals import family_of, placed_house_ids
from safehouse.shelter.queries.screening import may_see_family
from safehouse.shelter.rules.deciding import Lacking, Readiness, due_by
from safehouse.shelter.rules.reasons import ReasonCode
from safehouse.shelter.views.families import called, family_in_words, person_in_words
from safehouse.shelter.views.finding import seen_referral
from safehouse.shelter.words import DECIDED_AS, REFERRAL_SOURCES
from safehouse.trail.opening import NotConfirmed
from safehouse.web.language import moment
from safehouse.web.papers import typeset
from safehouse.web.shell import offer_undo

pages = Blueprint("deciding", __name__)

KIND = "decision:take"
PRINT = "decision:print"
READ, PAPER = "decision read", "decision printed"
offer_undo(KIND, title=_l("The decision is recorded."), endpoint="deciding.undo")

REFUSALS = {
    DecisionRefusal.NOT_HERS: _l("The head of the unit decides, or whoever acts for her."),
    DecisionRefusal.OWN_PLACEMENT: _l("You placed this family yourself. Somebody else decides: ask a colleague below."),
    DecisionRefusal.ALREADY_DECIDED: _l("It was decided in the meantime. Load the page again."),
    DecisionRefusal.NEEDS_WORDS: _l("Write why, and who looks for the next place."),
}
# What spoke against a place when it was chosen is kept as codes, without room and number.
UNMET = {
    ReasonCode.ADULT_MAN: _l("An adult man is with them"),
    ReasonCode.BOY_OVER_AGE: _l("A boy is older than this house takes in"),
    ReasonCode.BOY_WITH_UNRELATED: _l("A boy shares a room with women who are not his family"),
    ReasonCode.UNRELATED_BOY_IN_ROOM: _l("A boy of another family sleeps in the room"),
    ReasonCode.WITH_UNRELATED_ADULT: _l("A child without family shares a room with an adult"),
    ReasonCode.CHILD_ALONE_IN_ROOM: _l("A child without family sleeps in the room"),
    ReasonCode.GIRLS_ROOM: _l("The room is for girls without family"),
    ReasonCode.NOT_AN_ISOLATION_ROOM: _l("The room is no isolation room"),
    ReasonCode.ISOLATION_ROOM_IN_USE: _l("Someone else sleeps in the isolation room"),
    ReasonCode.ISOLATION_ROOM_KEPT: _l("An isolation room was used for people who are well"),
}
OTHER_UNMET = _l("Another condition of the room was not met")
LACKING = {
    Lacking.SCREENING: _l("The screening is still to be done."),
    Lacking.CONSENT: _l("Not everybody has agreed to stay yet."),
    Lacking.DECISION: _l("The head has not decided yet."),
}


@pages.route("/referrals/<uuid:ref>/decision", methods=["GET", "POST"])
@needs(Permission.PLACEMENT_CONFIRM)
@opens_sealed
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """The facts, and the answer of whoever may decide."""
    referral = _find(ref)
    form = DecisionForm(typed() or None)
    if posted() and form.validate():
        answer = _decide(referral, form)
        if answer is not None:
            return answer
        referral = _find(ref)
    condition = _condition(referral, READ)
    session.commit()
    use_session(writing=False)
    referral = _find(ref)
    account = session.get_one(Account, signed().account_id)
    placements = open_placements(session, referral)
    capacity = decides_as(session, referral, account, now=now())
    own = is_own(session, referral, account, now=now())
    return render_template(
        "shelter/referrals/decision.html",
        form=form,
        referral=referral,
        decision=shown_decision(session, referral),
        condition=condition,
        earlier=earlier_decision(session, referral),
        decided_as=DECIDED_AS,
        capacity=str(DECIDED_AS[capacity]) if capacity else "",
        own=own,
        may_decide=capacity is not None and not (own and others_could(session, referral, account, now=now())),
        deciders=[one.shown_name for one in deciders(session, referral, now=now()) if one.id != account.id],
        placed=bool(placements),
        due=moment(due_by(placements[0].arrived_at)) if placements else "",
        late=bool(placements) and now() > due_by(placements[0].arrived_at),
        facts=_facts(referral, placements),
        people=_people(referral),
        lacking=[str(LACKING[one]) for one in _readiness(referral).lacking if one is not Lacking.DECISION],
        unmet=sorted({str(UNMET.get(ReasonCode(code), OTHER_UNMET)) for code in unmet_advice(session, referral)}),
    )


@pages.get("/referrals/<uuid:ref>/decision/words")
@needs(Permission.REFERRAL_ANSWER)
@opens_sealed
def words(ref: uuid.UUID) -> ResponseReturnValue:
    """What the head wrote about the family, for whoever answers for it. Every reading is recorded."""
    referral = seen_referral(ref)
    decision = shown_decision(session, referral)
    if (
        decision is None
        or not decision.has_words
        or not may_see_family(session, referral=referral, account_id=signed().account_id, role=signed().role)
    ):
        abort(404)
    condition = _condition(referral, READ)
    session.commit()
    use_session(writing=False)
    referral = seen_referral(ref)
    return render_template(
        "shelter/referrals/decision_words.html",
        referral=referral,
        placed=referral.state is ReferralState.ACCEPTED,
        decision=shown_decision(session, referral) or abort(404),
        decided_as=DECIDED_AS,
        condition=condition,
    )


def _condition(referral: Referral, purpose: str) -> str | None:
    """The words of the decision that stands; None where whoever reads waits to be confirmed herself."""
    decision = standing_decision(session, referral)
    if decision is None:
        return ""
    try:
        return read_words(session, decision=decision, referral=referral, purpose=purpose, now=now(), by=by())
    except NotConfirmed:
        session.rollback()
        return None


@pages.post("/decisions/<uuid:ref>/undo")
@needs(Permission.PLACEMENT_CONFIRM)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=KIND, now=now(), by=by())
    referral = _find(act.subject) if act.subject else abort(404)
    decision = standing_decision(session, referral)
    if decision is None or decision.at != act.at:
        raise NotUndoable  # this one stands no more; a later one is not taken back in its place
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    undo_decision(session, decision=decision, referral=referral, now=now(), by=by())
    session.commit()
    return redirect(url_for("deciding.page", ref=referral.ref, undone=1), 303)


@pages.post("/referrals/<uuid:ref>/decision/paper")
@needs(Permission.PLACEMENT_CONFIRM)
@opens_sealed
def paper(ref: uuid.UUID) -> ResponseReturnValue:
    """The berita acara to be signed. That it was printed is recorded before the sheet is made."""
    referral = _find(ref)
    decision = standing_decision(session, referral) or abort(404)
    try:
        begin_act(session, key=act_key(), kind=PRINT, now=now(), by=by(), subject=referral.ref)
        record_printed(session, decision=decision, referral=referral, now=now(), by=by())
        session.commit()
    except AlreadyDone:
        session.rollback()
    condition = _condition(_find(ref), PAPER)
    session.commit()
    use_session(writing=False)
    referral = _find(ref)
    decision = standing_decision(session, referral) or abort(404)
    facts, number = on_paper(referral, decision, condition=condition or ""), decision.number
    # Nothing of the database is held while the page is set.
    end_session()
    sheet = Response(typeset("berita_acara", facts), mimetype="application/pdf")
    sheet.headers["Content-Disposition"] = f'attachment; filename="lembar-{number}.pdf"'
    return sheet


@dataclass(frozen=True, slots=True)
class _Row:
    """One of the family as the page names her: by alias and code once she has them."""

    title: str
    code: str
    group: str


def _find(ref: uuid.UUID) -> Referral:
    """A referral about which this person may know: nobody of it is denied to her, and whoever of it was placed, even if
    she left again, lived in a house of hers."""
    referral = seen_referral(ref)
    if not leads_all_of(session, referral, account_id=signed().account_id):
        abort(404)
    return referral


def _decide(referral: Referral, form: DecisionForm) -> ResponseReturnValue | None:
    ref = referral.ref
    try:
        act = begin_act(session, key=act_key(), kind=KIND, now=now(), by=by(), subject=ref, undoable=True)
        house_ids = _house_ids(referral)
        house = session.get(House, min(house_ids)) if len(house_ids) == 1 else None
        decide_placement(
            session,
            referral=referral,
            house=house,
            granted=form["answer"].data == PLACE,
            words=form["words"].data or "",
            now=now(),
            by=by(),
        )
    except AlreadyDone as earlier:
        return redirect(url_for("deciding.page", ref=ref, done=earlier.act.ref), 303)
    except DecisionRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason], "words" if refused.reason is DecisionRefusal.NEEDS_WORDS else "answer")
        return None
    done = act.ref
    session.commit()
    return redirect(url_for("deciding.page", ref=ref, done=done), 303)


def _house_ids(referral: Referral) -> set[int]:
    """Where they live, or where a bed is held for them."""
    return placed_house_ids(session, referral_id=referral.id) or held_house_ids(session, referral, now=now())


def _readiness(referral: Referral) -> Readiness:
    return readiness(session, referral, today=now().astimezone(_zone(referral)).date())


def _zone(referral: Referral) -> ZoneInfo:
    house_ids = _house_ids(referral)
    name = session.scalar(select(House.time_zone).where(House.id.in_(house_ids)).order_by(House.id).limit(1))
    return ZoneInfo(name or session.scalars(select(Office.time_zone)).one())


def _facts(referral: Referral, placements: list[Placement]) -> list[tuple[str, str]]:
    facts = [
        (
            _("Referred by"),
            _("%(source)s, %(time)s", source=REFERRAL_SOURCES[referral.source], time=moment(referral.taken_at)),
        ),
        (_("People"), family_in_words(family_of(referral))),
        (_("Danger"), _danger(referral)),
    ]
    decision = shown_decision(session, referral)
    # What was decided stays about the house it was decided about, wherever they moved since.
    house_ids = {decision.house_id} if decision and decision.house_id else _house_ids(referral)
    # Beds may be held in a house that is not hers; which one it is, she does not read.
    names = session.scalars(
        select(House.name)
        .where(House.id.in_(house_ids), House.id.in_(cleared_house_ids(signed().account_id)))
        .order_by(House.position, House.id)
    )
    elsewhere = _("a house that is not one of yours") if house_ids else _("no bed chosen yet")
    facts.append((_("House"), ", ".join(names) or elsewhere))
    if placements:
        placer = placed_by(session, referral)
        how = _("in an emergency") if is_emergency(placements) else _("on a decision")
        facts.append((_("Arrived"), _("%(time)s, %(how)s", time=moment(placements[0].arrived_at), how=how)))
        facts.append((_("Placed by"), placer[1] if placer else _("not known")))
        if mattresses := mattresses_of(session, placements):
            extra = ngettext("%(num)s extra mattress", "%(num)s extra mattresses", mattresses)
            facts.append((_("Over capacity"), extra))
    return facts


def _danger(referral: Referral) -> str:
    if referral.household_id is None:
        return _("not assessed yet")
    danger = newest_danger(session, referral.household_id)
    return str(DANGER_LEVELS[danger.level]) if danger else _("not assessed yet")


def _people(referral: Referral) -> list[_Row]:
    residents = {one.id: one for one in residents_of(session, referral)}
    family = family_of(referral)
    names = called(family)
    rows = []
    for person, one in zip(family, sorted(referral.people, key=lambda each: each.position), strict=True):
        resident = residents.get(one.resident_id or 0)
        title, code = (resident.alias, resident.code) if resident else (names[person.key], "")
        rows.append(_Row(title, code, person_in_words(person)))
    return rows


def on_paper(referral: Referral, decision: Decision, *, condition: str = "") -> dict[str, Any]:
    """Everything that is printed, in Indonesian whoever prints it: an official paper has one language. Aliases only,
    no house, no address, nobody who works here by name."""
    office = session.scalars(select(Office)).one()
    zone = _zone(referral)
    placements = open_placements(session, referral)
    local = decision.at.astimezone(zone)
    year, number = local.year, decision.number
    with force_locale("id"):
        people = [[str(n), row.title, row.code or "–", row.group] for n, row in enumerate(_people(referral), 1)]
        about = [
            ["Nomor rujukan", f"R-{referral.number}"],
            ["Rujukan dari", str(REFERRAL_SOURCES[referral.source])],
            ["Tempat serah terima", f"Kantor {office.name}"],
            ["Dasar penempatan", _basis_on_paper(placements)],
        ]
        if placements:
            arrived = placements[0].arrived_at.astimezone(zone)
            about.append(["Tiba", f"{_day(arrived.date())}, pukul {arrived:%H.%M}"])
        capacity = CAPACITY_ON_PAPER[decision.decided_as]
    heading = "Berita Acara Penempatan" if decision.granted else "Berita Acara Keputusan Penempatan"
    placed = (
        "Keluarga tersebut DITEMPATKAN untuk sementara dalam layanan penampungan unit ini."
        if decision.granted
        else "Keluarga tersebut TIDAK DAPAT DITEMPATKAN dalam layanan unit ini. Tidak seorang pun harus pergi karena "
        "keputusan ini; tempat lanjutan dicarikan lebih dahulu."
    )
    return {
        "title": heading,
        "office": office.name,
        "heading": heading,
        "number": f"Nomor {number}/BA/{year}",
        "opening": f"Pada hari ini, {WEEKDAYS[local.weekday()]}, {_day(local.date())}, pukul {local:%H.%M}, "
        f"{capacity} memutuskan hal berikut.",
        "about_heading": "Rujukan",
        "about": about,
        "people_heading": "Yang diputuskan",
        "people_columns": ["No.", "Nama samaran", "Kode", "Kelompok"],
        "people": people,
        "decision_heading": "Keputusan",
        "decision": placed,
        "condition_heading": "Alasan dan syarat" if condition else "",
        "condition": condition,
        "remarks": _remarks_on_paper(referral, decision),
        "closing": "Berita acara ini dibuat dengan sebenarnya. Lembar ini disimpan di kantor, tidak dibawa penghuni.",
        "place_and_day": f"Kantor {office.name}, {_day(local.date())}",
        "signatures": [
            {"role": "Yang menyerahkan,", "below": "Nama dan jabatan"},
            {"role": "Yang menerima,", "below": "Petugas, nama ditulis tangan"},
            {"role": f"{capacity},", "below": "Nama dan NIP"},
        ],
        "footer": f"Nomor {number}/BA/{year}. Rahasia.",
    }


def _day(when: dt.date) -> str:
    return format_date(when, "d MMMM y", locale="id")


CAPACITY_ON_PAPER = {
    DecidedAs.HEAD: "Kepala UPTD",
    DecidedAs.PLH: "Plh. Kepala UPTD",
    DecidedAs.PLT: "Plt. Kepala UPTD",
    DecidedAs.MANAGER: "Pengelola",
}
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def _basis_on_paper(placements: list[Placement]) -> str:
    if not placements:
        return "Keputusan sebelum kedatangan"
    return "Penempatan darurat" if is_emergency(placements) else "Keputusan sebelum kedatangan"


def _remarks_on_paper(referral: Referral, decision: Decision) -> list[str]:
    remarks = []
    unmet = unmet_advice(session, referral)
    if unmet:
        remarks.append("Tempat dipilih di luar anjuran dengan alasan tertulis dan saksi kedua.")
    placer = placed_by(session, referral)
    if placer is not None and placer[0] == decision.by_id and is_emergency(open_placements(session, referral)):
        remarks.append("Yang memutuskan juga mencatat penempatan darurat; tidak ada pejabat lain yang berwenang.")
    return remarks
