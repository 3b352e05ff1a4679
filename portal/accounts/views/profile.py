"""«Min side»: what people see and change of their own account."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from portal.accounts import own_data, second_factor, session, tokens
from portal.accounts.actions import erase as erase_actions
from portal.accounts.actions import organisations as organisation_actions
from portal.accounts.actions import profile as actions
from portal.accounts.actions import second_factor as second_factor_actions
from portal.accounts.actions import sign_in as sign_in_actions
from portal.accounts.forms.account import (
    ChangeEmailForm,
    ChangePasswordForm,
    EraseForm,
    ProfileForm,
    RemoveSecondFactorForm,
    SetUpCodeForm,
    SpeakForForm,
)
from portal.accounts.forms.administration import ConfirmForm
from portal.accounts.queries import account as queries
from portal.accounts.queries.account import ProfilePage
from portal.accounts.queries.own_data import before_erasing, everything_about, files_of
from portal.accounts.queries.settings import branding, value
from portal.accounts.views.answers import DONE, SHOWN, attempt, done
from portal.kernel import clock
from portal.kernel.access import current_actor, fresh, public, requires
from portal.kernel.errors import Invalid
from portal.kernel.extensions import limiter
from portal.kernel.i18n import COOKIE, _
from portal.kernel.personal import Held

bp = Blueprint("profile", __name__, url_prefix="/konto", template_folder="../templates")
bp.add_app_template_global(own_data.title, "own_data_title")
bp.add_app_template_global(own_data.label, "own_data_label")
bp.add_app_template_global(own_data.shown, "own_data_shown")
bp.add_app_template_global(own_data.package_title, "own_data_package")

PIECE = 65_536
IN_MEMORY = 2_000_000
"""Bytes of a file to take along, before it is put on the disk while it is made."""
MOST_TOLD, LONGEST_TITLE = 10, 100
"""What is on hold stands in a cookie until it is shown once: it must be small."""
GUESSES = limiter.limit("30 per minute", methods=["POST"])


@bp.get("/")
@requires()
def index() -> str:
    """Show the account and the ways to its parts."""
    return _page("index")


@bp.route("/profil", methods=["GET", "POST"])
@requires()
def edit() -> ResponseReturnValue:
    """Change name and language."""
    form = ProfileForm()
    status = attempt(form, lambda: actions.change_profile(current_actor(), form.draft()))
    if status is DONE:
        response = done(_("Profilen er endret."), "profile.index")
        response.set_cookie(COOKIE, form.language.data, max_age=31_536_000, samesite="Lax", httponly=True)
        return response
    page = queries.profile(current_actor())
    if status is SHOWN:
        form.process(data={"name": page.account.name, "language": page.account.language or "nb"})
    return render_template("accounts/edit.html", form=form, page=page), status


@bp.route("/e-post", methods=["GET", "POST"])
@GUESSES
@requires()
def email() -> ResponseReturnValue:
    """Ask for another address; it changes when the link sent to it is used."""
    page = queries.profile(current_actor())
    form = ChangeEmailForm(has_password=page.has_password)

    def ask() -> None:
        _prove_again(page, form)
        actions.ask_for_new_email(current_actor(), form.email.data)

    status = attempt(form, ask)
    if status is DONE:
        return done(_("Vi har sendt en lenke til den nye adressen. Åpne den for å bytte."), "profile.index")
    return _page("email", page, form=form), status


@bp.route("/e-post/bekreft/<token>", methods=["GET", "POST"])
@requires()
def confirm_email(token: str) -> ResponseReturnValue:
    """Let a new address count."""
    form = ConfirmForm()
    if not queries.works(tokens.CHANGE_EMAIL, token):
        again, button = url_for("profile.email"), _("Be om en ny lenke")
        page = render_template("accounts/expired.html", message=tokens.EXPIRED, again=again, button=button)
        return page, 410
    status = attempt(form, lambda: actions.confirm_new_email(current_actor(), token))
    if status is DONE:
        return done(_("E-postadressen er byttet."), "profile.index")
    return render_template("accounts/confirm_email.html", form=form, token=token), status


@bp.route("/passord", methods=["GET", "POST"])
@GUESSES
@requires()
def password() -> ResponseReturnValue:
    """Change the password."""
    page = queries.profile(current_actor())
    form = ChangePasswordForm()

    def change() -> None:
        session.check_password(current_actor(), form.password.data)
        actions.change_password(current_actor(), form.new_password.data)

    status = attempt(form, change)
    if status is DONE:
        return done(_("Passordet er endret, og du er logget ut alle andre steder."), "profile.index")
    return _page("password", page, form=form), status


# -- sign-ins ----------------------------------------------------------------------------------------------------------


@bp.get("/okter")
@requires()
def sessions() -> str:
    """List where the person is signed in."""
    return _page("sessions")


@bp.post("/okter/<int:session_id>/avslutt")
@requires()
def end_session(session_id: int) -> ResponseReturnValue:
    """End one sign-in."""
    sign_in_actions.end_session(current_actor(), session_id)
    return done(_("Innloggingen er avsluttet."), "profile.sessions")


@bp.post("/okter/avslutt-andre")
@requires()
def end_others() -> ResponseReturnValue:
    """End every sign-in but this."""
    sign_in_actions.end_other_sessions(current_actor())
    return done(_("Du er logget ut alle andre steder."), "profile.sessions")


# -- the second step ---------------------------------------------------------------------------------------------------


@bp.route("/to-trinn", methods=["GET", "POST"])
@requires()
def second_factor_start() -> ResponseReturnValue:
    """Tell of the second step and begin to set it up."""
    page, onward = queries.profile(current_actor()), _onward()
    if session.is_code_due() and page.has_second_factor:
        return redirect(url_for("accounts.code", neste=onward), 303)
    form = ConfirmForm()
    status = attempt(form, lambda: second_factor_actions.propose_secret(current_actor()))
    if status is DONE:
        return redirect(url_for("profile.second_factor_set_up", neste=onward), 303)
    return _page("second_factor", page, form=form, onward=onward), status


@bp.route("/to-trinn/oppsett", methods=["GET", "POST"])
@GUESSES
@requires()
def second_factor_set_up() -> ResponseReturnValue:
    """Show the code to scan, and take the first code that the app makes; then show the spare codes, this once."""
    page, onward = queries.profile(current_actor()), _onward()
    if page.account.totp_secret is None or page.has_second_factor:
        return redirect(url_for("profile.second_factor_start", neste=onward), 303)
    form, spare = SetUpCodeForm(), []
    secret, name = page.account.totp_secret, page.account.email or page.account.name
    status = attempt(
        form, lambda: spare.extend(second_factor_actions.confirm_second_factor(current_actor(), form.code.data))
    )
    if status is DONE:
        return render_template("accounts/recovery_codes.html", codes=spare, onward=onward)
    picture = second_factor.picture(second_factor.address(secret, name, branding().name))
    written = second_factor.grouped(secret)
    return _page("second_factor_set_up", page, form=form, picture=picture, secret=written, onward=onward), status


@bp.route("/to-trinn/sla-av", methods=["GET", "POST"])
@GUESSES
@requires()
def second_factor_remove() -> ResponseReturnValue:
    """Turn the second step off."""
    page = queries.profile(current_actor())
    form = RemoveSecondFactorForm(has_password=page.has_password)

    def remove() -> None:
        _prove_again(page, form)
        second_factor_actions.remove_second_factor(current_actor())

    status = attempt(form, remove)
    if status is DONE:
        return done(_("To-trinns innlogging er slått av."), "profile.index")
    return _page("second_factor_remove", page, form=form), status


# -- organisations -----------------------------------------------------------------------------------------------------


@bp.route("/organisasjoner", methods=["GET", "POST"])
@requires()
def organisations() -> ResponseReturnValue:
    """List the organisations one speaks for, and ask to speak for another."""
    form = SpeakForForm()
    status = attempt(form, lambda: organisation_actions.ask_to_speak_for(current_actor(), form.draft()))
    if status is DONE:
        return done(_("Takk! Vi ser på det, og du finner svaret her."), "profile.organisations")
    return _page("organisations", form=form), status


@bp.post("/organisasjoner/<int:spokesperson_id>/slutt")
@requires()
def leave_organisation(spokesperson_id: int) -> ResponseReturnValue:
    """Stop speaking for an organisation."""
    organisation_actions.remove_spokesperson(current_actor(), spokesperson_id)
    return done(_("Du taler ikke lenger for organisasjonen."), "profile.organisations")


# -- what is kept ------------------------------------------------------------------------------------------------------


@bp.get("/mine-data")
@requires()
def my_data() -> str:
    """Show everything that is kept about the person."""
    return render_template("accounts/my_data.html", everything=everything_about(current_actor()))


@bp.get("/mine-data/last-ned")
@limiter.limit("10 per minute")
@requires()
def download_my_data() -> Response:
    """Send everything that is kept about the person as a file, with the files they have sent in."""
    everything, places = everything_about(current_actor()), [place for place, _pieces in files_of(current_actor())]
    index = render_template(
        "accounts/_my_data_index.html",
        everything=everything,
        files=places,
        now=clock.now(),
        own_data_readme=own_data.README,
    )
    archive = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    own_data.write_zip(archive, everything, files_of(current_actor()), index)
    archive.seek(0)
    response = Response(_pieces(archive), mimetype="application/zip")
    response.call_on_close(archive.close)
    response.headers["Content-Disposition"] = f'attachment; filename="mine-data-{clock.today().isoformat()}.zip"'
    return response


@bp.route("/slett", methods=["GET", "POST"])
@GUESSES
@requires()
def erase() -> ResponseReturnValue:
    """Erase the account."""
    page, leaving = queries.profile(current_actor()), before_erasing(current_actor())
    form = EraseForm(has_password=page.has_password, has_answers=bool(leaving.open_rounds))
    held: list[Held] = []

    def erase_it() -> None:
        _prove_again(page, form)
        keep = bool(leaving.open_rounds) and form.answers.data == "stay"
        held.extend(erase_actions.erase_account(current_actor(), page.account.id, keep_answers=keep))

    status = attempt(form, erase_it)
    if status is DONE:
        session.forget()
        if held:
            browser["kept"] = [[each.title[:LONGEST_TITLE], each.reason] for each in held[:MOST_TOLD]]
        return redirect(url_for("profile.erased"), 303)
    return _page("erase", page, form=form, leaving=leaving, backup_days=value("backup_days")), status


@bp.get("/slettet")
@public
@fresh
def erased() -> str:
    """Say that the account is gone, and what of it is on hold: only this browser still knows that, and forgets it."""
    return render_template("accounts/erased.html", kept=browser.pop("kept", []), backup_days=value("backup_days"))


def _pieces(archive: IO[bytes]) -> Iterator[bytes]:
    with archive:
        while piece := archive.read(PIECE):
            yield piece


def _onward() -> str:
    return session.own_path(request.args.get("neste"), url_for("profile.index"))


def _page(name: str, page: ProfilePage | None = None, **values: Any) -> str:
    return render_template(f"accounts/{name}.html", page=page or queries.profile(current_actor()), **values)


def _prove_again(page: ProfilePage, form: Any) -> None:
    """Let the person prove who it is once more before what can't be taken back."""
    if page.has_password:
        session.check_password(current_actor(), form.password.data)
    elif not page.recently_signed_in:
        raise Invalid("", _("Det er en stund siden du logget inn. Logg inn på nytt, og prøv igjen."))
