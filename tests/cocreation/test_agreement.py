"""The agreement: written version by version, confirmed by every party, and no text lost when two write at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.cocreation.actions.agreement import (
    AgreementDraft,
    confirm_agreement,
    withdraw_agreement,
    write_agreement,
)
from portal.cocreation.models.process import Agreement, AgreementConfirmation
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.queries.agreement import agreement_page
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, let_through, shown, started
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def words(text: str = "Vi lager middag sammen hver torsdag.", based_on: int = 0, **values: Any) -> AgreementDraft:
    change = "Vi har skrevet hvem som handler." if based_on else ""
    return AgreementDraft(**{"text": text, "based_on": based_on, "change": change, "key": uuid.uuid4().hex, **values})


def written(actor: Actor, project: Project, text: str = "Vi lager middag sammen.", based_on: int = 0) -> Agreement:
    """Return a version that is shown."""
    agreement = write_agreement(actor, project.id, words(text, based_on))
    if agreement.state is not PublicationState.PUBLISHED:
        let_through(agreement)
    return agreement


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of two parties: the resident owns it, the volunteer represents another."""
    made = started(cast.actor("resident"))
    joined(cast.actor("resident"), made, cast.actor("volunteer"))
    return made


def test_a_project_without_an_agreement_invites_the_parties_to_write_one(visitor: Open, project: Project) -> None:
    page = visitor("resident").get("cocreation_process.agreement", project_id=project.id)
    assert "Ingen avtale er skrevet ennå" in page.words
    writing = visitor("resident").get("cocreation_process.agreement_new", project_id=project.id)
    text = writing.form("main form[action$='/avtale/ny']")["text"]
    assert "## Når vi er uenige" in text and "## Om noen går ut" in text and "## Penger og utstyr" in text
    assert "Skriv avtalen" not in visitor().get("cocreation_process.agreement", project_id=project.id).words
