"""What the import says: columns by meaning, why a file or a row cannot be taken, and what to do about it."""

from babel.dates import format_date, get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.indonesian import Fault
from safehouse.shelter.rules.importing.columns import LayoutFault, LayoutProblem
from safehouse.shelter.rules.importing.lines import LeftOut
from safehouse.shelter.rules.importing.meanings import Kind, Meaning
from safehouse.shelter.rules.importing.problems import Problem, Reason
from safehouse.shelter.rules.importing.register import Doubt
from safehouse.shelter.rules.importing.workbook import WhyRefused

KINDS = {
    Kind.INVENTORY: _l("Inventory"),
    Kind.REGISTER: _l("Register of residents"),
}
MEANINGS = {
    Meaning.SKIP: _l("Skip this column"),
    Meaning.NUMBER: _l("Running number"),
    Meaning.HOUSE: _l("House"),
    Meaning.ROOM: _l("Room"),
    Meaning.BED: _l("Bed"),
    Meaning.ROOM_BED: _l("Room and bed in one cell (2A)"),
    Meaning.PLACE: _l("House, room and bed in one cell"),
    Meaning.REMARK: _l("Remark"),
    Meaning.PURPOSE: _l("Whom the room is for"),
    Meaning.COTS: _l("Number of cots"),
    Meaning.ARRIVED: _l("Day of arrival"),
    Meaning.LEFT: _l("Day of leaving"),
    Meaning.ALIAS: _l("Alias"),
    Meaning.NAME: _l("Name, sealed"),
    Meaning.SEX: _l("Female or male"),
    Meaning.AGE: _l("Age on arrival"),
    Meaning.BORN: _l("Date of birth (only the month is kept)"),
    Meaning.COMPANION: _l("Children who came along, or whose child"),
    Meaning.REFERRED_BY: _l("Referred by (looked at, not kept)"),
    Meaning.DESTINATION: _l("Where she went"),
    Meaning.NIK: _l("NIK, sealed"),
    Meaning.PHONE: _l("Telephone, sealed"),
    Meaning.VIOLENCE: _l("Kind of violence (not taken over)"),
    Meaning.SERVICE: _l("Service given (not taken over)"),
}
# The same words mean another thing in the other kind of file.
_IN_THIS_KIND = {
    (Kind.INVENTORY, Meaning.REMARK): _l("Remark (closes a bed that is broken)"),
    (Kind.REGISTER, Meaning.REMARK): _l("Remark (not taken over)"),
}
WHY_REFUSED = {
    WhyRefused.EMPTY_FILE: _l("This file is empty. Choose another one."),
    WhyRefused.TOO_BIG: _l("This file is larger than 10 MB. Remove pictures or split it by year."),
    WhyRefused.NOT_A_WORKBOOK: _l("This is not a workbook. Choose an .xlsx or .csv file."),
    WhyRefused.OLD_EXCEL: _l("This is an old Excel file. Open it and save it as .xlsx."),
    WhyRefused.PASSWORD: _l("This file is protected with a password. Save it without one, then choose it again."),
    WhyRefused.MACROS: _l("This file holds macros. Save it as .xlsx without macros."),
    WhyRefused.TOO_MUCH_INSIDE: _l("This file unpacks to far more than it seems. It was not opened."),
    WhyRefused.ENTITIES: _l("This file holds something no register needs. It was not opened. Save it anew as .xlsx."),
    WhyRefused.DAMAGED: _l("This file is damaged. Open it, save it anew as .xlsx, then choose it again."),
    WhyRefused.TOO_MANY_SHEETS: _l("This file has more than 40 sheets. Keep only the one that is needed."),
    WhyRefused.TOO_MANY_ROWS: _l("This file has more than 10,000 rows. Split it by year."),
    WhyRefused.TOO_MANY_COLUMNS: _l("This file has more than 60 columns. Delete those that are not needed."),
    WhyRefused.NO_ROWS: _l("There are no filled rows in this file."),
    WhyRefused.NO_HEADINGS: _l("No headings were found in this file. Write a row with a heading above each column."),
}
LEFT_OUT = {
    LeftOut.TOTAL: _l("rows of totals"),
    LeftOut.HEADING: _l("repeated headings"),
    LeftOut.COLUMN_NUMBERS: _l("rows of column numbers"),
    LeftOut.NOTE: _l("rows with nothing but a number or a note"),
    LeftOut.ON_PURPOSE: _l("rows left out on purpose"),
}
DOUBTS = {
    Doubt.CHILDREN_DIFFER: _l("The number of children is not the number of rows that belong to her."),
    Doubt.AGE_DIFFERS: _l("Age and date of birth disagree; the date of birth was taken."),
    Doubt.NIK_OTHER_SEX: _l("The NIK is that of the other sex."),
    Doubt.NIK_OTHER_BIRTH_DATE: _l("The NIK holds another date of birth."),
    Doubt.SOURCE_NOT_RECOGNISED: _l("Who referred her was not recognised."),
    Doubt.DESTINATION_NOT_RECOGNISED: _l("Where she went was not recognised and becomes “not known”."),
}

