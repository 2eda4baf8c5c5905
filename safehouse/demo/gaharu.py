"""The plan of a woman who has been there for half a year: a case before court, a review that was approved, and the
next one due in a few days."""

import datetime as dt

from safehouse.access.models import Discipline
from safehouse.demo.case_book import CaseBook
from safehouse.demo.health_book import HealthBook
from safehouse.demo.plan_book import Held, PlanBook, Wish
from safehouse.demo.stage import Stage
from safehouse.residents.models import Household
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    Facility,
    Funding,
    NextPlan,
    NoticeCode,
    Overall,
    Progress,
    ProtectionKind,
    SafeWay,
    SessionKind,
    SupportKind,
    Track,
    Transport,
    TreatmentKind,
)
from safehouse.services.models import Review
from safehouse.services.operations.reviewing import (
    Advised,
    Written,
    begin_review,
    decide_review,
    hand_in,
    recommendation_done,
    write_review,
)
from safehouse.services.operations.simfoni import fill_sheet, mark_entered
from safehouse.services.queries.gathering import gather
from safehouse.services.queries.reviews import recommendations
from safehouse.services.rules.simfoni import Answers

COORDINATOR, PSYCHOLOGIST, COMPANION, HEAD = "ratih", "galuh", "laras", "hartati"
# Days before today. The review covered the time up to its day; three months later the next is due.
OPENED, REVIEWED = 173, 85
HEARD = (170, 158, 145, 132, 119, 106, 93, 80, 64, 50, 36, 22, 9)
AHEAD, SAME = Progress.FORWARD, Progress.SAME


def plan_of_gaharu(stage: Stage) -> PlanBook:
    book = PlanBook(stage, "Gaharu")
    _opening(book)
    _psychology(book)
    _health_and_work(book)
    _law(CaseBook(book, COMPANION))
    _national_form(book)
    Reviewing(book).tell()
    return book


def _opening(book: PlanBook) -> None:
    needs = {
        Discipline.PSYCHOLOGY: "Takut pada orang asing, sulit tidur",
        Discipline.HEALTH: "Periksa gigi dan kacamata",
        Discipline.LEGAL: "Upah yang ditahan, kesaksian di pengadilan",
        Discipline.SOCIAL_WORK: "Kartu identitas dan keterampilan kerja",
    }
    book.on(OPENED, (10, 0), book.open, COORDINATOR, needs)
    for name, of, who, words, measure in (
        ("calm", Discipline.PSYCHOLOGY, PSYCHOLOGIST, "Berani bertemu orang baru", "Skala rasa aman 0 sampai 10"),
        ("sleep", Discipline.PSYCHOLOGY, PSYCHOLOGIST, "Tidur sampai pagi", "Catatan tidur mingguan"),
        ("wages", Discipline.LEGAL, COMPANION, "Upah saya dibayar", "Putusan dan pembayaran restitusi"),
        ("sewing", Discipline.SOCIAL_WORK, COORDINATOR, "Bisa menjahit untuk bekerja", "Pesanan pertama selesai"),
    ):
        book.on(OPENED, (10, 20), book.wish, name, of, who, Wish(words, measure))
    identity = "Urus kartu identitas yang ditahan majikan"
    book.on(OPENED, (10, 40), book.step, "identity", Discipline.SOCIAL_WORK, COORDINATOR, identity, book.ago(-12))
    course = {"cost": 750_000, "funding": Funding.KEMENSOS}
    book.on(
        OPENED,
        (10, 45),
        book.step,
        "course",
        Discipline.SOCIAL_WORK,
        COORDINATOR,
        "Kursus menjahit",
        book.ago(90),
        **course,
    )
    book.on(OPENED, (15, 0), book.read_to_her, COORDINATOR)
    book.on(95, (15, 0), book.step_done, "course", COORDINATOR)


