"""The national form in its own words and order (`domain.md` 6), and how a case is counted. Pure.

The words are those of the form and are not translated: whoever types the sheet finds them there letter by letter.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from safehouse.access.models import Discipline
from safehouse.residents.models import Relationship, Sex, Side
from safehouse.residents.rules.ageing import OF_AGE_YEARS, is_child
from safehouse.services.choices import Accompanied, AppointmentKind, SchoolLevel, SessionKind, SupportKind, Track
from safehouse.shelter.choices import Destination, ReferralSource

Choices = tuple[tuple[str, str], ...]
UNKNOWN = "na"
YES, NO = "ya", "tidak"

VIOLENCE: Choices = (
    ("fisik", "Fisik"),
    ("psikis", "Psikis"),
    ("seksual", "Seksual"),
    ("eksploitasi", "Eksploitasi"),
    ("trafficking", "Trafficking"),
    ("penelantaran", "Penelantaran"),
    ("lainnya", "Lainnya"),
)
PLACES: Choices = (
    ("rumah_tangga", "Rumah Tangga"),
    ("tempat_kerja", "Tempat Kerja"),
    ("sekolah", "Sekolah"),
    ("fasilitas_umum", "Fasilitas Umum"),
    ("lembaga_kilat", "Lembaga Pendidikan Kilat"),
    ("lainnya", "Lainnya"),
)
RELATIONS: Choices = (
    ("orang_tua", "Orang Tua"),
    ("keluarga", "Keluarga/Saudara"),
    ("pasangan", "Suami/Istri"),
    ("tetangga", "Tetangga"),
    ("pacar_teman", "Pacar/Teman"),
    ("guru", "Guru"),
    ("majikan", "Majikan"),
    ("rekan_kerja", "Rekan Kerja"),
    ("lainnya", "Lainnya"),
    (UNKNOWN, "NA"),
)
SEXES: Choices = (("laki_laki", "Laki-laki"), ("perempuan", "Perempuan"))
REPORTED_AGES: Choices = (("0_17", "0–17"), ("18_24", "18–24"), ("25_59", "25–59"), ("60", "60+"))
EDUCATION: Choices = (
    ("tidak_sekolah", "Tidak/Belum Sekolah"),
    ("paud", "PAUD/TK"),
    ("sd", "SD"),
    ("sltp", "SLTP"),
    ("slta", "SLTA"),
    ("perguruan_tinggi", "Perguruan Tinggi"),
    (UNKNOWN, "NA"),
)
OCCUPATIONS: Choices = (
    ("tani", "Pedagang/Tani/Nelayan"),
    ("swasta", "Swasta/Buruh"),
    ("negeri", "PNS/TNI/Polri"),
    ("pelajar", "Pelajar"),
    ("rumah_tangga", "Ibu Rumah Tangga"),
    ("tidak_bekerja", "Tidak Bekerja"),
    (UNKNOWN, "NA"),
)
MARITAL: Choices = (
    ("belum_kawin", "Belum Kawin"),
    ("kawin", "Kawin"),
    ("cerai_hidup", "Cerai Hidup"),
    ("cerai_mati", "Cerai Mati"),
)
# The register's value, as the national form calls it; a marriage that is not registered is one of its own there.
MARITAL_ON_FORM = {
    "belum_kawin": "Belum Menikah",
    "kawin": "Menikah",
    "cerai_hidup": "Duda/Janda",
    "cerai_mati": "Duda/Janda",
}
UNREGISTERED = "Sirri"
DISABILITIES: Choices = (
    ("fisik", "Fisik"),
    ("intelektual", "Intelektual"),
    ("mental", "Mental"),
    ("sensorik", "Sensorik"),
    ("ganda", "Ganda"),
)
RELIGIONS: Choices = (
    ("islam", "Islam"),
    ("kristen", "Kristen"),
    ("katolik", "Katolik"),
    ("hindu", "Hindu"),
    ("buddha", "Buddha"),
    ("khonghucu", "Khonghucu"),
    ("kepercayaan", "Kepercayaan terhadap Tuhan YME"),
)
CITIZENSHIPS: Choices = (("wni", "WNI"), ("wna", "WNA"))
YES_NO: Choices = ((YES, "Ya"), (NO, "Tidak"))
CHANNELS: Choices = (
    ("langsung", "Datang Langsung"),
    ("rujukan", "Rujukan"),
    ("penjangkauan", "Penjangkauan"),
    ("telepon", "Telepon/SAPA 129"),
    ("daring", "Surat/Daring"),
    ("lainnya", "Lainnya"),
)
CASE_TYPES: Choices = (
    ("kdrt_fisik", "KDRT Fisik"),
    ("kdrt_psikis", "KDRT Psikis"),
    ("persetubuhan", "Persetubuhan"),
    ("pelecehan", "Pelecehan"),
    ("pemerkosaan", "Pemerkosaan"),
    ("penelantaran", "Penelantaran"),
    ("penganiayaan", "Penganiayaan"),
    ("pencurian", "Pencurian"),
    ("bullying", "Bullying"),
    ("tppo", "TPPO (Trafficking)"),
    ("pedofilia", "Pedofilia"),
    ("eksploitasi_seksual", "Eksploitasi Seksual"),
    ("eksploitasi_ekonomi", "Eksploitasi Ekonomi"),
    ("ite", "Korban Kejahatan ITE"),
    ("lakalantas", "Trauma Lakalantas"),
    ("lainnya", "Lainnya"),
)

# What is asked, in the order of the form: name, what the form calls it, its choices, and whether several may apply.
OF_THE_CASE: tuple[tuple[str, str, Choices, bool], ...] = (
    ("channel", "Cara pengaduan", CHANNELS, False),
    ("place", "Tempat kejadian", PLACES, False),
    ("domestic", "KDRT", YES_NO, False),
    ("types", "Jenis kasus", CASE_TYPES, True),
)
OF_A_VICTIM: tuple[tuple[str, str, Choices, bool], ...] = (
    ("violence", "Bentuk kekerasan", VIOLENCE, True),
    ("education", "Pendidikan", EDUCATION, False),
    ("occupation", "Pekerjaan", OCCUPATIONS, False),
    ("marital", "Status perkawinan", MARITAL, False),
    ("unregistered", "Nikah siri", YES_NO, False),
    ("disability", "Difabel", DISABILITIES, True),
    ("disabled", "Difabel (ya/tidak)", YES_NO, False),
    ("religion", "Agama", RELIGIONS, False),
    ("citizenship", "Kewarganegaraan", CITIZENSHIPS, False),
)
OF_A_REPORTED: tuple[tuple[str, str, Choices, bool], ...] = (
    ("relation", "Hubungan dengan korban", RELATIONS, False),
    ("sex", "Jenis kelamin", SEXES, False),
    ("age", "Kelompok usia", REPORTED_AGES, False),
    ("education", "Pendidikan", EDUCATION, False),
    ("occupation", "Pekerjaan", OCCUPATIONS, False),
    ("marital", "Status perkawinan", MARITAL, False),
    ("unregistered", "Nikah siri", YES_NO, False),
    ("citizenship", "Kewarganegaraan", CITIZENSHIPS, False),
)
# A person of the family about whom no matter says on which side she stands.
COUNTS_AS_VICTIM = "victim"


# What is known already, in the words of the form


class Category(StrEnum):
    """Jenis pelayanan, in the order of the form."""

    COMPLAINT = "Pengaduan"
    HEALTH = "Kesehatan"
    LEGAL_AID = "Bantuan Hukum"
    LAW_ENFORCEMENT = "Penegakan Hukum"
    REHABILITATION = "Rehabilitasi Sosial"
    REINTEGRATION = "Reintegrasi Sosial"
    RETURN = "Pemulangan"
    RELIGIOUS = "Pendampingan Tokoh Agama"


RELATION_OF = {
    Relationship.HUSBAND: "pasangan",
    Relationship.FORMER_HUSBAND: "lainnya",
    Relationship.PARTNER: "pacar_teman",
    Relationship.FATHER: "orang_tua",
    Relationship.STEPFATHER: "orang_tua",
    Relationship.MOTHER: "orang_tua",
    Relationship.SIBLING: "keluarga",
    Relationship.OTHER_FAMILY: "keluarga",
    Relationship.NEIGHBOUR: "tetangga",
    Relationship.TEACHER: "guru",
    Relationship.EMPLOYER: "majikan",
    Relationship.OFFICIAL: "lainnya",
    Relationship.ACQUAINTANCE: "pacar_teman",
    Relationship.STRANGER: "lainnya",
    Relationship.UNKNOWN: UNKNOWN,
}
EDUCATION_OF = {
    SchoolLevel.NONE: "tidak_sekolah",
    SchoolLevel.EARLY: "paud",
    SchoolLevel.PRIMARY: "sd",
    SchoolLevel.LOWER_SECONDARY: "sltp",
    SchoolLevel.UPPER_SECONDARY: "slta",
    SchoolLevel.VOCATIONAL: "slta",
    SchoolLevel.HIGHER: "perguruan_tinggi",
}
SEX_OF = {Sex.FEMALE: "Perempuan", Sex.MALE: "Laki-laki"}
CHANNEL_OF = {
    ReferralSource.SELF: "langsung",
    ReferralSource.FAMILY: "langsung",
    ReferralSource.PUBLIC: "langsung",
    ReferralSource.OWN_UNIT: "penjangkauan",
    ReferralSource.SAPA129: "telepon",
}
SESSIONS = {
    Discipline.PSYCHOLOGY: Category.REHABILITATION,
    Discipline.SOCIAL_WORK: Category.REHABILITATION,
    # No category of its own there (`domain.md` 5).
    Discipline.EDUCATION: Category.REHABILITATION,
    Discipline.HEALTH: Category.HEALTH,
    Discipline.LEGAL: Category.LEGAL_AID,
}
# Where the police, the prosecutor and the court ask.
LAW_ENFORCEMENT = frozenset(
    {AppointmentKind.POLICE_REPORT, AppointmentKind.EXAMINATION, AppointmentKind.HEARING, AppointmentKind.VISUM}
)
LIVES_ON = frozenset({SupportKind.JOB, SupportKind.HOUSING, SupportKind.BUSINESS_START, SupportKind.BUSINESS_TOOLS})
BROUGHT_BACK = frozenset({Destination.OTHER_REGION, Destination.HOME_COUNTRY})
NO_SERVICE = frozenset({Destination.UNKNOWN, Destination.PARTNER, Destination.HOSPITAL})


def category_of_session(domain: Discipline, kind: SessionKind) -> Category:
    return Category.RELIGIOUS if kind is SessionKind.SPIRITUAL else SESSIONS[domain]


def category_of_appointment(domain: Discipline, kind: AppointmentKind) -> Category:
    """Of one that was kept."""
    if kind is AppointmentKind.VISUM:
        return Category.HEALTH
    return Category.LAW_ENFORCEMENT if kind in LAW_ENFORCEMENT else SESSIONS[domain]


def category_of_stage(track: Track, accompanied: Accompanied | None) -> Category | None:
    """Of a stage of law somebody went along to; that a matter moves by itself is no service of the unit."""
    if accompanied not in {Accompanied.WORKER, Accompanied.ADVOCATE}:
        return None
    return Category.LAW_ENFORCEMENT if track is Track.CRIMINAL else Category.LEGAL_AID


def category_of_support(kind: SupportKind) -> Category:
    return Category.REINTEGRATION if kind in LIVES_ON else Category.REHABILITATION


def category_of_leaving(destination: Destination) -> Category | None:
    if destination in NO_SERVICE:
        return None
    return Category.RETURN if destination in BROUGHT_BACK else Category.REINTEGRATION


def served(services: Mapping[Category, Collection[dt.date]]) -> bool:
    """Terlayani: at least one service was recorded."""
    return any(services.values())


# Age


def age_on(birth_month: dt.date | None, of_age_on: dt.date | None, on: dt.date) -> int | None:
    """Completed years, from the month of birth; a child for as long as the month allows. None where nobody asked."""
    if birth_month is None:
        return None
    years = on.year - birth_month.year - (on.month <= birth_month.month)
    child = is_child(birth_month, of_age_on, on)
    return max(0, min(years, OF_AGE_YEARS - 1) if child else max(years, OF_AGE_YEARS))


VICTIM_AGES = ((5, "0–5"), (12, "6–12"), (17, "13–17"), (24, "18–24"), (44, "25–44"), (59, "45–59"))


def age_group(age: int | None) -> str:
    """Kelompok usia korban."""
    if age is None:
        return ""
    return next((words for last, words in VICTIM_AGES if age <= last), "60+")


def age_status(age: int | None) -> str:
    """Anak is who has not completed 18 years. An adult whose age nobody asked is one."""
    return "Anak" if age is not None and age < OF_AGE_YEARS else "Dewasa"


# Counting


@dataclass(frozen=True, slots=True)
class Counted:
    """A case is no victim and a victim no perpetrator: one case may have several of each."""

    victims: tuple[int, ...]  # residents
    reported_residents: tuple[int, ...]  # a child in conflict with the law lives here too
    reported_persons: int

    @property
    def perpetrators(self) -> int:
        return len(self.reported_residents) + self.reported_persons


def count_case(
    people: Iterable[int],
    sides: Mapping[int, Collection[Side]],
    said: Mapping[int, bool],
    *,
    reported_persons: int,
) -> Counted:
    """Who of a family counts as what. The side in its matters decides; however many matters there are, a person counts
    once. Where no matter names her, what was answered does: nobody is a victim because she lives here."""
    victims, reported = [], []
    for one in people:
        hers = sides.get(one, ())
        if Side.VICTIM in hers or (not hers and said.get(one, False)):
            victims.append(one)
        if Side.REPORTED in hers:
            reported.append(one)
    return Counted(tuple(victims), tuple(reported), reported_persons)


# Answers


@dataclass(slots=True)
class Answers:
    """What nobody knew yet; kept sealed as one text. People and reported persons by their references."""

    case: dict[str, Any] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    reported: dict[str, dict[str, Any]] = field(default_factory=dict)

    def text(self) -> str:
        """The same answers are the same text."""
        return json.dumps(
            {"case": self.case, "people": self.people, "reported": self.reported}, ensure_ascii=False, sort_keys=True
        )


def answers_from(text: str) -> Answers:
    found = json.loads(text) if text else {}
    return Answers(found.get("case", {}), found.get("people", {}), found.get("reported", {}))


def in_words(choices: Choices, value: Any) -> str:
    """The form's words for one answer, or for several."""
    names = dict(choices)
    if isinstance(value, list):
        return ", ".join(names[one] for one, _words in choices if one in value)
    return names.get(value, "") if value else ""


def marital_in_words(given: Mapping[str, Any]) -> str:
    """What the form calls it: a marriage that is not registered is Sirri there."""
    status = given.get("marital")
    if status == "kawin" and given.get("unregistered") == YES:
        return UNREGISTERED
    return MARITAL_ON_FORM.get(str(status), "")


def disabled_in_words(given: Mapping[str, Any]) -> str:
    kinds = in_words(DISABILITIES, given.get("disability"))
    if kinds:
        return f"Ya: {kinds}"
    return in_words(YES_NO, given.get("disabled"))
