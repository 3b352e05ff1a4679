"""No pages of their own: the blueprint carries the templates of the parts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("journeys", __name__, template_folder="templates")
