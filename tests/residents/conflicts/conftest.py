"""The two families of every test of this folder."""

import pytest

from tests.residents.safety import family, place


@pytest.fixture
def two(make):
    """Two families: one lives in the first house, the other comes."""
    there = place(make, "Rumah Satu")
    return there, family(make, there.beds[0], alias="Kenari"), family(make, alias="Merbau")
