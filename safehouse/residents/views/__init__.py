"""Pages of this folder."""

from flask import Blueprint

from safehouse.residents.views import (
    alerts,
    assignments,
    consents,
    denying,
    finding,
    granting,
    health,
    identifying,
    matters,
    relations,
    safety,
)

blueprints: tuple[Blueprint, ...] = (
    alerts.pages,
    assignments.pages,
    consents.pages,
    finding.pages,
    granting.pages,
    health.pages,
    identifying.pages,
    denying.pages,
    matters.pages,
    relations.pages,
    safety.pages,
)
