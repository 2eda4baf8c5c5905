"""The plug is pulled in the middle of a write, twenty times: what was answered is kept, nothing is half there."""

import random
import subprocess
import sys
import time
import uuid
from pathlib import Path

from sqlalchemy import func, select

from safehouse import schema
from safehouse.access.permissions import Role
from safehouse.database import make_engine, session_makers
from safehouse.residents.models import Resident
from safehouse.shelter.choices import ReferralState, RoomPurpose
from safehouse.shelter.models import Bed, Departure, Placement, Referral, Room, Stay
from safehouse.trail.queries import verify
from tests.office import Clock, Make

ROOT = Path(__file__).parents[2]
ROUNDS = 20


def test_a_killed_program_loses_nothing_it_had_answered_and_leaves_nothing_half(vault, tmp_path):
    path, chance, answered = tmp_path / "office.db", random.Random(58), []
    engine = make_engine(f"sqlite:///{path}", file_key=vault.file_key)
    schema.upgrade(engine)
    reading, writing = session_makers(engine, vault=vault)
    with writing() as session:
        make = Make(session, Clock())
        make.office()
        house = make.house()
        make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=2)
        make.account(Role.MANAGER, house)
    for _round in range(ROUNDS):
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.shelter.placing_for_ever", str(path), vault.root.hex()],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        answered.append(uuid.UUID(program.stdout.readline().strip()))
        time.sleep(chance.uniform(0, 0.12))
        program.kill()
        # What it had still said before the end counts as answered; a last line cut short was not said.
        said = program.stdout.read().split("\n")[:-1]
        program.wait()
        program.stdout.close()
        answered += [uuid.UUID(line) for line in said]
        with reading() as session:
            kept = set(session.scalars(select(Referral.ref).where(Referral.state == ReferralState.ACCEPTED)))
            assert set(answered) <= kept
            open_stays = session.execute(
                select(Resident.house_id, Room.house_id)
                .select_from(Stay)
                .join(Resident, Resident.id == Stay.resident_id)
                .join(Bed, Bed.id == Stay.bed_id)
                .join(Room, Room.id == Bed.room_id)
                .where(Stay.ended_at.is_(None))
            ).all()
            assert len(open_stays) == 1
            assert all(lives == sleeps for lives, sleeps in open_stays)
            counts = [session.scalar(select(func.count()).select_from(table)) for table in (Referral, Placement, Stay)]
            assert len(set(counts)) == 1, "a referral, its placement and its stay come together"
            assert session.scalar(select(func.count()).select_from(Departure)) == counts[0] - 1
            assert verify(session).whole
    assert len(answered) >= ROUNDS
    engine.dispose()
