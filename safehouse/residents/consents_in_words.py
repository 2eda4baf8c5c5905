"""What is said about consents: why one cannot be kept, and what is read to her."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.residents.models import ConsentItem, GivenBy
from safehouse.residents.operations.consents import ConsentRefusal
from safehouse.residents.queries.consents import ConsentLine
from safehouse.residents.rules.consent_texts import ITEMS, RIGHTS
from safehouse.residents.rules.consenting import NotNow
from safehouse.residents.words import CONSENT_ITEMS, GIVEN_BY, NOT_NOW, RELATIONSHIPS, TOLD

# What is said beside the field of the witness.
OF_THE_WITNESS = frozenset(
    {ConsentRefusal.NO_WITNESS, ConsentRefusal.WITNESS_IS_READER, ConsentRefusal.WITNESS_DECIDES}
)
REFUSALS = {
    ConsentRefusal.NO_WITNESS: _l(
        "A consent needs a witness who did not read it. Choose one; in an emergency the family comes in first."
    ),
    ConsentRefusal.WITNESS_IS_READER: _l("The witness is somebody else than the one who read it. Choose another."),
    ConsentRefusal.WITNESS_DECIDES: _l(
        "Whoever decides with you is not the witness too. Choose another witness, or ask for the child later."
    ),
    ConsentRefusal.NO_SHEET: _l("The number of the sheet is missing. It stands at the top right of the paper."),
    ConsentRefusal.NOT_HERS_TO_GIVE: _l(
        "For a child her guardian answers, from 18 on she answers herself. Choose who decides."
    ),
    ConsentRefusal.GUARDIAN_IS_A_CHILD: _l("She is not yet 18 and decides for no other child. Choose someone else."),
    ConsentRefusal.GUARDIAN_REPORTED: _l(
        "A reported person never decides for this child. Choose someone else, or two of the staff decide."
    ),
    ConsentRefusal.CHILD_NOT_ASKED: _l(
        "From ten years on a child is asked what she thinks. Ask her, then write her answer."
    ),
    ConsentRefusal.UNTIL_HAS_PASSED: _l("This day has passed. Write today or a later day."),
    ConsentRefusal.UNTIL_TOO_FAR: _l("This is more than a year away. Write an earlier day; she is asked again then."),
    ConsentRefusal.AGENCY_WITHOUT_END: _l("What an agency may be told always ends. Write the last day."),
    ConsentRefusal.ALREADY_OVER: _l("This was taken back or answered anew in the meantime."),
    ConsentRefusal.ANSWERED_SINCE: _l("It was answered anew in the meantime. Load the page again."),
}


def say_item(line: ConsentLine) -> str:
    """What was agreed to; of an agency which one, and what it may be told."""
    if line.item is ConsentItem.AGENCY and line.tells is not None:
        return _("%(agency)s: %(what)s", agency=line.agency, what=str(TOLD[line.tells]))
    return str(CONSENT_ITEMS[line.item])


def say_giver(line: ConsentLine) -> str:
    """Who answered."""
    if line.given_by is not GivenBy.GUARDIAN:
        return str(GIVEN_BY[line.given_by])
    if line.guardian:
        return _("Her guardian, %(alias)s", alias=line.guardian)
    relationship = RELATIONSHIPS[line.relationship] if line.relationship else ""
    return _("Her guardian outside, %(relationship)s", relationship=str(relationship).lower())


def say_state(line: ConsentLine) -> tuple[str, str, str]:
    """Colour, icon, word."""
    if line.not_now is None:
        return "ok", "check", _("Yes")
    if line.not_now is NotNow.REFUSED:
        return "", "cross", _("No")
    kind = "care" if line.standing and line.not_now in {NotNow.GROWN_UP, NotNow.GUARDIAN_REPORTED} else ""
    return kind, "tri" if kind else "dash", str(NOT_NOW[line.not_now])


def rights_offered(language: str) -> list[tuple[str, str]]:
    return [(right.value, text.in_language(language)) for right, text in RIGHTS.items()]


def text_of(item: ConsentItem, language: str) -> str:
    """What is read to her about this item, word for word."""
    return ITEMS[item].in_language(language)
