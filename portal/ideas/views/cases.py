"""The pages of those who handle cases: what waits, one case, what is done with it, and the question if it helped."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ideas.actions import cases as actions
from portal.ideas.actions import verdicts as verdict_actions
from portal.ideas.forms.cases import FORMS, AssignForm, StepForm, VerdictForm, WantedForm
from portal.ideas.queries import verdicts
from portal.ideas.queries.cases import HELPED
from portal.ideas.queries.casework import CasePage, Doing, case_page
from portal.ideas.queries.desk import Pile
from portal.ideas.queries.desk import desk as desk_page
from portal.ideas.stages import DECISIONS, STAGES
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Role

bp = Blueprint("ideas_cases", __name__, template_folder="../templates")

STAFF = (Role.IDEA_MANAGER, Role.EMPLOYEE)


@bp.get("/ideer/styring/")
@requires(*STAFF)
def desk() -> str:
    """Show what waits, and the cases of one pile."""
    form = WantedForm(request.args)
    wanted = form.wanted()
    page = desk_page(current_actor(), wanted, request.args.get("etter"))
    form.offer(page.areas, page.people)
    return render_template(
        "ideas/cases/desk.html", page=page, form=form, wanted=wanted, piles=Pile, stages=STAGES, decisions=DECISIONS
    )


@bp.get("/ideer/styring/<int:idea_id>/")
@requires(*STAFF)
def case(idea_id: int) -> ResponseReturnValue:
    """Show a case, with the form of what would be right to do now."""
    return _case(case_page(current_actor(), idea_id))


@bp.get("/ideer/styring/<int:idea_id>/<doing>")
@requires(*STAFF)
def do(idea_id: int, doing: str) -> ResponseReturnValue:
    """Show a case with the form of something else that can be done."""
    return _case(case_page(current_actor(), idea_id, _doing(doing)))


@bp.post("/ideer/styring/<int:idea_id>/<doing>")
@requires(*STAFF)
def done(idea_id: int, doing: str) -> ResponseReturnValue:
    """Do something with a case. What is refused comes back with everything that was typed."""
    chosen = _doing(doing)
    area = request.form.get("service_area_id", type=int)
    page = case_page(current_actor(), idea_id, chosen, area)
    form = FORMS[chosen]()
    form.begin(page)
    if request.form.get("steg") == "omrade" or not form.validate():
        return _case(page, form, 200 if request.form.get("steg") == "omrade" else 422)
    try:
        if isinstance(form, AssignForm):
            actions.assign_idea(current_actor(), idea_id, form.given(page))
        else:
            form.perform(current_actor(), idea_id)
    except Invalid as refusal:
        form.refuse(refusal)
        return _case(page, form, 422)
    except Conflict as refusal:
        return _stale(idea_id, chosen, form, str(refusal.message))
    flash(str(form.done), "success")
    return redirect(url_for(".case", idea_id=idea_id), 303)


@bp.post("/ideer/styring/<int:idea_id>/ta")
@requires(*STAFF)
def take(idea_id: int) -> ResponseReturnValue:
    """Take a case oneself."""
    actor = current_actor()
    idea = case_page(actor, idea_id, Doing.NOTE).idea
    version = request.form.get("version", type=int) or 0
    given = actions.Assignment(service_area_id=idea.service_area_id, responsible_id=actor.id, version=version)
    actions.assign_idea(actor, idea_id, given)
    flash(_("Saken er din."), "success")
    return redirect(url_for(".case", idea_id=idea_id), 303)


@bp.route("/ideer/<int:idea_id>/hjalp-det", methods=["GET", "POST"])
@requires()
def helped(idea_id: int) -> ResponseReturnValue:
    """Ask somebody who proposed or supported it whether it helped: one tap, and it can be changed."""
    form, status = VerdictForm(), 200
    if form.is_submitted():
        if form.validate():
            verdict_actions.give_verdict(current_actor(), idea_id, form.given())
            flash(_("Takk! Svaret ditt er lagret. Du kan endre det når du vil."), "success")
            return redirect(url_for(".helped", idea_id=idea_id), 303)
        status = 422
    page = verdicts.verdict_page(current_actor(), idea_id)
    return render_template("ideas/cases/helped.html", page=page, form=form, answers=HELPED), status


def _case(
    page: CasePage, form: StepForm | None = None, status: int = 200, *, stale: bool = False
) -> ResponseReturnValue:
    if form is None and page.doing is not None:
        form = FORMS[page.doing]()
        form.begin(page)
    shown = render_template(
        "ideas/cases/case.html",
        page=page,
        form=form,
        stale=stale,
        others=_others(page),
        stages=STAGES,
        decisions=DECISIONS,
    )
    return shown, status


def _others(page: CasePage) -> Sequence[tuple[Doing, str]]:
    """Return what else can be done than what the open form is for."""
    return [(each, str(FORMS[each].title)) for each in page.can if each is not page.doing]


def _stale(idea_id: int, doing: Doing, form: StepForm, message: str) -> ResponseReturnValue:
    """Show the case as it is now, with what was typed in the form, ready to be sent again."""
    page = case_page(current_actor(), idea_id, doing)
    form.version.data = page.idea.version
    form.form_errors.append(message)
    return _case(page, form, 409, stale=True)


def _doing(value: str) -> Doing:
    if value not in set(Doing):
        raise NotFound(_l("Vi finner ikke dette i saken."))
    return Doing(value)
