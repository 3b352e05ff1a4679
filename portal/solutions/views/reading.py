"""Reading about solutions: the list, and the page of one."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("solutions", __name__, url_prefix="/losninger", template_folder="../templates")
