"""What every form of the house promises, whatever page it stands on.

- Text comes without blanks around it, without invisible characters, and no longer than its field allows.
- A field that was left empty, a choice that was not offered and a date that does not exist each get a sentence that
  names the fault; what was typed comes back in every case.
- Nought is an answer: a newborn of 0 months and 0 children count as filled in.
- The sentences WTForms brings along go through our own catalogue.

The token against forged posts is not checked here: the guard does that for every request before any form exists.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale, gettext, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from safehouse.indonesian import Fault, Unreadable, read_age, read_clock, read_date_parts, read_rupiah
from safehouse.web.foreign import Posted

LONGEST_LINE = 200
LONGEST_AREA = 4000
MOST_ROWS = 99
LARGEST_NUMBER = 2**31 - 1
MOST_RUPIAH = 2_000_000_000

NOT_OFFERED = _l("This choice is not offered. Choose one of those shown.")
NOT_FILLED = _l("Not filled in yet.")
NOT_CHOSEN = _l("Not chosen yet.")
NOT_TICKED = _l("Tick this box to go on.")
NO_FILE = _l("No file chosen yet.")
NO_DATE = _l("Not filled in yet. Write day, month and year.")

# Every sentence WTForms may say through the validators and fields we use, and what we say instead. A sentence that
# is missing here would appear in English on an Indonesian page; tests/web/test_forms.py compares with the library.
BUILT_IN = {
    "This field is required.": NOT_FILLED,
    "Not a valid choice.": NOT_OFFERED,
    "Invalid Choice: could not coerce.": NOT_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": NOT_OFFERED,
    "'%(value)s' is not a valid choice for this field.": NOT_OFFERED,
    "'%(value)s' are not valid choices for this field.": NOT_OFFERED,
    "Not a valid integer value.": _l("This is not a whole number. Write digits only, for example 3."),
    "Not a valid decimal value.": _l("This is not a number. Write digits only, for example 3."),
    "Not a valid float value.": _l("This is not a number. Write digits only, for example 3."),
    "Invalid input.": _l("This cannot be read. Write it as the hint shows."),
    "Field must be equal to %(other_name)s.": _l("The two do not match. Write both again."),
    "Field must be at least %(min)d character long.": _l("Too short. Write at least %(min)d characters."),
    "Field must be at least %(min)d characters long.": _l("Too short. Write at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": _l("Too long. At most %(max)d characters fit."),
    "Field cannot be longer than %(max)d characters.": _l("Too long. At most %(max)d characters fit."),
    "Field must be exactly %(max)d character long.": _l("Write exactly %(max)d characters."),
    "Field must be exactly %(max)d characters long.": _l("Write exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write between %(min)d and %(max)d characters."),
    "Number must be at least %(min)s.": _l("Too small. Write %(min)s or more."),
    "Number must be at most %(max)s.": _l("Too large. Write %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Date must be at least %(min)s.": _l("This date is too early."),
    "Date must be at most %(max)s.": _l("This date is too late."),
    "Date must be between %(min)s and %(max)s.": _l("This date is too early or too late."),
    "Invalid value, must be one of: %(values)s.": NOT_OFFERED,
    "Invalid value, can't be any of: %(values)s.": _l("This cannot be used here. Write something else."),
}


class OurMessages:
    """Answers WTForms' look-ups in the language of the page."""

    def gettext(self, text: str) -> str:
        return str(BUILT_IN[text]) if text in BUILT_IN else gettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return str(BUILT_IN[many]) if many in BUILT_IN else ngettext(one, many, n)


# Text

# Marks that steer the direction of text come along when a number is copied from a chat. They are dropped; every
# other invisible character is refused, because nobody types one on purpose.
_STEERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_INVISIBLE_IN_AREA = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _tidy(text: object) -> object:
    """Text as it is kept: composed letters, plain line ends, nothing around it."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", _STEERING.sub("", text).replace("\r\n", "\n").strip())


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not _STEERING.sub("", value).strip()
    # An upload without a file is there, but is false.
    return not value and not isinstance(value, int | float | dt.time)


class FirstLook:
    """What is checked before a field's own validators: that it is filled in, readable, and not too long."""

    def __init__(self, *, required: bool, message: Any, longest: int) -> None:
        self.required = required
        self.message = message
        self.longest = longest

    def __call__(self, form: BaseForm, field: Field) -> None:
        if not _is_given(field):
            field.errors[:] = []
            if self.required:
                raise StopValidation(self.message or _empty_sentence(field))
            return
        if field.process_errors:
            raise StopValidation
        if isinstance(field, SelectField) and field.errors:
            raise StopValidation
        if isinstance(field.data, int) and abs(field.data) > LARGEST_NUMBER:
            raise StopValidation(_("This number is too large. Look at it again."))
        for text in field.raw_data or ():
            if isinstance(text, str) and not isinstance(field, SelectField):
                self._check_text(field, text)

    def _check_text(self, field: Field, text: str) -> None:
        kept = text if isinstance(field, PasswordField) else str(_tidy(text))
        if len(kept) > self.longest:
            raise StopValidation(
                _("Too long: %(written)s characters. At most %(longest)s fit.", written=len(kept), longest=self.longest)
            )
        forbidden = _INVISIBLE_IN_AREA if isinstance(field, TextAreaField) else _INVISIBLE
        if forbidden.search(kept):
            raise StopValidation(_("There is an invisible character in this text. Delete the text and type it again."))


