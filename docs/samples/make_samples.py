"""Make the two sample workbooks beside this file. Everybody and everything in them is invented.

Run `python docs/samples/make_samples.py`: the same bytes come out every time. The register is written the way offices
keep it (dates and ages in several spellings, children pointing at their mother's row), and three of its rows cannot be
true: one leaves before she arrives, one arrives on a day that does not exist, two share a bed.
"""

import datetime as dt
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).parent
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

# House, room, bed, what the room is for, cots, remark. A house is written once.
INVENTORY = (
    ("Rumah Teratai", "1", "A", "Ibu dan anak", 1, ""),
    ("", "1", "B", "", "", ""),
    ("", "1", "C", "", "", ""),
    ("", "2", "A", "Perempuan dewasa", "", ""),
    ("", "2", "B", "", "", ""),
    ("", "3", "A", "Isolasi, lantai 1", "", ""),
    ("Rumah Kenari", "1", "A", "Ibu dan anak, lantai 1, akses kursi roda", "", ""),
    ("", "1", "B", "", "", ""),
    ("", "1", "C", "", "", ""),
    ("", "2", "A", "Perempuan dewasa", "", ""),
    ("", "2", "B", "", "", ""),
    ("", "2", "C", "", "", "rusak, rangka patah"),
    ("", "3", "A", "Ibu dan bayi", 2, ""),
    ("", "3", "B", "", "", ""),
    ("Rumah Bakau", "1", "A", "Remaja putri 13-17 th", "", ""),
    ("", "1", "B", "", "", ""),
    ("", "1", "C", "", "", ""),
    ("", "2", "A", "Ibu dan anak", "", ""),
    ("", "2", "B", "", "", ""),
    ("", "2", "C", "", "", ""),
)

