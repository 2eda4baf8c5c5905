"""One resident with one thing of each kind in her plan, all of it kept by one person, and what waits for a manager."""

import datetime as dt

from sqlalchemy import select

from safehouse.access.models import Account, Discipline, House
from safehouse.access.permissions import Role
from safehouse.residents.models import Household, Side
from safehouse.residents.operations.care import NewMedicine
from safehouse.residents.operations.matters import open_matter, tell_police
from safehouse.residents.operations.people import assign
from safehouse.services.models import Review
from safehouse.services.operations.reviewing import ask_named
from safehouse.services.queries.plans import newest_placement
from safehouse.services.rules.reviewing import Court
from safehouse.shelter.models import Bed
from safehouse.shelter.operations.intake import answer_allergies, answer_medicines
from tests.office import Make, actor
from tests.web.plans import write_plan
from tests.web.things import Family


def with_everything_planned(make: Make, bed: Bed) -> None:
    """She lives in this bed since some days; Bu Ratih keeps every domain, and has handed in a review; a
    report of somebody else is to be printed by name."""
    session, now = make.session, make.clock.now
    accounts = {one.username: one for one in session.scalars(select(Account))}
    ratih, head = accounts["ratih"], actor(accounts["hartati"])
    resident = make.resident(bed, alias="Flamboyan", arrived=now - dt.timedelta(days=5))
    written = {"session": session, "now": now, "by": actor(ratih)}
    assign(
        session,
        resident=resident,
        account=ratih,
        discipline=Discipline.SOCIAL_WORK,
        coordinator=True,
        now=now,
        by=head,
    )
    placement = newest_placement(session, resident.id)
    asked = {"placement": placement, "resident": resident, **written}
    answer_allergies(words="Penisilin: ruam", **asked)
    answer_medicines(medicines=(NewMedicine("Tablet tambah darah", "1 tablet", (dt.time(7),)),), **asked)
    matter = open_matter(
        household=session.get_one(Household, resident.household_id),
        sides={resident.id: Side.VICTIM},
        sexual_violence=False,
        child_offender=False,
        victim_reported_at=None,
        **written,
    )
    tell_police(matter=matter, told_at=now, number=None, **written)
    team = {Role.CASEWORKER: ratih, Role.STAFF: accounts["wulan"], Role.MANAGER: accounts["hartati"]}
    house = session.get_one(House, resident.house_id)
    write_plan(Family(make, house, resident, resident, team, accounts["tari"], "contoh"))
    approved = session.scalars(select(Review).where(Review.approved_at.is_not(None)).order_by(Review.id)).first()
    ask_named(review=approved, court=Court.DISTRICT, **written)
    session.commit()
