"""What the tests of the accounts share: cheap password hashes, and people who sign in as people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher

from portal.accounts import passwords
from portal.accounts.models import Account, Grant
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import Role
from tests.support.page import Visitor

PASSWORD = "trekkspill og regnvær"


@pytest.fixture(autouse=True, scope="session")
def cheap_hashes() -> Iterator[None]:
    """Hash with few resources: what is tested is when and what we hash, not how hard argon2 works."""
    before, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._dummy.cache_clear()
    yield
    passwords._hasher = before
    passwords._dummy.cache_clear()


@pytest.fixture
def person(app: object) -> Callable[..., Account]:
    """Make somebody with a confirmed address and PASSWORD."""

    @atomic
    def make(email: str = "nina@example.org", *roles: Role, name: str = "Nina Nordmann") -> Account:
        account = Account(
            email=email,
            email_confirmed_at=clock.now(),
            name=name,
            language="nb",
            password_hash=passwords.hash_password(PASSWORD),
            created_at=clock.now(),
            grants=[Grant(role=role, granted_at=clock.now()) for role in roles],
        )
        db.session.add(account)
        db.session.flush()
        return account

    return make


@pytest.fixture
def signed_in(visitor: Callable[..., Visitor]) -> Callable[[str], Visitor]:
    """Sign somebody in by the form, with PASSWORD, in a new browser."""

    def sign_in(email: str = "nina@example.org") -> Visitor:
        browser = visitor()
        browser.post("accounts.sign_in", {"email": email, "password": PASSWORD})
        return browser

    return sign_in


@pytest.fixture
def change(app: object) -> Callable[..., None]:
    """Change columns of an account behind its owner's back."""

    @atomic
    def write(account: Account, **values: object) -> None:
        row = db.session.get_one(Account, account.id)
        for name, value in values.items():
            setattr(row, name, value)

    return write
