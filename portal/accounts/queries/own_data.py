"""Reading everything that every package keeps about a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.accounts import policy
from portal.accounts.own_data import Everything
from portal.kernel.extensions import personal_data
from portal.kernel.identity import Actor
from portal.kernel.personal import Held


def everything_about(actor: Actor) -> Everything:
    """Return what is kept about the actor, by package."""
    account_id = policy.own_only(actor)
    return {package.name: package.export(account_id) for package in sorted(personal_data(), key=lambda each: each.name)}


def files_of(actor: Actor) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Return the files the actor has sent in, by their place in the archive."""
    account_id = policy.own_only(actor)
    for package in personal_data():
        if package.files:
            yield from package.files(account_id)


def held_of(account_id: int) -> Sequence[Held]:
    """Return what of a person must not be erased yet."""
    return [each for package in personal_data() if package.held for each in package.held(account_id)]


@dataclass(frozen=True, kw_only=True)
class ErasePage:
    """What somebody is told before the account is erased."""

    stays: Sequence[str]
    held: Sequence[Held]
    open_rounds: Sequence[str]
    """Where their answers go or stay, as they choose."""


def before_erasing(actor: Actor) -> ErasePage:
    """Return what an erasure of the actor would leave, and what it asks."""
    account_id = policy.own_only(actor)
    packages = personal_data()
    return ErasePage(
        stays=[each for package in packages if package.stays for each in package.stays(account_id)],
        held=held_of(account_id),
        open_rounds=[each for package in packages if package.open_answers for each in package.open_answers(account_id)],
    )
