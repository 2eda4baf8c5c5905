"""What a form accepts, refuses, says and gives back, without a page or a database around it."""

import datetime as dt
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from babel.messages.extract import extract_from_file
from flask import Flask
from flask_babel import Babel, force_locale
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FormField, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, NumberRange, Optional, ValidationError

from safehouse.indonesian import Fault, Unreadable
from safehouse.web.forms import (
    BUILT_IN,
    AgeField,
    ChoiceField,
    ChoicesField,
    ClockField,
    DayField,
    Mistake,
    PageForm,
    RowsField,
    sentence_for,
)


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


class PersonForm(PageForm):
    sex = ChoiceField("Sex", [DataRequired()], choices=[("female", "Female"), ("male", "Male")])
    age = AgeField("Age", [DataRequired()])


class EveryField(PageForm):
    name = StringField("Name", [DataRequired()])
    note = TextAreaField("Note")
    word = PasswordField("Password", [DataRequired()])
    count = IntegerField("Children", [InputRequired(), NumberRange(min=0, max=20)])
    danger = ChoiceField(
        "In danger now?", [DataRequired()], coerce=Answer, choices=[(Answer.YES, "Yes"), (Answer.NO, "No")]
    )
    house = ChoiceField("House", coerce=UUID)
    needs = ChoicesField("Needs", choices=[("wheelchair", "Wheelchair", "No stairs"), ("cot", "Cot")])
    born = DayField("Born", birth=True)
    until = DayField("Until", [DataRequired()])
    at = ClockField("At", [Optional()])
    age = AgeField("Age", [DataRequired()])
    read_aloud = BooleanField("Read aloud", [DataRequired()])
    people = RowsField(FormField(PersonForm), each="Person %(n)s", min_entries=2)


GOOD = {
    "name": "Polsek Utara",
    "word": "kata sandi panjang",
    "count": "0",
    "danger": "no",
    "needs": ["cot"],
    "until-d": "21",
    "until-m": "Nov",
    "until-y": "26",
    "at": "0930",
    "age": "0 bl",
    "read_aloud": "y",
}


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    app = Flask("forms")
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def posted(**changes: str | list[str] | None) -> EveryField:
    given = GOOD | {name.replace("__", "-"): value for name, value in changes.items()}
    return EveryField(MultiDict({name: value for name, value in given.items() if value is not None}))


def errors(form: PageForm) -> dict[str, list[str]]:
    form.validate()
    return {name: [str(one) for one in found] for name, found in form.errors.items()}


def test_good_answers_become_values():
    form = posted(people__0__sex="female", people__0__age="34")
    assert form.validate(), form.errors
    assert form.danger.data is Answer.NO
    assert form.count.data == 0
    assert form.age.data == 0
    assert form.until.data == dt.date(2026, 11, 21)
    assert form.at.data == dt.time(9, 30)
    assert form.needs.data == ["cot"]
    assert [row.form.age.data for row in form.people.filled] == [34 * 12]


# Text


def test_blanks_around_text_are_dropped():
    assert posted(name="  Polsek\u00a0Utara \n").name.data == "Polsek\u00a0Utara"


def test_a_password_keeps_its_blanks():
    assert posted(word=" rahasia  panjang ").word.data == " rahasia  panjang "


def test_a_password_never_comes_back_to_the_page():
    assert "rahasia" not in str(posted(word="rahasia").word())


def test_blanks_alone_are_not_an_answer():
    assert errors(posted(name=" \u200e \t")) == {"name": ["Not filled in yet."]}


def test_lines_of_an_area_keep_their_ends_in_one_form():
    form = posted(note="satu\r\n\tdua\r\n")
    assert form.validate(), form.errors
    assert form.note.data == "satu\n\tdua"


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ud800", "\n", "\t"])
def test_a_line_refuses_invisible_characters(hidden: str):
    assert "invisible" in errors(posted(name=f"a{hidden}b"))["name"][0]


def test_an_area_refuses_invisible_characters_but_not_new_lines():
    assert "invisible" in errors(posted(note="a\x00b"))["note"][0]
    assert errors(posted(note="a\n\tb")) == {}


def test_marks_that_steer_text_are_dropped():
    form = posted(name="\u202a0812 3456\u202c")
    assert form.validate(), form.errors
    assert form.name.data == "0812 3456"


