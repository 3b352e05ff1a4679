"""The pages of signing up, signing in and out, and of forgotten passwords."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from portal import config
from portal.accounts import oidc, policy, session, tokens
from portal.accounts.actions import issuers, profile, sign_up
from portal.accounts.actions.issuers import LogoutDraft
from portal.accounts.forms.account import (
    CodeForm,
    EmailForm,
    NameForm,
    NewPasswordForm,
    PasswordForm,
    SignInForm,
    SignUpForm,
)
from portal.accounts.queries import account as queries
from portal.accounts.views.answers import DONE, attempt
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.extensions import csrf, limiter
from portal.kernel.i18n import _
from portal.kernel.identity import SYSTEM

bp = Blueprint("accounts", __name__, url_prefix="/konto", template_folder="../templates")

GUESSES = limiter.limit("30 per minute", methods=["POST"])
"""The outermost bound on one machine; who guesses at one account is slowed long before, by throttle.py."""
MAILS = limiter.limit("10 per minute; 60 per hour", methods=["POST"])


@bp.route("/logg-inn", methods=["GET", "POST"])
@GUESSES
@public
def sign_in() -> ResponseReturnValue:
    """Sign in by a provider, or with address and password."""
    form, onward = SignInForm(), session.own_path(request.args.get("neste"))
    arrived: list[bool] = []
    if current_actor().is_signed_in and not form.is_submitted():
        return redirect(onward, 303)
    status = attempt(form, lambda: arrived.append(session.sign_in_with_password(form.email.data, form.password.data)))
    if status is DONE:
        return _go_on(arrived[0], onward)
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        issuers=config.current().oidc,
        onward=onward,
        demo_password=config.DEMO_PASSWORD,
        unconfirmed=policy.UNCONFIRMED in form.form_errors,
    )
    return page, status


@bp.route("/kode", methods=["GET", "POST"])
@GUESSES
@public
def code() -> ResponseReturnValue:
    """Ask for the code of the second step."""
    form, onward = CodeForm(), session.own_path(request.args.get("neste"))
    if not session.is_code_due():
        return redirect(url_for("accounts.sign_in", neste=onward), 303)
    status = attempt(form, lambda: session.pass_code(form.code.data))
    if status is DONE:
        return redirect(onward, 303)
    return render_template("accounts/code.html", form=form, onward=onward), status


@bp.post("/logg-ut")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out here, and at the provider too when the person came from one."""
    live = session.sign_out()
    issuer = config.current().issuer(live.issuer) if live and live.issuer else None
    address = issuer and oidc.logout_url(
        issuer,
        id_token_hint=None,  # it may carry a fødselsnummer, so it is never kept
        post_logout_redirect_uri=_absolute("accounts.signed_out"),
        state=secrets.token_urlsafe(16),
    )
    if not address:
        return redirect(url_for("accounts.signed_out"), 303)
    # form-action 'self' stops a form from ending up elsewhere, so this is a page that moves on by itself
    response = make_response(render_template("accounts/signing_out.html", issuer=issuer, address=address))
    response.headers["Refresh"] = f"0; url={address}"
    return response


@bp.get("/logget-ut")
@public
def signed_out() -> str:
    """Say that one is signed out."""
    return render_template("accounts/signed_out.html")


@bp.post("/fortsett")
@requires()
def extend() -> ResponseReturnValue:
    """Keep a sign-in that was about to end; that somebody asked is enough."""
    return "", HTTPStatus.NO_CONTENT


# -- by a provider -----------------------------------------------------------------------------------------------------


@bp.get("/oidc/<issuer>/start")
@limiter.limit("30 per minute")
@public
def oidc_start(issuer: str) -> ResponseReturnValue:
    """Send the browser to the provider."""
    onward = session.own_path(request.args.get("neste"))
    try:
        address = session.begin_flow(_issuer(issuer), _absolute("accounts.oidc_return", issuer=issuer), onward)
    except oidc.SignInFailed as failure:
        return _failed(failure, onward)
    return redirect(address, 303)


@bp.get("/logg-inn/igjen")
@requires()
def again() -> ResponseReturnValue:
    """Send somebody who came by a provider there once more, to prove who it is."""
    live = session.live_session()
    onward = session.own_path(request.args.get("neste"))
    if live is None or live.issuer is None:
        return redirect(url_for("accounts.sign_in", neste=onward), 303)
    return redirect(url_for("accounts.oidc_start", issuer=live.issuer, neste=onward), 303)


@bp.get("/oidc/<issuer>/tilbake")
@limiter.limit("30 per minute")
@public
def oidc_return(issuer: str) -> ResponseReturnValue:
    """Take the browser back from the provider and sign in."""
    configured = _issuer(issuer)
    flow = session.take_flow(request.args.get("state", ""))
    onward = session.own_path(flow.next if flow else None)
    try:
        if flow is None:
            raise oidc.SignInFailed(oidc.Reason.STATE, "nobody is on the way in this browser")
        person = oidc.finish(configured, flow, request.args, _absolute("accounts.oidc_return", issuer=issuer))
        arrived = session.sign_in_with_issuer(configured, person)
    except (oidc.SignInFailed, Invalid) as failure:
        return _failed(failure, onward)
    return _go_on(arrived, onward)


