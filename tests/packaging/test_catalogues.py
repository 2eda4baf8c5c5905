"""Everything on screen is there in Indonesian, and the compiled catalogues are those of the readable ones."""

import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parents[2] / "safehouse" / "translations"
CATALOGUES = sorted(TRANSLATIONS.rglob("*.po"))


def test_there_is_an_indonesian_catalogue():
    assert TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.po" in CATALOGUES


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated(catalogue):
    messages = _read(catalogue)
    left = [m.id for m in messages if m.id and (m.fuzzy or not all(_forms(m)))]
    assert left == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_fills_the_same_places_as_its_sentence(catalogue):
    assert [(message.id, str(wrong[0])) for message, wrong in _read(catalogue).check()] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_compiled_catalogue_is_the_readable_one(catalogue):
    compiled = io.BytesIO()
    write_mo(compiled, _read(catalogue))
    assert catalogue.with_suffix(".mo").read_bytes() == compiled.getvalue()


def _read(catalogue):
    with catalogue.open("rb") as file:
        return read_po(file)


def _forms(message):
    return message.string if isinstance(message.string, (list, tuple)) else [message.string]
