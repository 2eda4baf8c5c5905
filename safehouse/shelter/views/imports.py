"""An office's old register, brought in: choose files, say what the columns mean, correct what cannot be true, write."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed, takes_file
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import end_session, session, use_session
from safehouse.shelter.forms.imports import (
    FilesForm,
    back_name,
    cell_name,
    column_name,
    columns_form,
    out_name,
    rows_form,
)
from safehouse.shelter.importing_words import (
    DOUBTS,
    KINDS,
    LEFT_OUT,
    WHY_REFUSED,
    column_in_words,
    fault_in_words,
    layout_problem_in_words,
    remedy_in_words,
)
from safehouse.shelter.models import ImportRun
from safehouse.shelter.operations.import_runs import OpenedRun, drop_run, keep_answers, keep_run, open_run
from safehouse.shelter.queries.importing import find_run, read_facts, unfinished_runs
from safehouse.shelter.rules.importing.columns import Column, Layout, propose
from safehouse.shelter.rules.importing.correcting import (
    Changed,
    RowToCorrect,
    changed_rows,
    rows_to_correct,
    with_typed,
)
from safehouse.shelter.rules.importing.files import ORDER, Answers, Checked, check_files, layout_of, read_file
from safehouse.shelter.rules.importing.lines import LeftOut, read_lines
from safehouse.shelter.rules.importing.meanings import Kind, Meaning
from safehouse.shelter.rules.importing.register import Doubt
from safehouse.shelter.rules.importing.workbook import MEGABYTE, Sheet, WorkbookRefused
from safehouse.shelter.views.import_writing import LONG_FROM, Outcome, bring_in, bring_in_beside, told, under_way
from safehouse.web.forms import PageForm
from safehouse.web.language import moment

pages = Blueprint("imports", __name__)

LARGEST_UPLOAD = 12 * MEGABYTE
MOST_ROWS_SHOWN = 50
MOST_ROWS_NAMED = 12
RELOAD_SECONDS = 3


@pages.route("/import", methods=["GET", "POST"])
@needs(Permission.REGISTER_IMPORT)
@takes_file(LARGEST_UPLOAD)
def start() -> ResponseReturnValue:
    """Choose one or two files. They are read once, here, and their lines sealed."""
    form = FilesForm(CombinedMultiDict([request.files, request.form]) if posted() else None)
    if posted() and form.validate() and (sheets := _read(form)):
        try:
            act = begin_act(session, key=act_key(), kind="import:keep", now=now(), by=by())
            run = keep_run(session, sheets=sheets, now=now(), by=by())
            act.subject = run.ref
        except AlreadyDone as earlier:
            return redirect(url_for("imports.columns", ref=earlier.act.subject), 303)
        ref = run.ref
        session.commit()
        return redirect(url_for("imports.columns", ref=ref), 303)
    use_session(writing=False)
    waiting = [
        (moment(one.made_at), url_for("imports.check", ref=one.ref))
        for one in unfinished_runs(session, account_id=signed().account_id)
    ]
    return render_template("shelter/imports/start.html", form=form, waiting=waiting)


@pages.route("/import/<uuid:ref>/columns", methods=["GET", "POST"])
@needs(Permission.REGISTER_IMPORT)
@opens_sealed
def columns(ref: uuid.UUID) -> ResponseReturnValue:
    """What each column means, as proposed until she says otherwise."""
    if _settled(ref):
        return redirect(url_for("imports.check", ref=ref), 303)
    opened = _open(ref)
    layouts = {kind: _layout(sheet, kind, opened.answers) for kind, sheet in opened.sheets.items()}
    form = columns_form(layouts)(typed() or None)
    if posted() and form.validate():
        chosen = {
            kind: {f"c{column.index}": form[column_name(kind, column.index)].data.value for column in layout.columns}
            for kind, layout in layouts.items()
        }
        layouts = {kind: layout.with_choices(chosen[kind]) for kind, layout in layouts.items()}
        if _columns_fit(form, layouts):
            _keep(ref, opened.answers.with_columns(chosen))
            return redirect(url_for("imports.check", ref=ref), 303)
    use_session(writing=False)
    return render_template(
        "shelter/imports/columns.html",
        form=form,
        ref=ref,
        files=[_file_shown(kind, layouts[kind], opened.sheets[kind]) for kind in layouts],
    )


@pages.route("/import/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.REGISTER_IMPORT)
@opens_sealed
def check(ref: uuid.UUID) -> ResponseReturnValue:
    """The files checked; every impossible row to correct or leave out; and, when none is left, bringing all in."""
    if answer := _settled(ref):
        return redirect(url_for("imports.check", ref=ref), 303) if posted() else answer
    opened = _open(ref)
    if set(opened.answers.columns) != set(opened.sheets):
        return redirect(url_for("imports.columns", ref=ref), 303)
    checked = _checked(opened)
    if posted() and request.form.get("do") == "write":
        if not checked.sound or checked.nothing_new:
            return redirect(url_for("imports.check", ref=ref), 303)
        return _bring_in(ref, checked)
    rows = [row for kind in ORDER for row in rows_to_correct(kind, checked)]
    changed = [one for kind, lines in checked.lines.items() for one in changed_rows(kind, lines, opened.answers)]
    shown, changed_shown = rows[:MOST_ROWS_SHOWN], changed[-MOST_ROWS_SHOWN:]
    form = rows_form(shown, changed_shown)(typed() or None)
    if posted() and form.validate():
        _keep(ref, _answered(form, opened, shown, changed_shown))
        return redirect(url_for("imports.check", ref=ref), 303)
    use_session(writing=False)
    return render_template(
        "shelter/imports/check.html",
        form=form,
        ref=ref,
        checked=checked,
        lead=_lead(checked),
        rows=[_row_shown(row) for row in shown],
        more=len(rows) - len(shown),
        changed=[_changed_shown(one) for one in changed_shown],
        figures=_figures(checked),
        doubts=_doubts(checked),
        overtaken="overtaken" in request.args,
        failed="failed" in request.args,
        rooms=_unsure_rooms(checked),
    )


@pages.post("/import/<uuid:ref>/discard")
@needs(Permission.REGISTER_IMPORT)
def discard(ref: uuid.UUID) -> ResponseReturnValue:
    """She does not want these files any more: they are deleted at once."""
    run = _own(ref)
    state = under_way(ref)
    if run.done_at is None and (state is None or state.outcome is not None):
        drop_run(session, run=run)
        session.commit()
    return redirect(url_for("imports.start"), 303)


# Files


def _read(form: FilesForm) -> dict[Kind, Sheet]:
    """The sheets of what was chosen; nothing where a file is refused, which the form then says."""
    sheets: dict[Kind, Sheet] = {}
    for kind in ORDER:
        upload = form[kind.value].data
        if not isinstance(upload, FileStorage) or not upload:
            continue
        try:
            sheets[kind] = read_file(upload.stream.read(), kind)
        except WorkbookRefused as refused:
            form.refuse(WHY_REFUSED[refused.reason], kind.value)
    if not sheets and not form.errors:
        form.refuse(_("No file chosen yet."), Kind.REGISTER.value)
    return {} if form.errors else sheets


def _own(ref: uuid.UUID) -> ImportRun:
    return find_run(session, account_id=signed().account_id, ref=ref) or abort(404)


def _open(ref: uuid.UUID) -> OpenedRun:
    """What was kept, in clear. The reading is on record before anything is made of it, and no session stays open."""
    use_session(writing=True)
    opened = open_run(session, run=_own(ref), now=now(), by=by())
    session.commit()
    end_session()
    return opened


def _keep(ref: uuid.UUID, answers: Answers) -> None:
    use_session(writing=True)
    run = _own(ref)
    if run.done_at is None:
        keep_answers(session, run=run, answers=answers, by=by())
    session.commit()


def _checked(opened: OpenedRun) -> Checked:
    use_session(writing=False)
    facts = read_facts(session, account_id=signed().account_id, now=now())
    end_session()
    return check_files(opened.sheets, opened.answers, facts)


# Columns


def _layout(sheet: Sheet, kind: Kind, answers: Answers) -> Layout:
    return layout_of(sheet, kind, answers) if kind in answers.columns else propose(sheet, kind)


def _columns_fit(form: PageForm, layouts: Mapping[Kind, Layout]) -> bool:
    for kind, layout in layouts.items():
        for problem in layout.problems():
            sentence = layout_problem_in_words(kind, problem)
            form.refuse(sentence, column_name(kind, problem.columns[-1]) if problem.columns else "")
    return not form.mistakes()


def _file_shown(kind: Kind, layout: Layout, sheet: Sheet) -> dict[str, object]:
    rows = sum(row.number >= layout.first_row for row in sheet.rows)
    return {
        "id": kind.value,
        "title": KINDS[kind],
        "facts": _(
            "%(rows)s rows, %(columns)s columns, headings in row %(row)s",
            rows=rows,
            columns=len(layout.columns),
            row=layout.first_row - 1,
        ),
        "columns": [
            {
                "field": column_name(kind, column.index),
                "heading": column.heading or _("Column %(n)s", n=column.index + 1),
                "samples": _samples(column),
            }
            for column in layout.columns
        ],
    }


def _samples(column: Column) -> str:
    if column.sealed and column.filled:
        return _("sealed, not shown")
    if column.meaning is Meaning.SKIP:
        # Nobody has said what this is; it may be names.
        return " · ".join(dict.fromkeys(_shape(text) for text in column.samples))
    return " · ".join(column.samples)


def _shape(text: str) -> str:
    return "".join("0" if letter.isdigit() else "x" if letter.isalpha() else letter for letter in text)


# Rows


def _answered(form: PageForm, opened: OpenedRun, shown: Iterable[RowToCorrect], changed: Iterable[Changed]) -> Answers:
    answers = opened.answers
    for kind, sheet in opened.sheets.items():
        rows = [row for row in shown if row.kind is kind]
        written = {
            (row.row, cell.meaning): form[cell_name(kind, row.row, cell.meaning)].data or ""
            for row in rows
            for cell in row.cells
        }
        out = {row.row for row in rows if form[out_name(kind, row.row)].data}
        back = {one.row for one in changed if one.kind is kind and form[back_name(kind, one.row)].data}
        lines = read_lines(sheet, layout_of(sheet, kind, answers))
        answers = with_typed(answers, lines, written, out=out, back=back)
    return answers


def _row_shown(row: RowToCorrect) -> dict[str, object]:
    return {
        "id": f"{row.kind.value}-{row.row}",
        "title": _("%(file)s, row %(row)s", file=KINDS[row.kind], row=row.row),
        "faults": [(column_in_words(row.kind, one), fault_in_words(one), remedy_in_words(one)) for one in row.problems],
        "blamed": _(
            "Row %(rows)s does not fit this one. Correct it here if the mistake is in this row.",
            rows=", ".join(map(str, row.blamed_by)),
        )
        if row.blamed_by
        else "",
        "cells": [
            {
                "field": cell_name(row.kind, row.row, cell.meaning),
                "heading": cell.heading,
                "hint": _cell_hint(cell.sealed, cell.flawed),
                "sealed": cell.sealed,
            }
            for cell in row.cells
        ],
        "out": out_name(row.kind, row.row),
    }


def _cell_hint(sealed: bool, flawed: bool) -> str:
    if sealed:
        return _("Sealed, not shown. Empty: it stays as it is. A dash: nothing is known.")
    return _("Empty: it stays as it is. A dash: nothing is known.") if flawed else ""


def _changed_shown(one: Changed) -> dict[str, object]:
    what = (
        _("left out on purpose")
        if one.left_out
        else _("corrected: %(columns)s", columns=", ".join(dict.fromkeys(one.headings)))
    )
    return {
        "title": _("%(file)s, row %(row)s", file=KINDS[one.kind], row=one.row),
        "what": what,
        "field": back_name(one.kind, one.row),
    }


def _lead(checked: Checked) -> str:
    if wrong := checked.impossible_rows:
        return _(
            "%(n)s rows cannot be true. Correct each one here or leave it out on purpose. Nothing is saved yet.",
            n=wrong,
        )
    if checked.nothing_new:
        return _("Every row of these files is in Teduh already. There is nothing to add.")
    return _("No row is impossible. Nothing is saved until you press the button.")


def _figures(checked: Checked) -> list[tuple[str, object]]:
    """What would be written, and what would not."""
    found: list[tuple[str, object]] = []
    if checked.inventory is not None:
        found += [
            (_("Houses named"), len(checked.inventory.houses)),
            (_("Rooms with new beds"), len(checked.inventory.rooms)),
            (_("New beds"), checked.new_beds),
            (_("New cots"), checked.inventory.cots),
        ]
    if checked.register is not None:
        people = checked.people
        found += [
            (_("Residents ready"), len(people)),
            (_("of them living here now"), checked.register.living_here),
            (_("Names that will be sealed"), sum(person.name is not None for person in people)),
        ]
    found += [(_("Impossible rows"), checked.impossible_rows), (_("In Teduh already"), checked.already)]
    skipped = Counter(reason for lines in checked.lines.values() for reason in lines.left_out.values())
    found += [
        (_("Left out: %(what)s", what=LEFT_OUT[reason]), skipped[reason]) for reason in LeftOut if skipped[reason]
    ]
    return found


def _doubts(checked: Checked) -> list[tuple[str, str]]:
    """What hinders nothing but may be looked at: the sentence and the rows it is about."""
    rows: dict[Doubt, list[int]] = {}
    for person in checked.people:
        for doubt in person.doubts:
            rows.setdefault(doubt, []).append(person.row)
    return [(str(DOUBTS[doubt]), _rows_named(rows[doubt])) for doubt in Doubt if doubt in rows]


def _rows_named(rows: list[int]) -> str:
    named = ", ".join(map(str, rows[:MOST_ROWS_NAMED]))
    more = len(rows) - MOST_ROWS_NAMED
    return _("Row %(rows)s and %(n)s more", rows=named, n=more) if more > 0 else _("Row %(rows)s", rows=named)


def _unsure_rooms(checked: Checked) -> str:
    """Rooms whose purpose was not recognised, by house and label."""
    rooms = checked.inventory.rooms if checked.inventory else ()
    return ", ".join(f"{room.house} {room.room}" for room in rooms if not room.purpose_sure)


# Writing


def _bring_in(ref: uuid.UUID, checked: Checked) -> ResponseReturnValue:
    key = act_key()
    if len(checked.people) > LONG_FROM:
        bring_in_beside(
            current_app.extensions["db_writing"],
            ref=ref,
            checked=checked,
            key=key,
            clock=current_app.extensions["clock"],
            by=by(),
        )
        return redirect(url_for("imports.check", ref=ref), 303)
    use_session(writing=True)
    outcome = bring_in(session, ref=ref, checked=checked, key=key, now=now(), by=by())
    overtaken = "yes" if outcome is Outcome.OVERTAKEN else None
    return redirect(url_for("imports.check", ref=ref, overtaken=overtaken), 303)


def _settled(ref: uuid.UUID) -> ResponseReturnValue | None:
    """The page of an import that is being written or is done; None while it waits for answers.

    Only a reading session is used here: while a long import is written, nobody else can write.
    """
    use_session(writing=False)
    run = _own(ref)
    state = under_way(ref)
    if run.done_at is not None:
        told(ref)
        return _done(run)
    if state is None:
        return None
    if state.outcome in {Outcome.OVERTAKEN, Outcome.FAILED}:
        told(ref)
        overtaken = "yes" if state.outcome is Outcome.OVERTAKEN else None
        failed = "yes" if state.outcome is Outcome.FAILED else None
        return redirect(url_for("imports.check", ref=ref, overtaken=overtaken, failed=failed), 303)
    answer = current_app.make_response(
        render_template(
            "shelter/imports/writing.html", done=state.done, total=state.total, here=url_for("imports.check", ref=ref)
        )
    )
    answer.headers["Refresh"] = str(RELOAD_SECONDS)
    return answer


def _done(run: ImportRun) -> ResponseReturnValue:
    g.lock_when_idle = True
    figures: dict[str, int] = json.loads(run.figures or "{}")
    words = {
        "houses": _("New houses"),
        "rooms": _("New rooms"),
        "beds": _("New beds"),
        "cots": _("New cots"),
        "closures": _("Beds closed"),
        "residents": _("Residents"),
        "living": _("of them living here now"),
        "left_out": _("Rows left out on purpose"),
        "already": _("In Teduh already"),
    }
    return render_template(
        "shelter/imports/done.html",
        residents=figures.get("residents", 0),
        houses=figures.get("houses", 0),
        beds=figures.get("beds", 0),
        living=figures.get("living", 0),
        figures=[(words[name], figures[name]) for name in words if name in figures],
    )
