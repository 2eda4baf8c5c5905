"""Two factors for everybody; nothing behind them without both; a code counts once, ever."""

import datetime as dt
import re
import threading

import pyotp
import pytest
from sqlalchemy import event, func, select, update

from safehouse.access.models import Account, AccountState, Factor, Level, SignIn, Throttle, Totp
from safehouse.access.operations.signing_in import burn_steps
from safehouse.access.permissions import Role
from safehouse.access.rules.codes import as_typed, matching_step, step_of
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.browsing import Browser
from tests.conftest import ENGINES
from tests.office import NOW, PASSWORD, Make

CHANGES_EVERY_TIME = re.compile(r'value="[^"]{20,}"|[0-9]+ detik|[0-9]+ seconds')


@pytest.fixture
def half_way(browser, make):
    """(account, a browser whose password was right)."""
    account = make.account(language="en")
    browser.sign_in(account, level=Level.PASSWORD).get("/sign-in/code")
    return account, browser


def plain(page):
    return CHANGES_EVERY_TIME.sub("", page)


def open_sign_ins(session, account, level=Level.FULL):
    session.expire_all()
    return session.scalar(
        select(func.count())
        .select_from(SignIn)
        .where(SignIn.account_id == account.id, SignIn.level == level, SignIn.ended_at.is_(None))
    )


# Both factors


def test_password_and_code_open_the_house(browser, make):
    account = make.account()
    answer = browser.sign_in_by_hand(account, PASSWORD)
    assert answer.status_code == 303
    assert browser.get(answer.location).status_code in {200, 303}
    assert browser.get("/sign-in/code").status_code == 404


def test_the_password_alone_opens_nothing(browser, make):
    browser.sign_in(make.account(), level=Level.PASSWORD)
    for path in ("/beds", "/residents", "/account", "/lock"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location) in {(303, "/sign-in/code"), (404, None)}, path


def test_the_code_alone_opens_nothing(browser, make):
    account = make.account()
    browser.get("/sign-in")
    assert browser.post("/sign-in/code", code=make.code(account)).location == "/sign-in"


@pytest.mark.parametrize("wrong", ["", PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, PASSWORD[:-1]])
def test_a_wrong_password_opens_nothing(browser, make, session, wrong):
    account = make.account()
    browser.get("/sign-in")
    assert browser.post("/sign-in", username=account.username, password=wrong).status_code == 200
    assert open_sign_ins(session, account, Level.PASSWORD) == 0


def test_the_user_name_may_be_typed_with_capitals_and_blanks(browser, make):
    make.account(username="dewi.lestari")
    browser.get("/sign-in")
    assert browser.post("/sign-in", username="  Dewi.Lestari ", password=PASSWORD).status_code == 303


def test_a_password_typed_in_another_composition_is_the_same(browser, make, session, app):
    """The keyboard of another computer sends é as e and an accent."""
    from safehouse.vault.operations import key_of, seal

    account = make.account()
    account.password = seal(
        session,
        account,
        "password",
        app.extensions["hasher"].hash("kaf\u00e9 di ujung jalan"),
        key=key_of(session, account.ref),
    )
    session.commit()
    browser.get("/sign-in")
    assert browser.post("/sign-in", username=account.username, password="kafe\u0301 di ujung jalan").status_code == 303


@pytest.mark.parametrize("state", [AccountState.INVITED, AccountState.DISABLED])
def test_an_account_that_is_not_active_does_not_open(browser, make, state):
    account = make.account(state=state)
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 200


def test_someone_without_a_role_has_no_sign_in(browser, make):
    assert browser.sign_in_by_hand(make.account(None), PASSWORD).status_code == 200


def test_a_password_waits_ten_minutes_for_its_code(half_way, clock, make):
    account, browser = half_way
    clock.forward(minutes=9, seconds=59)
    assert browser.get("/sign-in/code").status_code == 200
    clock.forward(seconds=1)
    assert browser.post("/sign-in/code", code=make.code(account)).location == "/sign-in"


def test_both_steps_are_in_the_record(browser, make, session):
    account = make.account()
    browser.sign_in_by_hand(account, PASSWORD)
    acts = session.execute(select(TrailEntry.act, TrailEntry.result).order_by(TrailEntry.seq.desc()).limit(5)).all()
    assert [tuple(one) for one in acts[:2]] == [(Act.SIGNED_IN, Result.DONE), (Act.CODE_CHECKED, Result.DONE)]
    assert (Act.PASSWORD_CHECKED, Result.DONE) in [tuple(one) for one in acts]


# Codes


def test_a_code_used_once_is_refused_the_second_time(browser, new_browser, make):
    account = make.account()
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    second = new_browser()
    answer = second.sign_in_by_hand(account, PASSWORD)
    assert answer.status_code == 200
    assert "Kode tidak cocok" in second.page or "code does not match" in second.page


