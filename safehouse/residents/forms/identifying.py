"""Forms around who a resident is: writing it down, opening it, looking for her, break-glass."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.indonesian import Unreadable, read_nik, read_phone
from safehouse.residents.rules.granting import SHORTEST_REASON
from safehouse.residents.rules.identifying import IdentityReason, SoughtBy
from safehouse.residents.words import IDENTITY_REASONS, SOUGHT_BY
from safehouse.web.forms import ChoiceField, DayField, PageForm, ReadField


class NikField(ReadField):
    """Sixteen digits. `data` is a text or None."""

    def read(self, text: str) -> str:
        return read_nik(text)

    def write(self, value: str) -> str:
        return value


class FamilyCardField(NikField):
    """A family card has a number built like a NIK. `data` is a text or None."""

    def read(self, text: str) -> str:
        try:
            return super().read(text)
        except Unreadable:
            raise ValueError(_("This is not the number of a family card. It has 16 digits.")) from None


class PhoneField(ReadField):
    """A telephone number as people write it. `data` is the international form or None."""

    def read(self, text: str) -> str:
        return read_phone(text)

    def write(self, value: str) -> str:
        return value


CODE = StringField(
    _l("Current code"),
    [DataRequired(), Length(max=12)],
    description=_l("6 digits from your authenticator app. A code you have used does not count."),
)


class OpenIdentityForm(PageForm):
    reason = ChoiceField(
        _l("For what?"), [DataRequired()], choices=list(IDENTITY_REASONS.items()), coerce=IdentityReason
    )
    code = CODE


class IdentityForm(PageForm):
    """Every field may stay empty: papers are no condition for shelter, and an empty box leaves what is there."""

    name = StringField(
        _l("Name"), [Length(max=120)], description=_l("As on a paper, or as she says it. One name is fine.")
    )
    nik = NikField(_l("NIK"), description=_l("16 digits. Only when a paper is there or she knows it."))
    sure = BooleanField(_l("I have compared the NIK with the paper"))
    phone = PhoneField(_l("Telephone"), description=_l("Her own, for example 0812-0000-0001."))
    born = DayField(_l("Date of birth"))
    home_village = StringField(_l("Home village"), [Length(max=120)], description=_l("Village and subdistrict."))
    address = TextAreaField(_l("Home address of the family"), [Length(max=400)])
    family_card = FamilyCardField(_l("Number of the family card"), description=_l("16 digits."))


class GrantForm(PageForm):
    resident = StringField(
        _l("Code of the resident"),
        [DataRequired(), Length(max=8)],
        description=_l("Four characters, for example K7Q4."),
    )
    reason = TextAreaField(
        _l("Why is it needed now?"),
        [DataRequired(), Length(min=SHORTEST_REASON, max=600)],
        description=_l("At least 20 characters. Whoever reviews it will read this."),
    )
    code = CODE


class FindForm(PageForm):
    by = ChoiceField(_l("Looked for by"), [DataRequired()], choices=list(SOUGHT_BY.items()), coerce=SoughtBy)
    sought = StringField(_l("Alias, code, NIK, telephone or name"), [DataRequired(), Length(max=120)])


class FindByAliasForm(PageForm):
    sought = StringField(_l("Alias or code"), [DataRequired(), Length(max=40)])
