"""Forms for houses, rooms, beds and closures."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange

from safehouse.access.operations.houses import AddressPurpose
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.words import BED_KINDS, ROOM_PURPOSES
from safehouse.web.forms import ChoiceField, ChoicesField, DayField, PageForm

TIME_ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
ADDRESS_PURPOSES = {
    AddressPurpose.TRANSPORT: _l("Transport of a resident"),
    AddressPurpose.EMERGENCY_SERVICES: _l("Ambulance, fire brigade or police in an emergency"),
    AddressPurpose.OFFICIAL_LETTER: _l("Official letter"),
    AddressPurpose.OTHER_DUTY: _l("Another duty"),
}


class HouseForm(PageForm):
    name = StringField(
        _l("Name of the house"),
        [DataRequired(), Length(max=60)],
        description=_l("A neutral name, for example House Three. Never a street or a village."),
    )
    time_zone = ChoiceField(_l("Time zone"), [DataRequired()], choices=list(TIME_ZONES.items()))
    stay_limit_days = IntegerField(
        _l("First stay, days"),
        [DataRequired(), NumberRange(1, 365)],
        description=_l("1 to 365. Applies to new residents; it discharges nobody."),
    )
    boys_age = IntegerField(
        _l("Boys stay with their mother up to this age"),
        [DataRequired(), NumberRange(0, 18)],
        description=_l("Above it staff are asked; a family is never split silently."),
    )
    separation_age = IntegerField(
        _l("Boys do not share a room with other families from this age"), [DataRequired(), NumberRange(0, 18)]
    )


class AddressForm(PageForm):
    address = TextAreaField(
        _l("Address of the house"),
        [DataRequired(), Length(max=400)],
        description=_l("As a driver needs it. It is sealed when you save and is not shown here again."),
    )


class OpenAddressForm(PageForm):
    purpose = ChoiceField(
        _l("What do you need it for?"), [DataRequired()], choices=list(ADDRESS_PURPOSES.items()), coerce=AddressPurpose
    )
    code = StringField(
        _l("Current code"),
        [DataRequired(), Length(max=12)],
        description=_l("6 digits from your authenticator app. A code you have used does not count."),
    )


class RoomForm(PageForm):
    label = StringField(
        _l("Name of the room"),
        [DataRequired(), Length(max=20)],
        description=_l("Short, as written on the door: 1 or 2."),
    )
    purpose = ChoiceField(
        _l("Whom is it for?"), [DataRequired()], choices=list(ROOM_PURPOSES.items()), coerce=RoomPurpose
    )
    ground_floor = BooleanField(_l("On the ground floor"))
    wheelchair = BooleanField(_l("A wheelchair gets in"))
    isolation = BooleanField(_l("Can be used for isolation"))
    adjoining = ChoicesField(
        _l("Adjoining rooms"),
        coerce=int,
        description=_l("With a connecting door, or next door. A large family may be given both."),
    )
    position = IntegerField(
        _l("Place in the order"), [DataRequired(), NumberRange(1, 999)], description=_l("1 stands first on the board.")
    )


class BedsForm(PageForm):
    kind = ChoiceField(
        _l("What is added?"),
        [DataRequired()],
        coerce=BedKind,
        choices=[(kind, BED_KINDS[kind]) for kind in (BedKind.BED, BedKind.COT)],
    )
    count = IntegerField(
        _l("How many?"),
        [DataRequired(), NumberRange(1, 20)],
        description=_l("1 to 20. They are called A, B, C and so on."),
    )


class BedForm(PageForm):
    label = StringField(
        _l("Name of the bed"), [DataRequired(), Length(max=20)], description=_l("Short, as written on the bed: A or B.")
    )


class ClosureForm(PageForm):
    what = ChoiceField(_l("What is closed?"), [DataRequired()])
    first_day = DayField(_l("First day"), [DataRequired()])
    last_day = DayField(_l("Last day"), description=_l("Leave empty when nobody knows yet."))
    reason = StringField(
        _l("Reason"), [DataRequired(), Length(max=80)], description=_l("For example: leaking roof. No names of people.")
    )
