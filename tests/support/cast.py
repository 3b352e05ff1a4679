"""The cast: the demo accounts, the same people in every test."""

from __future__ import annotations

from types import SimpleNamespace

import sqlalchemy as sa

from portal.accounts.actions.sign_in import SessionDraft, open_session
from portal.accounts.models import Account
from portal.demo import load
from portal.kernel.audit import AuditEntry, AuditPersonal
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS, Actor, SignInMethod
from tests.support.page import Visitor


class Cast(SimpleNamespace):
    """The accounts by name: `cast.resident` is an account, `cast.actor("resident")` acts.

    `cast.volunteer_organisation` and so on are the verified organisations they speak for.
    """

    def actor(self, name: str) -> Actor:
        """Return the person as actions know them."""
        found: Actor = self.actors[name]
        return found

    def sign_in(self, visitor: Visitor, name: str, method: SignInMethod = SignInMethod.PASSWORD) -> None:
        """Sign somebody in in a browser: a real session, only the form is skipped."""
        draft = SessionDraft(account_id=getattr(self, name).id, method=method, device="test", strong=True)
        visitor.keep({"_user_id": open_session(ANONYMOUS, draft), "_fresh": True})


def make_cast() -> Cast:
    """Make the demo accounts in the database."""
    actors = load.make_cast()
    organisations = load.make_organisations(actors)
    for trail in (AuditPersonal, AuditEntry):  # the tests begin with an empty trail
        db.session.execute(sa.delete(trail))
    db.session.commit()
    accounts = {name: db.session.get_one(Account, actor.id) for name, actor in actors.items()}
    spoken_for = {f"{name}_organisation": organisation for name, organisation in organisations.items()}
    return Cast(actors=actors, **accounts, **spoken_for)
