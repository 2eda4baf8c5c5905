"""Bringing an old register in through the page: mapping, impossible rows, corrections, and what must not happen."""

import datetime as dt
import io
import logging
import re
import time
import uuid
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from safehouse.access.models import Clearance, House
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Household, Resident
from safehouse.shelter.choices import BedKind, PlacementBasis
from safehouse.shelter.models import Bed, Closure, Departure, ImportedRow, ImportRun, Placement, Room, Stay
from safehouse.shelter.operations.import_runs import drop_stale_imports
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.rules.houses import BedState
from safehouse.shelter.rules.importing.workbook import MEGABYTE
from safehouse.shelter.views import import_writing
from safehouse.shelter.views.import_writing import under_way
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry, TrailSubject
from safehouse.trail.queries import verify
from tests.browsing import Browser
from tests.office import Make
from tests.shelter.importing.workbooks import HEADINGS, person, workbook

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
CANARY = "Kemuning Sasmita"
INVENTORY = [
    ("Rumah", "Kamar", "TT", "Peruntukan"),
    ("Rumah Satu", "1", "A", "Ibu dan anak"),
    ("", "1", "B", ""),
    ("", "2", "A", "Perempuan dewasa"),
    ("", "2", "B", ""),
]


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def office(browser, manager):
    return browser.sign_in(manager)


def book(rows) -> bytes:
    return workbook(rows)


def register(*rows) -> bytes:
    return workbook([HEADINGS, *rows])


def upload(
    browser: Browser, inventory: bytes | None = None, register: bytes | None = None, *, called: str = "buku.xlsx"
):
    files = {"inventory": inventory, "register": register}
    return browser.post(
        "/import", fields={kind: (io.BytesIO(content), called) for kind, content in files.items() if content}
    )


def send(browser: Browser, path: str, **fields: object) -> int:
    """Post a large form whole. (The test client would spool it into a file and forget to close that.)"""
    boundary, body = encode_multipart({"csrf_token": browser.token, "act_key": str(uuid.uuid4()), **fields})
    answer = browser.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    browser.page = answer.get_data(as_text=True)
    return answer.status_code


def a_file(content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), "buku.xlsx")


def mapped(browser: Browser, inventory: bytes | None = None, register: bytes | None = None) -> str:
    """Upload and take the columns as proposed; the address of the check."""
    answer = upload(browser, inventory, register)
    assert answer.status_code == 303, browser.page
    browser.get(answer.location)
    answer = browser.post(answer.location, fields=chosen(browser.page))
    assert answer.status_code == 303, browser.page
    browser.get(answer.location)
    return answer.location


def chosen(page: str) -> dict[str, str]:
    """What the selects of a page would send."""
    selects = re.findall(r'<select id="[^"]+" name="([^"]+)".*?</select>', page, re.DOTALL)
    bodies = re.findall(r"<select id=.*?</select>", page, re.DOTALL)
    return {name: re.search(r'value="([^"]+)" selected', body)[1] for name, body in zip(selects, bodies, strict=True)}


def typed(page: str) -> dict[str, str]:
    """What the boxes of the rows would send when nothing is touched."""
    return dict(
        re.findall(r'<input id="[^"]+" name="((?:register|inventory)_[^"]+)" type="text"[^>]*? value="([^"]*)"', page)
    )


def write(browser: Browser, at: str) -> None:
    answer = browser.post(at, do="write")
    assert answer.status_code == 303
    browser.get(answer.location)


def counted(session, *tables) -> list[int]:
    session.expire_all()
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


TABLES = (House, Room, Bed, Resident, Household, Placement, Stay, ImportedRow)


