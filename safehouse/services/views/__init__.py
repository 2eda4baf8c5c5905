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
    sessions,
)

blueprints: tuple[Blueprint, ...] = (
    actions.pages,
    agenda.pages,
    appointments.pages,
    domains.pages,
    *health.blueprints,
    law.pages,
    legal_stages.pages,
    mediations.pages,
    notes.pages,
    plans.pages,
    reports.pages,
    reviews.pages,
    sessions.pages,
)
