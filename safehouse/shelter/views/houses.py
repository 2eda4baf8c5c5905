"""Houses: the list, one house, its settings, and its address behind a second factor."""

import uuid
from collections.abc import Iterable

from flask import Blueprint, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, may, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import House
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.houses import (
    HouseSettings,
    NameTaken,
    NoAddress,
    change_house,
    keep_address,
    make_house,
    open_address,
    reopen_house,
)
from safehouse.access.permissions import Permission
from safehouse.access.queries import find_cleared_house
from safehouse.access.views.own_code import own_code
from safehouse.database import session, use_session
from safehouse.shelter.forms.houses import ADDRESS_PURPOSES, TIME_ZONES, AddressForm, HouseForm, OpenAddressForm
from safehouse.shelter.operations.rooms import RoomRefused, close_empty_house
from safehouse.shelter.queries.rooms import Obstacle, ObstacleKind, houses_of, plan_of
from safehouse.shelter.words import ROOM_PURPOSES
from safehouse.web.shell import office

pages = Blueprint("houses", __name__)

SHOWN_SECONDS = 120


@pages.get("/houses")
@needs(Permission.HOUSE_ADMINISTER)
def listing() -> ResponseReturnValue:
    g.lock_when_idle = True
    lines = houses_of(session, signed().account_id)
    imports = "imports.start" in current_app.view_functions and may(Permission.REGISTER_IMPORT)
    return render_template(
        "shelter/houses/listing.html",
        houses=[one for one in lines if one.closed_at is None],
        closed=[one for one in lines if one.closed_at is not None],
        import_url=url_for("imports.start") if imports else "",
    )