def test_the_samples_are_brought_in_with_their_impossible_rows_named_and_corrected(office, session, manager, clock):
    before = counted(session, *TABLES)
    at = mapped(office, (SAMPLES / "inventaris.xlsx").read_bytes(), (SAMPLES / "register.xlsx").read_bytes())
    for row in (41, 42, 43):
        assert f", baris {row}" in office.page or f", row {row}" in office.page
    assert 'value="write"' not in office.page
    assert counted(session, *TABLES) == before
    fields = typed(office.page)
    assert fields["register_42_arrived"] == "31 November 2025"
    # Row 40 says Wangkal sleeps in 2A; row 43 says Mundu does. The clash is offered in both rows.
    assert "register_40_left" in fields
    fields |= {"register_42_arrived": "30 November 2025", "register_43_place": "Rumah Kenari / 2B"}
    office.post(at, fields=fields, do="check", out_register_41="y")
    office.get(at)
    assert 'value="write"' in office.page
    write(office, at)
    assert counted(session, *TABLES) == [
        before[0] + 3,
        before[1] + 8,
        before[2] + 23,
        before[3] + 39,
        before[4] + 27,
        before[5] + 39,
        before[6] + 39,
        before[7] + 42,
    ]
    open_stays = session.scalars(select(Stay).where(Stay.ended_at.is_(None))).all()
    assert len(open_stays) == 8
    resident = session.scalars(select(Resident).where(Resident.alias == "Mundu")).one()
    stay = session.scalars(select(Stay).where(Stay.resident_id == resident.id)).one()
    assert (stay.bed.room.house.name, stay.bed.room.label, stay.bed.label) == ("Rumah Kenari", "2", "B")
    assert resident.house_id == stay.bed.room.house_id and resident.arrived_by_import
    placement = session.get_one(Placement, stay.placement_id)
    assert (placement.basis, placement.limit_days) == (PlacementBasis.IMPORT, 14)
    assert placement.planned_exit == dt.date(2026, 1, 3)
    assert "39" in office.page and "/beds" in office.page


def test_the_board_shows_who_lives_in_the_imported_beds(office, session, manager, clock):
    at = mapped(
        office,
        book(INVENTORY),
        register(
            person(1, "2/11/2026", "Kenari", "1A", companion="1"),
            person(2, "2/11/2026", "Anak Kenari", "1B", age="3 th", companion="ikut no 1", sex="L"),
            person(3, "1/10/2026", "Ulin", "2A", "9/10/2026", destination="kos"),
        ),
    )
    write(office, at)
    house = session.scalars(select(House).where(House.name == "Rumah Satu")).one()
    view = house_views(session, house_ids=[house.id], today=dt.date(2026, 11, 21), now=clock.now)[0]
    beds = {(room.label, bed.label): bed for room in view.rooms for bed in room.beds}
    assert [beds[key].state for key in (("1", "A"), ("1", "B"), ("2", "A"))] == [
        BedState.FULL,
        BedState.FULL,
        BedState.FREE,
    ]
    mother, child = (
        session.scalars(select(Resident).where(Resident.alias == name)).one() for name in ("Kenari", "Anak Kenari")
    )
    assert mother.household_id == child.household_id
    assert session.scalar(select(func.count()).select_from(Departure)) == 1
    assert session.scalars(select(Clearance).where(Clearance.house_id == house.id)).one().account_id == manager.id
    assert {use.alias: use.until is None for use in session.scalars(select(AliasUse))} == {
        "Kenari": True,
        "Anak Kenari": True,
        "Ulin": False,
    }


def test_every_imported_resident_stands_in_the_record(office, session):
    write(office, mapped(office, book(INVENTORY), register(person(1, "2/11/2026", "Kenari", "1A"))))
    resident = session.scalars(select(Resident)).one()
    entry = session.scalars(
        select(TrailEntry)
        .join(TrailSubject, TrailSubject.entry_seq == TrailEntry.seq)
        .where(TrailSubject.subject == resident.ref)
    ).one()
    assert (entry.act, entry.purpose) == (Act.IMPORTED, "register")
    assert verify(session).whole


def test_a_second_run_of_the_same_files_adds_nothing_and_says_so(office, session):
    files = book(INVENTORY), register(person(1, "2/11/2026", "Kenari", "1A"), person(2, "32/13/2026", "Ulin", "2A"))
    at = mapped(office, *files)
    office.post(at, fields=typed(office.page), do="check", out_register_3="y")
    write(office, at)
    before = counted(session, *TABLES)
    at = mapped(office, *files)
    assert 'value="write"' not in office.page
    assert "Every row of these files is in Teduh already" in english(office, at)
    office.post(at, do="write")
    assert counted(session, *TABLES) == before
    office.post(f"{at}/discard")
    assert session.scalar(select(func.count()).select_from(ImportRun).where(ImportRun.done_at.is_(None))) == 0