_FAULTS = {
    Reason.MISSING: _l("Nothing is written here."),
    Reason.FORMULA: _l("This cell holds a formula; formulas are not worked out."),
    Reason.ERROR_VALUE: _l("This cell shows an error of the spreadsheet."),
    Reason.CONTROL_CHARACTER: _l("There is an invisible character in this cell."),
    Reason.TOO_LONG: _l("This text is too long."),
    Reason.NOT_A_COUNT: _l("This is not a number of cots."),
    Reason.BED_TWICE: _l("This bed is already in row %(other)s."),
    Reason.PURPOSE_DIFFERS: _l("Row %(other)s says something else about this room."),
    Reason.PLACE_UNREADABLE: _l("House, room and bed cannot be told apart."),
    Reason.BED_UNKNOWN: _l("There is no such bed."),
    Reason.HOUSE_NOT_HERS: _l("There is a house of this name already that you do not work in, or that is closed."),
    Reason.LEFT_BEFORE_ARRIVING: _l("The day of leaving, %(until)s, is before the day of arrival, %(since)s."),
    Reason.ARRIVES_IN_FUTURE: _l("This day of arrival has not come yet."),
    Reason.LEAVES_IN_FUTURE: _l("This day of leaving has not come yet."),
    Reason.BORN_AFTER_ARRIVING: _l("The date of birth is after the day of arrival."),
    Reason.ROW_TWICE: _l("The same is written in row %(other)s."),
    Reason.PERSON_TWICE: _l("The person of row %(other)s is in two places on the same days."),
    Reason.COMPANION_MISSING: _l("The row this child belongs to is not in the file."),
    Reason.COMPANION_UNCLEAR: _l("Whose child this is cannot be told."),
}
_REMEDIES = {
    Reason.MISSING: _l("Write what the old register says, or leave the row out."),
    Reason.UNREADABLE: _l("Look into the old register and write it anew."),
    Reason.FORMULA: _l("Write the value itself."),
    Reason.ERROR_VALUE: _l("Write the value itself."),
    Reason.CONTROL_CHARACTER: _l("Type it again."),
    Reason.TOO_LONG: _l("Write it shorter."),
    Reason.NOT_A_COUNT: _l("Write a number from 0 to 10."),
    Reason.BED_TWICE: _l("Correct one of the two rows, or leave one out."),
    Reason.PURPOSE_DIFFERS: _l("Write the same in both rows."),
    Reason.PLACE_UNREADABLE: _l("Write for example Rumah Satu / 2A."),
    Reason.BED_UNKNOWN: _l("Correct the bed, or add it to the inventory first."),
    Reason.HOUSE_NOT_HERS: _l("Write another name, or ask the security officer for access to the house."),
    Reason.BED_TAKEN: _l("Correct a bed or a date, or leave one of the two out."),
    Reason.LEFT_BEFORE_ARRIVING: _l("Correct one of the two dates."),
    Reason.ARRIVES_IN_FUTURE: _l("Correct the date."),
    Reason.LEAVES_IN_FUTURE: _l("Correct the date; for someone who still lives here write masih."),
    Reason.BORN_AFTER_ARRIVING: _l("Correct one of the two dates."),
    Reason.ROW_TWICE: _l("Leave one of the two out."),
    Reason.PERSON_TWICE: _l("Correct the dates, or leave one of the two out."),
    Reason.COMPANION_MISSING: _l("Write the mother's number, or - if the child came alone."),
    Reason.COMPANION_UNCLEAR: _l("Write for example ikut no 4, or how many children came."),
}
_UNREADABLE = {
    Fault.EMPTY: _l("Nothing is written here."),
    Fault.TOO_LONG: _l("This text is too long."),
    Fault.CONTROL_CHARACTER: _l("There is an invisible character in this cell."),
    Fault.NOT_ASCII_DIGITS: _l("These digits are of another script. Write them with 0 to 9."),
    Fault.MISSING_PART: _l("The date is not complete."),
    Fault.NOT_A_DATE: _l("This is not a date."),
    Fault.NO_SUCH_DAY: _l("The date %(date)s does not exist."),
    Fault.NO_SUCH_MONTH: _l("There is no month %(month)s."),
    Fault.YEAR_OUT_OF_RANGE: _l("This year is too far away."),
    Fault.WRONG_WEEKDAY: _l("The day of the week does not belong to this date. Correct one of them."),
    Fault.IN_FUTURE: _l("This date has not come yet."),
    Fault.NOT_A_TIME: _l("This is not a time."),
    Fault.NOT_AN_AGE: _l("This is not an age. Write for example 34, 3 yr or 7 mo."),
    Fault.AGE_OUT_OF_RANGE: _l("This age is too high. Write for example 34, 3 yr or 7 mo."),
    Fault.NOT_A_SEX: _l("Write P for female or L for male."),
    Fault.NOT_A_TICK: _l("Write yes or no."),
    Fault.NOT_A_NIK: _l("This is not a NIK. A NIK has 16 digits with a date of birth in it."),
    Fault.UNKNOWN_PROVINCE: _l("This NIK begins with a province that does not exist. Look at the first two digits."),
    Fault.NOT_A_PHONE: _l("This is not a telephone number. Write for example 0812 3456 7890."),
    Fault.NOT_AN_AMOUNT: _l("This is not an amount."),
}
# What must be there, said as what is missing.
_MISSING_COLUMNS = {
    Meaning.PLACE: _l("No column says which bed. Choose one for the bed, or one each for house, room and bed."),
    Meaning.ARRIVED: _l("No column says when they arrived. Choose one for the day of arrival."),
    Meaning.SEX: _l("No column says female or male. Choose one."),
    Meaning.AGE: _l("No column says how old they were. Choose one for the age or the date of birth."),
}


