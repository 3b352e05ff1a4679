"""What several tests of co-creation do: take a project through its gates, and do things at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from portal.accounts.models import Account
from portal.cocreation.actions.process import Answer, MoveDraft, answer_gate, pass_gate
from portal.cocreation.models.process import GateAnswer
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.cocreation.phases import GATES, ORDER, Phase
from portal.cocreation.queries.process import newest_move
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import DomainError, Forbidden, NotFound
from portal.kernel.identity import Actor, Role


def allowed(work: Callable[[], Any]) -> bool:
    """Say whether somebody was let do something."""
    try:
        work()
    except (Forbidden, NotFound):
        return False
    return True


@atomic
def people(count: int, *roles: Role) -> list[Actor]:
    """Return some people with accounts."""
    moment = clock.now()
    rows = [Account(email=f"p{n}@demo.example", name=f"P {n}", created_at=moment) for n in range(count)]
    db.session.add_all(rows)
    db.session.flush()
    return [Actor(id=each.id, name=each.name, roles=frozenset({Role.MEMBER, *roles})) for each in rows]


def together(app: Flask, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment, each in a thread; return what came of it, refusals too."""
    start, got = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                got.append(work())
            except DomainError as refusal:
                got.append(refusal)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def now(project: Project) -> Project:
    """Return a project as it stands in the database."""
    return db.session.get_one(Project, project.id, populate_existing=True)


def yes(note: str = "", version: int = 0) -> Answer:
    return Answer(is_yes=True, note=note, version=version)


def deciding(seen: int = 0) -> MoveDraft:
    """Return a decision to move, made today, by somebody who saw the newest move with this number."""
    return MoveDraft(reason="Vi er enige.", decided_on=clock.today(), seen=seen)


def answered(actor: Actor, project: Project, note: str = "") -> None:
    """Answer yes to all that is asked at the gate a project is at."""
    phase = now(project).phase
    for question in GATES[phase]:
        stands = db.session.get(GateAnswer, (project.id, phase, question.key), populate_existing=True)
        answer_gate(actor, project.id, phase, {question.key: yes(note, stands.version if stands else 0)})


def at_phase(owner: Actor, project: Project, phase: Phase) -> Project:
    """Take a project through the gates to a phase, as far as «avslutte»."""
    while ORDER.index(now(project).phase) < ORDER.index(phase):
        answered(owner, project, note="Sett på sammen.")
        pass_gate(owner, project.id, deciding(newest_move(project.id)))
    return now(project)


@atomic
def make_owner(project: Project, actor: Actor) -> None:
    """Let a member own the project too."""
    db.session.get_one(Member, (project.id, actor.id)).role = MemberRole.OWNER
