"""Pages of this folder."""

from flask import Blueprint

from safehouse.residents.views import assignments, finding, granting, identifying

blueprints: tuple[Blueprint, ...] = (assignments.pages, finding.pages, granting.pages, identifying.pages)
