"""One reading to a resident and what she answered, kept as the page keeps it."""

import datetime as dt

from safehouse.residents.models import (
    ConsentItem,
    Reading,
    Signing,
)
from safehouse.residents.operations.consents import (
    Answer,
    Sitting,
    record_answers,
)
from tests.office import actor

TODAY = dt.date(2026, 11, 21)


def sitting(reader, witness, **more):
    return Sitting(
        **{
            "reading": Reading.ALOUD,
            "language": "javanese",
            "signed": Signing.SPOKEN,
            "reader_id": reader.id,
            "witness_id": witness.id if witness else None,
        }
        | more
    )


def keep(session, clock, resident, staff, witness, *answers, **more):
    return record_answers(
        session,
        resident=resident,
        answers=answers or (Answer(ConsentItem.STAY, True),),
        **{"sitting": sitting(staff, witness), "today": TODAY} | more,
        now=clock.now,
        by=actor(staff),
    )