@bp.post("/oidc/<issuer>/utlogging")
@public
def oidc_logout(issuer: str) -> ResponseReturnValue:
    """Take a provider's word that a sign-in there is over (OpenID Connect Back-Channel Logout 1.0, section 2.8)."""
    configured = _issuer(issuer)
    try:
        told = oidc.check_logout_token(configured, request.form.get("logout_token", ""))
        draft = LogoutDraft(issuer=configured, sid=told.sid, subject=told.subject, jti=told.jti)
        issuers.end_issuer_sessions(SYSTEM, draft)
    except (oidc.SignInFailed, Invalid) as refusal:
        return {"error": "invalid_request", "error_description": str(refusal.message)}, HTTPStatus.BAD_REQUEST
    return "", HTTPStatus.OK


csrf.exempt(oidc_logout)  # the caller is a machine, and proves itself by its signature


@bp.route("/navn", methods=["GET", "POST"])
@requires()
def choose_name() -> ResponseReturnValue:
    """Ask what to call somebody whose provider gave no name."""
    form, onward = NameForm(), session.own_path(request.args.get("neste"))
    status = attempt(form, lambda: profile.change_profile(current_actor(), form.draft()))
    if status is DONE:
        return redirect(onward, 303)
    return render_template("accounts/name.html", form=form, onward=onward), status


# -- signing up --------------------------------------------------------------------------------------------------------


@bp.route("/ny", methods=["GET", "POST"])
@MAILS
@public
def new() -> ResponseReturnValue:
    """Sign up with address and password."""
    form = SignUpForm()
    status = attempt(form, lambda: sign_up.sign_up(current_actor(), form.draft()))
    if status is DONE:
        cookie["mailed_to"] = form.email.data
        return redirect(url_for("accounts.mailed"), 303)
    return render_template("accounts/sign_up.html", form=form, issuers=config.current().oidc), status


@bp.route("/ny/sendt", methods=["GET", "POST"])
@MAILS
@public
def mailed() -> ResponseReturnValue:
    """Say that a mail is on its way, and send another when asked; the answer is the same for every address."""
    form = EmailForm(email=cookie.get("mailed_to"))
    status = attempt(form, lambda: sign_up.send_confirmation_again(current_actor(), form.email.data))
    if status is DONE:
        cookie["mailed_to"] = form.email.data
        flash(_("Vi har sendt en ny lenke hvis adressen venter på å bli bekreftet."), "success")
        return redirect(url_for("accounts.mailed"), 303)
    return render_template("accounts/mailed.html", form=form, email=cookie.get("mailed_to")), status


@bp.route("/bekreft/<token>", methods=["GET", "POST"])
@GUESSES
@public
def confirm(token: str) -> ResponseReturnValue:
    """Confirm an address and sign in."""
    form = PasswordForm()
    arrived: list[bool] = []
    if not queries.works(tokens.CONFIRM_EMAIL, token):
        return _expired(url_for("accounts.mailed"), _("Få en ny lenke"))
    status = attempt(form, lambda: arrived.append(session.confirm_and_sign_in(token, form.password.data)))
    if status is DONE:
        flash(_("E-postadressen er bekreftet. Velkommen!"), "success")
        return _go_on(arrived[0], url_for("profile.index"))
    return render_template(
        "accounts/confirm.html", form=form, email=queries.email_to_confirm(token), token=token
    ), status


# -- forgotten passwords -----------------------------------------------------------------------------------------------


@bp.route("/glemt-passord", methods=["GET", "POST"])
@MAILS
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link to make a new password; the answer is the same for every address."""
    form = EmailForm()
    status = attempt(form, lambda: sign_up.ask_for_new_password(current_actor(), form.email.data))
    if status is DONE:
        cookie["mailed_to"] = form.email.data
        return redirect(url_for("accounts.forgotten_mailed"), 303)
    return render_template("accounts/forgotten.html", form=form), status


@bp.get("/glemt-passord/sendt")
@public
def forgotten_mailed() -> str:
    """Say that a mail is on its way."""
    return render_template("accounts/forgotten_mailed.html", email=cookie.get("mailed_to"))


@bp.route("/nytt-passord/<token>", methods=["GET", "POST"])
@GUESSES
@public
def new_password(token: str) -> ResponseReturnValue:
    """Make a new password by a mailed link."""
    form = NewPasswordForm()
    if not queries.works(tokens.RESET_PASSWORD, token):
        return _expired(url_for("accounts.forgotten"), _("Få en ny lenke"))
    status = attempt(form, lambda: sign_up.set_new_password(current_actor(), form.draft(token)))
    if status is DONE:
        flash(_("Passordet er laget, og du er logget ut alle andre steder. Logg inn med det nye."), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/new_password.html", form=form, token=token), status


def _go_on(arrived: bool, onward: str) -> ResponseReturnValue:
    """Go where the person was heading, by the code or the name that is missing first."""
    if not arrived:
        return redirect(url_for("accounts.code", neste=onward), 303)
    live = session.live_session()
    if live is not None and not live.actor.name:
        return redirect(url_for("accounts.choose_name", neste=onward), 303)
    return redirect(onward, 303)


def _failed(failure: oidc.SignInFailed | Invalid, onward: str) -> ResponseReturnValue:
    page = render_template("accounts/sign_in_failed.html", message=failure.message, onward=onward)
    return page, failure.status


def _expired(again: str, button: str) -> ResponseReturnValue:
    return render_template("accounts/expired.html", message=tokens.EXPIRED, again=again, button=button), HTTPStatus.GONE


def _issuer(name: str) -> config.OidcIssuer:
    issuer = config.current().issuer(name)
    if issuer is None:
        raise NotFound
    return issuer


def _absolute(endpoint: str, **values: Any) -> str:
    """Return an address under PORTAL_BASE_URL: providers compare it with what they have on file, letter by letter."""
    return config.current().base_url + url_for(endpoint, **values)
