"""What a family is asked and told: the screening, the consents, the intake, and the head's decision."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from safehouse.demo.families import Arrival
from safehouse.demo.stage import Stage
from safehouse.residents.models import (
    ConsentItem,
    DangerLevel,
    Examiner,
    Guardian,
    HealthOutcome,
    Reading,
    Relationship,
    Resident,
    Signing,
)
from safehouse.residents.operations.care import NewMedicine
from safehouse.residents.operations.consents import (
    Answer,
    Sitting,
    guardian_at_home,
    guardian_outside,
    record_answers,
)
from safehouse.residents.operations.guardians import Outsider
from safehouse.residents.operations.health import NewHealthCheck, note_health_check
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consenting import FOR_A_CHILD, OF_AN_ADULT, Tongue, is_asked_herself
from safehouse.shelter.choices import AnswerKind, KeptWhere, Need
from safehouse.shelter.models import Placement, Referral
from safehouse.shelter.operations.answering import GivenAnswer, answer_referral
from safehouse.shelter.operations.deciding import decide_placement
from safehouse.shelter.operations.intake import (
    NewBelonging,
    answer_allergies,
    answer_belongings,
    answer_medicines,
)
from safehouse.shelter.operations.placing import name_family
from safehouse.shelter.operations.screening import NewReported, record_screening
from safehouse.shelter.rules.screening import PARTS, Answers, Choice, Part, Question

HEAD = "hartati"
CameOfIt = tuple[HealthOutcome, str]
# What the head asks for beside a yes: printed on the paper, read by whoever answers for the family.
CONDITIONS = {"Kenari": "Keluarga tetap sekamar. Sekolah anak dihubungi dalam tiga hari."}
# Whoever reads a consent aloud has somebody of the same houses beside her.
HEARD_BY = {"ratih": "wulan", "wulan": "ratih", "tari": "ratih", "yuni": "galuh", "galuh": "wulan"}

NOTHING: dict[Part, Choice] = {part: Choice.NO for parts in PARTS.values() for part in parts}
BY_DANGER: dict[DangerLevel, dict[Part, Choice]] = {
    DangerLevel.LOW: {},
    DangerLevel.MEDIUM: {Part.PHONE_TRACED: Choice.UNKNOWN, Part.KNOWS_PLACE: Choice.UNKNOWN},
    DangerLevel.HIGH: {Part.THREAT: Choice.YES, Part.WORSE: Choice.YES, Part.KNOWN: Choice.YES},
}
BY_NEED = {Need.PREGNANT: (Part.PREGNANCY, Choice.YES), Need.ISOLATION: (Part.CONTAGIOUS, Choice.YES)}

# Whom a family named when it was asked. The same number twice: two households that never share a house.
REPORTED: Mapping[str, NewReported] = {
    "Mahoni": NewReported(Relationship.ACQUAINTANCE, name="Terlapor Contoh Satu"),
    "Kenari": NewReported(
        Relationship.HUSBAND, name="Terlapor Contoh Dua", nik="3399990708900002", phone="0812-0000-0009"
    ),
    "Gaharu": NewReported(Relationship.EMPLOYER, phone="0812-0000-0009", plate="Z 0000 XX"),
}
ALLERGIES = {"Pinus": "Penisilin: ruam dan sesak"}
MEDICINES = {"Pinus": (NewMedicine("Tablet tambah darah", "1 tablet", (dt.time(7), dt.time(19))),)}
# Of whom a doctor should look before help is of no use any more.
DOCTOR_SOON = frozenset({"Randu"})
# What came of the first health check, and what those who care for her must know; of all others nothing was needed.
CHECKED: Mapping[str, CameOfIt] = {
    "Jati": (HealthOutcome.DECLINED, ""),
    "Pinus": (HealthOutcome.CARE_NEEDED, "Periksa kehamilan lagi di puskesmas setiap dua minggu."),
    "Damar": (HealthOutcome.CARE_NEEDED, "Tidur di kamar sendiri sampai obat habis. Antar kontrol hari Senin."),
}
BELONGINGS: Mapping[str, Sequence[NewBelonging]] = {
    "Kenari": (
        NewBelonging("Kartu keluarga asli", KeptWhere.SAFE),
        NewBelonging("Telepon warna hitam, dimatikan", KeptWhere.SAFE),
        NewBelonging("Tas sekolah", KeptWhere.WITH_HER),
    ),
    "Gaharu": (NewBelonging("Cincin, satu buah", KeptWhere.SAFE),),
}


def screen(stage: Stage, one: Arrival, when: dt.datetime, *, but: Sequence[Question] = ()) -> None:
    """The twelve questions; `but` those nobody could ask yet."""
    chosen = NOTHING | BY_DANGER[one.danger] | dict(BY_NEED[need] for need in one.needs)
    if any((person.age_months or 999) < 24 for person in one.people if not person.adult):
        chosen[Part.INFANTS] = Choice.YES
    if one.alias in MEDICINES:
        chosen[Part.MEDICINES] = Choice.YES
    if one.alias in DOCTOR_SOON:
        chosen[Part.RECENT] = Choice.YES
    left_out = {part for question in but for part in PARTS[question]}
    reported = [REPORTED[one.alias]] if one.alias in REPORTED else []
    screen_referral(
        stage,
        stage.referrals[one.alias],
        {part: choice for part, choice in chosen.items() if part not in left_out},
        when,
        who=one.by,
        reported=reported,
    )


def screen_referral(
    stage: Stage,
    referral: Referral,
    chosen: Mapping[Part, Choice],
    when: dt.datetime,
    *,
    who: str,
    reported: Sequence[NewReported] = (),
) -> None:
    record_screening(
        stage.session, referral=referral, answers=Answers(chosen), reported=reported, now=when, by=stage.by(who)
    )


def accept(stage: Stage, one: Arrival, when: dt.datetime) -> None:
    """Whoever sent the family is told that there is room for it."""
    answer_referral(
        stage.session,
        referral=stage.referrals[one.alias],
        given=GivenAnswer(AnswerKind.ACCEPTED),
        today=stage.day(when),
        now=when,
        by=stage.by(one.by),
    )


def agree(stage: Stage, one: Arrival, when: dt.datetime) -> None:
    """Everybody is asked, item by item: the adults themselves, the children through their mother or an aunt."""
    if one.alias not in stage.families:
        named = name_family(
            stage.session,
            referral=stage.referrals[one.alias],
            aliases=one.names,
            today=stage.day(when),
            now=when,
            by=stage.by(one.by),
        )
        stage.families[one.alias] = [resident for _position, resident in sorted(named.items())]
    family, today = stage.families[one.alias], stage.day(when)
    children = [resident for resident in family if is_child(resident.birth_month, resident.of_age_on, today)]
    adults = [resident for resident in family if resident not in children]
    for resident in adults:
        items = {item: item is not ConsentItem.PHOTOGRAPH for item in (*OF_AN_ADULT, ConsentItem.HOUSE_RULES)}
        _answer(stage, one, resident, items, when)
    for child in children:
        items = dict.fromkeys(FOR_A_CHILD, True)
        if adults:
            guardian = guardian_at_home(
                stage.session,
                child=child,
                adult=adults[0],
                relationship=Relationship.MOTHER,
                now=when,
                by=stage.by(one.by),
            )
        else:
            aunt = Outsider("Bibi Contoh", Relationship.OTHER_FAMILY, f"0812-0000-{child.id:04}")
            guardian = guardian_outside(stage.session, child=child, person=aunt, now=when, by=stage.by(one.by))
            items[ConsentItem.HOUSE_RULES] = True
        _answer(stage, one, child, items, when, guardian=guardian)


def _answer(
    stage: Stage,
    one: Arrival,
    resident: Resident,
    items: Mapping[ConsentItem, bool],
    when: dt.datetime,
    *,
    guardian: Guardian | None = None,
) -> None:
    today = stage.day(when)
    record_answers(
        stage.session,
        resident=resident,
        answers=[Answer(item, granted) for item, granted in items.items()],
        sitting=Sitting(
            reading=Reading.ALOUD,
            language=Tongue.INDONESIAN,
            signed=Signing.PAPER,
            reader_id=stage.accounts[one.by].id,
            witness_id=stage.accounts[HEARD_BY[one.by]].id,
            sheet_number=f"PS-{resident.id:03}",
        ),
        today=today,
        guardian=guardian,
        child_agrees=True if is_asked_herself(resident.birth_month, resident.of_age_on, today) else None,
        now=when,
        by=stage.by(one.by),
    )


def ask_at_arrival(stage: Stage, one: Arrival, when: dt.datetime, *, belongings: bool = True) -> None:
    """What each of them does not tolerate, takes, and brought."""
    by = stage.by(one.by)
    for at, resident in enumerate(stage.families[one.alias]):
        placement = stage.session.scalars(
            select(Placement).where(Placement.resident_id == resident.id, Placement.left_at.is_(None))
        ).one()
        whose = one.alias if at == 0 else ""
        answer_allergies(
            stage.session,
            placement=placement,
            resident=resident,
            words=ALLERGIES.get(whose, ""),
            now=when,
            by=by,
        )
        answer_medicines(
            stage.session,
            placement=placement,
            resident=resident,
            medicines=MEDICINES.get(whose, ()),
            now=when,
            by=by,
        )
        if not belongings:
            continue
        brought, signature = BELONGINGS.get(whose, ()), None
        if brought:
            act = stage.act("intake:belongings", one.by, when, placement.ref)
            house = stage.built.house(one.house)
            signature = stage.beside(act, HEARD_BY[one.by], house, when, who=one.by)
        answer_belongings(
            stage.session,
            placement=placement,
            resident=resident,
            belongings=brought,
            co_signature=signature,
            now=when,
            by=by,
        )


def examine(stage: Stage, one: Arrival, when: dt.datetime) -> None:
    """The nurse of the puskesmas looks at each of them on the morning after, or is thanked and sent home."""
    for at, resident in enumerate(stage.families[one.alias]):
        outcome, words = CHECKED.get(one.alias if at == 0 else "", (HealthOutcome.NOTHING_NEEDED, ""))
        examiner = None if outcome is HealthOutcome.DECLINED else Examiner.CLINIC
        note_health_check(
            stage.session,
            resident=resident,
            check=NewHealthCheck(when, outcome, examiner, words),
            now=when,
            by=stage.by(one.by),
        )


def decide(stage: Stage, one: Arrival, when: dt.datetime) -> None:
    """The head decides, and the berita acara has its number."""
    decide_placement(
        stage.session,
        referral=stage.referrals[one.alias],
        house=stage.built.house(one.house),
        granted=True,
        words=CONDITIONS.get(one.alias, ""),
        now=when,
        by=stage.by(HEAD),
    )
