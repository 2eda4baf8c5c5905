"""Papers that are signed, set as PDF. What stands on a paper goes into the typesetter as data and never as its source:
a name that looks like a command is printed as it is. The result names no program's user, no time and no place."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from safehouse.web import templates_folder

# Tagged, so that a screen reader can follow it.
STANDARD: Literal["ua-1"] = "ua-1"


def typeset(template: str, facts: Mapping[str, Any]) -> bytes:
    """The PDF of `templates/print/<template>.typ` with these facts. Asks no database: hold no lock while it works."""
    source: Path = templates_folder() / "print" / f"{template}.typ"
    made: bytes = typst.compile(
        source.read_bytes(),
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
    )
    return made