@pytest.mark.parametrize(("field", "longest"), [("name", 200), ("note", 4000), ("word", 200)])
def test_text_over_the_limit_is_refused_and_kept(field: str, longest: int):
    assert errors(posted(**{field: "a" * longest})) == {}
    form = posted(**{field: "a" * (longest + 1)})
    assert errors(form) == {field: [f"Too long: {longest + 1} characters. At most {longest} fit."]}
    assert form[field].data == "a" * (longest + 1)


def test_a_field_may_set_a_limit_of_its_own():
    class Short(PageForm):
        code = StringField("Code", [Length(max=4)])
        story = TextAreaField("Story", [Length(max=6000)])

    form = Short(MultiDict({"code": "ABCDE", "story": "a" * 5000}))
    assert errors(form) == {"code": ["Too long: 5 characters. At most 4 fit."]}


def test_five_million_letters_are_refused_in_one_sentence():
    assert len(errors(posted(note="a" * 5_000_000))["note"]) == 1


def test_a_number_the_database_cannot_hold_is_refused():
    class Free(PageForm):
        number = IntegerField("Number")

    too_large = {"number": ["This number is too large. Look at it again."]}
    assert errors(Free(MultiDict({"number": str(2**31)}))) == too_large
    assert errors(Free(MultiDict({"number": "9" * 5000})))["number"]


# Required and empty


def test_everything_required_says_so_when_nothing_is_sent():
    assert errors(EveryField(MultiDict({"x": "y"}))) == {
        "name": ["Not filled in yet."],
        "word": ["Not filled in yet."],
        "count": ["Not filled in yet."],
        "danger": ["Not chosen yet."],
        "until": ["Not filled in yet. Write day, month and year."],
        "age": ["Not filled in yet."],
        "read_aloud": ["Tick this box to go on."],
    }


def test_a_page_may_say_it_in_its_own_words():
    class Own(PageForm):
        name = StringField("Name", [DataRequired("Write who called.")])

    assert errors(Own(MultiDict({"name": ""}))) == {"name": ["Write who called."]}


def test_nought_is_an_answer():
    assert "count" not in errors(posted(count="0"))
    assert "age" not in errors(posted(age="0"))


def test_a_fault_is_not_hidden_behind_not_filled_in():
    found = errors(posted(count="tiga", age="tua", until__d="31", until__m="11"))
    assert found["count"] == ["This is not a whole number. Write digits only, for example 3."]
    assert found["age"] == ["This is not an age. Write for example 34, 3 yr or 7 mo."]
    assert found["until"] == ["The date 31 November does not exist."]


def test_a_required_field_is_known_to_the_page():
    form = EveryField()
    assert form.name.flags.required
    assert form.count.flags.required
    assert not form.note.flags.required


def test_a_rule_of_the_page_is_asked_for_empty_fields_too():
    class Either(PageForm):
        phone = StringField("Phone")
        route = ChoiceField("Route", choices=[("phone", "Phone"), ("none", "None")])

        def validate_phone(self, field: StringField) -> None:
            if self.route.data == "phone" and not field.data:
                raise ValidationError("Write the number.")

    assert errors(Either(MultiDict({"phone": "", "route": "phone"}))) == {"phone": ["Write the number."]}
    assert errors(Either(MultiDict({"phone": ""}))) == {}


# Choices


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("danger", "maybe"),
        ("danger", "YES"),
        ("danger", "yes\x00"),
        ("house", "6f9d4a52-0d6e-4a36-9f3e-2b1c7d5e8a90"),
        ("house", "1 or 1=1"),
        ("needs", ["cot", "pool"]),
        ("needs", "'; drop table stay"),
    ],
)
def test_a_choice_that_was_not_offered_is_refused(field: str, value: str | list[str]):
    form = posted(**{field: value})
    form.house.choices = [(uuid4(), "House One")]
    assert errors(form) == {field: ["This choice is not offered. Choose one of those shown."]}


def test_an_offered_choice_becomes_its_value():
    house = uuid4()
    form = posted(house=str(house))
    form.house.choices = [("", "Choose a house"), (house, "House One")]
    assert form.validate(), form.errors
    assert form.house.data == house


