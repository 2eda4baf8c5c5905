"""Every closed list that is stored has words for people; so has every reason the record gives."""

import ast
import importlib

import pytest
from sqlalchemy import Enum

from safehouse.access.models import Factor, Level, Realm
from safehouse.oversight.words import PURPOSES, UNDONE
from safehouse.residents.models import IndexedKind, OwnerOfIndex
from safehouse.schema import METADATA
from safehouse.vault.models import OwnerKind
from safehouse.web.shell import UNDOABLE
from tests.architecture.source import MODULES, PACKAGE, named, tree_of

# Never shown to anybody.
WITHOUT_WORDS = {
    Factor: "counts failures; people read how long to wait",
    Level: "decides which page comes next",
    Realm: "tells our people from partners, who have pages of their own",
    OwnerKind: "says whose key it is; keys have no page",
    IndexedKind: "says which number a digest is of; digests have no page",
    OwnerOfIndex: "says whose number a digest is of; digests have no page",
}
WORDS = [
    importlib.import_module(f"safehouse.{'.'.join(path.relative_to(PACKAGE).with_suffix('').parts)}")
    for path in MODULES
    if path.stem == "words" or path.parent.name == "words"
]


def stored():
    return {
        column.type.enum_class
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, Enum)
    }


def in_words():
    """Every dictionary that names all values of one list, and no others."""
    found = set()
    for module in WORDS:
        for value in vars(module).values():
            if isinstance(value, dict) and value:
                kinds = {type(key) for key in value}
                kind = kinds.pop() if len(kinds) == 1 else str
                if hasattr(kind, "__members__") and set(value) == set(kind):
                    found.add(kind)
    return found


def purposes(tree):
    """The reasons this code writes into the record, as far as they are written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"record", "end_all", "open_values"}:
            for keyword in node.keywords:
                if keyword.arg == "purpose":
                    values = (
                        [keyword.value.body, keyword.value.orelse]
                        if isinstance(keyword.value, ast.IfExp)
                        else [keyword.value]
                    )
                    yield from (
                        value.value
                        for value in values
                        if isinstance(value, ast.Constant) and isinstance(value.value, str)
                    )


def test_a_purpose_is_seen():
    code = (
        "record(s, purpose='idle')\nend_all(s, purpose='a' if x else b)\nopen_values(s, purpose=why)\nf(purpose='no')"
    )
    assert list(purposes(ast.parse(code))) == ["idle", "a"]


@pytest.mark.parametrize("closed_list", sorted(stored(), key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_every_stored_list_has_words_for_each_value(closed_list):
    assert closed_list in in_words() or closed_list in WITHOUT_WORDS


def test_everything_that_can_be_undone_has_words(app):
    assert set(UNDOABLE) - set(UNDONE) == set()


def test_nothing_is_excused_that_has_words_or_is_not_stored():
    assert set(WITHOUT_WORDS) <= stored()
    assert not set(WITHOUT_WORDS) & in_words()


def test_every_reason_in_the_record_has_words():
    found = {named(path): set(purposes(tree_of(path))) - set(PURPOSES) for path in MODULES}
    assert {place: left for place, left in found.items() if left} == {}, "add these to oversight/words.py"