def test_a_used_code_stays_used_after_a_failed_password(browser, new_browser, make):
    account = make.account()
    browser.sign_in_by_hand(account, PASSWORD)
    second = new_browser()
    assert second.sign_in_by_hand(account, "bukan kata sandinya").status_code == 200
    assert second.sign_in_by_hand(account, PASSWORD).status_code == 200


def test_an_older_code_in_the_window_is_refused_after_a_newer(half_way, new_browser, make):
    account, browser = half_way
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 303
    second = new_browser().sign_in(account, level=Level.PASSWORD)
    second.get("/sign-in/code")
    assert second.post("/sign-in/code", code=make.code(account, steps=-1)).status_code == 200


def test_the_code_of_the_step_before_still_counts(half_way, make):
    account, browser = half_way
    assert browser.post("/sign-in/code", code=make.code(account, steps=-1)).status_code == 303


@pytest.mark.parametrize("steps", [1, 2, -2, -3, 2880, -2880], ids=lambda n: f"{n} steps")
def test_a_code_of_another_time_is_refused(half_way, make, steps):
    account, browser = half_way
    assert browser.post("/sign-in/code", code=make.code(account, steps=steps)).status_code == 200


@pytest.mark.parametrize(
    "spelled",
    [
        lambda code: "",
        lambda code: " ",
        lambda code: code[:5],
        lambda code: code + "0",
        lambda code: "0" + code,
        lambda code: code.translate({48 + n: 0x0660 + n for n in range(10)}),
        lambda code: code.translate({48 + n: 0x06F0 + n for n in range(10)}),
        lambda code: code.translate({48 + n: 0xFF10 + n for n in range(10)}),
        " ".join,
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: f"{code[:2]} {code[2:]}",
        lambda code: f"+{code}",
        lambda code: f"{code}.0",
        lambda code: f"{int(code):x}",
        lambda code: f"{code}\u200b",
    ],
    ids=[
        "empty",
        "blank",
        "five digits",
        "seven digits",
        "leading nought",
        "Arabic-Indic",
        "Persian",
        "full-width",
        "spread out",
        "hyphen",
        "blank in the wrong place",
        "plus",
        "decimal",
        "hexadecimal",
        "invisible",
    ],
)
def test_a_code_in_another_spelling_is_refused(half_way, make, spelled):
    account, browser = half_way
    assert browser.post("/sign-in/code", code=spelled(make.code(account))).status_code == 200


@pytest.mark.parametrize("spelled", ["{a}{b}", " {a}{b} ", "{a} {b}", "\t{a}{b}\n"])
def test_a_code_may_be_pasted_with_its_blank(half_way, make, spelled):
    account, browser = half_way
    code = make.code(account)
    assert browser.post("/sign-in/code", code=spelled.format(a=code[:3], b=code[3:])).status_code == 303


def test_a_code_is_text_and_never_a_number():
    assert as_typed("012345") == "012345"
    assert as_typed("12345") is None
    with pytest.raises(AttributeError):
        as_typed(123456)  # type: ignore[arg-type]


def test_a_code_sent_as_a_number_in_json_is_not_read_at_all(half_way, make):
    account, browser = half_way
    answer = browser.client.post("/sign-in/code", json={"code": int(make.code(account)), "csrf_token": browser.token})
    assert answer.status_code == 400


