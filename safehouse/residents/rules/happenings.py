"""What happens to a resident as a person, by name."""

from enum import StrEnum


class Happening(StrEnum):
    ASSIGNED = "residents:assigned"
    ASSIGNMENT_ENDED = "residents:assignment_ended"
    DANGER = "residents:danger"
    ALERT = "residents:alert"
    ALERT_ENDED = "residents:alert_ended"
    MEDICINE = "residents:medicine"
    MEDICINE_ENDED = "residents:medicine_ended"
    HEALTH_CHECK = "residents:health_check"
    HEALTH_CHECK_DECLINED = "residents:health_check_declined"
    CONSENT = "residents:consent"
    CONSENT_WITHDRAWN = "residents:consent_withdrawn"
    GUARDIAN = "residents:guardian"
    REPORTED_PERSON = "residents:reported_person"
    MATTER = "residents:matter"
    POLICE_TOLD = "residents:police_told"
    GRANT = "residents:grant"
