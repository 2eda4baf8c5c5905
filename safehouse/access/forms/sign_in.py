"""Forms before the house: password, code, activation."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from safehouse.access.rules.passwords import MOST
from safehouse.web.forms import PageForm


class PasswordForm(PageForm):
    username = StringField(_l("User name"), [DataRequired(), Length(max=40)])
    password = PasswordField(_l("Password"), [DataRequired(), Length(max=MOST)])
    next = HiddenField()


class CodeForm(PageForm):
    code = StringField(
        _l("Current code"),
        [DataRequired(), Length(max=12)],
        description=_l("The code changes every 30 seconds. You may paste it."),
    )
    own_device = BooleanField(
        _l("This device is mine alone"),
        description=_l("It then locks after 15 minutes instead of 5. Never tick this on a computer of the house."),
    )


class RecoveryForm(PageForm):
    code = StringField(
        _l("Recovery code"),
        [DataRequired(), Length(max=40)],
        description=_l("One of the ten you wrote down. Blanks and small letters are fine."),
    )


class UnlockForm(PageForm):
    password = PasswordField(_l("Password"), [DataRequired(), Length(max=MOST)])
    code = StringField(
        _l("Current code"), [Length(max=12)], description=_l("You were away for a while, so the code is needed too.")
    )
    next = HiddenField()


class ActivationForm(PageForm):
    username = StringField(_l("User name"), [DataRequired(), Length(max=40)])
    activation_code = StringField(
        _l("Activation code"),
        [DataRequired(), Length(max=40)],
        description=_l("12 letters and digits. Blanks and small letters are fine."),
    )
    password = PasswordField(
        _l("New password"),
        [DataRequired(), Length(max=1000)],
        description=_l("At least 12 characters. A short sentence is easier to remember than punctuation marks."),
    )
    password_again = PasswordField(_l("Write it once more"), [DataRequired(), Length(max=1000)])


class FactorForm(PageForm):
    code = StringField(
        _l("The code shown now"),
        [DataRequired(), Length(max=12)],
        description=_l("It proves that your phone is set up. You may paste it."),
    )


class KeptCodeForm(PageForm):
    code = StringField(_l("Write one of the codes, to be sure you have them"), [DataRequired(), Length(max=40)])
