"""A chat message becomes a referral: pasted, understood as far as it goes, looked over by a person, saved."""

import uuid

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import as_ref, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.drafts import carried_text, carry_text
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Sex
from safehouse.shelter.forms.pasting import PasteForm
from safehouse.shelter.forms.referrals import ROWS, ReferralForm
from safehouse.shelter.queries.screening import may_see_family
from safehouse.shelter.rules.pasting import Child, Understood, understand
from safehouse.shelter.rules.people import INFANT_MONTHS
from safehouse.shelter.views.finding import seen_referral
from safehouse.shelter.views.pressed import pressed_bed
from safehouse.shelter.views.referrals import already_waiting, pages
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.language import moment


@pages.route("/referrals/paste", methods=["GET", "POST"])
@needs(Permission.REFERRAL_TAKE)
@opens_sealed
def paste() -> ResponseReturnValue:
    """The message is sealed at once with this person's key; nothing is written down before she has looked it over."""
    form = PasteForm(typed() or None, bed=request.args.get("bed"))
    if posted() and form.validate():
        ref = carry_text(session, text=form.text.data, now=now(), by=by())
        session.commit()
        return redirect(url_for("referrals.paste", text=ref, bed=form.bed.data or None), 303)
    text = None if posted() else _carried()
    session.commit()
    use_session(writing=False)
    if text is None:
        return render_template("shelter/referrals/paste.html", form=form, pressed=pressed_bed())
    found = understand(text)
    referral = ReferralForm(
        typed() or None, data=_prefilled(found), pasted=request.args["text"], bed=request.args.get("bed")
    )
    return render_template(
        "shelter/referrals/new.html",
        form=referral,
        waiting=already_waiting(),
        pressed=pressed_bed(),
        understood=_in_words(found),
        missing=_what_is_missing(found),
    )


@pages.get("/referrals/<uuid:ref>/message")
@needs(Permission.REFERRAL_ANSWER)
@opens_sealed
def message(ref: uuid.UUID) -> ResponseReturnValue:
    """The pasted message again, for whoever answers for the family. Every reading is recorded."""
    referral = seen_referral(ref)
    if referral.message is None or not may_see_family(
        session, referral=referral, account_id=signed().account_id, role=signed().role
    ):
        abort(404)
    wanted = [Sealed(referral, "message", referral.ref)]
    (text,) = open_values(session, now=now(), by=by(), purpose="pasted message", wanted=wanted)
    number, taken = referral.number, moment(referral.taken_at)
    session.commit()
    use_session(writing=False)
    return render_template("shelter/referrals/message.html", text=text, number=number, taken=taken)


def _carried() -> str | None:
    ref = as_ref(request.args.get("text"))
    return carried_text(session, ref=ref, now=now(), by=by()) if ref else None


def _prefilled(found: Understood) -> dict[str, object]:
    """What was understood, as the form shows it. What was not stays empty."""
    children = [{"sex": child.sex, "age": child.age_months} for child in found.children]
    somebody = bool(found.women or found.men or found.children)
    return {
        "source": found.source,
        "women": found.women if somebody else None,
        "men": found.men,
        "children": children + [{}] * max(1, ROWS - len(children)),
        "needs": sorted(found.needs),
    }


def _in_words(found: Understood) -> str:
    """For example: 1 adult woman, 3 children, of whom 1 baby."""
    babies = sum(one.age_months is not None and one.age_months < INFANT_MONTHS for one in found.children)
    parts = [
        ngettext("%(num)s adult woman", "%(num)s adult women", found.women) if found.women else "",
        ngettext("%(num)s adult man", "%(num)s adult men", found.men) if found.men else "",
        ngettext("%(num)s child", "%(num)s children", len(found.children)) if found.children else "",
        ngettext("of whom %(num)s is a baby", "of whom %(num)s are babies", babies) if babies else "",
    ]
    return ", ".join(part for part in parts if part)


def _what_is_missing(found: Understood) -> str:
    halves = sum(not _is_whole(child) for child in found.children)
    missing = []
    if found.children and not (found.women or found.men):
        missing.append(_("No adult was found in the message. Who comes with these children?"))
    if halves:
        missing.append(
            ngettext(
                "Of %(num)s child the age or sex is not told. Fill in a line for it, or it is not counted.",
                "Of %(num)s children the age or sex is not told. Fill in a line for each, or they are not counted.",
                halves,
            )
        )
    return " ".join(missing)


def _is_whole(child: Child) -> bool:
    return child.sex in set(Sex) and child.age_months is not None
