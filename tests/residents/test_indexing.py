"""Equal numbers are found through keyed digests, however they were written; nothing can be read from them."""

import uuid

import pytest
from sqlalchemy import func, select

from safehouse.indonesian import Unreadable
from safehouse.residents.models import BlindIndex, IndexedKind, OwnerOfIndex
from safehouse.residents.operations.indexing import forget_number, index_number
from safehouse.residents.queries.indexing import owners_with, same_numbers
from tests.residents.safety import NIK, OTHER_NIK

RESIDENT, REPORTED = OwnerOfIndex.RESIDENT, OwnerOfIndex.REPORTED_PERSON


def index(session, kind, number, owner=None, owner_kind=RESIDENT):
    owner = owner or uuid.uuid4()
    index_number(session, kind=kind, owner_kind=owner_kind, owner=owner, number=number)
    return owner


@pytest.mark.parametrize("written", ["0812-0000-0001", "+62 812 0000 0001", "62812 00000001", "(0812) 0000.0001"])
def test_a_phone_is_found_however_it_was_written(session, written):
    owner = index(session, IndexedKind.PHONE, "081200000001")
    assert owners_with(session, kind=IndexedKind.PHONE, number=written, owner_kind=RESIDENT) == [owner]


def test_a_nik_is_found_with_spaces_and_without(session):
    owner = index(session, IndexedKind.NIK, f"{NIK[:6]} {NIK[6:12]} {NIK[12:]}")
    assert owners_with(session, kind=IndexedKind.NIK, number=NIK, owner_kind=RESIDENT) == [owner]
    assert owners_with(session, kind=IndexedKind.NIK, number=OTHER_NIK, owner_kind=RESIDENT) == []


def test_a_new_number_replaces_the_one_before(session):
    owner = index(session, IndexedKind.NIK, NIK)
    index(session, IndexedKind.NIK, OTHER_NIK, owner)
    assert owners_with(session, kind=IndexedKind.NIK, number=NIK, owner_kind=RESIDENT) == []
    assert session.scalar(select(func.count()).select_from(BlindIndex)) == 1


def test_a_forgotten_number_finds_nobody(session):
    owner = index(session, IndexedKind.NIK, NIK)
    forget_number(session, kind=IndexedKind.NIK, owner=owner)
    assert owners_with(session, kind=IndexedKind.NIK, number=NIK, owner_kind=RESIDENT) == []


def test_only_owners_of_the_kind_asked_for_are_found(session):
    index(session, IndexedKind.NIK, NIK, owner_kind=REPORTED)
    assert owners_with(session, kind=IndexedKind.NIK, number=NIK, owner_kind=RESIDENT) == []


def test_what_is_no_number_is_refused_and_nothing_is_kept(session):
    with pytest.raises(Unreadable):
        index(session, IndexedKind.NIK, "1234")
    assert session.scalar(select(func.count()).select_from(BlindIndex)) == 0


def test_the_digest_shows_nothing_of_the_number_and_differs_between_kinds(session):
    index(session, IndexedKind.NIK, NIK)
    (digest,) = session.scalars(select(BlindIndex.digest))
    assert len(digest) == 32 and NIK.encode() not in digest


def test_everyone_of_one_number_is_found_in_one_question(session, statements):
    mine = index(session, IndexedKind.NIK, NIK)
    his = index(session, IndexedKind.NIK, NIK, owner_kind=REPORTED)
    index(session, IndexedKind.PHONE, "0812-0000-0001", his, REPORTED)
    with statements() as count:
        (same,) = same_numbers(session, [mine], among=(RESIDENT, REPORTED))
    assert (same.mine, same.other, same.other_kind, len(count)) == (mine, his, REPORTED, 1)
