"""Looking for a resident, inside what a person may see and nowhere else. What is typed never enters an address."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import by, may, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.indonesian import Unreadable, read_nik, read_phone
from safehouse.residents.forms.identifying import FindByAliasForm, FindForm
from safehouse.residents.models import IndexedKind, OwnerOfIndex
from safehouse.residents.operations.identifying import find_by_name
from safehouse.residents.operations.looking_up import spend_search
from safehouse.residents.queries.identifying import (
    Found,
    found_in_words,
    names_of_houses,
    newest_visible,
    residents_called,
    residents_owning,
)
from safehouse.residents.queries.indexing import owners_with
from safehouse.residents.rules.identifying import NAMES_COMPARED, SoughtBy, like_a_name
from safehouse.residents.safety_in_words import too_many_look_ups
from safehouse.web.forms import sentence_for

pages = Blueprint("finding", __name__)

NUMBERS = {SoughtBy.NIK: (IndexedKind.NIK, read_nik), SoughtBy.PHONE: (IndexedKind.PHONE, read_phone)}


@pages.route("/residents/find", methods=["GET", "POST"])
@needs(Permission.RESIDENT_FIND)
@opens_sealed
def find() -> ResponseReturnValue:
    """By alias and code for everyone; by NIK, telephone and name for those who may open an identity."""
    by_identity = may(Permission.IDENTITY_OPEN) and signed().unconfirmed_since is None
    form = FindForm(typed() or None, by=SoughtBy.ALIAS) if by_identity else FindByAliasForm(typed() or None)
    found: list[Found] | None = None
    if posted() and form.validate():
        sought_by = form["by"].data if by_identity else SoughtBy.ALIAS
        found = _found_by(sought_by, form["sought"].data.strip(), form)
    session.rollback()
    use_session(writing=False)
    return render_template("residents/find.html", form=form, found=found, by_identity=by_identity, most=NAMES_COMPARED)


def _found_by(sought_by: SoughtBy, sought: str, form: FindForm | FindByAliasForm) -> list[Found] | None:
    """Whom she looks for, or None with a sentence in the form. A search by identity is counted and recorded first."""
    who, role = signed().account_id, signed().role
    if sought_by is SoughtBy.ALIAS:
        return found_in_words(
            residents_called(session, account_id=who, role=role, sought=sought), names_of_houses(session)
        )
    number = None
    if sought_by in NUMBERS:
        kind, read = NUMBERS[sought_by]
        try:
            number = read(sought)
        except Unreadable as unreadable:
            form.refuse(sentence_for(unreadable), "sought")
            return None
    elif len(like_a_name(sought)) < 3:
        form.refuse(_("Write at least three letters of the name."), "sought")
        return None
    enough = spend_search(session, sought_by=sought_by, now=now(), by=by())
    session.commit()
    if not enough:
        form.refuse(too_many_look_ups())
        return None
    if number is not None:
        owners = owners_with(session, kind=kind, number=number, owner_kind=OwnerOfIndex.RESIDENT)
        residents = residents_owning(session, account_id=who, role=role, owners=owners)
    else:
        among = newest_visible(session, account_id=who, role=role, most=NAMES_COMPARED)
        residents = find_by_name(session, among=among, sought=sought, now=now(), by=by())
    found = found_in_words(residents, names_of_houses(session))
    session.commit()
    return found
