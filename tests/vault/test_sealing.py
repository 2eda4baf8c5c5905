"""A sealed value opens only where it was sealed, with its own key, and only by a reading that is recorded."""

import secrets
import uuid

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DatabaseError, NoResultFound

from safehouse.access.models import House, Totp
from safehouse.trail.acts import Act
from safehouse.trail.models import STRANGER, Actor, ActorKind, Result, TrailEntry, TrailSubject
from safehouse.trail.opening import NotConfirmed, SealBroken, Sealed, open_values
from safehouse.vault.keys import Family
from safehouse.vault.models import FAMILY_OF, DataKey, OwnerKind
from safehouse.vault.operations import HEAD, NONCE, key_of, new_key, seal
from tests.office import PASSWORD, actor

ADDRESS = "Jalan Pepaya 3, belakang pasar"


@pytest.fixture
def house(make, session):
    house = make.house()
    house.address = seal(session, house, "address", ADDRESS, key=key_of(session, house.ref))
    session.commit()
    return house


@pytest.fixture
def opened(session, clock, make):
    reader = actor(make.account())

    def read(*wanted, by=reader):
        values = open_values(session, now=clock.now, by=by, purpose="test", wanted=wanted)
        session.commit()
        return values

    return read


def test_what_was_sealed_opens_again(opened, house):
    assert opened(Sealed(house, "address", house.ref)) == [ADDRESS]


@pytest.mark.parametrize("text", ["", "ø", "Ibu\nKota\x1f", "😀" * 50, "a" * 5000])
def test_any_text_comes_back_as_it_was(opened, session, house, text):
    house.address = seal(session, house, "address", text, key=key_of(session, house.ref))
    assert opened(Sealed(house, "address", house.ref)) == [text]


def test_swapping_values_between_rows_columns_and_people_fails(opened, session, make, house):
    other = make.house()
    key, others_key = key_of(session, house.ref), key_of(session, other.ref)
    resident, neighbour = make.resident(), make.resident()
    resident.name = seal(session, resident, "name", "Nama", key=key_of(session, resident.ref))
    resident.nik = seal(session, resident, "nik", "3201", key=key_of(session, resident.ref))
    other.address = seal(session, other, "address", "lain", key=others_key)
    session.commit()

    other.address, own = house.address, other.address
    with pytest.raises(SealBroken):  # another row, its own key
        opened(Sealed(other, "address", other.ref))
    with pytest.raises(SealBroken):  # another row, with the key it was sealed with
        opened(Sealed(other, "address", house.ref))
    other.address = own
    with pytest.raises(SealBroken):  # the right row with another key
        opened(Sealed(house, "address", other.ref))
    resident.phone = resident.nik
    with pytest.raises(SealBroken):  # another column of the same row
        opened(Sealed(resident, "phone", resident.ref))
    neighbour.name = resident.name
    with pytest.raises(SealBroken):  # another person
        opened(Sealed(neighbour, "name", neighbour.ref))
    assert opened(Sealed(resident, "name", resident.ref)) == ["Nama"]
    assert key.ref != others_key.ref


def test_flipping_any_byte_fails(opened, session, house):
    whole = house.address
    assert len(whole) == HEAD.size + NONCE + len(ADDRESS.encode()) + 16
    for at in range(len(whole)):
        house.address = whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :]
        with pytest.raises(SealBroken):
            opened(Sealed(house, "address", house.ref))
        session.rollback()
    house.address = whole
    assert opened(Sealed(house, "address", house.ref)) == [ADDRESS]


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01\x00\x01" + bytes(11), b"\x01\x00\x01" + bytes(28), bytes(60)])
def test_a_value_cut_short_is_a_broken_seal_never_an_empty_text(opened, house, broken):
    house.address = broken
    with pytest.raises(SealBroken) as found:
        opened(Sealed(house, "address", house.ref))
    assert found.value.subject == house.ref


def test_a_wrapped_key_moved_to_another_owner_does_not_open(session, make, house, clock, lone_app):
    other = make.house()
    key, others_key = key_of(session, house.ref), key_of(session, other.ref)
    others_key.wrapped = key.wrapped
    other.address = seal(session, other, "address", "lain", key=others_key)  # the key of this session is the old one
    session.commit()
    session.info["ciphers"].clear()
    with pytest.raises(SealBroken):
        open_values(session, now=clock.now, by=STRANGER, purpose="test", wanted=[Sealed(other, "address", other.ref)])


@pytest.mark.parametrize(
    "change",
    [
        lambda key: setattr(key, "version", 2),
        lambda key: setattr(key, "owner_kind", OwnerKind.RESIDENT),
        lambda key: setattr(key, "wrapped", key.wrapped[:-1] + bytes([key.wrapped[-1] ^ 1])),
        lambda key: setattr(key, "ref", uuid.uuid4()),
    ],
    ids=["version", "family", "byte", "ref"],
)
def test_a_wrapped_key_belongs_to_its_owner_family_and_version(session, house, clock, change):
    change(key_of(session, house.ref))
    session.flush()
    session.info["ciphers"].clear()
    with pytest.raises(SealBroken):
        open_values(session, now=clock.now, by=STRANGER, purpose="test", wanted=[Sealed(house, "address", house.ref)])


def test_a_destroyed_key_opens_nothing(session, house, clock, opened):
    key = key_of(session, house.ref)
    key.wrapped, key.destroyed_at = None, clock.now
    session.commit()
    session.info["ciphers"].clear()
    with pytest.raises(SealBroken):
        opened(Sealed(house, "address", house.ref))


def test_a_key_cannot_be_half_destroyed(session, house):
    key_of(session, house.ref).wrapped = None
    with pytest.raises(DatabaseError):
        session.flush()
    session.rollback()


