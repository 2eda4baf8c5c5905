"""The accounts of everyone who works for the unit, for the security officer."""

import datetime as dt
import uuid

from flask import Blueprint, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.forms.accounts import NO_ROLE, FactsForm, NewAccountForm, PressForm, RoleForm, wanted_role
from safehouse.access.guard import needs
from safehouse.access.models import Account, AccountState, ActivationKind, House
from safehouse.access.operations.accounts import (
    AccountRefused,
    change_clearances,
    change_disciplines,
    change_facts,
    give_role,
    make_account,
    new_code,
)
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.approvals import ask_houses, ask_role, withdraw_houses
from safehouse.access.permissions import Permission, Role
from safehouse.access.queries import (
    account_disciplines,
    account_lines,
    cleared_house_ids,
    deciders_besides,
    houses_asked,
    open_houses,
)
from safehouse.access.rules.accounts import SECOND_PERSON, last_moment, why_not_role
from safehouse.access.views.account_pages import (
    account_page,
    address,
    again,
    carry_out,
    colleague,
    role_in_words,
    say,
    show_code,
)
from safehouse.database import session, use_session
from safehouse.web.language import local, today
from safehouse.web.shell import office

pages = Blueprint("accounts", __name__)

LONG_UNUSED_DAYS = 60


@pages.get("/accounts")
@needs(Permission.ACCOUNT_ADMINISTER)
def listing() -> ResponseReturnValue:
    g.lock_when_idle = True
    lines = account_lines(session, now())
    long_ago = now() - dt.timedelta(days=LONG_UNUSED_DAYS)
    active = [line for line in lines if line.state is AccountState.ACTIVE and line.role is not None]
    unused = [line for line in active if (line.last_signed_in or line.made_at) < long_ago]
    rows = [(line, role_in_words(line.role, is_head=line.is_head, disciplines=line.disciplines)) for line in lines]
    return render_template(
        "access/accounts.html",
        rows=rows,
        active=len(active),
        unused=len(unused),
        asked=sum(bool(line.asked) for line in lines),
        long_ago=long_ago,
        now=now(),
    )


