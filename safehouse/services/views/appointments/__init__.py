"""Pages about one appointment, one subject a module; all of them hang on one blueprint."""

import safehouse.services.views.appointments.agreeing
import safehouse.services.views.appointments.settling  # noqa: F401
from safehouse.services.views.appointments.finding import pages

__all__ = ["pages"]
