"""Proposing something, from the first letter to everybody's eyes."""

from __future__ import annotations

from typing import Any

import pytest

from portal.ideas.actions.proposing import begin_idea, save_draft, send_idea
from portal.kernel.content import PublicationState
from portal.kernel.errors import Invalid, NotFound
from tests.support.ideas import draft, published


def test_a_draft_is_nobody_elses_to_see(cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft())
    with pytest.raises(NotFound):
        save_draft(cast.actor("resident2"), idea.id, draft("Min nå"))


def test_the_same_form_twice_is_one_draft(cast: Any) -> None:
    first, again = (begin_idea(cast.actor("resident"), draft(), key="skjema-1") for _ in range(2))
    assert first.id == again.id


def test_nothing_is_sent_in_without_a_challenge(cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft(challenge="  "))
    with pytest.raises(Invalid) as refused:
        send_idea(cast.actor("resident"), idea.id)
    assert refused.value.field == "challenge"


def test_what_was_sent_in_and_let_through_is_listed_from_then(cast: Any) -> None:
    idea = published(cast.actor("resident"))
    assert idea.state is PublicationState.PUBLISHED
    assert idea.sent_at is not None
    assert idea.shown_at >= idea.sent_at