# Arrived, alias, sex, age, children, who referred, place, left, where to.
REGISTER = (
    (dt.date(2025, 1, 6), "Rotan", "P", "34 th", "2", "Polres", "Rumah Teratai / 1A", "20-01-25", "rumah orang tua"),
    (dt.date(2025, 1, 6), "Anak Rotan 1", "L", "8 th", "ikut no 1", "", "Rumah Teratai / 1B", "20/1/2025", ""),
    ("6 Januari 2025", "Anak Rotan 2", "pr", "3", "ikut no 1", "", "Rumah Teratai / 1C", "20 Januari 2025", ""),
    ("14-01-25", "Angsana", "P", 27, "", "datang sendiri", "Rumah Kenari / 2A", dt.date(2025, 1, 28), "kos"),
    ("2/2/2025", "Bidara", "Pr", "16 thn", "", "sekolah", "Rumah Bakau / 1A", "3 Maret 2025", "LKSA"),
    ("10/02/2025", "Gandaria", "perempuan", 41, "", "Puskesmas", "Rumah Teratai / 2A", "24/02/2025", "rumah kakak"),
    (dt.date(2025, 2, 17), "Kepel", "P", "23 th", "1", "RSUD", "Rumah Kenari / 3A", "17-03-25", "rumah nenek"),
    ("17/2/2025", "Anak Kepel", "lk", "5 bln", "ikut no 7", "", "Rumah Kenari / 3B", "17-03-25", ""),
    ("3 Maret 2025", "Lontar", "P", "52 th", "", "desa", "Rumah Kenari / 2B", "10/3/2025", "rumah adik"),
    ("21-03-25", "Menteng", "Pr", 38, "3", "SAPA 129", "Rumah Bakau / 2A", "18/4/2025", "luar kota"),
    ("21-03-25", "Anak Menteng 1", "P", "11 th", "ikut no 10", "", "Rumah Bakau / 2B", "18/4/2025", ""),
    ("21/3/2025", "Anak Menteng 2", "L", "7 th", "ikut no 10", "", "Rumah Bakau / 2C", "18 April 2025", ""),
    ("21 Maret 2025", "Anak Menteng 3", "P", "1 tahun 6 bulan", "ikut no 10", "", "Rumah Bakau / 1A", "18-04-25", ""),
    ("5/5/2025", "Nipah", "P", "17 thn", "", "LBH", "Rumah Bakau / 1B", "2/6/2025", "asrama"),
    (dt.date(2025, 5, 12), "Pandan", "P", "29 th", "", "tetangga", "Rumah Teratai / 2B", "26 Mei 2025", "kos/mandiri"),
    ("12/6/2025", "Saga", "pr", 31, "1", "Dinsos", "Rumah Kenari / 1A", "10-07-25", "rumah orang tua"),
    ("12/6/2025", "Anak Saga", "pr", "4 th", "ikut no 16", "", "Rumah Kenari / 1B", "10-07-25", ""),
    ("1 Juli 2025", "Tembesu", "P", "45 th", "", "kejaksaan", "Rumah Kenari / 2A", "14/7/2025", "rumah anak"),
    ("19-07-25", "Zaitun", "P", "15 thn", "", "sekolah", "Rumah Bakau / 1C", "16-08-25", "keluarga pengganti"),
    ("4/8/2025", "Bungur", "P", 26, "", "Polsek", "Rumah Teratai / 3A", "8/8/2025", "RSUD"),
    ("11/8/2025", "Cendana", "Pr", "33 th", "2", "Polres", "Rumah Teratai / 1A", "8 September 2025", "kos"),
    ("11/8/2025", "Anak Cendana 1", "L", "6 th", "ikut no 21", "", "Rumah Teratai / 1B", "8/9/2025", ""),
    ("11/8/2025", "Anak Cendana 2", "P", "9 bln", "ikut no 21", "", "Rumah Teratai / 1C", "8/9/2025", ""),
    (dt.date(2025, 9, 1), "Dadap", "P", 36, "", "LSM", "Rumah Kenari / 2B", "15-09-25", "rumah paman"),
    ("22 September 2025", "Gayam", "P", "20 th", "", "datang sendiri", "Rumah Teratai / 2A", "6/10/2025", "kos"),
    ("6-10-25", "Jambu", "Pr", "30 th", "1", "Puskesmas", "Rumah Kenari / 3A", "3 November 2025", "rumah nenek"),
    ("6-10-25", "Anak Jambu", "P", "2 bln", "ikut no 26", "", "Rumah Kenari / 3B", "3/11/2025", ""),
    ("13/10/2025", "Kelapa", "P", 48, "", "kelurahan", "Rumah Bakau / 2A", "27/10/2025", "rumah adik"),
    ("3/11/2025", "Langsat", "P", "28 th", "", "RSUD", "Rumah Teratai / 2B", "17-11-25", "rumah orang tua"),
    ("10 November 2025", "Nyatoh", "pr", "14 th", "", "guru", "Rumah Bakau / 1A", "8/12/2025", "RPSA"),
    (dt.date(2025, 12, 1), "Pinang", "P", 35, "", "Polres", "Rumah Kenari / 2A", "masih", ""),
    ("4/12/2025", "Rambai", "P", "27 th", "1", "SAPA 129", "Rumah Teratai / 1A", "-", ""),
    ("4/12/2025", "Anak Rambai", "L", "7 th", "ikut no 32", "", "Rumah Teratai / 1B", "-", ""),
    ("8 Desember 2025", "Sukun", "Pr", "16 thn", "", "sekolah", "Rumah Bakau / 1B", "", ""),
    ("15-12-25", "Tanjung", "P", "22 th", "1", "Puskesmas", "Rumah Kenari / 3A", "masih", ""),
    ("15-12-25", "Anak Tanjung", "P", "3 bln", "ikut no 35", "", "Rumah Kenari / 3B", "masih", ""),
    ("18/12/2025", "Wangkal", "P", 44, "", "desa", "Rumah Teratai / 2A", "", ""),
    # The three that cannot be true.
    ("9/9/2025", "Johar", "P", "39 th", "", "Polres", "Rumah Bakau / 2B", "1/9/2025", "kos"),
    ("31 November 2025", "Keben", "P", "25 th", "", "datang sendiri", "Rumah Bakau / 2C", "5/12/2025", "kos"),
    ("20/12/2025", "Mundu", "P", "32 th", "", "tetangga", "Rumah Teratai / 2A", "", ""),
)


def make(folder: Path = FOLDER) -> None:
    """Write both workbooks into a folder."""
    with xlsxwriter.Workbook(folder / "inventaris.xlsx", {"strings_to_formulas": False}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("Inventaris")
        sheet.write_row(0, 0, ["DAFTAR TEMPAT TIDUR (CONTOH)"])
        sheet.write_row(2, 0, ["No", "Rumah", "Kamar", "Tempat tidur", "Peruntukan", "Jml boks bayi", "Keterangan"])
        for number, row in enumerate(INVENTORY, 1):
            sheet.write_row(2 + number, 0, [number, *row])
        sheet.write_row(3 + len(INVENTORY), 0, ["Jumlah", "", "", len(INVENTORY)])
    with xlsxwriter.Workbook(folder / "register.xlsx", {"strings_to_formulas": False}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("Register")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["BUKU PENGHUNI 2025 (CONTOH, SEMUA REKAAN)"])
        sheet.write_row(
            2,
            0,
            [
                "NO.",
                "TGL. MSK",
                "ALIAS",
                "JK",
                "USIA",
                "ANAK IKUT",
                "ASAL RUJUKAN",
                "RUMAH + KAMAR + TT",
                "TGL. PULANG",
                "TUJUAN",
            ],
        )
        for number, row in enumerate(REGISTER, 1):
            for column, value in enumerate([number, *row]):
                if isinstance(value, dt.date):
                    sheet.write_datetime(2 + number, column, dt.datetime.combine(value, dt.time()), day)
                else:
                    sheet.write(2 + number, column, value)
        sheet.write_row(3 + len(REGISTER), 0, ["JUMLAH", "", len(REGISTER)])


if __name__ == "__main__":
    make()
