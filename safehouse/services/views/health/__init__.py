"""Pages of the health domain: what only whoever keeps it writes down and reads. `page` draws the domain itself."""

from flask import Blueprint

from safehouse.services.views.health import examinations, limits, medicines, page, pregnancies

__all__ = ["blueprints", "page"]

blueprints: tuple[Blueprint, ...] = (examinations.pages, limits.pages, medicines.pages, pregnancies.pages)
