"""Pages of this folder."""

from flask import Blueprint

from safehouse.shelter.views import board, imports, placing, referrals, rooms, stays

# `rooms` adds its pages to those of `houses`.
blueprints: tuple[Blueprint, ...] = (
    board.pages,
    imports.pages,
    placing.pages,
    referrals.pages,
    rooms.pages,
    stays.pages,
)
