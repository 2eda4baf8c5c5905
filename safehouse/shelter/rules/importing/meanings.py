"""What a column can mean, and the headings offices write for it."""

import re
import unicodedata
from enum import StrEnum


class Kind(StrEnum):
    INVENTORY = "inventory"
    REGISTER = "register"


class Meaning(StrEnum):
    """What the cells of one column say."""

    SKIP = "skip"
    NUMBER = "number"
    HOUSE = "house"
    ROOM = "room"
    BED = "bed"
    ROOM_BED = "room_bed"  # room and bed in one cell: 2A
    PLACE = "place"  # house, room and bed in one cell: Rumah Satu / 2A
    REMARK = "remark"
    PURPOSE = "purpose"
    COTS = "cots"
    ARRIVED = "arrived"
    LEFT = "left"
    ALIAS = "alias"
    NAME = "name"
    SEX = "sex"
    AGE = "age"
    BORN = "born"
    COMPANION = "companion"  # how many children came along, or whose row this child belongs to
    REFERRED_BY = "referred_by"
    DESTINATION = "destination"
    NIK = "nik"
    PHONE = "phone"
    VIOLENCE = "violence"
    SERVICE = "service"


# Never shown back on a page, neither as a sample nor beside a fault.
SEALED = frozenset(
    {Meaning.NAME, Meaning.NIK, Meaning.PHONE, Meaning.BORN, Meaning.REMARK, Meaning.VIOLENCE, Meaning.SERVICE}
)
# Not taken over: they say more than a bed needs to know.
NOT_TAKEN = frozenset({Meaning.SKIP, Meaning.VIOLENCE, Meaning.SERVICE})

CHOICES: dict[Kind, tuple[Meaning, ...]] = {
    Kind.INVENTORY: (
        Meaning.SKIP,
        Meaning.NUMBER,
        Meaning.HOUSE,
        Meaning.ROOM,
        Meaning.BED,
        Meaning.ROOM_BED,
        Meaning.PLACE,
        Meaning.PURPOSE,
        Meaning.COTS,
        Meaning.REMARK,
    ),
    Kind.REGISTER: (
        Meaning.SKIP,
        Meaning.NUMBER,
        Meaning.ARRIVED,
        Meaning.LEFT,
        Meaning.ALIAS,
        Meaning.NAME,
        Meaning.SEX,
        Meaning.AGE,
        Meaning.BORN,
        Meaning.COMPANION,
        Meaning.REFERRED_BY,
        Meaning.HOUSE,
        Meaning.ROOM,
        Meaning.BED,
        Meaning.ROOM_BED,
        Meaning.PLACE,
        Meaning.DESTINATION,
        Meaning.NIK,
        Meaning.PHONE,
        Meaning.VIOLENCE,
        Meaning.SERVICE,
        Meaning.REMARK,
    ),
}

_DATE = r"(?:tgl|tanggal|tg|date|hari tanggal|waktu|tmt)(?: of)?"
_IN = (
    r"(?:masuk|msk|mskk|datang|diterima|penerimaan|mulai|mulai tinggal|penempatan|kedatangan|"
    r"arrival|arrived|in|check in)"
)
_OUT = (
    r"(?:keluar|klr|pulang|selesai|selesai tinggal|meninggalkan|kepulangan|terminasi|"
    r"left|departure|leaving|out|check out)"
)
_OF_WHOM = r"(?: (?:korban|klien|penghuni|pm|penerima manfaat|ybs|anak|dan anak))*"
_BED = r"(?:tt|bed|tempat tidur|t tidur|tmpt tidur|ranjang|kasur|dipan)"
_ROOM = r"(?:kamar|kmr|room|ruang|ruangan|rg)"
_HOUSE = r"(?:rumah|rumah aman|rmh|house|shelter|lokasi|gedung|nama rumah|wisma|unit rumah)"

