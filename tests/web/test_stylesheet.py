"""The stylesheet keeps what it promises to eyes: contrast, size, one dark look, nothing fetched from elsewhere."""

import ast
import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import safehouse
from tests.architecture.source import MODULES, TEMPLATES, tree_of

STYLESHEET = Path(safehouse.__file__).parent / "web" / "static" / "teduh.css"
TEXT = STYLESHEET.read_text(encoding="utf-8")
WITHOUT_COMMENTS = re.sub(r"/\*.*?\*/", "", TEXT, flags=re.DOTALL)

PAPERS = ("--paper", "--surface", "--sunk")
# What is written on what.
WRITTEN = [
    *(("--ink", ground) for ground in (*PAPERS, "--brand-soft", "--stay")),
    *(("--ink-2", ground) for ground in (*PAPERS, "--brand-soft")),
    *(("--brand", ground) for ground in (*PAPERS, "--brand-soft")),
    *(("--brand-strong", ground) for ground in (*PAPERS, "--brand-soft")),
    *(("--on-brand", ground) for ground in ("--brand", "--brand-strong")),
    *(
        (f"--{kind}", ground)
        for kind in ("ok", "wait", "care", "stop")
        for ground in ("--paper", "--surface", f"--{kind}-soft")
    ),
    *(("--ink", f"--{kind}-soft") for kind in ("ok", "wait", "care", "stop")),
    ("--care", "--sunk"),
]
# Borders and shapes that carry meaning.
DRAWN = [
    *(("--edge", ground) for ground in PAPERS),
    *((colour, ground) for colour in ("--brand", "--ok", "--wait", "--care", "--stop") for ground in PAPERS),
    ("--focus", "--paper"),
    ("--focus", "--surface"),
]


def declarations(block: str) -> dict[str, str]:
    """The tokens of one block, and its colour scheme."""
    return dict(re.findall(r"(--[a-z0-9-]+|color-scheme)\s*:\s*([^;]+);", block))


def block_after(start: str) -> str:
    _, _, rest = WITHOUT_COMMENTS.partition(start)
    return rest.partition("}")[0]


LIGHT = declarations(block_after(":root {"))
DARK_BY_DEVICE = declarations(block_after(':root:not([data-theme="light"]) {'))
DARK_BY_CHOICE = declarations(block_after('\n:root[data-theme="dark"] {'))
LOOKS = {"light": LIGHT, "dark": LIGHT | DARK_BY_CHOICE}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_the_rule_states():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_dark_looks_the_same_by_device_and_by_choice():
    assert len(DARK_BY_CHOICE) > 20
    assert DARK_BY_DEVICE == DARK_BY_CHOICE


def test_dark_changes_every_colour_of_the_light_look():
    colours = {name for name, value in LIGHT.items() if value.startswith("#")}
    assert colours == {name for name, value in DARK_BY_CHOICE.items() if value.startswith("#")}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("ink", "ground"), WRITTEN)
def test_text_can_be_read_on_its_ground(look: str, ink: str, ground: str):
    assert contrast(LOOKS[look][ink], LOOKS[look][ground]) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("line", "ground"), DRAWN)
def test_lines_that_carry_meaning_can_be_seen(look: str, line: str, ground: str):
    assert contrast(LOOKS[look][line], LOOKS[look][ground]) >= 3


def test_it_weighs_at_most_12_kb_compressed():
    assert len(gzip.compress(STYLESHEET.read_bytes(), 9)) <= 12 * 1024


def test_it_fetches_nothing():
    assert not re.search(r"url\(|@import|@font-face|https?:|//", WITHOUT_COMMENTS)


def test_every_token_that_is_used_exists():
    used = set(re.findall(r"var\((--[a-z0-9-]+)", WITHOUT_COMMENTS))
    assert used - set(LIGHT) == set()


def test_it_needs_no_newer_browser_than_promised():
    assert not re.search(r"color-mix\(|oklch\(|light-dark\(|@layer|@container|(?m:^\s*&)", WITHOUT_COMMENTS)


def test_braces_are_closed():
    assert WITHOUT_COMMENTS.count("{") == WITHOUT_COMMENTS.count("}")


# Its classes and the pages


CLASSES = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", re.sub(r"\{[^{}]*\}", " ", WITHOUT_COMMENTS)))
IN_ATTRIBUTES = re.compile(r'class="([^"]*)"')


def written_in(text: str) -> set[str]:
    """The classes that stand in the class attributes of a template, without those an expression adds."""
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", text, flags=re.DOTALL)
    return {one for found in IN_ATTRIBUTES.findall(plain) for one in re.split(r"[\s\x00]+", found) if one}


def handed_on(strings: Iterable[object]) -> set[str]:
    """The classes among these constants: what is handed to a macro or a template as a class is nothing but classes, or
    a whole attribute."""
    found = set()
    for one in strings:
        if isinstance(one, str):
            found |= set(one.split()) if set(one.split()) <= CLASSES else written_in(one)
    return found


def said_in_templates() -> tuple[set[str], set[str]]:
    """(written in an attribute, handed on)."""
    parse = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    written = set().union(*map(written_in, texts))
    return written, set().union(*(handed_on(one.value for one in parse(text).find_all(nodes.Const)) for text in texts))


def test_classes_are_seen_where_they_stand():
    assert written_in('<p class="note {{ kind }} wide"><i class="b{% if x %} c{% endif %}">') == {
        "note",
        "wide",
        "b",
        "c",
    }
    assert handed_on(["st care", "Take care of her", 7, ' class="vh"']) == {"st", "care", "vh"}
    assert {"note", "st", "btn"} <= CLASSES


def test_every_class_of_a_page_has_a_look():
    written, _handed_on = said_in_templates()
    assert written - CLASSES == set()


def test_every_class_that_has_a_look_is_on_some_page():
    written, handed = said_in_templates()
    by_views = (
        node.value
        for path in MODULES
        if "views" in path.parts
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
    )
    assert CLASSES - written - handed - handed_on(by_views) == set()
