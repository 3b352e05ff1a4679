"""News from a project, its log of decisions, and the input it gets with what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.accounts.queries import settings
from portal.cocreation.actions import inputs as input_actions
from portal.cocreation.actions import news as actions
from portal.cocreation.forms.inputs import AnswerForm, InputForm, MetForm
from portal.cocreation.forms.news import DecisionForm, NewsForm
from portal.cocreation.models.posts import Post
from portal.cocreation.models.together import ProjectDecision, Update, Use, Way
from portal.cocreation.queries import inputs
from portal.cocreation.queries import news as queries
from portal.cocreation.queries.inputs import USES
from portal.cocreation.views.feed import feed
from portal.kernel.access import current_actor, public, requires
from portal.kernel.atom import write
from portal.kernel.content import PublicationState
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.fields import Form
from portal.kernel.i18n import _

bp = Blueprint("cocreation_news", __name__, url_prefix="/samskaping/<int:project_id>", template_folder="../templates")

ANSWERED = {"venter": False, "besvart": True}


@bp.get("/nytt")
@public
def news(project_id: int) -> str:
    """Show the news."""
    page = queries.news_page(current_actor(), project_id, request.args.get("fra"))
    return render_template("cocreation/news.html", page=page, frame=page.frame)


@bp.get("/nytt.xml")
@public
def atom(project_id: int) -> Response:
    """Send what is public of the news as a feed, the same to everybody."""
    written = write(feed(queries.feed(project_id), name=settings.branding().name), config.current().base_url)
    return current_app.response_class(written, content_type="application/atom+xml; charset=utf-8")


@bp.route("/nytt/ny", methods=["GET", "POST"])
@requires()
def new(project_id: int) -> ResponseReturnValue:
    """Tell what is new."""
    page, form = queries.writing(current_actor(), project_id, Update, None), NewsForm()
    post = _done(form, lambda: actions.write_news(current_actor(), project_id, form.draft(), key=form.form_key()))
    if post is None:
        return render_template("cocreation/news_form.html", page=page, frame=page.frame, form=form), _status(form)
    _tell(post, _("Nyheten er publisert."))
    if request.form.get("gjor") == "bilder":
        return redirect(url_for("files.upload", til=f"project_update:{post.id}"), 303)
    return redirect(url_for(".news", project_id=project_id), 303)


@bp.route("/nytt/<int:post_id>/endre", methods=["GET", "POST"])
@requires()
def edit(project_id: int, post_id: int) -> ResponseReturnValue:
    """Change news."""
    page = queries.writing(current_actor(), project_id, Update, post_id)
    form = NewsForm(page.post)
    post = _done(
        form,
        lambda: actions.edit_news(current_actor(), post_id, form.draft(), version=form.form_version()),
        page.post,
    )
    if post is None:
        return render_template("cocreation/news_form.html", page=page, frame=page.frame, form=form), _status(form)
    _tell(post, _("Endringen er lagret."))
    return redirect(url_for(".news", project_id=project_id, _anchor=f"nytt-{post_id}"), 303)


@bp.route("/nytt/<int:post_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(project_id: int, post_id: int) -> ResponseReturnValue:
    """Take news back, after asking."""
    page, form = queries.withdrawing(current_actor(), project_id, Update, post_id), Form()
    if form.validate_on_submit():
        actions.withdraw_news(current_actor(), post_id)
        flash(_("Nyheten er trukket."), "success")
        return redirect(url_for(".news", project_id=project_id), 303)
    words = {"title": _("Trekk nyheten"), "what": page.post.title if page.post else ""}
    back = url_for(".news", project_id=project_id)
    return render_template("cocreation/news_withdraw.html", frame=page.frame, form=form, back=back, **words)


@bp.get("/beslutninger")
@public
def decisions(project_id: int) -> str:
    """Show what was decided."""
    page = queries.decisions_page(current_actor(), project_id, request.args.get("fra"))
    return render_template("cocreation/decisions.html", page=page, frame=page.frame)


@bp.route("/beslutninger/ny", methods=["GET", "POST"])
@requires()
def decide(project_id: int) -> ResponseReturnValue:
    """Write down what was decided."""
    page, form = queries.writing(current_actor(), project_id, ProjectDecision, None), DecisionForm()
    post = _done(form, lambda: actions.write_decision(current_actor(), project_id, form.draft(), key=form.form_key()))
    if post is None:
        return render_template("cocreation/decision_form.html", page=page, frame=page.frame, form=form), _status(form)
    _tell(post, _("Beslutningen er ført inn."))
    return redirect(url_for(".decisions", project_id=project_id), 303)


@bp.route("/beslutninger/<int:post_id>/endre", methods=["GET", "POST"])
@requires()
def change_decision(project_id: int, post_id: int) -> ResponseReturnValue:
    """Change what the log says, in the open."""
    page = queries.writing(current_actor(), project_id, ProjectDecision, post_id)
    form = DecisionForm(page.post)
    post = _done(
        form,
        lambda: actions.edit_decision(current_actor(), post_id, form.draft(), version=form.form_version()),
        page.post,
    )
    if post is None:
        return render_template("cocreation/decision_form.html", page=page, frame=page.frame, form=form), _status(form)
    _tell(post, _("Endringen er lagret, og loggen viser at det er endret."))
    return redirect(url_for(".decisions", project_id=project_id, _anchor=f"beslutning-{post_id}"), 303)


@bp.get("/innspill", endpoint="inputs")
@public
def all_inputs(project_id: int) -> str:
    """Show input, and what became of it."""
    answered = ANSWERED.get(request.args.get("svar", ""))
    page = inputs.inputs_page(current_actor(), project_id, request.args.get("fra"), answered)
    chosen = request.args.get("svar") if answered is not None else None
    return render_template("cocreation/inputs.html", page=page, frame=page.frame, chosen=chosen, uses=USES)


@bp.route("/innspill/ny", methods=["GET", "POST"])
@requires()
def give(project_id: int) -> ResponseReturnValue:
    """Give input."""
    page, form = inputs.giving(current_actor(), project_id, Way.DIGITAL), InputForm()

    def work() -> Post:
        return input_actions.give_input(current_actor(), project_id, form.draft(), key=form.form_key())

    return _input(page, form, work, _("Takk! Innspillet er publisert. Du får vite hva det blir til."))


@bp.route("/innspill/mote", methods=["GET", "POST"])
@requires()
def enter(project_id: int) -> ResponseReturnValue:
    """Enter input from where people met."""
    page = inputs.giving(current_actor(), project_id, Way.PHYSICAL)
    form = MetForm(None, page.meetings)

    def work() -> Post:
        return input_actions.enter_input(current_actor(), project_id, form.draft(), key=form.form_key())

    return _input(page, form, work, _("Innspillene er ført inn."))


@bp.route("/innspill/<int:post_id>/endre", methods=["GET", "POST"])
@requires()
def change_input(project_id: int, post_id: int) -> ResponseReturnValue:
    """Change what one gave."""
    page = inputs.changing(current_actor(), project_id, post_id)
    is_met = page.post is not None and page.post.way is Way.PHYSICAL
    form: Any = MetForm(page.post, page.meetings) if is_met else InputForm(page.post)

    def change() -> Post:
        return input_actions.edit_input(current_actor(), post_id, form.draft(), version=form.form_version())

    return _input(page, form, change, _("Endringen er lagret."))


@bp.route("/innspill/<int:post_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw_input(project_id: int, post_id: int) -> ResponseReturnValue:
    """Take back what one gave, after asking."""
    page, form = inputs.changing(current_actor(), project_id, post_id), Form()
    if form.validate_on_submit():
        input_actions.withdraw_input(current_actor(), post_id)
        flash(_("Innspillet er trukket."), "success")
        return redirect(url_for(".inputs", project_id=project_id), 303)
    words = {"title": _("Trekk innspillet"), "what": page.post.text if page.post else ""}
    back = url_for(".inputs", project_id=project_id)
    return render_template("cocreation/news_withdraw.html", frame=page.frame, form=form, back=back, **words)


@bp.route("/innspill/<int:post_id>/svar", methods=["GET", "POST"])
@requires()
def answer(project_id: int, post_id: int) -> ResponseReturnValue:
    """Say what became of an input, and why."""
    page = inputs.answering(current_actor(), project_id, post_id)
    form = AnswerForm(page.post)

    def answered() -> Post:
        use, why = Use(form.use.data), form.answer.data
        return input_actions.answer_input(current_actor(), post_id, use, why, version=form.form_version())

    if _done(form, answered, page.post) is None:
        return render_template("cocreation/input_answer.html", page=page, frame=page.frame, form=form), _status(form)
    flash(_("Svaret er publisert, og den som ga innspillet, får vite det."), "success")
    return redirect(url_for(".inputs", project_id=project_id, _anchor=f"innspill-{post_id}"), 303)


def _input(page: inputs.InputWriting, form: Any, work: Callable[[], Post], said: str) -> ResponseReturnValue:
    post = _done(form, work, page.post)
    if post is None:
        return render_template("cocreation/input_form.html", page=page, frame=page.frame, form=form), _status(form)
    _tell(post, said)
    return redirect(url_for(".inputs", project_id=page.frame.project.id), 303)


def _done(form: Any, work: Callable[[], Post], before: Post | None = None) -> Any:
    """Do what a form that was sent asks for; what is refused is told in it, and what was typed is kept.

    After a conflict the form is of the version that stands now, so that it can be sent again as it is.
    """
    if not form.validate_on_submit():
        return None
    try:
        return work()
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        form.version.data = str(queries.version_of(before)) if before else ""
    return None


def _tell(post: Any, shown: str) -> None:
    """Say whether others see it now."""
    is_shown = post.state is PublicationState.PUBLISHED
    flash(shown if is_shown else _("Sendt inn. En moderator leser det før andre ser det."), "success")


def _status(form: Any) -> int:
    return 422 if form.is_submitted() else 200
