"""What a stranger installs is named, pinned and hashed, and comes from wherever that machine gets its packages."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-test.lock"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_its_hashes(lock):
    for entry in _entries(lock):
        first, *hashes = entry.split(" --hash=")
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", first.strip()), first
        assert hashes, first
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip()) for each in hashes), first


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|://|@ |^-|^#|/", text, re.MULTILINE)


def test_everything_the_product_asks_for_is_locked():
    runtime, tests = (_versions(lock) for lock in LOCKS)
    assert {_name(line) for line in PROJECT["dependencies"]} <= runtime.keys()
    assert {_name(line) for line in PROJECT["optional-dependencies"]["test"]} <= tests.keys()


def test_tests_run_on_the_versions_that_are_shipped():
    runtime, tests = (_versions(lock) for lock in LOCKS)
    assert runtime == {name: tests.get(name) for name in runtime}


def test_every_dependency_says_why_it_is_here():
    reasons = (ROOT / "docs/decisions/0001-dependencies.md").read_text().lower()
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    assert [line for line in asked if f"| {_name(line)} |" not in reasons] == []


def _entries(lock):
    return (ROOT / lock).read_text().replace("\\\n", " ").replace("    ", " ").splitlines()


def _versions(lock):
    found = {}
    for entry in _entries(lock):
        name, _, rest = entry.partition("==")
        found.setdefault(name, set()).add(rest.split(" --hash")[0].strip())
    return found


def _name(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")