def test_neighbouring_steps_with_the_same_digits_are_both_tried():
    """Were only the newest match looked at, a spent step would hide a fresh one with the same digits."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    step = step_of(NOW)
    code = pyotp.TOTP(secret).at(step * 30)
    assert matching_step(secret, code, now=NOW, last_step=step - 1) == step
    assert matching_step(secret, code, now=NOW, last_step=step) is None
    assert matching_step(secret, code, now=NOW + dt.timedelta(seconds=30), last_step=step - 1) == step


@pytest.mark.parametrize("kind", ENGINES)
def test_sixteen_requests_with_one_code_give_one_sign_in(lone_app, kind):
    app = lone_app(kind)
    with app.extensions["db_writing"](expire_on_commit=False) as session:
        make = Make(session, app.extensions["test_clock"])
        account = make.account()
        # Eight browsers, each of which presses twice.
        tokens = [Browser(app, make).sign_in(account, level=Level.PASSWORD) for _ in range(8)]
        code = make.code(account)
    start, answers = threading.Barrier(16), []

    def press(browser):
        client = app.test_client()
        client.set_cookie("sid", browser.client.get_cookie("sid").value)
        start.wait()
        answers.append(client.post("/sign-in/code", data={"csrf_token": browser.token, "code": code}))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in tokens for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 16
    assert {answer.status_code for answer in answers} <= {200, 303}
    with app.extensions["db_reading"]() as session:
        assert open_sign_ins(session, account) == 1
    assert sum("device" in str(answer.headers.getlist("Set-Cookie")) for answer in answers) == 1


def test_a_spent_step_never_comes_back(half_way, session, make, clock):
    account, browser = half_way
    totp = session.scalars(select(Totp).where(Totp.account_id == account.id)).one()
    burn_steps(session, totp=totp, wall=clock.now)
    session.commit()
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 200
    clock.forward(seconds=30)
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 200
    clock.forward(seconds=30)
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 303


def test_a_clock_that_jumped_ahead_and_back_is_said_so(half_way, session, make, clock):
    account, browser = half_way
    session.execute(
        update(Totp).where(Totp.account_id == account.id).values(last_step=step_of(clock.now + dt.timedelta(hours=2)))
    )
    session.commit()
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 200
    assert "clock" in browser.page


# Alike for everybody


def _answer(app, new_browser, path, **typed):
    """(status, page without what changes every time, statements)."""
    browser, seen = new_browser(), []
    browser.get(path)
    engine = app.extensions["db_engine"]
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    try:
        answer = browser.post(path, **typed)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return answer.status_code, plain(browser.page), [re.sub(r"sa_savepoint_\d+", "", one) for one in seen]


def test_unknown_and_closed_accounts_answer_like_a_wrong_password(app, new_browser, make):
    names = {
        "known": make.account().username,
        "no factor": make.account(factor=False).username,
        "invited": make.account(state=AccountState.INVITED).username,
        "disabled": make.account(state=AccountState.DISABLED).username,
        "no role": make.account(None).username,
        "unknown": "siapakah.ini",
    }
    answers = {
        name: _answer(app, new_browser, "/sign-in", username=username, password="bukan kata sandinya")
        for name, username in names.items()
    }
    status, page, statements = answers["known"]
    for name, (its_status, its_page, its_statements) in answers.items():
        assert (its_status, its_page.replace(names[name], "")) == (status, page.replace(names["known"], "")), name
        assert len(its_statements) == len(statements), name


def test_the_record_grows_alike_for_unknown_accounts(new_browser, make, session):
    def written(username):
        before = session.scalar(select(func.max(TrailEntry.seq))) or 0
        browser = new_browser()
        browser.get("/sign-in")
        browser.post("/sign-in", username=username, password="bukan kata sandinya")
        return [(one.act, one.purpose) for one in session.scalars(select(TrailEntry).where(TrailEntry.seq > before))]

    assert written(make.account().username) == written("siapakah.ini")


def test_activation_answers_alike_for_unknown_accounts(app, new_browser, make):
    invited, active = make.account(state=AccountState.INVITED), make.account()
    typed = {
        "activation_code": "ABCD EFGH JKMN",
        "password": "gerimis turun di ladang jagung",
        "password_again": "gerimis turun di ladang jagung",
    }
    answers = [
        _answer(app, new_browser, "/activation", username=name, **typed)
        for name in (invited.username, active.username, "siapakah.ini")
    ]
    pages = [
        page.replace(name, "")
        for (_, page, _), name in zip(answers, (invited.username, active.username, "siapakah.ini"), strict=True)
    ]
    assert len({status for status, _, _ in answers}) == 1
    assert len(set(pages)) == 1
    assert len({len(statements) for _, _, statements in answers}) == 1


def test_which_factor_was_wrong_is_told_only_after_the_first(browser, make):
    account = make.account(language="en")
    browser.get("/sign-in")
    browser.post("/sign-in", username=account.username, password="bukan kata sandinya")
    known = plain(browser.page).replace(account.username, "")
    browser.post("/sign-in", username="siapakah.ini", password=PASSWORD)
    assert plain(browser.page).replace("siapakah.ini", "") == known


def test_a_password_is_never_shown_again(browser, make):
    account = make.account()
    browser.get("/sign-in")
    browser.post("/sign-in", username=account.username, password="bukan kata sandinya")
    assert "bukan kata sandinya" not in browser.page


# How many


def test_a_third_sign_in_ends_the_oldest(new_browser, make, session, clock):
    account = make.account(Role.STAFF)
    browsers = []
    for _ in range(3):
        browser = new_browser()
        assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
        browsers.append(browser)
        clock.forward(seconds=61)
    assert open_sign_ins(session, account) == 2
    assert browsers[0].get("/account").location == "/sign-in?next=/account"
    assert [browser.get("/account").status_code for browser in browsers[1:]] == [200, 200]


def test_a_password_hashed_at_an_older_cost_is_hashed_anew_at_the_next_sign_in(browser, make, session, app):
    from safehouse.access.hashing import Hasher
    from safehouse.vault.operations import key_of, seal

    account = make.account()
    old = Hasher(memory_kib=32, passes=1, at_once=1).hash(PASSWORD)
    account.password = seal(session, account, "password", old, key=key_of(session, account.ref))
    session.commit()
    before = account.password
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    session.expire_all()
    assert session.get_one(Account, account.id).password != before


def test_failures_are_forgotten_after_a_success(browser, make, session, app):
    account = make.account()
    for _ in range(3):
        browser.sign_in_by_hand(account, "bukan kata sandinya")
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    session.expire_all()
    subject = app.extensions["vault"].digest("username", account.username)
    rows = session.scalars(select(Throttle).where(Throttle.subject == subject, Throttle.factor == Factor.PASSWORD))
    assert {row.failures for row in rows} == {0}