@pages.route("/houses/new", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def new() -> ResponseReturnValue:
    form = HouseForm(
        typed() or None,
        data={"stay_limit_days": 14, "boys_age": 12, "separation_age": 10, "time_zone": office().time_zone},
    )
    if posted() and form.validate():
        try:
            act = begin_act(session, key=act_key(), kind="house:make", now=now(), by=by())
            house = make_house(session, settings=_settings(form), now=now(), by=by())
            act.subject = house.ref
        except AlreadyDone as earlier:
            return redirect(url_for("houses.house", ref=earlier.act.subject), 303)
        except NameTaken:
            session.rollback()
            _say_name_taken(form)
        else:
            session.commit()
            return redirect(url_for("houses.house", ref=act.subject, saved="yes"), 303)
    use_session(writing=False)
    return render_template("shelter/houses/new.html", form=form)


@pages.get("/houses/<uuid:ref>")
@needs(Permission.HOUSE_ADMINISTER)
def house(ref: uuid.UUID) -> ResponseReturnValue:
    g.lock_when_idle = True
    found = cleared_house(ref)
    return render_template(
        "shelter/houses/overview.html",
        house=found,
        plan=plan_of(session, found, now(), for_account_id=signed().account_id),
        zone=TIME_ZONES.get(found.time_zone, found.time_zone),
        purposes=ROOM_PURPOSES,
    )


@pages.route("/houses/<uuid:ref>/settings", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def settings(ref: uuid.UUID) -> ResponseReturnValue:
    found = cleared_house(ref, in_use=True)
    form = HouseForm(typed() or None, obj=found)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind="house:change", now=now(), by=by(), subject=ref)
            change_house(session, house=found, settings=_settings(form), now=now(), by=by())
        except AlreadyDone:
            return redirect(url_for("houses.house", ref=ref, saved="yes"), 303)
        except NameTaken:
            session.rollback()
            _say_name_taken(form)
        else:
            session.commit()
            return redirect(url_for("houses.house", ref=ref, saved="yes"), 303)
    use_session(writing=False)
    return render_template("shelter/houses/settings.html", form=form, house=cleared_house(ref))


@pages.route("/houses/<uuid:ref>/close", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def close(ref: uuid.UUID) -> ResponseReturnValue:
    found = cleared_house(ref, in_use=not posted())
    fault = ""
    if posted():
        try:
            begin_act(session, key=act_key(), kind="house:close", now=now(), by=by(), subject=ref)
            if found.closed_at is None:
                close_empty_house(session, house=found, now=now(), by=by())
        except AlreadyDone:
            return redirect(url_for("houses.listing"), 303)
        except RoomRefused as refused:
            session.rollback()
            fault = why_in_use(refused.obstacles)
        else:
            session.commit()
            return redirect(url_for("houses.listing"), 303)
    use_session(writing=False)
    return render_template("shelter/houses/close.html", house=cleared_house(ref), fault=fault)


@pages.route("/houses/<uuid:ref>/reopen", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def reopen(ref: uuid.UUID) -> ResponseReturnValue:
    found = cleared_house(ref)
    if posted():
        try:
            begin_act(session, key=act_key(), kind="house:reopen", now=now(), by=by(), subject=ref)
            if found.closed_at is not None:
                reopen_house(session, house=found, now=now(), by=by())
        except AlreadyDone:
            pass
        else:
            session.commit()
    return redirect(url_for("houses.house", ref=ref), 303)


@pages.route("/houses/<uuid:ref>/address", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def address(ref: uuid.UUID) -> ResponseReturnValue:
    """Writing the address. What is kept is never shown back here."""
    found = cleared_house(ref, in_use=True)
    form = AddressForm(typed() or None)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind="house:address", now=now(), by=by(), subject=ref)
            keep_address(session, house=found, address=form.address.data, now=now(), by=by())
        except AlreadyDone:
            pass
        else:
            session.commit()
        return redirect(url_for("houses.house", ref=ref, saved="yes"), 303)
    use_session(writing=False)
    return render_template("shelter/houses/address.html", form=form, house=cleared_house(ref))


@pages.route("/houses/<uuid:ref>/address/open", methods=["GET", "POST"])
@needs(Permission.HOUSE_LOCATE)
def open_sealed_address(ref: uuid.UUID) -> ResponseReturnValue:
    """The reason and a code first; then the address on a page of its own for two minutes."""
    found = cleared_house(ref)
    form = OpenAddressForm(typed() or None)
    if posted() and form.validate() and own_code(form):
        try:
            opened = open_address(session, house=found, purpose=form.purpose.data, now=now(), by=by())
        except NoAddress:
            form.refuse(_("No address has been written for this house yet."))
        else:
            session.commit()
            return _show_address(ref, opened, str(ADDRESS_PURPOSES[form.purpose.data]))
    use_session(writing=False)
    return render_template("shelter/houses/open_address.html", form=form, house=cleared_house(ref))


def _show_address(ref: uuid.UUID, opened: str, purpose: str) -> ResponseReturnValue:
    g.gate_page = True  # without navigation to other pages
    use_session(writing=False)
    answer = current_app.make_response(
        render_template("shelter/houses/address_shown.html", house=cleared_house(ref), address=opened, purpose=purpose)
    )
    answer.headers["Refresh"] = f"{SHOWN_SECONDS}; url={url_for('houses.house', ref=ref)}"
    return answer


def cleared_house(ref: uuid.UUID, *, in_use: bool = False) -> House:
    """A house of hers, or the page for what is not there; with `in_use` a closed one is not there either."""
    found = find_cleared_house(session, account_id=signed().account_id, ref=ref)
    if found is None or (in_use and found.closed_at is not None):
        abort(404)
    return found


def why_in_use(obstacles: Iterable[Obstacle]) -> str:
    """Which beds stand in the way. They are named, the people in them are not; nor is a bed in which somebody sleeps
    of whom the reader must know nothing."""
    beds: dict[ObstacleKind, list[str]] = {kind: [] for kind in ObstacleKind}
    for one in obstacles:
        beds[one.kind].append(one.bed)
    if beds[ObstacleKind.LIVED_IN]:
        return _(
            "Someone lives in %(beds)s. Move her to another bed first.", beds=", ".join(beds[ObstacleKind.LIVED_IN])
        )
    if beds[ObstacleKind.HELD]:
        return _(
            "%(beds)s is kept for a family on its way. Wait until it is free, or release it first.",
            beds=", ".join(beds[ObstacleKind.HELD]),
        )
    return _("It cannot be taken out of use now. Try again later.")


def _settings(form: HouseForm) -> HouseSettings:
    return HouseSettings(
        name=form.name.data,
        time_zone=form.time_zone.data,
        stay_limit_days=form.stay_limit_days.data,
        boys_age=form.boys_age.data,
        separation_age=form.separation_age.data,
    )


def _say_name_taken(form: HouseForm) -> None:
    form.refuse(_("Another house is called %(name)s. Choose another name.", name=form.name.data), "name")
