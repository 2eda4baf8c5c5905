"""What waits today, and the page of one resident; both hang on one blueprint."""

from flask import Blueprint

import safehouse.today.views.page
import safehouse.today.views.resident  # noqa: F401
from safehouse.today.views.blueprint import pages

blueprints: tuple[Blueprint, ...] = (pages,)
