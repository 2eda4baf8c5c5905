"""Pages of this folder."""

from flask import Blueprint

from safehouse.residents.views import (
    assignments,
    denying,
    finding,
    granting,
    identifying,
    matters,
    relations,
    safety,
)

blueprints: tuple[Blueprint, ...] = (
    assignments.pages,
    finding.pages,
    granting.pages,
    identifying.pages,
    denying.pages,
    matters.pages,
    relations.pages,
    safety.pages,
)
