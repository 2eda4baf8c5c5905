"""Pages of this folder."""

from flask import Blueprint

from safehouse.shelter.views import (
    answering,  # noqa: F401
    board,
    cleaning,
    consenting,
    deciding,
    extensions,
    imports,
    intake,
    pasting,  # noqa: F401
    placing,
    referrals,
    returning,
    rooms,
    safety,
    screening,  # noqa: F401
    stays,
)

# `rooms` adds its pages to those of `houses`; `answering`, `pasting` and `screening` to those of `referrals`.
blueprints: tuple[Blueprint, ...] = (
    board.pages,
    cleaning.pages,
    consenting.pages,
    deciding.pages,
    extensions.pages,
    imports.pages,
    intake.pages,
    placing.pages,
    referrals.pages,
    returning.pages,
    rooms.pages,
    safety.pages,
    stays.pages,
)
