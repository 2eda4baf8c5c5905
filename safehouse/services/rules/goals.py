"""How far a goal has come. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from safehouse.services.choices import Progress

NOT_BEGUN, REACHED = 0, 4
STEPS = range(NOT_BEGUN, REACHED + 1)


class GoalState(StrEnum):
    """What the steps of a goal say together."""

    NOT_BEGUN = "not_begun"
    FORWARD = "forward"
    SAME = "same"
    BACK = "back"
    REACHED = "reached"
    GIVEN_UP = "given_up"


def next_step(step: int, progress: Progress) -> int | None:
    """Where a session leaves a goal: one step on, one back, or where it was. None: it was not talked about."""
    match progress:
        case Progress.FORWARD:
            return min(step + 1, REACHED)
        case Progress.BACK:
            return max(step - 1, NOT_BEGUN)
        case Progress.SAME:
            return step
    return None


def state_of(steps: Sequence[int], *, ended: bool) -> GoalState:
    """`steps` in the order of time. The last two say which way it goes."""
    if steps and steps[-1] == REACHED:
        return GoalState.REACHED
    if ended:
        return GoalState.GIVEN_UP
    if len(steps) < 2:
        return GoalState.NOT_BEGUN if not steps or steps[-1] == NOT_BEGUN else GoalState.FORWARD
    before, last = steps[-2], steps[-1]
    if last > before:
        return GoalState.FORWARD
    return GoalState.BACK if last < before else GoalState.SAME
