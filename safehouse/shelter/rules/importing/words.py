"""What offices write in plain words, mapped to the closed lists of the shelter where it can be recognised."""

import re
from dataclasses import dataclass
from typing import TypeVar

from safehouse.shelter.choices import Destination, ReferralSource, RoomPurpose
from safehouse.shelter.rules.importing.meanings import is_dash, plain_words

Choice = TypeVar("Choice")


def _first(patterns: tuple[tuple[Choice, str], ...], text: str) -> Choice | None:
    words = plain_words(text)
    return next((choice for choice, pattern in patterns if re.search(rf"\b(?:{pattern})\b", words)), None)


# Order matters: `Unit PPA Polres` is the police before it is a unit, `keluarga suami` a partner before a family.
_SOURCES: tuple[tuple[ReferralSource, str], ...] = (
    (ReferralSource.SELF, r"datang sendiri|sendiri|mandiri|langsung|walk in"),
    (ReferralSource.SAPA129, r"sapa|129|kemenpppa|kementerian pppa|kemen pppa"),
    (ReferralSource.LPSK, r"lpsk"),
    (ReferralSource.POLICE, r"polres\w*|polsek|polda|polri|polisi|kepolisian|unit ppa|bhabinkamtibmas|reskrim"),
    (ReferralSource.PROSECUTOR, r"kejaksaan|kejari|kejati|jaksa"),
    (ReferralSource.COURT, r"pengadilan\w*|pn|hakim"),
    (ReferralSource.MIGRANT_AGENCY, r"bp2mi|bp3mi|bnp2tki|imigrasi|kbri|kjri"),
    (ReferralSource.HEALTH, r"rs|rsu|rsud|rsia|rumah sakit|puskesmas|pkm|klinik|bidan|dokter|igd"),
    (ReferralSource.SOCIAL_AFFAIRS, r"dinsos\w*|dinas sosial|kemensos|tksk|peksos|sentra"),
    (ReferralSource.SCHOOL, r"sekolah|guru|sd|sdn|smp|smpn|sma|sman|smk|smkn|madrasah|pesantren|kampus|paud|tk"),
    (ReferralSource.OTHER_UNIT, r"(?:uptd ppa|uptd|p2tp2a) (?:kab|kota|prov|lain|luar)\w*.*"),
    (ReferralSource.OWN_UNIT, r"uptd ppa|uptd|p2tp2a|dp3a\w*|dp3\w*|dpppa\w*|puspaga"),
    (ReferralSource.VILLAGE, r"desa|kelurahan|kel|kec|kecamatan|camat|lurah|kades|patbm|rt|rw|dusun|babinsa|pkk"),
    (ReferralSource.NGO, r"lsm|wcc|lbh\w*|yayasan|ngo|ormas|lembaga|fatayat|aisyiyah|muslimat"),
    (
        ReferralSource.FAMILY,
        (
            r"keluarga|kerabat|saudara|orang tua|ortu|ibu|ayah|kakak|adik|nenek|kakek|paman|"
            r"bibi|tante"
        ),
    ),
    (ReferralSource.PUBLIC, r"masyarakat|warga|tetangga|satgas|relawan|teman"),
)

_DESTINATIONS: tuple[tuple[Destination, str], ...] = (
    (Destination.PARTNER, r"suami|pasangan|pacar"),
    (Destination.HOSPITAL, r"rs|rsu|rsud|rsj|rumah sakit|puskesmas"),
    (Destination.LPSK, r"lpsk"),
    (Destination.CHILD_CARE_HOME, r"lksa|panti asuhan|panti|psaa"),
    (Destination.SOCIAL_HOME, r"sentra|rpsa|rptc|rpsw|balai|dinsos\w*|dinas sosial"),
    (Destination.BOARDING_SCHOOL, r"pesantren|ponpes|pondok|asrama"),
    (Destination.FOSTER_FAMILY, r"keluarga pengganti|keluarga asuh|orang tua asuh|keluarga angkat|wali"),
    (
        Destination.EXTENDED_FAMILY,
        (
            r"keluarga besar|kerabat|saudara|nenek|kakek|eyang|paman|bibi|om|tante|bude|pakde|"
            r"kakak|adik|sepupu"
        ),
    ),
    (Destination.OWN_FAMILY, r"keluarga|orang tua|ortu|ibu|ayah|bapak|anak|rumah sendiri|pulang ke rumah"),
    (Destination.INDEPENDENT, r"mandiri|kos|kost|kontrak|kontrakan|kerja|bekerja|sewa"),
    (Destination.HOME_COUNTRY, r"negara asal|luar negeri|repatriasi"),
    (Destination.OTHER_REGION, r"luar kota|luar daerah|pindah|kampung|daerah asal|luar pulau"),
    (Destination.UNKNOWN, r"tidak diketahui|tdk diketahui|kabur|melarikan diri"),
)

