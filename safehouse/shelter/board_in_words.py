"""The sentences of the board. Each is whole in both languages; figures are the only thing put into them."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from safehouse.shelter.rules.board import AgeGroup, Board, Figures

# By whether some are free, reserved, closed.
REST = {
    (True, False, False): _l("%(free)s can be used now."),
    (True, True, False): _l("%(free)s can be used now, %(held)s reserved."),
    (True, False, True): _l("%(free)s can be used now, %(closed)s closed."),
    (True, True, True): _l("%(free)s can be used now, %(held)s reserved, %(closed)s closed."),
    (False, True, False): _l("None can be used now, %(held)s reserved."),
    (False, False, True): _l("None can be used now, %(closed)s closed."),
    (False, True, True): _l("None can be used now, %(held)s reserved, %(closed)s closed."),
}
HOUSE_SUMS = {
    (False, False, False): _l("%(taken)s of %(beds)s taken"),
    (True, False, False): _l("%(taken)s of %(beds)s taken, %(free)s free"),
    (True, True, False): _l("%(taken)s of %(beds)s taken, %(free)s free, %(held)s reserved"),
    (True, False, True): _l("%(taken)s of %(beds)s taken, %(free)s free, %(closed)s closed"),
    (True, True, True): _l("%(taken)s of %(beds)s taken, %(free)s free, %(held)s reserved, %(closed)s closed"),
    (False, True, False): _l("%(taken)s of %(beds)s taken, %(held)s reserved"),
    (False, False, True): _l("%(taken)s of %(beds)s taken, %(closed)s closed"),
    (False, True, True): _l("%(taken)s of %(beds)s taken, %(held)s reserved, %(closed)s closed"),
}
# Beside the code of a resident. An adult's group is not said.
CODES = {
    AgeGroup.INFANT: _l("%(code)s, baby"),
    AgeGroup.CHILD: _l("%(code)s, child"),
    AgeGroup.TEENAGER: _l("%(code)s, teenager"),
    AgeGroup.ADULT: _l("%(code)s"),
}
CODES_SHARING = {
    AgeGroup.INFANT: _l("%(code)s, baby, shares the bed"),
    AgeGroup.CHILD: _l("%(code)s, child, shares the bed"),
    AgeGroup.TEENAGER: _l("%(code)s, teenager, shares the bed"),
    AgeGroup.ADULT: _l("%(code)s, shares the bed"),
}


def lead(board: Board) -> str:
    """How things stand, in at most five short sentences."""
    figures = board.figures
    sentences = [_taken(figures)]
    usable = figures.free - figures.to_clean
    if rest := REST.get((bool(usable), bool(figures.held), bool(figures.closed))):
        sentences.append(str(rest) % {**_numbers(figures), "free": usable})
    if figures.to_clean:
        sentences.append(ngettext("%(num)s is to be cleaned.", "%(num)s are to be cleaned.", figures.to_clean))
    if people := _people(figures):
        sentences.append(people)
    if board.overdue:
        sentences.append(_overdue(board.overdue))
    return " ".join(sentences)


def house_sum(figures: Figures) -> str:
    return str(HOUSE_SUMS[_kinds(figures)]) % _numbers(figures)


def over_capacity(figures: Figures) -> str:
    """How many places were made on the spot, or nothing."""
    return ngettext("%(num)s over capacity", "%(num)s over capacity", figures.extra) if figures.extra else ""


def cots(figures: Figures) -> str:
    """Cots are no beds of the count; nothing where there are none."""
    if not figures.cots:
        return ""
    return _("Cots free: %(free)s of %(cots)s", free=figures.cots_free, cots=figures.cots)


def places(counts: dict[int, int]) -> list[tuple[str, str, bool]]:
    """(family, how many places, any) for the line beside the bed count."""
    family, nothing = _("Family of %(size)s:"), _("no free room")
    return [
        (
            family % {"size": size},
            ngettext("%(num)s free room", "%(num)s free rooms", count) if count else nothing,
            bool(count),
        )
        for size, count in counts.items()
    ]


def free_beds(count: int) -> str:
    if not count:
        return _("no free bed")
    return ngettext("%(num)s free bed", "%(num)s free beds", count)


def _taken(figures: Figures) -> str:
    if figures.beds == 1:
        return _("The only bed is taken tonight.") if figures.taken else _("The only bed is not taken tonight.")
    if not figures.taken:
        return _("None of the %(beds)s beds is taken tonight.", beds=figures.beds)
    if figures.taken == figures.beds:
        return _("All %(beds)s beds are taken tonight.", beds=figures.beds)
    return ngettext(
        "%(num)s of %(beds)s beds is taken tonight.",
        "%(num)s of %(beds)s beds are taken tonight.",
        figures.taken,
        beds=figures.beds,
    )


def _people(figures: Figures) -> str:
    """Said when people and beds differ: over capacity, or children who share a bed or lie in a cot."""
    if figures.extra:
        return ngettext(
            "Over capacity: %(persons)s people in %(beds)s beds and %(num)s extra mattress.",
            "Over capacity: %(persons)s people in %(beds)s beds and %(num)s extra mattresses.",
            figures.extra,
            persons=figures.persons,
            beds=figures.taken,
        )
    if figures.persons != figures.taken:
        return ngettext("%(num)s person lives here.", "%(num)s people live here.", figures.persons)
    return ""


def _overdue(aliases: Sequence[str]) -> str:
    first = aliases[0]
    match len(aliases):
        case 1:
            return _("%(alias)s has passed the agreed stay.", alias=first)
        case 2:
            return _("%(one)s and %(other)s have passed the agreed stay.", one=first, other=aliases[1])
        case many:
            return _("%(alias)s and %(more)s other residents have passed the agreed stay.", alias=first, more=many - 1)


def _kinds(figures: Figures) -> tuple[bool, bool, bool]:
    return bool(figures.free), bool(figures.held), bool(figures.closed)


def _numbers(figures: Figures) -> dict[str, int]:
    return {
        "taken": figures.taken,
        "beds": figures.beds,
        "free": figures.free,
        "held": figures.held,
        "closed": figures.closed,
    }
