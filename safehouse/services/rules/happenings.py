"""What happens in a service plan, by name."""

from enum import StrEnum


class Happening(StrEnum):
    PLAN_OPENED = "services:plan_opened"
    PLAN_AGREED = "services:plan_agreed"
    SESSION = "services:session"
    SESSION_ABSENT = "services:session_absent"
    SESSION_MOVED = "services:session_moved"
    READY = "services:ready"
    GOAL_REACHED = "services:goal_reached"
    APPOINTMENT_KEPT = "services:appointment_kept"
    APPOINTMENT_MISSED = "services:appointment_missed"
    CARE_DONE = "services:care_done"
    LETTER = "services:school_letter"
    STAGE = "services:stage"
    SUPPORT = "services:support"
    REVIEW = "services:review"
