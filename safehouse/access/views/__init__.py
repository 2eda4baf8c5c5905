"""Pages of this folder."""
from flask import Blueprint

from safehouse.access.views import enrolment, sign_in

blueprints: tuple[Blueprint, ...] = (sign_in.pages, enrolment.pages)
