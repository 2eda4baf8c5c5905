"""What is recorded of the matters of a family on their way through law, through the real operations.

`text` goes into whatever people write. The references that come back name what addresses are made of.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from safehouse.access.permissions import Role
from safehouse.residents.models import Household, Matter, Side
from safehouse.residents.operations.matters import open_matter
from safehouse.services.choices import Accompanied, NoticeCode, ProceduralCode, ProtectionKind, Track
from safehouse.services.models import LegalStage, PlanDomain
from safehouse.services.operations.law import (
    About,
    NewOrder,
    NewStage,
    note_notice,
    open_way,
    record_order,
    record_stage,
)
from safehouse.services.operations.mediating import ask_mediation
from safehouse.services.rules.law import MediationReason

if TYPE_CHECKING:
    from tests.web.things import Family

# What belongs to the matters of a family, and is found by nobody who may not see them.
OF_LAW = ("legal_domain", "legal_process", "protection_order", "mediation")


def go_through_law(family: "Family", domain: PlanDomain) -> dict[str, uuid.UUID]:
    """The matter the police were told of reached a verdict out of order, an order protects her, and in another one
    mediation is asked for."""
    session, now, by = family.make.session, family.now, family.by(Role.CASEWORKER)
    household = session.get_one(Household, family.mother.household_id)
    told = session.scalars(
        select(Matter).where(Matter.household_id == household.id, Matter.police_told_at.is_not(None))
    ).one()
    about = {"about": About(family.mother, told, family.today), "now": now, "by": by}
    process = open_way(session, track=Track.CRIMINAL, code=ProceduralCode.KUHAP_2025, **about)
    verdict = session.scalars(
        select(LegalStage).where(
            LegalStage.track == process.track,
            LegalStage.procedural_code == process.procedural_code,
            LegalStage.key == "verdict",
        )
    ).one()
    reached = NewStage(
        verdict,
        family.today,
        family.words("12/Pid.Sus", 80),
        Accompanied.WORKER,
        reason=family.words("Perkara sudah berjalan"),
        words=family.words("Terlapor dihukum"),
    )
    record_stage(session, process=process, new=reached, **about)
    note_notice(session, code=NoticeCode.A1, on_day=family.today, number=family.words("B/1", 80), **about)
    order = NewOrder(
        ProtectionKind.COURT,
        family.today,
        family.today + dt.timedelta(days=10),
        number=family.words("9/Pen", 80),
    )
    protects = record_order(session, new=order, **about)
    about_custody = open_matter(
        session,
        household=household,
        sides={family.mother.id: Side.VICTIM},
        sexual_violence=False,
        child_offender=False,
        victim_reported_at=None,
        now=now,
        by=by,
    )
    asking = ask_mediation(
        session,
        about=About(family.mother, about_custody, family.today),
        reason=MediationReason.OWN_WISH,
        now=now,
        by=by,
    )
    session.commit()
    return {
        "legal_domain": domain.ref,
        "legal_process": process.ref,
        "protection_order": protects.ref,
        "mediation": asking.ref,
        "legal_stage": verdict.ref,
    }
