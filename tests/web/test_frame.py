"""The frame is drawn once for many people: what is kept holds nobody's data, and everyone sees her own page."""

import pytest
from flask_babel import lazy_gettext
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from safehouse.access.permissions import Role
from safehouse.web import frame as frames
from safehouse.web.escaping import escaped
from tests.browsing import Browser


@given(st.text())
def test_text_is_escaped_as_ever(text):
    assert escaped(text) == str(escape(text))


class Drawn:
    def __html__(self):
        return "<i>"


@pytest.mark.parametrize("value", [None, 5, 0.5, True, Drawn(), Markup("<b>"), ["<"], lazy_gettext("Beds")])
def test_what_is_no_text_is_escaped_as_ever(app, value):
    with app.test_request_context("/"):
        assert escaped(value) == str(escape(value))


def test_text_that_looks_like_text_but_is_another_kind_is_escaped():
    class Name(str):
        __slots__ = ()

    assert escaped(Name("<")) == "&lt;"


def test_every_shown_value_goes_through_it(app):
    source = (
        '{{ a }}{% set b %}{{ a }}{% endset %}{{ b }}{% macro m(c) %}{{ c }}{% endmacro %}{{ m(a) }}{{ m(b) }}{{ "<" }}'
    )
    drawn = app.jinja_env.from_string(source).render(a="<")
    assert drawn == "&lt;" * 5
    assert "environment.escaped(" in app.jinja_env.compile("{{ a }}", name="page.html", raw=True)


def test_two_people_with_one_look_see_their_own_names(app, make):
    house = make.house("Rumah Bambu")
    pages = {}
    for name in ("Sari Wulandari", "Budi Santoso"):
        person = make.account(Role.STAFF, house, shown_name=name)
        browser = Browser(app, make).sign_in(person)
        browser.get(f"/help?{name[:4]}=<script>")
        pages[name] = (browser.page, browser.token)
    (hers, her_token), (his, his_token) = pages.values()
    assert hers.count("Sari Wulandari") == 3 and her_token in hers and "Budi" not in hers and his_token not in hers
    assert his.count("Budi Santoso") == 3 and his_token in his and "Sari" not in his and her_token not in his
    assert "<script>" not in hers + his


def test_what_is_kept_of_a_frame_holds_nobodys_data(app, make):
    house = make.house("Rumah Bambu")
    person = make.account(Role.STAFF, house, shown_name="Sari Wulandari")
    browser = Browser(app, make).sign_in(person)
    browser.get("/help?back=here")
    look = frames.Look("id", "", Role.STAFF, "web", 0, "Teduh", False, True, False, "")
    with app.test_request_context("/help"):
        kept = "".join(frames.frame_of(look).parts)
    for own in ("Sari", "Bambu", browser.token, "back=here", "<h1"):
        assert own in browser.page.replace("&amp;", "&") and own not in kept


def test_a_frame_has_every_hole_once_more_or_less_and_no_other(app):
    look = frames.Look("id", "", Role.STAFF, "web", 0, "Teduh", False, True, False, "")
    with app.test_request_context("/help"):
        drawn = frames.frame_of(look)
    assert set(drawn.names) == set(frames.HOLES)
    assert frames.MARK not in "".join(drawn.filled(dict.fromkeys(frames.HOLES, "")))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_language_and_colours_of_another_person_do_not_stick(app, make, language, theme):
    other = Browser(app, make).sign_in(make.account(Role.STAFF))
    other.get("/help")
    person = make.account(Role.STAFF)
    person.language, person.theme = language, theme or None
    make.session.commit()
    browser = Browser(app, make).sign_in(person)
    browser.get("/help")
    assert f'<html lang="{language}"' + (f' data-theme="{theme}"' if theme else ">") in browser.page
    other.get("/help")
    assert '<html lang="id">' in other.page