# Tried from top to bottom against the heading in small letters without punctuation; the whole heading must fit.
_HEADINGS: tuple[tuple[Meaning, str], ...] = (
    (Meaning.NIK, r"(?:no(?:mor)? )?(?:nik|ktp|induk kependudukan)(?: nik)?" + _OF_WHOM),
    (
        Meaning.PHONE,
        r"(?:no(?:mor)? )?(?:hp|telp|telepon|tlp|tlpn|telpon|wa|whatsapp|handphone|kontak|phone)"
        r"(?: hp| wa)?" + _OF_WHOM,
    ),
    (Meaning.NUMBER, r"no|nomor|no urut|nomor urut|nr|number|no reg|no register|nomor register|no registrasi|urut"),
    (
        Meaning.BORN,
        rf"(?:(?:{_DATE}|tempat tgl|tempat tanggal) )(?:lhr|lahir|kelahiran|birth)"
        + _OF_WHOM
        + r"|ttl|tgl lahir|born|birth date",
    ),
    (Meaning.ARRIVED, rf"{_DATE} {_IN}|{_IN}|{_IN} {_DATE}|{_DATE} {_IN} (?:ke )?(?:rumah aman|ra|shelter)"),
    (Meaning.LEFT, rf"{_DATE} {_OUT}|{_OUT}|{_OUT} {_DATE}|{_DATE} {_OUT} (?:dari )?(?:rumah aman|ra|shelter)"),
    (
        Meaning.ALIAS,
        r"(?:nama )?(?:samaran|alias|panggilan samaran|inisial|sebutan)" + _OF_WHOM + r"|nama alias samaran",
    ),
    (Meaning.NAME, r"nama(?: lengkap| asli| jelas)?" + _OF_WHOM + r"|(?:full )?name|korban|klien|penghuni"),
    (Meaning.SEX, r"l p|p l|lp|jk|j k|jenis kelamin|jns kelamin|kelamin|gender|sex"),
    (Meaning.AGE, r"(?:umur|usia|age|u)(?: th| thn| tahun| saat masuk)?" + _OF_WHOM),
    (
        Meaning.COMPANION,
        (
            r"anak ikut|anak|jml anak|jumlah anak|anak yang ikut|anak dibawa|bawa anak|ikut|"
            r"pendamping anak|anak yg ikut|ikut ibu|jml anak ikut|jumlah anak ikut|jumlah anak yang ikut|"
            r"keluarga ikut|children"
        ),
    ),
    (
        Meaning.VIOLENCE,
        (
            r"jenis(?: kasus| kekerasan)?|bentuk(?: kekerasan)?|kasus|kekerasan|jenis tindak kekerasan|"
            r"masalah|kronologi|kronologis|permasalahan"
        ),
    ),
    (
        Meaning.REFERRED_BY,
        (
            r"dirujuk oleh|perujuk|rujukan|rujukan dari|asal rujukan|sumber rujukan|pengirim|"
            r"dikirim oleh|sumber|asal|diantar oleh|pengantar|dirujuk|dari|referred by|lembaga perujuk"
        ),
    ),
    (
        Meaning.DESTINATION,
        (
            r"tujuan|tujuan pulang|kembali ke|pulang ke|dipulangkan ke|rujukan ke|dirujuk ke|"
            r"destination|tempat tujuan|keluar ke|tujuan keluar"
        ),
    ),
    (
        Meaning.COTS,
        (
            r"(?:jml |jumlah )?(?:boks|box|bok|ranjang|tempat tidur|tt)(?: tidur)? bayi|"
            r"(?:jml |jumlah )?(?:boks|box|bok)|cot|cots|crib"
        ),
    ),
    (
        Meaning.PURPOSE,
        (
            r"peruntukan|untuk|fungsi|kegunaan|diperuntukkan|diperuntukkan bagi|peruntukkan|"
            r"jenis kamar|purpose"
        ),
    ),
    (
        Meaning.PLACE,
        (
            rf"(?:{_HOUSE} )(?:{_ROOM} )?{_BED}|{_HOUSE} {_ROOM}|penempatan di|tempat|posisi|"
            rf"place|ditempatkan di|lokasi tempat tidur|kode {_BED}"
        ),
    ),
    (Meaning.ROOM_BED, rf"(?:no(?:mor)? )?{_ROOM} (?:no(?:mor)? )?{_BED}"),
    (Meaning.ROOM, rf"(?:no(?:mor)? |nama )?{_ROOM}(?: no(?:mor)?)?"),
    (Meaning.BED, rf"(?:no(?:mor)? |kode )?{_BED}(?: no(?:mor)?)?"),
    (Meaning.HOUSE, _HOUSE),
    (
        Meaning.SERVICE,
        (
            r"(?:layanan |pendampingan )?(?:psi|psikologis|psikologi|psikolog|medis|kesehatan|pddk|"
            r"pendidikan|hukum|sosial|rohani|layanan|reintegrasi|bantuan hukum|konseling|rehsos)"
        ),
    ),
    (Meaning.REMARK, r"ket|keterangan|catatan|remark|remarks|cttn|notes?|kondisi"),
)
_PATTERNS = tuple((meaning, re.compile(pattern)) for meaning, pattern in _HEADINGS)


def plain_words(text: str) -> str:
    """Small letters and digits with single spaces: what is left of `TGL. MASUK` is `tgl masuk`."""
    text = unicodedata.normalize("NFKC", text[:120]).casefold()
    return " ".join("".join(character if character.isalnum() else " " for character in text).split())


def is_dash(text: str) -> bool:
    """Whether a cell is blank or holds only a dash, a way of writing that there is nothing. A question mark is not."""
    return not text.strip("-\u2010\u2011\u2012\u2013\u2014\u2212. ")


def meaning_of_heading(heading: str, kind: Kind) -> Meaning | None:
    """The meaning a heading has by its words alone, of those this kind of sheet can have."""
    words = plain_words(heading)
    if not words:
        return None
    for meaning, pattern in _PATTERNS:
        if meaning in CHOICES[kind] and pattern.fullmatch(words):
            return meaning
    return None
