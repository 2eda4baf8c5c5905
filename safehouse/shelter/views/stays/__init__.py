"""Pages about people who live in the houses, one subject a module; all of them hang on one blueprint."""

import safehouse.shelter.views.stays.leaving
import safehouse.shelter.views.stays.listing
import safehouse.shelter.views.stays.moving
import safehouse.shelter.views.stays.reviewing  # noqa: F401
from safehouse.shelter.views.stays.finding import pages

__all__ = ["pages"]
