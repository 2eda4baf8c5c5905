"""Pages of this folder."""
from flask import Blueprint

blueprints: tuple[Blueprint, ...] = ()
