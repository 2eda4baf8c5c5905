"""Pages of this folder."""

from flask import Blueprint

from safehouse.services.views import (
    actions,
    agenda,
    appointments,
    domains,
    health,
    law,
    legal_stages,
    mediations,
    notes,
    plans,
    reports,
    reviews,
    school_letters,
    schooling,
    sessions,
    simfoni,
    support,
)

blueprints: tuple[Blueprint, ...] = (
    *health.blueprints,
    actions.pages,
    agenda.pages,
    appointments.pages,
    domains.pages,
    law.pages,
    legal_stages.pages,
    mediations.pages,
    notes.pages,
    plans.pages,
    reports.pages,
    reviews.pages,
    school_letters.pages,
    schooling.pages,
    sessions.pages,
    simfoni.pages,
    support.pages,
)
