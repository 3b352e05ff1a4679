"""The refusals that actions and queries may raise; ui/errors.py answers them once for all."""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """Something a person asked for can't be done; the message is for that person."""

    status: ClassVar[int] = 400

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """There is no such thing, or this person may not see it: both look the same."""

    status = 404


class SignedOut(DomainError):
    """The person was signed out before the form arrived; what they wrote is shown again."""

    status = 401


class Forbidden(DomainError):
    """The person may see it but not do this."""

    status = 403


class Conflict(DomainError):
    """Someone or something else came first, or the thing is no longer in a state that allows it."""

    status = 409


class TooMany(DomainError):
    """Too many tries in too short a time."""

    status = 429


class Invalid(DomainError):
    """What was given breaks a rule of the domain; `field` says where to show the message."""

    status = 422

    def __init__(self, field: str, message: object) -> None:
        super().__init__(message)
        self.field = field
