"""A capability knows only those to its left, and each kind of file does only its own work."""

import ast

import pytest

from tests.architecture.source import (
    MODULES,
    PACKAGE,
    imports_of,
    is_kind,
    methods_called,
    named,
    names_called,
    tree_of,
)

ORDER = (
    "vault",
    "trail",
    "access",
    "residents",
    "roster",
    "shelter",
    "services",
    "duty",
    "reintegration",
    "sharing",
    "oversight",
    "today",
)
BOTTOM = {"database", "faults", "gathered", "indonesian", "prepared"}
# What stands above all capabilities: starting, commands, demonstration, migrations.
TOP = {"cli", "demo", "founding", "guards", "schema", "serving", "settings", "starting", "ticking"}
WEB_FRAMEWORK = {"flask", "flask_babel", "flask_login", "wtforms", "jinja2"}
WEB_KNOWS = {"vault", "trail", "access"}
WIRING = {"web/pages.py"}  # registers the blueprints of every capability
FILES_WITH_COMMITS = {"access/guard.py", "web/errors.py", "web/pages.py"}
MAY_DECRYPT = {"trail/opening.py", "vault/keys.py", "vault/operations.py"}

in_capability = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in ORDER]


def reaches_too_far(place: str, imported: set[str]) -> set[str]:
    """What a module in this place may not import."""
    own, *_ = place.split("/")
    faces_the_web = own == "web" or any(kind in place for kind in ("/views", "/forms"))
    wrong = set()
    for name in imported:
        if name.startswith("."):
            wrong.add(name)
        if not name.startswith("safehouse."):
            continue
        other = name.split(".")[1]
        if other in BOTTOM:
            continue
        if other == "web":
            allowed = faces_the_web
        elif other in ORDER and own == "web":
            allowed = other in WEB_KNOWS or (place in WIRING and ".views." in name)
        elif other in ORDER:
            allowed = own in ORDER and ORDER.index(other) <= ORDER.index(own)
        else:
            # Settings and tables are handed down, never fetched.
            allowed = own == "web" and other in {"settings", "schema"}
        if not allowed:
            wrong.add(name)
    return wrong


def asks_the_clock(tree: ast.AST) -> bool:
    return bool(
        {"now", "today", "utcnow"}
        & {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Attribute | ast.Name)
            and ast.unparse(node.func.value) in {"dt.datetime", "dt.date", "datetime", "datetime.datetime", "date"}
        }
    )


# First: the tests can see.


@pytest.mark.parametrize(
    ("place", "code", "wrong"),
    [
        ("trail/queries.py", "from safehouse.access.models import Account", True),
        ("access/rules/codes.py", "import safehouse.shelter.models", True),
        ("access/guard.py", "def late():\n    from safehouse.shelter.queries import beds", True),
        ("shelter/queries.py", "from . import models", True),
        ("shelter/operations/placing.py", "from safehouse.web.forms import PageForm", True),
        ("access/queries.py", "from safehouse.schema import METADATA", True),
        ("web/shell.py", "from safehouse.shelter.queries import beds", True),
        ("web/shell.py", "from safehouse.access.queries import house_names", False),
        ("web/pages.py", "from safehouse.shelter.views import blueprints", False),
        ("shelter/forms/houses.py", "from safehouse.web.forms import PageForm", False),
        ("shelter/views/board.py", "from safehouse.residents.models import Resident", False),
        ("shelter/rules/fitting.py", "from safehouse.indonesian import read_age", False),
        ("shelter/rules/fitting.py", "import datetime", False),
    ],
)
def test_a_reach_too_far_is_seen(place, code, wrong):
    assert bool(reaches_too_far(place, imports_of(ast.parse(code)))) is wrong


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("import datetime as dt\nx = dt.datetime.now(dt.UTC)", True),
        ("from datetime import date\ny = date.today()", True),
        ("x = row.now()", False),
        ("def f(now): return now", False),
    ],
)
def test_a_look_at_the_clock_is_seen(code, asks):
    assert asks_the_clock(ast.parse(code)) is asks


