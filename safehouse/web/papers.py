"""Papers that are signed, set as PDF. What stands on a paper goes into the typesetter as data and never as its source:
a name that looks like a command is printed as it is. The result names no program's user, no time and no place."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from safehouse.web import templates_folder

# Tagged, so that a screen reader can follow it.
STANDARD: Literal["ua-1"] = "ua-1"


# Letters no typeface of ours has would make the whole paper fail; they are printed as a square.
UNPRINTABLE = re.compile("[^\u0020-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2122\u2212\n]")
SQUARE = "\u25a1"


def typeset(template: str, facts: Mapping[str, Any]) -> bytes:
    """The PDF of `templates/print/<template>.typ` with these facts. Asks no database: hold no lock while it works.

    A letter no typeface of ours has is printed as an empty square: an unusual name must not keep a paper from being
    printed.
    """
    try:
        return _set(template, facts)
    except typst.TypstError:
        return _set(template, printable(facts))


def printable(facts: Any) -> Any:
    """The same facts in letters that every typeface has."""
    if isinstance(facts, str):
        return UNPRINTABLE.sub(SQUARE, facts)
    if isinstance(facts, Mapping):
        return {name: printable(value) for name, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [printable(value) for value in facts]
    return facts


def _set(template: str, facts: Mapping[str, Any]) -> bytes:
    source: Path = templates_folder() / "print" / f"{template}.typ"
    made: bytes = typst.compile(
        source.read_bytes(),
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
    )
    return made
