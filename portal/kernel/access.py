"""Who is asking, and the marks that every view wears on its door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g, has_request_context, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from portal.kernel.errors import Forbidden, SignedOut
from portal.kernel.i18n import _l
from portal.kernel.identity import ANONYMOUS, Actor, Role

P = ParamSpec("P")
R = TypeVar("R")

ActorLoader = Callable[[], Actor]


def current_actor() -> Actor:
    """Return the person behind this request; outside a request, nobody."""
    if not has_request_context():
        return ANONYMOUS
    if "actor" not in g:
        loader: ActorLoader | None = current_app.extensions.get("portal_actor_loader")
        g.actor = loader() if loader else ANONYMOUS
    actor: Actor = g.actor
    return actor


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that anyone may open."""
    view.__door__ = "public"  # type: ignore[attr-defined]  # read by the test that every view is marked
    return view


def fresh(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a public view that is worked out each time and never kept, so that no database is asked before it."""
    view.__fresh__ = True  # type: ignore[attr-defined]  # read by headers
    return view


def requires(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Mark a view that needs a signed-in person, holding one of the roles when any are named."""

    def mark(view: Callable[P, R]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            actor = current_actor()
            if not actor.is_signed_in:
                if written():
                    raise SignedOut(_l("Du var ikke lenger logget inn, så vi fikk ikke tatt imot det du skrev."))
                return redirect(url_for(current_app.config["PORTAL_SIGN_IN_ENDPOINT"], neste=_here()), 303)
            if roles and not actor.has(*roles):
                raise Forbidden(_l("Du har ikke tilgang til denne siden."))
            return view(*args, **kwargs)

        guarded.__door__ = roles  # type: ignore[attr-defined]  # read by the test that every view is marked
        return guarded

    return mark


def written() -> list[str]:
    """Return the texts a person wrote in the form that was sent, so that a page that refuses it can show them again.

    A text is a value with a space in it; what is secret, by its name, is left out.
    """
    try:
        form = request.form
    except RequestEntityTooLarge:  # it is why there is an error to answer
        return []
    return [
        value
        for name, value in form.items(multi=True)
        if " " in value.strip() and not any(secret in name for secret in ("password", "token", "code"))
    ]


def _here() -> str:
    """Return where to come back to after signing in; a form that was sent comes back to its page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path
