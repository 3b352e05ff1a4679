"""The pages of the goals and of the municipality's delmål."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.settings_catalogue import GOALS
from portal.goals import actions, queries, subgoal_file
from portal.goals.forms import ConfirmForm, UploadForm
from portal.goals.policy import RUNNING
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import ngettext

bp = Blueprint("goals", __name__, template_folder="templates")

LARGEST = 2**31 - 1
PROPOSE = "ideas_propose.new"


@bp.get("/mal/")
@public
def index() -> str:
    """List the 17, those that the municipality has chosen first."""
    return render_template("goals/index.html", page=queries.index_page(current_actor()))


@bp.get("/mal/<int:number>/")
@public
def goal(number: int) -> str:
    """Show one goal with all that serves it."""
    return _shown(queries.goal_page(number, *_asked()))


@bp.get("/mal/<code>/")
@public
def subgoal(code: str) -> str:
    """Show one delmål with all that serves it."""
    return _shown(queries.subgoal_page(code, *_asked()))


@bp.route("/administrasjon/delmal/", methods=["GET", "POST"])
@requires(*RUNNING)
def subgoals() -> ResponseReturnValue:
    """List the delmål of the plan; a file that is sent is shown for what it will do, and changes nothing yet."""
    form, status = UploadForm(), 200
    if form.is_submitted():
        try:
            if form.validate():
                return _preview(form.contents())
        except Invalid as refusal:
            form.refuse(refusal)
        status = 422
    page = queries.subgoals_page(current_actor())
    return render_template("goals/subgoals.html", page=page, form=form), status


@bp.post("/administrasjon/delmal/les-inn")
@requires(*RUNNING)
def import_subgoals() -> ResponseReturnValue:
    """Do what the file was seen to do."""
    form = ConfirmForm()
    if not form.validate():
        return redirect(url_for("goals.subgoals"), 303)
    done = actions.import_subgoals(current_actor(), form.contents().rows)
    count = len(done.added) + len(done.changed)
    flash(ngettext("%(num)s delmål er lest inn.", "%(num)s delmål er lest inn.", count), "success")
    return redirect(url_for("goals.subgoals"), 303)


@bp.get("/administrasjon/delmal/delmal.csv")
@requires(*RUNNING)
def subgoals_file() -> Response:
    """Give the whole list as a file."""
    answer = Response(queries.subgoals_file(current_actor()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=delmal.csv"
    return answer


def _preview(contents: subgoal_file.Contents) -> str:
    plan = queries.plan_of(current_actor(), contents.rows)
    form = ConfirmForm(formdata=None, file=subgoal_file.packed(contents.rows))
    return render_template("goals/preview.html", plan=plan, refused=contents.refused, form=form)


def _asked() -> tuple[str, int | None]:
    """Return which kind the reader wants all of, and where the page begins."""
    after = request.args.get("etter", type=int)
    return request.args.get("vis", ""), after if after and 0 < after <= LARGEST else None


def _shown(page: queries.GoalPage) -> str:
    return render_template("goals/goal.html", page=page, names=GOALS, propose_url=_propose_url(page))


def _propose_url(page: queries.GoalPage) -> str | None:
    """Return where one proposes something for this goal, when ideas are taken here."""
    if PROPOSE not in current_app.view_functions:
        return None
    return url_for(PROPOSE, mal=page.goal.number)