def _psychology(book: PlanBook) -> None:
    of, who = Discipline.PSYCHOLOGY, PSYCHOLOGIST
    for at, days_ago in enumerate(HEARD):
        progress = {"sleep": AHEAD} if at in {1, 4, 7, 10} else {"calm": AHEAD if at in {3, 9} else SAME}
        kind = SessionKind.ASSESSMENT if at == 0 else SessionKind.INDIVIDUAL
        note = "Asesmen awal selesai." if at == 0 else f"Pertemuan ke-{at + 1}."
        book.on(days_ago, (10, 0), book.session, of, who, Held(kind, 60, progress, note))
    book.on(88, (10, 0), book.summary, of, who, "Tidur membaik, masih cemas bertemu orang baru.")
    book.on(9, (10, 10), book.summary, of, who, "Tidur sampai pagi. Sudah dua kali keluar bersama pendamping.")
    following = AppointmentKind.COUNSELLING, who, book.stage.at(-5, 9), AppointmentPlace.HOUSE
    book.on(9, (10, 15), book.appointment, "counselling", of, *following)


def _health_and_work(book: PlanBook) -> None:
    health = HealthBook(book, COORDINATOR)
    book.on(168, (13, 0), health.treated, TreatmentKind.CHECK_UP, Facility.CLINIC)
    book.on(130, (13, 0), health.treated, TreatmentKind.DENTAL, Facility.CLINIC)
    book.on(75, (13, 0), health.treated, TreatmentKind.AID, Facility.PRACTICE, cost=300_000, funding=Funding.ZAKAT)
    for days_ago, progress in ((166, SAME), (140, AHEAD), (110, AHEAD), (70, AHEAD), (35, SAME)):
        held = Held(SessionKind.INDIVIDUAL, 45, {"sewing": progress})
        book.on(days_ago, (14, 0), book.session, Discipline.SOCIAL_WORK, COORDINATOR, held)
    kit = SupportKind.BUSINESS_TOOLS, "Mesin jahit bekas", 1_200_000, Funding.ZAKAT
    book.on(160, (15, 0), book.given, COORDINATOR, SupportKind.CLOTHES, "Pakaian", 200_000, Funding.APBD)
    book.on(34, (15, 0), book.given, COORDINATOR, *kit)


def _law(case: CaseBook) -> None:
    book, who = case.book, case.who
    told_us = book.stage.at(174, 12)
    book.on(172, (11, 0), case.open, sexual_violence=False, told_us=told_us)
    book.on(172, (11, 10), case.way, Track.CRIMINAL)
    book.on(170, (13, 0), case.tell_police, book.stage.at(170, 9))
    for days_ago, key in (
        (172, "consultation"),
        (170, "police_report"),
        (165, "inquiry"),
        (150, "investigation"),
        (112, "file_sent"),
        (100, "file_returned"),
        (86, "file_sent"),
        (72, "file_complete"),
        (60, "handed_over"),
        (45, "prosecution"),
        (30, "trial"),
        (16, "trial"),
    ):
        book.on(days_ago, (13, 30), case.stage, Track.CRIMINAL, key)
    for days_ago, code in ((162, NoticeCode.A1), (148, NoticeCode.A3), (70, NoticeCode.A4)):
        book.on(days_ago, (13, 40), case.notice, code)
    book.on(160, (13, 0), case.way, Track.LPSK)
    for days_ago, key in ((160, "asked"), (142, "examined"), (120, "granted")):
        book.on(days_ago, (13, 50), case.stage, Track.LPSK, key)
    book.on(120, (14, 0), case.order, ProtectionKind.LPSK, 180)
    book.on(60, (14, 0), case.way, Track.RESTITUTION)
    book.on(58, (14, 0), case.stage, Track.RESTITUTION, "computed", amount=18_500_000)
    book.on(45, (14, 0), case.stage, Track.RESTITUTION, "in_charge", amount=18_500_000)
    book.on(89, (14, 0), book.summary, Discipline.LEGAL, who, "Berkas sedang dilengkapi penyidik.")
    book.on(16, (14, 0), book.summary, Discipline.LEGAL, who, "Sidang berjalan, saksi didengar bulan ini.")
    court = AppointmentKind.HEARING, who
    way = {"minutes": 180, "transport": Transport.OFFICE_CAR, "way": SafeWay.SIDE_ENTRANCE}
    for name, agreed, days_ago in (("first", 45, 30), ("second", 30, 16), ("third", 16, -4)):
        at = book.stage.at(days_ago, 9), AppointmentPlace.COURT
        book.on(agreed, (15, 0), book.appointment, name, Discipline.LEGAL, *court, *at, **way)
        if days_ago > 0:
            book.on(days_ago, (14, 30), book.kept, name, who)


