"""What happens in a stay, by name."""

from enum import StrEnum


class Happening(StrEnum):
    SCREENED = "shelter:screened"
    DECIDED = "shelter:decided"
    ARRIVED = "shelter:arrived"
    MOVED = "shelter:moved"
    WENT_OUT = "shelter:went_out"
    LEFT_WITHOUT_NOTICE = "shelter:left_without_notice"
    CAME_BACK = "shelter:came_back"
    INTAKE = "shelter:intake"
    BELONGINGS = "shelter:belongings"
    EXTENSION_ASKED = "shelter:extension_asked"
    EXTENSION_DECIDED = "shelter:extension_decided"
    LEFT = "shelter:left"
