"""The plan of a mother who came with three children, kept by five people, and the plans of her children."""

import datetime as dt
from dataclasses import replace

from safehouse.access.models import Discipline
from safehouse.demo.case_book import CaseBook
from safehouse.demo.health_book import HealthBook
from safehouse.demo.plan_book import Held, PlanBook, Wish
from safehouse.demo.school_book import SCHOOL, SchoolBook
from safehouse.demo.stage import Stage
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    Attendance,
    Facility,
    Funding,
    LetterKind,
    NoticeCode,
    Progress,
    ProtectionKind,
    SafeWay,
    SchoolLevel,
    SchoolWay,
    SessionKind,
    SupportKind,
    Track,
    TreatmentKind,
)
from safehouse.services.operations.schooling import NewSchooling

COORDINATOR, PSYCHOLOGIST, NURSE, COMPANION = "ratih", "galuh", "asri", "laras"
SLEEP, CALM, OUTSIDE = "sleep", "calm", "outside"
AHEAD, SAME = Progress.FORWARD, Progress.SAME


def plans_of_kenari(stage: Stage) -> list[PlanBook]:
    mother, eldest, middle, youngest = (PlanBook(stage, "Kenari", at) for at in range(4))
    _mother(mother)
    _psychology(mother)
    _health(HealthBook(mother, NURSE))
    _law(CaseBook(mother, COMPANION))
    _eldest(eldest)
    _younger(middle, "Bermain dengan teman sebaya dan belajar membaca")
    _younger(youngest, "Bermain setiap hari, makan dan tidur teratur")
    return [mother, eldest, middle, youngest]


def _mother(book: PlanBook) -> None:
    book.on(23, (9, 30), book.worker, NURSE, Discipline.HEALTH)
    book.on(23, (9, 35), book.worker, COMPANION, Discipline.LEGAL)
    needs = {
        Discipline.PSYCHOLOGY: "Tidur, rasa aman, dan cara menenangkan diri",
        Discipline.HEALTH: "Luka di lengan, pemeriksaan setelah kejadian",
        Discipline.LEGAL: "Ingin melapor dan didampingi sampai putusan",
        Discipline.SOCIAL_WORK: "Kartu keluarga baru dan rencana tempat tinggal",
    }
    book.on(22, (10, 0), book.open, COORDINATOR, needs)
    home = Wish("Punya tempat tinggal sendiri bersama anak-anak", "Ada tempat yang aman dan bisa dibayar")
    book.on(22, (10, 10), book.wish, "home", Discipline.SOCIAL_WORK, COORDINATOR, home)
    papers = "Urus kartu keluarga baru di Dukcapil"
    book.on(22, (10, 15), book.step, "papers", Discipline.SOCIAL_WORK, COORDINATOR, papers, book.ago(-6))
    book.on(22, (15, 0), book.read_to_her, COORDINATOR)
    book.on(20, (10, 0), book.given, COORDINATOR, SupportKind.CLOTHES, "Pakaian ibu dan anak", 400_000, Funding.APBD)
    book.on(9, (11, 0), book.session, Discipline.SOCIAL_WORK, COORDINATOR, Held(SessionKind.INDIVIDUAL, 30))


