"""Pages of the review every three months, one subject a module; all of them hang on one blueprint."""

import safehouse.services.views.reviews.advising
import safehouse.services.views.reviews.answering
import safehouse.services.views.reviews.writing  # noqa: F401
from safehouse.services.views.reviews.finding import pages

__all__ = ["pages"]