@pages.route("/accounts/new", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def new() -> ResponseReturnValue:
    form = NewAccountForm(typed())
    houses = _offer_houses(form)
    if posted() and form.validate() and _fits(form, wanted_role(form), is_head=form.is_head.data):
        try:
            act = begin_act(session, key=act_key(), kind="account:make", now=now(), by=by())
            account, code = _make(form, houses)
            act.subject = account.ref
        except AlreadyDone as earlier:
            return redirect(address(earlier.act.subject), 303)
        except AccountRefused as refused:
            session.rollback()
            say(form, refused)
        else:
            session.commit()
            return _made(account.ref, code)
    second_person = bool(deciders_besides(session, signed().account_id))
    use_session(writing=False)
    return render_template("access/account_new.html", form=form, second_person=second_person)


@pages.get("/accounts/<uuid:ref>")
@needs(Permission.ACCOUNT_ADMINISTER)
def one(ref: uuid.UUID) -> ResponseReturnValue:
    return account_page(ref, PressForm())


@pages.route("/accounts/<uuid:ref>/change", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def change(ref: uuid.UUID) -> ResponseReturnValue:
    account = colleague(ref)
    hers = {*_held(account), *houses_asked(session, subject=account.ref, now=now())}
    form = FactsForm(
        typed() or None,
        data={
            "shown_name": account.shown_name,
            "disciplines": account_disciplines(session, account.id),
            "houses": [house.ref for house in open_houses(session) if house.id in hers],
            "valid_until": local(account.valid_until).date() if account.valid_until else None,
        },
    )
    houses = _offer_houses(form)
    _leave_out(form, account)
    if posted() and form.validate() and _fits_facts(form, account):
        done = carry_out(form, "account:change", ref, lambda: _change(account, form, houses))
        if done:
            return done
    return render_template("access/account_change.html", form=form, account=again(ref))


@pages.route("/accounts/<uuid:ref>/role", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def role(ref: uuid.UUID) -> ResponseReturnValue:
    account = colleague(ref)
    form = RoleForm(typed() or None, data={"role": account.role or NO_ROLE, "is_head": account.is_head})
    if posted() and form.validate():
        done = carry_out(
            form, "account:role", ref, lambda: _change_role(account, wanted_role(form), is_head=form.is_head.data)
        )
        if done:
            return done
    return render_template("access/account_role.html", form=form, account=again(ref))


def _offer_houses(form: NewAccountForm | FactsForm) -> dict[uuid.UUID, House]:
    houses = {house.ref: house for house in open_houses(session)}
    form.houses.choices = [(house.ref, house.name) for house in houses.values()]
    return houses


def _leave_out(form: FactsForm, account: Account) -> None:
    """Fields that do not belong to this person's role are not on the page, and nothing posted under their names
    counts."""
    if account.role is Role.SECURITY_OFFICER:
        del form.houses
    if account.role is not Role.CASEWORKER:
        del form.disciplines
    if account.id == signed().account_id:
        del form.valid_until


def _make(form: NewAccountForm, houses: dict[uuid.UUID, House]) -> tuple[Account, str | None]:
    """The account and its activation code; no code where a second person has to agree or nobody will sign in."""
    wanted, is_head = wanted_role(form), form.is_head.data
    asked = wanted if wanted in SECOND_PERSON else None
    account = make_account(
        session,
        username=form.username.data,
        shown_name=form.shown_name.data,
        role=None if asked else wanted,
        house_ids=(),
        disciplines=form.disciplines.data,
        is_head=False if asked else is_head,
        valid_until=_last_moment(form.valid_until.data),
        now=now(),
        by=by(),
    )
    _let_in(account, [houses[one].id for one in form.houses.data], among=())
    if asked:
        ask_role(session, account=account, role=asked, is_head=is_head, now=now(), by=by())
    if account.role is None:
        return account, None
    return account, new_code(session, account=account, now=now(), by=by())[0]


def _made(ref: uuid.UUID, plain: str | None) -> ResponseReturnValue:
    if plain is None:
        return redirect(address(ref, saved=True), 303)
    return show_code(ref, plain, ActivationKind.ACCOUNT, made=True)


def _change(account: Account, form: FactsForm, houses: dict[uuid.UUID, House]) -> None:
    valid_until = _last_moment(form.valid_until.data) if "valid_until" in form else account.valid_until
    change_facts(session, account=account, shown_name=form.shown_name.data, valid_until=valid_until, now=now(), by=by())
    if "houses" in form:
        _let_in(account, [houses[one].id for one in form.houses.data], among=[house.id for house in houses.values()])
    if "disciplines" in form:
        change_disciplines(session, account=account, disciplines=form.disciplines.data, now=now(), by=by())


def _change_role(account: Account, wanted: Role | None, *, is_head: bool) -> None:
    if wanted in SECOND_PERSON and (wanted, is_head) != (account.role, account.is_head):
        ask_role(session, account=account, role=wanted, is_head=is_head, now=now(), by=by())
        return
    held = [] if account.role is not None or wanted is None else _held(account)
    give_role(session, account=account, role=wanted, is_head=is_head, now=now(), by=by())
    if held:
        # She was let in as someone who does not sign in: whether she may look into the house is another question.
        change_clearances(session, account=account, house_ids=(), among=held, now=now(), by=by())
        _let_in(account, held, among=held)


def _let_in(account: Account, wanted: list[int], *, among: list[int] | tuple[()]) -> None:
    """Of the houses in `among` she works in exactly these. A new one counts once a manager of that house agrees; one
    that has no manager yet counts at once."""
    held = _held(account)
    new = [house for house in wanted if house not in held]
    at_once = ask_houses(session, account=account, house_ids=new, now=now(), by=by()) if new else []
    kept = [house for house in wanted if house in held]
    change_clearances(session, account=account, house_ids=[*kept, *at_once], among=among, now=now(), by=by())
    withdraw_houses(
        session, account=account, house_ids=[house for house in among if house not in wanted], now=now(), by=by()
    )


def _held(account: Account) -> list[int]:
    return list(session.scalars(cleared_house_ids(account.id)))


def _fits(form: NewAccountForm, wanted: Role | None, *, is_head: bool) -> bool:
    """What belongs together, said beside the field it is about."""
    fault = why_not_role(wanted, houses=form.houses.data, disciplines=form.disciplines.data, is_head=is_head)
    if fault:
        say(form, AccountRefused(fault))
    if wanted is Role.CASEWORKER and not form.disciplines.data:
        form.refuse(_("Choose at least one discipline for a caseworker."), "disciplines")
    if wanted in {Role.STAFF, Role.CASEWORKER} and not form.houses.data and form.houses.choices:
        form.refuse(_("Choose at least one house; without one she sees no resident."), "houses")
    _future(form)
    return not form.mistakes()


def _fits_facts(form: FactsForm, account: Account) -> bool:
    if "disciplines" in form and not form.disciplines.data:
        form.refuse(_("Choose at least one discipline for a caseworker."), "disciplines")
    if (
        "houses" in form
        and account.role in {Role.STAFF, Role.CASEWORKER}
        and not form.houses.data
        and form.houses.choices
    ):
        form.refuse(_("Choose at least one house; without one she sees no resident."), "houses")
    if "valid_until" in form:
        _future(form)
    return not form.mistakes()


def _future(form: NewAccountForm | FactsForm) -> None:
    if form.valid_until.data and form.valid_until.data < today():
        form.refuse(_("This day has passed. Write today or a later day, or leave it empty."), "valid_until")


def _last_moment(day: dt.date | None) -> dt.datetime | None:
    return None if day is None else last_moment(day, office().time_zone)