def _is_given(field: Field) -> bool:
    if isinstance(field, BooleanField):
        return bool(field.data)
    if field.raw_data is None:
        return not _is_blank(field.data)
    return any(not _is_blank(value) for value in field.raw_data)


def _empty_sentence(field: Field) -> Any:
    if isinstance(field, BooleanField):
        return NOT_TICKED
    if isinstance(field, SelectField):
        return NOT_CHOSEN
    if isinstance(field, FileField):
        return NO_FILE
    return NO_DATE if isinstance(field, DayField) else NOT_FILLED


def _longest_for(field: Field) -> int:
    limits = [rule.max for rule in field.validators if isinstance(rule, Length) and rule.max >= 0]
    if isinstance(field, TextAreaField | HiddenField):
        return min(limits, default=LONGEST_AREA)
    return min(limits, default=LONGEST_LINE)


# The form


@dataclass(frozen=True)
class Mistake:
    """One line of the summary above a form: where the link leads, what the field is called, what is wrong."""

    anchor: str
    label: str
    message: str


class PageForm(Form):
    """The base of every form.

    Mark a field required with `DataRequired()` or `InputRequired()`, they mean the same here; every other field is
    shown as one that may stay empty. `Length(max=…)` replaces the usual limits of 200 characters for a line and
    4000 for an area or a hidden field. Birth dates with a year of two digits need to know the day:
    `meta={"today": date}`.
    """

    form_errors: list[Any]
    _posted: Posted | None = None

    class Meta(DefaultMeta):
        today: dt.date | None = None

        def get_translations(self, form: BaseForm) -> OurMessages:
            return OurMessages()

        def bind_field(self, form: BaseForm, unbound_field: Any, options: dict[str, Any]) -> Field:
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, FormField | FieldList):
                return field
            if isinstance(field, StringField) and not isinstance(field, PasswordField):
                field.filters = (_tidy, *field.filters)
            demands = [rule for rule in field.validators if isinstance(rule, DataRequired | InputRequired)]
            first_look = FirstLook(
                required=bool(demands),
                message=next((rule.message for rule in demands if rule.message), None),
                longest=_longest_for(field),
            )
            field.validators = [first_look, *(rule for rule in field.validators if rule not in demands)]
            return field

    def process(self, formdata: Any = None, *rest: Any, **more: Any) -> None:
        if isinstance(formdata, Posted):
            self._posted, formdata.read = formdata, True
        super().process(formdata, *rest, **more)

    def __delitem__(self, name: str) -> None:
        if self._posted is not None:
            self._posted.forget(self[name].name)
        super().__delitem__(name)

    def refuse(self, message: Any, field: str = "") -> None:
        """Say why the house refuses what the form itself allowed: beside one field, or for the whole form."""
        if field:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors = [*self.form_errors, message]

    def mistakes(self) -> list[Mistake]:
        """Everything that is wrong, in the order of the page."""
        found = [Mistake("", "", str(message)) for message in self.form_errors]
        for field in self:
            found.extend(_mistakes_in(field, ""))
        return found


def _mistakes_in(field: Field, row: str) -> Iterator[Mistake]:
    label = str(field.label.text)
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _mistakes_in(entry, str(entry.label.text))
        for message in field.errors:
            if not isinstance(message, Mapping | Sequence) or isinstance(message, str):
                yield Mistake(field.id, _before_message(label, row), str(message))
    elif isinstance(field, FormField):
        for message in field.form.form_errors:
            yield Mistake("", "", str(message))
        for inner in field.form:
            yield from _mistakes_in(inner, row)
    elif field.errors:
        yield Mistake(_anchor(field), _before_message(label, row), str(field.errors[0]))


def _before_message(label: str, row: str) -> str:
    named = f"{row}, {label}" if row and row != label else label
    return named if named.endswith("?") else f"{named}:"


def _anchor(field: Field) -> str:
    """The box the keyboard should land in."""
    if isinstance(field, DayField):
        return f"{field.id}-{field.faulty_part}"
    # The first of several radio buttons or boxes carries the plain id as well.
    return str(field.id)


# Fields that read what people write


