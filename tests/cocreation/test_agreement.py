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
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor
from tests.cocreation.doing import allowed, people, together
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, let_through, started
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
    for heading in ("## Når vi er uenige", "## Om noen går ut", "## Penger og utstyr"):
        assert heading in text
    assert "Skriv avtalen" not in visitor().get("cocreation_process.agreement", project_id=project.id).words


def test_a_new_version_is_shown_by_a_moderator_and_confirmed_by_each_party(
    visitor: Open, cast: Cast, project: Project
) -> None:
    browser = visitor("resident")
    writing = browser.get("cocreation_process.agreement_new", project_id=project.id)
    form = writing.form("main form[action$='/avtale/ny']") | {"text": "Vi lager middag sammen hver torsdag."}
    browser.post("cocreation_process.agreement_new", project_id=project.id, _data=form)
    agreement = db.session.scalars(sa.select(Agreement)).one()
    let_through(agreement)
    page = visitor("volunteer").get("cocreation_process.agreement", project_id=project.id)
    assert "0 av 2 parter har bekreftet versjon 1" in page.words
    visitor("volunteer").post_url(str(page.one("main form[action$='/bekreft']")["action"]))
    visitor("resident").post("cocreation_process.agreement_confirm", project_id=project.id, number=1)
    read = visitor().get("cocreation_process.agreement", project_id=project.id)
    assert "✓ Avtalen gjelder" in read.words
    assert [each.get_text(" ", strip=True)[:20] for each in read.all(".party-standings__name")] == [
        "Naboene",
        "Frivilligsentralen",
    ]
    assert "Bekreftet av Leder" in read.words
    assert cast.volunteer.name not in read.words, "people appear by their titles"


def test_a_new_version_shows_what_is_new_and_must_be_confirmed_anew(
    visitor: Open, cast: Cast, project: Project
) -> None:
    written(cast.actor("resident"), project, "Vi lager middag hver torsdag.")
    for person in ("resident", "volunteer"):
        confirm_agreement(cast.actor(person), project.id, 1)
    assert agreement_page(ANONYMOUS, project.id).is_agreed
    written(cast.actor("volunteer"), project, "Vi lager middag hver fredag.", based_on=1)
    page = visitor().get("cocreation_process.agreement", project_id=project.id)
    assert "0 av 2 parter har bekreftet versjon 2" in page.words
    assert ("torsdag" in page.one("del").get_text(), "fredag" in page.one("ins").get_text()) == (True, True)
    versions = visitor().get("cocreation_process.agreement_versions", project_id=project.id)
    assert "bekreftet av 2 parter" in versions.words
    assert "Vi har skrevet hvem som handler." in versions.words


def test_a_version_that_waits_is_read_by_the_members_and_confirmed_by_nobody(
    visitor: Open, cast: Cast, project: Project
) -> None:
    written(cast.actor("resident"), project, "Vi lager middag.")
    waits(write_agreement(cast.actor("volunteer"), project.id, words("Vi baker brød.", based_on=1)))
    assert "Vi baker brød" not in visitor().get("cocreation_process.agreement", project_id=project.id).words
    inside = visitor("resident").get("cocreation_process.agreement", project_id=project.id)
    assert "Venter på moderator" in inside.words
    assert "Vi baker brød" in inside.words
    with pytest.raises(NotFound):
        confirm_agreement(cast.actor("resident"), project.id, 2)
    confirm_agreement(cast.actor("resident"), project.id, 1)


def test_an_overtaken_version_cannot_be_confirmed(cast: Cast, project: Project) -> None:
    written(cast.actor("resident"), project)
    written(cast.actor("resident"), project, "En annen avtale.", based_on=1)
    with pytest.raises(Conflict):
        confirm_agreement(cast.actor("volunteer"), project.id, 1)


def test_a_confirmation_twice_is_one(cast: Cast, project: Project) -> None:
    written(cast.actor("resident"), project)
    for _again in range(2):
        confirm_agreement(cast.actor("volunteer"), project.id, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgreementConfirmation)) == 1


def test_a_party_that_has_left_is_not_waited_for_and_cannot_confirm(cast: Cast, project: Project) -> None:
    written(cast.actor("resident"), project)
    confirm_agreement(cast.actor("resident"), project.id, 1)
    leave("Frivilligsentralen")
    assert agreement_page(ANONYMOUS, project.id).is_agreed
    with pytest.raises(Forbidden):
        confirm_agreement(cast.actor("volunteer"), project.id, 1)


