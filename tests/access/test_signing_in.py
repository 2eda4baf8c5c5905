"""Two factors for everybody; nothing behind them without both."""
from safehouse.access.models import Level
from tests.office import PASSWORD


def test_password_and_code_open_the_house(browser, make):
    account = make.account()
    answer = browser.sign_in_by_hand(account, PASSWORD)
    assert answer.status_code == 303
    assert browser.get(answer.location).status_code in {200, 303}
    assert browser.get("/sign-in/code").status_code == 404


def test_a_code_used_once_is_refused_the_second_time(browser, new_browser, make):
    account = make.account()
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    second = new_browser()
    answer = second.sign_in_by_hand(account, PASSWORD)
    assert answer.status_code == 200
    assert "Kode tidak cocok" in second.page or "code does not match" in second.page


def test_the_password_alone_opens_nothing(browser, make):
    browser.sign_in(make.account(), level=Level.PASSWORD)
    for path in ("/beds", "/residents", "/account", "/lock"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location) in {(303, "/sign-in/code"), (404, None)}, path
