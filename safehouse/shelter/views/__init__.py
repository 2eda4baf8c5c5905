"""Pages of this folder."""
from flask import Blueprint

from safehouse.shelter.views import board, placing, referrals, rooms

# `rooms` adds its pages to those of `houses`.
blueprints: tuple[Blueprint, ...] = (board.pages, placing.pages, referrals.pages, rooms.pages)
