"""`portal user`: the first administrator comes to be, and what goes wrong is one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.accounts.models import Account, Grant, SignInSession
from portal.accounts.queries.account import find_by_email
from portal.kernel.db import db
from portal.kernel.identity import Role
from tests.accounts.test_sign_up import link_in
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

PASSWORD = "trekkspill og regnvær"

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def run_(*arguments: str, piped: str = "") -> Result:
        return app.test_cli_runner().invoke(args=["user", *arguments], input=piped)

    return run_


def roles(email: str) -> set[Role]:
    account = find_by_email(email)
    assert account is not None
    return set(db.session.scalars(sa.select(Grant.role).where(Grant.account_id == account.id)))


def test_the_first_administrator_is_made_and_signs_in(run: Run, visitor: Callable[..., Visitor]) -> None:
    result = run("create", "sjef@example.org", "--name", "Siri Sjef", "--role", "admin", piped=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert roles("sjef@example.org") == {Role.ADMIN}
    browser = visitor()
    browser.post("accounts.sign_in", {"email": "sjef@example.org", "password": PASSWORD})
    browser.get("administration.people")


def test_with_mail_the_person_makes_the_password(
    run: Run, visitor: Callable[..., Visitor], smtp: Mailbox, run_worker: Any
) -> None:
    assert run("create", "sjef@example.org", "--name", "Siri Sjef", "--mail").exit_code == 0
    run_worker()
    browser = visitor()
    browser.post_url(link_in(smtp, "sjef@example.org"), {"new_password": PASSWORD})
    browser.post("accounts.sign_in", {"email": "sjef@example.org", "password": PASSWORD})
    account = find_by_email("sjef@example.org")
    assert account is not None
    assert account.email_confirmed_at is not None


def test_roles_are_given_and_taken(run: Run, person: Callable[..., Account]) -> None:
    person()
    assert run("grant", "nina@example.org", "moderator").exit_code == 0
    assert roles("nina@example.org") == {Role.MODERATOR}
    assert run("revoke", "nina@example.org", "moderator").exit_code == 0
    assert roles("nina@example.org") == set()


def test_closing_an_account_ends_its_sign_ins(
    run: Run, person: Callable[..., Account], signed_in: Callable[..., Visitor]
) -> None:
    account = person()
    browser = signed_in()
    assert run("deactivate", "nina@example.org").exit_code == 0
    browser.get("profile.index", _status=303)
    assert db.session.scalars(sa.select(SignInSession).where(SignInSession.account_id == account.id)).one().ended_at


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grant", "ingen@example.org", "admin"), "nobody has the address"),
        (("create", "resident@demo.example", "--name", "X"), "fra før"),
        (("create", "ny@example.org", "--name", "X"), "minst 12 tegn"),
        (("create", "ikke-en-adresse", "--name", "X", "--mail"), "e-postadresse"),
        (("deactivate", "admin@demo.example"), "minst én administrator"),
        (("revoke", "admin@demo.example", "admin"), "minst én administrator"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_1(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments, piped="kort\n")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stderr.startswith("portal: ")
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments", [("grant", "a@example.org", "keiser"), ("create", "a@example.org"), ("finnes-ikke",)]
)
def test_wrong_use_is_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_the_password_is_never_an_argument(run: Run) -> None:
    assert "--password" not in run("create", "--help").output
