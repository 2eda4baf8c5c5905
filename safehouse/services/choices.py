"""The closed lists of service plans. Values are stored, words are for the screen."""

from enum import StrEnum

from safehouse.access.models import Discipline

# The domains of a plan, in the order in which they are read everywhere.
DOMAINS_IN_ORDER = (
    Discipline.PSYCHOLOGY,
    Discipline.HEALTH,
    Discipline.EDUCATION,
    Discipline.LEGAL,
    Discipline.SOCIAL_WORK,
)


class Funding(StrEnum):
    """Who pays. Services are free for the resident; what the unit spends is accounted for by its source
    (`domain.md` 2.1)."""

    APBD = "apbd"
    DAK_PPA = "dak_nonfisik_ppa"
    KEMENSOS = "apbn_kemensos"
    JKN = "jkn"  # national health insurance: ordinary care, never what violence caused
    LPSK = "lpsk"
    VILLAGE = "dana_desa"
    ZAKAT = "baznas_zakat"
    DONATION = "csr_donasi"
    NGO = "lsm_mitra"
    OTHER = "lainnya"


class ActionState(StrEnum):
    """How far something planned has come (`domain.md` 5)."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DECLINED = "declined"  # she does not want it


class WordsKind(StrEnum):
    """What is written about a domain as a whole."""

    NEED = "need"
    SUMMARY = "summary"  # progress, written for everyone who works with her


class SessionKind(StrEnum):
    """What a meeting was for (`domain.md` 5)."""

    ASSESSMENT = "assessment"
    INDIVIDUAL = "individual"
    GROUP = "group"
    FAMILY = "family"  # trauma healing of relatives belongs to her plan
    TRAUMA = "trauma"
    PLAY = "play"
    CRISIS = "crisis"
    FOR_COURT = "for_court"  # examined for a case; the result belongs to the court
    ACCOMPANIMENT = "accompaniment"
    ADVICE = "advice"
    EXERCISE = "exercise"
    LESSON = "lesson"
    SPIRITUAL = "spiritual"  # by her own religion, on request only


class SessionPlace(StrEnum):
    OFFICE = "office"
    HOUSE = "house"
    MOBILE = "mobile"
    OUTREACH = "outreach"
    ONLINE = "online"


class Attendance(StrEnum):
    ATTENDED = "attended"
    ABSENT = "absent"
    MOVED = "moved"  # another day was agreed


class Progress(StrEnum):
    """What a session says of a goal. The first is what is assumed."""

    NOT_DISCUSSED = "not_discussed"
    BACK = "back"
    SAME = "same"
    FORWARD = "forward"


class AppointmentKind(StrEnum):
    CHECK_UP = "check_up"
    TREATMENT = "treatment"
    PREGNANCY_CHECK = "pregnancy_check"
    IMMUNISATION = "immunisation"
    VISUM = "visum"
    PSYCHIATRIST = "psychiatrist"
    COUNSELLING = "counselling"
    ASSESSMENT = "assessment"
    POLICE_REPORT = "police_report"
    EXAMINATION = "examination"  # BAP
    HEARING = "hearing"
    LEGAL_ADVICE = "legal_advice"
    PROTECTION_AGENCY = "protection_agency"  # LPSK
    SCHOOL_VISIT = "school_visit"
    EXAM = "exam"
    REPORT_BOOK = "report_book"
    ACCOMPANIMENT = "accompaniment"
    FAMILY_MEETING = "family_meeting"
    PAPERS = "papers"  # civil registry, health card
    TRAINING = "training"
    OTHER = "other"


class AppointmentPlace(StrEnum):
    HOUSE = "house"
    OFFICE = "office"
    HOSPITAL = "hospital"
    CLINIC = "clinic"
    POLICE = "police"
    PROSECUTOR = "prosecutor"
    COURT = "court"
    SCHOOL = "school"
    AGENCY = "agency"
    ONLINE = "online"


class Transport(StrEnum):
    NOT_YET = "not_yet"
    NOT_NEEDED = "not_needed"
    OFFICE_CAR = "office_car"
    HIRED_CAR = "hired_car"
    AGENCY_CAR = "agency_car"
    AMBULANCE = "ambulance"


class SafeWay(StrEnum):
    """How she gets there without being seen or followed."""

    INSIDE = "inside"  # nobody leaves the house
    VIA_OFFICE = "via_office"
    SIDE_ENTRANCE = "side_entrance"
    NO_LOGO = "no_logo"  # a car without a sign, parked far off
    ORDINARY = "ordinary"


class ChildrenMeanwhile(StrEnum):
    NONE = "none"
    WITH_HER = "with_her"
    WITH_STAFF = "with_staff"


class AppointmentState(StrEnum):
    PLANNED = "planned"
    KEPT = "kept"
    MISSED = "missed"
    MOVED = "moved"
    CANCELLED = "cancelled"


class MissedAnswer(StrEnum):
    """What became of an appointment nobody came to."""

    NEW_DAY = "new_day"
    REACHED = "reached"  # spoken with her; nothing further now
    NOT_NEEDED = "not_needed"


class Facility(StrEnum):
    HOSPITAL = "hospital"
    POLICE_HOSPITAL = "police_hospital"  # RS Bhayangkara
    CLINIC = "clinic"  # Puskesmas
    PRACTICE = "practice"  # a doctor or midwife
    HOUSE = "house"


class CareState(StrEnum):
    """How far an examination has come."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    DONE = "done"
    CANCELLED = "cancelled"


