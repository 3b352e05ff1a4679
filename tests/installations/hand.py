"""A hand inside one installation: does what its people do there, in a process of its own, and says how it stands.

`python -m tests.installations.hand` reads a line of JSON for each thing to do, and answers with one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from portal import config
from portal.app import create_app
from portal.demo.load import make_cast
from portal.kernel import audit, clock, outbox
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content as kinds
from portal.kernel.identity import SYSTEM, Actor
from portal.partners import delivery, fetching, keys, syncing
from portal.partners.actions.keys import ensure_key, rotate_key
from portal.partners.actions.partners import add_partner, resume_partner, suspend_partner
from portal.partners.actions.trust import confirm_key
from portal.partners.models.imports import SetAside
from portal.partners.models.partners import Partner, PartnerKey, SyncEntry, Trust
from portal.partners.queries.telling import telling
from portal.partners.signing import Asked, sign_request
from portal.solutions.actions.adopting import AdoptionDraft, begin_adoption, change_adoption, withdraw_adoption
from portal.solutions.actions.sharing import edit_solution, note_solution, share_solution, withdraw_solution
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.support.moderating import decided
from tests.support.solutions import draft

DO: dict[str, Callable[..., Any]] = {}
people: dict[str, Actor] = {}


def does(action: Callable[..., Any]) -> Callable[..., Any]:
    """Let the test ask for this by its name."""
    DO[action.__name__] = action
    return action


@does
def begin() -> str:
    """Make the accounts and the first key; return the key's fingerprint."""
    people.update(make_cast())
    return keys.fingerprint(ensure_key(SYSTEM).public_key)


@does
def let_in(url: str, fingerprint: str) -> None:
    """Let another portal in, its fingerprint compared."""
    portal = fetching.portal(url).item
    assert fingerprint in {keys.fingerprint(key.public_key) for key in portal.keys}
    add_partner(people["admin"], portal)


@does
def share(title: str) -> int:
    """Share a solution that everybody may read."""
    solution = share_solution(people["employee"], draft(title))
    show_through(Ref(SOLUTION, solution.id))
    return solution.id


@does
def share_many(count: int) -> None:
    for number in range(count):
        share(f"Løsning {number}")


@does
def edit(solution_id: int, title: str) -> None:
    """Change what a solution of one's own says, and let it through."""
    solution = db.session.get_one(Solution, solution_id)
    edit_solution(people["employee"], solution_id, draft(title), version=solution.version)
    show_through(Ref(SOLUTION, solution_id))


@does
def withdraw(solution_id: int) -> None:
    withdraw_solution(people["employee"], solution_id)


@does
def approve() -> int:
    """Let every solution and adoption through that waits; return how many."""
    waiting = PublicationState.PENDING
    refs = [Ref(SOLUTION, id_) for id_ in db.session.scalars(sa.select(Solution.id).where(Solution.state == waiting))]
    told = sa.select(Adoption.id).where(Adoption.state == waiting)
    refs += [Ref(ADOPTION, id_) for id_ in db.session.scalars(told)]
    for ref in refs:
        show_through(ref)
    return len(refs)


@does
def note(uri: str, text: str) -> None:
    note_solution(people["adviser"], _imported(uri).id, text)


@does
def adopt(uri: str, step: str = "in_use") -> None:
    """Let the home municipality take another's solution in use, or come a step further."""
    solution = _imported(uri)
    home = Adopter(AdopterKind.MUNICIPALITY, _home())
    given: dict[str, Any] = {"step": Step(step), "way": Way.ADAPTED}
    given |= {"in_use_since": clock.today()} if step == "in_use" else {}
    given |= {"learning": "Det ble for dyrt."} if step == "stopped" else {}
    told = AdoptionDraft(**given)
    found = _own_adoption(solution)
    if found is None:
        begin_adoption(people["adviser"], solution.id, home, told)
    else:
        change_adoption(people["adviser"], found.id, told, version=found.version)


@does
def take_back(uri: str) -> None:
    adoption = _own_adoption(_imported(uri))
    assert adoption is not None
    withdraw_adoption(people["adviser"], adoption.id)


@does
def solutions() -> dict[str, dict[str, Any]]:
    """Return what is known of each solution, by where it lives; those at home by their number."""
    return {
        each.source_uri or str(each.id): {
            "title": each.title,
            "state": each.state.value,
            "edition": each.edition,
            "in_use": each.in_use,
            "note": each.local_note,
            "licence": each.licence.value,
            "municipality": each.municipality_number,
        }
        for each in db.session.scalars(sa.select(Solution))
    }


@does
def adoptions(solution_id: int) -> dict[str, str]:
    """Return who has told of taking a solution in use, and their step."""
    told = sa.select(Adoption).where(Adoption.solution_id == solution_id, Adoption.state != PublicationState.WITHDRAWN)
    return {each.adopter: each.step.value for each in db.session.scalars(told)}


