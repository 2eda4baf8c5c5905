"""The plans of the others who live there: short ones, as most are. Whoever came in the last days has none yet."""

import datetime as dt

from safehouse.access.models import Discipline
from safehouse.demo.health_book import HealthBook
from safehouse.demo.plan_book import Held, PlanBook, Wish
from safehouse.demo.school_book import SchoolBook
from safehouse.demo.stage import Stage
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    Facility,
    Funding,
    LetterKind,
    Progress,
    SchoolLevel,
    SchoolWay,
    SessionKind,
    SupportKind,
    Transport,
    TreatmentKind,
)
from safehouse.services.operations.schooling import NewSchooling

AHEAD = Progress.FORWARD


def other_plans(stage: Stage) -> list[PlanBook]:
    return [_jati(stage), _mahoni(stage), *_sengon(stage), _trembesi(stage), _pinus(stage)]


def _jati(stage: Stage) -> PlanBook:
    """She goes home today, with what she needs to earn her living."""
    book, of, who = PlanBook(stage, "Jati"), Discipline.SOCIAL_WORK, "ratih"
    book.on(18, (10, 0), book.open, who, {of: "Penghasilan sendiri dan pulang ke rumah bibi"})
    goal = Wish("Berjualan lagi dari rumah bibi", "Modal dan tempat sudah ada")
    book.on(18, (10, 10), book.wish, "trade", of, who, goal)
    book.on(18, (15, 0), book.read_to_her, who)
    for days_ago in (16, 12, 8):
        book.on(days_ago, (9, 0), book.session, of, who, Held(SessionKind.INDIVIDUAL, 45, {"trade": AHEAD}))
    last = Held(SessionKind.INDIVIDUAL, 60, {"trade": AHEAD}, ready=True)
    book.on(4, (9, 0), book.session, of, who, last)
    book.on(4, (9, 10), book.summary, of, who, "Siap pulang. Modal dan tempat berjualan sudah ada.")
    start = SupportKind.BUSINESS_START, "Modal berjualan", 1_500_000, Funding.ZAKAT
    book.on(3, (9, 0), book.given, who, *start)
    book.on(2, (9, 30), book.given, who, SupportKind.FOOD_PARCEL, "Sembako untuk pulang", 150_000, Funding.APBD)
    return book


def _mahoni(stage: Stage) -> PlanBook:
    book, who = PlanBook(stage, "Mahoni"), "ratih"
    needs = {Discipline.LEGAL: "Belum memilih melapor atau tidak", Discipline.SOCIAL_WORK: "Tempat setelah dari sini"}
    book.on(15, (10, 0), book.open, who, needs)
    goal = Wish("Tahu ke mana saya pulang dengan aman", "Satu kerabat bersedia menerima")
    book.on(15, (10, 10), book.wish, "place", Discipline.SOCIAL_WORK, who, goal)
    call = "Hubungi kerabat di luar kabupaten"
    book.on(15, (10, 15), book.step, "relatives", Discipline.SOCIAL_WORK, who, call, book.ago(9))
    book.on(15, (15, 0), book.read_to_her, who)
    book.on(11, (14, 0), book.session, Discipline.SOCIAL_WORK, who, Held(SessionKind.INDIVIDUAL, 60, {"place": AHEAD}))
    book.on(10, (14, 0), book.step_done, "relatives", who)
    advice = Held(SessionKind.ADVICE, 60, note="Hak dan tahap perkara dijelaskan.")
    book.on(1, (9, 45), book.session, Discipline.LEGAL, "laras", advice)
    return book


