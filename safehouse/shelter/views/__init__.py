"""Pages of this folder."""

from flask import Blueprint

from safehouse.shelter.views import (
    answering,
    board,
    cleaning,
    consenting,
    deciding,
    extensions,
    imports,
    intake,
    pasting,
    placing,
    referrals,
    returning,
    rooms,
    safety,
    screening,
    stays,
)

# `rooms` adds its pages to those of `houses`; these to those of `referrals`.
assert {answering.pages, pasting.pages, screening.pages} == {referrals.pages}
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
