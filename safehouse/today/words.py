"""What duties and happenings are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.gathered import Topic
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.residents.rules.happenings import Happening as Personal
from safehouse.services.rules.duties import DutyKind as Planned
from safehouse.services.rules.happenings import Happening as InPlan
from safehouse.shelter.choices import LeaveKind
from safehouse.shelter.rules.duties import DutyKind, Missing
from safehouse.shelter.rules.happenings import Happening as InStay

# What to do, as the text of the link to the page on which it is done.
SHELTER_DUTIES = {
    DutyKind.CONFIRM: _l("Decide the emergency placement"),
    DutyKind.NOT_GRANTED: _l("Not accepted by the head: find an onward place"),
    DutyKind.COMPLETE: _l("Complete the arrival"),
    DutyKind.ANSWER: _l("Answer referral %(number)s"),
    DutyKind.CALL_AGAIN: _l("Call about referral %(number)s again"),
    DutyKind.PLACE: _l("Choose a bed for referral %(number)s"),
    DutyKind.HOLD_ENDING: _l("The bed held for referral %(number)s is about to become free"),
    DutyKind.LIMIT_NEAR: _l("The limit of the stay is near: agree on what comes next"),
    DutyKind.LIMIT_OVER: _l("Past the limit of the stay: agree on what comes next"),
    DutyKind.EXTENSION: _l("Answer the request for more days"),
    DutyKind.NOT_BACK: _l("Find out why she is not back"),
    DutyKind.LEFT_WITHOUT_NOTICE: _l("Left without notice: look after her safety"),
    DutyKind.CLEAN: _l("Make bed %(bed)s ready"),
    DutyKind.EXIT: _l("Prepare the planned exit"),
    DutyKind.UNASSIGNED: _l("Assign a caseworker"),
    DutyKind.DANGER: _l("Assess how much danger there is"),
    DutyKind.ASK_AGAIN: _l("Ask again what was not known: %(unknown)s of 12 questions"),
    DutyKind.HEALTH_CHECK: _l("Offer the first health check"),
    DutyKind.DOCTOR: _l("See a doctor before %(until)s"),
    DutyKind.WENT_BACK: _l("Back with her husband or partner: look whether she has a safety plan"),
    DutyKind.OPEN_CONSENT: _l("Ask again what she put off"),
    DutyKind.CHILD_ALONE: _l("A child is here without an adult of her own: say who looks after her"),
}
EXIT_DUE = _l("Planned exit today: record the departure or change the plan")
OWED = {
    Owed.POLICE: _l("Tell the police, within 3 x 24 hours of her report"),
    Owed.GRANT_USED: _l("%(taker)s opened this page in an emergency"),
    Owed.GRANT_REVIEW: _l("Review the emergency opening by %(taker)s"),
    Owed.RETURN: _l("Perhaps she was here before: compare"),
    Owed.DENIED_AT_WORK: _l("A resident is closed to someone who works in her house"),
    Owed.LINKED: _l("A link with another family in the unit was found: read why they must not share a house"),
    Owed.UNDER_ONE_ROOF: _l("Must not share this house: find another one"),
    Owed.IDENTITY_OPENED: _l("%(taker)s opened who she is, in an emergency"),
}
PLANNED = {
    Planned.PLAN: _l("Open her service plan"),
    Planned.ACTION: _l("Do what the plan says: %(domain)s"),
    Planned.APPOINTMENT: _l("Appointment: %(domain)s, %(where)s"),
    Planned.UNSETTLED: _l("What became of the appointment? %(domain)s, %(where)s"),
    Planned.MISSED: _l("Nobody came to the appointment: %(domain)s, %(where)s"),
    Planned.REVIEW: _l("Review her plan"),
    Planned.REVIEW_BACK: _l("The review was sent back: complete it"),
    Planned.REVIEW_DECIDE: _l("Answer a review"),
    Planned.NAMED_REPORT: _l("May a report be printed by name, for a court?"),
    Planned.RECOMMENDATION: _l("Carry out what the review advises"),
    Planned.RENEWAL: _l("Ask for the renewal of a protection order"),
    Planned.MEDIATION: _l("Answer whether a matter may be mediated"),
}
MISSING = {
    Missing.SCREENING: _l("screening"),
    Missing.CONSENT: _l("consent"),
    Missing.HOUSE_RULES: _l("house rules"),
    Missing.ALLERGIES: _l("allergies"),
    Missing.MEDICINES: _l("medicines"),
    Missing.BELONGINGS: _l("belongings"),
}
# Counted in the sentence that opens the page of the staff.
AWAY_COUNTED = {
    LeaveKind.HOSPITAL: _l("%(n)s in hospital"),
    LeaveKind.COURT: _l("%(n)s at court"),
    LeaveKind.SCHOOL: _l("%(n)s at school or in a dormitory"),
    LeaveKind.FAMILY: _l("%(n)s with family"),
    LeaveKind.OTHER: _l("%(n)s away"),
}
TOPICS = {
    Topic.STAY: _l("Stay"),
    Topic.CARE: _l("Care"),
    Topic.SERVICES: _l("Services"),
    Topic.SAFETY: _l("Safety"),
    Topic.PAPERS: _l("Agreements and papers"),
}
TOPIC_ICONS = {Topic.STAY: "bed", Topic.CARE: "pill", Topic.SERVICES: "path", Topic.SAFETY: "tri", Topic.PAPERS: "doc"}
STAYS = {
    InStay.SCREENED: _l("Screening recorded, danger: %(level)s"),
    InStay.DECIDED: _l("Placement decided, number %(number)s: %(granted)s"),
    InStay.ARRIVED: _l("Came to %(place)s. Basis: %(basis)s"),
    InStay.MOVED: _l("Moved from %(before)s to %(after)s"),
    InStay.WENT_OUT: _l("Went out: %(where)s, to be back %(due_back)s"),
    InStay.LEFT_WITHOUT_NOTICE: _l("Left without notice"),
    InStay.CAME_BACK: _l("Came back"),
    InStay.INTAKE: _l("%(asked)s: %(some)s"),
    InStay.BELONGINGS: _l("Belongings listed: %(n)s"),
    InStay.EXTENSION_ASKED: _l("More days asked for, until %(until)s: %(reason)s"),
    InStay.EXTENSION_DECIDED: _l("Answer to the request for more days: %(granted)s"),
    InStay.LEFT: _l("Left the house: %(destination)s"),
}
PERSONAL = {
    Personal.ASSIGNED: _l("%(name)s assigned, %(discipline)s"),
    Personal.ASSIGNMENT_ENDED: _l("%(name)s no longer assigned, %(discipline)s"),
    Personal.DANGER: _l("Danger assessed: %(level)s"),
    Personal.ALERT: _l("Note for staff written: %(alert)s"),
    Personal.ALERT_ENDED: _l("Note for staff ended: %(alert)s"),
    Personal.MEDICINE: _l("Medicine written down"),
    Personal.MEDICINE_ENDED: _l("Medicine ended"),
    Personal.HEALTH_CHECK: _l("Health check: %(outcome)s. %(examiner)s"),
    Personal.HEALTH_CHECK_DECLINED: _l("Health check offered, she declined"),
    Personal.CONSENT: _l("%(consent)s: %(granted)s. Given by: %(given_by)s"),
    Personal.CONSENT_WITHDRAWN: _l("Taken back: %(consent)s"),
    Personal.GUARDIAN: _l("Guardian written down: %(relationship)s"),
    Personal.REPORTED_PERSON: _l("Reported person written down: %(relationship)s"),
    Personal.MATTER: _l("Report of violence written down"),
    Personal.POLICE_TOLD: _l("The police were told"),
    Personal.GRANT: _l("Page opened in an emergency"),
}
IN_PLAN = {
    InPlan.PLAN_OPENED: _l("Service plan opened"),
    InPlan.PLAN_AGREED: _l("Service plan read to her"),
    InPlan.SESSION: _l("Session, %(domain)s: came, %(minutes)s minutes"),
    InPlan.SESSION_ABSENT: _l("Session, %(domain)s: did not come"),
    InPlan.SESSION_MOVED: _l("Session, %(domain)s: moved to another day"),
    InPlan.READY: _l("Ready to live among others"),
    InPlan.GOAL_REACHED: _l("A goal was reached: %(domain)s"),
    InPlan.APPOINTMENT_KEPT: _l("Appointment kept: %(domain)s"),
    InPlan.APPOINTMENT_MISSED: _l("Nobody came to the appointment: %(domain)s"),
    InPlan.CARE_DONE: _l("Examination or treatment done"),
    InPlan.LETTER: _l("Letter to a school: %(letter)s"),
    InPlan.STAGE: _l("Legal process: %(stage)s"),
    InPlan.SUPPORT: _l("Received: %(support)s"),
    InPlan.REVIEW: _l("Review until %(until)s approved"),
}
# A yes and a no, as the sentence of that happening needs them.
ANSWERS = {
    InStay.DECIDED: (_l("accepted"), _l("not accepted")),
    InStay.INTAKE: (_l("there are some"), _l("none")),
    InStay.EXTENSION_DECIDED: (_l("granted until %(until)s"), _l("not granted")),
    Personal.CONSENT: (_l("agreed"), _l("not agreed")),
}
