"""Place one woman after another in an office's file until somebody kills this program. Each is told once it is kept.

python -m tests.shelter.placing_for_ever FILE KEY_IN_HEX
"""

import datetime as dt
import sys
import uuid

from sqlalchemy import select

from safehouse.access.models import Account, House
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.database import make_engine, session_makers
from safehouse.residents.models import Resident, Sex
from safehouse.residents.operations.people import NewPerson
from safehouse.shelter.choices import Destination, ReferralSource, Urgency
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.operations.placing import place_family
from safehouse.shelter.operations.taking import take_referral
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.referrals import family_of, needs_of
from safehouse.shelter.rules.suggesting import suggest
from safehouse.vault.keys import Vault
from tests.office import actor


def main(path: str, root: str) -> None:
    vault = Vault(bytes.fromhex(root))
    engine = make_engine(f"sqlite:///{path}", file_key=vault.file_key)
    _reading, writing = session_makers(engine, vault=vault)
    while True:
        now = dt.datetime.now(dt.UTC)
        with writing() as session:
            by = actor(session.scalars(select(Account)).first())
            living = session.scalars(select(Resident).where(Resident.house_id.is_not(None))).all()
            if living:
                depart(session, residents=living, at=now, place_kind=Destination.INDEPENDENT, now=now, by=by)
            act = begin_act(session, key=uuid.uuid4(), kind="placing:place", now=now, by=by)
            referral = take_referral(
                session, source=ReferralSource.POLICE, urgency=Urgency.NOW, people=[NewPerson(Sex.FEMALE, True, None)],
                needs=[], their_reference=None, contact="0812 0000 0001", now=now, by=by,
            )  # fmt: skip
            session.flush()
            session.refresh(referral)
            houses = house_views(session, house_ids=session.scalars(select(House.id)).all(), today=now.date(), now=now)
            place_family(
                session, referral=referral, option=suggest(family_of(referral), needs_of(referral), houses).options[0],
                aliases={0: f"Kenari {referral.number}"}, arrived_at=now,
                planned_exit=now.date() + dt.timedelta(days=14), today=now.date(), act=act, now=now, by=by,
                role=Role.MANAGER,
            )  # fmt: skip
            ref = referral.ref
            session.commit()
        print(ref, flush=True)  # noqa: T201 - the answer the other side waits for


if __name__ == "__main__":
    main(*sys.argv[1:])