def _psychology(book: PlanBook) -> None:
    of, who = Discipline.PSYCHOLOGY, PSYCHOLOGIST
    for name, words, measure in (
        (SLEEP, "Tidur sedikitnya 6 jam tanpa terbangun", "Catatan tidur mingguan"),
        (CALM, "Mengenali tanda cemas dan punya tiga cara menenangkan diri", "Disebutkan sendiri dalam sesi"),
        (OUTSIDE, "Merasa aman keluar rumah bersama pendamping", "Skala rasa aman 0 sampai 10"),
    ):
        book.on(22, (10, 40), book.wish, name, of, who, Wish(words, measure))
    first = Held(
        SessionKind.ASSESSMENT,
        90,
        {CALM: AHEAD, OUTSIDE: AHEAD},
        "Asesmen awal. Ia memilih sendiri kata untuk sasarannya.",
    )
    second = Held(
        SessionKind.INDIVIDUAL, 60, {SLEEP: AHEAD, CALM: AHEAD, OUTSIDE: SAME}, "Latihan napas dicoba bersama."
    )
    moved = Held(SessionKind.INDIVIDUAL, None, attendance=Attendance.MOVED, note="Anak bungsu demam, hari diganti.")
    third = Held(SessionKind.TRAUMA, 60, {SLEEP: AHEAD, CALM: AHEAD, OUTSIDE: SAME}, "Ia bercerita tanpa diminta.")
    fourth = Held(SessionKind.INDIVIDUAL, 60, {SLEEP: AHEAD, CALM: AHEAD}, "Menyebut tiga cara menenangkan diri.")
    missed = Held(SessionKind.INDIVIDUAL, None, attendance=Attendance.ABSENT, agreed="counselling")
    book.on(21, (11, 0), book.session, of, who, first)
    book.on(18, (11, 0), book.session, of, who, second)
    book.on(15, (10, 15), book.session, of, who, moved)
    book.on(12, (11, 0), book.session, of, who, third)
    book.on(8, (11, 0), book.session, of, who, fourth)
    book.on(8, (11, 10), book.summary, of, who, "Tidur membaik. Sudah tahu cara menenangkan diri saat cemas.")
    counselling = AppointmentKind.COUNSELLING, who, book.stage.at(1, 10), AppointmentPlace.HOUSE
    book.on(8, (11, 15), book.appointment, "counselling", of, *counselling)
    book.on(1, (10, 45), book.session, of, who, missed)


def _health(health: HealthBook) -> None:
    book, who = health.book, health.who
    happened, given = book.stage.at(24, 2), book.stage.at(23, 9)
    book.on(22, (10, 20), health.limits, happened, given)
    book.on(22, (10, 25), health.treated, TreatmentKind.CHECK_UP, Facility.CLINIC, words="Pemeriksaan awal")
    book.on(21, (14, 0), health.visum, letter_on=book.ago(22), cost=350_000)
    wound = TreatmentKind.WOUND, Facility.HOSPITAL
    book.on(21, (14, 10), health.treated, *wound, cost=120_000, funding=Funding.APBD, words="Luka di lengan")
    book.on(12, (9, 0), health.agreed, TreatmentKind.WOUND, Facility.HOSPITAL, book.ago(3))
    book.on(12, (9, 10), book.summary, Discipline.HEALTH, who, "Luka hampir sembuh, satu kontrol lagi di rumah sakit.")
    check = "Buat janji kontrol luka dan antar"
    book.on(22, (10, 30), book.step, "control", Discipline.HEALTH, who, check, book.ago(3))


def _law(case: CaseBook) -> None:
    book, who = case.book, case.who
    told_us = book.stage.at(23, 1, 20)
    police = told_us + dt.timedelta(hours=34)
    goal = Wish("Laporan saya ditangani sampai putusan", "Tahap perkara dan surat dari penyidik")
    book.on(23, (10, 0), case.open, sexual_violence=True, told_us=told_us)
    book.on(22, (11, 0), book.wish, "verdict", Discipline.LEGAL, who, goal)
    book.on(22, (11, 10), case.way, Track.CRIMINAL)
    book.on(22, (11, 15), case.stage, Track.CRIMINAL, "consultation", words="Ia memilih melapor.")
    book.on(22, (13, 0), case.tell_police, police)
    book.on(22, (13, 10), case.stage, Track.CRIMINAL, "police_report", number="LP/B/000", words="STTLP diterima.")
    book.on(22, (13, 20), case.order, ProtectionKind.POLICE_DOMESTIC, 7)
    book.on(19, (13, 0), case.stage, Track.CRIMINAL, "inquiry")
    book.on(16, (13, 0), case.notice, NoticeCode.A1)
    book.on(15, (13, 0), case.order, ProtectionKind.COURT, 90, renews=True)
    book.on(10, (13, 0), case.stage, Track.CRIMINAL, "investigation", number="SPDP/000")
    book.on(9, (13, 0), case.notice, NoticeCode.A3)
    book.on(6, (13, 0), case.way, Track.RESTITUTION)
    book.on(6, (13, 10), case.stage, Track.RESTITUTION, "computed", amount=12_500_000)
    book.on(5, (13, 0), case.way, Track.CUSTODY)
    book.on(5, (13, 10), case.stage, Track.CUSTODY, "consultation")
    book.on(5, (13, 20), book.summary, Discipline.LEGAL, who, "Penyidikan berjalan. BAP lanjutan sudah dijadwalkan.")
    # Nobody has found a car for it yet.
    hearing = AppointmentKind.EXAMINATION, who, book.stage.at(-1, 10), AppointmentPlace.POLICE
    more = {"minutes": 120, "way": SafeWay.SIDE_ENTRANCE}
    book.on(5, (13, 30), book.appointment, "examination", Discipline.LEGAL, *hearing, **more)


