"""`portal user`: make people, give and take roles, and close accounts; how the first administrator comes to be."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal.accounts.actions import administration, sign_up
from portal.accounts.actions.sign_up import AddedDraft
from portal.accounts.models import Account
from portal.accounts.policy import GRANTABLE
from portal.accounts.queries.account import find_by_email
from portal.kernel.errors import DomainError
from portal.kernel.identity import SYSTEM, Role

P = ParamSpec("P")
R = TypeVar("R")

ROLE = click.Choice([role.value for role in GRANTABLE])


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command answer a failure with one line and exit 1; never with a trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            _fail(str(error.message) or "this can't be done.")
        except sa.exc.OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            _fail(f"the database did not answer: {reason}. Check PORTAL_DATABASE_URL.")

    return run


@click.group("user")
def user() -> None:
    """People: make, give and take roles, close."""


@user.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The name others see.")
@click.option("--role", "roles", type=ROLE, multiple=True, help="A role to give; may be repeated.")
@click.option("--mail", is_flag=True, help="Mail a link for making a password, instead of asking for one here.")
@with_appcontext
@plainly
def create(email: str, name: str, roles: tuple[str, ...], mail: bool) -> None:
    """Make an account for EMAIL, with roles if given: `--role admin` makes the first administrator."""
    password = None if mail else _ask_for_password()
    draft = AddedDraft(name=name, email=email, password=password, roles=frozenset(map(Role, roles)))
    sign_up.add_person(SYSTEM, draft)
    click.echo(f"{email} is made." + (" A link for making a password is on its way." if mail else ""))


@user.command("grant")
@click.argument("email")
@click.argument("role", type=ROLE)
@with_appcontext
@plainly
def grant(email: str, role: str) -> None:
    """Give EMAIL a ROLE."""
    administration.grant_role(SYSTEM, _find(email).id, Role(role))
    click.echo(f"{email} is now {role}.")


@user.command("revoke")
@click.argument("email")
@click.argument("role", type=ROLE)
@with_appcontext
@plainly
def revoke(email: str, role: str) -> None:
    """Take a ROLE from EMAIL."""
    administration.revoke_role(SYSTEM, _find(email).id, Role(role))
    click.echo(f"{email} is no longer {role}.")


@user.command("deactivate")
@click.argument("email")
@with_appcontext
@plainly
def deactivate(email: str) -> None:
    """Close the account of EMAIL and end every sign-in."""
    administration.deactivate_account(SYSTEM, _find(email).id)
    click.echo(f"{email} is closed.")


def _find(email: str) -> Account:
    account = find_by_email(email)
    if account is None:
        _fail(f"nobody has the address {email}. Make the account with: portal user create {email} --name …")
    return account


def _ask_for_password() -> str:
    """Ask twice on a terminal; otherwise read a line that is piped in, which no list of processes shows."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _fail(message: str) -> NoReturn:
    click.echo(f"portal: {message}", err=True)
    sys.exit(1)


COMMANDS: tuple[click.Command, ...] = (user,)
