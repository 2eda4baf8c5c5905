"""What a chat message says about a family, as far as a few words of everyday Indonesian tell.

Nothing of the text itself leaves this module: the answer is made of counts, ages and our own closed lists. What is not
understood stays empty; a person looks it over before anything is written down.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from safehouse.residents.models import Sex
from safehouse.shelter.choices import Need, ReferralSource

MOST_ADULTS, MOST_CHILDREN = 10, 16
OLDEST_CHILD_MONTHS = 18 * 12 - 1
OLDEST_YEARS = 110


@dataclass(frozen=True, slots=True)
class Child:
    """Either may be unknown: a person asks."""

    sex: Sex | None
    age_months: int | None


@dataclass(frozen=True, slots=True)
class Understood:
    """What the message was understood to say. `children` are the eldest first."""

    women: int = 0
    men: int = 0
    children: tuple[Child, ...] = ()
    needs: frozenset[Need] = frozenset()
    source: ReferralSource | None = None

    @property
    def nothing(self) -> bool:
        return not (self.women or self.men or self.children or self.needs or self.source)


class Kind(StrEnum):
    NUMBER = auto()
    YEARS = auto()
    MONTHS = auto()
    WEEKS = auto()
    AGE = auto()  # "aged": the number after it is years
    GROWN = auto()
    WOMAN = auto()
    MAN = auto()
    CHILD = auto()
    BABY = auto()
    FEMALE = auto()
    MALE = auto()
    JOIN = auto()  # and, comma: parts of one description
    STOP = auto()  # another subject begins


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    value: int = 0


NUMBERS = {
    "se": 1, "satu": 1, "seorang": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
WORDS: dict[str, Kind] = {
    **dict.fromkeys(("th", "thn", "tahun", "taun", "y", "yo", "yr", "yrs", "years", "year"), Kind.YEARS),
    **dict.fromkeys(("bl", "bln", "bulan", "mo", "months", "month"), Kind.MONTHS),
    **dict.fromkeys(("ibu", "wanita", "mother", "woman", "women"), Kind.WOMAN),
    **dict.fromkeys(("man", "men"), Kind.MAN),
    **dict.fromkeys(("anak", "anaknya", "anak2", "anak-anak", "child", "children", "kids"), Kind.CHILD),
    **dict.fromkeys(("bayi", "bayinya", "balita", "baby", "infant"), Kind.BABY),
    **dict.fromkeys(("perempuan", "cewek", "cewe", "putri", "pr", "p", "girl", "daughter", "female"), Kind.FEMALE),
    **dict.fromkeys(
        ("laki", "laki2", "laki-laki", "lelaki", "cowok", "cowo", "putra", "lk", "l", "boy", "son", "male"), Kind.MALE
    ),
    **dict.fromkeys(("dan", "dgn", "dengan", "sama", "bawa", "membawa", "beserta", "and", "with"), Kind.JOIN),
    **dict.fromkeys(("minggu", "mgg", "weeks", "week"), Kind.WEEKS),
    **dict.fromkeys(("umur", "usia", "umurnya", "berusia", "berumur", "aged"), Kind.AGE),
    **dict.fromkeys(("dewasa", "adult", "adults"), Kind.GROWN),
    **dict.fromkeys(
        # The husband, his people and whoever writes are not among those who need a place.
        ("suami", "suaminya", "pelaku", "terlapor", "mantan", "pacar", "mertua", "tetangga", "bapak", "pak", "ayah",
         "om", "paman", "pria", "husband", "hp", "wa", "telp", "tlp", "nik", "jam", "pukul", "tgl", "rt", "rw", "no."),
        Kind.STOP,
    ),
}  # fmt: skip

NEED_WORDS: dict[Need, tuple[str, ...]] = {
    Need.PREGNANT: (r"hamil", r"mengandung", r"bumil", r"pregnant"),
    Need.WHEELCHAIR: (r"kursi\s+roda", r"kursiroda", r"wheelchair"),
    Need.GROUND_FLOOR: (
        r"(?:tidak|tdk|gak?|nggak)\s+(?:bisa|dapat|kuat)\s+naik\s+tangga",
        r"tongkat",
        r"kruk",
        r"cannot\s+climb",
    ),
    Need.ISOLATION: (r"tbc?", r"menular", r"cacar", r"campak", r"contagious"),
}  # fmt: skip
# The first that is named wins: whoever brings her usually opens the message.
SOURCE_WORDS: dict[str, ReferralSource] = {
    **dict.fromkeys(("polsek", "polres", "polresta", "polisi", "polwan", "spkt", "police"), ReferralSource.POLICE),
    **dict.fromkeys(("rsud", "puskesmas", "igd", "rumah sakit", "hospital"), ReferralSource.HEALTH),
    **dict.fromkeys(("dinsos", "dinas sosial"), ReferralSource.SOCIAL_AFFAIRS),
    **dict.fromkeys(("kejaksaan", "kejari"), ReferralSource.PROSECUTOR),
    **dict.fromkeys(("sekolah", "guru bk"), ReferralSource.SCHOOL),
    **dict.fromkeys(("desa", "kelurahan", "kades", "lurah"), ReferralSource.VILLAGE),
    **dict.fromkeys(("sapa129", "sapa 129"), ReferralSource.SAPA129),
    **dict.fromkeys(("lpsk",), ReferralSource.LPSK),
}  # fmt: skip

# Whoever is spoken of so, with children whom she brings or with nobody else, is one woman.
_HERSELF = (r"korban", r"istri", r"isteri", r"hamil", r"mengandung", r"bumil")
_BRINGS = re.compile(
    r"\b(?:ber|mem)?(?:bawa|beserta|bersama|dengan|dgn|sama|dan|punya)\s+(?:[^\W_]+\s+){0,2}?(?:anak|bayi|balita)"
)
_SHE = re.compile(r"\b(?:ia|dia)\b")

JOINS = frozenset(",;.:\n!?/()+&")
_NEGATED = r"(?:tidak|tdk|gak?|nggak?|bukan|belum|blm|no|not)\s+(?:sedang\s+|lagi\s+)?"
# Six digits and more are a number of somebody, with whatever stands between its groups. They are never read.
_LONG_NUMBER = re.compile(r"\+?\d(?:[\s.\-/()]?\d){5,}")
_PIECES = re.compile(r"\d+|[^\W\d_]+(?:[-][^\W\d_]+)?2?|[,;.:\n!?/()+&]")
# How far a pregnancy has come is no child's age, and the person who is greeted needs no bed.
_NOBODY = re.compile(
    r"\b(?:hamil|mengandung|pregnant)\w*\s+(?:sekitar\s+|kira-kira\s+|jalan\s+)?\w+\s*(?:bln|bulan|bl|mgg|minggu|months?|weeks?)\b"
    r"|\b(?:malam|pagi|siang|sore|yth\.?|dear)\s+(?:ibu|bapak|bu|pak)\b"
)
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])")


def understand(text: str) -> Understood:
    """Counts of adults, the children with sex and age, needs and the kind of source; empty where it is not told."""
    plain = _LONG_NUMBER.sub(" ; ", text.lower())
    tokens = list(_tokens(_NOBODY.sub(" ; ", plain)))
    women, men, children, somebody_grown = _people(tokens)
    if not women and not men and (somebody_grown or _is_herself(plain, children)):
        women = 1
    return Understood(
        min(women, MOST_ADULTS),
        min(men, MOST_ADULTS),
        tuple(sorted(children, key=lambda one: -(one.age_months if one.age_months is not None else -1)))[
            :MOST_CHILDREN
        ],
        frozenset(need for need, words in NEED_WORDS.items() if _names(plain, words)),
        _source(plain),
    )


def _is_herself(plain: str, children: Sequence[Child]) -> bool:
    """Nobody is called a woman, and yet one is spoken of. A child who comes alone is not made one."""
    brings = _BRINGS.search(plain) is not None
    if children and not brings:
        return False
    return _names(plain, _HERSELF) or (brings and _SHE.search(plain) is not None)


def _names(plain: str, words: Sequence[str]) -> bool:
    for word in words:
        for found in re.finditer(rf"\b{word}\b", plain):
            if not re.search(_NEGATED + "$", plain[max(0, found.start() - 24) : found.start()]):
                return True
    return False


def _source(plain: str) -> ReferralSource | None:
    found = [
        (place.start(), source)
        for word, source in SOURCE_WORDS.items()
        if (place := re.search(rf"\b{re.escape(word)}\b", plain))
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def _tokens(plain: str) -> Iterator[Token]:
    for piece in _PIECES.findall(_GLUED.sub(" ", plain)):
        if piece.isdecimal() and piece.isascii():
            if len(piece) <= 3:
                yield Token(Kind.NUMBER, int(piece))
        elif piece in JOINS:
            yield Token(Kind.JOIN)
        elif piece in NUMBERS:
            yield Token(Kind.NUMBER, NUMBERS[piece])
        elif piece in WORDS:
            yield Token(WORDS[piece])


PEOPLE = frozenset({Kind.WOMAN, Kind.MAN, Kind.CHILD, Kind.BABY})
MEASURES = frozenset({Kind.YEARS, Kind.MONTHS, Kind.WEEKS})
SEXES = {Kind.FEMALE: Sex.FEMALE, Kind.MALE: Sex.MALE}


@dataclass(slots=True)
class _Part:
    """What one stretch between two commas says."""

    number: int | None = None
    months: int | None = None
    who: Kind | None = None
    sex: Sex | None = None
    count: int | None = None
    aged: bool = False
    grown: bool = False
    foreign: bool = False

    def take_number(self) -> int | None:
        number, self.number = self.number, None
        return number

    def take(self, token: Token) -> None:
        if token.kind is Kind.NUMBER:
            self.number = token.value
        elif token.kind in PEOPLE:
            self.who, self.count = token.kind, self.take_number()
        elif token.kind in SEXES:
            self.sex = SEXES[token.kind]
            if self.months is None and self.count is None and not self.aged:
                self.count = self.take_number()
        self.aged = self.aged or token.kind is Kind.AGE
        self.grown = self.grown or token.kind is Kind.GROWN

    def take_measure(self, kind: Kind) -> None:
        """The number before this word is an age. One that cannot be is left alone."""
        number = self.number
        if number is None or number > (OLDEST_CHILD_MONTHS if kind is Kind.MONTHS else OLDEST_YEARS):
            return
        self.number = None
        if kind is Kind.YEARS:
            self.months = 12 * number
        elif kind is Kind.MONTHS:
            self.months = (self.months or 0) + number
        else:
            self.months = number // 4

    def close(self) -> "_Part":
        """A number left over is an age where the part said so."""
        if self.aged and self.months is None and self.number is not None and self.number <= OLDEST_YEARS:
            self.months = 12 * self.number
        if self.months is not None and self.months > OLDEST_CHILD_MONTHS:
            self.grown = True
        return self

    @property
    def counted(self) -> int:
        return self.count if self.count is not None and self.count <= MOST_CHILDREN else 1


def _people(tokens: Sequence[Token]) -> tuple[int, int, list[Child], bool]:
    """Read part by part. A number before a word for people counts them; a number before "years" is an age.

    Last, whether somebody is of age of whom nothing else is told.
    """
    women = men = 0
    somebody_grown = False
    announced: list[Sex | None] = []
    children: list[Child] = []
    for part in _parts(tokens):
        if part.foreign:
            continue
        if part.who is Kind.WOMAN or (part.grown and part.sex is Sex.FEMALE):
            women += part.counted
        elif part.who is Kind.MAN or (part.grown and part.sex is Sex.MALE):
            men += part.counted
        elif part.grown:
            somebody_grown = True
        elif part.who in {Kind.CHILD, Kind.BABY} and part.months is None and (part.sex is None or part.counted > 1):
            if part.who is Kind.BABY:
                children.extend([Child(part.sex, None)] * part.counted)
            else:
                announced.extend([part.sex] * part.counted)
        elif part.who is not None or part.months is not None:
            announced.extend([None] * (part.counted if part.counted > 1 else 0))
            children.append(Child(part.sex, part.months))
    # "2 children, a girl of 9, a boy of 4": announced first, then described one by one.
    children.extend(Child(sex, None) for sex in announced[len(children) :])
    return women, men, children, somebody_grown


def _parts(tokens: Sequence[Token]) -> Iterator[_Part]:
    part = _Part()
    for at, token in enumerate(tokens):
        following = tokens[at + 1].kind if at + 1 < len(tokens) else None
        if _begins_anew(part, token.kind, following):
            number = part.take_number() if token.kind in PEOPLE else None
            yield part.close()
            part = _Part(number=number, foreign=token.kind is Kind.STOP)
        if token.kind in MEASURES:
            part.take_measure(token.kind)
        else:
            part.take(token)
    yield part.close()


def _begins_anew(part: _Part, kind: Kind, following: Kind | None) -> bool:
    """Somebody else is spoken of from here on."""
    if kind is Kind.NUMBER:
        # After an age, unless it is the months of the same age.
        return part.months is not None and following is not Kind.MONTHS
    if kind in PEOPLE:
        return part.who is not None or part.months is not None
    return kind in {Kind.JOIN, Kind.STOP}