def test_a_blank_choice_is_no_answer():
    form = posted(house="")
    form.house.choices = [("", "Choose a house"), (uuid4(), "House One")]
    assert form.validate(), form.errors
    assert form.house.data is None
    assert errors(posted(danger="")) == {"danger": ["Not chosen yet."]}


def test_nothing_is_chosen_before_anybody_chose():
    form = EveryField()
    assert not any(choice.selected for choice in form.danger.iter_choices())


def test_what_was_chosen_comes_back_chosen():
    form = posted(danger="yes", name="")
    assert not form.validate()
    assert [choice.value for choice in form.danger.iter_choices() if choice.selected] == ["yes"]
    assert [choice.value for choice in form.needs.iter_choices() if choice.selected] == ["cot"]


def test_a_choice_may_carry_a_second_line():
    hints = [choice.render_kw.get("hint", "") for choice in EveryField().needs.iter_choices()]
    assert hints == ["No stairs", ""]


def test_nothing_ticked_is_an_empty_list():
    assert EveryField().needs.data == []
    assert posted(needs=None).needs.data == []


# Dates, times, ages


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence", "box"),
    [
        ("31", "November", "2026", "The date 31 November does not exist.", "d"),
        ("29", "2", "2027", "The date 29 February 2027 does not exist.", "d"),
        ("3", "13", "2026", "There is no month 13. Write 1 to 12 or the name of the month.", "d"),
        ("3", "", "2026", "The month is missing.", "m"),
        ("3", "11", "", "The year is missing.", "y"),
        ("", "11", "2026", "The day is missing.", "d"),
        ("tiga", "11", "2026", "This is not a date. Write day, month and year, for example 21, 11 and 2026.", "d"),
        ("3", "11", "20266", "This is not a date. Write day, month and year, for example 21, 11 and 2026.", "d"),
        ("3", "11", "1066", "The year 1066 is too far away. Write four digits, for example 2026.", "d"),
        ("٣", "11", "2026", "These digits are of another script. Write them with 0 to 9.", "d"),
        ("3" * 101, "11", "2026", "This is too long to be read. Write it shorter.", "d"),
    ],
)
def test_a_wrong_date_keeps_its_parts_and_names_the_fault(day: str, month: str, year: str, sentence: str, box: str):
    form = posted(until__d=day, until__m=month, until__y=year)
    assert errors(form) == {"until": [sentence]}
    assert form.until.parts == (day, month, year)
    assert form.until.data is None
    assert form.mistakes() == [Mistake(f"until-{box}", "Until:", sentence)]


def test_the_month_of_a_wrong_date_is_named_in_the_language_of_the_page():
    with force_locale("id"):
        assert "31 Juni" in errors(posted(until__d="31", until__m="6"))["until"][0]


def test_a_whole_date_may_be_pasted_into_the_first_box():
    assert posted(until__d="3 Maret 2027", until__m="", until__y="").until.data == dt.date(2027, 3, 3)


def test_two_digits_of_a_birth_year_need_to_know_the_day():
    born = {"born-d": "2", "born-m": "3", "born-y": "94"}
    assert EveryField(MultiDict(born), meta={"today": dt.date(2026, 11, 21)}).born.data == dt.date(1994, 3, 2)
    form = EveryField(MultiDict(born))
    form.validate()
    assert form.born.errors == ["Write the year with four digits, for example 1994."]


def test_a_date_known_before_stands_in_its_three_boxes():
    form = EveryField(until=dt.date(2026, 11, 3))
    assert form.until.parts == ("3", "11", "2026")


def test_a_date_that_was_emptied_stays_empty():
    form = EveryField(MultiDict({"until-d": "", "until-m": "", "until-y": ""}), until=dt.date(2026, 11, 3))
    assert form.until.data is None
    assert form.until.parts == ("", "", "")


@pytest.mark.parametrize("text", ["25.00", "9.75", "pagi", "9.3.0.1"])
def test_a_wrong_time_comes_back_as_it_was_written(text: str):
    form = posted(at=text)
    assert errors(form) == {"at": ["This is not a time. Write 0.00 to 23.59, for example 09.30."]}
    assert form.at._value() == text


def test_a_time_known_before_is_shown_with_a_full_stop():
    assert EveryField(at=dt.time(9, 5)).at._value() == "09.05"


