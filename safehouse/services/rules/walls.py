"""The walls between disciplines (`decisions.md` 4): who keeps a domain of a plan, who reads how much of it, and whose
notes are whose."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role


class Reach(StrEnum):
    """How much of a domain a person reads; each includes the ones before it. Notes have a wall of their own."""

    NOTHING = "nothing"
    SUMMARY = "summary"  # the summary of progress, and how many sessions and goals there are
    GOALS = "goals"  # the goals and how far each has come, the needs, the steps
    FULL = "full"  # everything but notes of another discipline; whoever reads this keeps the domain


ORDER = (Reach.NOTHING, Reach.SUMMARY, Reach.GOALS, Reach.FULL)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one resident. `own` is the discipline she is assigned in, None when she is not
    assigned; `kept` are the disciplines in which an active worker is assigned."""

    role: Role | None
    own: Discipline | None
    coordinator: bool
    kept: frozenset[Discipline]

    def reach(self, domain: Discipline) -> Reach:
        """How much of this domain she reads."""
        return reach(self.role, self.own, coordinator=self.coordinator, domain=domain, kept=self.kept)

    def keeps(self, domain: Discipline) -> bool:
        """Whether she records what is done in this domain."""
        return self.reach(domain) is Reach.FULL

    def reads_notes_of(self, discipline: Discipline) -> bool:
        """A note is read by those of its author's discipline who are assigned to her: by nobody else, whatever role."""
        return self.role is Role.CASEWORKER and self.own is discipline


def reach(
    role: Role | None,
    own: Discipline | None,
    *,
    coordinator: bool,
    domain: Discipline,
    kept: Collection[Discipline],
) -> Reach:
    """Her own discipline in full, of the others the summary of progress; the coordinator reads every goal, and keeps a
    domain for which nobody is assigned. A manager reads goals and summaries of all. Staff and the security officer read
    nothing of a plan."""
    if role is Role.MANAGER:
        return Reach.GOALS
    if role is not Role.CASEWORKER or own is None:
        return Reach.NOTHING
    if own is domain or (coordinator and domain not in kept):
        return Reach.FULL
    return Reach.GOALS if coordinator else Reach.SUMMARY


def reaches(found: Reach, wanted: Reach) -> bool:
    """Whether someone who reads as far as `found` reads `wanted`."""
    return ORDER.index(found) >= ORDER.index(wanted)
