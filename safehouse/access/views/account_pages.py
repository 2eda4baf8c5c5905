"""What the pages about one account share: finding it, carrying a change out once, showing it and its codes."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, signed
from safehouse.access.forms.accounts import PressForm
from safehouse.access.models import Account, ActivationKind, Discipline
from safehouse.access.operations.accounts import AccountRefused, throttle_subjects
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.enrolling import ACTIVATION_LIFE
from safehouse.access.permissions import Role
from safehouse.access.queries import (
    account_disciplines,
    account_history,
    askings_about,
    cleared_houses,
    closed_counters,
    delegations_of,
    factor_since,
    find_colleague,
    open_sign_ins,
)
from safehouse.access.rules.accounts import AccountFault
from safehouse.access.views.approvals import what_will_happen
from safehouse.access.words import ACCOUNT_ACTS, ACCOUNT_FAULTS, DELEGATIONS, DISCIPLINES, ROLES
from safehouse.database import session, use_session
from safehouse.web.forms import PageForm

# A wait longer than any pause between tries: the counter is closed for the day, or until it is released.
CLOSED_BEYOND = dt.timedelta(minutes=20)
FIELD_OF = {
    AccountFault.USERNAME_SPELLING: "username",
    AccountFault.USERNAME_TAKEN: "username",
    AccountFault.NAME_MISSING: "shown_name",
    AccountFault.OFFICER_HAS_HOUSES: "houses",
    AccountFault.DISCIPLINES_WITHOUT_CASEWORK: "disciplines",
    AccountFault.HEAD_WITHOUT_MANAGER: "is_head",
    AccountFault.NO_SECOND_PERSON: "role",
    AccountFault.ALREADY_ACTING: "since",
}


def colleague(ref: uuid.UUID) -> Account:
    return find_colleague(session, ref) or abort(404)


def again(ref: uuid.UUID) -> Account:
    """The account as it is, read in a reading session: no page is rendered while a write is open."""
    use_session(writing=False)
    return colleague(ref)


def address(ref: uuid.UUID | None, *, saved: bool = False) -> str:
    return url_for("accounts.one", ref=ref, saved=1 if saved else None)


def role_in_words(role: Role | None, *, is_head: bool, disciplines: Sequence[Discipline]) -> str:
    if role is None:
        return _("No sign-in")
    if is_head:
        return _("Manager, head of the unit")
    if disciplines:
        return _(
            "%(role)s: %(disciplines)s",
            role=ROLES[role],
            disciplines=", ".join(str(DISCIPLINES[one]) for one in disciplines),
        )
    return str(ROLES[role])


def say(form: PageForm, refused: AccountRefused) -> None:
    """The reason beside the field it is about, or above the form."""
    field = FIELD_OF.get(refused.reason, "")
    form.refuse(ACCOUNT_FAULTS[refused.reason], field if field in form else "")


def carry_out(form: PageForm, kind: str, ref: uuid.UUID, do: Callable[[], object]) -> ResponseReturnValue | None:
    """Do it once and go back to the account; None when it was refused, and the form then says why."""
    try:
        begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref)
        do()
    except AlreadyDone:
        return redirect(address(ref), 303)
    except AccountRefused as refused:
        session.rollback()
        say(form, refused)
        return None
    session.commit()
    return redirect(address(ref, saved=True), 303)


def account_page(ref: uuid.UUID, form: PressForm) -> ResponseReturnValue:
    account = again(ref)
    closed = closed_counters(
        session, subjects=throttle_subjects(session, account.username), after=now() + CLOSED_BEYOND
    )
    disciplines = account_disciplines(session, account.id)
    asked = [(asking, what_will_happen(asking)) for asking in askings_about(session, subject=account.ref, now=now())]
    return render_template(
        "access/account.html",
        account=account,
        form=form,
        own=account.id == signed().account_id,
        role=role_in_words(account.role, is_head=account.is_head, disciplines=disciplines),
        houses=cleared_houses(session, account.id),
        factor_at=factor_since(session, account.id),
        asked=asked,
        closed=closed,
        sign_ins=open_sign_ins(session, account_id=account.id, now=now()),
        delegations=[(one, DELEGATIONS[one.kind]) for one in delegations_of(session, account.id)],
        now=now(),
        history=[
            (one, ACCOUNT_ACTS[one.act])
            for one in account_history(session, account_ref=account.ref, acts=list(ACCOUNT_ACTS))
        ],
    )


def show_code(ref: uuid.UUID, plain: str, kind: ActivationKind, *, made: bool) -> ResponseReturnValue:
    """The code is the answer to the press that asked for it; it is kept nowhere and cannot be shown again."""
    account = again(ref)
    role = role_in_words(account.role, is_head=account.is_head, disciplines=account_disciplines(session, account.id))
    return render_template(
        "access/account_code.html",
        account=account,
        role=role,
        code=plain,
        kind=kind,
        made=made,
        houses=cleared_houses(session, account.id),
        until=now() + ACTIVATION_LIFE,
    )