def test_who_is_overtaken_is_told_and_keeps_the_text(visitor: Open, cast: Cast, project: Project) -> None:
    written(cast.actor("resident"), project)
    browser = visitor("volunteer")
    writing = browser.get("cocreation_process.agreement_new", project_id=project.id)
    form = writing.form("main form[action$='/avtale/ny']")
    assert form["text"] == "Vi lager middag sammen."
    written(cast.actor("resident"), project, "Vi lager suppe sammen.", based_on=1)
    mine = form | {"text": "Vi baker brød sammen.", "change": "Brød i stedet."}
    told = browser.post("cocreation_process.agreement_new", project_id=project.id, _data=mine, _status=409)
    assert "Versjon 2 kom mens du skrev" in told.words
    assert "Vi lager suppe sammen." in told.words, "the other's text"
    again = told.form("main form[action$='/avtale/ny']")
    assert (again["text"], again["change"], again["based_on"]) == ("Vi baker brød sammen.", "Brød i stedet.", "2")
    browser.post("cocreation_process.agreement_new", project_id=project.id, _data=again)
    assert numbers() == [1, 2, 3]


def test_the_same_form_twice_is_one_version(cast: Cast, project: Project) -> None:
    draft = words()
    first = write_agreement(cast.actor("resident"), project.id, draft)
    assert write_agreement(cast.actor("resident"), project.id, draft).id == first.id


def test_a_version_says_something_and_the_next_says_what_is_new(cast: Cast, project: Project) -> None:
    refused = {
        "text": words(" "),
        "change": words("Noe nytt.", based_on=1, change=" "),
    }
    with pytest.raises(Invalid) as first:
        write_agreement(cast.actor("resident"), project.id, refused["text"])
    written(cast.actor("resident"), project)
    with pytest.raises(Invalid) as second:
        write_agreement(cast.actor("resident"), project.id, refused["change"])
    assert (first.value.field, second.value.field) == ("text", "change")


def test_what_no_party_has_confirmed_can_be_taken_back(visitor: Open, cast: Cast, project: Project) -> None:
    written(cast.actor("volunteer"), project)
    browser = visitor("volunteer")
    asked = browser.get("cocreation_process.agreement_withdraw", project_id=project.id, number=1)
    browser.post_url(str(asked.one("main form")["action"]))
    assert db.session.scalars(sa.select(Agreement.text)).one() == ""
    written(cast.actor("volunteer"), project, "En ny avtale.", based_on=1)
    confirm_agreement(cast.actor("resident"), project.id, 2)
    with pytest.raises(Conflict):
        withdraw_agreement(cast.actor("volunteer"), project.id, 2)


@pytest.mark.parametrize(
    ("person", "writes", "confirms"),
    [
        ("resident", True, True),
        ("volunteer", True, True),
        ("business", False, False),  # a contributor
        ("adviser", False, False),
        ("admin", False, False),
        ("resident2", False, False),
        (None, False, False),
    ],
)
def test_owners_and_representatives_write_and_confirm(
    cast: Cast, project: Project, person: str | None, *, writes: bool, confirms: bool
) -> None:
    contributing(cast.actor("resident"), project, cast.actor("business"))
    written(cast.actor("resident"), project)
    actor = cast.actor(person) if person else ANONYMOUS
    assert allowed(lambda: confirm_agreement(actor, project.id, 1)) is confirms
    assert allowed(lambda: write_agreement(actor, project.id, words("Ny avtale.", based_on=1))) is writes


def test_the_agreement_takes_few_statements_however_many_versions(
    visitor: Open, cast: Cast, project: Project, count_queries: Any
) -> None:
    for number in range(12):
        written(cast.actor("resident"), project, f"Avtale {number}.", based_on=number)
    project_id = project.id
    for person in (None, "resident", "adviser"):
        browser = visitor(person) if person else visitor()
        for endpoint in ("agreement", "agreement_versions"):
            with count_queries(at_most=8):
                browser.get(f"cocreation_process.{endpoint}", project_id=project_id)


def test_of_two_who_write_at_once_one_gets_the_number_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        owner, other = people(2)
        project_id = started(owner).id
        joined(owner, db.session.get_one(Project, project_id), other)
        db.session.remove()
    drafts = {owner: words("Den enes avtale."), other: words("Den andres avtale.")}
    works = [
        lambda actor=actor, draft=draft: write_agreement(actor, project_id, draft) for actor, draft in drafts.items()
    ]
    got = together(own_app, works)
    assert sorted(type(each).__name__ for each in got) == ["Agreement", "Conflict"]
    with own_app.app_context():
        assert numbers() == [1]


def test_two_who_confirm_at_once_are_both_counted(own_app: Flask) -> None:
    with own_app.app_context():
        owner, other = people(2)
        project = started(owner)
        joined(owner, project, other)
        project_id = project.id
        written(owner, project)
        db.session.remove()
    together(own_app, [lambda actor=actor: confirm_agreement(actor, project_id, 1) for actor in (owner, other)])
    with own_app.app_context():
        assert agreement_page(ANONYMOUS, project_id).is_agreed


def numbers() -> list[int]:
    return list(db.session.scalars(sa.select(Agreement.number).order_by(Agreement.number)))


@atomic
def waits(agreement: Agreement) -> None:
    """Let a version wait for a moderator, whatever the settings let through."""
    db.session.get_one(Agreement, agreement.id, populate_existing=True).state = PublicationState.PENDING


@atomic
def leave(name: str) -> None:
    db.session.scalars(sa.select(Party).where(Party.name == name)).one().left_at = clock.now()