def test_nobody_has_two_keys_of_one_version(session, house):
    with pytest.raises(DatabaseError):
        new_key(session, owner_kind=OwnerKind.HOUSE, owner=house.ref)
    session.rollback()


def test_places_and_people_hang_on_different_families():
    assert FAMILY_OF[OwnerKind.HOUSE] is Family.LOCATION
    assert FAMILY_OF[OwnerKind.RESIDENT] is Family.IDENTITY
    assert FAMILY_OF[OwnerKind.ACCOUNT] is Family.AUTH
    assert set(FAMILY_OF) == set(OwnerKind)


def test_two_sealings_of_one_value_differ_and_no_nonce_repeats(session, house):
    key = key_of(session, house.ref)
    assert seal(session, house, "address", ADDRESS, key=key) != seal(session, house, "address", ADDRESS, key=key)
    sealed = {seal(session, house, "address", "", key=key)[HEAD.size : HEAD.size + NONCE] for _ in range(20_000)}
    assert len(sealed) == 20_000


def test_a_million_nonces_do_not_repeat():
    """Where sealing gets its nonces from: 96 random bits each."""
    assert len({secrets.token_bytes(NONCE) for _ in range(1_000_000)}) == 1_000_000


def test_without_a_key_nothing_can_be_sealed(session):
    with pytest.raises(NoResultFound):
        key_of(session, uuid.uuid4())


# Opening


def test_an_opening_is_recorded_before_the_value_is_there(session, house, clock, make):
    reader = make.account()
    open_values(
        session, now=clock.now, by=actor(reader), purpose="letter", wanted=[Sealed(house, "address", house.ref)]
    )
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (newest.act, newest.fields, newest.purpose) == (Act.VALUE_OPENED, "house.address", "letter")
    assert (newest.actor, newest.subject, newest.result) == (reader.ref, house.ref, Result.DONE)
    assert ADDRESS not in str({column.name: getattr(newest, column.name) for column in TrailEntry.__table__.columns})


def test_opening_the_files_of_several_people_names_each(session, make, clock):
    people = [make.resident() for _ in range(3)]
    for one in people:
        one.name = seal(session, one, "name", "Nama", key=key_of(session, one.ref))
    session.commit()
    open_values(
        session, now=clock.now, by=STRANGER, purpose="list", wanted=[Sealed(one, "name", one.ref) for one in people]
    )
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert newest.subject is None
    told = session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == newest.seq))
    assert set(told) == {one.ref for one in people}


def test_a_reading_that_cannot_be_recorded_fails(session, house, clock):
    """The record is unavailable: the value stays closed."""

    def refuse(_connection, _cursor, statement, *_more):
        if statement.startswith("INSERT INTO trail_entry"):
            raise OSError("no room on the disk")

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(OSError, match="no room"):
            open_values(
                session, now=clock.now, by=STRANGER, purpose="test", wanted=[Sealed(house, "address", house.ref)]
            )
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


def test_nothing_opens_in_a_reading_session(app, house, clock):
    with app.extensions["db_reading"]() as reading:
        row = reading.get_one(House, house.id)
        with pytest.raises(RuntimeError, match="writing session"):
            open_values(reading, now=clock.now, by=STRANGER, purpose="test", wanted=[Sealed(row, "address", row.ref)])


def test_who_is_not_confirmed_opens_her_own_secrets_and_nothing_else(session, make, house, opened):
    account = make.account()
    half = Actor(ActorKind.ACCOUNT, account.id, account.ref, uuid.uuid4(), confirmed=False)
    before = session.scalar(select(TrailEntry.seq).order_by(TrailEntry.seq.desc()))
    with pytest.raises(NotConfirmed):
        opened(Sealed(house, "address", house.ref), by=half)
    with pytest.raises(NotConfirmed):
        opened(Sealed(account, "password", account.ref), Sealed(house, "address", house.ref), by=half)
    assert session.scalar(select(TrailEntry.seq).order_by(TrailEntry.seq.desc())) == before
    totp = session.scalars(select(Totp).where(Totp.account_id == account.id)).one()
    assert opened(Sealed(totp, "secret", account.ref), by=half) == [make.secrets[account.id]]


def test_opening_nothing_records_nothing(session, clock):
    before = session.scalar(select(TrailEntry.seq).order_by(TrailEntry.seq.desc()))
    assert open_values(session, now=clock.now, by=STRANGER, purpose="test", wanted=[]) == []
    assert session.scalar(select(TrailEntry.seq).order_by(TrailEntry.seq.desc())) == before


def test_a_broken_seal_on_a_page_is_an_incident_in_the_record_and_shows_nothing(browser, make, session):
    """The value that is tampered with is the secret of the second step, which every sign-in opens."""
    account = make.account()
    totp = session.scalars(select(Totp).where(Totp.account_id == account.id)).one()
    totp.secret = totp.secret[:-1] + bytes([totp.secret[-1] ^ 1])
    session.commit()
    answer = browser.sign_in_by_hand(account, PASSWORD)
    assert answer.status_code == 500
    assert "SealBroken" not in browser.page
    assert str(account.ref) not in browser.page
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (newest.act, newest.result, newest.subject) == (Act.SEAL_BROKEN, Result.FAILED, account.ref)
    assert newest.actor == account.ref


def test_every_data_key_is_wrapped_for_its_own_owner(session, make):
    make.account()
    make.house()
    wrapped = list(session.scalars(select(DataKey.wrapped)))
    assert len(set(wrapped)) == len(wrapped)
    assert {len(one) for one in wrapped} == {60}
