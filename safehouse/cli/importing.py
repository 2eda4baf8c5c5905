"""`safehouse import`: an office's inventory and register, checked as on the page; all of it is written, or nothing."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState
from safehouse.access.permissions import Permission, allows
from safehouse.access.rules.accounts import username_as_kept
from safehouse.cli.asking import add_place, opened
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.shelter.importing_words import (
    KINDS,
    WHY_REFUSED,
    column_in_words,
    fault_in_words,
    layout_problem_in_words,
    meaning_in_words,
    remedy_in_words,
)
from safehouse.shelter.operations.importing import Figures, ImportOvertaken, Progress, import_files
from safehouse.shelter.queries.importing import read_facts
from safehouse.shelter.rules.importing.columns import propose
from safehouse.shelter.rules.importing.correcting import with_typed
from safehouse.shelter.rules.importing.files import (
    ORDER,
    Answers,
    Checked,
    check_files,
    recognise,
)
from safehouse.shelter.rules.importing.lines import read_lines
from safehouse.shelter.rules.importing.meanings import CHOICES, Kind, Meaning
from safehouse.shelter.rules.importing.workbook import Limits, Sheet, WorkbookRefused
from safehouse.starting import utc_now
from safehouse.trail.models import Actor, ActorKind
from safehouse.trail.queries import newest_time

_CHANGE = re.compile(r"(?:(inventory|register):)?([0-9]{1,6}):([a-z_]+)=(.*)", re.DOTALL)


class NotUnderstood(Exception):
    """`said` is the sentence for the person at the keyboard."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser(
        "import",
        help=_("bring in an inventory and a register"),
        description=_(
            "Reads the workbooks, shows what each column is taken for, and names every row that cannot be true. As "
            "long as there is one, nothing is written."
        ),
    )
    parser.add_argument("files", nargs="+", type=Path, metavar=_("FILE"), help=_("inventory, register, or both"))
    parser.options.add_argument(
        "--as", dest="username", metavar=_("USER"), help=_("the manager in whose name it is done")
    )
    parser.options.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar=_("ROWS"),
        help=_("rows of the register to leave out, for example 178,179"),
    )
    parser.options.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar=_("ROW:COLUMN=TEXT"),
        help=_("what a cell should say instead, for example 181:room_bed=2A or inventory:5:room=2; may be repeated"),
    )
    parser.options.add_argument("--check", action="store_true", help=_("check only, write nothing"))
    add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        sheets = _read(arguments.files)
        _show_columns(sheets)
        answers = _answers(sheets, arguments.changes, arguments.leave_out)
        with opened(arguments) as office:
            reading, writing = office.makers()
            with reading() as session:
                now = max(utc_now(), newest_time(session) or utc_now())
                by = _manager(session, arguments.username)
                checked = check_files(sheets, answers, read_facts(session, account_id=by.person_id, now=now))
            _show_counts(checked)
            if not checked.sound:
                return _refuse(checked)
            if checked.nothing_new:
                say(_("Every row of these files is in Teduh already. Nothing was added."))
                return 0
            if arguments.check:
                say(_("Nothing was written."))
                return 0
            with writing() as session:
                now = max(utc_now(), newest_time(session) or utc_now())
                figures = import_files(session, checked, now=now, by=by, progress=_progress(checked))
                session.commit()
    except NotUnderstood as refused:
        complain(refused.said)
        return 1
    except ImportOvertaken:
        complain(_("Somebody changed a bed or a stay in the meantime. Nothing was written; run the command again."))
        return 1
    _show_figures(figures)
    return 0


# What was given


def _read(files: Sequence[Path]) -> dict[Kind, Sheet]:
    sheets: dict[Kind, Sheet] = {}
    for file in files:
        try:
            with file.open("rb") as opened_file:
                # One byte more than is allowed is enough to be refused.
                kind, sheet = recognise(opened_file.read(Limits().bytes + 1))
        except OSError as unreadable:
            raise NotUnderstood(_("%(file)s cannot be read.", file=file)) from unreadable
        except WorkbookRefused as refused:
            raise NotUnderstood(f"{file}: {WHY_REFUSED[refused.reason]}") from refused
        if kind in sheets:
            raise NotUnderstood(_("Two of these files are of one kind: %(kind)s.", kind=KINDS[kind]))
        sheets[kind] = sheet
    return {kind: sheets[kind] for kind in ORDER if kind in sheets}


