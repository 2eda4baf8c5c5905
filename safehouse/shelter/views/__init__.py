"""Pages of this folder."""
from flask import Blueprint

from safehouse.shelter.views import placing, referrals, rooms

blueprints: tuple[Blueprint, ...] = (placing.pages, referrals.pages,
                                      rooms.pages)  # `rooms` adds to the pages of `houses`
