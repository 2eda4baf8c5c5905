"""The bed board: who sleeps where now, and two weeks bed by bed."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from babel.dates import get_day_names
from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from safehouse.access.current import as_ref, may, now, signed
from safehouse.access.guard import needs
from safehouse.access.models import Act
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.shelter.board_in_words import (
    CODES,
    CODES_SHARING,
    cots,
    free_beds,
    house_sum,
    lead,
    over_capacity,
    places,
)
from safehouse.shelter.choices import BedKind
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.queries.deciding import is_emergency, open_placements
from safehouse.shelter.queries.referrals import find_referral
from safehouse.shelter.rules.board import (
    BedNow,
    BedRow,
    Board,
    BoardRows,
    ClosureRow,
    HoldRow,
    HouseNow,
    RoomRow,
    Sleeper,
    StayRow,
    board,
    by_bed,
)
from safehouse.shelter.rules.deciding import due_by
from safehouse.shelter.rules.labels import bed_name, laid_name, laid_short
from safehouse.shelter.rules.tape import NIGHTS, Paint, Span, TapeRow, monday_of, tape
from safehouse.shelter.words import BED_KINDS, LEAVE_KINDS, ROOM_PURPOSES
from safehouse.web.language import clock_there, day, language, moment, short_day, today

pages = Blueprint("board", __name__)

A_WEEK = dt.timedelta(days=7)
A_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
ROOM_FOR_A_DATE, ROOM_FOR_A_YEAR = 3, 5  # nights
SOMEONE = uuid.UUID(int=0)


class Line(NamedTuple):
    """One person or one empty bed on the board. `ear` names the bed for those who hear the page, `name` for those who
    see it. `url` opens the person; `place` leads to placing in this free bed, and `right` says where that is; `clean`
    is where one press says that it is ready."""

    cls: str
    icon: str
    ear: str
    name: str
    word: str
    who: str
    url: str
    subs: tuple[str, ...]
    right: str
    late: bool
    place: str
    clean: str = ""


class Cell(NamedTuple):
    """Nights of one kind in the chart; without `text` the bed is free. `cls` begins with a space."""

    nights: int
    text: str = ""
    cls: str = ""
    url: str = ""
    end: str = ""


TapeLine = tuple[str, str, list[Cell]]  # name of the bed for ears where it differs, for eyes, its nights


@pages.get("/beds")
@needs(Permission.BOARD_READ)
def beds() -> ResponseReturnValue:
    g.lock_when_idle = True
    first = _asked_week()
    person = signed()
    rows = board_rows(session, account_id=person.account_id, role=person.role, first=first, nights=NIGHTS, now=now())
    shown = board(rows, now=now())
    words = Words(first, _day_of(shown))
    board_url = url_for("board.beds")
    houses = [words.house(house) for house in shown.houses]
    return render_template(
        "shelter/board.html",
        lead=lead(shown) if shown.figures.beds else "",
        arrived=_just_arrived(),
        any_house=bool(shown.houses),
        houses=houses,
        to_clean=words.to_clean,
        places=places(dict(shown.places)) if shown.figures.beds else [],
        others=[(name, free_beds(free)) for name, free in shown.others],
        days=list(words.days()),
        chart=_chart(rows, shown, words, first) if shown.figures.beds else [],
        range=_range(first, first + dt.timedelta(days=NIGHTS - 1)),
        earlier=f"{board_url}?from={first - A_WEEK}#chart",
        later=f"{board_url}?from={first + A_WEEK}#chart",
        tonight=f"{board_url}#chart",
    )


def _just_arrived() -> dict[str, str] | None:
    """After an emergency: where the family is asked what was put off at the door, and until when."""
    done = as_ref(request.args.get("done"))
    if done is None:
        return None
    subject = session.scalar(
        select(Act.subject).where(
            Act.ref == done,
            Act.account_id == signed().account_id,
            Act.kind == "placing:place",
            Act.undone_by_id.is_(None),
        )
    )
    referral = find_referral(session, subject, account_id=signed().account_id) if subject else None
    placements = open_placements(session, referral) if referral else []
    if referral is None or not placements or not is_emergency(placements):
        return None
    return {
        "url": url_for("intake.overview", ref=referral.ref),
        "number": _("R-%(number)s", number=referral.number),
        "due": moment(due_by(placements[0].arrived_at)),
    }


def _asked_week() -> dt.date:
    """The Monday of the week in the address; this week when there is none or it is no date."""
    asked = request.args.get("from", "")
    try:
        return monday_of(dt.date.fromisoformat(asked)) if A_DATE.fullmatch(asked) else monday_of(today())
    except ValueError:
        return monday_of(today())


def _range(first: dt.date, last: dt.date) -> str:
    """16 to 29 November 2026; 30 Nov to 13 December 2026; 28 December 2026 to 10 January 2027."""
    begin = day(first)
    if first.year == last.year:
        begin = str(first.day) if first.month == last.month else short_day(first)
    return _("%(first)s to %(last)s", first=begin, last=day(last))


def _day_of(shown: Board) -> dt.date:
    """The date in her houses; that of the unit where they lie in different zones and disagree."""
    days = {house.today for house in shown.houses}
    return days.pop() if len(days) == 1 else today()


def _chart(rows: BoardRows, shown: Board, words: "Words", first: dt.date) -> list[tuple[str, list[TapeLine]]]:
    stays = by_bed(rows.stays)
    return [
        (house.row.name, [words.tape_row(row, house) for row in tape(house, stays, rows.closures, first=first)])
        for house in shown.houses
    ]


class Sentences:
    """What is said beside beds and people, looked up once in each language for the life of the program."""

    def __init__(self) -> None:
        self.bed = _("Bed")
        self.free, self.closed, self.reserved = _("Free"), _("Closed"), _("Reserved")
        self.occupied, self.on_leave, self.not_back = _("Occupied:"), _("On leave:"), _("Not back:")
        self.referral = _("Referral R-%(number)s")
        self.held, self.shut = _("R-%(number)s"), _("Closed: %(reason)s")
        self.codes = {group: str(text) for group, text in CODES.items()}
        self.codes_sharing = {group: str(text) for group, text in CODES_SHARING.items()}
        self.cot, self.extra = str(BED_KINDS[BedKind.COT]), _("%(bed)s, over capacity")
        self.until_day, self.until_time = _("until %(day)s"), _("until %(time)s")
        self.back, self.was_due_back = _("back %(day)s"), _("was due back %(day)s")
        self.without_notice, self.missed = _("Not back, left without notice"), _("missed since %(day)s")
        self.looks_after = _("%(name)s looks after the children")
        self.to_clean = _("Still to be cleaned")
        self.leaves = {kind: _("On leave: %(kind)s", kind=text) for kind, text in LEAVE_KINDS.items()}
        self.alias_sharing = _("%(alias)s, shares the bed")
        self.away, self.over = _("%(alias)s, on leave"), _("past the agreed stay since %(day)s")
        self.alias_over = _("%(alias)s, past the agreed stay since %(day)s")
        self.leaves_today = _("%(alias)s, goes home %(day)s")
        self.room = _("Room %(room)s")
        self.purposes = {purpose: str(text) for purpose, text in ROOM_PURPOSES.items()}
        self.ground_floor, self.wheelchair = _("ground floor"), _("wheelchair access")
        self.isolation = _("can be used for isolation")
        self.over_by: dict[int, str] = {}
        self.weekdays: dict[int, str] = dict(get_day_names("abbreviated", locale=language()))

    def days_over(self, days: int) -> str:
        if days not in self.over_by:
            self.over_by[days] = ngettext("%(num)s day over", "%(num)s days over", days)
        return self.over_by[days]

    def facts(self, room: RoomRow) -> str:
        """What the room is for and what it has."""
        facts = [self.purposes[room.purpose]]
        if room.ground_floor:
            facts.append(self.ground_floor)
        if room.wheelchair:
            facts.append(self.wheelchair)
        if room.isolation:
            facts.append(self.isolation)
        return ", ".join(facts)


@cache
def sentences_in(_language: str) -> Sentences:
    return Sentences()


class Words:
    """Everything of one page that costs a look-up for each bed, looked up once: sentences, dates, addresses."""

    def __init__(self, first: dt.date, this_day: dt.date) -> None:
        self.first, self.today = first, this_day
        self.said = sentences_in(language())
        self.resident_url = url_for("today.resident", ref=SOMEONE).split(str(SOMEONE))
        self.place_url = url_for("referrals.new", bed=SOMEONE) if may(Permission.PLACEMENT_DECIDE) else ""
        self.clean_url = url_for("cleaning.ready", ref=SOMEONE) if may(Permission.BED_READY) else ""
        self.to_clean = ""  # where the first of them is said to be ready
        self.shorts: dict[dt.date, str] = {}
        self.untils: dict[dt.date, str] = {}

    # The board

    def house(self, house: HouseNow) -> tuple[str, str, str, str, list[tuple[str, str, list[Line]]]]:
        return (
            house.row.name,
            house_sum(house.figures),
            over_capacity(house.figures),
            cots(house.figures),
            [
                (
                    self.said.room % {"room": room.row.label},
                    self.said.facts(room.row),
                    [line for bed in room.beds for line in self._lines(bed, room.row, house)],
                )
                for room in house.rooms
            ],
        )

    def _lines(self, bed: BedNow, room: RoomRow, house: HouseNow) -> Iterator[Line]:
        row, said = bed.row, self.said
        name = bed_name(room.label, row.label)
        laid = laid_name(row.label)
        ear, short = name if laid else f"{said.bed} {name}", _short_name(room, row)
        # The column of names has room for three letters; a longer name stands below.
        kind = () if short or laid else (row.label,)
        if row.kind is BedKind.COT and short:
            kind = (said.cot,)
        if bed.sleepers:
            for sleeper in bed.sleepers:
                yield self._person(bed, sleeper, ear, short, kind, house)
                short, kind = "", ()
        elif bed.closure:
            until = self._until(bed.closure.last_day) if bed.closure.last_day else ""
            subs = (*kind, bed.closure.reason)
            yield Line("shut", "cross", ear, short, "", said.closed, "", subs, until, False, "")
        else:
            clean = ""
            if row.to_clean:
                kind, clean = (*kind, said.to_clean), self.clean_url.replace(str(SOMEONE), row.ref)
                self.to_clean = self.to_clean or clean
            if row.hold:
                subs = (*kind, said.referral % {"number": row.hold.number})
                until = said.until_time % {"time": clock_there(row.hold.expires_at, house.row.zone)}
                yield Line("held", "half", ear, short, "", said.reserved, "", subs, until, False, "", clean)
            else:
                place = self.place_url.replace(str(SOMEONE), row.ref) if self.place_url else ""
                where = f"{house.row.name} {name}"
                yield Line("free", "ring", ear, short, "", said.free, "", kind, where, False, place, clean)

    def _person(
        self, bed: BedNow, sleeper: Sleeper, ear: str, short: str, kind: tuple[str, ...], house: HouseNow
    ) -> Line:
        stay, leave, said = sleeper.stay, sleeper.leave, self.said
        codes = said.codes_sharing if stay.sharing else said.codes
        subs = (codes[sleeper.group] % {"code": stay.code}, *kind)
        cls, icon, word = "full", "disc", said.occupied
        if bed.extra:
            cls = "full extra"
            subs += (said.extra % {"bed": laid_name(bed.row.label) or bed.row.label},)
        late = sleeper.late
        if leave:
            icon, word = "away", said.not_back if leave.without_notice else said.on_leave
            subs += (said.without_notice if leave.without_notice else said.leaves[leave.kind],)
            if leave.caregiver:
                subs += (said.looks_after % {"name": leave.caregiver},)
            due = self._short(leave.due_back.astimezone(house.row.zone).date())
            right = said.missed if leave.without_notice else said.was_due_back if late else said.back
            right %= {"day": due}
        elif sleeper.days_over:
            right, late = said.days_over(sleeper.days_over), True
        else:
            right = self._until(stay.planned_exit)
        return Line(cls, icon, ear, short, word, stay.alias, self._resident(stay), subs, right, late, "")

    # The chart

    def days(self) -> Iterator[tuple[str, str, int, bool]]:
        """(class, name of the weekday, day of the month, today) of each column."""
        for at in range(NIGHTS):
            night = self.first + dt.timedelta(days=at)
            today, weekday = night == self.today, night.weekday()
            yield (
                "today" if today else "we" if weekday >= SATURDAY else "",
                self.said.weekdays[weekday],
                night.day,
                today,
            )

    def tape_row(self, row: TapeRow, house: HouseNow) -> TapeLine:
        extra = row.bed.kind is BedKind.MATTRESS
        cells = [FREE[span.nights] if span.paint is None else self._cell(span, house, extra) for span in row.spans]
        name = bed_name(row.room.label, row.bed.label)
        if extra:
            return name, laid_short(row.room.label, row.bed.label), cells
        return "", name, cells

    def _cell(self, span: Span, house: HouseNow, extra: bool) -> Cell:
        cls = CLASSES[span.paint]
        if span.before:
            cls += " from"
        if span.after:
            cls += " on"
        if extra:
            cls += " extra"
        match span.source:
            case StayRow() as stay:
                return self._stay_cell(span, stay, cls, house)
            case HoldRow() as hold:
                return Cell(span.nights, self.said.held % {"number": hold.number}, cls)
            case ClosureRow() as closure:
                return Cell(span.nights, self.said.shut % {"reason": closure.reason}, cls)
        return FREE[span.nights]

    def _stay_cell(self, span: Span, stay: StayRow, cls: str, house: HouseNow) -> Cell:
        said, last, alias = self.said, stay.planned_exit, stay.alias
        if span.paint is Paint.OVER:
            text = (said.alias_over if span.named else said.over) % {"alias": alias, "day": self._short(last)}
            return Cell(span.nights, text, cls, self._resident(stay))
        if span.paint is Paint.AWAY:
            text = said.away % {"alias": alias}
        elif stay.ended_at is None and last == house.today:
            text = said.leaves_today % {"alias": alias, "day": self._short(last)}
        else:
            text = said.alias_sharing % {"alias": alias} if stay.sharing else alias
        room_for_it = ROOM_FOR_A_DATE if last.year == self.today.year else ROOM_FOR_A_YEAR
        end = self._until(last) if span.after and span.nights >= room_for_it else ""
        return Cell(span.nights, text, cls, self._resident(stay), end)

    # Looked up once

    def _short(self, when: dt.date) -> str:
        """21 Nov; in another year with the year."""
        if when not in self.shorts:
            self.shorts[when] = short_day(when) if when.year == self.today.year else f"{short_day(when)} {when.year}"
        return self.shorts[when]

    def _until(self, when: dt.date) -> str:
        if when not in self.untils:
            self.untils[when] = self.said.until_day % {"day": self._short(when)}
        return self.untils[when]

    def _resident(self, stay: StayRow) -> str:
        return stay.ref.join(self.resident_url) if stay.opens else ""


FREE = tuple(Cell(nights) for nights in range(NIGHTS + 1))
CLASSES = {None: "", Paint.HELD: " held", Paint.SHUT: " shut", Paint.STAY: "", Paint.OVER: " over", Paint.AWAY: " away"}
SATURDAY = 5


def _short_name(room: RoomRow, bed: BedRow) -> str:
    """2A; nothing where the name is long."""
    name = bed_name(room.label, bed.label)
    return name if len(name) <= 3 else ""
