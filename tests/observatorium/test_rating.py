"""Rating: one answer per person, indicator and round; who may, as what, and when; and comments beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Organisation, Spokesperson
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, SignInMethod, StakeholderGroup
from portal.observatorium import secrecy
from portal.observatorium.actions import comments, rating, rounds
from portal.observatorium.actions.rating import Standing
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import Ballot, Comment, Rating, Tie
from portal.observatorium.queries.rounds import participation
from portal.observatorium.secrecy import KeyMissing
from tests.observatorium.rounds import RESIDENT, an_open_round, answers, change, draft, people
from tests.support.cast import Cast, make_cast
from tests.support.moderating import decided


def given() -> list[tuple[str, Answer]]:
    return [
        (indicator, answer)
        for indicator, answer in db.session.execute(
            sa.select(Rating.indicator, Rating.answer).order_by(Rating.indicator)
        )
    ]


def joined() -> int:
    return len(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "observatory.round_joined")).all())


def for_organisation(cast: Cast, who: str) -> Standing:
    organisation: Organisation = getattr(cast, f"{who}_organisation")
    return Standing(group=organisation.group, tie=Tie.ORGANISATION, organisation_id=organisation.id)


def test_a_resident_answers_changes_and_takes_back(cast: Cast) -> None:
    an_open_round(cast)
    resident = cast.actor("resident")
    answers(resident, "1.1", Answer.RED)
    answers(resident, "1.2", Answer.UNKNOWN, standing=None)
    answers(resident, "1.1", Answer.YELLOW, standing=None)
    assert given() == [("1.1", Answer.YELLOW), ("1.2", Answer.UNKNOWN)]
    assert rating.withdraw_rating(resident, "2026", "1.1")
    assert not rating.withdraw_rating(resident, "2026", "1.1")
    assert given() == [("1.2", Answer.UNKNOWN)]


def test_all_thirty_nine_can_be_answered_and_taken_back_at_once(cast: Cast) -> None:
    an_open_round(cast)
    resident = cast.actor("resident")
    for indicator in catalogue().indicators:
        answers(resident, indicator.number)
    assert len(given()) == 39
    assert rating.withdraw_all(resident, "2026") == 39
    assert given() == []
    assert joined() == 1


def test_joining_is_told_once_and_nothing_else_of_rating_is(cast: Cast) -> None:
    an_open_round(cast)
    before = db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))
    answers(cast.actor("resident"), "1.1")
    answers(cast.actor("resident"), "1.2")
    rating.withdraw_rating(cast.actor("resident"), "2026", "1.2")
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.id > (before or 0))).all()
    assert [entry.name for entry in entries] == ["observatory.round_joined"]
    assert set(entries[0].body) == {"round_id", "slug"}


def test_the_first_answer_needs_to_know_who_answers(cast: Cast) -> None:
    an_open_round(cast)
    with pytest.raises(Invalid) as refused:
        answers(cast.actor("resident"), standing=None)
    assert refused.value.field == "group"
    assert given() == []
    assert joined() == 0


@pytest.mark.parametrize(
    ("who", "group"),
    [
        ("volunteer", StakeholderGroup.VOLUNTARY_SECTOR),
        ("business", StakeholderGroup.BUSINESS),
        ("knowledge", StakeholderGroup.KNOWLEDGE),
    ],
)
def test_a_verified_spokesperson_answers_for_the_organisation(cast: Cast, who: str, group: StakeholderGroup) -> None:
    an_open_round(cast)
    answers(cast.actor(who), standing=for_organisation(cast, who))
    ballot = db.session.scalars(sa.select(Ballot)).one()
    assert (ballot.group, len(ballot.organisation or b"")) == (group, 32)


def test_nobody_answers_for_an_organisation_that_is_not_theirs(cast: Cast) -> None:
    an_open_round(cast)
    business = for_organisation(cast, "business")
    wrong = [
        ("resident", business),  # speaks for nobody
        ("volunteer", business),  # speaks for another
        ("business", replace(business, group=StakeholderGroup.KNOWLEDGE)),  # in another group than it belongs to
        ("business", replace(business, organisation_id=None)),
        ("business", replace(business, group=StakeholderGroup.RESIDENT)),  # a resident has no organisation
    ]
    for who, standing in wrong:
        with pytest.raises(Forbidden):
            answers(cast.actor(who), standing=standing)
    assert db.session.scalars(sa.select(Ballot)).all() == []


@pytest.mark.parametrize("model", [Organisation, Spokesperson])
def test_nobody_answers_for_an_organisation_before_it_and_they_are_verified(
    cast: Cast, model: type[Organisation | Spokesperson]
) -> None:
    an_open_round(cast)
    change(sa.update(model).values(verified_at=None))
    with pytest.raises(Forbidden):
        answers(cast.actor("business"), standing=for_organisation(cast, "business"))
    assert db.session.scalars(sa.select(Ballot)).all() == []


def test_group_and_organisation_are_frozen_at_the_first_answer(cast: Cast) -> None:
    an_open_round(cast)
    business = cast.actor("business")
    answers(business, "1.1", standing=RESIDENT)
    with pytest.raises(Conflict, match="Hvem du svarer som"):
        answers(business, "1.2", standing=for_organisation(cast, "business"))
    rating.withdraw_all(business, "2026")
    with pytest.raises(Conflict):
        answers(business, "1.2", standing=for_organisation(cast, "business"))
    answers(business, "1.2", standing=RESIDENT)
    assert db.session.scalars(sa.select(Ballot)).one().group is StakeholderGroup.RESIDENT


def test_who_no_longer_speaks_for_the_organisation_answers_no_more_for_it(cast: Cast) -> None:
    an_open_round(cast)
    answers(cast.actor("business"), "1.1", standing=for_organisation(cast, "business"))
    change(sa.update(Spokesperson).values(verified_at=None))
    with pytest.raises(Forbidden, match="ikke lenger"):
        answers(cast.actor("business"), "1.2", standing=None)


def test_an_unknown_indicator_is_not_found(cast: Cast) -> None:
    an_open_round(cast)
    for number in ("5.1", "1.11", "", "1.1 "):
        with pytest.raises(NotFound):
            answers(cast.actor("resident"), number)


def test_a_round_that_is_not_open_takes_no_answers(cast: Cast) -> None:
    coordinator, resident = cast.actor("coordinator"), cast.actor("resident")
    with pytest.raises(NotFound):
        answers(resident)
    rounds.make_round(coordinator, draft())
    with pytest.raises(NotFound):  # a draft is not there for others
        answers(resident)
    rounds.open_round(coordinator, "2026")
    with clock.moved(timedelta(hours=-2)), pytest.raises(Conflict, match="ikke åpnet"):
        answers(resident)
    with clock.moved(timedelta(days=31)), pytest.raises(Conflict, match="lukket"):
        answers(resident)  # over by the clock, before the worker has closed it
    answers(resident)
    rounds.close_round(coordinator, "2026")
    for late in (
        lambda: answers(resident, answer=Answer.RED),
        lambda: rating.withdraw_rating(resident, "2026", "1.1"),
        lambda: rating.withdraw_all(resident, "2026"),
    ):
        with pytest.raises(Conflict, match="lukket"):
            late()
    assert given() == [("1.1", Answer.GREEN)]


def test_only_the_ways_of_signing_in_that_the_round_allows_may_rate(cast: Cast) -> None:
    an_open_round(cast, methods=(SignInMethod.OIDC,))
    resident = cast.actor("resident")
    with pytest.raises(Forbidden, match="logge inn"):
        answers(resident)
    answers(replace(resident, sign_in=SignInMethod.OIDC))


def test_a_limited_account_and_nobody_at_all_are_refused(cast: Cast) -> None:
    an_open_round(cast)
    with pytest.raises(Forbidden, match="begrenset"):
        answers(replace(cast.actor("resident"), limited_until=clock.now() + timedelta(days=1)))
    with pytest.raises(Forbidden, match="logge inn"):
        answers(ANONYMOUS)
    answers(replace(cast.actor("resident"), limited_until=clock.now() - timedelta(days=1)))


def test_without_the_key_of_the_round_nobody_can_answer_and_nothing_is_lost(cast: Cast) -> None:
    opened = an_open_round(cast)
    answers(cast.actor("resident"))
    secrecy.destroy(opened.id)
    with pytest.raises(KeyMissing):
        answers(cast.actor("resident"), answer=Answer.RED)
    assert given() == [("1.1", Answer.GREEN)]


def test_participation_is_rounded_down_to_tens_in_each_group(cast: Cast) -> None:
    opened = an_open_round(cast)
    for actor in people(19):
        answers(actor)
    answers(cast.actor("knowledge"), standing=for_organisation(cast, "knowledge"))
    assert participation(opened.id) == {StakeholderGroup.RESIDENT: 10}


@pytest.mark.parametrize("times", [2, 8])
def test_many_tabs_at_once_make_one_ballot_one_event_and_one_rating(own_app: Flask, times: int) -> None:
    with own_app.app_context():
        cast = make_cast()
        an_open_round(cast)
        resident = cast.actor("resident")
    together = threading.Barrier(times)
    refused: list[BaseException] = []

    def tab(answer: Answer) -> None:
        with own_app.app_context():
            together.wait()
            try:
                answers(resident, "1.1", answer)
            except Exception as error:  # noqa: BLE001 - whatever a thread met is told by the test
                refused.append(error)

    threads = [threading.Thread(target=tab, args=(tuple(Answer)[n % 4],)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert refused == []
        assert (len(db.session.scalars(sa.select(Ballot)).all()), joined(), len(given())) == (1, 1, 1)


def test_answers_and_closing_at_once_leave_nothing_after_the_close(own_app: Flask) -> None:
    with own_app.app_context():
        cast = make_cast()
        an_open_round(cast)
        raters, coordinator = people(6), cast.actor("coordinator")
    together = threading.Barrier(len(raters) + 1)
    stored: list[int] = []

    def in_app(what: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with own_app.app_context():
                together.wait()
                try:
                    what()
                except Conflict:
                    return
                stored.append(1)

        return run

    def everything_of(actor: object) -> Callable[[], object]:
        return lambda: [answers(actor, f"1.{n}") for n in range(1, 10)]  # type: ignore[arg-type]

    def close() -> None:
        rounds.close_round(coordinator, "2026")
        at_close.extend(given())

    at_close: list[tuple[str, Answer]] = []
    work = [in_app(everything_of(actor)) for actor in raters] + [in_app(close)]
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert given() == at_close


# --- comments ---------------------------------------------------------------------------------------------------------


def a_comment(cast: Cast, text: str = "Høringsfristene er for korte.", who: str = "resident") -> Comment:
    return comments.comment(cast.actor(who), comments.CommentDraft(round="2026", indicator="1.8", text=text))


def test_a_comment_waits_for_a_moderator_and_is_then_shown(cast: Cast) -> None:
    an_open_round(cast)
    written = a_comment(cast)
    assert written.state is PublicationState.PENDING
    decided(cast.actor("moderator"), Ref(COMMENT, written.id))
    assert written.state is PublicationState.PUBLISHED


def test_a_rewritten_comment_waits_again_and_the_same_text_does_not(cast: Cast) -> None:
    an_open_round(cast)
    written = a_comment(cast)
    decided(cast.actor("moderator"), Ref(COMMENT, written.id))
    assert a_comment(cast).state is PublicationState.PUBLISHED
    rewritten = a_comment(cast, "Fristene er fine nå.")
    assert (rewritten.id, rewritten.state) == (written.id, PublicationState.PENDING)


def test_the_author_takes_a_comment_back_at_any_time_and_nobody_else_does(cast: Cast) -> None:
    an_open_round(cast)
    written = a_comment(cast)
    rounds.close_round(cast.actor("coordinator"), "2026")
    with pytest.raises(NotFound):
        comments.withdraw_comment(cast.actor("resident2"), written.id)
    comments.withdraw_comment(cast.actor("resident"), written.id)
    assert (written.state, written.text) == (PublicationState.WITHDRAWN, "")
    with pytest.raises(Conflict):
        decided(cast.actor("moderator"), Ref(COMMENT, written.id))


def test_a_closed_round_takes_no_comments(cast: Cast) -> None:
    an_open_round(cast)
    rounds.close_round(cast.actor("coordinator"), "2026")
    with pytest.raises(Conflict):
        a_comment(cast)
