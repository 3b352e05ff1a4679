"""Who is signed in: the cookie holds a random token, the database the row it stands for; Flask-Login carries it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, after_this_request, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal import config
from portal.accounts import devices, hashing, oidc, passwords, policy
from portal.accounts.actions import issuers, sign_up
from portal.accounts.actions import second_factor as second_factor_actions
from portal.accounts.actions import sign_in as actions
from portal.accounts.actions.issuers import PersonDraft
from portal.accounts.actions.sign_in import SessionDraft, TryDraft
from portal.accounts.models import Account
from portal.accounts.queries import account as queries
from portal.accounts.queries.account import LiveSession
from portal.kernel import clock
from portal.kernel.access import current_actor
from portal.kernel.errors import Invalid
from portal.kernel.extensions import login_manager
from portal.kernel.headers import STATIC
from portal.kernel.i18n import _, _l, language
from portal.kernel.identity import ANONYMOUS, Actor, SignInMethod

NOTE_EVERY = timedelta(minutes=1)
"""How often the use of a sign-in is written down."""
CODE_WAITS = timedelta(minutes=10)
"""How long one may take from the password to the code."""
MOST_FLOWS = 5
"""How many windows may be on their way to a provider at once."""
LONGEST_GOAL = 200
"""Characters of an address to come back to: all flows must fit in a cookie of 4 kB."""
KNOWN_DEVICE_DAYS = 180
TOKEN = "_user_id"  # noqa: S105 - Flask-Login's name for what it keeps
KNOWN_DEVICE_SALT = "known-device"
WRONG = _l("E-postadressen og passordet passer ikke sammen. Se over begge og prøv igjen.")
BEFORE_NAME = {"accounts.choose_name", "accounts.extend", "profile.erase"}


class SessionUser(UserMixin):
    """What Flask-Login carries: the token is its id, so that the cookie says nothing of who it is."""

    def __init__(self, token: str, live: LiveSession | None = None) -> None:
        self.id = token
        self.live = live


def init(app: Flask) -> None:
    """Let the application know who is asking."""
    app.extensions["portal_actor_loader"] = load_actor
    login_manager.session_protection = None  # the row is what counts, not the address or the browser's name
    login_manager.user_loader(_load_user)
    app.before_request(_lead_on)
    app.context_processor(_warning)


def load_actor() -> Actor:
    """Return the person behind the cookie of this request."""
    live = live_session()
    if live is None:
        return ANONYMOUS
    g.account_language = live.actor.language
    return live.actor


def live_session() -> LiveSession | None:
    """Return the sign-in behind the cookie of this request."""
    if not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return None
    user = current_user._get_current_object()  # noqa: SLF001 - the proxy has no other way to say what it stands for
    return user.live if isinstance(user, SessionUser) else None


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return an address to go on to when it is a path of this portal.

    Browsers read a backslash as a slash and skip control characters, so neither may stand in it.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    if "\\" in wanted or any(ord(character) < 32 or ord(character) == 127 for character in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted


# -- signing in --------------------------------------------------------------------------------------------------------


def sign_in_with_password(email: str, password: str) -> bool:
    """Sign in, or ask for the code first; return whether the person is in already.

    Raises TooMany when one must wait, and Invalid when the two don't fit; an unknown address costs the same work.
    """
    account, try_id = _prove(email, password)
    if passwords.needs_rehash(account.password_hash or ""):
        actions.improve_hash(ANONYMOUS, account.id, password)
    return _begin_with_password(account.id, try_id)


def confirm_and_sign_in(token: str, password: str) -> bool:
    """Confirm an address by its link and sign in; return whether the person is in already.

    The password is asked for because whoever signed up first may not be who owns the address: the owner then doesn't
    know the password, makes a new one by mail, and the stranger's no longer works.
    """
    account, try_id = _prove(queries.email_to_confirm(token), password)
    sign_up.confirm_email(ANONYMOUS, token)
    return _begin_with_password(account.id, try_id)


def begin(draft: SessionDraft) -> bool:
    """Open a sign-in, or ask for the code first when the account has a second factor; return whether it was opened."""
    account = queries.find_account(draft.account_id)
    policy.check_may_sign_in(account)
    if account.totp_confirmed_at is not None and not draft.strong:
        session["code"] = {**asdict(draft), "at": clock.now().timestamp()}
        return False
    _open(account, draft)
    return True


def awaiting_code() -> SessionDraft | None:
    """Return the sign-in that waits for a code in this browser."""
    kept = dict(session.get("code") or {})
    if not kept or clock.now().timestamp() - kept.pop("at") > CODE_WAITS.total_seconds():
        session.pop("code", None)
        return None
    return SessionDraft(**{**kept, "method": SignInMethod(kept["method"])})


def is_code_due() -> bool:
    """Say whether a code is what stands between this browser and being signed in, or having one's roles."""
    live = live_session()
    return awaiting_code() is not None or bool(live and live.second_factor_due)