def test_commits_and_openings_are_seen():
    tree = ast.parse(
        "session.commit()\nkey.decrypt(b'')\nrecord(1)\nfrom safehouse.vault.operations import cipher, seal"
    )
    assert {"commit", "decrypt"} <= methods_called(tree)
    assert "record" in names_called(tree)
    assert "safehouse.vault.operations.cipher" in imports_of(tree)


def test_every_folder_has_its_place():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders <= {*ORDER, "web", *TOP}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert files <= BOTTOM | TOP


# Then they judge.


def wrong(judge, modules=MODULES):
    """What `judge` finds in each file, for the files in which it finds something."""
    return {named(path): found for path in modules if (found := judge(path))}


def test_a_capability_knows_only_those_below_it():
    inside = [path for path in MODULES if "/" in named(path) and named(path).split("/")[0] not in TOP]
    assert wrong(lambda path: reaches_too_far(named(path), imports_of(tree_of(path))), inside) == {}


@pytest.mark.parametrize("name", sorted(BOTTOM))
def test_the_bottom_knows_nothing_above_it(name):
    assert not {one for one in imports_of(tree_of(PACKAGE / f"{name}.py")) if one.startswith("safehouse.")}


def test_models_rules_queries_and_operations_do_not_know_the_web():
    inner = [
        path
        for path in in_capability
        if any(is_kind(path, kind) for kind in ("models", "rules", "queries", "operations"))
    ]
    assert wrong(lambda path: WEB_FRAMEWORK & {one.split(".")[0] for one in imports_of(tree_of(path))}, inner) == {}


def test_rules_know_neither_database_nor_queries_nor_operations():
    def judge(path):
        return {
            name
            for name in imports_of(tree_of(path))
            if name.split(".")[0] == "sqlalchemy"
            or (name.startswith("safehouse.") and {"queries", "operations", "session"} & set(name.split(".")))
        }

    assert wrong(judge, [path for path in in_capability if is_kind(path, "rules")]) == {}


def test_time_is_an_argument():
    assert wrong(lambda path: asks_the_clock(tree_of(path)), in_capability) == {}


def test_queries_do_not_write():
    def judge(path):
        tree = tree_of(path)
        return ({"commit", "add_all", "delete", "flush"} & methods_called(tree)) | {
            name
            for name in imports_of(tree)
            if name.startswith("safehouse.") and ".operations" in name and name.split(".")[1] not in {"vault", "trail"}
        }

    assert wrong(judge, [path for path in in_capability if is_kind(path, "queries")]) == {}


def test_forms_do_not_read():
    """The closed lists of an operation may be offered; its functions may not be called."""

    def judge(path):
        return {
            name
            for name in imports_of(tree_of(path))
            if name.startswith("safehouse.")
            and {"queries", "operations", "database"} & set(name.split("."))
            and not name.rpartition(".")[2][0].isupper()
        }

    assert wrong(judge, [path for path in in_capability if is_kind(path, "forms")]) == {}


def test_only_views_commit():
    def judge(path):
        place = named(path)
        may = is_kind(path, "views") or place in FILES_WITH_COMMITS or place.split("/")[0].removesuffix(".py") in TOP
        return not may and "commit" in methods_called(tree_of(path))

    assert wrong(judge) == {}, "the view commits, once"


def test_nothing_but_the_opening_opens():
    def judge(path):
        if named(path) in MAY_DECRYPT:
            return set()
        tree = tree_of(path)
        brought = {
            name
            for name in imports_of(tree)
            if name.startswith("cryptography.hazmat")
            or name in {"safehouse.vault.operations", "safehouse.vault.operations.cipher"}
        }
        return brought | ({"decrypt", "kek", "cipher"} & (methods_called(tree) | names_called(tree)))

    assert wrong(judge) == {}, "sealed values open through safehouse.trail.opening alone"


def test_nothing_switches_escaping_off():
    """The one exception is the drawing of the QR code, made by a library from text of ours."""
    others = [path for path in MODULES if named(path) != "access/views/enrolment.py"]
    switches = {"Markup", "render_template_string"}
    assert wrong(lambda path: switches & (names_called(tree_of(path)) | methods_called(tree_of(path))), others) == {}


def test_no_file_has_a_name_that_says_nothing():
    nothing = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "data", "base"}
    assert wrong(lambda path: nothing & set(path.relative_to(PACKAGE).with_suffix("").parts)) == {}
