"""What is printed on a letter to a school: Indonesian whoever prints it, the name of the child and what is asked.

Neither why she is away nor where she is, nor who else lives with her; not even that somebody looks after her.
"""

import datetime as dt
from typing import Any

from babel.dates import format_date

from safehouse.services.choices import LetterKind
from safehouse.services.models import SchoolLetter
from safehouse.services.rules.schooling import letter_number

ABOUT = {
    LetterKind.STAY_ENROLLED: "Permohonan tetap tercatat sebagai peserta didik",
    LetterKind.ABSENCE: "Permohonan izin tidak mengikuti pelajaran",
    LetterKind.TASKS: "Permohonan bahan pelajaran dan tugas",
    LetterKind.LATER_EXAM: "Permohonan ujian susulan",
    LetterKind.TRANSFER: "Permohonan surat keterangan pindah sekolah",
}
ASKED = {
    LetterKind.STAY_ENROLLED: "Kami mohon agar data peserta didik di atas tetap tercatat di sekolah Bapak/Ibu dan "
    "tidak dikeluarkan dari Dapodik selama yang bersangkutan belum mengikuti pelajaran di sekolah.",
    LetterKind.ABSENCE: "Kami mohon agar peserta didik di atas diberi izin tidak mengikuti pelajaran di sekolah, dan "
    "datanya tetap tercatat dalam Dapodik.",
    LetterKind.TASKS: "Kami mohon agar bahan pelajaran dan tugas bagi peserta didik di atas diserahkan melalui pembawa "
    "surat ini. Hasilnya kami antarkan kembali ke sekolah.",
    LetterKind.LATER_EXAM: "Kami mohon agar peserta didik di atas dapat mengikuti ujian susulan pada hari yang "
    "disepakati kemudian, dan datanya tetap tercatat dalam Dapodik.",
    LetterKind.TRANSFER: "Kami mohon agar bagi peserta didik di atas diterbitkan surat keterangan pindah sekolah "
    "beserta rapornya, diserahkan melalui pembawa surat ini. Sekolah tujuan disampaikan melalui Dinas "
    "Pendidikan.",
}
CONFIDENTIAL = (
    "Surat ini ditujukan kepada Kepala Sekolah saja. Mohon disimpan oleh Bapak/Ibu sendiri dan isinya tidak "
    "diteruskan kepada siapa pun."
)


def on_paper(letter: SchoolLetter, *, school: str, name: str, grade: int | None, letterhead: str) -> dict[str, Any]:
    """Everything that is printed. Without a name a line is left for it; without a letterhead room for stamped paper."""
    about = [["Nama", name], ["Kelas", str(grade) if grade else ""]]
    if letter.from_day is not None:
        about.append(["Mulai tanggal", _day(letter.from_day)])
    if letter.until is not None:
        about.append(["Sampai tanggal", _day(letter.until)])
    number = f"Nomor {letter_number(letter.number, letter.on_day)}"
    return {
        "title": "Surat",
        "letterhead": letterhead,
        "head": [["Nomor", letter_number(letter.number, letter.on_day)], ["Hal", ABOUT[letter.kind]]],
        "to": ["Yth. Kepala", school, "di tempat"],
        "greeting": "Dengan hormat,",
        "opening": "Bersama ini kami sampaikan hal mengenai peserta didik berikut.",
        "about": about,
        "asked": ASKED[letter.kind],
        "closing": [
            CONFIDENTIAL,
            "Atas perhatian dan kerja sama Bapak/Ibu kami ucapkan terima kasih.",
        ],
        "day": _day(letter.on_day),
        "signature": {"role": "Kepala,", "below": "Nama dan NIP"},
        "footer": number,
    }


def _day(when: dt.date) -> str:
    return format_date(when, "d MMMM y", locale="id")
