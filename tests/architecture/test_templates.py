"""Every page compiles, has its own title, escapes everything, and imports what it uses."""

import ast

import pytest
from jinja2 import Environment, nodes

from tests.architecture.source import MODULES, TEMPLATES, tree_of

PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FRAMES = {"base.html", "gate.html"}
each_page = pytest.mark.parametrize("name", PAGES)


def switched_off(tree):
    """Everything that would let text through unescaped."""
    return [
        *(node for node in tree.find_all(nodes.Filter) if node.name in {"safe", "forceescape"}),
        *tree.find_all(nodes.MarkSafe),
        *tree.find_all(nodes.ScopedEvalContextModifier),
    ]


def unused_imports(tree):
    brought = set()
    for node in tree.find_all(nodes.FromImport):
        brought |= {one[1] if isinstance(one, tuple) else one for one in node.names}
    brought |= {node.target for node in tree.find_all(nodes.Import)}
    return brought - {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def blocks(tree):
    return {node.name for node in tree.find_all(nodes.Block)}


# First: the tests can see.


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ name|safe }}", True),
        ("{% autoescape false %}{{ name }}{% endautoescape %}", True),
        ("{{ (a ~ b)|upper|safe }}", True),
        ("{{ name }}", False),
        ("{{ name|upper }}", False),
    ],
)
def test_an_unescaped_value_is_seen(text, wrong):
    assert bool(switched_off(Environment(autoescape=True).parse(text))) is wrong


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{% from "m.html" import a, b %}{{ a() }}', {"b"}),
        ('{% from "m.html" import a as c %}{{ a() }}', {"c"}),
        ('{% import "m.html" as m %}{{ n }}', {"m"}),
        ('{% import "m.html" as m %}{{ m.x() }}', set()),
        ('{% from "m.html" import a %}{% call a() %}x{% endcall %}', set()),
    ],
)
def test_an_unused_import_is_seen(text, left):
    assert unused_imports(Environment(autoescape=True).parse(text)) == left


def test_the_pages_are_seen_at_all():
    assert {"base.html", "gate.html", "error.html", "access/sign_in.html", "oversight/trail.html"} <= set(PAGES)


# Then they judge.


@each_page
def test_it_compiles_and_fills_the_title(office_app_once, name):
    environment = office_app_once.jinja_env
    environment.get_template(name)
    tree = environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    if name not in FRAMES and not name.startswith("macros/") and tree.find(nodes.Extends):
        assert "title" in blocks(tree), "every page says what kind of page it is"
        assert "main" in blocks(tree)


@each_page
def test_it_never_switches_escaping_off(office_app_once, name):
    tree = office_app_once.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    assert switched_off(tree) == []


@each_page
def test_it_imports_only_what_it_uses(office_app_once, name):
    tree = office_app_once.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    assert unused_imports(tree) == set()


@each_page
def test_a_button_says_what_it_is_and_a_form_where_it_goes(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert text.count("<button") == text.count('<button type="')
    assert "<form>" not in text


@each_page
def test_every_page_is_shown_by_something(name):
    """A template nobody names is left over."""
    words = {
        node.value
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    others = "".join((TEMPLATES / one).read_text(encoding="utf-8") for one in PAGES if one != name)
    assert name in words or f'"{name}"' in others


@pytest.fixture(scope="module")
def office_app_once(tmp_path_factory):
    """Templates are the same on either engine: one application that never answers a request is enough."""
    import secrets

    from safehouse import create_app
    from safehouse.database import make_engine
    from safehouse.settings import Settings
    from safehouse.vault.keys import Vault

    folder = tmp_path_factory.mktemp("templates")
    vault = Vault(secrets.token_bytes(32))
    engine = make_engine(f"sqlite:///{folder}/none.db", file_key=vault.file_key)
    settings = Settings(data_folder=folder, password_memory_kib=64, password_passes=1)
    yield create_app(settings, engine=engine, vault=vault)
    engine.dispose()
