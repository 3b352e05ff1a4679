"""The pages where the municipality assesses itself, one indicator and one sub-indicator at a time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.files.checking import DOCUMENT_BYTES, MEGABYTE, PICTURE_BYTES
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Invalid
from portal.kernel.fields import Form
from portal.kernel.i18n import _, ngettext
from portal.kernel.identity import Role
from portal.observatorium.actions import assessing, assigning
from portal.observatorium.forms import assessing as forms
from portal.observatorium.queries import assessing_pages as queries
from portal.observatorium.views.sending import did

bp = Blueprint("observatorium_assessing", __name__, url_prefix="/observatorium/styring", template_folder="../templates")

MOST_SENT = max(PICTURE_BYTES, DOCUMENT_BYTES) + 2 * MEGABYTE
"""Bytes of a form with a file: a little more than the largest, so that one just too large gets a kind answer."""
MOST_PARTS = 30


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, _values: object) -> None:
    """Let the form that may hold a file be larger than others; this runs before anybody reads it."""
    if endpoint == "observatorium_assessing.part":
        request.max_content_length = MOST_SENT
        request.max_form_parts = MOST_PARTS


@bp.get("/mine/")
@requires(Role.EMPLOYEE, Role.COORDINATOR)
def mine() -> str:
    """Show what one's service areas are to assess, by when, and what is missing."""
    return render_template("observatorium/assessing/mine.html", shares=queries.my_share(current_actor()))


@bp.route("/runder/<slug>/egenvurdering/<indicator>/", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.COORDINATOR)
def indicator(slug: str, indicator: str) -> ResponseReturnValue:
    """Show an indicator with its parts and evidence; sum it up and sign."""
    page = queries.assess_page(current_actor(), slug, indicator)
    form = forms.SummaryForm(data=forms.summary_values(page.state.own))
    if did(form, lambda: assessing.sum_up(current_actor(), slug, indicator, form.draft())):
        flash(
            _("Oppsummeringen er signert.") if form.signed_by_title.data else _("Oppsummeringen er lagret."), "success"
        )
        return redirect(url_for(".indicator", slug=slug, indicator=indicator), 303)
    if form.form_errors:  # somebody else came first, and is told of: the next try goes on top of theirs
        form.version.data = page.state.own.version if page.state.own else 0
    return _form("indicator", form, page=page)


@bp.post("/runder/<slug>/egenvurdering/<indicator>/bekreft")
@requires(Role.EMPLOYEE, Role.COORDINATOR)
def confirm(slug: str, indicator: str) -> ResponseReturnValue:
    """Confirm all that was copied to an indicator."""
    number = assessing.confirm(current_actor(), slug, indicator)
    if number:
        told = ngettext("Én delindikator er bekreftet.", "%(num)s delindikatorer er bekreftet.", number)
        flash(told, "success")
    else:
        flash(_("Ingenting ble bekreftet. Grønt med belegg som er gått ut, må du se på enkeltvis."), "warning")
    return redirect(url_for(".indicator", slug=slug, indicator=indicator), 303)


@bp.route("/runder/<slug>/egenvurdering/del/<key>/", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.COORDINATOR)
def part(slug: str, key: str) -> ResponseReturnValue:
    """Assess a sub-indicator and add evidence."""
    page = queries.part_page(current_actor(), slug, key)
    form = forms.AssessForm(data=forms.assess_values(page.part))
    if form.validate_on_submit():
        try:
            assessing.assess(current_actor(), slug, key, form.draft(), form.evidence(current_actor()))
        except Invalid as refusal:
            page = queries.part_page(current_actor(), slug, key)
            if refusal.field:
                form.refuse(refusal)
            else:
                form.refuse_stale(refusal.message, page.part)
        else:
            flash(_("Delindikator %(key)s er lagret.", key=key), "success")
            return redirect(url_for(".indicator", slug=slug, indicator=page.part.indicator, _anchor=f"del-{key}"), 303)
    if form.errors:
        form.ask_for_file_again()
    return _form("part", form, page=page)


@bp.route("/runder/<slug>/egenvurdering/belegg/<int:evidence_id>/fjern", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.COORDINATOR)
def remove_evidence(slug: str, evidence_id: int) -> ResponseReturnValue:
    """Take back a piece of evidence, after saying what it means."""
    page = queries.evidence_page(current_actor(), slug, evidence_id)
    form = forms.ConfirmForm()
    if form.validate_on_submit():
        assessing.remove_evidence(current_actor(), slug, evidence_id)
        flash(_("Belegget er fjernet."), "success")
        back = url_for(".indicator", slug=slug, indicator=page.part.indicator, _anchor=f"del-{page.part.key}")
        return redirect(back, 303)
    return _form("remove_evidence", form, page=page)


@bp.route("/runder/<slug>/egenvurdering/<indicator>/ny", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def add_part(slug: str, indicator: str) -> ResponseReturnValue:
    """Add a sub-indicator to a draft."""
    page = queries.new_part_page(current_actor(), slug, indicator)
    form = forms.PartForm()
    if did(form, lambda: assigning.add_part(current_actor(), slug, indicator, form.draft())):
        flash(_("Delindikatoren er lagt til."), "success")
        return redirect(url_for(".indicator", slug=slug, indicator=indicator), 303)
    return _form("add_part", form, page=page)


@bp.route("/runder/<slug>/egenvurdering/del/<key>/endre", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def change_part(slug: str, key: str) -> ResponseReturnValue:
    """Reword, hide or show a sub-indicator of a draft."""
    page = queries.part_page(current_actor(), slug, key)
    form = forms.PartForm(data=forms.part_values(page.part))
    if did(form, lambda: assigning.change_part(current_actor(), slug, key, form.draft())):
        flash(_("Delindikatoren er endret."), "success")
        return redirect(url_for(".indicator", slug=slug, indicator=page.part.indicator), 303)
    return _form("change_part", form, page=page)


@bp.route("/runder/<slug>/egenvurdering/fordel", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def assign(slug: str) -> ResponseReturnValue:
    """Show who owes what, and ask a service area for more."""
    page = queries.assign_page(current_actor(), slug)
    form = forms.AssignForm(page.areas, page.catalogue)
    if did(form, lambda: assigning.assign(current_actor(), slug, form.draft())):
        flash(_("Indikatorene er fordelt."), "success")
        return redirect(url_for(".assign", slug=slug), 303)
    return _form("assign", form, page=page)


@bp.post("/runder/<slug>/egenvurdering/fordel/<int:assignment_id>/fjern")
@requires(Role.COORDINATOR)
def unassign(slug: str, assignment_id: int) -> ResponseReturnValue:
    """Take an indicator from a service area again."""
    assigning.unassign(current_actor(), slug, assignment_id)
    flash(_("Fordelingen er tatt bort."), "success")
    return redirect(url_for(".assign", slug=slug), 303)


@bp.route("/runder/<slug>/egenvurdering/kopier", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def copy(slug: str) -> ResponseReturnValue:
    """Begin from the assessment of an earlier round."""
    page = queries.copy_page(current_actor(), slug)
    form = forms.CopyForm(page.sources)
    if did(form, lambda: assigning.copy_assessments(current_actor(), slug, form.copied_from.data)):
        flash(_("Egenvurderingen er kopiert. Hver del må bekreftes før den teller."), "success")
        return redirect(url_for("observatorium_control.own_levels", slug=slug, number=1), 303)
    return _form("copy", form, page=page)


def _form(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    shown = render_template(f"observatorium/assessing/{template}.html", form=form, **values)
    return shown, 422 if form.errors else 200
