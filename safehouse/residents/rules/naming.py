"""Names that say nothing: aliases and codes.

Aliases are trees and woods. No flowers (the press calls victims by them), no initials, nothing that points to a place.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without 0 O 1 I L
CODE_LENGTH = 4
ALIAS_REST_DAYS = 365

TREES = (
    "Akasia",
    "Angsana",
    "Asam",
    "Bakau",
    "Bangkirai",
    "Beringin",
    "Bidara",
    "Bintangur",
    "Bintaro",
    "Bungur",
    "Cemara",
    "Cempaka",
    "Cendana",
    "Damar",
    "Dahu",
    "Durian",
    "Eboni",
    "Gaharu",
    "Gayam",
    "Gofasa",
    "Jabon",
    "Jambu",
    "Jati",
    "Jelutung",
    "Johar",
    "Juwet",
    "Kapuk",
    "Kapur",
    "Kayu Manis",
    "Kecapi",
    "Keluih",
    "Kemenyan",
    "Kemiri",
    "Kempas",
    "Kenanga Hutan",
    "Kenari",
    "Keruing",
    "Kesambi",
    "Ketapang",
    "Kluwek",
    "Kokosan",
    "Kulim",
    "Laban",
    "Lamtoro",
    "Langsat",
    "Mahoni",
    "Maja",
    "Mangga",
    "Manggis",
    "Matoa",
    "Medang",
    "Mengkudu",
    "Meranti",
    "Merbau",
    "Mersawa",
    "Mindi",
    "Nangka",
    "Nibung",
    "Nipah",
    "Nyamplung",
    "Nyatoh",
    "Pala",
    "Petai",
    "Pinus",
    "Pulai",
    "Punak",
    "Puspa",
    "Ramin",
    "Randu",
    "Rasamala",
    "Rotan",
    "Sagu",
    "Salam",
    "Sawo",
    "Sengon",
    "Simpur",
    "Sindur",
    "Sonokeling",
    "Sono",
    "Sukun",
    "Sungkai",
    "Suren",
    "Tanjung",
    "Tembesu",
    "Tengkawang",
    "Trembesi",
    "Ulin",
    "Waru",
    "Weru",
    "Wungu",
    "Zaitun",
)


def offered_aliases(taken: Collection[str], *, seed: str, page: int = 0, size: int = 8) -> list[str]:
    """Names she may choose from: free ones, in an order that stays the same for one family and differs from the next.

    `taken` are the names used in her house within a year, in any spelling.
    """
    used = {name.casefold() for name in taken}
    free = [tree for tree in TREES if tree.casefold() not in used]
    free.sort(key=lambda tree: hashlib.sha256(f"{seed}|{tree}".encode()).digest())
    if not free:
        return []
    start = (page * size) % len(free)
    return (free[start:] + free[:start])[:size]


def child_alias(adult: str, number: int, of: int) -> str:
    """A child is named after the adult it came with: "Anak Kenari", or "Anak Kenari 2" when there are several."""
    return f"Anak {adult}" if of == 1 else f"Anak {adult} {number}"


def new_code(taken: Collection[str]) -> str:
    """Four characters that carry no date, place or kind of case."""
    while (code := "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))) in taken:
        continue
    return code


def aliases_differ(aliases: Sequence[str]) -> bool:
    return len({alias.casefold() for alias in aliases}) == len(aliases)