def _sengon(stage: Stage) -> list[PlanBook]:
    mother, son, who = PlanBook(stage, "Sengon"), PlanBook(stage, "Sengon", 1), "galuh"
    mother.on(10, (10, 0), mother.open, who, {Discipline.PSYCHOLOGY: "Sering menangis dan sulit makan"})
    goal = Wish("Makan dan tidur seperti dulu", "Catatan mingguan")
    mother.on(10, (10, 10), mother.wish, "meals", Discipline.PSYCHOLOGY, who, goal)
    mother.on(10, (16, 0), mother.read_to_her, who)
    for days_ago in (9, 2):
        held = Held(SessionKind.INDIVIDUAL, 60, {"meals": AHEAD}, "Ia mulai bercerita tentang rumahnya.")
        mother.on(days_ago, (14, 0), mother.session, Discipline.PSYCHOLOGY, who, held)
    son.on(10, (10, 20), son.open, who, {Discipline.PSYCHOLOGY: "Rewel di malam hari, dekat dengan ibunya"})
    son.on(10, (16, 5), son.read_to_her, who)
    return [mother, son]


def _trembesi(stage: Stage) -> PlanBook:
    """She is fifteen, and has an examination at school."""
    book = PlanBook(stage, "Trembesi")
    school, of, who = SchoolBook(book, "laras"), Discipline.PSYCHOLOGY, "galuh"
    book.on(9, (10, 0), book.open, "ratih", {of: "Cemas dan merasa bersalah", Discipline.EDUCATION: "Ujian akhir"})
    goal = Wish("Berani bicara tanpa merasa bersalah", "Ceritanya sendiri dalam sesi")
    book.on(9, (10, 10), book.wish, "voice", of, who, goal)
    exam = Wish("Ikut ujian seperti teman sekelas", "Ujian diikuti, nilai diterima")
    book.on(9, (10, 15), book.wish, "exam", Discipline.EDUCATION, school.who, exam)
    book.on(9, (16, 0), book.read_to_her, "ratih")
    first = Held(SessionKind.ASSESSMENT, 90, {"voice": Progress.SAME}, "Asesmen awal.")
    second = Held(SessionKind.INDIVIDUAL, 60, {"voice": AHEAD}, "Ia menggambar dulu, lalu bercerita.")
    book.on(8, (11, 0), book.session, of, who, first)
    book.on(3, (11, 0), book.session, of, who, second)
    book.on(3, (11, 10), book.summary, of, who, "Mulai bercerita. Perlu tenang menjelang ujian.")
    name = "SMP Contoh 2"
    here = NewSchooling(SchoolLevel.LOWER_SECONDARY, SchoolWay.SAME_SCHOOL, 9, last_school=name, stays_enrolled=True)
    book.on(8, (13, 0), school.learns, here)
    later = {"from_day": book.ago(8), "until": book.ago(-3)}
    book.on(8, (13, 10), school.letter, LetterKind.LATER_EXAM, name, **later)
    book.on(5, (13, 0), school.exam, book.ago(-6), "Ujian akhir semester")
    book_of_reports = AppointmentKind.REPORT_BOOK, school.who, stage.at(-6, 15), AppointmentPlace.OFFICE
    car = {"transport": Transport.OFFICE_CAR}
    book.on(5, (13, 10), book.appointment, "report", Discipline.EDUCATION, *book_of_reports, **car)
    return book


def _pinus(stage: Stage) -> PlanBook:
    """She expects a child, and is in hospital since yesterday."""
    book, of, who = PlanBook(stage, "Pinus"), Discipline.HEALTH, "asri"
    health = HealthBook(book, who)
    book.on(7, (10, 0), book.open, who, {of: "Periksa kehamilan teratur, bersalin di tempat aman"})
    goal = Wish("Bayi saya lahir sehat", "Periksa sesuai jadwal sampai bersalin")
    book.on(7, (10, 10), book.wish, "birth", of, who, goal)
    book.on(7, (10, 20), health.expecting, stage.day(stage.now) + dt.timedelta(days=70))
    book.on(7, (16, 0), book.read_to_her, who)
    book.on(6, (11, 0), health.treated, TreatmentKind.PREGNANCY, Facility.CLINIC)
    book.on(1, (8, 0), health.treated, TreatmentKind.INPATIENT, Facility.HOSPITAL, words="Dirawat karena lemas")
    book.on(1, (8, 10), book.summary, of, who, "Dirawat di rumah sakit, keadaan ibu dan bayi baik.")
    return book
