"""Pages of this folder."""

from flask import Blueprint

from safehouse.oversight.views import trail

blueprints: tuple[Blueprint, ...] = (trail.pages,)