def pass_code(code: str) -> None:
    """Take the code, and open the sign-in that waited for it, or let the roles of the one that is open count."""
    draft = awaiting_code()
    actor = current_actor()
    account = queries.find_account(draft.account_id if draft else policy.own_only(actor))
    try_id = actions.begin_try(actor, _try(account.email or str(account.id), code_of=account.id))
    second_factor_actions.use_code(actor, account.id, code)
    actions.succeed_try(actor, try_id)
    if draft:
        _open(account, replace(draft, strong=True))
    else:
        second_factor_actions.strengthen_session(actor)


def check_password(actor: Actor, password: str) -> None:
    """Let a signed-in person prove who it is once more. Raises Invalid or TooMany."""
    account = queries.find_account(policy.own_only(actor))
    _account, try_id = _prove(account.email or "", password)
    actions.succeed_try(actor, try_id)


def sign_out() -> LiveSession | None:
    """End the sign-in of this browser and return what it was."""
    live = live_session()
    if live is not None:
        actions.sign_out(live.actor)
    forget()
    return live


def _prove(email: str, password: str) -> tuple[Account, int]:
    try_id = actions.begin_try(current_actor(), _try(email))
    account = queries.find_by_email(email)
    right = passwords.verify(account.password_hash if account else None, password)
    if account is None or not right:
        raise Invalid("password", WRONG)
    return account, try_id


def _begin_with_password(account_id: int, try_id: int) -> bool:
    draft = SessionDraft(
        account_id=account_id, method=SignInMethod.PASSWORD, device=_device(), strong=False, try_id=try_id
    )
    return begin(draft)


def _open(account: Account, draft: SessionDraft) -> None:
    underway = session.get("oidc")  # other windows may still be on their way back from a provider
    sign_out()
    token = actions.open_session(ANONYMOUS, draft)
    session.permanent = draft.method is SignInMethod.PASSWORD
    if underway:
        session["oidc"] = underway
    login_user(SessionUser(token, queries.live_session(token)))
    _remember_device(account)


def forget() -> None:
    """Empty the cookie, so that nothing from before is there after: neither the form token nor a half-made sign-in."""
    session.clear()
    for name in ("actor", "csrf_token", "_login_user"):
        g.pop(name, None)


# -- coming from an OpenID provider ------------------------------------------------------------------------------------


def begin_flow(issuer: config.OidcIssuer, redirect_uri: str, next_path: str) -> str:
    """Return the address at the provider, and remember in this browser what must fit when it comes back."""
    goal = next_path if len(next_path) <= LONGEST_GOAL else "/"
    address, flow = oidc.begin(issuer, redirect_uri, ui_locales=language(), next_path=goal)
    flows = dict(session.get("oidc") or {})
    flows[flow.state] = asdict(flow)
    session["oidc"] = dict(list(flows.items())[-MOST_FLOWS:])
    return address


def take_flow(state: str) -> oidc.FlowState | None:
    """Return what was remembered for a way to the provider; it can be taken once."""
    flows = dict(session.get("oidc") or {})
    kept = flows.pop(state, None)
    session["oidc"] = flows
    return oidc.FlowState(**kept) if kept else None


