"""Relatives of those who work here: kept by the security officer, who never learns whether one of them is known."""

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, as_ref, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account, Realm
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import find_account
from safehouse.database import session, use_session
from safehouse.residents.forms.safety import RelationForm
from safehouse.residents.models import StaffRelation
from safehouse.residents.operations.relations import end_relation, keep_relation
from safehouse.residents.operations.safety import SafetyRefusal, SafetyRefused, open_relations
from safehouse.residents.safety_in_words import SAFETY_REFUSALS
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.language import day

pages = Blueprint("relations", __name__)

FACTS = ("name", "nik", "phone")


@pages.route("/accounts/<uuid:ref>/relations", methods=["GET", "POST"])
@needs(Permission.RELATION_KEEP)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    account = _account(ref)
    if posted() and "end" in request.form:
        return _end(account)
    form = RelationForm(typed() or None)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind="relation:keep", now=now(), by=by(), subject=ref)
            keep_relation(
                session, account=account, **{fact: form[fact].data or None for fact in FACTS}, now=now(), by=by()
            )
        except AlreadyDone:
            return redirect(url_for("relations.page", ref=ref), 303)
        except SafetyRefused as refused:
            session.rollback()
            form.refuse(_say(refused), "name")
        else:
            session.commit()
            return redirect(url_for("relations.page", ref=ref, saved=1), 303)
    return _shown(ref, form, {})


@pages.post("/accounts/<uuid:ref>/relations/opened")
@needs(Permission.RELATION_KEEP)
@opens_sealed
def opened(ref: uuid.UUID) -> ResponseReturnValue:
    """The same page with names and numbers, once; the reading is recorded before it is shown."""
    account = _account(ref)
    wanted = [
        Sealed(one, fact, account.ref)
        for one in open_relations(session, account)
        for fact in FACTS
        if getattr(one, fact) is not None
    ]
    words = open_values(session, now=now(), by=by(), purpose="relatives of staff", wanted=wanted)
    values: dict[uuid.UUID, dict[str, str]] = {}
    for sealed, text in zip(wanted, words, strict=True):
        values.setdefault(sealed.row.ref, {})[sealed.column] = text
    session.commit()
    return _shown(ref, RelationForm(None), values)


def _shown(ref: uuid.UUID, form: RelationForm, values: dict[uuid.UUID, dict[str, str]]) -> ResponseReturnValue:
    use_session(writing=False)
    account = _account(ref)
    labels = {"name": _("Name"), "nik": _("NIK"), "phone": _("Telephone")}
    relations = open_relations(session, account)
    return render_template(
        "residents/relations.html",
        form=form,
        account=account,
        relations=[
            (
                one.ref,
                _("Relative %(n)s", n=n),
                values.get(one.ref, {}),
                ", ".join(labels[fact] for fact in FACTS if getattr(one, fact) is not None),
                day(one.since),
            )
            for n, one in enumerate(relations, 1)
        ],
        labels=labels,
        opened=bool(values),
        saved="saved" in request.args,
    )


def _end(account: Account) -> ResponseReturnValue:
    """Written down by mistake. Pressing twice ends it once."""
    ref = account.ref
    wanted = as_ref(request.form.get("end")) or abort(404)
    relation = session.scalar(
        select(StaffRelation).where(StaffRelation.ref == wanted, StaffRelation.account_id == account.id)
    )
    if relation is None:
        abort(404)
    try:
        begin_act(session, key=act_key(), kind="relation:end", now=now(), by=by(), subject=ref)
        end_relation(session, account=account, relation=relation, now=now(), by=by())
        session.commit()
    except AlreadyDone:
        pass
    return redirect(url_for("relations.page", ref=ref), 303)


def _account(ref: uuid.UUID) -> Account:
    """Someone who works for the unit; a partner's people have no relatives here."""
    account = find_account(session, ref)
    if account is None or account.realm is not Realm.HOUSE:
        abort(404)
    return account


def _say(refused: SafetyRefused) -> object:
    if refused.reason is SafetyRefusal.NOTHING_KNOWN:
        return _("Write at least one of these: name, NIK or telephone.")
    return SAFETY_REFUSALS[refused.reason]
