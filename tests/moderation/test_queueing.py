"""Which texts wait for a person, which are shown at once, and what closes a case."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from portal.accounts.actions.erase import erase_account
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden
from portal.moderation.actions import queueing
from portal.moderation.models import Case, CaseEvent, Cause, Decision, Verdict
from portal.observatorium.actions.comments import withdraw_comment
from tests.moderation.work import CALM, PHONE, case_of, decided, ref, set_to, shown, write
from tests.support.cast import Cast


def known(cast: Cast, name: str = "resident", count: int = 3) -> None:
    """Let moderators approve so many texts that the author is known."""
    for number in range(count):
        decided(cast.actor("moderator"), write(cast.actor(name), indicator=f"1.{number + 2}"))


def test_a_new_author_waits_and_a_known_one_is_shown_at_once(cast: Cast) -> None:
    first = write(cast.actor("resident"))
    assert shown(first)[0] == "pending"
    assert case_of(first).cause is Cause.NEW
    decided(cast.actor("moderator"), first)
    known(cast, count=2)
    set_to(cast, "moderation_hours", 48)
    assert shown(write(cast.actor("resident"), indicator="2.1"))[0] == "published"
    assert shown(write(cast.actor("resident2"), indicator="2.1"))[0] == "pending"


def test_what_passes_leaves_a_closed_case_and_a_decision_of_nobody(cast: Cast) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    passed = write(cast.actor("resident"))
    case = case_of(passed)
    assert shown(passed)[0] == "published"
    assert case.closed_at is not None
    decision = db.session.scalars(sa.select(Decision).where(Decision.case_id == case.id)).one()
    assert (decision.verdict, decision.decided_by_id) == (Verdict.APPROVE, None)


def test_a_phone_number_waits_in_every_mode_and_for_every_author(cast: Cast) -> None:
    known(cast)
    for mode in ("post", "new_authors", "pre"):
        set_to(cast, "moderation_of_observatory_comment", mode)
        written = write(cast.actor("resident"), PHONE, indicator="3.1")
        assert shown(written)[0] == "pending", mode
        assert case_of(written).signals[0]["signal"] == "phone"
        withdraw_comment(cast.actor("resident"), written.id)


def test_in_post_moderation_a_listed_word_is_shown_and_looked_at_afterwards(cast: Cast) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    set_to(cast, "moderation_words", ("idiot*",))
    written = write(cast.actor("resident"), "Bare idioter kjører buss.")
    assert shown(written)[0] == "published"
    case = case_of(written)
    assert case.closed_at is None
    decided(cast.actor("moderator"), written)
    assert shown(written) == ("published", "Bare idioter kjører buss.")


def test_pre_moderation_lets_nobody_pass(cast: Cast) -> None:
    known(cast)
    set_to(cast, "moderation_of_observatory_comment", "pre")
    assert shown(write(cast.actor("resident"), indicator="3.2"))[0] == "pending"


def test_the_municipalitys_own_answer_passes_whatever_the_mode(cast: Cast) -> None:
    set_to(cast, "moderation_of_observatory_comment", "pre")
    written = write(cast.actor("employee"))
    queueing.close_gone(cast.actor("moderator"), ref(written))
    assert queueing.take_in(cast.actor("employee"), ref(written), official=True) is None
    assert shown(written)[0] == "published"


def test_an_author_who_was_restricted_lately_is_read_beforehand_again(cast: Cast) -> None:
    known(cast)
    bad = write(cast.actor("resident"), PHONE, indicator="3.1")
    decided(cast.actor("moderator"), bad, Verdict.REJECT)
    assert shown(write(cast.actor("resident"), indicator="3.2"))[0] == "pending"


def test_rewriting_a_text_that_waits_keeps_the_case_and_finds_signals_anew(cast: Cast) -> None:
    written = write(cast.actor("resident"), PHONE)
    before = case_of(written)
    id_, version = before.id, before.version
    write(cast.actor("resident"), CALM)
    after = case_of(written)
    assert (after.id, after.signals) == (id_, [])
    assert after.version > version


def test_rewriting_what_is_shown_makes_a_new_case(cast: Cast) -> None:
    written = write(cast.actor("resident"))
    decided(cast.actor("moderator"), written)
    write(cast.actor("resident"), "Bussen går aldri.")
    assert case_of(written).cause is Cause.EDITED
    assert case_of(written).closed_at is None


def test_taking_a_text_back_closes_its_case(cast: Cast) -> None:
    written = write(cast.actor("resident"))
    withdraw_comment(cast.actor("resident"), written.id)
    assert case_of(written).closed_at is not None


def test_erasing_the_author_closes_the_case_and_leaves_nothing_of_the_text(cast: Cast) -> None:
    written = write(cast.actor("resident"), PHONE)
    decided(cast.actor("moderator"), written, Verdict.MASK, pasted="912 34 567")
    write(cast.actor("resident"), "Kanarifugl 4711")
    erase_account(cast.actor("resident"), cast.resident.id)
    assert db.session.scalars(sa.select(Case.closed_at)).all().count(None) == 0
    kept = db.session.scalars(sa.select(Decision)).all()
    assert kept
    assert "912" not in repr([(each.before, each.facts, each.why) for each in kept])
    assert db.session.scalars(sa.select(Case.author_id)).all() == [cast.resident.id] * 2


def test_a_moderator_may_open_a_case_about_what_is_shown_and_others_may_not(cast: Cast) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    written = write(cast.actor("resident"))
    with pytest.raises(Forbidden):
        queueing.open_case(cast.actor("resident2"), ref(written))
    case = queueing.open_case(cast.actor("moderator"), ref(written))
    assert case.cause is Cause.OWN_INITIATIVE
    assert queueing.open_case(cast.actor("moderator"), ref(written)).id == case.id
    withdraw_comment(cast.actor("resident"), written.id)
    with pytest.raises(Conflict):
        queueing.open_case(cast.actor("moderator"), ref(written))
    assert shown(written)[0] == PublicationState.WITHDRAWN


def test_the_history_of_a_case_is_refused_to_be_changed_by_the_database(cast: Cast) -> None:
    write(cast.actor("resident"))
    assert db.session.scalars(sa.select(CaseEvent)).all()
    for statement in (sa.update(CaseEvent).values(what="changed"), sa.delete(CaseEvent)):
        with pytest.raises(sa.exc.IntegrityError, match="never changed"), db.session.begin_nested():
            db.session.execute(statement)