def sign_in_with_issuer(issuer: config.OidcIssuer, person: oidc.Identity) -> bool:
    """Sign in somebody whom a provider vouches for; return whether the person is in, without a code being asked."""
    account_id = issuers.accept_person(
        ANONYMOUS,
        PersonDraft(
            issuer=issuer,
            subject=person.subject,
            name=person.name or "",
            language=language(),
            groups=frozenset(person.groups),
        ),
    )
    return begin(
        SessionDraft(
            account_id=account_id,
            method=SignInMethod.OIDC,
            device=_device(),
            strong=bool(issuer.acr),
            issuer=issuer.name,
            issuer_session=hashing.issuer_session(issuer.issuer, person.sid) if person.sid else None,
        )
    )


# -- each request ------------------------------------------------------------------------------------------------------


def _load_user(token: str) -> SessionUser | None:
    live = queries.live_session(token)
    if live is None:
        forget()
        flash(_("Du er ikke lenger logget inn. Logg inn på nytt for å fortsette."), "info")
        return None
    moment = clock.now()
    if moment - live.last_seen_at >= NOTE_EVERY:
        actions.note_activity(live.actor)
        live = replace(live, last_seen_at=moment)
    return SessionUser(token, live)


def _lead_on() -> ResponseReturnValue | None:
    """Lead a person who has something to do first to where it is done: give a name, or set up the second factor."""
    if request.endpoint in STATIC or TOKEN not in session:
        return None
    actor, live = current_actor(), live_session()
    door = getattr(current_app.view_functions.get(request.endpoint or ""), "__door__", "public")
    if live is None or door == "public":
        return None
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    if not actor.name and request.endpoint not in BEFORE_NAME:
        return redirect(url_for("accounts.choose_name", neste=here), 303)
    if live.second_factor_due and door:
        return redirect(url_for("profile.second_factor_start", neste=here), 303)
    return None


def _warning() -> dict[str, Any]:
    """Tell the layout when a sign-in by a provider ends unless it is used, so that the person can be asked in time."""
    live = live_session()
    if live is None or live.actor.sign_in is not SignInMethod.OIDC or live.latest_end < live.idle_end:
        return {"session_expires_in": None, "session_extend_url": None}
    left = int((live.idle_end - clock.now()).total_seconds())
    return {"session_expires_in": left, "session_extend_url": url_for("accounts.extend")}


# -- what the browser says ---------------------------------------------------------------------------------------------


def _device() -> str:
    return devices.describe(request.user_agent.string)


def _try(identifier: str, *, code_of: int | None = None) -> TryDraft:
    """Describe a try by hashes; a code is counted apart from passwords."""
    known = _known_device(_identifier(identifier))
    return TryDraft(
        identifier=_identifier(identifier) if code_of is None else hashing.keyed("code", str(code_of)),
        network=hashing.network(request.remote_addr),
        device=known,
        is_code=code_of is not None,
    )


def _identifier(email: str) -> str:
    return hashing.keyed("identifier", queries.normalised_email(email))


def _known_device(identifier: str) -> str | None:
    """Return the hash of this browser when it has signed in with this identifier before."""
    try:
        kept = _serializer().loads(
            request.cookies.get(_cookie_name(), ""), max_age=int(timedelta(days=KNOWN_DEVICE_DAYS).total_seconds())
        )
        return hashing.keyed("device", kept["nonce"]) if kept["identifier"] == identifier else None
    except (BadSignature, KeyError, TypeError):
        return None


def _remember_device(account: Account) -> None:
    """Give the browser a cookie of its own, so that nobody else's wrong tries slow it."""
    value = _serializer().dumps(
        {"identifier": _identifier(account.email or str(account.id)), "nonce": hashing.new_token()}
    )

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            str(value),
            max_age=timedelta(days=KNOWN_DEVICE_DAYS),
            httponly=True,
            samesite="Lax",
            secure=config.current().https,
        )
        return response


def _cookie_name() -> str:
    return "__Host-kjent" if config.current().https else "kjent"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config.current().secret_key, salt=KNOWN_DEVICE_SALT)
