"""Which leaves there were: one that was taken back has no length, and counts nowhere."""

from sqlalchemy import or_

from safehouse.shelter.models import Leave

LEAVE_LASTED = or_(Leave.back_at.is_(None), Leave.back_at > Leave.from_at)
