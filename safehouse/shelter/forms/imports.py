"""Forms of the import: the files, the meaning of each column, the cells of impossible rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, StringField
from wtforms.validators import DataRequired, Length

from safehouse.shelter.importing_words import MEANINGS, meaning_in_words
from safehouse.shelter.rules.importing.columns import Layout
from safehouse.shelter.rules.importing.correcting import Changed, RowToCorrect
from safehouse.shelter.rules.importing.meanings import CHOICES, Kind, Meaning
from safehouse.web.forms import ChoiceField, PageForm

LONGEST_CELL = 200


class FilesForm(PageForm):
    inventory = FileField(
        _l("Inventory: houses, rooms and beds"),
        description=_l("Excel (.xlsx) or CSV, at most 10 MB. Needed for beds that are not in Teduh yet."),
    )
    register = FileField(
        _l("Register: who lived where, and since when"), description=_l("Excel (.xlsx) or CSV, at most 10 MB.")
    )


def columns_form(layouts: Mapping[Kind, Layout]) -> type[PageForm]:
    """One question a column: what is in it."""
    fields: dict[str, Any] = {}
    for kind, layout in layouts.items():
        choices = [(meaning, meaning_in_words(kind, meaning)) for meaning in CHOICES[kind]]
        for column in layout.columns:
            heading = column.heading or _("Column %(n)s", n=column.index + 1)
            fields[column_name(kind, column.index)] = ChoiceField(
                heading, [DataRequired()], choices=choices, coerce=Meaning, default=column.meaning
            )
    return type("ColumnsForm", (PageForm,), fields)


def column_name(kind: Kind, index: int) -> str:
    return f"{kind.value}_c{index}"


def rows_form(rows: Iterable[RowToCorrect], changed: Iterable[Changed] = ()) -> type[PageForm]:
    """The cells of these rows, a box to leave each out, and a box to take a change back."""
    fields: dict[str, Any] = {}
    for row in rows:
        for cell in row.cells:
            label = _("Row %(row)s, %(column)s", row=row.row, column=cell.heading or MEANINGS[cell.meaning])
            fields[cell_name(row.kind, row.row, cell.meaning)] = StringField(
                label, [Length(max=LONGEST_CELL)], default=cell.text
            )
        fields[out_name(row.kind, row.row)] = BooleanField(_("Leave row %(row)s out", row=row.row))
    for one in changed:
        fields[back_name(one.kind, one.row)] = BooleanField(_("Take the change of row %(row)s back", row=one.row))
    return type("RowsForm", (PageForm,), fields)


def cell_name(kind: Kind, row: int, meaning: Meaning) -> str:
    return f"{kind.value}_{row}_{meaning.value}"


def out_name(kind: Kind, row: int) -> str:
    return f"out_{kind.value}_{row}"


def back_name(kind: Kind, row: int) -> str:
    return f"back_{kind.value}_{row}"