def english(browser: Browser, path: str) -> str:
    browser.post("/display", language="en", back=path)
    browser.get(path)
    return browser.page


def test_a_child_that_comes_in_a_later_run_belongs_to_her_mothers_household(office, session):
    mother = person(1, "2/11/2026", "Kenari", "1A")
    write(office, mapped(office, book(INVENTORY), register(mother)))
    write(
        office,
        mapped(
            office,
            None,
            register(mother, person(2, "2/11/2026", "Anak Kenari", "1B", age="3 th", companion="ikut no 1")),
        ),
    )
    assert len({one.household_id for one in session.scalars(select(Resident))}) == 1
    assert counted(session, Resident) == [2]


def test_a_forged_meaning_is_refused_in_words_and_nothing_is_kept(office, session):
    answer = upload(office, book(INVENTORY))
    office.get(answer.location)
    fields = chosen(office.page)
    for forged in ("arrived", "nothing", "<b>"):
        answer_to = office.post(answer.location, fields=fields | {"inventory_c0": forged})
        assert answer_to.status_code == 200
        assert 'id="inventory_c0-e"' in office.page


def test_two_columns_of_one_meaning_and_a_missing_one_are_named(office):
    answer = upload(office, book(INVENTORY))
    office.get(answer.location)
    fields = chosen(office.page)
    office.post(answer.location, fields=fields | {"inventory_c0": "room"})
    assert 'id="inventory_c1-e"' in office.page
    office.post(answer.location, fields=fields | {"inventory_c2": "skip", "inventory_c1": "skip"})
    assert 'role="alert"' in office.page


def test_sealed_columns_show_no_examples_and_unknown_ones_only_their_shape(office):
    headings = (*HEADINGS, "Nama Korban", "Panggilan")
    answer = upload(office, None, workbook([headings, (*person(1, "2/11/2026", "Kenari", "1A"), CANARY, CANARY)]))
    office.get(answer.location)
    assert CANARY not in office.page and CANARY.split(maxsplit=1)[0] not in office.page
    assert "xxxxxxxx xxxxxxx" in office.page


def test_foreign_and_unknown_imports_are_not_there(office, new_browser, make, session):
    at = upload(office, book(INVENTORY)).location.removesuffix("/columns")
    other = new_browser().sign_in(make.account(Role.MANAGER))
    staff = new_browser().sign_in(make.account(Role.STAFF))
    for somebody in (other, staff):
        for path in (at, f"{at}/columns"):
            assert somebody.get(path).status_code == 404
            assert somebody.post(path, do="write").status_code == 404
        assert somebody.post(f"{at}/discard").status_code == 404
    for path in (f"/import/{uuid.uuid4()}", f"/import/{uuid.uuid4()}/columns", "/import/1"):
        assert office.get(path).status_code == 404
    assert staff.get("/import").status_code == 404
    assert office.get(at, follow=True).status_code == 200


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    return kept.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n",
        bomb(),
        b"PK\x03\x04 cut off",
        b"\x00\x01\x02",
        b"one line without columns",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old",
        b"a;b\n1;2\n",
    ],
    ids=["pdf", "bomb", "cut", "binary", "no table", "old excel", "no headings"],
)
def test_what_is_no_register_is_refused_in_words_and_nothing_is_kept(office, session, content):
    answer = upload(office, None, content)
    assert answer.status_code == 200
    assert 'id="register-e"' in office.page
    assert counted(session, ImportRun) == [0]


def test_nothing_chosen_and_a_text_instead_of_a_file_are_refused_in_words(office, session):
    for fields in ({}, {"register": "C:\\register.xlsx"}):
        assert office.post("/import", fields=fields).status_code == 200
        assert 'role="alert"' in office.page
    assert counted(session, ImportRun) == [0]


