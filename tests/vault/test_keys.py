"""The root key lies wrapped on disk, opens only with its passphrase, and shows itself nowhere."""

import copy
import json
import logging
import pickle
import re
import secrets
import traceback

import pytest

from safehouse.vault.keys import (
    CLEAR_NAME,
    WRAPPED_NAME,
    Family,
    KeyUnreadable,
    Vault,
    fingerprint,
    new_root_key,
    random_token,
    read_clear,
    read_wrapped,
    write_clear,
    write_wrapped,
)

PASSPHRASE = "tujuh burung di kabel listrik"


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory):
    """(folder, root key): wrapped once, because unwrapping is meant to be slow."""
    folder, root = tmp_path_factory.mktemp("keys"), new_root_key()
    write_wrapped(folder, root, PASSPHRASE)
    return folder, root


def test_the_passphrase_opens_the_root_key_again(wrapped):
    folder, root = wrapped
    assert read_wrapped(folder, PASSPHRASE) == root


def test_the_file_holds_the_key_only_wrapped_and_only_for_its_owner(wrapped):
    folder, root = wrapped
    body = (folder / WRAPPED_NAME).read_bytes()
    assert root not in body
    assert root.hex().encode() not in body
    assert (folder / WRAPPED_NAME).stat().st_mode & 0o777 == 0o600
    cost = json.loads(body)
    assert (cost["memory_cost"], cost["time_cost"]) == (256 * 1024, 3)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " ", PASSPHRASE.upper(), "lain sama sekali"])
def test_a_wrong_passphrase_is_refused_and_changes_nothing(wrapped, passphrase):
    folder, _ = wrapped
    before = (folder / WRAPPED_NAME).read_bytes()
    with pytest.raises(KeyUnreadable, match="passphrase"):
        read_wrapped(folder, passphrase)
    assert (folder / WRAPPED_NAME).read_bytes() == before


def test_the_refusal_carries_neither_key_nor_passphrase(wrapped):
    folder, root = wrapped
    wrong = "rahasia yang salah"
    with pytest.raises(KeyUnreadable) as refusal:
        read_wrapped(folder, wrong)
    told = "".join(traceback.format_exception(refusal.value))
    assert wrong not in told
    assert root.hex() not in told


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666])
def test_a_key_file_others_may_read_is_refused(tmp_path, mode):
    root = new_root_key()
    write_clear(tmp_path, root).chmod(mode)
    with pytest.raises(KeyUnreadable, match="readable by others"):
        read_clear(tmp_path)
    (tmp_path / CLEAR_NAME).chmod(0o600)
    assert read_clear(tmp_path) == root


def test_a_missing_key_file_is_said_so(tmp_path):
    for read in (read_clear, lambda folder: read_wrapped(folder, PASSPHRASE)):
        with pytest.raises(KeyUnreadable, match="missing"):
            read(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"zz" * 32, b"ab" * 31, b"ab" * 33, b"{}", b"[1]"])
def test_a_damaged_key_file_is_refused_and_left_as_it_was(tmp_path, body):
    for name, read in ((CLEAR_NAME, read_clear), (WRAPPED_NAME, lambda folder: read_wrapped(folder, PASSPHRASE))):
        path = tmp_path / name
        path.write_bytes(body)
        path.chmod(0o600)
        with pytest.raises(KeyUnreadable, match="damaged"):
            read(tmp_path)
        assert path.read_bytes() == body


def test_a_key_file_is_never_written_over(tmp_path):
    first = write_clear(tmp_path, new_root_key()).read_bytes()
    with pytest.raises(FileExistsError):
        write_clear(tmp_path, new_root_key())
    assert (tmp_path / CLEAR_NAME).read_bytes() == first


def test_every_label_gives_another_key_and_always_the_same():
    vault = Vault(secrets.token_bytes(32))
    labels = [
        "db-file",
        "check",
        "trail",
        *(f"kek/{family}" for family in Family),
        *(f"digest/{purpose}" for purpose in ("username", "source", "recovery", "activation", "gate")),
    ]
    keys = [vault.derived(label) for label in labels]
    assert len(set(keys)) == len(labels)
    assert {len(key) for key in keys} == {32}
    assert vault.root not in keys
    assert Vault(vault.root).derived("trail") == vault.derived("trail")
    assert Vault(secrets.token_bytes(32)).derived("trail") != vault.derived("trail")


def test_parts_of_a_digest_do_not_run_together():
    vault = Vault(secrets.token_bytes(32))
    assert vault.digest("recovery", "ab", "c") != vault.digest("recovery", "a", "bc")
    assert vault.digest("recovery", "ab") != vault.digest("activation", "ab")


def test_a_vault_is_never_printed_pickled_or_copied():
    vault = Vault(secrets.token_bytes(32))
    derived = vault.derived("trail")
    told = f"{vault} {vault!r} {[vault]} { ({'v': vault}) }"
    for secret in (vault.root, derived):
        assert secret.hex() not in told
        assert repr(secret) not in told
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(vault, protocol)
    for copying in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            copying(vault)


def test_a_log_line_with_the_vault_in_it_says_nothing(caplog):
    vault = Vault(secrets.token_bytes(32))
    with caplog.at_level(logging.INFO):
        logging.getLogger("safehouse").info("started with %s and %r", vault, {"vault": vault})
    assert vault.root.hex() not in caplog.text
    assert repr(vault.root) not in caplog.text


def test_tokens_are_long_random_and_safe_in_a_cookie():
    tokens = {random_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    assert len({fingerprint(token.encode()) for token in tokens}) == 1000