@does
def count(state: str = "") -> int:
    of = sa.select(sa.func.count()).select_from(Solution).where(Solution.source_uri.is_not(None))
    return db.session.scalar(of.where(Solution.state == state) if state else of) or 0


@does
def sync() -> dict[str, dict[str, Any]]:
    """Ask every partner; return what came, and what went wrong, by their addresses."""
    partners = db.session.execute(sa.select(Partner.id, Partner.base_url)).all()
    outcomes = {url: syncing.sync(id_) for id_, url in partners}
    return {url: {"came": dict(outcome.came), "error": outcome.error} for url, outcome in outcomes.items()}


@does
def deliver(*, at_once: bool = False) -> int:
    """Do what is due in the outbox; return how many adoptions are still to be told.

    `at_once`: without the pauses, and without waiting for a worker that was killed with one in its hands.
    """
    row = outbox.OutboxRow
    waiting = row.topic == delivery.TOPIC, row.done_at.is_(None)
    if at_once:
        db.session.execute(sa.update(row).where(*waiting).values(due_at=clock.now(), leased_until=None))
        db.session.commit()
    while outbox.deliver_due():
        pass
    return db.session.scalar(sa.select(sa.func.count()).select_from(row).where(*waiting)) or 0


@does
def rotate(*, stolen: bool = False) -> str:
    """Sign with a new key from now on; return its fingerprint."""
    return keys.fingerprint(rotate_key(people["admin"], overlap=timedelta(0), stolen=stolen).public_key)


@does
def confirm_keys() -> int:
    """Believe the keys that wait, as an administrator does who has compared their fingerprints."""
    rows = db.session.execute(sa.select(PartnerKey.partner_id, PartnerKey.id).where(_waiting())).all()
    for partner_id, key_id in rows:
        confirm_key(people["admin"], partner_id, key_id)
    return len(rows)


@does
def suspend(url: str) -> None:
    suspend_partner(people["admin"], _partner(url), "Den lyver.")


@does
def resume(url: str) -> None:
    resume_partner(people["admin"], _partner(url))


@does
def log(url: str) -> list[list[str]]:
    """Return the log of a partner, the oldest line first."""
    lines = sa.select(SyncEntry.what, SyncEntry.reason).where(SyncEntry.partner_id == _partner(url))
    return [[what.value, reason] for what, reason in db.session.execute(lines.order_by(SyncEntry.id))]


@does
def set_aside() -> dict[str, str]:
    return {each.uri: each.reason for each in db.session.scalars(sa.select(SetAside))}


@does
def audit_holds() -> bool:
    """Seal the audit trail and walk through it."""
    audit.seal()
    return audit.verify().ok


@does
def message(uri: str) -> dict[str, Any]:
    """Return a message about an adoption, signed with our key, as it would be sent."""
    adoption = _own_adoption(_imported(uri))
    assert adoption is not None
    told = telling(adoption.id)
    assert told is not None
    body = msgspec.json.encode(told.item)
    headers = {"content-type": "application/json"}
    asked = Asked("POST", told.partner.base_url + delivery.ADOPTIONS)
    signed = sign_request(keys.read(ensure_key(SYSTEM).name), asked, headers, body)
    return {"url": asked.url, "headers": headers | signed, "body": body.decode()}


def show_through(ref: Ref) -> None:
    """Let a text through as a moderator does: the others hear of it."""
    written = kinds().written([ref])[ref]
    if written.state is not PublicationState.PUBLISHED:
        decided(people["moderator"], ref)


def _imported(uri: str) -> Solution:
    return db.session.scalars(sa.select(Solution).where(Solution.source_uri == uri)).one()


def _own_adoption(solution: Solution) -> Adoption | None:
    of = Adoption.solution_id == solution.id, Adoption.source_uri.is_(None)
    return db.session.scalar(sa.select(Adoption).where(*of, Adoption.state != PublicationState.WITHDRAWN))


def _partner(url: str) -> int:
    return db.session.scalars(sa.select(Partner.id).where(Partner.base_url == url)).one()


def _waiting() -> sa.ColumnElement[bool]:
    return PartnerKey.trust == Trust.WAITING


def _home() -> str:
    return config.current().municipality_number


def main() -> None:
    """Do what is asked for, line by line, until there is no more."""
    app = create_app()
    answers = sys.stdout
    for line in sys.stdin:
        asked = json.loads(line)
        with app.app_context(), redirect_stdout(sys.stderr):
            try:
                answer = {"answer": DO[asked["do"]](**asked["with"])}
            except Exception as error:  # noqa: BLE001 - the test is told of whatever goes wrong
                answer = {"error": f"{type(error).__name__}: {error}"}
            finally:
                db.session.remove()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
