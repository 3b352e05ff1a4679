"""The cast: the demo accounts, the same people in every test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from portal.accounts.models import Account, Grant, Organisation, Spokesperson
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor, Role, SignInMethod, StakeholderGroup
from tests.support.page import Visitor

PEOPLE: dict[str, tuple[str, tuple[Role, ...]]] = {
    "resident": ("Randi Innbygger", ()),
    "resident2": ("Reidar Innbygger", ()),
    "volunteer": ("Vilde Frivillig", ()),
    "business": ("Bjørn Bedrift", ()),
    "knowledge": ("Kari Kunnskap", ()),
    "employee": ("Else Ansatt", (Role.EMPLOYEE,)),
    "employee2": ("Emil Ansatt", (Role.EMPLOYEE,)),
    "adviser": ("Ingrid Idé", (Role.IDEA_MANAGER,)),
    "moderator": ("Morten Moderator", (Role.MODERATOR,)),
    "moderator2": ("Mona Moderator", (Role.MODERATOR,)),
    "coordinator": ("Kristin Koordinator", (Role.COORDINATOR,)),
    "verifier": ("Vegard Verifikatør", (Role.VERIFIER,)),
    "verifier2": ("Vera Verifikatør", (Role.VERIFIER,)),
    "partner": ("Petter Partner", (Role.PARTNER,)),
    "admin": ("Anne Admin", (Role.ADMIN,)),
}
ORGANISATIONS = {
    "volunteer": ("Asker turlag (demo)", "974760673", StakeholderGroup.VOLUNTARY_SECTOR),
    "business": ("Fjordbakeriet AS (demo)", "923609016", StakeholderGroup.BUSINESS),
    "knowledge": ("Kunnskapshuset (demo)", "971035854", StakeholderGroup.KNOWLEDGE),
}


class Cast(SimpleNamespace):
    """The accounts by name: `cast.resident` is an account, `cast.actor("resident")` acts."""

    def actor(self, name: str) -> Actor:
        """Return the person as actions know them."""
        found: Actor = self.actors[name]
        return found

    def sign_in(self, visitor: Visitor, name: str) -> None:
        """Sign somebody in in a browser."""
        visitor.client.environ_base["portal.test_actor"] = self.actor(name)


@atomic
def make_cast() -> Cast:
    """Make the demo accounts in the database."""
    made: dict[str, Any] = {"actors": {}}
    now = clock.now()
    for key, (name, roles) in PEOPLE.items():
        account = Account(
            email=f"{key}@demo.example",
            email_confirmed_at=now,
            name=name,
            created_at=now,
            password_hash="x",
        )
        account.grants = [Grant(role=role, source="manual", granted_at=now) for role in (Role.MEMBER, *roles)]
        if key == "partner":
            account.municipality_number = "3201"
        db.session.add(account)
        db.session.flush()
        made[key] = account
        made["actors"][key] = Actor(
            id=account.id,
            name=name,
            roles=frozenset({Role.MEMBER, *roles}),
            sign_in=SignInMethod.PASSWORD,
            municipality_number=account.municipality_number,
        )
        if key in ORGANISATIONS:
            title, number, group = ORGANISATIONS[key]
            organisation = Organisation(number=number, name=title, group=group, created_at=now, verified_at=now)
            db.session.add(organisation)
            db.session.flush()
            db.session.add(
                Spokesperson(
                    organisation_id=organisation.id,
                    account_id=account.id,
                    created_at=now,
                    verified_at=now,
                )
            )
            made[f"{key}_organisation"] = organisation
    return Cast(**made)
