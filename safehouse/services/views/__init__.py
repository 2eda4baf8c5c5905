"""Pages of this folder."""

from flask import Blueprint

from safehouse.services.views import actions, agenda, appointments, domains, notes, plans, sessions

blueprints: tuple[Blueprint, ...] = (
    actions.pages,
    agenda.pages,
    appointments.pages,
    domains.pages,
    notes.pages,
    plans.pages,
    sessions.pages,
)
