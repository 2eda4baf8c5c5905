"""The bed board: who sleeps where now, and two weeks bed by bed."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from babel.dates import get_day_names
from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import may, now, signed
from safehouse.access.guard import needs
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
from safehouse.shelter.rules.board import (
    AgeGroup,
    BedNow,
    BedRow,
    Board,
    BoardRows,
    HouseNow,
    RoomRow,
    Sleeper,
    StayRow,
    board,
    by_bed,
)
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.tape import NIGHTS, Paint, Span, TapeRow, monday_of, tape
from safehouse.shelter.words import BED_KINDS, LEAVE_KINDS, ROOM_PURPOSES
from safehouse.web.language import day, language, short_day, today

pages = Blueprint("board", __name__)

A_WEEK = dt.timedelta(days=7)
A_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
ROOM_FOR_A_DATE = 3  # nights
SOMEONE = uuid.UUID(int=0)


class Line(NamedTuple):
    """One person or one empty bed on the board. `url` opens the person; `place` leads to placing in this free bed,
    and `right` says where that is to those who hear the page."""

    cls: str
    icon: str
    bed: str
    name: str
    word: str
    who: str
    url: str
    subs: tuple[str, ...]
    right: str
    late: bool
    place: str


class Cell(NamedTuple):
    """Nights of one kind in the chart; a free night has no `nights` and its `cls` is that of the day."""

    nights: int
    cls: str
    url: str
    text: str
    end: str


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
    return render_template(
        "shelter/board.html",
        lead=lead(shown) if shown.figures.beds else "",
        any_house=bool(shown.houses),
        houses=[words.house(house) for house in shown.houses],
        places=places(dict(shown.places)) if shown.figures.beds else [],
        others=[(name, free_beds(free)) for name, free in shown.others],
        days=list(words.days()),
        chart=_chart(rows, shown, words, first) if shown.figures.beds else [],
        range=_range(first, first + dt.timedelta(days=NIGHTS - 1)),
        earlier=_week(first - A_WEEK),
        later=_week(first + A_WEEK),
        tonight=url_for("board.beds", _anchor="chart"),
    )


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


def _week(monday: dt.date) -> str:
    # `from` is a word of Python and can only be passed like this.
    values: dict[str, Any] = {"from": monday.isoformat()}
    return url_for("board.beds", _anchor="chart", **values)


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


class Words:
    """Everything of one page that costs a look-up for each bed, looked up once: sentences, dates, addresses."""

    def __init__(self, first: dt.date, this_day: dt.date) -> None:
        self.first, self.today = first, this_day
        self.classes = [self._day_class(first + dt.timedelta(days=at)) for at in range(NIGHTS)]
        self.resident_url = url_for("stays.page", ref=SOMEONE)
        self.place_url = url_for("referrals.new", bed=SOMEONE) if may(Permission.PLACEMENT_DECIDE) else ""
        self.shorts: dict[dt.date, str] = {}
        self.untils: dict[dt.date, str] = {}
        self.until_day, self.until_time = _("until %(day)s"), _("until %(time)s")
        self.free, self.closed, self.reserved = _("Free"), _("Closed"), _("Reserved")
        self.occupied, self.on_leave = _("Occupied:"), _("On leave:")
        self.codes = {group: str(text) for group, text in CODES.items()}
        self.codes_sharing = {group: str(text) for group, text in CODES_SHARING.items()}
        self.room, self.cot = _("Room %(room)s"), str(BED_KINDS[BedKind.COT])
        self.alias_sharing = _("%(alias)s, shares the bed")
        self.away, self.over = _("%(alias)s, on leave"), _("past the agreed stay since %(day)s")
        self.alias_over = _("%(alias)s, past the agreed stay since %(day)s")
        self.leaves_today = _("%(alias)s, goes home %(day)s")
        self.held, self.shut = _("R-%(number)s"), _("Closed: %(reason)s")

    # The board

    def house(self, house: HouseNow) -> tuple[str, str, str, str, list[tuple[str, str, list[Line]]]]:
        return (
            house.row.name,
            house_sum(house.figures),
            over_capacity(house.figures),
            cots(house.figures),
            [
                (
                    self.room % {"room": room.row.label},
                    _facts(room.row),
                    [line for bed in room.beds for line in self._lines(bed, room.row, house)],
                )
                for room in house.rooms
            ],
        )

    def _lines(self, bed: BedNow, room: RoomRow, house: HouseNow) -> Iterator[Line]:
        name, short = bed_name(room.label, bed.row.label), _short_name(room, bed.row)
        # The column of names has room for three letters; a longer name stands below.
        kind = () if short else (bed.row.label,)
        if bed.row.kind is BedKind.COT and short:
            kind = (self.cot,)
        if bed.sleepers:
            for at, sleeper in enumerate(bed.sleepers):
                yield self._person(bed, sleeper, name, "" if at else short, () if at else kind, house)
        elif bed.closure:
            until = self._until(bed.closure.last_day) if bed.closure.last_day else ""
            yield Line("shut", "cross", name, short, "", self.closed, "", (*kind, bed.closure.reason), until, False, "")
        elif bed.row.hold:
            sub = _("Referral R-%(number)s", number=bed.row.hold.number)
            until = self.until_time % {"time": _clock(bed.row.hold.expires_at.astimezone(house.row.zone))}
            yield Line("held", "half", name, short, "", self.reserved, "", (*kind, sub), until, False, "")
        else:
            place = self.place_url.replace(str(SOMEONE), str(bed.row.ref)) if self.place_url else ""
            yield Line("free", "ring", name, short, "", self.free, "", kind, f"{house.row.name} {name}", False, place)

    def _person(
        self, bed: BedNow, sleeper: Sleeper, name: str, short: str, kind: tuple[str, ...], house: HouseNow
    ) -> Line:
        stay = sleeper.stay
        codes = self.codes_sharing if stay.sharing else self.codes
        subs = [codes[sleeper.group] % {"code": stay.code}, *kind]
        if bed.extra:
            subs.append(
                _("Extra cot, over capacity")
                if sleeper.group is AgeGroup.INFANT
                else _("Extra mattress, over capacity")
            )
        right, late = self._until(stay.planned_exit), False
        if sleeper.days_over:
            right, late = ngettext("%(num)s day over", "%(num)s days over", sleeper.days_over), True
        if sleeper.leave:
            subs.append(_("On leave: %(kind)s", kind=LEAVE_KINDS[sleeper.leave.kind]))
            due = self._short(sleeper.leave.due_back.astimezone(house.row.zone).date())
            right, late = (
                _("was due back %(day)s", day=due) if sleeper.late else _("back %(day)s", day=due),
                sleeper.late,
            )
        return Line(
            "full extra" if bed.extra else "full",
            "away" if sleeper.leave else "disc",
            name,
            short,
            self.on_leave if sleeper.leave else self.occupied,
            stay.alias,
            self._resident(stay.ref) if stay.opens else "",
            tuple(subs),
            right,
            late,
            "",
        )

    # The chart

    def days(self) -> Iterator[tuple[str, str, int, bool]]:
        """(class, name of the weekday, day of the month, today) of each column."""
        names = get_day_names("abbreviated", locale=language())
        for at, cls in enumerate(self.classes):
            night = self.first + dt.timedelta(days=at)
            yield cls, names[night.weekday()], night.day, night == self.today

    def tape_row(self, row: TapeRow, house: HouseNow) -> TapeLine:
        cells: list[Cell] = []
        at = 0
        for span in row.spans:
            if span.paint is None:
                cells += [Cell(0, cls, "", "", "") for cls in self.classes[at : at + span.nights]]
            else:
                cells.append(self._cell(span, house, extra=row.bed.kind is BedKind.MATTRESS))
            at += span.nights
        name = bed_name(row.room.label, row.bed.label)
        if row.bed.kind is BedKind.MATTRESS:
            return name, bed_name(row.room.label, _short_name(row.room, row.bed)), cells
        return "", name, cells

    def _cell(self, span: Span, house: HouseNow, *, extra: bool) -> Cell:
        cls = "".join((" from" if span.before else "", " on" if span.after else "", " extra" if extra else ""))
        if span.hold:
            return Cell(span.nights, f"held{cls}", "", self.held % {"number": span.hold.number}, "")
        if span.closure:
            return Cell(span.nights, f"shut{cls}", "", self.shut % {"reason": span.closure.reason}, "")
        return self._stay_cell(span, span.stay, cls, house) if span.stay else Cell(0, "", "", "", "")

    def _stay_cell(self, span: Span, stay: StayRow, cls: str, house: HouseNow) -> Cell:
        url = self._resident(stay.ref) if stay.opens else ""
        end = self._until(stay.planned_exit) if span.after and span.nights >= ROOM_FOR_A_DATE else ""
        if span.paint is Paint.AWAY:
            return Cell(span.nights, f"away{cls}", url, self.away % {"alias": stay.alias}, end)
        if span.paint is Paint.OVER:
            text = self.alias_over if span.named else self.over
            return Cell(
                span.nights, f"over{cls}", url, text % {"alias": stay.alias, "day": self._short(stay.planned_exit)}, ""
            )
        text = self.alias_sharing % {"alias": stay.alias} if stay.sharing else stay.alias
        if stay.ended_at is None and stay.planned_exit == house.today:
            text = self.leaves_today % {"alias": stay.alias, "day": self._short(stay.planned_exit)}
        return Cell(span.nights, cls.strip(), url, text, end)

    # Looked up once

    def _short(self, when: dt.date) -> str:
        if when not in self.shorts:
            self.shorts[when] = short_day(when)
        return self.shorts[when]

    def _until(self, when: dt.date) -> str:
        if when not in self.untils:
            self.untils[when] = self.until_day % {"day": self._short(when)}
        return self.untils[when]

    def _resident(self, ref: uuid.UUID) -> str:
        return self.resident_url.replace(str(SOMEONE), str(ref))

    def _day_class(self, night: dt.date) -> str:
        if night == self.today:
            return "today"
        return "we" if night.weekday() >= 5 else ""


def _short_name(room: RoomRow, bed: BedRow) -> str:
    """2A. What was laid on the spot is called "Kasur +1", of which "+1" is enough; nothing where the name is long."""
    if bed.kind is BedKind.MATTRESS:
        return bed.label.rpartition(" ")[2][:3]
    name = bed_name(room.label, bed.label)
    return name if len(name) <= 3 else ""


def _clock(there: dt.datetime) -> str:
    """A time of the house's own zone, as `web.language.clock` writes those of the unit's."""
    return f"{there:%H.%M}" if language() == "id" else f"{there:%H:%M}"


def _facts(room: RoomRow) -> str:
    """What the room is for and what it has."""
    facts = [str(ROOM_PURPOSES[room.purpose])]
    if room.ground_floor:
        facts.append(_("ground floor"))
    if room.wheelchair:
        facts.append(_("wheelchair access"))
    if room.isolation:
        facts.append(_("can be used for isolation"))
    return ", ".join(facts)
