"""Pages of the board of tasks."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import tasks as actions
from portal.cocreation.forms import tasks as forms
from portal.cocreation.models.together import TaskState
from portal.cocreation.queries import tasks as queries
from portal.cocreation.views.answering import attempt
from portal.cocreation.views.together import bp
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _, _l


@bp.route("/<int:project_id>/oppgaver", methods=["GET", "POST"])
@requires()
def tasks(project_id: int) -> ResponseReturnValue:
    """Show the board, and put a new task on it."""
    actor, page = current_actor(), queries.board(current_actor(), project_id)
    form = forms.TaskForm()
    form.begin()
    form.offer(page.members)
    status = attempt(form, lambda: actions.make_task(actor, project_id, form.draft(), key=form.sent_key))
    if status == 303:
        flash(_("Oppgaven er lagt til."), "success")
        return redirect(url_for(".tasks", project_id=project_id), 303)
    return (
        render_template("cocreation/tasks.html", page=page, frame=page.frame, form=form, columns=queries.COLUMNS),
        status,
    )


@bp.route("/oppgaver/<int:task_id>/endre", methods=["GET", "POST"])
@requires()
def edit_task(task_id: int) -> ResponseReturnValue:
    """Change a task."""
    actor, page = current_actor(), queries.task_page(current_actor(), task_id)
    form = forms.TaskForm(data=forms.task_values(page.task))
    form.offer(page.members, page.task.responsible_id)
    status = attempt(form, lambda: actions.change_task(actor, task_id, form.draft(), version=form.sent_version))
    if status == 303:
        flash(_("Oppgaven er endret."), "success")
        return redirect(url_for(".tasks", project_id=page.task.project_id), 303)
    if status == 409:
        page = queries.task_page(actor, task_id)
        form.rebase(page.task.version)
    return render_template("cocreation/task_form.html", form=form, page=page, frame=page.frame), status


@bp.post("/oppgaver/<int:task_id>/flytt")
@requires()
def move_task(task_id: int) -> ResponseReturnValue:
    """Move a task to another column."""
    actor, page = current_actor(), queries.task_page(current_actor(), task_id)
    wanted, version = request.form.get("state", ""), request.form.get("version", type=int) or 0
    if wanted not in set(TaskState):
        raise Invalid("state", _l("Velg en av kolonnene på tavla."))
    try:
        actions.move_task(actor, task_id, TaskState(wanted), version=version)
    except Conflict as refusal:
        flash(str(refusal.message), "warning")
    return redirect(url_for(".tasks", project_id=page.task.project_id, _anchor=f"oppgave-{task_id}"), 303)


@bp.post("/oppgaver/<int:task_id>/slett")
@requires()
def remove_task(task_id: int) -> ResponseReturnValue:
    """Take a task off the board."""
    actor, page = current_actor(), queries.task_page(current_actor(), task_id)
    try:
        actions.remove_task(actor, task_id, version=request.form.get("version", type=int) or 0)
    except Conflict as refusal:
        flash(str(refusal.message), "warning")
        return redirect(url_for(".edit_task", task_id=task_id), 303)
    flash(_("Oppgaven er fjernet."), "success")
    return redirect(url_for(".tasks", project_id=page.task.project_id), 303)