class TreatmentKind(StrEnum):
    CHECK_UP = "check_up"
    WOUND = "wound"
    POST_ASSAULT = "post_assault"  # kept as a service, without the name of a medicine
    PREGNANCY = "pregnancy"
    CHILDBIRTH = "childbirth"
    IMMUNISATION = "immunisation"
    CHILD_HEALTH = "child_health"
    PSYCHIATRY = "psychiatry"
    INPATIENT = "inpatient"
    LABORATORY = "laboratory"
    DENTAL = "dental"
    AID = "aid"  # glasses, wheelchair, hearing aid
    OTHER = "other"


class LimitAnswer(StrEnum):
    """What came of help that is of use for a few days only."""

    GIVEN = "given"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"  # she does not want it
    TOO_LATE = "too_late"


class VisumKind(StrEnum):
    PHYSICAL = "physical"
    PSYCHIATRIC = "psychiatric"
    MEDICAL_LETTER = "medical_letter"  # possible without a police report


class SchoolLevel(StrEnum):
    NONE = "none"
    EARLY = "early"  # PAUD, TK
    PRIMARY = "primary"  # SD, MI
    LOWER_SECONDARY = "lower_secondary"  # SMP, MTs
    UPPER_SECONDARY = "upper_secondary"  # SMA, MA
    VOCATIONAL = "vocational"  # SMK
    SPECIAL = "special"  # SLB
    HIGHER = "higher"


class SchoolWay(StrEnum):
    """How she goes on learning."""

    NOT_YET = "not_yet"
    SAME_SCHOOL = "same_school"
    TRANSFER = "transfer"
    ONLINE = "online"
    PACKAGE_A = "package_a"
    PACKAGE_B = "package_b"
    PACKAGE_C = "package_c"
    HOME_TEACHER = "home_teacher"
    PLAY_AT_HOME = "play_at_home"
    NO_MORE = "no_more"  # she has finished, or does not want to


class LetterKind(StrEnum):
    """What a school is asked. No letter says why, or where she is."""

    STAY_ENROLLED = "stay_enrolled"
    ABSENCE = "absence"
    TASKS = "tasks"  # lessons and tasks to be sent
    LATER_EXAM = "later_exam"
    TRANSFER = "transfer"


class ExamState(StrEnum):
    PLANNED = "planned"
    TAKEN = "taken"
    MISSED = "missed"
    LATER = "later"


class SupportKind(StrEnum):
    FOOD_PARCEL = "food_parcel"  # sembako
    CLOTHES = "clothes"
    BABY = "baby"
    SCHOOL_GOODS = "school_goods"
    CASH = "cash"
    SKILLS = "skills"  # training
    BUSINESS_TOOLS = "business_tools"
    BUSINESS_START = "business_start"
    JOB = "job"
    HOUSING = "housing"
    OTHER = "other"


class Track(StrEnum):
    """A way through law. One matter may go several at a time."""

    CRIMINAL = "criminal"
    LPSK = "lpsk"  # protection by the national agency
    RESTITUTION = "restitution"
    VICTIM_FUND = "victim_fund"
    DIVORCE = "divorce"
    CUSTODY = "custody"
    MAINTENANCE = "maintenance"
    GUARDIANSHIP = "guardianship"
    MARRIAGE_CONFIRMATION = "marriage_confirmation"  # isbat nikah
    MARRIAGE_DISPENSATION = "marriage_dispensation"  # watch for forced marriage
    MEDIATION = "mediation"


class ProceduralCode(StrEnum):
    """Which code of criminal procedure a matter follows (UU 20/2025 Pasal 361: what was under investigation on
    2 January 2026 goes on by the old one)."""

    KUHAP_1981 = "kuhap_1981"
    KUHAP_2025 = "kuhap_2025"


class Accompanied(StrEnum):
    WORKER = "worker"
    ADVOCATE = "advocate"
    NOBODY = "nobody"


class NoticeCode(StrEnum):
    """SP2HP, what the investigator writes to whoever reported (`domain.md` 5.1)."""

    A1 = "a1"
    A2 = "a2"
    A3 = "a3"
    A4 = "a4"
    A5 = "a5"


class ProtectionKind(StrEnum):
    POLICE_DOMESTIC = "police_domestic"  # UU 23/2004 Pasal 16: at most 7 days
    POLICE_SEXUAL = "police_sexual"  # UU 12/2022 Pasal 42: at most 14 days
    COURT = "court"  # UU 23/2004 Pasal 32: at most a year; renewed 7 days before it ends
    LPSK = "lpsk"


class Overall(StrEnum):
    BACK = "back"
    SAME = "same"
    FORWARD = "forward"


class NextPlan(StrEnum):
    STAY = "stay"
    PREPARE_HOME = "prepare_home"
    OTHER_SERVICE = "other_service"


class RecommendationOutcome(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