@pytest.mark.parametrize(("months", "written"), [(7, "7 mo"), (36, "3 yr"), (40, "3 yr 4 mo"), (0, "0 mo")])
def test_an_age_known_before_is_written_so_that_it_can_be_read_again(months: int, written: str):
    field = EveryField(age=months).age
    assert field._value() == written
    assert posted(age=written).age.data == months


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_sentence(fault: Fault):
    detail = {"day": "31", "month": "11", "year": "2026", "part": "day", "longest": "100"}
    assert sentence_for(Unreadable(fault, **detail)).endswith(".")


# Rows


def test_a_row_in_which_nothing_was_filled_in_is_not_asked_for_anything():
    form = posted(people__0__sex="female", people__0__age="4", people__1__age=" ", people__5__age="")
    assert form.validate(), form.errors
    assert [row.form.age.data for row in form.people.filled] == [48]


def test_a_row_begun_is_asked_for_the_rest_and_named_in_the_summary():
    form = posted(people__1__sex="male", people__1__age="", people__0__age="")
    assert not form.validate()
    assert form.mistakes() == [Mistake("people-1-age", "Person 2, Age:", "Not filled in yet.")]
    assert len(form.people.entries) == 2


@pytest.mark.parametrize(
    "name", ["people-²-age", "people-٣-age", "people--1-age", "people-9999999999-age", "peoplex-1-age"]
)
def test_a_forged_row_number_is_no_row(name: str):
    form = EveryField(MultiDict(GOOD | {name: "4"}))
    assert form.validate(), form.errors
    assert form.people.filled == []


def test_there_are_never_more_rows_than_allowed():
    form = EveryField(MultiDict(GOOD | {f"people-{n}-age": "4" for n in range(500)}))
    assert len(form.people.entries) == 99


# Refusals and the summary


def test_the_summary_lists_every_mistake_in_the_order_of_the_page():
    form = posted(name="", danger=None, at="25.00")
    form.validate()
    form.refuse("Somebody else changed this referral.")
    assert form.mistakes() == [
        Mistake("", "", "Somebody else changed this referral."),
        Mistake("name", "Name:", "Not filled in yet."),
        Mistake("danger", "In danger now?", "Not chosen yet."),
        Mistake("at", "At:", "This is not a time. Write 0.00 to 23.59, for example 09.30."),
    ]


def test_a_refusal_of_the_house_stands_beside_its_field():
    form = posted()
    assert form.validate()
    form.refuse("This name is taken.", "name")
    assert form.errors == {"name": ["This name is taken."]}
    assert form.mistakes() == [Mistake("name", "Name:", "This name is taken.")]


def test_two_passwords_that_differ_are_told_apart_in_plain_words():
    class Twice(PageForm):
        one = PasswordField("One")
        two = PasswordField("Two", [EqualTo("one")])

    assert errors(Twice(MultiDict({"one": "a", "two": "b"}))) == {"two": ["The two do not match. Write both again."]}


# The library's own sentences

# Said by validators and fields we do not use: addresses of mail and net, dates of other kinds, mistakes of the author.
NEVER_SAID = re.compile(
    r"email|IP address|Mac address|URL|UUID|field name|cannot be edited|is disabled|cannot be None|datetime|week"
    r"|Not a valid (date|time) value|CSRF|token"
)

LOOKED_UP: dict[str, tuple[int, ...] | None] = {"gettext": None, "ngettext": (1, 2)}


def test_every_sentence_of_the_library_has_one_of_ours():
    spec = find_spec("wtforms")
    assert spec is not None
    assert spec.origin is not None
    library = Path(spec.origin).parent
    said: set[str] = set()
    for source in [library / "validators.py", *(library / "fields").glob("*.py")]:
        for _line, message, _comments, _context in extract_from_file("python", source, keywords=LOOKED_UP):
            said |= {message} if isinstance(message, str) else set(message)
    sentences = {one for one in said if not NEVER_SAID.search(one)}
    assert len(sentences) > 15
    assert sentences - set(BUILT_IN) == set()


def test_our_sentences_use_only_the_placeholders_the_library_fills():
    for theirs, ours in BUILT_IN.items():
        assert set(re.findall(r"%\((\w+)\)", str(ours))) <= set(re.findall(r"%\((\w+)\)", theirs))