_PURPOSES: tuple[tuple[RoomPurpose, str], ...] = (
    (RoomPurpose.ISOLATION, r"isolasi|karantina|sakit|menular"),
    (RoomPurpose.INFANTS, r"bayi|balita|menyusui|infant|infants|nifas"),
    (RoomPurpose.GIRLS, r"remaja|putri|gadis|anak perempuan|anak pr|girls|13 s d 17|13 17"),
    (RoomPurpose.MOTHER_CHILD, r"ibu (?:dan |dg |dengan |\+ )?anak\w*|ibu beserta anak|keluarga|mother"),
    (RoomPurpose.ADULT_WOMEN, r"dewasa|perempuan|wanita|lajang|single|women"),
    (RoomPurpose.ANY_FAMILY, r"umum|semua|campuran|bebas|any"),
)


def source_of(text: str) -> ReferralSource | None:
    """Who brought the person; None where nothing is written, OTHER where it is not recognised."""
    if not plain_words(text):
        return None
    return _first(_SOURCES, text) or ReferralSource.OTHER


def destination_of(text: str) -> Destination | None:
    """Where the person went; None where nothing is written or nothing is recognised."""
    return _first(_DESTINATIONS, text)


@dataclass(frozen=True)
class RoomWords:
    """What the words for a room say about it. `sure` is False where the purpose had to be left open."""

    purpose: RoomPurpose
    sure: bool
    ground_floor: bool
    wheelchair: bool


def room_words(text: str) -> RoomWords:
    """Purpose, ground floor and wheelchair from words such as `Perempuan dewasa lantai 1`."""
    words = plain_words(text)
    found = _first(_PURPOSES, text)
    wheelchair = bool(re.search(r"\b(?:kursi roda|difabel|disabilitas|wheelchair|aksesibel)\b", words))
    ground = bool(re.search(r"\b(?:(?:lantai|lt) (?:1|i|satu|dasar|bawah)|lt1|ground floor|bawah)\b", words))
    return RoomWords(
        purpose=found or RoomPurpose.ANY_FAMILY,
        sure=found is not None,
        ground_floor=ground or wheelchair,
        wheelchair=wheelchair,
    )


_STILL_HERE = re.compile(
    r"masih(?: (?:tinggal|ada|di sini|disini|di ra|dalam perlindungan))?|belum(?: (?:keluar|pulang))?|blm|ada|"
    r"(?:s d |sampai )?(?:sekarang|saat ini|kini)|still here"
)


def still_here(text: str) -> bool:
    """Whether the cell for leaving says that the person still lives here: blank, a dash, `masih`."""
    return is_dash(text) or bool(_STILL_HERE.fullmatch(plain_words(text)))


_POINTER_NUMBER = re.compile(
    r"(?:ikut|anak|anak dari|ikut ibu|ibu|lihat|lht|bersama|dg|dengan|sda)(?: dari)?"
    r"(?: (?:no|nomor|urut))* ?([0-9]{1,6})"
)
_POINTER_ALIAS = re.compile(r"(?:ikut|anak|anak dari|bersama)(?: dari)? (.{2,40})")
_COUNT = re.compile(r"([0-9]{1,2})(?: (?:anak|org|orang))?")


@dataclass(frozen=True)
class Companion:
    """What the children's column says: how many came along, or whose row this child belongs to."""

    children: int | None = None
    number: str | None = None
    alias: str | None = None

    @property
    def points(self) -> bool:
        return self.number is not None or self.alias is not None


def companion_of(text: str) -> Companion | None:
    """`ikut no 4` points, `2` counts, `ikut Sawo` points by alias; None where it can be neither."""
    words = plain_words(text)
    if is_dash(text) or words in ("tidak", "tdk", "tidak ada", "nihil", "0"):
        return Companion()
    if count := _COUNT.fullmatch(words):
        return Companion(children=int(count[1]))
    if by_number := _POINTER_NUMBER.fullmatch(words):
        return Companion(number=by_number[1].lstrip("0") or "0")
    if (by_alias := _POINTER_ALIAS.fullmatch(words)) and by_alias[1] not in ("ibu", "ibunya", "no", "nomor"):
        return Companion(alias=by_alias[1])
    return None
