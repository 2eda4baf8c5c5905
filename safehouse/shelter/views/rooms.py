"""Rooms, beds and closures of a house: pages of the blueprint `houses`."""

import datetime as dt
import uuid

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import House
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.shelter.choices import BedKind
from safehouse.shelter.forms.houses import BedForm, BedsForm, ClosureForm, RoomForm
from safehouse.shelter.models import Bed, Room
from safehouse.shelter.operations.rooms import (
    RoomFacts,
    RoomRefusal,
    RoomRefused,
    add_beds,
    change_room,
    end_closure,
    make_closure,
    make_room,
    remove_bed,
    remove_room,
    rename_bed,
)
from safehouse.shelter.queries.rooms import (
    adjoining_ids,
    find_bed,
    find_closure,
    find_room,
    house_day,
    other_rooms,
    plan_of,
)
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.views.houses import cleared_house, pages, why_in_use
from safehouse.web.forms import PageForm


@pages.route("/houses/<uuid:ref>/rooms/new", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def new_room(ref: uuid.UUID) -> ResponseReturnValue:
    house = cleared_house(ref, in_use=True)
    others = other_rooms(session, house_id=house.id, but=None)
    form = RoomForm(typed() or None, data={"position": max((room.position for room in others), default=0) + 1})
    _offer_rooms(form, others)
    if posted() and form.validate():
        try:
            act = begin_act(session, key=act_key(), kind="room:make", now=now(), by=by())
            room = make_room(session, house=house, facts=_facts(form), now=now(), by=by())
            act.subject = room.ref
        except AlreadyDone as earlier:
            return redirect(url_for("houses.new_beds", ref=earlier.act.subject), 303)
        except RoomRefused as refused:
            _refuse(form, refused, "label")
        else:
            session.commit()
            # A room without beds takes nobody in: the beds are the next question.
            return redirect(url_for("houses.new_beds", ref=act.subject), 303)
    use_session(writing=False)
    return render_template("shelter/houses/room.html", form=form, house=cleared_house(ref), room=None, fault="")


@pages.route("/houses/rooms/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def room(ref: uuid.UUID) -> ResponseReturnValue:
    """One room: changed, or removed with the button `do=remove`."""
    removing = request.form.get("do") == "remove"
    found = _room(ref, removed=removing)
    house_ref = found.house.ref
    form = RoomForm(_changes(), obj=found, data={"adjoining": sorted(adjoining_ids(session, found.id))})
    _offer_rooms(form, other_rooms(session, house_id=found.house_id, but=found.id))
    fault = ""
    if posted() and (removing or form.validate()):
        kind = "room:remove" if removing else "room:change"
        try:
            begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref)
            if removing:
                remove_room(session, room=found, now=now(), by=by())
            else:
                change_room(session, room=found, facts=_facts(form), now=now(), by=by())
        except AlreadyDone:
            return redirect(url_for("houses.house", ref=house_ref, saved="yes"), 303)
        except RoomRefused as refused:
            fault = _refuse(form, refused, "label")
        else:
            session.commit()
            return redirect(url_for("houses.house", ref=house_ref, saved="yes"), 303)
    use_session(writing=False)
    return render_template(
        "shelter/houses/room.html", form=form, house=cleared_house(house_ref), room=_room(ref), fault=fault
    )


@pages.route("/houses/rooms/<uuid:ref>/beds/new", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def new_beds(ref: uuid.UUID) -> ResponseReturnValue:
    found = _room(ref)
    house_ref = found.house.ref
    form = BedsForm(typed() or None, data={"kind": BedKind.BED})
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind="beds:add", now=now(), by=by(), subject=ref)
            add_beds(session, room=found, kind=form.kind.data, count=form.count.data, now=now(), by=by())
        except AlreadyDone:
            return redirect(url_for("houses.house", ref=house_ref, saved="yes"), 303)
        except RoomRefused as refused:
            _refuse(form, refused, "count")
        else:
            session.commit()
            return redirect(url_for("houses.house", ref=house_ref, saved="yes"), 303)
    use_session(writing=False)
    return render_template("shelter/houses/beds.html", form=form, house=cleared_house(house_ref), room=_room(ref))


@pages.route("/houses/beds/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def bed(ref: uuid.UUID) -> ResponseReturnValue:
    """One bed or cot: renamed, or removed with the button `do=remove`."""
    removing = request.form.get("do") == "remove"
    found = _bed(ref, removed=removing)
    house_ref = found.room.house.ref
    form = BedForm(_changes(), obj=found)
    fault = ""
    if posted() and (removing or form.validate()):
        kind = "bed:remove" if removing else "bed:change"
        try:
            begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref)
            if removing:
                remove_bed(session, bed=found, now=now(), by=by())
            else:
                rename_bed(session, bed=found, label=form.label.data, now=now(), by=by())
        except AlreadyDone:
            return redirect(url_for("houses.house", ref=house_ref, saved="yes"), 303)
        except RoomRefused as refused:
            fault = _refuse(form, refused, "label")
        else:
            session.commit()
            return redirect(url_for("houses.house", ref=house_ref, saved="yes"), 303)
    use_session(writing=False)
    shown = _bed(ref)
    return render_template(
        "shelter/houses/bed.html",
        form=form,
        house=cleared_house(house_ref),
        bed=shown,
        name=bed_name(shown.room.label, shown.label),
        fault=fault,
    )


@pages.route("/houses/<uuid:ref>/closures/new", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def new_closure(ref: uuid.UUID) -> ResponseReturnValue:
    house = cleared_house(ref, in_use=True)
    form = ClosureForm(typed() or None, data={"first_day": house_day(house, now()), "what": request.args.get("what")})
    form.what.choices = _closable(house)
    if posted() and form.validate() and _days_in_order(form):
        room, bed = _target(form.what.data)
        try:
            act = begin_act(session, key=act_key(), kind="closure:make", now=now(), by=by())
            closure = make_closure(
                session,
                house=house,
                room=room,
                bed=bed,
                first_day=form.first_day.data,
                last_day=form.last_day.data,
                reason=form.reason.data,
                now=now(),
                by=by(),
            )
            act.subject = closure.ref
        except AlreadyDone:
            return redirect(url_for("houses.house", ref=ref, saved="yes"), 303)
        except RoomRefused as refused:
            over = refused.reason is RoomRefusal.OVER_BEFORE_IT_BEGINS
            _refuse(form, refused, "last_day" if over else "what")
        else:
            session.commit()
            return redirect(url_for("houses.house", ref=ref, saved="yes"), 303)
    use_session(writing=False)
    return render_template("shelter/houses/closure.html", form=form, house=cleared_house(ref))


@pages.route("/houses/closures/<uuid:ref>/end", methods=["GET", "POST"])
@needs(Permission.HOUSE_ADMINISTER)
def end_of_closure(ref: uuid.UUID) -> ResponseReturnValue:
    """A press on the house's page. The address itself only leads back there."""
    found = find_closure(session, account_id=signed().account_id, ref=ref)
    if found is None:
        abort(404)
    closure, house = found
    house_ref = house.ref
    if posted():
        try:
            begin_act(session, key=act_key(), kind="closure:end", now=now(), by=by(), subject=ref)
            if closure.ended_at is None:
                end_closure(session, closure=closure, now=now(), by=by())
        except AlreadyDone:
            pass
        else:
            session.commit()
    return redirect(url_for("houses.house", ref=house_ref, saved="yes" if posted() else None), 303)


def _changes() -> MultiDict[str, str] | None:
    """What was typed into the form of a room or bed; the button that removes it brings nothing along."""
    given = typed()
    return given if given and "do" not in given else None


def _room(ref: uuid.UUID, *, removed: bool = False) -> Room:
    return find_room(session, account_id=signed().account_id, ref=ref, removed=removed) or abort(404)


def _bed(ref: uuid.UUID, *, removed: bool = False) -> Bed:
    return find_bed(session, account_id=signed().account_id, ref=ref, removed=removed) or abort(404)


def _offer_rooms(form: RoomForm, others: list[Room]) -> None:
    form.adjoining.choices = [(str(one.id), one.label) for one in others]


def _facts(form: RoomForm) -> RoomFacts:
    return RoomFacts(
        label=form.label.data,
        position=form.position.data,
        purpose=form.purpose.data,
        ground_floor=form.ground_floor.data,
        wheelchair=form.wheelchair.data,
        isolation=form.isolation.data,
        adjoining=frozenset(form.adjoining.data),
    )


def _closable(house: House) -> list[tuple[str, str]]:
    offered = [("", _("Choose a room or a bed"))]
    for room in plan_of(session, house, now(), for_account_id=signed().account_id).rooms:
        offered.append((str(room.ref), _("Room %(room)s", room=room.label)))
        offered += [
            (str(bed.ref), _("Bed %(bed)s", bed=bed.name)) for bed in room.beds if bed.kind is not BedKind.MATTRESS
        ]
    return offered


def _target(what: str) -> tuple[Room | None, Bed | None]:
    """What was chosen among the rooms and beds offered."""
    ref = uuid.UUID(what)
    room = find_room(session, account_id=signed().account_id, ref=ref)
    return (room, None) if room else (None, _bed(ref))


def _days_in_order(form: ClosureForm) -> bool:
    last: dt.date | None = form.last_day.data
    if last is not None and last < form.first_day.data:
        form.refuse(_("The last day lies before the first. Correct one of them."), "last_day")
        return False
    return True


def _refuse(form: PageForm, refused: RoomRefused, field: str) -> str:
    """Roll back and say why: beside the field, or, when it is about people, as the sentence that is returned."""
    session.rollback()
    match refused.reason:
        case RoomRefusal.GONE:
            abort(404)
        case RoomRefusal.IN_USE:
            sentence = why_in_use(refused.obstacles)
            if isinstance(form, ClosureForm):
                form.refuse(sentence, field)
            return sentence
        case RoomRefusal.LABEL_TAKEN:
            form.refuse(_label_taken(form), field)
        case RoomRefusal.ALREADY_CLOSED:
            form.refuse(_("It is closed on some of these days already. End that closure first."), field)
        case RoomRefusal.OVER_BEFORE_IT_BEGINS:
            form.refuse(_("This day has passed. Write today or a later day, or leave it empty."), field)
    return ""


def _label_taken(form: PageForm) -> str:
    if isinstance(form, RoomForm):
        return _("This house already has a room %(label)s. Write another name.", label=form.label.data)
    if isinstance(form, BedForm):
        return _("This room already has a bed %(label)s. Write another name.", label=form.label.data)
    return _("Someone else has just added beds here. Press the button again.")
