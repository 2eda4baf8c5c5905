"""Plans and their domains, what was done for her, and what is agreed."""

from safehouse.services.models.health import Pregnancy, Treatment, UrgentCare, Visum
from safehouse.services.models.law import InvestigationNotice, LegalProcess, LegalStage, ProcessStage, ProtectionOrder
from safehouse.services.models.meetings import Appointment, CareSession, GoalStep, Note
from safehouse.services.models.planning import Action, DomainWords, Goal, Plan, PlanAgreement, PlanDomain, Support
from safehouse.services.models.reviewing import Recommendation, Review, SimfoniSheet
from safehouse.services.models.schooling import Exam, Schooling, SchoolLetter, SchoolWeek

__all__ = [
    "Action",
    "Appointment",
    "CareSession",
    "DomainWords",
    "Exam",
    "Goal",
    "GoalStep",
    "InvestigationNotice",
    "LegalProcess",
    "LegalStage",
    "Note",
    "Plan",
    "PlanAgreement",
    "PlanDomain",
    "Pregnancy",
    "ProcessStage",
    "ProtectionOrder",
    "Recommendation",
    "Review",
    "SchoolLetter",
    "SchoolWeek",
    "Schooling",
    "SimfoniSheet",
    "Support",
    "Treatment",
    "UrgentCare",
    "Visum",
]
