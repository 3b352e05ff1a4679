"""What people write: under the name they choose, changed in the open, taken back at any time, and never lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Byline
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.extensions import content
from portal.kernel.identity import ANONYMOUS
from portal.participation import pseudonyms
from portal.participation.actions.joining import support
from portal.participation.actions.writing import (
    LONGEST,
    ContributionDraft,
    EditDraft,
    contribute,
    edit_contribution,
    withdraw_contribution,
)
from portal.participation.models import Contribution, ContributionVersion, Form, Pseudonym
from portal.participation.queries import pages, panels
from tests.participation.talk import INDICATOR, ask, asked, let_through, of, restrict, tally
from tests.support.cast import Cast, make_cast

Counting = Callable[..., object]


def texts(cast: Cast, who: str | None = "resident2") -> list[str]:
    """Return the questions that somebody sees on the indicator."""
    reader = cast.actor(who) if who else ANONYMOUS
    return [each.top.text for each in panels.panel(reader, INDICATOR).threads[Form.QUESTION] if each.top.is_shown]


def edited(contribution: Contribution, text: str, actor: object) -> Contribution:
    return edit_contribution(
        actor,  # type: ignore[arg-type]  # an actor
        contribution.id,
        EditDraft(text=text, language="nb", version=contribution.version),
    )


# -- writing -----------------------------------------------------------------------------------------------------------


def test_what_is_written_waits_for_moderation_and_is_seen_by_its_author(cast: Cast) -> None:
    question = ask(cast.actor("resident"))
    restrict(of(question), Restriction(state=PublicationState.PENDING))
    assert (texts(cast), texts(cast, None), texts(cast, "resident")) == ([], [], ["Når kommer gatelyset?"])
    assert tally(INDICATOR, "questions") == 0
    let_through(question)
    assert texts(cast, None) == ["Når kommer gatelyset?"]
    assert tally(INDICATOR, "questions") == 1


def test_the_same_form_sent_twice_is_one_contribution(cast: Cast) -> None:
    first = ask(cast.actor("resident"), key="k")
    assert ask(cast.actor("resident"), key="k").id == first.id
    assert ask(cast.actor("resident2"), key="k").id != first.id, "another's form may have the same key"
    written = sa.select(sa.func.count()).where(AuditEntry.name == "participation.contribution_written")
    assert db.session.scalar(written) == 2


def test_a_reply_goes_under_what_it_replies_to_and_no_deeper(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    reply = asked(cast.actor("resident2"), "I mai, hører jeg.", ref=of(question))
    assert (reply.parent_id, reply.form, reply.kind, reply.target_id) == (question.id, Form.QUESTION, "indicator", 101)
    assert (tally(INDICATOR, "questions"), tally(of(question), "comments")) == (1, 1)
    with pytest.raises(Conflict):
        ask(cast.actor("resident"), "Takk!", ref=of(reply))
    (thread,) = panels.panel(ANONYMOUS, INDICATOR).threads[Form.QUESTION]
    assert [each.text for each in thread.replies] == ["I mai, hører jeg."]


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_not_written(cast: Cast, text: str) -> None:
    with pytest.raises(Invalid):
        ask(cast.actor("resident"), text)


def test_a_text_has_a_length(cast: Cast) -> None:
    ask(cast.actor("resident"), "x" * LONGEST)
    with pytest.raises(Invalid):
        ask(cast.actor("resident"), "x" * (LONGEST + 1))


def test_the_kind_of_the_thing_says_what_can_be_written(cast: Cast) -> None:
    for form in (Form.ARGUMENT_FOR, Form.COMMENT):
        with pytest.raises(Forbidden):
            ask(cast.actor("resident"), form=form)
    for ref in (Ref("indicator", 999), Ref("nothing", 1), Ref("contribution", 0)):
        with pytest.raises(NotFound):
            ask(cast.actor("resident"), ref=ref)
    with pytest.raises(Forbidden):
        ask(ANONYMOUS)


def test_a_limited_account_writes_nothing_and_takes_back_what_it_wrote(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    limited = replace(cast.actor("resident"), limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden, match="begrenset"):
        ask(limited)
    with pytest.raises(Forbidden, match="begrenset"):
        ask(limited, ref=of(question))
    with pytest.raises(Forbidden, match="begrenset"):
        edited(question, "Noe annet", limited)
    withdraw_contribution(limited, question.id)
    assert question.state is PublicationState.WITHDRAWN


# -- names -------------------------------------------------------------------------------------------------------------


def test_each_text_stands_under_the_name_its_author_chose(cast: Cast) -> None:
    actor = cast.actor("volunteer")
    asked(actor, "a")
    asked(actor, "b", byline=Byline.ORGANISATION, organisation_id=cast.volunteer_organisation.id)
    asked(actor, "c", byline=Byline.PSEUDONYM)
    asked(actor, "d", byline=Byline.PSEUDONYM)
    by = {each.top.text: each.top for each in panels.panel(ANONYMOUS, INDICATOR).threads[Form.QUESTION]}
    assert (by["a"].byline, by["b"].byline) == (cast.volunteer.name, cast.volunteer_organisation.name)
    assert by["c"].byline == by["d"].byline != cast.volunteer.name
    assert by["c"].is_pseudonym
    shown = {each.byline for each in content().kind("contribution").written([row.id for row in by.values()]).values()}  # type: ignore[misc]  # the kind has it
    assert shown == {each.byline for each in by.values()}, "moderators read the same names"


def test_a_pseudonym_is_another_in_another_conversation_and_nobody_elses_in_this(cast: Cast) -> None:
    names = {
        (who, number): asked(cast.actor(who), ref=Ref("indicator", number), byline=Byline.PSEUDONYM).pseudonym
        for who in ("resident", "resident2", "volunteer")
        for number in (101, 102)
    }
    assert len({name for (_who, number), name in names.items() if number == 101}) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pseudonym)) == 6
    assert all(name and name[0].isupper() for name in names.values())


def test_a_name_is_found_also_when_very_many_are_taken() -> None:
    assert re.fullmatch(r"\w+ \w+", pseudonyms.suggest())
    assert re.fullmatch(r"\w+ \w+ \d{4}", pseudonyms.suggest(pseudonyms.TRIES))


def test_only_a_verified_spokesperson_writes_for_an_organisation(cast: Cast) -> None:
    theirs = {"byline": Byline.ORGANISATION, "organisation_id": cast.volunteer_organisation.id}
    with pytest.raises(Invalid):
        ask(cast.actor("resident"), **theirs)
    with pytest.raises(Invalid):
        ask(cast.actor("volunteer"), byline=Byline.ORGANISATION)


# -- the municipality's answer -----------------------------------------------------------------------------------------


def test_an_official_answer_is_marked_and_stands_first(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    asked(cast.actor("resident2"), "Jeg lurer også", ref=of(question))
    answer = asked(cast.actor("employee"), "I mai.", ref=of(question), is_official=True, byline=Byline.PSEUDONYM)
    assert (answer.byline, answer.pseudonym) == (Byline.NAME, None), "the municipality answers with its name"
    (thread,) = panels.panel(ANONYMOUS, INDICATOR).threads[Form.QUESTION]
    assert [(each.text, each.is_official) for each in thread.replies] == [("I mai.", True), ("Jeg lurer også", False)]


@pytest.mark.parametrize("who", ["resident", "moderator", "admin", "verifier"])
def test_only_those_who_answer_for_the_municipality_do(cast: Cast, who: str) -> None:
    question = asked(cast.actor("resident2"))
    with pytest.raises(Forbidden):
        ask(cast.actor(who), "Vi ser på det", ref=of(question), is_official=True)


def test_an_answer_answers_something(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        ask(cast.actor("employee"), is_official=True)


# -- editing -----------------------------------------------------------------------------------------------------------


def test_an_edit_waits_again_and_keeps_what_was_shown(cast: Cast) -> None:
    question, author = asked(cast.actor("resident"), "Når kommer gatelyset?"), cast.actor("resident")
    edited(question, "Når kommer gatelyset i Storgata?", author)
    restrict(of(question), Restriction(state=PublicationState.PENDING))
    assert (texts(cast), tally(INDICATOR, "questions")) == ([], 0)
    let_through(question)
    assert (texts(cast), tally(INDICATOR, "questions")) == (["Når kommer gatelyset i Storgata?"], 1)
    (wording,) = pages.history(ANONYMOUS, question.id).wordings
    assert [(piece.change, piece.text) for piece in wording.pieces] == [
        ("kept", "Når kommer gatelyset"),
        ("added", " i Storgata"),
        ("kept", "?"),
    ]


def test_what_nobody_saw_leaves_no_version(cast: Cast) -> None:
    question = ask(cast.actor("resident"), "Ring meg på 91 23 45 67")
    restrict(of(question), Restriction(state=PublicationState.CHANGES_REQUESTED))
    let_through(edited(question, "Når kommer gatelyset?", cast.actor("resident")))
    assert pages.history(ANONYMOUS, question.id).wordings == []
    assert db.session.scalars(sa.select(ContributionVersion)).all() == []


def test_two_tabs_never_overwrite_each_other(cast: Cast) -> None:
    question, author = asked(cast.actor("resident"), "en"), cast.actor("resident")
    old = question.version
    edited(question, "to", author)
    same = edit_contribution(author, question.id, EditDraft(text="to", language="nb", version=old))
    assert same.text == "to", "the same text twice is no conflict"
    with pytest.raises(Conflict):
        edit_contribution(author, question.id, EditDraft(text="tre", language="nb", version=old))
    assert db.session.scalars(sa.select(Contribution.text)).one() == "to"


def test_only_the_author_edits_and_takes_back(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    for who in ("resident2", "moderator", "admin"):
        with pytest.raises(Forbidden):
            edited(question, "Noe annet", cast.actor(who))
        with pytest.raises(Forbidden):
            withdraw_contribution(cast.actor(who), question.id)
    restrict(of(question), Restriction(state=PublicationState.HIDDEN))
    with pytest.raises(NotFound):
        withdraw_contribution(cast.actor("resident2"), question.id)


# -- taking back -------------------------------------------------------------------------------------------------------


def test_what_is_taken_back_is_gone_and_the_replies_stay(cast: Cast) -> None:
    question, author = asked(cast.actor("resident"), "Hemmelig"), cast.actor("resident")
    let_through(edited(question, "Hemmeligere", author))
    asked(cast.actor("resident2"), "Et svar", ref=of(question))
    withdraw_contribution(author, question.id)
    withdraw_contribution(author, question.id)
    said = [*db.session.scalars(sa.select(ContributionVersion.text)), question.text]
    assert said == ["", ""]
    assert tally(INDICATOR, "questions") == 0
    (thread,) = panels.panel(ANONYMOUS, INDICATOR).threads[Form.QUESTION]
    assert (thread.top.is_shown, thread.top.state) == (False, PublicationState.WITHDRAWN)
    assert [each.text for each in thread.replies] == ["Et svar"]


def test_what_is_taken_back_without_replies_leaves_no_place(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    withdraw_contribution(cast.actor("resident"), question.id)
    assert panels.panel(cast.actor("resident"), INDICATOR).threads[Form.QUESTION] == []


def test_moderation_never_brings_back_what_its_author_took_back(cast: Cast) -> None:
    question = asked(cast.actor("resident"), "Hemmelig")
    withdraw_contribution(cast.actor("resident"), question.id)
    restrict(of(question), Restriction(state=PublicationState.PUBLISHED, fields={"text": "Hemmelig"}))
    assert (question.state, question.text) == (PublicationState.WITHDRAWN, "")


# -- moderation --------------------------------------------------------------------------------------------------------


def test_what_is_masked_is_masked_in_the_history_too_and_a_reversal_restores_it(cast: Cast) -> None:
    question = asked(cast.actor("resident"), "Ring 91234567 nå")
    let_through(edited(question, "Ring 91234567", cast.actor("resident")))
    masked = Restriction(state=PublicationState.PUBLISHED, fields={"text": "Ring ▇▇▇"}, hide_versions=True)
    restrict(of(question), masked)
    (wording,) = pages.history(ANONYMOUS, question.id).wordings
    assert (wording.hidden, wording.pieces) == (True, ())
    assert tally(INDICATOR, "questions") == 1
    restrict(of(question), Restriction(state=PublicationState.PUBLISHED, fields={"text": "Ring 91234567"}))
    (wording,) = pages.history(ANONYMOUS, question.id).wordings
    assert not wording.hidden


@pytest.mark.parametrize("state", list(PublicationState))
def test_the_counter_follows_every_change_of_state(cast: Cast, state: PublicationState) -> None:
    question = asked(cast.actor("resident"))
    for each in (state, state, PublicationState.PUBLISHED):
        restrict(of(question), Restriction(state=each))
        assert tally(INDICATOR, "questions") == (question.state is PublicationState.PUBLISHED)


def test_what_is_hidden_keeps_its_place_while_there_are_replies(cast: Cast) -> None:
    question = asked(cast.actor("resident"), "Sinna")
    asked(cast.actor("resident2"), "Rolig", ref=of(question))
    restrict(of(question), Restriction(state=PublicationState.HIDDEN))
    for who, sees in ((ANONYMOUS, False), (cast.actor("resident"), True)):
        (thread,) = panels.panel(who, INDICATOR).threads[Form.QUESTION]
        assert thread.top.is_shown is sees
        assert [each.text for each in thread.replies] == ["Rolig"]
    with pytest.raises(NotFound):
        pages.history(ANONYMOUS, question.id)


# -- many at once ------------------------------------------------------------------------------------------------------


def test_twenty_four_posts_of_one_form_make_one_contribution(own_app: Flask) -> None:
    with own_app.app_context():
        author = make_cast().actor("resident")
    made, begin = [], Barrier(24)

    def send() -> None:
        begin.wait()
        with own_app.app_context():
            draft = ContributionDraft(text="Når?", form=Form.QUESTION, key="one", byline=Byline.PSEUDONYM)
            made.append(contribute(author, INDICATOR, draft).id)

    threads = [Thread(target=send) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert len(made) == 24
        assert len(set(made)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 1
        db.session.remove()


# -- reading in a fixed number of statements ---------------------------------------------------------------------------


def test_a_panel_costs_the_same_however_much_is_written(cast: Cast, count_queries: Counting) -> None:
    for number in range(12):
        question = asked(cast.actor("resident"), f"Spørsmål {number}")
        for reply in range(12 if number == 11 else 1):
            asked(cast.actor("resident2"), f"Svar {reply}", ref=of(question))
    support(cast.actor("resident2"), of(question))
    with count_queries(at_most=4):  # type: ignore[attr-defined]  # a context manager
        panel = panels.panel(cast.actor("resident2"), INDICATOR)
    first = panel.threads[Form.QUESTION][0]
    assert len(panel.threads[Form.QUESTION]) == panels.SHOWN
    assert panel.more == {Form.QUESTION}
    assert (first.top.text, first.top.supports, first.top.supported) == ("Spørsmål 11", 1, True)
    assert (len(first.replies), first.left, first.top.reply_count) == (10, 2, 12)
