"""The control room: what each stage of a round lacks and who owes it, and how far publishing has come."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.kernel import clock, outbox
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.outbox import OutboxRow
from portal.observatorium import reactions
from portal.observatorium.actions.assigning import AssignmentDraft, assign
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level
from portal.observatorium.actions.publishing import TOPIC, publish_round, tell_progress
from portal.observatorium.actions.rounds import close_round, make_round, withdraw_round
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Revision, Round, RoundState
from portal.observatorium.queries.checklist import Progress, Stage, checklist
from portal.observatorium.queries.control import round_page
from portal.observatorium.queries.rounds import get_round
from portal.observatorium.views.stages import stage_rows
from tests.observatorium import verifying
from tests.observatorium.published import a_published_round, fill
from tests.observatorium.rounds import an_open_round, draft, work
from tests.support.cast import Cast, make_cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
SHOW, PUBLISH = "observatorium_control.show", "observatorium_control.publish"


def stands(actor: Actor = SYSTEM) -> dict[Stage, Progress]:
    return dict(checklist(get_round(actor, "2026")).stages)


def a_closed_round(cast: Cast) -> Round:
    made = an_open_round(cast)
    fill(made.id)
    close_round(cast.actor("coordinator"), "2026")
    return made


def test_the_stages_follow_the_round(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    make_round(coordinator, draft())
    drafted = stands(coordinator)
    assert (drafted[Stage.DRAFT], drafted[Stage.ASSESSING]) == (Progress.NOW, Progress.NOW)
    assert drafted[Stage.OPEN] is drafted[Stage.PUBLISHING] is Progress.LATER


def test_an_open_round_waits_for_answers_and_verifiers(cast: Cast) -> None:
    an_open_round(cast)
    now = stands()
    assert (now[Stage.DRAFT], now[Stage.OPEN], now[Stage.VERIFYING]) == (Progress.DONE, Progress.NOW, Progress.NOW)
    assert (now[Stage.REPLYING], now[Stage.WEIGHING]) == (Progress.LATER, Progress.LATER)


def test_what_was_never_done_is_told_when_the_round_is_published(cast: Cast) -> None:
    a_published_round(cast)
    now = stands()
    assert now[Stage.PUBLISHING] is Progress.DONE
    assert now[Stage.ASSESSING] is now[Stage.VERIFYING] is now[Stage.WEIGHING] is Progress.LACKING
    assert now[Stage.FOLLOWING_UP] is Progress.NOW, "1.8 is red, and nobody has answered"


def test_a_withdrawn_round_has_no_stages(cast: Cast, visitor: Open) -> None:
    a_closed_round(cast)
    withdraw_round(cast.actor("coordinator"), "2026", "Feil tall.")
    assert stands() == {}
    assert "Gangen i runden" not in visitor("coordinator").get(SHOW, slug="2026").words


def test_the_page_says_who_owes_what(cast: Cast, visitor: Open) -> None:
    coordinator = cast.actor("coordinator")
    an_open_round(cast)
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name="Kultur"))
    due = clock.today() + timedelta(days=2)
    assign(coordinator, "2026", AssignmentDraft(service_area_id=area.id, indicators=("1.1", "1.2"), due_on=due))
    set_own_level(coordinator, "2026", OwnLevelDraft(indicator="1.1", level=Level.RED))
    assert "Kultur mangler 1 indikator." in visitor("coordinator").get(SHOW, slug="2026").words
    with clock.moved(timedelta(days=5)):
        assert "Fristen er ute for 1 av dem." in visitor("coordinator").get(SHOW, slug="2026").words


def test_verification_is_counted_by_indicator(cast: Cast) -> None:
    verifying.ready(cast)
    verifying.appoint(cast, indicators=["1.1"])
    found = checklist(get_round(SYSTEM, "2026")).verified
    assert (found.appointed, found.unstated, found.verified) == (2, 2, 0)
    verifying.answers(cast.actor("verifier"), Level.GREEN)
    assert checklist(get_round(SYSTEM, "2026")).verified.verified == 0, "one is not enough"
    verifying.answers(cast.actor("verifier2"), Level.RED)
    found = checklist(get_round(SYSTEM, "2026")).verified
    assert (found.agreed, found.differing, found.unanswered, found.replied) == (0, 1, 1, 0)


def test_publishing_says_what_is_missing_before_it_asks(cast: Cast, visitor: Open) -> None:
    a_closed_round(cast)
    page = visitor("coordinator").get(PUBLISH, slug="2026")
    for told in ("39 indikatorer mangler egenvurdering", "39 indikatorer blir stående som «ikke verifisert»", "vektet"):
        assert told in page.words
    assert get_round(SYSTEM, "2026").publishing_since is None, "reading the page does nothing"


@pytest.mark.parametrize("state", ["draft", "open", "closed", "published"])
def test_every_stage_leads_to_a_page_that_is_there(cast: Cast, visitor: Open, state: str) -> None:
    if state == "published":
        a_published_round(cast)
    elif state == "closed":
        a_closed_round(cast)
    elif state == "open":
        an_open_round(cast)
    else:
        make_round(cast.actor("coordinator"), draft())
    coordinator = visitor("coordinator")
    coordinator.get(SHOW, slug="2026")
    with coordinator.client.application.test_request_context():
        page = round_page(cast.actor("coordinator"), "2026")
        rows = stage_rows(page)
    for _text, address in [link for row in rows for link in row.links]:
        coordinator.get_url(address)
    assert any(row.links for row in rows)


def test_progress_is_shown_while_the_worker_computes(cast: Cast, visitor: Open) -> None:
    a_closed_round(cast)
    publish_round(cast.actor("coordinator"), "2026")
    assert "0 av 39 indikatorer er regnet ut" in visitor("coordinator").get(SHOW, slug="2026").words
    tell_progress(SYSTEM, "2026", 15)
    db.session.expire_all()
    assert "15 av 39 indikatorer er regnet ut" in visitor("coordinator").get(SHOW, slug="2026").words
    work()
    assert "er regnet ut" not in visitor("coordinator").get(SHOW, slug="2026").words
    assert get_round(SYSTEM, "2026").publishing_step is None
    tell_progress(SYSTEM, "2026", 15)
    db.session.expire_all()
    assert get_round(SYSTEM, "2026").publishing_step is None, "a worker that comes too late says nothing"


def test_only_the_worker_says_how_far_it_is(cast: Cast) -> None:
    a_closed_round(cast)
    with pytest.raises(Forbidden):
        tell_progress(cast.actor("coordinator"), "2026", 39)


def test_a_second_click_neither_doubles_nor_stops_anything(cast: Cast, visitor: Open) -> None:
    a_closed_round(cast)
    coordinator = visitor("coordinator")
    coordinator.post(PUBLISH, slug="2026")
    coordinator.post(PUBLISH, slug="2026", _status=409)
    with pytest.raises(Conflict):
        publish_round(cast.actor("coordinator"), "2026")
    work()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 1


def test_the_worker_tells_its_progress_as_it_goes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_closed_round(cast)
    publish_round(cast.actor("coordinator"), "2026")
    told: list[int] = []
    tell = reactions.tell_progress
    monkeypatch.setattr(
        reactions, "tell_progress", lambda actor, slug, done: told.append(done) or tell(actor, slug, done)
    )
    work()
    assert told == [*range(0, 39, reactions.STRIDE)]


def test_a_worker_killed_in_the_middle_is_taken_up_by_the_next(own_app: Flask) -> None:
    """The process dies by SIGKILL after a third of the indicators; another publishes, once."""
    with own_app.app_context():
        cast = make_cast()
        a_closed_round(cast)
        publish_round(cast.actor("coordinator"), "2026")
        db.session.remove()
        db.engine.dispose()
    context = multiprocessing.get_context("fork")
    worker = context.Process(target=_works_until_a_third, args=(own_app,))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    with own_app.app_context():
        waiting = get_round(SYSTEM, "2026")
        assert (waiting.state, waiting.publishing_step) == (RoundState.CLOSED, 10)
        assert db.session.scalars(sa.select(Revision)).all() == []
        db.session.remove()
        with clock.moved(timedelta(hours=1)):  # past the lease of the dead one
            work()
        db.session.expire_all()
        assert get_round(SYSTEM, "2026").state is RoundState.PUBLISHED
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 1
        row = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == TOPIC)).one()
        assert row.done_at is not None
        db.session.remove()


def _works_until_a_third(app: Flask) -> None:
    tell = reactions.tell_progress

    def tell_and_die(actor: Any, slug: str, done: int) -> None:
        tell(actor, slug, done)
        if done >= 10:
            os.kill(os.getpid(), signal.SIGKILL)

    reactions.tell_progress = tell_and_die
    with app.app_context():
        outbox.deliver_due()


def test_times_in_the_wrong_order_are_refused_where_they_stand_and_nothing_typed_is_lost(
    cast: Cast, visitor: Open
) -> None:
    today = clock.today()
    typed = {
        "title": "Runde med feil datoer",
        "slug": "2027",
        "opens_on": (today + timedelta(days=9)).isoformat(),
        "closes_on": today.isoformat(),
        "sign_in_methods": ["oidc"],
        "version": "",
    }
    page = visitor("coordinator").post("observatorium_control.make", typed, _status=422)
    assert "Runden må lukkes etter at den åpner." in page.words
    assert "Runde med feil datoer" in page.text
