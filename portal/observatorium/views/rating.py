"""The pages where people rate the municipality: the start, one question, one dimension, all the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import hashing
from portal.accounts.models import Organisation
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _, language
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.actions import comments as comment_actions
from portal.observatorium.actions import rating as actions
from portal.observatorium.actions.comments import CommentDraft
from portal.observatorium.actions.rating import About, AnswersDraft, RatingDraft, Standing
from portal.observatorium.catalogue import Answer, Dimension
from portal.observatorium.forms.rating import AboutForm, AnsweringForm, WithdrawForm, about_values, answers_form
from portal.observatorium.models.rounds import Tie
from portal.observatorium.population import AgeBand, Gender
from portal.observatorium.queries import rating as queries
from portal.observatorium.queries.rating import DimensionPage, IndicatorPage, MyRound, OverviewPage
from portal.observatorium.queries.rounds import find_current
from portal.places.models import Neighbourhood
from portal.places.queries import neighbourhoods

bp = Blueprint("rating", __name__, url_prefix="/observatorium/vurder", template_folder="../templates")

INVITATION = "invitation"
"""Where the browser's session keeps by which link somebody came, from when they pressed its button."""
STANDING = "standing"
"""Where the browser's session keeps who somebody will answer as, until the first answer is stored."""


@bp.get("/")
@public
def overview() -> str:
    """Show what it is about, or how far one has come."""
    return _overview(queries.overview_page(current_actor()))


@bp.post("/")
@requires()
def begin() -> ResponseReturnValue:
    """Remember who somebody answers as, and go to the first question."""
    page = queries.overview_page(current_actor())
    if page.mine is None or page.mine.refusal or page.mine.ballot:
        return redirect(url_for(".overview"), 303)
    form = AnsweringForm(page.organisations, page.neighbourhoods)
    if not form.validate():
        return _overview(page, form), 422
    _remember(page.mine, form.standing())
    first = page.mine.resume or page.mine.catalogue.indicators[0]
    return redirect(url_for(".indicator", number=first.number), 303)


@bp.route("/<number>/", methods=["GET", "POST"])
@requires()
def indicator(number: str) -> ResponseReturnValue:
    """Ask one question."""
    if _by_script() and _save_at_once(number):
        return Response(status=204)
    page = queries.indicator_page(current_actor(), number)
    if page.mine.refusal:
        return _turned_away(page.mine)
    standing = _remembered(page.mine)
    text = page.comment.text if page.comment else ""
    form = answers_form(page.mine.answers, [number], *_to_ask(page, standing), comment=text)
    if not form.validate_on_submit() or not _save(page.mine, form, standing):
        values = {"page": page, "form": form, "back": _back(), "dimensions": Dimension}
        return _answered(form, render_template("observatorium/rating/indicator.html", **values))
    if _by_script():
        return Response(status=204)
    _save_comment(page, form.comment.data or "")
    return redirect(_after(page), 303)


@bp.route("/<int:number>/", methods=["GET", "POST"])
@requires()
def dimension(number: int) -> ResponseReturnValue:
    """Ask all the questions of one dimension."""
    page = queries.dimension_page(current_actor(), number)
    if page.mine.refusal:
        return _turned_away(page.mine)
    standing = _remembered(page.mine)
    numbers = [one.number for one in page.indicators]
    form = answers_form(page.mine.answers, numbers, *_to_ask(page, standing))
    if not form.validate_on_submit() or not _save(page.mine, form, standing):
        return _answered(form, render_template("observatorium/rating/dimension.html", page=page, form=form))
    if _by_script():
        return Response(status=204)
    last = number == len(Dimension)
    return redirect(url_for(".review") if last else url_for(".dimension", number=number + 1), 303)


@bp.get("/dine-svar/")
@requires()
def review() -> str:
    """Show all one's answers."""
    page = queries.review_page(current_actor())
    return render_template("observatorium/rating/review.html", page=page, dimensions=Dimension, form=WithdrawForm())


@bp.route("/om-deg/", methods=["GET", "POST"])
@requires()
def about() -> ResponseReturnValue:
    """Let a resident tell something else of themselves, or nothing."""
    mine = queries.overview_page(current_actor()).mine
    if mine is None or mine.refusal or mine.ballot is None or mine.ballot.organisation is not None:
        return redirect(url_for(".overview"), 303)
    form = AboutForm(neighbourhoods(), data=about_values(mine.ballot))
    if form.validate_on_submit():
        try:
            actions.tell_about(current_actor(), mine.round.slug, form.about())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Det du har fortalt om deg selv, er lagret."), "success")
            return redirect(url_for(".overview"), 303)
    return _answered(form, render_template("observatorium/rating/about.html", mine=mine, form=form))


@bp.post("/<number>/trekk")
@requires()
def withdraw(number: str) -> ResponseReturnValue:
    """Take one answer back."""
    actions.withdraw_rating(current_actor(), _slug(), number)
    flash(_("Svaret på %(number)s er trukket.", number=number), "success")
    return redirect(url_for(".review", _anchor=f"rad-{number}"), 303)


@bp.route("/dine-svar/trekk-alle", methods=["GET", "POST"])
@requires()
def withdraw_all() -> ResponseReturnValue:
    """Ask whether to take all answers back, and do it."""
    page = queries.review_page(current_actor())
    form = WithdrawForm()
    if not form.validate_on_submit():
        return render_template("observatorium/rating/withdraw_all.html", page=page, form=form)
    actions.withdraw_all(current_actor(), page.mine.round.slug)
    flash(_("Alle svarene dine er trukket. Ingen av dem teller med."), "success")
    return redirect(url_for(".overview"), 303)


