"""The pages of measures: what everybody may see, and where staff answer, make measures and tell how they are going."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.kernel.access import current_actor, public, requires
from portal.kernel.content import Ref
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.extensions import content
from portal.kernel.fields import Form
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Role
from portal.kernel.narrowing import number as number_in
from portal.kernel.narrowing import one_of
from portal.observatorium import comparing, gap_words
from portal.observatorium.actions import measures as actions
from portal.observatorium.catalogue import catalogue
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.forms import measures as forms
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.queries import measures as queries
from portal.observatorium.views import following
from portal.observatorium.views.sending import did

bp = Blueprint("measures", __name__, url_prefix="/observatorium/tiltak", template_folder="../templates")
control = Blueprint(
    "measures_control", __name__, url_prefix="/observatorium/styring/tiltak", template_folder="../templates"
)


@bp.record_once
def _give_templates_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        measure_progress=queries.progress_of,
        measure_words=following,
        since=comparing.since,
        view_words=gap_words.view_words,
        colour_word=gap_words.colour_word,
    )


@bp.get("/")
@public
def index() -> str:
    """Show what the municipality does about what people said."""
    page = queries.list_page(current_actor(), _filters(), request.args.get("etter"))
    return render_template("observatorium/measures/index.html", page=page, **_choices())


@bp.get("/<int:measure_id>/")
@public
def show(measure_id: int) -> str:
    """Show a measure: its log, what carries it out, and what the colour has done since."""
    return render_template("observatorium/measures/show.html", page=queries.measure_page(current_actor(), measure_id))


@control.get("/")
@requires(Role.COORDINATOR)
def index_of_control() -> str:
    """Show what the newest round asks for, and all measures."""
    page = queries.control_page(current_actor(), _filters(), request.args.get("etter"))
    return render_template("observatorium/measures/control.html", page=page, **_choices())


@control.route("/ny/<slug>/<number>", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def new(slug: str, number: str) -> ResponseReturnValue:
    """Make a measure for an indicator of a published round."""
    page = queries.plan_page(current_actor(), slug, number)
    form = forms.MeasureForm(page)
    made: list[IndicatorMeasure] = []

    def make() -> None:
        made.append(actions.make_measure(current_actor(), slug, number, form.draft(), key=form.own_key))

    if did(form, make):
        return _done(_("Tiltaket er lagt inn. Alle kan se det nå."), made[0].id)
    return _form("plan", form, page=page)


@control.route("/<int:measure_id>/endre", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def change(measure_id: int) -> ResponseReturnValue:
    """Change what a measure says."""
    page = queries.change_page(current_actor(), measure_id)
    form = forms.MeasureForm(page)

    def save() -> None:
        actions.change_measure(current_actor(), measure_id, form.draft(), version=form.version.data)

    if did(form, save):
        return _done(_("Endringen er lagret."), measure_id)
    if form.form_errors:  # somebody else came first, and is told of: the next try goes on top of theirs
        form.version.data = queries.change_page(current_actor(), measure_id).measure.version  # type: ignore[union-attr]
    return _form("plan", form, page=page)


@control.route("/<int:measure_id>/logg", methods=["GET", "POST"])
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def log(measure_id: int) -> ResponseReturnValue:
    """Tell how a measure is going."""
    page = queries.measure_page(current_actor(), measure_id)
    if not page.may_log:
        raise Forbidden(_l("Bare en koordinator og tjenesteområdet som har ansvaret, kan skrive i loggen."))
    form = forms.EntryForm(data={"status": page.row.measure.status.value})
    if did(form, lambda: actions.log_measure(current_actor(), measure_id, form.draft(), key=form.own_key)):
        return _done(_("Takk. Det står nå på siden til tiltaket."), measure_id)
    return _form("log", form, page=page)


@control.route("/<int:measure_id>/koble", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def link(measure_id: int) -> ResponseReturnValue:
    """Tie a measure to what carries it out."""
    page = queries.measure_page(current_actor(), measure_id)
    form = forms.LinkForm()
    if did(form, lambda: actions.link_measure(current_actor(), measure_id, _thing_at(form.address.data))):
        return _done(_("Koblingen er lagt til."), measure_id)
    return _form("link", form, page=page)


@control.post("/<int:measure_id>/fjern/<kind>/<int:target_id>")
@requires(Role.COORDINATOR)
def unlink(measure_id: int, kind: str, target_id: int) -> ResponseReturnValue:
    """Take a tie away."""
    actions.unlink_measure(current_actor(), measure_id, Ref(kind, target_id))
    return _done(_("Koblingen er fjernet."), measure_id)


@control.route("/svar/<slug>/<number>", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def answer(slug: str, number: str) -> ResponseReturnValue:
    """Answer in public what a round said of an indicator."""
    page = queries.plan_page(current_actor(), slug, number)
    form = forms.AnswerForm(page)
    if did(form, lambda: actions.answer_indicator(current_actor(), slug, number, form.draft())):
        flash(_("Svaret står nå ved indikatoren."), "success")
        return redirect(url_for("observatorium.indicator", number=number, _anchor="kommunens-svar"), 303)
    if form.form_errors:  # as in `change`
        stands = queries.plan_page(current_actor(), slug, number).answer
        form.version.data = stands.version if stands else 0
    return _form("answer", form, page=page)


def _filters() -> queries.Filters:
    """Read what the reader asked for; anything unknown is as if it weren't there."""
    asked = request.args
    indicator = catalogue().indicator(asked.get("indikator", ""))
    return queries.Filters(
        status=one_of(MeasureStatus, asked.get("status")),
        indicator=indicator.number if indicator else "",
        late=asked.get("sen") == "1",
    )


def _choices() -> dict[str, Any]:
    return {"statuses": tuple(MeasureStatus), "indicators": catalogue().indicators}


def _thing_at(address: str) -> Ref:
    """Return the idea, project or solution that has its page at an address of this portal; raises Invalid."""
    refused = Invalid("address", _l("Vi finner ingen idé, prosjekt eller løsning på denne adressen."))
    try:
        parts = urlsplit(address)
        endpoint, values = current_app.url_map.bind("").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        raise refused from None
    for kind in actions.LINKABLE:
        for id_ in (value for value in values.values() if isinstance(value, int) and number_in(str(value))):
            card = content().cards([Ref(kind, id_)]).get(Ref(kind, id_))
            if card is not None and card.endpoint.partition(".")[0] == str(endpoint).partition(".")[0]:
                return card.ref
    raise refused


def _done(message: str, measure_id: int) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("measures.show", measure_id=measure_id), 303)


def _form(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    shown = render_template(f"observatorium/measures/{template}.html", form=form, **values)
    return shown, 422 if form.errors else 200