def _eldest(book: PlanBook) -> None:
    """She is nine, and has a plan of her own."""
    school = SchoolBook(book, COMPANION)
    of, who = Discipline.EDUCATION, school.who
    book.on(21, (9, 30), book.worker, who, of)
    needs = {Discipline.PSYCHOLOGY: "Mimpi buruk sejak pindah", of: "Belajar terus tanpa sekolah tahu alamat"}
    book.on(21, (14, 30), book.open, COORDINATOR, needs)
    lessons = Wish("Belajar setiap hari kerja seperti teman sekelas", "Hari hadir di kelas rumah")
    sleep = Wish("Tidur di tempat tidur sendiri sampai pagi", "Ceritanya sendiri pada sesi bermain")
    book.on(21, (14, 40), book.wish, "lessons", of, who, lessons)
    book.on(21, (14, 45), book.wish, "nights", Discipline.PSYCHOLOGY, PSYCHOLOGIST, sleep)
    book.on(21, (16, 0), book.read_to_her, COORDINATOR)
    here = NewSchooling(SchoolLevel.PRIMARY, SchoolWay.ONLINE, 3, last_school=SCHOOL, stays_enrolled=True)
    quiet = replace(here, silence_agreed_on=book.ago(16))
    book.on(20, (9, 0), school.learns, here)
    book.on(20, (9, 20), school.letter, LetterKind.STAY_ENROLLED, SCHOOL)
    book.on(16, (9, 0), school.answered, LetterKind.STAY_ENROLLED)
    book.on(16, (9, 10), school.learns, quiet)
    book.on(14, (9, 0), school.week, 3)
    book.on(12, (15, 0), book.session, of, who, Held(SessionKind.LESSON, 60, {"lessons": AHEAD}))
    play = Held(SessionKind.PLAY, 60, {"nights": AHEAD}, "Bermain rumah boneka. Ia menaruh kunci di pintu.")
    book.on(11, (15, 0), book.session, Discipline.PSYCHOLOGY, PSYCHOLOGIST, play)
    book.on(7, (9, 0), school.week, 4)
    tasks = {"from_day": book.ago(6), "until": book.ago(-24)}
    book.on(6, (9, 0), school.letter, LetterKind.TASKS, SCHOOL, **tasks)
    book.on(6, (9, 30), school.exam, book.ago(-9), "Ujian akhir semester, di kantor")
    book.on(5, (15, 0), book.session, of, who, Held(SessionKind.LESSON, 60, {"lessons": AHEAD}))
    book.on(5, (15, 10), book.summary, of, who, "Belajar empat dari lima hari. Sekolah setuju merahasiakan.")


def _younger(book: PlanBook, need: str) -> None:
    book.on(21, (14, 50), book.open, COORDINATOR, {Discipline.SOCIAL_WORK: need})
    book.on(21, (16, 5), book.read_to_her, COORDINATOR)
