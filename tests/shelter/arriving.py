"""What the tests of an arrival share: a family at the door, a consent read to it, and the fields of the pages."""

import re

from sqlalchemy import select

from safehouse.residents.models import DangerLevel
from safehouse.shelter.models import Referral, Screening
from safehouse.vault.operations import key_of, seal
from tests.shelter.test_placing import arrival, first_alias, first_option

RIGHTS = ["leave", "take_back", "who_read", "complain", "free"]
ALL_ITEMS = ("stay", "health_check", "counselling", "legal_aid", "photograph")
FOR_CHILDREN = ("stay", "health_check", "counselling")


def screen(make, referral, by):
    """Somebody asked the twelve questions."""
    row = Screening(
        referral_id=referral.id,
        level=DangerLevel.HIGH,
        grounds="",
        unknown=0,
        unanswered=0,
        made_at=make.clock.now,
        made_by_id=by.id,
    )
    row.answers = seal(make.session, row, "answers", "{}", key=key_of(make.session, referral.ref))
    return make.saved(row)


def reading(witness, /, **more):
    """One reading together, as the form sends it."""
    return {
        "reading": "aloud",
        "language": "indonesian",
        "rights": RIGHTS,
        "signed": "spoken",
        "witness": str(witness.ref),
        "names": "0",
    } | more


def item_fields(*positions, said="yes", children=False):
    fields = {f"item_{item}_{position}": said for position in positions for item in ALL_ITEMS}
    if children:
        fields |= {f"item_{item}": said for item in FOR_CHILDREN}
    return fields


def consent_path(referral):
    return f"/referrals/{referral.ref}/consent"


def agree(browser, referral, witness, /, *, children=(), option="", **more):
    """A mother answers for herself and for her children; everything with a yes."""
    path = consent_path(referral) + (f"?option={option}" if option else "")
    browser.get(path)
    fields = reading(witness) | item_fields(0, children=bool(children))
    if "alias_0" in browser.page:
        fields["alias_0"] = first_alias(browser.page)
    for position in children:
        fields[f"guardian_{position}"] = "adult:0"
        if f'name="opinion_{position}"' in browser.page:
            fields[f"opinion_{position}"] = "yes"
    return browser.post(path, fields=fields | more)


def come_in(browser, referral):
    """Choose the best place and record the arrival, whatever is still to be asked."""
    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    option = re.search(r"option=([0-9a-f]+)", chosen.location)[1]
    path = f"/referrals/{referral.ref}/arrival?option={option}"
    browser.get(path)
    return browser.post(path, fields=arrival(browser))


def the_referral(session):
    return session.scalars(select(Referral)).one()