def meaning_in_words(kind: Kind, meaning: Meaning) -> str:
    return str(_IN_THIS_KIND.get((kind, meaning), MEANINGS[meaning]))


def layout_problem_in_words(kind: Kind, problem: LayoutProblem) -> str:
    if problem.fault is LayoutFault.MISSING:
        return str(_MISSING_COLUMNS[problem.meaning])
    return _(
        "Two columns are taken for “%(meaning)s”. Only one can be it.", meaning=meaning_in_words(kind, problem.meaning)
    )


def column_in_words(kind: Kind, problem: Problem) -> str:
    """The heading in the file; where the fault lies in no single column, what it is about."""
    if problem.heading:
        return problem.heading
    return meaning_in_words(kind, problem.meaning) if problem.meaning else _("The whole row")


def fault_in_words(problem: Problem) -> str:
    """What cannot be true."""
    if problem.reason is Reason.UNREADABLE and problem.fault is not None:
        return _unreadable(problem.fault, dict(problem.detail))
    if problem.reason is Reason.BED_TAKEN:
        return _taken(problem)
    return str(_FAULTS[problem.reason]) % {
        "other": problem.other_row,
        "since": _day(problem.since),
        "until": _day(problem.until),
    }


def remedy_in_words(problem: Problem) -> str:
    """What to do about it."""
    return str(_REMEDIES[problem.reason])


def _taken(problem: Problem) -> str:
    since, until, other = _day(problem.since), _day(problem.until), problem.other_row
    if other is not None:
        if problem.until is None:
            return _("The person of row %(other)s has this bed since %(since)s.", other=other, since=since)
        return _(
            "The person of row %(other)s has this bed from %(since)s to %(until)s.",
            other=other,
            since=since,
            until=until,
        )
    if problem.until is None:
        return _("Someone already in Teduh has this bed since %(since)s.", since=since)
    return _("Someone already in Teduh had this bed from %(since)s to %(until)s.", since=since, until=until)


def _unreadable(fault: Fault, detail: dict[str, str]) -> str:
    # A sealed cell gives no details: the date in it would be shown by them.
    if fault is Fault.NO_SUCH_DAY and {"day", "month"} <= detail.keys():
        month = get_month_names("wide", locale=get_locale())[int(detail["month"])]
        return str(_UNREADABLE[fault]) % {"date": f"{detail['day']} {month}"}
    if fault is Fault.NO_SUCH_MONTH and "month" in detail:
        return str(_UNREADABLE[fault]) % {"month": detail["month"]}
    if fault in {Fault.NO_SUCH_DAY, Fault.NO_SUCH_MONTH}:
        return _("This date does not exist.")
    return str(_UNREADABLE[fault])


def _day(day: object) -> str:
    return format_date(day, "d MMMM y", locale=get_locale()) if day else ""  # type: ignore[arg-type]
