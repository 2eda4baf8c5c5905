"""Pages about people who live in the houses, one subject a module; all of them hang on one blueprint."""
from safehouse.shelter.views.stays import leaving, listing, moving, resident
from safehouse.shelter.views.stays.finding import pages

__all__ = ["leaving", "listing", "moving", "pages", "resident"]
