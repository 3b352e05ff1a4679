"""Who somebody is to the portal: the actor, the roles and the stakeholder groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.kernel import clock


class Role(StrEnum):
    """What a person may be trusted with. A person can hold several."""

    MEMBER = "member"
    EMPLOYEE = "employee"
    IDEA_MANAGER = "idea_manager"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    VERIFIER = "verifier"
    PARTNER = "partner"
    ADMIN = "admin"


STAFF = frozenset({Role.EMPLOYEE, Role.IDEA_MANAGER, Role.MODERATOR, Role.COORDINATOR, Role.ADMIN})


class StakeholderGroup(StrEnum):
    """The four groups that judge the municipality in an innbyggerobservatorium (ISO 18091:2019)."""

    RESIDENT = "resident"
    VOLUNTARY_SECTOR = "voluntary_sector"
    BUSINESS = "business"
    KNOWLEDGE = "knowledge"


class SignInMethod(StrEnum):
    """How a person proved who they are."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    OIDC = "oidc"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person, or the system itself, that does something."""

    id: int | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    sign_in: SignInMethod | None = None
    language: str | None = None
    limited_until: datetime | None = None
    """Set while an account may only read, by a decision of a moderator."""
    session_id: int | None = None
    service_areas: frozenset[int] = frozenset()
    municipality_number: str | None = None
    """The partner municipality that a partner's staff belong to."""
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.id is not None

    @property
    def is_limited(self) -> bool:
        """Say whether a moderator has limited the account for now: it may only read."""
        return self.limited_until is not None and self.limited_until > clock.now()

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    def has(self, *roles: Role) -> bool:
        """Say whether the actor holds at least one of the roles."""
        return bool(self.roles.intersection(roles))


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", is_system=True)
"""The worker and the command line."""