@bp.post("/kommentarer/<int:comment_id>/trekk")
@requires()
def withdraw_comment(comment_id: int) -> ResponseReturnValue:
    """Take one's own comment back."""
    comment_actions.withdraw_comment(current_actor(), comment_id)
    flash(_("Kommentaren er trukket."), "success")
    return redirect(url_for(".review"), 303)


def _overview(page: OverviewPage, form: AnsweringForm | None = None) -> str:
    may_begin = page.mine is not None and page.mine.refusal is None and page.mine.ballot is None
    if form is None and may_begin:
        form = AnsweringForm(page.organisations, page.neighbourhoods)
    return render_template("observatorium/rating/overview.html", page=page, form=form, dimensions=Dimension)


def _turned_away(mine: MyRound) -> ResponseReturnValue:
    """Lead whoever can't answer now to the page that says why; what they sent is refused with the reason."""
    if request.method == "POST":
        actions.open_to(current_actor(), mine.round.slug)
    return redirect(url_for(".overview"), 303)


def _answered(form: Any, page: str) -> ResponseReturnValue:
    """Answer with the page of a form: as it stands, or with what has to be mended."""
    return page, 422 if form.is_submitted() else 200


def _save_at_once(number: str) -> bool:
    """Save an answer that a script sends, without reading what only the page shows; return whether that was all.

    It isn't when it has to be asked first who answers, or to be told what was wrong; then nothing is saved.
    """
    round_ = find_current()
    answer = next((each for each in Answer if each == request.form.get(number)), None)
    if round_ is None or answer is None:
        return False
    try:
        actions.rate(current_actor(), RatingDraft(round=round_.slug, indicator=number, answer=answer))
    except Invalid:
        return False
    return True


def _save(mine: MyRound, form: Any, standing: Standing | None) -> bool:
    """Store the answers; what is refused is put in the form."""
    if isinstance(form, AnsweringForm):
        standing = form.standing()
    if standing is not None:
        network = hashing.network(request.remote_addr)
        standing = replace(standing, invitation=invited_by(mine.round.id), network=network)
    changed = {number: answer for number, answer in form.given().items() if mine.answers.get(number) is not answer}
    try:
        actions.rate_several(current_actor(), AnswersDraft(round=mine.round.slug, answers=changed, standing=standing))
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    if changed:
        session.pop(STANDING, None)
        session.pop(INVITATION, None)
    elif standing is not None:
        _remember(mine, standing)
    return True


def _save_comment(page: IndicatorPage, text: str) -> None:
    """Write, change or take back the comment, when it is another than the one that stands."""
    if text and (page.comment is None or text != page.comment.text):
        slug, number = page.mine.round.slug, page.indicator.number
        draft = CommentDraft(round=slug, indicator=number, text=text, language=language())
        comment_actions.comment(current_actor(), draft)
        flash(_("Kommentaren er sendt. En moderator leser den før den vises."), "success")
    elif page.comment is not None and not text:
        comment_actions.withdraw_comment(current_actor(), page.comment.id)


def _after(page: IndicatorPage) -> str:
    if _back() or page.following is None:
        return url_for(".review", _anchor=f"rad-{page.indicator.number}" if _back() else None)
    return url_for(".indicator", number=page.following.number)


def _back() -> str | None:
    """Say whether somebody came from their answers, to go there again afterwards."""
    return "svar" if request.args.get("fra") == "svar" else None


def _by_script() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _slug() -> str:
    return queries.review_page(current_actor()).mine.round.slug


def _to_ask(
    page: IndicatorPage | DimensionPage, standing: Standing | None
) -> tuple[Sequence[Organisation] | None, Sequence[Neighbourhood]]:
    """Return the organisations and lokalsamfunn to choose between when it has to be asked who answers."""
    if page.mine.ballot is not None or standing is not None:
        return None, ()
    return page.organisations, neighbourhoods()


def _remember(mine: MyRound, standing: Standing | None) -> None:
    if standing is not None:
        session[STANDING] = {
            "round": mine.round.id,
            "account": current_actor().id,
            "group": standing.group.value,
            "organisation": standing.organisation_id,
            "tie": standing.tie.value,
            "about": asdict(standing.about),
        }


def _remembered(mine: MyRound) -> Standing | None:
    """Return what was chosen at the start, in this browser, by this person, for this round."""
    kept = session.get(STANDING)
    if mine.ballot is not None or not kept or (kept["round"], kept["account"]) != (mine.round.id, current_actor().id):
        return None
    return Standing(
        group=StakeholderGroup(kept["group"]),
        tie=Tie(kept["tie"]),
        organisation_id=kept["organisation"],
        about=_told(kept.get("about") or {}),
    )


def _told(kept: Mapping[str, Any]) -> About:
    age_band, gender = kept.get("age_band"), kept.get("gender")
    return About(
        age_band=AgeBand(age_band) if age_band else None,
        gender=Gender(gender) if gender else None,
        neighbourhood_id=kept.get("neighbourhood_id"),
    )


def invited_by(round_id: int) -> str | None:
    """Return the token of the link that led this person to the round in this browser."""
    kept = session.get(INVITATION)
    if not kept or (kept["round"], kept["account"]) != (round_id, current_actor().id):
        return None
    return str(kept["token"])
