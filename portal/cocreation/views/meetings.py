"""Pages of meetings: the list, one meeting, its minutes, and the files that calendars read."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation import calendar as calendar_file
from portal.cocreation.actions import meetings as actions
from portal.cocreation.forms import meetings as forms
from portal.cocreation.queries import meetings as queries
from portal.cocreation.queries.meetings import MeetingRow
from portal.cocreation.queries.needs import arranging
from portal.cocreation.views.answering import attempt
from portal.cocreation.views.together import bp
from portal.config import current
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Conflict
from portal.kernel.i18n import _


@bp.get("/<int:project_id>/moter")
@public
def meetings(project_id: int) -> str:
    """Show a project's meetings, the next first."""
    page = queries.meetings_page(current_actor(), project_id)
    feed = url_for(".calendar", project_id=project_id, slug=page.frame.slug)
    return render_template(
        "cocreation/meetings.html", page=page, frame=page.frame, feed=feed, webcal=_address(feed, "webcal")
    )


@bp.route("/<int:project_id>/moter/nytt", methods=["GET", "POST"])
@requires()
def new_meeting(project_id: int) -> ResponseReturnValue:
    """Call people to a meeting."""
    actor, frame = current_actor(), arranging(current_actor(), project_id)
    form, made = forms.MeetingForm(), []
    form.begin()

    def work() -> None:
        made.append(actions.call_meeting(actor, project_id, form.draft(), key=form.sent_key).id)

    status = attempt(form, work)
    if status == 303:
        flash(_("Møtet er lagt inn."), "success")
        return redirect(url_for(".meeting", meeting_id=made[0]), 303)
    return render_template("cocreation/meeting_form.html", form=form, frame=frame, meeting=None), status


@bp.get("/moter/<int:meeting_id>")
@public
def meeting(meeting_id: int) -> str:
    """Show one meeting, and to the members who come."""
    page = queries.meeting_page(current_actor(), meeting_id)
    return render_template("cocreation/meeting.html", page=page, frame=page.frame)


@bp.route("/moter/<int:meeting_id>/endre", methods=["GET", "POST"])
@requires()
def edit_meeting(meeting_id: int) -> ResponseReturnValue:
    """Change a meeting."""
    actor, page = current_actor(), queries.own_meeting(current_actor(), meeting_id)
    form = forms.MeetingForm(data=forms.meeting_values(page.meeting))

    def work() -> None:
        draft = form.draft(page.meeting.language)
        actions.edit_meeting(actor, meeting_id, draft, version=form.sent_version)

    status = attempt(form, work)
    if status == 303:
        flash(_("Møtet er endret."), "success")
        return redirect(url_for(".meeting", meeting_id=meeting_id), 303)
    if status == 409:
        page = queries.own_meeting(actor, meeting_id)
        form.rebase(page.meeting.version)
    return render_template("cocreation/meeting_form.html", form=form, frame=page.frame, meeting=page.meeting), status


@bp.route("/moter/<int:meeting_id>/referat", methods=["GET", "POST"])
@requires()
def minutes(meeting_id: int) -> ResponseReturnValue:
    """Tell what was said and agreed."""
    actor, page = current_actor(), queries.own_meeting(current_actor(), meeting_id)
    kept = {"minutes": page.meeting.minutes, "version": str(page.meeting.version)}
    form = forms.MinutesForm(data=kept)

    def work() -> None:
        actions.write_minutes(actor, meeting_id, form.minutes.data, version=form.sent_version)

    status = attempt(form, work)
    if status == 303:
        flash(_("Referatet er lagret."), "success")
        return redirect(url_for(".meeting", meeting_id=meeting_id), 303)
    if status == 409:
        page = queries.own_meeting(actor, meeting_id)
        form.rebase(page.meeting.version)
    return render_template("cocreation/minutes.html", form=form, page=page, frame=page.frame), status


@bp.get("/moter/<int:meeting_id>/kommer")
@requires()
def go_and_join(meeting_id: int) -> ResponseReturnValue:
    """Lead somebody who had to sign in first to the button."""
    return redirect(url_for(".meeting", meeting_id=meeting_id, _anchor="kommer"), 303)


@bp.post("/moter/<int:meeting_id>/kommer")
@requires()
def join_meeting(meeting_id: int) -> ResponseReturnValue:
    """Say that one comes."""
    try:
        actions.join_meeting(current_actor(), meeting_id)
    except Conflict as refusal:
        flash(str(refusal.message), "warning")
    else:
        flash(_("Fint, vi sees! Legg møtet i kalenderen din, så husker du det."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


@bp.post("/moter/<int:meeting_id>/kommer-ikke")
@requires()
def leave_meeting(meeting_id: int) -> ResponseReturnValue:
    """Say that one doesn't come after all."""
    actions.leave_meeting(current_actor(), meeting_id)
    flash(_("Takk for beskjeden. Plassen er ledig for andre."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


@bp.post("/moter/<int:meeting_id>/avlys")
@requires()
def cancel_meeting(meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting."""
    actions.cancel_meeting(current_actor(), meeting_id)
    flash(_("Møtet er avlyst. Kalendere som abonnerer, får vite det."), "success")
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


@bp.post("/moter/<int:meeting_id>/trekk")
@requires()
def withdraw_meeting(meeting_id: int) -> ResponseReturnValue:
    """Take a meeting back that nobody has said they come to."""
    page = queries.meeting_page(current_actor(), meeting_id)
    actions.withdraw_meeting(current_actor(), meeting_id)
    flash(_("Møtet er trukket."), "success")
    return redirect(url_for(".meetings", project_id=page.frame.project.id), 303)


@bp.get("/moter/<int:meeting_id>.ics")
@public
def meeting_file(meeting_id: int) -> Response:
    """Send one meeting to put in a calendar."""
    row = queries.meeting_page(current_actor(), meeting_id).row
    return _file(calendar_file.write(_entries([row])), f"mote-{meeting_id}.ics")


@bp.get("/<int:project_id>-<slug>/moter.ics")
@public
def calendar(project_id: int, slug: str) -> Response:  # noqa: ARG001 - it is for people to read
    """Send the public meetings to calendars that subscribe; a new title leaves old addresses working."""
    top, rows = queries.public_meetings(project_id)
    return _file(calendar_file.write(_entries(rows), name=top.project.title), "moter.ics")


def _entries(rows: Sequence[MeetingRow]) -> list[calendar_file.Entry]:
    host = urlsplit(current().base_url).hostname
    return [
        calendar_file.Entry(
            uid=f"mote-{row.meeting.id}@{host}",
            title=row.meeting.title,
            text=row.told,
            language=row.meeting.language,
            starts_at=row.meeting.starts_at,
            ends_at=row.meeting.ends_at,
            place=row.place,
            url=_address(url_for(".meeting", meeting_id=row.meeting.id)),
            sequence=row.meeting.sequence,
            changed_at=row.meeting.edited_at or row.meeting.written_at,
            is_cancelled=row.is_cancelled,
        )
        for row in rows
    ]


def _address(path: str, scheme: str = "") -> str:
    whole = f"{current().base_url}{path}"
    return f"{scheme}:{whole.partition(':')[2]}" if scheme else whole


def _file(content: bytes, name: str) -> Response:
    response = current_app.response_class(content, content_type=f"{calendar_file.MEDIA_TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