def _answers(sheets: dict[Kind, Sheet], changes: Sequence[str], leave_out: Sequence[str]) -> Answers:
    answers = Answers()
    typed: dict[Kind, dict[tuple[int, Meaning], str]] = {kind: {} for kind in sheets}
    for change in changes:
        match = _CHANGE.fullmatch(change)
        kind = Kind(match[1] or Kind.REGISTER) if match else None
        if match is None or kind not in sheets or match[3] not in {one.value for one in CHOICES[kind]}:
            raise NotUnderstood(_("This change is not understood: %(change)s", change=change))
        typed[kind][int(match[2]), Meaning(match[3])] = match[4].strip()
    out = [part.strip() for text in leave_out for part in text.split(",")]
    if not all(re.fullmatch("[0-9]{1,6}", part) for part in out):
        raise NotUnderstood(_("Rows to leave out are numbers with commas between them."))
    if out and Kind.REGISTER not in sheets:
        raise NotUnderstood(_("There is no register to leave rows out of."))
    for kind, sheet in sheets.items():
        layout = propose(sheet, kind)
        lines = read_lines(sheet, layout)
        rows = {line.row for line in lines.entries}
        left_out = {int(part) for part in out} if kind is Kind.REGISTER else set()
        wanted = left_out | {row for row, _meaning in typed[kind]}
        if strangers := sorted(wanted - rows):
            raise NotUnderstood(_("%(kind)s: there is no entry in row %(row)s.", kind=KINDS[kind], row=strangers[0]))
        for _row, meaning in typed[kind]:
            if not layout.has(meaning):
                raise NotUnderstood(_("%(kind)s: no column is taken for %(column)s.", kind=KINDS[kind], column=meaning))
        answers = with_typed(answers, lines, typed[kind], out=left_out, back=set())
    return answers


def _manager(session: Session, username: str | None) -> Actor:
    """The system, in the name of a manager: the one named, or the only one there is. She works in the new houses.

    On the day an office is set up she may not have activated her account yet.
    """
    accounts = [
        one
        for one in session.scalars(
            select(Account)
            .where(Account.state != AccountState.DISABLED, Account.role.is_not(None))
            .order_by(Account.id)
        )
        if one.role and allows(one.role, Permission.REGISTER_IMPORT)
    ]
    if username is not None:
        accounts = [one for one in accounts if one.username == username_as_kept(username)]
        if not accounts:
            raise NotUnderstood(_("%(user)s is no manager.", user=username))
    if len(accounts) != 1:
        raise NotUnderstood(_("Say in whose name: --as USER, a manager."))
    (account,) = accounts
    return Actor(ActorKind.SYSTEM, account.id, account.ref)


# What is said


def _show_columns(sheets: dict[Kind, Sheet]) -> None:
    faults = []
    for kind, sheet in sheets.items():
        layout = propose(sheet, kind)
        say(_("%(kind)s, headings in row %(row)s:", kind=KINDS[kind], row=layout.first_row - 1))
        for column in layout.columns:
            heading = column.heading or _("Column %(n)s", n=column.index + 1)
            say(f"  {heading}: {meaning_in_words(kind, column.meaning)} ({column.meaning})")
        faults += [f"{KINDS[kind]}: {layout_problem_in_words(kind, problem)}" for problem in layout.problems()]
    if faults:
        raise NotUnderstood("\n".join(faults))


def _show_counts(checked: Checked) -> None:
    if checked.inventory is not None:
        say(
            _(
                "Inventory: %(houses)s houses, %(rooms)s rooms, %(beds)s new beds, %(cots)s cots",
                houses=len(checked.inventory.houses),
                rooms=len(checked.inventory.rooms),
                beds=checked.new_beds,
                cots=checked.inventory.cots,
            )
        )
    if checked.register is not None:
        say(
            _(
                "Register: %(people)s residents, %(living)s of them living here now",
                people=len(checked.people),
                living=checked.register.living_here,
            )
        )
    say(
        _(
            "In Teduh already: %(already)s rows; impossible: %(impossible)s rows",
            already=checked.already,
            impossible=checked.impossible_rows,
        )
    )


def _refuse(checked: Checked) -> int:
    for kind in ORDER:
        for problem in checked.problems.get(kind, ()):
            complain(
                _(
                    "%(kind)s, row %(row)s, %(column)s: %(fault)s %(remedy)s",
                    kind=KINDS[kind],
                    row=problem.row,
                    column=column_in_words(kind, problem),
                    fault=fault_in_words(problem),
                    remedy=remedy_in_words(problem),
                )
            )
    complain(_("Nothing was written. Correct the files, or use --set and --leave-out."))
    return 1


def _progress(checked: Checked) -> Progress:
    total = len(checked.people)

    def told(done: int) -> None:
        if done < total:
            say(_("%(done)s of %(total)s rows written.", done=done, total=total))

    return told


def _show_figures(figures: Figures) -> None:
    if "beds" in figures:
        say(
            _(
                "Brought in: %(houses)s houses, %(rooms)s rooms, %(beds)s beds, %(cots)s cots, %(closures)s closures",
                houses=figures["houses"],
                rooms=figures["rooms"],
                beds=figures["beds"],
                cots=figures["cots"],
                closures=figures["closures"],
            )
        )
    if "residents" in figures:
        say(
            _(
                "Brought in: %(people)s residents, %(living)s of them living here now; %(out)s rows left out on "
                "purpose",
                people=figures["residents"],
                living=figures["living"],
                out=figures["left_out"],
            )
        )