def test_too_large_a_file_is_refused_before_it_is_read(office, session):
    assert send(office, "/import", register=a_file(b"x" * 13 * MEGABYTE)) == 413
    assert send(office, "/import", register=a_file(b"a;b\n" * (11 * MEGABYTE // 4))) == 200
    assert 'id="register-e"' in office.page
    # Only this page takes a file, and it takes no long text.
    assert send(office, "/import", register="x" * 5 * MEGABYTE) == 413
    assert send(office, "/referrals/new", contact=a_file(b"x" * 2 * MEGABYTE)) == 413
    assert counted(session, ImportRun) == [0]


def test_a_csv_with_semicolons_is_read_like_a_workbook(office, session):
    rows = [
        "No;Tgl Masuk;Nama Samaran;L/P;Umur;Rumah;Kamar/TT;Tgl Keluar",
        "1;2/11/2026;Kenari;P;30 th;Rumah Satu;1A;masih",
    ]
    write(office, mapped(office, book(INVENTORY), "\n".join(rows).encode()))
    assert counted(session, Resident, Stay) == [1, 1]


def test_formulas_and_invisible_characters_are_named_and_never_guessed(office, session):
    at = mapped(
        office,
        book(INVENTORY),
        register(person(1, "2/11/2026", "Kenari", "1A", "=TODAY()"), person(2, "2/11/2026", "Ul_x0007_in", "1B")),
    )
    fields = typed(office.page)
    assert {"register_2_left", "register_3_alias"} <= fields.keys()
    # Nothing typed: the formula does not silently become somebody who still lives here.
    office.post(at, fields=fields, do="check")
    office.get(at)
    assert {"register_2_left", "register_3_alias"} <= typed(office.page).keys()
    office.post(at, fields=fields | {"register_2_left": "-", "register_3_alias": "Ulin"}, do="check")
    office.get(at)
    write(office, at)
    assert counted(session, Resident) == [2]


def test_typed_corrections_survive_a_wrong_one(office, session):
    at = mapped(
        office, book(INVENTORY), register(person(1, "31/11/2026", "Kenari", "1A"), person(2, "2/11/2026", "Ulin", "9Z"))
    )
    fields = typed(office.page) | {"register_2_arrived": "30/2/2026", "register_3_room_bed": "1B"}
    office.post(at, fields=fields, do="check")
    office.get(at)
    assert typed(office.page)["register_2_arrived"] == "30/2/2026"
    assert "register_3_room_bed" not in typed(office.page)
    # A character that cannot be seen comes back with everything else that was typed.
    answer = office.post(at, fields={"register_2_arrived": "1/3\x07/2026"}, do="check")
    assert answer.status_code == 200 and 'id="register_2_arrived-e"' in office.page
    office.post(at, fields={"register_2_arrived": "x" * 300}, do="check")
    assert "x" * 300 in office.page
    office.post(at, fields={"register_2_arrived": "1/3/2026"}, do="check")
    office.get(at)
    write(office, at)
    assert counted(session, Resident) == [2]


def test_a_change_can_be_taken_back(office, session):
    at = mapped(
        office, book(INVENTORY), register(person(1, "31/11/2026", "Kenari", "1A"), person(2, "2/11/2026", "Ulin", "1B"))
    )
    office.post(at, fields=typed(office.page), do="check", out_register_2="y")
    office.get(at)
    assert 'value="write"' in office.page and 'name="back_register_2"' in office.page
    office.post(at, do="check", back_register_2="y")
    office.get(at)
    assert 'value="write"' not in office.page


def test_forged_rows_and_columns_of_a_correction_change_nothing(office, session):
    at = mapped(
        office, book(INVENTORY), register(person(1, "2/11/2026", "Kenari", "1A"), person(2, "31/11/2026", "Ulin", "1B"))
    )
    answer = office.post(
        at,
        fields={
            "register_2_alias": "Lain",
            "register_99_alias": "x",
            "register_3_nik": "x",
            "out_register_2": "y",
            "out_register_1": "y",
            "back_register_2": "y",
            "inventory_2_house": "Rumah Lain",
            "register_3_arrived": "1/11/2026",
        },
        do="check",
    )
    office.get(answer.location)
    write(office, at)
    assert sorted(session.scalars(select(Resident.alias))) == ["Kenari", "Ulin"]


def test_nothing_is_written_while_a_row_is_impossible(office, session):
    before = counted(session, *TABLES)
    at = mapped(office, book(INVENTORY), register(person(1, "31/11/2026", "Kenari", "1A")))
    assert office.post(at, do="write").status_code == 303
    assert counted(session, *TABLES) == before


def test_someone_placed_meanwhile_is_named_and_nothing_is_written(office, session, make, manager, clock):
    house = make.house("Rumah Satu")
    room = make.room(house, "1", beds=2)
    session.add(Clearance(account_id=manager.id, house_id=house.id, since=clock.now))
    session.commit()
    at = mapped(office, None, register(person(1, "2/11/2026", "Kenari", "1A"), person(2, "2/11/2026", "Ulin", "1B")))
    assert 'value="write"' in office.page
    make.resident(make.beds(room)[0])
    before = counted(session, *TABLES)
    assert office.post(at, do="write").status_code == 303
    assert counted(session, *TABLES) == before
    office.get(at)
    assert "register_2_room_bed" in typed(office.page) and 'value="write"' not in office.page


def test_someone_placed_between_check_and_writing_stops_the_whole_import(
    office, session, make, manager, clock, monkeypatch
):
    house = make.house("Rumah Satu")
    room = make.room(house, "1", beds=2)
    session.add(Clearance(account_id=manager.id, house_id=house.id, since=clock.now))
    session.commit()
    at = mapped(office, None, register(person(1, "2/11/2026", "Kenari", "1A"), person(2, "2/11/2026", "Ulin", "1B")))
    brought_in = import_writing.bring_in

    def placed_first(*args, **more):
        make.resident(make.beds(room)[1])
        return brought_in(*args, **more)

    monkeypatch.setattr("safehouse.shelter.views.imports.bring_in", placed_first)
    answer = office.post(at, do="write")
    assert answer.status_code == 303 and "overtaken" in answer.location
    assert counted(session, Resident, ImportedRow) == [1, 0]
    office.get(answer.location)
    assert "register_3_room_bed" in typed(office.page)


def test_a_house_she_does_not_work_in_gets_no_beds(office, session, make):
    make.room(make.house("Rumah Satu"), "1", beds=1)
    at = mapped(office, book(INVENTORY))
    assert "inventory_2_house" in typed(office.page)
    office.post(at, fields=typed(office.page) | {"inventory_2_house": "Rumah Baru"}, do="check")
    office.get(at)
    assert counted(session, House) == [1]


def test_beds_are_added_to_her_own_house_in_any_spelling(office, session, make, manager, clock):
    house = make.house("Rumah Satu")
    make.room(house, "1", beds=1, cots=1)
    session.add(Clearance(account_id=manager.id, house_id=house.id, since=clock.now))
    session.commit()
    write(
        office,
        mapped(
            office,
            book(
                [
                    ("Rumah", "Kamar", "TT", "Boks bayi", "Ket"),
                    ("RUMAH 1", "Kmr 1", "tt a", 2, ""),
                    ("", "1", "B", "", "rusak s/d 25 Nov"),
                ]
            ),
        ),
    )
    assert counted(session, House, Room) == [1, 1]
    beds = session.scalars(select(Bed).order_by(Bed.id)).all()
    assert sorted(bed.label for bed in beds if bed.kind is BedKind.BED) == ["A", "B"]
    assert sum(bed.kind is BedKind.COT for bed in beds) == 2
    closure = session.scalars(select(Closure)).one()
    assert (closure.first_day, closure.last_day) == (dt.date(2026, 11, 21), dt.date(2026, 11, 25))


def test_names_are_sealed_and_stand_in_no_page_no_record_and_no_log(office, session, caplog):
    nik = "3201014107900001"
    headings = (*HEADINGS, "Nama Korban", "NIK", "No HP", "Ket")
    row = (*person(1, "2/11/2026", "Kenari", "1A"), CANARY, nik, "0813 5550 1177", CANARY)
    faulty = (*person(2, "31/11/2026", "Ulin", "1B"), CANARY, "1234", "0812", CANARY)
    pages = []
    with caplog.at_level(logging.DEBUG):
        answer = upload(office, book(INVENTORY), workbook([headings, row, faulty]), called=f"{CANARY}.xlsx")
        office.get(answer.location)
        pages.append(office.page)
        at = office.post(answer.location, fields=chosen(office.page)).location
        office.get(at)
        pages.append(office.page)
        fields = typed(office.page)
        assert fields["register_3_nik"] == fields["register_3_phone"] == ""
        run = session.scalars(select(ImportRun)).one()
        kept = b"".join(filter(None, (run.inventory, run.register, run.answers)))
        assert CANARY.encode() not in kept and b"Kenari" not in kept
        office.post(
            at,
            fields=fields | {"register_3_arrived": "1/11/2026", "register_3_nik": "12345", "register_3_phone": "-"},
            do="check",
        )
        office.get(at)
        pages.append(office.page)
        # A sealed correction that is wrong is not shown either, and leaving the box empty keeps it.
        assert "12345" not in office.page and typed(office.page)["register_3_nik"] == ""
        office.post(at, fields=typed(office.page), do="check")
        office.get(at)
        assert "register_3_nik" in typed(office.page)
        office.post(at, fields={"register_3_nik": nik[:-1] + "2"}, do="check")
        office.get(at)
        write(office, at)
        pages.append(office.page)
    said = "\n".join([*pages, caplog.text, *map(str, session.execute(select(TrailEntry.fields, TrailEntry.purpose)))])
    for secret in (CANARY, nik, "0813 5550", "1234"):
        assert secret not in said
    residents = session.scalars(select(Resident).order_by(Resident.id)).all()
    assert all(one.name and CANARY.encode() not in one.name for one in residents)
    assert [one.phone is None for one in residents] == [False, True]
    session.expire_all()
    run = session.scalars(select(ImportRun)).one()
    assert (run.inventory, run.register, run.answers) == (None, None, None)


def test_pressing_twice_brings_the_register_in_once(office, session):
    at = mapped(office, book(INVENTORY), register(person(1, "2/11/2026", "Kenari", "1A")))
    for _again in range(2):
        write(office, at)
    assert counted(session, Resident, House) == [1, 1]


def test_files_nobody_finished_are_gone_after_a_day(office, session, clock):
    upload(office, book(INVENTORY))
    office.get("/import")
    assert "/import/" in office.page
    assert drop_stale_imports(session, clock.forward(hours=23)) == 0
    assert drop_stale_imports(session, clock.forward(hours=1)) == 1
    assert counted(session, ImportRun) == [0]


def test_every_opening_of_the_files_is_on_record(office, session):
    at = mapped(office, book(INVENTORY))
    before = session.scalar(select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED))
    office.get(at)
    after = session.scalar(select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED))
    assert after == before + 1


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_long_register_is_written_beside_and_says_how_far_it_is(lone_app, engine):
    """Above a thousand rows the page answers at once and shows the progress; at the end everything is there."""
    app = lone_app(engine)
    clock = app.extensions["test_clock"]
    with app.extensions["db_writing"]() as session:
        make = Make(session, clock)
        office = Browser(app, make).sign_in(make.account(Role.MANAGER))
    rows = ["No;Tgl Masuk;Nama Samaran;L/P;Umur;Rumah;Kamar/TT;Tgl Keluar"]
    day = dt.date(2021, 1, 1)
    for number in range(1, 1202):
        bed = ("1A", "1B", "2A", "2B")[number % 4]
        came = day + dt.timedelta(days=number)
        rows.append(
            f"{number};{came:%d/%m/%Y};Pohon {number};P;30;Rumah Satu;{bed};{came + dt.timedelta(days=3):%d/%m/%Y}"
        )
    at = mapped(office, book(INVENTORY), "\n".join(rows).encode())
    office.post(at, do="write")
    ref = uuid.UUID(at.rsplit("/", 1)[1])
    seen = office.get(at)
    while (state := under_way(ref)) is not None and state.outcome is None:
        time.sleep(0.02)
        seen = office.get(at)
        assert seen.status_code == 200
        if 'class="prog' in office.page:
            assert seen.headers["Refresh"] == "3"
    office.get(at)
    assert "1201" in office.page and under_way(ref) is None
    with app.extensions["db_reading"]() as session:
        assert counted(session, Resident, Stay, Departure) == [1201, 1201, 1201]
        assert verify(session).whole
