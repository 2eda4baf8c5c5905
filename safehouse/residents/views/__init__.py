"""Pages of this folder."""

from flask import Blueprint

from safehouse.residents.views import assignments

blueprints: tuple[Blueprint, ...] = (assignments.pages,)
