"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.access.models import Discipline
from safehouse.services.choices import (
    Accompanied,
    ActionState,
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    Attendance,
    CareState,
    ChildrenMeanwhile,
    ExamState,
    Facility,
    Funding,
    LetterKind,
    LimitAnswer,
    MissedAnswer,
    NextPlan,
    NoticeCode,
    Overall,
    ProceduralCode,
    Progress,
    ProtectionKind,
    RecommendationOutcome,
    SafeWay,
    SchoolLevel,
    SchoolWay,
    SessionKind,
    SessionPlace,
    SupportKind,
    Track,
    Transport,
    TreatmentKind,
    VisumKind,
    WordsKind,
)
from safehouse.services.rules.goals import GoalState
from safehouse.services.rules.reviewing import Court

# A domain of a plan, as the heading of its page and of its line.
DOMAINS = {
    Discipline.SOCIAL_WORK: _l("Social and economic"),
    Discipline.PSYCHOLOGY: _l("Psychological"),
    Discipline.HEALTH: _l("Health"),
    Discipline.LEGAL: _l("Legal"),
    Discipline.EDUCATION: _l("Education"),
}
DOMAIN_PLANS = {
    Discipline.SOCIAL_WORK: _l("Social and economic plan"),
    Discipline.PSYCHOLOGY: _l("Psychological plan"),
    Discipline.HEALTH: _l("Health plan"),
    Discipline.LEGAL: _l("Legal plan"),
    Discipline.EDUCATION: _l("Education plan"),
}
DOMAIN_ICONS = {
    Discipline.SOCIAL_WORK: "people",
    Discipline.PSYCHOLOGY: "mind",
    Discipline.HEALTH: "med",
    Discipline.LEGAL: "law",
    Discipline.EDUCATION: "book",
}
FUNDINGS = {
    Funding.APBD: _l("Local budget (APBD)"),
    Funding.DAK_PPA: _l("Special grant (DAK Pelayanan PPA)"),
    Funding.KEMENSOS: _l("Ministry of Social Affairs"),
    Funding.JKN: _l("National health insurance (JKN)"),
    Funding.LPSK: _l("LPSK"),
    Funding.VILLAGE: _l("Village fund"),
    Funding.ZAKAT: _l("Baznas, zakat"),
    Funding.DONATION: _l("Donation"),
    Funding.NGO: _l("Partner organisation"),
    Funding.OTHER: _l("Another source"),
}
ACTION_STATES = {
    ActionState.PLANNED: _l("Planned"),
    ActionState.RUNNING: _l("Running"),
    ActionState.DONE: _l("Carried through"),
    ActionState.POSTPONED: _l("Postponed"),
    ActionState.CANCELLED: _l("Cancelled"),
    ActionState.DECLINED: _l("She does not want it"),
}
ACTION_LOOKS = {
    ActionState.PLANNED: ("", "ring"),
    ActionState.RUNNING: ("", "half"),
    ActionState.DONE: ("ok", "check"),
    ActionState.POSTPONED: ("wait", "clock"),
    ActionState.CANCELLED: ("", "cross"),
    ActionState.DECLINED: ("", "cross"),
}
WORDS_KINDS = {WordsKind.NEED: _l("What she needs"), WordsKind.SUMMARY: _l("How it goes")}
GOAL_STEPS = (
    _l("Not begun"),
    _l("Just begun"),
    _l("On the way"),
    _l("Nearly there"),
    _l("Reached"),
)
GOAL_STATES = {
    GoalState.NOT_BEGUN: _l("Not begun"),
    GoalState.FORWARD: _l("Forward"),
    GoalState.SAME: _l("Unchanged"),
    GoalState.BACK: _l("Gone back"),
    GoalState.REACHED: _l("Reached"),
    GoalState.GIVEN_UP: _l("Not pursued any more"),
}
GOAL_LOOKS = {
    GoalState.NOT_BEGUN: ("", "ring"),
    GoalState.FORWARD: ("", "half"),
    GoalState.SAME: ("wait", "dash"),
    GoalState.BACK: ("care", "tri"),
    GoalState.REACHED: ("ok", "check"),
    GoalState.GIVEN_UP: ("", "cross"),
}
SESSION_KINDS = {
    SessionKind.ASSESSMENT: _l("Assessment"),
    SessionKind.INDIVIDUAL: _l("Individual counselling"),
    SessionKind.GROUP: _l("Group counselling"),
    SessionKind.FAMILY: _l("Family session"),
    SessionKind.TRAUMA: _l("Trauma therapy"),
    SessionKind.PLAY: _l("Play therapy"),
    SessionKind.CRISIS: _l("Crisis"),
    SessionKind.FOR_COURT: _l("Examination for a case"),
    SessionKind.ACCOMPANIMENT: _l("Accompaniment"),
    SessionKind.ADVICE: _l("Advice"),
    SessionKind.EXERCISE: _l("Exercise therapy"),
    SessionKind.LESSON: _l("Lesson"),
    SessionKind.SPIRITUAL: _l("Spiritual guidance, at her request"),
}
SESSION_PLACES = {
    SessionPlace.OFFICE: _l("Office"),
    SessionPlace.HOUSE: _l("In the house"),
    SessionPlace.MOBILE: _l("Mobile service"),
    SessionPlace.OUTREACH: _l("Outreach"),
    SessionPlace.ONLINE: _l("Online"),
}
ATTENDANCES = {
    Attendance.ATTENDED: _l("Came"),
    Attendance.ABSENT: _l("Did not come"),
    Attendance.MOVED: _l("Moved to another day"),
}
ATTENDANCE_LOOKS = {
    Attendance.ATTENDED: ("ok", "check"),
    Attendance.ABSENT: ("care", "cross"),
    Attendance.MOVED: ("wait", "away"),
}
PROGRESS = {
    Progress.NOT_DISCUSSED: _l("Not talked about"),
    Progress.BACK: _l("Gone back"),
    Progress.SAME: _l("Unchanged"),
    Progress.FORWARD: _l("Forward"),
}
APPOINTMENT_KINDS = {
    AppointmentKind.CHECK_UP: _l("Check-up"),
    AppointmentKind.TREATMENT: _l("Treatment"),
    AppointmentKind.PREGNANCY_CHECK: _l("Pregnancy check"),
    AppointmentKind.IMMUNISATION: _l("Immunisation"),
    AppointmentKind.VISUM: _l("Visum"),
    AppointmentKind.PSYCHIATRIST: _l("Psychiatrist"),
    AppointmentKind.COUNSELLING: _l("Counselling"),
    AppointmentKind.ASSESSMENT: _l("Assessment"),
    AppointmentKind.POLICE_REPORT: _l("Report to the police"),
    AppointmentKind.EXAMINATION: _l("Examination by the investigator (BAP)"),
    AppointmentKind.HEARING: _l("Court hearing"),
    AppointmentKind.LEGAL_ADVICE: _l("Legal advice"),
    AppointmentKind.PROTECTION_AGENCY: _l("LPSK"),
    AppointmentKind.SCHOOL_VISIT: _l("Visit to the school"),
    AppointmentKind.EXAM: _l("School examination"),
    AppointmentKind.REPORT_BOOK: _l("School report"),
    AppointmentKind.ACCOMPANIMENT: _l("Accompaniment"),
    AppointmentKind.FAMILY_MEETING: _l("Meeting with family"),
    AppointmentKind.PAPERS: _l("Identity papers"),
    AppointmentKind.TRAINING: _l("Training"),
    AppointmentKind.OTHER: _l("Another matter"),
}
APPOINTMENT_PLACES = {
    AppointmentPlace.HOUSE: _l("In the house"),
    AppointmentPlace.OFFICE: _l("Office of the unit"),
    AppointmentPlace.HOSPITAL: _l("Hospital"),
    AppointmentPlace.CLINIC: _l("Puskesmas"),
    AppointmentPlace.POLICE: _l("Police station"),
    AppointmentPlace.PROSECUTOR: _l("Prosecutor"),
    AppointmentPlace.COURT: _l("Court"),
    AppointmentPlace.SCHOOL: _l("School"),
    AppointmentPlace.AGENCY: _l("Office of an agency"),
    AppointmentPlace.ONLINE: _l("Online"),
}
TRANSPORTS = {
    Transport.NOT_YET: _l("Not settled yet"),
    Transport.NOT_NEEDED: _l("Not needed"),
    Transport.OFFICE_CAR: _l("Car of the unit"),
    Transport.HIRED_CAR: _l("Hired car"),
    Transport.AGENCY_CAR: _l("Car of an agency"),
    Transport.AMBULANCE: _l("Ambulance"),
}
SAFE_WAYS = {
    SafeWay.INSIDE: _l("Nobody leaves the house"),
    SafeWay.VIA_OFFICE: _l("By way of the office"),
    SafeWay.SIDE_ENTRANCE: _l("Side entrance"),
    SafeWay.NO_LOGO: _l("Without a sign, parked far off"),
    SafeWay.ORDINARY: _l("The ordinary way"),
}
CHILDREN = {
    ChildrenMeanwhile.NONE: _l("Not needed"),
    ChildrenMeanwhile.WITH_HER: _l("Come along"),
    ChildrenMeanwhile.WITH_STAFF: _l("Stay with staff"),
}
APPOINTMENT_STATES = {
    AppointmentState.PLANNED: _l("Planned"),
    AppointmentState.KEPT: _l("Kept"),
    AppointmentState.MISSED: _l("Nobody came"),
    AppointmentState.MOVED: _l("Moved to another day"),
    AppointmentState.CANCELLED: _l("Cancelled"),
}
APPOINTMENT_LOOKS = {
    AppointmentState.PLANNED: ("", "ring"),
    AppointmentState.KEPT: ("ok", "check"),
    AppointmentState.MISSED: ("care", "tri"),
    AppointmentState.MOVED: ("wait", "away"),
    AppointmentState.CANCELLED: ("", "cross"),
}
MISSED_ANSWERS = {
    MissedAnswer.NEW_DAY: _l("A new day is agreed"),
    MissedAnswer.REACHED: _l("Spoken with her, nothing further now"),
    MissedAnswer.NOT_NEEDED: _l("Not needed any more"),
}
FACILITIES = {
    Facility.HOSPITAL: _l("Hospital"),
    Facility.POLICE_HOSPITAL: _l("Police hospital"),
    Facility.CLINIC: _l("Puskesmas"),
    Facility.PRACTICE: _l("Doctor or midwife"),
    Facility.HOUSE: _l("In the house"),
}
CARE_STATES = {
    CareState.REQUESTED: _l("Asked for"),
    CareState.SCHEDULED: _l("A day is agreed"),
    CareState.DONE: _l("Carried through"),
    CareState.CANCELLED: _l("Cancelled"),
}
CARE_LOOKS = {
    CareState.REQUESTED: ("", "ring"),
    CareState.SCHEDULED: ("wait", "clock"),
    CareState.DONE: ("ok", "check"),
    CareState.CANCELLED: ("", "cross"),
}
TREATMENTS = {
    TreatmentKind.CHECK_UP: _l("Check-up"),
    TreatmentKind.WOUND: _l("Treatment of injuries"),
    TreatmentKind.POST_ASSAULT: _l("Care after sexual violence"),
    TreatmentKind.PREGNANCY: _l("Pregnancy care"),
    TreatmentKind.CHILDBIRTH: _l("Childbirth"),
    TreatmentKind.IMMUNISATION: _l("Immunisation"),
    TreatmentKind.CHILD_HEALTH: _l("Child health"),
    TreatmentKind.PSYCHIATRY: _l("Psychiatry"),
    TreatmentKind.INPATIENT: _l("Stay in hospital"),
    TreatmentKind.LABORATORY: _l("Laboratory"),
    TreatmentKind.DENTAL: _l("Teeth"),
    TreatmentKind.AID: _l("Aid, such as glasses or a wheelchair"),
    TreatmentKind.OTHER: _l("Something else"),
}
LIMIT_ANSWERS = {
    LimitAnswer.GIVEN: _l("Given"),
    LimitAnswer.NOT_NEEDED: _l("Not needed"),
    LimitAnswer.DECLINED: _l("She does not want it"),
    LimitAnswer.TOO_LATE: _l("Not given in time"),
}
VISUMS = {
    VisumKind.PHYSICAL: _l("Physical visum"),
    VisumKind.PSYCHIATRIC: _l("Psychiatric visum"),
    VisumKind.MEDICAL_LETTER: _l("Medical letter, without a police report"),
}
SCHOOL_LEVELS = {
    SchoolLevel.NONE: _l("Never went to school"),
    SchoolLevel.EARLY: _l("PAUD, TK"),
    SchoolLevel.PRIMARY: _l("SD, MI"),
    SchoolLevel.LOWER_SECONDARY: _l("SMP, MTs"),
    SchoolLevel.UPPER_SECONDARY: _l("SMA, MA"),
    SchoolLevel.VOCATIONAL: _l("SMK"),
    SchoolLevel.SPECIAL: _l("SLB"),
    SchoolLevel.HIGHER: _l("Higher education"),
}
SCHOOL_WAYS = {
    SchoolWay.NOT_YET: _l("Not settled yet"),
    SchoolWay.SAME_SCHOOL: _l("The same school"),
    SchoolWay.TRANSFER: _l("Transfer to another school"),
    SchoolWay.ONLINE: _l("Online lessons"),
    SchoolWay.PACKAGE_A: _l("Equivalency course, Kejar Paket A"),
    SchoolWay.PACKAGE_B: _l("Equivalency course, Kejar Paket B"),
    SchoolWay.PACKAGE_C: _l("Equivalency course, Kejar Paket C"),
    SchoolWay.HOME_TEACHER: _l("A teacher comes to the house"),
    SchoolWay.PLAY_AT_HOME: _l("Play group in the house"),
    SchoolWay.NO_MORE: _l("School is over for her"),
}
LETTER_KINDS = {
    LetterKind.STAY_ENROLLED: _l("Keep her enrolled"),
    LetterKind.ABSENCE: _l("Leave of absence"),
    LetterKind.TASKS: _l("Lessons and tasks to be sent"),
    LetterKind.LATER_EXAM: _l("Examination at a later day"),
    LetterKind.TRANSFER: _l("Transfer to another school"),
}
EXAM_STATES = {
    ExamState.PLANNED: _l("Planned"),
    ExamState.TAKEN: _l("Taken"),
    ExamState.MISSED: _l("Missed"),
    ExamState.LATER: _l("On a later day"),
}
SUPPORTS = {
    SupportKind.FOOD_PARCEL: _l("Food parcel"),
    SupportKind.CLOTHES: _l("Clothes"),
    SupportKind.BABY: _l("Things for a baby"),
    SupportKind.SCHOOL_GOODS: _l("Things for school"),
    SupportKind.CASH: _l("Money"),
    SupportKind.SKILLS: _l("Training in a skill"),
    SupportKind.BUSINESS_TOOLS: _l("Tools for a business"),
    SupportKind.BUSINESS_START: _l("Start of a business"),
    SupportKind.JOB: _l("Work"),
    SupportKind.HOUSING: _l("Help with a room of her own"),
    SupportKind.OTHER: _l("Something else"),
}
TRACKS = {
    Track.CRIMINAL: _l("Criminal case"),
    Track.LPSK: _l("Protection by LPSK"),
    Track.RESTITUTION: _l("Restitution"),
    Track.VICTIM_FUND: _l("Victim fund"),
    Track.DIVORCE: _l("Divorce"),
    Track.CUSTODY: _l("Custody of children"),
    Track.MAINTENANCE: _l("Maintenance"),
    Track.GUARDIANSHIP: _l("Guardianship"),
    Track.MARRIAGE_CONFIRMATION: _l("Confirmation of a marriage (isbat nikah)"),
    Track.MARRIAGE_DISPENSATION: _l("Dispensation to marry"),
    Track.MEDIATION: _l("Mediation"),
}
PROCEDURAL_CODES = {
    ProceduralCode.KUHAP_1981: _l("KUHAP 1981: under investigation before 2 January 2026"),
    ProceduralCode.KUHAP_2025: _l("KUHAP 2025: begun since 2 January 2026"),
}
ACCOMPANIED = {
    Accompanied.WORKER: _l("Yes, by one of us"),
    Accompanied.ADVOCATE: _l("Yes, by an advocate"),
    Accompanied.NOBODY: _l("No"),
}
NOTICE_CODES = {
    NoticeCode.A1: _l("A1, who investigates"),
    NoticeCode.A2: _l("A2, inquiry stopped"),
    NoticeCode.A3: _l("A3, now an investigation"),
    NoticeCode.A4: _l("A4, how far it is"),
    NoticeCode.A5: _l("A5, investigation stopped"),
}
PROTECTIONS = {
    ProtectionKind.POLICE_DOMESTIC: _l("By the police, domestic violence: at most 7 days"),
    ProtectionKind.POLICE_SEXUAL: _l("By the police, sexual violence: at most 14 days"),
    ProtectionKind.COURT: _l("By the court: at most a year"),
    ProtectionKind.LPSK: _l("By LPSK"),
}
OVERALL = {Overall.BACK: _l("Gone back"), Overall.SAME: _l("Unchanged"), Overall.FORWARD: _l("Forward")}
NEXT_PLANS = {
    NextPlan.STAY: _l("Stay on"),
    NextPlan.PREPARE_HOME: _l("Prepare to go home"),
    NextPlan.OTHER_SERVICE: _l("Change to another service"),
}
RECOMMENDATION_OUTCOMES = {
    RecommendationOutcome.DONE: _l("Carried out"),
    RecommendationOutcome.PARTLY: _l("In part"),
    RecommendationOutcome.NOT_DONE: _l("Not yet"),
}
COURTS = {Court.DISTRICT: _l("District court"), Court.RELIGIOUS: _l("Religious court")}