class ReadField(Field):
    """One line that `read` turns into a value; the line itself comes back as it was written.

    Each kind of line brings its own two: `read` raises `Unreadable`, `write` is how the value is first shown.
    """

    data: Any
    read: Callable[..., Any]
    write: Callable[..., str]

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        text = valuelist[0]
        if _is_blank(text):
            return
        try:
            self.data = self.read(text)
        except Unreadable as unreadable:
            raise ValueError(sentence_for(unreadable)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(_tidy(self.raw_data[0]))
        return "" if self.data is None else self.write(self.data)


class ClockField(ReadField):
    """A time of day: 9, 9.30, 09:30 or 0930. `data` is a `datetime.time` or None."""

    def read(self, text: str) -> dt.time:
        return read_clock(text)

    def write(self, value: dt.time) -> str:
        return f"{value:%H.%M}"


class AgeField(ReadField):
    """An age: 34, 3 th, 7 bl. `data` is a number of whole months or None; a bare number means years."""

    def read(self, text: str) -> int:
        return read_age(text)

    def write(self, value: int) -> str:
        years, months = divmod(value, 12)
        if not years:
            return _("%(months)s mo", months=months)
        if not months:
            return _("%(years)s yr", years=years)
        return _("%(years)s yr %(months)s mo", years=years, months=months)


class RupiahField(ReadField):
    """An amount in whole rupiah: 350.000 or Rp 350.000. `data` is a whole number or None."""

    def read(self, text: str) -> int:
        amount = read_rupiah(text)
        if amount > MOST_RUPIAH:
            raise Unreadable(Fault.NOT_AN_AMOUNT)
        return amount

    def write(self, value: int) -> str:
        return in_thousands(value)


def in_thousands(amount: int) -> str:
    """`350.000`, as amounts are written here."""
    return f"{amount:,}".replace(",", ".")


class DayField(Field):
    """A date in three boxes, `<name>-d`, `<name>-m` and `<name>-y`. `data` is a date or None.

    A wrong date keeps its three parts, and `faulty_part` says which box to go to first.
    """

    data: Any
    PARTS = ("d", "m", "y")
    _PART_NAMES = {"day": "d", "month": "m", "year": "y", "century": "y"}

    def __init__(self, label: Any = None, validators: Any = None, *, birth: bool = False, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.birth = birth
        self.parts: tuple[str, str, str] = ("", "", "")
        self.faulty_part = "d"

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if isinstance(self.data, dt.date):
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        names = [f"{self.name}-{part}" for part in self.PARTS]
        if formdata is None or not any(name in formdata for name in names):
            if formdata is not None:
                self.raw_data = []
            return
        day, month, year = (str(_tidy((formdata.getlist(name) or [""])[0])) for name in names)
        self.parts = (day, month, year)
        self.raw_data = [day, month, year]
        self.data = None
        if not (day or month or year):
            return
        try:
            self.data = read_date_parts(day, month, year, birth=self.birth, today=self.meta.today)
        except Unreadable as unreadable:
            self.faulty_part = self._PART_NAMES.get(unreadable.detail.get("part", ""), "d")
            self.process_errors.append(sentence_for(unreadable))


# Choices


class _Offered:
    """Choices as (value, label) or (value, label, hint); a blank choice is None, never a guess."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        choices: Any = None,
        coerce: Callable[[Any], Any] = str,
        **options: Any,
    ) -> None:
        def read(value: Any) -> Any:
            if value is None or value == "":
                return None
            plain = value.value if isinstance(value, Enum) else value
            return coerce(plain if isinstance(plain, str) else str(plain))

        if not callable(choices):
            choices = [_choice_from(choice) for choice in choices or ()]
        super().__init__(label, validators, coerce=read, choices=choices, **options)  # type: ignore[call-arg]

    def _choices_from_input(self, choices: Any) -> list[SelectChoice]:
        return [_choice_from(choice) for choice in choices or ()]


def _choice_from(choice: Any) -> SelectChoice:
    if isinstance(choice, SelectChoice):
        return choice
    value, label, *hint = choice
    stored = value.value if isinstance(value, Enum) else value
    return SelectChoice(value=str(stored), label=label, render_kw={"hint": hint[0]} if hint and hint[0] else {})


class ChoiceField(_Offered, SelectField):
    """One of what is offered; `data` is a value made by `coerce` (an enum, UUID, int, str) or None.

    Set `.choices` in the view to what this person may pick: anything else that is posted is refused. A select wants
    a first choice ("", label), so that nothing is answered before anybody chose.
    """


class ChoicesField(_Offered, SelectMultipleField):
    """Any number of what is offered; `data` is a list, empty when nothing is ticked."""

    def process_data(self, value: Any) -> None:
        super().process_data(value or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value for value in valuelist if not _is_blank(value)])


class RowsField(FieldList):
    """The same few questions for several people: `RowsField(FormField(ChildForm), each=_l("Child %(n)s"))`.

    A page offers more rows than are needed; a row in which nothing was filled in is not asked for anything and is
    not among `filled`. A row number nobody was given is not a row.
    """

    entries: list[Any]

    def __init__(
        self, unbound_field: Any, label: Any = None, validators: Any = None, *, each: Any, **options: Any
    ) -> None:
        options.setdefault("max_entries", MOST_ROWS)
        super().__init__(unbound_field, label, validators, **options)
        self.each = each

    @property
    def filled(self) -> list[Any]:
        """The entries in which something was filled in."""
        return [entry for entry in self.entries if _has_answers(entry)]

    def validate(self, form: BaseForm, extra_validators: Sequence[Any] = ()) -> bool:
        every = self.entries
        self.entries = self.filled
        try:
            return bool(super().validate(form, extra_validators))
        finally:
            self.entries = every

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        row = re.compile(re.escape(prefix) + r"-([0-9]{1,3})(?:-|$)")
        for key in formdata:
            if found := row.match(key):
                yield int(found[1])

    def _add_entry(self, *args: Any, **options: Any) -> Any:
        entry = super()._add_entry(*args, **options)
        entry.label.text = str(self.each) % {"n": len(self.entries)}
        return entry


def _has_answers(entry: Field) -> bool:
    if isinstance(entry, FormField):
        return any(_has_answers(inner) for inner in entry.form)
    if isinstance(entry, FieldList):
        return any(_has_answers(inner) for inner in entry.entries)
    return _is_given(entry)


# Sentences


def sentence_for(unreadable: Unreadable) -> str:
    """What is wrong with what somebody wrote, and what to write instead."""
    detail = unreadable.detail
    match unreadable.fault:
        case Fault.NO_SUCH_DAY:
            return _("The date %(date)s does not exist.", date=_named_day(detail))
        case Fault.NO_SUCH_MONTH:
            return _("There is no month %(month)s. Write 1 to 12 or the name of the month.", month=detail["month"])
        case Fault.MISSING_PART:
            return _missing_part(detail.get("part", ""))
        case Fault.YEAR_OUT_OF_RANGE:
            return _("The year %(year)s is too far away. Write four digits, for example 2026.", year=detail["year"])
        case fault:
            return str(_SENTENCES[fault])


_SENTENCES = {
    Fault.EMPTY: NOT_FILLED,
    Fault.TOO_LONG: _l("This is too long to be read. Write it shorter."),
    Fault.CONTROL_CHARACTER: _l("There is an invisible character in this text. Delete the text and type it again."),
    Fault.NOT_ASCII_DIGITS: _l("These digits are of another script. Write them with 0 to 9."),
    Fault.NOT_A_DATE: _l("This is not a date. Write day, month and year, for example 21, 11 and 2026."),
    Fault.WRONG_WEEKDAY: _l("The day of the week does not belong to this date. Correct one of them."),
    Fault.IN_FUTURE: _l("This date has not come yet. Write an earlier date."),
    Fault.NOT_A_TIME: _l("This is not a time. Write 0.00 to 23.59, for example 09.30."),
    Fault.NOT_AN_AGE: _l("This is not an age. Write for example 34, 3 yr or 7 mo."),
    Fault.AGE_OUT_OF_RANGE: _l("This age is too high. Write for example 34, 3 yr or 7 mo."),
    Fault.NOT_A_SEX: _l("Write P for female or L for male."),
    Fault.NOT_A_TICK: _l("Write yes or no."),
    Fault.NOT_A_NIK: _l("This is not a NIK. A NIK has 16 digits with a date of birth in it."),
    Fault.UNKNOWN_PROVINCE: _l("This NIK begins with a province that does not exist. Look at the first two digits."),
    Fault.NOT_A_PHONE: _l("This is not a telephone number. Write for example 0812 3456 7890."),
    Fault.NOT_AN_AMOUNT: _l("This is not an amount. Write whole rupiah, for example 350.000."),
}


def _named_day(detail: dict[str, str]) -> str:
    month = get_month_names("wide", locale=get_locale())[int(detail["month"])]
    # Only 29 February depends on the year; for other days the year would distract.
    if detail["day"] == "29" and "year" in detail:
        return f"{detail['day']} {month} {detail['year']}"
    return f"{detail['day']} {month}"


def _missing_part(part: str) -> str:
    match part:
        case "day":
            return _("The day is missing.")
        case "month":
            return _("The month is missing.")
        case "century":
            return _("Write the year with four digits, for example 1994.")
        case _:
            return _("The year is missing.")


__all__ = [
    "AgeField",
    "ChoiceField",
    "ChoicesField",
    "ClockField",
    "DayField",
    "Mistake",
    "PageForm",
    "ReadField",
    "RowsField",
    "sentence_for",
]
