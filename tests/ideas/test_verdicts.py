"""Whether it helped: asked once, answered by those it concerns, changed at will, and shown as numbers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.ideas.actions import cases
from portal.ideas.actions.verdicts import ask_who_waited, give_verdict
from portal.ideas.models.cases import Helped, Verdict
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.queries.cases import FEWEST_VERDICTS, timeline
from portal.ideas.stages import Decision, Stage
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.participation.actions.joining import support
from tests.ideas.casework import at_stage, days_later, now, said, told
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

Open = Callable[..., Visitor]
Work = Callable[[], None]
SUPPORTERS = ("resident2", "volunteer", "business", "knowledge")


@pytest.fixture
def idea(cast: Cast) -> Idea:
    """An idea that was realised a week ago, and whose people have been asked."""
    made = at_stage(cast, Stage.UNDER_WAY)
    for name in SUPPORTERS:
        support(cast.actor(name), Ref("idea", made.id))
    with days_later(-8):
        cases.realise_idea(cast.actor("adviser"), made.id, said(made, "Tolv kommer seg hjem hver kveld."))
    ask_who_waited()
    return now(made)


def test_author_and_supporters_are_asked_once_a_week_after_the_end(cast: Cast, run_worker: Work, smtp: Mailbox) -> None:
    made = at_stage(cast, Stage.REALISED)
    support(cast.actor("volunteer"), Ref("idea", made.id))
    for days, asked in ((0, 0), (6.9, 0), (7.1, 1), (8, 1), (300, 1)):
        with days_later(days):
            ask_who_waited()
            run_worker()
        for name in ("resident", "volunteer"):
            assert told(cast, name).count("idea_asked") == asked, days
    assert "idea_asked" not in told(cast, "resident2")
    [mail] = [each for each in smtp.to("volunteer@") if "Hjalp det" in str(each["Subject"])]
    assert f"/ideer/{made.id}/hjalp-det" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_is_not_over_and_what_was_imported_is_not_asked_about(cast: Cast) -> None:
    at_stage(cast, Stage.UNDER_WAY)
    at_stage(cast, Stage.DECIDED, Decision.REJECTED)
    imported = at_stage(cast, Stage.CLOSED)
    db.session.add(Origin(idea_id=imported.id, source="decidim", origin_id="1"))
    db.session.commit()
    with days_later(30):
        assert ask_who_waited() == 0


def test_one_tap_answers_and_another_changes_it(cast: Cast, visitor: Open, idea: Idea) -> None:
    browser = visitor("volunteer")
    page = browser.get("ideas_cases.helped", idea_id=idea.id)
    assert "Tolv kommer seg hjem" in page.words
    assert [each["value"] for each in page.all("button[name=helped]")] == ["yes", "partly", "no"]
    browser.post("ideas_cases.helped", idea_id=idea.id, _data={"helped": "yes"})
    browser.post("ideas_cases.helped", idea_id=idea.id, _data={"helped": "partly"})
    assert db.session.scalars(sa.select(Verdict.helped)).all() == [Helped.PARTLY]
    pressed = browser.get("ideas_cases.helped", idea_id=idea.id).one("button[aria-pressed=true]")
    assert pressed["value"] == "partly"
    browser.post("ideas_cases.helped", idea_id=idea.id, _data={"helped": "maybe"}, _status=422)
    browser.post("ideas_cases.helped", idea_id=idea.id, _data={}, _status=422)


def test_only_those_who_were_asked_may_answer(cast: Cast, visitor: Open, idea: Idea) -> None:
    for name in ("employee", "adviser", "moderator"):
        with pytest.raises(Forbidden):
            give_verdict(cast.actor(name), idea.id, Helped.NO)
        visitor(name).get("ideas_cases.helped", idea_id=idea.id, _status=403)
    unasked = at_stage(cast, Stage.UNDER_WAY)
    with pytest.raises(Forbidden):
        give_verdict(cast.actor("resident"), unasked.id, Helped.YES)
    with pytest.raises(NotFound):
        give_verdict(cast.actor("resident"), 10**6, Helped.YES)


def test_numbers_are_shown_when_there_are_enough_and_never_who_said_what(cast: Cast, idea: Idea) -> None:
    people = ("resident", *SUPPORTERS)
    assert len(people) == FEWEST_VERDICTS
    answers = dict(zip(people, (Helped.YES, Helped.YES, Helped.NO, Helped.PARTLY, Helped.YES), strict=True))
    for number, (name, helped) in enumerate(answers.items(), 1):
        give_verdict(cast.actor(name), idea.id, helped)
        told_of = timeline(cast.actor("moderator"), now(idea)).helped.total
        assert told_of == (number if number >= FEWEST_VERDICTS else 0)
    shown = timeline(cast.actor("moderator"), now(idea)).helped
    assert shown.counts == {Helped.YES: 3, Helped.PARTLY: 1, Helped.NO: 1}
    assert not shown.may_say
    assert timeline(cast.actor("volunteer"), now(idea)).helped.may_say
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "idea.verdict_given")).all()
    assert len(entries) == 5
    assert all("helped" not in entry.body for entry in entries)


def test_the_idea_page_tells_the_numbers_and_offers_the_question_to_those_who_were_asked(
    cast: Cast, visitor: Open, idea: Idea
) -> None:
    shown: dict[str | None, Any] = {
        name: visitor(name).get("ideas.show", idea_id=idea.id, slug="nattbuss").text
        for name in (None, "volunteer", "employee")
    }
    address = f"/ideer/{idea.id}/hjalp-det"
    assert {name: address in text for name, text in shown.items()} == {
        None: False,
        "volunteer": True,
        "employee": False,
    }


def test_who_withdrew_from_the_portal_leaves_no_answer(cast: Cast, idea: Idea) -> None:
    from portal.ideas.kinds.personal import erase, export

    give_verdict(cast.actor("volunteer"), idea.id, Helped.NO)
    assert [each["helped"] for each in export(cast.volunteer.id)["verdicts"]] == [Helped.NO]
    erase(cast.volunteer.id)
    assert db.session.scalars(sa.select(Verdict)).all() == []
    assert clock.now() > now(idea).stage_since
