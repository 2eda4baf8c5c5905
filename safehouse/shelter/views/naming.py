"""Which name she chooses: asked when a consent is read, or at the door where nobody asked before."""

from itertools import count

from flask import request
from flask_babel import gettext as _

from safehouse.access.current import now
from safehouse.database import session
from safehouse.residents.queries.people import resting_aliases
from safehouse.residents.rules.naming import aliases_differ, child_alias, offered_aliases
from safehouse.shelter.models import Referral
from safehouse.shelter.queries.deciding import aliases_given
from safehouse.shelter.queries.referrals import family_of
from safehouse.shelter.rules.people import Person
from safehouse.shelter.views.families import called
from safehouse.web.forms import PageForm

MOST_PAGES = 50

# position in the family -> (the question, the names offered)
Questions = dict[int, tuple[object, list[str]]]


def alias_questions(referral: Referral, *, house_id: int, page: int) -> Questions:
    """For each of those who choose a name. Whoever chose one before is offered it first, unless it is taken by now."""
    taken, given = resting_aliases(session, house_id=house_id, now=now()), aliases_given(session, referral)
    family = family_of(referral)
    names = called(family)
    asked: Questions = {}
    for n, person in enumerate(named_apart(family)):
        offered = offered_aliases(taken, seed=f"{referral.ref}|{n}", page=page)
        own = given.get(person.key)
        if own is not None and own not in taken:
            offered = [own, *(name for name in offered if name != own)][: len(offered)]
        asked[person.key] = (_("Alias for: %(person)s", person=names[person.key]), offered)
    return asked


def chosen_before(referral: Referral, asked: Questions) -> dict[str, str]:
    """What she has chosen already, as far as it can still be had: field -> name."""
    given = aliases_given(session, referral)
    return {
        f"alias_{position}": given[position]
        for position, (_label, names) in asked.items()
        if given.get(position) in names
    }


def page_of_names() -> int:
    """Which eight names are shown; the button for others turns the page."""
    try:
        page = int(request.form.get("names", "0") or 0)
    except ValueError:
        return 0
    return max(0, min(page, MOST_PAGES)) + (1 if request.form.get("other_names") else 0)


def named_apart(family: tuple[Person, ...]) -> list[Person]:
    """Who chooses a name of her own: the adults, or every child where no adult came."""
    return [one for one in family if one.adult] or list(family)


def named_children(referral: Referral) -> int:
    """How many children are named after an adult."""
    family = family_of(referral)
    return len(family) - len(named_apart(family))


def aliases_fit(form: PageForm) -> bool:
    """Nobody chose the name of another; otherwise said beside the last one."""
    names = [name for name in form._fields if name.startswith("alias_")]
    if not aliases_differ([form[name].data for name in names if form[name].data]):
        form.refuse(_("Two people have the same alias. Choose another one."), names[-1])
        return False
    return True


def aliases_of(referral: Referral, form: PageForm) -> dict[int, str]:
    """An alias for everyone: adults chose theirs, children are named after the first adult. Whoever has a name and is
    not asked keeps it, and so do the children as long as that adult keeps hers."""
    family, given = family_of(referral), aliases_given(session, referral)
    chosen = {
        one.key: form[f"alias_{one.key}"].data if f"alias_{one.key}" in form else given[one.key]
        for one in named_apart(family)
    }
    children = [one for one in family if one.key not in chosen]
    eldest = min(chosen)
    first = chosen[eldest]
    keep = given if given.get(eldest, first) == first else {}
    names = chosen | {one.key: keep[one.key] for one in children if one.key in keep}
    for n, one in enumerate(children, 1):
        if one.key not in names:
            offered = (child_alias(first, number, len(children) if number == n else number) for number in count(n))
            names[one.key] = next(name for name in offered if name not in names.values())
    return names
