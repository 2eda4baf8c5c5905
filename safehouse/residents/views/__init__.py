"""Pages of this folder."""

from flask import Blueprint

from safehouse.residents.views import (
    alerts,
    assignments,
    consents,
    denying,
    finding,
    granting,
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
    identifying.pages,
    denying.pages,
    matters.pages,
    relations.pages,
    safety.pages,
)
