"""Pages of this folder."""

from flask import Blueprint

from safehouse.services.views import actions, domains, plans

blueprints: tuple[Blueprint, ...] = (actions.pages, domains.pages, plans.pages)
