"""The pages of those who handle cases: what waits, one case, and what is done with it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ideas_cases", __name__, template_folder="../templates")
