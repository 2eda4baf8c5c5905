"""What a person changes about her own signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from safehouse.access.rules.passwords import MOST
from safehouse.web.forms import PageForm


class OwnPasswordForm(PageForm):
    password = PasswordField(_l("Current password"), [DataRequired(), Length(max=MOST)])
    code = StringField(
        _l("Current code"),
        [DataRequired(), Length(max=12)],
        description=_l("The code changes every 30 seconds. You may paste it."),
    )
    new_password = PasswordField(
        _l("New password"),
        [DataRequired(), Length(max=1000)],
        description=_l("At least 12 characters. A short sentence is easier to remember than punctuation marks."),
    )
    new_password_again = PasswordField(_l("Write it once more"), [DataRequired(), Length(max=1000)])


class OwnCodesForm(PageForm):
    code = StringField(
        _l("Current code"),
        [DataRequired(), Length(max=12)],
        description=_l("The code changes every 30 seconds. You may paste it."),
    )
