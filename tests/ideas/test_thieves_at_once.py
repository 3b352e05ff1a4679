"""Staff who handle the same tidstyv at the same moment: one is told, nothing is doubled and nothing overwritten."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.ideas.actions.measures import MeasureDraft, make_measure
from portal.ideas.actions.thieves import AfterDraft, TransferDraft, measure_thief, transfer_thief
from portal.ideas.hours import Owner
from portal.ideas.models.thieves import Measure, TimeThief, Transfer
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict
from portal.kernel.identity import Role
from tests.ideas.test_at_once import people, together
from tests.support.thieves import row, thief

AT_ONCE = 8


def test_of_those_who_measure_at_once_one_is_kept_and_the_others_are_told(own_app: Flask) -> None:
    with own_app.app_context():
        author = people(1)[0]
        advisers = people(AT_ONCE, Role.IDEA_MANAGER)
        idea_id = thief(author).id
        version = db.session.get_one(TimeThief, idea_id).version
        db.session.remove()

    def measuring(minutes: int) -> Callable[[], Any]:
        after = AfterDraft(minutes=Decimal(minutes), times=60, persons=1, measured_on=clock.today())
        return lambda: measure_thief(advisers[minutes], idea_id, after, version=version).minutes_after

    got = together(own_app, [measuring(minutes) for minutes in range(AT_ONCE)])
    kept = [each for each in got if not isinstance(each, Conflict)]
    with own_app.app_context():
        assert [db.session.get_one(TimeThief, idea_id).hours_after] == kept
    assert len(got) == AT_ONCE


def test_one_form_sent_many_times_at_once_is_one_transfer_and_one_measure(own_app: Flask) -> None:
    with own_app.app_context():
        author, adviser = people(1)[0], people(1, Role.IDEA_MANAGER)[0]
        idea = thief(author)
        idea_id, version = idea.id, row(idea).version
        db.session.remove()
    draft = TransferDraft(owner=Owner.STATE, owner_name="Skatteetaten", reason="Skjemaet er deres")
    works: list[Callable[[], Any]] = [
        lambda: transfer_thief(adviser, idea_id, draft, version=version, key="skjema-1") for _each in range(AT_ONCE)
    ]
    works += [lambda: make_measure(adviser, MeasureDraft(title="Ett"), key="skjema-2") for _each in range(AT_ONCE)]
    got = together(own_app, works)
    assert not [each for each in got if isinstance(each, Conflict)]
    with own_app.app_context():
        for model in (Transfer, Measure):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 1
