"""Indonesian first, English complete. Dates and times follow the unit's zone, written once and in one way."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.support import NullTranslations
from flask import Flask, g, request
from flask_babel import Babel, Domain, get_locale, lazy_gettext

from safehouse.access.signed import Signed

LANGUAGES = ("id", "en")
MINUTE = dt.timedelta(minutes=1)


class Sentences(Domain):
    """The catalogue of the request's language, looked up once a request: a page asks for a hundred sentences."""

    def get_translations(self) -> NullTranslations:
        here = g._get_current_object()  # noqa: SLF001 - the proxy costs more than the sentence, three times
        # The locale is part of what is kept, so that `force_locale` counts from its first sentence on.
        locale = getattr(here.get("_flask_babel"), "babel_locale", None) or get_locale()
        kept = here.get("sentences")
        if kept is None or kept[0] is not locale:
            kept = here.sentences = (locale, super().get_translations())
        translations: NullTranslations = kept[1]
        return translations


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(_translations())
    babel = Babel(app, default_locale="id", locale_selector=language)
    sentences = babel.domain_instance = Sentences()
    # Templates ask this object itself; going through the request's context costs more than the sentence.
    app.jinja_env.globals.update(_=sentences.gettext, ngettext=sentences.ngettext)
    app.jinja_env.filters.update(day=day, short_day=short_day, clock=clock, moment=moment, local=local)


def _translations() -> object:
    from pathlib import Path

    return Path(__file__).parents[1] / "translations"


def language() -> str:
    """Her own choice, else the one made in this browser, else Indonesian. Never guessed from the browser's list."""
    signed: Signed | None = g._get_current_object().get("signed")  # noqa: SLF001 - asked for each word of a page
    chosen = signed.language if signed else request.cookies.get("language")
    return chosen if chosen in LANGUAGES else "id"


def zone() -> ZoneInfo:
    """The zone times are shown in: the unit's."""
    from safehouse.web.shell import office

    return ZoneInfo(office().time_zone)


def local(when: dt.datetime) -> dt.datetime:
    return when.astimezone(zone())


def today() -> dt.date:
    """The unit's own date at the moment of this request."""
    return local(g.now).date()


def day(when: dt.date | dt.datetime | None) -> str:
    """21 November 2026."""
    return _date(_as_date(when), "d MMMM y", language()) if when else ""


def short_day(when: dt.date | dt.datetime | None, tongue: str | None = None) -> str:
    """21 Nov. Who writes many days asks once which `language` it is."""
    return _date(_as_date(when), "d MMM", tongue or language()) if when else ""


def clock(when: dt.datetime | None) -> str:
    """02.14 in Indonesian, 02:14 in English."""
    return clock_there(when, zone()) if when else ""


def moment(when: dt.datetime | None) -> str:
    """21 Nov 02.14."""
    return moment_there(when, zone()) if when else ""


def clock_there(when: dt.datetime, there: ZoneInfo) -> str:
    """02.14 by the clock of a house, with the letters of its zone where it is not the unit's."""
    on_the_wall = when.astimezone(there)
    shown = f"{on_the_wall:%H.%M}" if language() == "id" else f"{on_the_wall:%H:%M}"
    return shown if there.key == zone().key else f"{shown} {on_the_wall.tzname()}"


def moment_there(when: dt.datetime, there: ZoneInfo) -> str:
    """21 Nov 02.14, by the clock of a house."""
    return f"{short_day(when.astimezone(there).date())} {clock_there(when, there)}"


def moment_of(day: dt.date, clock: dt.time, there: ZoneInfo, *, not_before: dt.datetime | None = None) -> dt.datetime:
    """The moment somebody wrote, by the clock of the house.

    People write minutes. The minute that is running means now, and the minute in which something else happened
    (`not_before`: a stay began, a victim reported) means right after it, so that what is recorded right after an
    arrival is not taken for earlier than it.
    """
    written = dt.datetime.combine(day, clock, there).astimezone(dt.UTC)
    now: dt.datetime = g.now
    if written <= now < written + MINUTE:
        return now
    if not_before is not None and written <= not_before < written + MINUTE:
        return not_before
    return written


def _as_date(when: dt.date | dt.datetime) -> dt.date:
    return local(when).date() if isinstance(when, dt.datetime) else when


@lru_cache(maxsize=4096)
def _date(when: dt.date, pattern: str, tongue: str) -> str:
    return format_date(when, pattern, locale=tongue)


__all__ = [
    "LANGUAGES",
    "clock",
    "clock_there",
    "day",
    "language",
    "lazy_gettext",
    "local",
    "moment",
    "moment_of",
    "moment_there",
    "short_day",
    "today",
    "zone",
]