def _national_form(book: PlanBook) -> None:
    """Typed into the national system by whoever coordinates her plan."""
    case = {"channel": "rujukan", "place": "tempat_kerja", "domestic": "tidak", "types": ["tppo"]}

    def household() -> Household:
        return book.stage.household(book.family)

    def filled(when: dt.datetime) -> None:
        fill_sheet(
            book.stage.session,
            household=household(),
            answers=Answers(case=case),
            seen_at=None,
            now=when,
            by=book.stage.by(COORDINATOR),
        )

    def typed(when: dt.datetime) -> None:
        mark_entered(
            book.stage.session, household=household(), case_number=None, now=when, by=book.stage.by(COORDINATOR)
        )

    book.on(167, (15, 0), filled)
    book.on(167, (15, 30), typed)


class Reviewing:
    """The first review of her plan: written, approved by the head, and what came of its advice."""

    def __init__(self, book: PlanBook) -> None:
        self.book = book
        self.review: Review

    def tell(self) -> None:
        self.book.on(REVIEWED, (13, 0), self._written)
        self.book.on(REVIEWED, (14, 0), self._handed_in)
        self.book.on(REVIEWED - 1, (9, 0), self._approved)
        self.book.on(40, (9, 0), self._first_is_done)

    def _written(self, when: dt.datetime) -> None:
        book, stage = self.book, self.book.stage
        today = stage.day(when)
        accounts = stage.accounts
        written = Written(
            overall=Overall.FORWARD,
            next_plan=NextPlan.STAY,
            conclusion="Ia lebih tenang dan siap bersaksi. Perkara belum selesai, jadi masih perlu tinggal.",
            own_words="Saya ingin upah saya dibayar, lalu membuka jahitan di rumah adik.",
            family="Adik bersedia menerima setelah perkara selesai.",
            advised=(
                Advised("Latihan menjahit dua kali seminggu", accounts[COORDINATOR], book.ago(30)),
                Advised("Kartu identitas baru", accounts[COORDINATOR], book.ago(-2)),
                Advised("Bertemu adik di kantor", accounts[PSYCHOLOGIST], book.ago(-20)),
            ),
            outcomes={},
        )
        opened = stage.day(book.plan.opened_at)
        about = book.about(COORDINATOR, when)
        self.review = begin_review(plan=book.plan, from_day=opened, until=today, **about)
        write_review(review=self.review, until=today, written=written, today=today, **about)

    def _handed_in(self, when: dt.datetime) -> None:
        book, review = self.book, self.review
        figures = gather(
            book.stage.session,
            plan=book.plan,
            placement=book.placement,
            resident=book.resident,
            from_day=review.from_day,
            until=review.until,
            there=book.stage.zone,
        )
        hand_in(review=review, figures=figures, **book.about(COORDINATOR, when))

    def _approved(self, when: dt.datetime) -> None:
        year = self.book.stage.day(when).year
        words = "Setuju. Siapkan juga rencana pulang."
        decide_review(review=self.review, granted=True, words=words, year=year, **self.book.about(HEAD, when))

    def _first_is_done(self, when: dt.datetime) -> None:
        first = recommendations(self.book.stage.session, self.review.id)[0]
        recommendation_done(recommendation=first.row, **self.book.about(COORDINATOR, when))
