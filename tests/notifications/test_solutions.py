"""Who is told what of solutions: those who share them, those who use them, and those behind what they came of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.accounts.actions.administration import deactivate_account
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.outbox import OutboxRow
from portal.notifications.models import Notice, NoticeKind
from portal.participation.actions.joining import follow, support
from portal.solutions.actions.adopting import begin_adoption, change_adoption
from portal.solutions.actions.sharing import edit_solution, share_solution, withdraw_solution
from portal.solutions.adoption import Step
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.solutions.adopting import HERE, THERE, adopted, draft, now
from tests.support.cast import Cast
from tests.support.cocreation import contributing, started
from tests.support.ideas import published
from tests.support.mailbox import Mailbox
from tests.support.moderating import decided
from tests.support.page import Visitor
from tests.support.solutions import draft as solution_draft
from tests.support.solutions import shared

Work = Callable[[], None]


@pytest.fixture
def solution(cast: Cast) -> Solution:
    """A solution that the employee shared, and a resident follows."""
    made = shared(cast.actor("employee"))
    follow(cast.actor("resident"), Ref(SOLUTION, made.id))
    forget()
    return made


def forget() -> None:
    """Let what came of making it be read and gone."""
    db.session.execute(sa.delete(OutboxRow))
    db.session.execute(sa.delete(Notice))
    db.session.commit()


def told(cast: Cast, name: str) -> list[str]:
    """What somebody has been told, oldest first."""
    mine = sa.select(Notice.sentence).where(Notice.account_id == getattr(cast, name).id)
    return list(db.session.scalars(mine.order_by(Notice.id)))


def approve(cast: Cast, kind: str, id_: int) -> None:
    """Let a moderator let a text through."""
    decided(cast.actor("moderator"), Ref(kind, id_))


def begun(cast: Cast, solution: Solution, step: Step = Step.IN_USE, **given: str) -> Adoption:
    return begin_adoption(cast.actor("partner"), solution.id, THERE, draft(step, **given))


def test_the_source_is_told_of_each_step_and_followers_of_use(
    cast: Cast, solution: Solution, run_worker: Work, smtp: Mailbox
) -> None:
    adoption = begun(cast, solution, Step.INTERESTED)
    for step in (Step.PILOTING, Step.IN_USE, Step.STOPPED):
        change_adoption(cast.actor("partner"), adoption.id, draft(step), version=now(adoption).version)
    run_worker()
    assert told(cast, "employee") == ["solution_considered", "solution_tried", "solution_used", "solution_left"]
    assert told(cast, "resident") == ["solution_spread"]
    assert told(cast, "partner") == []
    kinds = sa.select(Notice.notice_kind).where(Notice.account_id == cast.employee.id).distinct()
    assert db.session.scalars(kinds).all() == [NoticeKind.SOLUTION]


def test_the_source_is_told_once_when_the_first_words_come_with_the_step(
    cast: Cast, solution: Solution, run_worker: Work, smtp: Mailbox
) -> None:
    adoption = begun(cast, solution, result="Det virker.")
    approve(cast, ADOPTION, adoption.id)
    run_worker()
    assert told(cast, "employee") == ["solution_used"]
    assert told(cast, "resident") == ["solution_spread"]


def test_a_result_that_is_told_back_later_reaches_the_source_when_it_is_shown(
    cast: Cast, run_worker: Work, smtp: Mailbox
) -> None:
    solution = shared(cast.actor("partner"), "Turvenn")
    adoption = begin_adoption(cast.actor("adviser"), solution.id, HERE, draft())
    forget()
    words = draft(result="Ring 22 22 22 22 og hør: syv av ti går tur.")
    change_adoption(cast.actor("adviser"), adoption.id, words, version=now(adoption).version)
    run_worker()
    assert told(cast, "partner") == []
    approve(cast, ADOPTION, adoption.id)
    run_worker()
    assert told(cast, "partner") == ["solution_told"]


def test_those_who_use_and_follow_it_are_told_when_it_is_changed_and_shown(
    cast: Cast, solution: Solution, run_worker: Work, smtp: Mailbox
) -> None:
    adopted(cast.actor("partner"), solution)
    forget()
    new = solution_draft("Middag i lag på 22 22 22 22")
    edit_solution(cast.actor("employee"), solution.id, new, version=solution.version)
    run_worker()
    assert told(cast, "partner") == told(cast, "resident") == []
    approve(cast, SOLUTION, solution.id)
    run_worker()
    assert told(cast, "partner") == ["solution_changed"]
    assert told(cast, "resident") == ["followed_solution"]


def test_those_who_use_it_are_told_when_it_is_withdrawn_and_led_to_their_own_account(
    cast: Cast, visitor: Callable[..., Visitor], solution: Solution, run_worker: Work, smtp: Mailbox
) -> None:
    adoption = adopted(cast.actor("partner"), solution)
    forget()
    withdraw_solution(cast.actor("employee"), solution.id)
    run_worker()
    assert told(cast, "partner") == ["solution_withdrawn"]
    assert told(cast, "employee") == []
    page = visitor("partner").get("notifications.index")
    assert page.all(f'a[href="/losninger/bruk/{adoption.id}"]')


def test_those_behind_an_idea_are_told_that_it_became_a_solution(cast: Cast, run_worker: Work, smtp: Mailbox) -> None:
    idea = published(cast.actor("resident"))
    support(cast.actor("resident2"), Ref("idea", idea.id))
    forget()
    waiting = solution_draft("Nattbuss på 22 22 22 22")
    solution = share_solution(cast.actor("employee"), waiting, origin=Ref("idea", idea.id))
    run_worker()
    assert told(cast, "resident") == []
    approve(cast, SOLUTION, solution.id)
    run_worker()
    assert told(cast, "resident") == told(cast, "resident2") == ["solution_made"]


def test_those_in_a_project_are_told_that_it_became_a_solution(cast: Cast, run_worker: Work, smtp: Mailbox) -> None:
    project = started(cast.actor("volunteer"))
    contributing(cast.actor("volunteer"), project, cast.actor("resident2"))
    forget()
    solution = share_solution(cast.actor("employee"), solution_draft(), origin=Ref("project", project.id))
    approve(cast, SOLUTION, solution.id)
    run_worker()
    assert told(cast, "volunteer") == told(cast, "resident2") == ["solution_made"]


def test_when_its_author_is_gone_the_advisers_are_told(
    cast: Cast, solution: Solution, run_worker: Work, smtp: Mailbox
) -> None:
    deactivate_account(cast.actor("admin"), cast.employee.id)
    forget()
    begun(cast, solution, Step.INTERESTED)
    run_worker()
    assert told(cast, "adviser") == ["solution_considered"]
    assert told(cast, "employee") == []


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, run_worker: Work, smtp: Mailbox) -> None:
    solution = shared(cast.actor("partner"), "Turvenn")
    follow(cast.actor("adviser"), Ref(SOLUTION, solution.id))
    forget()
    begin_adoption(cast.actor("adviser"), solution.id, HERE, draft())
    run_worker()
    assert told(cast, "adviser") == []
    assert told(cast, "partner") == ["solution_used"]


def test_people_choose_how_often_they_hear_of_solutions(visitor: Callable[..., Visitor]) -> None:
    page = visitor("employee").get("notifications.choices")
    assert page.form("main form")["solution"] == "now"
