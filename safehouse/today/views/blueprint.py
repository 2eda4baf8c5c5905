"""The blueprint of this folder."""

from flask import Blueprint

pages = Blueprint("today", __name__)
