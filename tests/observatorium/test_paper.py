"""Paper forms: entered by one, approved by another, counted like all others, and then forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import SYSTEM, StakeholderGroup
from portal.observatorium import secrecy
from portal.observatorium.actions import paper, publishing, rounds
from portal.observatorium.actions.paper import BatchDraft, FormDraft, Verdict
from portal.observatorium.catalogue import Answer
from portal.observatorium.kinds import outreach as kinds
from portal.observatorium.models.outreach import BatchState, PaperBatch, PaperForm
from portal.observatorium.models.rounds import Ballot, Rating, Tie
from portal.observatorium.queries import paper as queries
from portal.observatorium.queries.publishing import find_revision
from portal.observatorium.queries.rounds import get_round, participation
from tests.observatorium.rounds import an_open_round, change, draft, work
from tests.support.cast import Cast

RESIDENTS = BatchDraft(label="Biblioteket, uke 40", group=StakeholderGroup.RESIDENT)


def form(number: int = 1, answer: Answer = Answer.GREEN, **more: Any) -> FormDraft:
    return FormDraft(number=number, tie=Tie.LIVES, answers={"1.1": answer, "1.2": Answer.UNKNOWN}, **more)


def a_batch(cast: Cast, count: int = 3, told: BatchDraft = RESIDENTS) -> PaperBatch:
    batch = paper.begin_batch(cast.actor("employee"), "2026", told)
    for number in range(1, count + 1):
        paper.enter_form(cast.actor("employee"), "2026", batch.id, form(number))
    return batch


def a_waiting_batch(cast: Cast, count: int = 3, told: BatchDraft = RESIDENTS) -> PaperBatch:
    return paper.send_batch(cast.actor("employee"), "2026", a_batch(cast, count, told).id)


def approve(cast: Cast, batch: PaperBatch) -> PaperBatch:
    return paper.approve_batch(cast.actor("coordinator"), "2026", batch.id, Verdict(version=batch.version))


def ballots() -> list[Ballot]:
    return list(db.session.scalars(sa.select(Ballot)))


def kept_forms() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(PaperForm)) or 0


# --- from table to result ---------------------------------------------------------------------------------------------


def test_an_approved_batch_is_counted_like_all_other_answers_and_forgotten(cast: Cast) -> None:
    round_ = an_open_round(cast)
    batch = a_waiting_batch(cast, 12)
    assert not ballots(), "nothing counts before somebody else has seen it"
    approved = approve(cast, batch)
    assert approved.state is BatchState.APPROVED
    assert approved.count == 12
    assert kept_forms() == 0
    assert participation(round_.id) == {StakeholderGroup.RESIDENT: 10}
    given = db.session.execute(sa.select(Rating.indicator, Rating.answer, sa.func.count()).group_by(sa.text("1, 2")))
    assert set(given.all()) == {("1.1", Answer.GREEN, 12), ("1.2", Answer.UNKNOWN, 12)}


def test_paper_is_in_the_published_result(cast: Cast, run_worker: Callable[[], None]) -> None:
    round_ = an_open_round(cast)
    approve(cast, a_waiting_batch(cast, 12))
    rounds.close_round(cast.actor("coordinator"), "2026")
    publishing.publish_round(cast.actor("coordinator"), "2026")
    run_worker()
    revision = find_revision(round_.id, 1)
    assert revision is not None
    assert revision.summary["participants"]["resident"] == 10


def test_an_organisation_weighs_by_the_same_pseudonym_as_when_its_people_answer_here(cast: Cast) -> None:
    round_ = an_open_round(cast)
    organisation = cast.business_organisation.id
    told = BatchDraft(label="Verkstedet", group=StakeholderGroup.BUSINESS, organisation_id=organisation)
    approve(cast, a_waiting_batch(cast, 2, told))
    key = secrecy.read_key(round_.id)
    assert {each.organisation for each in ballots()} == {secrecy.organisation_pseudonym(key, organisation)}


def test_no_pseudonym_can_be_found_again_from_the_batch_the_number_or_an_account(cast: Cast) -> None:
    round_ = an_open_round(cast)
    approve(cast, a_waiting_batch(cast, 3))
    key = secrecy.read_key(round_.id)
    derived = {secrecy.pseudonym(key, number) for number in range(1000)}
    assert not derived & {each.pseudonym for each in ballots()}
    assert all(each.invitation_id is None for each in ballots())


def test_paper_that_comes_late_counts_until_the_result_is_computed(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    rounds.close_round(cast.actor("coordinator"), "2026")
    late = a_waiting_batch(cast, 2, BatchDraft(label="Etternølere", group=StakeholderGroup.RESIDENT))
    approve(cast, batch)
    publishing.publish_round(cast.actor("coordinator"), "2026")
    with pytest.raises(Conflict):
        approve(cast, late)
    assert len(ballots()) == 3


def test_neither_a_draft_nor_a_round_that_has_not_begun_takes_paper(cast: Cast) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    with pytest.raises(Conflict):
        paper.begin_batch(cast.actor("coordinator"), "2026", RESIDENTS)
    with pytest.raises(NotFound):
        paper.begin_batch(cast.actor("employee"), "2026", RESIDENTS)


def test_what_was_never_approved_is_thrown_away_when_the_round_is_over(cast: Cast) -> None:
    an_open_round(cast)
    approve(cast, a_waiting_batch(cast, 2))
    a_batch(cast, 3, BatchDraft(label="Glemt", group=StakeholderGroup.RESIDENT))
    assert paper.forget_unused_paper() == 0
    rounds.close_round(cast.actor("coordinator"), "2026")
    publishing.publish_round(cast.actor("coordinator"), "2026")
    work()
    assert paper.forget_unused_paper() == 1
    assert kept_forms() == 0
    assert list(db.session.scalars(sa.select(PaperBatch.state))) == [BatchState.APPROVED]
    with pytest.raises(Forbidden):
        paper.forget_unused_paper(cast.actor("coordinator"))


# --- two people -------------------------------------------------------------------------------------------------------


def test_nobody_approves_or_rejects_what_they_entered_themselves(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    for decide in (paper.approve_batch, paper.reject_batch):
        with pytest.raises(Forbidden):
            decide(cast.actor("employee"), "2026", batch.id, Verdict(version=batch.version, reason="x"))
    assert not ballots()


def test_the_database_refuses_one_person_in_both_roles_too(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    same = sa.update(PaperBatch).where(PaperBatch.id == batch.id).values(decided_by_id=cast.employee.id)
    with pytest.raises((IntegrityError, Conflict)):
        change(same)


@pytest.mark.parametrize("name", ["resident", "volunteer", "moderator", "admin", "verifier"])
def test_others_than_employees_and_coordinators_neither_enter_nor_read_nor_decide(cast: Cast, name: str) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    with pytest.raises(Forbidden):
        paper.begin_batch(cast.actor(name), "2026", BatchDraft(label="Min", group=StakeholderGroup.RESIDENT))
    with pytest.raises(Forbidden):
        paper.approve_batch(cast.actor(name), "2026", batch.id, Verdict(version=batch.version))
    with pytest.raises(Forbidden):
        queries.batch_page(cast.actor(name), "2026", batch.id)


def test_a_rejected_batch_goes_back_with_the_reason_and_can_be_mended_and_sent_again(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    seen = batch.version
    with pytest.raises(Invalid):
        paper.reject_batch(cast.actor("coordinator"), "2026", batch.id, Verdict(version=seen))
    paper.reject_batch(cast.actor("coordinator"), "2026", batch.id, Verdict(version=seen, reason="Skjema 2 er feil."))
    assert queries.batch_page(cast.actor("employee"), "2026", batch.id).batch.reason == "Skjema 2 er feil."
    paper.enter_form(cast.actor("employee"), "2026", batch.id, form(2, Answer.RED, replaces=2))
    paper.send_batch(cast.actor("employee"), "2026", batch.id)
    with pytest.raises(Conflict):  # the page that the coordinator still has open shows the first try
        paper.approve_batch(cast.actor("coordinator"), "2026", batch.id, Verdict(version=seen))
    approve(cast, queries.batch_page(cast.actor("coordinator"), "2026", batch.id).batch)
    reds = sa.select(sa.func.count()).where(Rating.answer == Answer.RED)
    assert db.session.scalar(reds) == 1


def test_a_batch_counts_once_however_often_it_is_approved(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    approve(cast, batch)
    with pytest.raises(Conflict):
        approve(cast, batch)
    assert len(ballots()) == 3


def test_what_waits_or_is_approved_is_not_changed(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_waiting_batch(cast)
    employee = cast.actor("employee")
    for late in (
        lambda: paper.enter_form(employee, "2026", batch.id, form(9)),
        lambda: paper.remove_form(employee, "2026", batch.id, 1),
        lambda: paper.send_batch(employee, "2026", batch.id),
        lambda: paper.discard_batch(employee, "2026", batch.id),
    ):
        with pytest.raises(Conflict):
            late()


# --- entering ---------------------------------------------------------------------------------------------------------


def test_forms_are_entered_mended_renumbered_and_removed_while_it_is_a_draft(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_batch(cast, 3)
    employee = cast.actor("employee")
    paper.enter_form(employee, "2026", batch.id, form(7, Answer.RED, replaces=2))
    paper.remove_form(employee, "2026", batch.id, 3)
    page = queries.batch_page(employee, "2026", batch.id)
    assert [(each.number, each.answers["1.1"]) for each in page.forms] == [(1, "green"), (7, "red")]
    assert page.batch.count == 2
    assert page.following == 8
    with pytest.raises(NotFound):
        paper.remove_form(employee, "2026", batch.id, 3)


def test_two_forms_never_share_a_number_and_an_empty_one_is_not_entered(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_batch(cast, 2)
    employee = cast.actor("employee")
    for twice in (form(1), form(1, replaces=2)):
        with pytest.raises(Invalid):
            paper.enter_form(employee, "2026", batch.id, twice)
    with pytest.raises(Invalid):
        paper.enter_form(employee, "2026", batch.id, FormDraft(number=3, tie=Tie.LIVES, answers={}))
    odd = FormDraft(number=3, tie=Tie.LIVES, answers={"9.9": Answer.RED})
    with pytest.raises(NotFound):
        paper.enter_form(employee, "2026", batch.id, odd)


def test_only_who_began_a_batch_changes_it(cast: Cast) -> None:
    an_open_round(cast)
    batch = a_batch(cast)
    with pytest.raises(Forbidden):
        paper.enter_form(cast.actor("employee2"), "2026", batch.id, form(9))
    with pytest.raises(Forbidden):
        paper.discard_batch(cast.actor("coordinator"), "2026", batch.id)
    paper.discard_batch(cast.actor("employee"), "2026", batch.id)
    assert kept_forms() == 0


def test_an_empty_batch_is_not_sent(cast: Cast) -> None:
    an_open_round(cast)
    with pytest.raises(Invalid):
        paper.send_batch(cast.actor("employee"), "2026", a_batch(cast, 0).id)


def test_a_batch_is_of_residents_or_of_a_verified_organisation_in_its_group(cast: Cast) -> None:
    an_open_round(cast)
    business = cast.business_organisation.id
    for wrong in (
        BatchDraft(label="a", group=StakeholderGroup.RESIDENT, organisation_id=business),
        BatchDraft(label="a", group=StakeholderGroup.BUSINESS),
        BatchDraft(label="a", group=StakeholderGroup.KNOWLEDGE, organisation_id=business),
        BatchDraft(label="a", group=StakeholderGroup.BUSINESS, organisation_id=999999),
    ):
        with pytest.raises(Invalid):
            paper.begin_batch(cast.actor("employee"), "2026", wrong)
    a_batch(cast, 0)
    with pytest.raises(Invalid):
        a_batch(cast, 0)


# --- what is told -----------------------------------------------------------------------------------------------------


def test_the_trail_tells_how_many_forms_and_never_an_answer(cast: Cast) -> None:
    an_open_round(cast)
    approve(cast, a_waiting_batch(cast))
    entries = list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name.startswith("observatory.paper"))))
    assert {each.name for each in entries} == {
        "observatory.paper_batch_begun",
        "observatory.paper_form_entered",
        "observatory.paper_batch_sent",
        "observatory.paper_batch_approved",
    }
    told = " ".join(str(vars(each)) for each in entries)
    assert "'count': 3" in told
    for secret in ("green", "unknown", "1.1", "lives"):
        assert secret not in told


def test_what_a_person_did_is_exported_without_the_answers_and_erased_to_a_batch_without_a_name(cast: Cast) -> None:
    round_ = an_open_round(cast)
    approve(cast, a_waiting_batch(cast))
    exported = kinds.export(cast.employee.id)
    assert exported["batches_entered"] == [
        {"slug": "2026", "label": RESIDENTS.label, "count": 3, "batch_state": BatchState.APPROVED}
    ]
    kinds.erase(cast.employee.id)
    kinds.erase(cast.coordinator.id)
    db.session.commit()
    kept = db.session.scalars(sa.select(PaperBatch).execution_options(populate_existing=True)).one()
    assert (kept.entered_by_id, kept.decided_by_id) == (None, None)
    assert get_round(SYSTEM, round_.slug).opens_at < clock.now()
