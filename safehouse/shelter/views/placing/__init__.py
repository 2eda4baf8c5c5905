"""From a referral to a family in its beds: suggested places with reasons, choosing, placing. All on one blueprint."""

import safehouse.shelter.views.placing.arriving
import safehouse.shelter.views.placing.choosing  # noqa: F401
from safehouse.shelter.views.placing.finding import pages

__all__ = ["pages"]
