"""What projects need: asking, signing up within what there is, seeing who helps, and saying thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.actions import needs as actions
from portal.cocreation.kinds import personal
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.models.together import Need, NeedKind, SignUp
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS
from tests.cocreation.together import a_need, need_draft
from tests.support.cocreation import contributing, joined, let_through, started
from tests.support.page import Page, Visitor

Browser = Callable[..., Visitor]


def kept(need: Need) -> tuple[int, int]:
    """Return how much is taken by what the need says, and by the rows."""
    rows = sa.select(sa.func.coalesce(sa.func.sum(SignUp.amount), 0)).where(SignUp.need_id == need.id)
    taken = db.session.scalars(sa.select(Need.taken).where(Need.id == need.id)).one()
    return taken, db.session.scalar(rows) or 0


def events(name: str) -> int:
    found = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.name == name)
    return db.session.scalar(found) or 0


@pytest.fixture
def project(cast: Any) -> Project:
    return started(cast.actor("resident"))


@pytest.fixture
def need(cast: Any, project: Project) -> Need:
    return a_need(cast.actor("resident"), project)


@atomic
def over(project: Project) -> None:
    project.ended_at, project.ending = clock.now(), Ending.SUCCEEDED


def a_form(page: Page, title: str = "Et rom på onsdager") -> dict[str, Any]:
    said = {"kind": "rooms", "title": title, "capacity": "2", "text": "Med kjøkken.", "skills": "vertskap, Vertskap"}
    return page.form("main form.form") | said


def test_owners_and_representatives_ask_for_what_the_project_needs(cast: Any, project: Project) -> None:
    representative = cast.actor("business")
    joined(cast.actor("resident"), project, representative)
    need = actions.write_need(representative, project.id, need_draft(title="Et rom"), key="rom")
    assert (need.state, need.byline) == (PublicationState.PENDING, "Leder, Frivilligsentralen")


@pytest.mark.parametrize("who", ["resident2", "employee", "adviser", "moderator"])
def test_others_dont_ask_on_its_behalf(cast: Any, project: Project, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.write_need(cast.actor(who), project.id, need_draft(), key="x")
    contributing(cast.actor("resident"), project, cast.actor(who))
    with pytest.raises(Forbidden):
        actions.write_need(cast.actor(who), project.id, need_draft(), key="x")


def test_the_same_form_twice_is_one_need(cast: Any, project: Project) -> None:
    first = actions.write_need(cast.actor("resident"), project.id, need_draft(), key="one")
    assert actions.write_need(cast.actor("resident"), project.id, need_draft(), key="one").id == first.id


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": " "}),
        ("capacity", {"capacity": 0}),
        ("capacity", {"capacity": 10_000_001}),
        ("skills", {"skills": ("x" * 41,)}),
        ("skills", {"skills": tuple(map(str, range(11)))}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast: Any, project: Project, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.write_need(cast.actor("resident"), project.id, need_draft(**values), key="x")
    assert refusal.value.field == field


def test_anybody_signs_up_changes_and_signs_off(cast: Any, need: Need) -> None:
    helper = cast.actor("resident2")
    actions.sign_up(helper, need.id, 4, "Jeg kan lage suppe.")
    assert kept(need) == (4, 4)
    actions.sign_up(helper, need.id, 4, "Jeg kan lage suppe.")
    actions.sign_up(helper, need.id, 10)
    assert kept(need) == (10, 10)
    actions.sign_up(helper, need.id, 1)
    assert kept(need) == (1, 1)
    actions.sign_off(helper, need.id)
    actions.sign_off(helper, need.id)
    assert kept(need) == (0, 0)
    assert (events("project.signed_up"), events("project.signed_off")) == (3, 1)


def test_who_asks_for_more_than_is_left_is_told_how_much_there_is(cast: Any, need: Need) -> None:
    actions.sign_up(cast.actor("resident2"), need.id, 7)
    with pytest.raises(Invalid, match="3 timer") as refusal:
        actions.sign_up(cast.actor("employee"), need.id, 4)
    assert refusal.value.field == "amount"
    with pytest.raises(Invalid, match="10 timer"):
        actions.sign_up(cast.actor("resident2"), need.id, 11)
    assert kept(need) == (7, 7)


def test_nobody_signs_up_for_what_waits_is_closed_or_over(cast: Any, project: Project) -> None:
    owner, helper = cast.actor("resident"), cast.actor("resident2")
    contributing(owner, project, helper)
    waiting = actions.write_need(owner, project.id, need_draft(), key="waits")
    if waiting.state is not PublicationState.PUBLISHED:
        with pytest.raises(Conflict):
            actions.sign_up(helper, waiting.id, 1)
    need = a_need(owner, project)
    actions.close_need(owner, need.id)
    with pytest.raises(Conflict):
        actions.sign_up(helper, need.id, 1)
    actions.reopen_need(owner, need.id)
    actions.sign_up(helper, need.id, 1)
    over(project)
    with pytest.raises(Forbidden):
        actions.sign_up(helper, need.id, 2)
    with pytest.raises(Forbidden):
        actions.sign_up(ANONYMOUS, need.id, 1)


def test_who_signed_up_can_sign_off_also_when_it_is_over(cast: Any, project: Project, need: Need) -> None:
    actions.sign_up(cast.actor("resident2"), need.id, 2)
    over(project)
    actions.sign_off(cast.actor("resident2"), need.id)
    assert kept(need) == (0, 0)


def test_there_is_never_room_for_fewer_than_have_signed_up(cast: Any, need: Need) -> None:
    owner = cast.actor("resident")
    actions.sign_up(cast.actor("resident2"), need.id, 6)
    with pytest.raises(Invalid) as refusal:
        actions.edit_need(owner, need.id, need_draft(capacity=5), version=need.version)
    assert refusal.value.field == "capacity"
    with pytest.raises(Invalid) as refusal:
        actions.edit_need(owner, need.id, need_draft(kind=NeedKind.MONEY), version=need.version)
    assert refusal.value.field == "kind"
    assert actions.edit_need(owner, need.id, need_draft(capacity=6), version=need.version).capacity == 6


def test_signing_up_doesnt_stop_an_owner_who_is_changing_the_words(cast: Any, project: Project, need: Need) -> None:
    opened, of_project = need.version, project.version
    actions.sign_up(cast.actor("resident2"), need.id, 6)
    changed = actions.edit_need(cast.actor("resident"), need.id, need_draft(title="Kokker og vertskap"), version=opened)
    assert (changed.title, changed.taken) == ("Kokker og vertskap", 6)
    assert db.session.get_one(Project, project.id).version == of_project


def test_of_two_who_change_a_need_the_second_is_told(cast: Any, need: Need) -> None:
    opened = need.version
    actions.edit_need(cast.actor("resident"), need.id, need_draft(capacity=20), version=opened)
    with pytest.raises(Conflict):
        actions.edit_need(cast.actor("resident"), need.id, need_draft(capacity=30), version=opened)
    assert events("project.need_changed") == 1


def test_new_words_wait_for_a_moderator_and_a_new_number_doesnt(cast: Any, need: Need) -> None:
    owner = cast.actor("resident")
    changed = actions.edit_need(owner, need.id, need_draft(capacity=20), version=need.version)
    assert changed.state is PublicationState.PUBLISHED
    changed = actions.edit_need(owner, need.id, need_draft(capacity=20, text="Ny tekst."), version=changed.version)
    assert changed.edited_at is not None


def test_others_dont_change_close_thank_or_take_people_off(cast: Any, project: Project, need: Need) -> None:
    representative = cast.actor("business")
    joined(cast.actor("resident"), project, representative)
    actions.sign_up(cast.actor("resident2"), need.id, 1)
    for act in (actions.close_need, actions.reopen_need, actions.thank):
        with pytest.raises(Forbidden):
            act(representative, need.id)
    with pytest.raises(Forbidden):
        actions.take_off(representative, need.id, cast.resident2.id)
    with pytest.raises(Forbidden):
        actions.edit_need(representative, need.id, need_draft(), version=need.version)


def test_a_thank_you_goes_once_to_each(cast: Any, need: Need) -> None:
    owner = cast.actor("resident")
    actions.sign_up(cast.actor("resident2"), need.id, 1)
    assert actions.thank(owner, need.id) == 1
    first = db.session.get_one(SignUp, (need.id, cast.resident2.id)).thanked_at
    with clock.moved(timedelta(minutes=1)):
        actions.sign_up(cast.actor("employee"), need.id, 1)
        assert actions.thank(owner, need.id) == 1
        assert actions.thank(owner, need.id) == 0
    assert db.session.get_one(SignUp, (need.id, cast.resident2.id)).thanked_at == first
    assert events("project.thanked") == 2


def test_a_need_that_somebody_signed_up_for_is_closed_rather_than_taken_back(cast: Any, need: Need) -> None:
    owner = cast.actor("resident")
    actions.sign_up(cast.actor("resident2"), need.id, 1)
    with pytest.raises(Conflict):
        actions.withdraw_need(owner, need.id)
    actions.take_off(owner, need.id, cast.resident2.id)
    actions.withdraw_need(owner, need.id)
    gone = db.session.get_one(Need, need.id)
    assert (gone.state, gone.title, gone.skills) == (PublicationState.WITHDRAWN, "", [])


def test_an_erased_account_gives_its_places_back(cast: Any, need: Need) -> None:
    actions.sign_up(cast.actor("resident2"), need.id, 3)
    atomic(personal.erase)(cast.resident2.id)
    assert kept(need) == (0, 0)


def test_the_database_itself_refuses_to_overbook(database: sa.Connection, need: Need) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Need).where(Need.id == need.id).values(taken=11))
    db.session.rollback()


def test_the_whole_way_in_the_browser(cast: Any, visitor: Browser, project: Project) -> None:
    owner, helper = visitor("resident"), visitor("resident2")
    page = owner.get("cocreation_together.new_need", project_id=project.id)
    answer = owner.post("cocreation_together.new_need", a_form(page), project_id=project.id)
    need = db.session.scalars(sa.select(Need).where(Need.project_id == project.id)).one()
    assert (need.kind, need.capacity, need.skills) == (NeedKind.ROOMS, 2, ["vertskap", "Vertskap"])
    assert "Behovet er lagt inn" in owner.follow(answer).words
    let_through(need)
    page = helper.get("cocreation_together.need", need_id=need.id)
    form = page.form("#meld-deg form") | {"amount": "1", "note": "Kjelleren vår er ledig."}
    assert "Takk!" in helper.follow(helper.post("cocreation_together.sign_up", form, need_id=need.id)).words
    page = owner.get("cocreation_together.need", need_id=need.id)
    assert "Kjelleren vår er ledig." in page.words
    assert cast.resident2.name in page.words
    owner.post("cocreation_together.thank", need_id=need.id)
    assert "Prosjektet takket deg" in helper.get("cocreation_together.need", need_id=need.id).words
    helper.post("cocreation_together.sign_off", need_id=need.id)
    assert kept(need) == (0, 0)


def test_too_much_is_told_at_the_field_and_what_was_typed_stays(visitor: Browser, need: Need) -> None:
    helper = visitor("resident2")
    form = {"amount": "11", "note": "Hele høsten."}
    page = helper.post("cocreation_together.sign_up", form, _status=422, need_id=need.id)
    assert "Det er 10 timer igjen" in page.one("#amount-error").get_text()
    assert (page.form("#meld-deg form")["amount"], page.one("#note").get_text().strip()) == ("11", "Hele høsten.")


def test_others_see_numbers_and_no_names(cast: Any, visitor: Browser, project: Project, need: Need) -> None:
    actions.sign_up(cast.actor("resident2"), need.id, 4, "Ring meg.")
    contributing(cast.actor("resident"), project, cast.actor("employee"))
    for someone in (visitor(), visitor("adviser")):
        for page in (
            someone.get("cocreation_together.need", need_id=need.id),
            someone.get("cocreation_together.needs", project_id=project.id),
        ):
            assert "4 av 10 timer er dekket" in page.words
            assert cast.resident2.name not in page.words
    page = visitor("employee").get("cocreation_together.need", need_id=need.id)
    assert cast.resident2.name in page.words
    assert "Ring meg." not in page.words


def test_who_is_signed_out_is_led_to_sign_in_and_gets_no_cookie(visitor: Browser, need: Need) -> None:
    someone = visitor()
    page = someone.get("cocreation_together.need", need_id=need.id)
    assert "Set-Cookie" not in page.response.headers
    assert not page.all("main form")
    assert page.all("a[href$='/meld-pa']")
    someone.get("cocreation_together.go_and_sign_up", 303, need_id=need.id)
    back = visitor("resident2").get("cocreation_together.go_and_sign_up", 303, need_id=need.id)
    assert back.response.headers["Location"].endswith("#meld-deg")


def test_what_waits_is_seen_by_members_alone(cast: Any, visitor: Browser, project: Project) -> None:
    need = a_need(cast.actor("resident"), project)
    atomic(lambda: setattr(need, "state", PublicationState.PENDING))()
    assert "Venter på moderator" in visitor("resident").get("cocreation_together.needs", project_id=project.id).words
    assert need.title not in visitor().get("cocreation_together.needs", project_id=project.id).words
    visitor().get("cocreation_together.need", 404, need_id=need.id)


def test_a_stale_change_comes_back_with_what_was_typed(cast: Any, visitor: Browser, need: Need) -> None:
    owner = visitor("resident")
    form = owner.get("cocreation_together.edit_need", need_id=need.id).form("main form.form")
    actions.edit_need(cast.actor("resident"), need.id, need_draft(capacity=20), version=need.version)
    page = owner.post("cocreation_together.edit_need", form | {"capacity": "30"}, _status=409, need_id=need.id)
    again = page.form("main form.form")
    assert again["capacity"] == "30"
    owner.post("cocreation_together.edit_need", again, need_id=need.id)
    assert db.session.get_one(Need, need.id).capacity == 30


def test_others_dont_open_the_forms(visitor: Browser, project: Project, need: Need) -> None:
    for who in ("resident2", "adviser"):
        visitor(who).get("cocreation_together.new_need", 403, project_id=project.id)
        visitor(who).get("cocreation_together.edit_need", 403, need_id=need.id)


def test_what_isnt_there_isnt_there(cast: Any, visitor: Browser) -> None:
    visitor().get("cocreation_together.need", 404, need_id=999_999)
    with pytest.raises(NotFound):
        actions.sign_up(cast.actor("resident"), 999_999, 1)
    actions.sign_off(cast.actor("resident"), 999_999)


def test_a_project_that_has_asked_for_nothing_invites(visitor: Browser, project: Project) -> None:
    assert "Følg prosjektet" in visitor().get("cocreation_together.needs", project_id=project.id).words
    assert "Hva trenger dere?" in visitor("resident").get("cocreation_together.needs", project_id=project.id).words


@pytest.mark.parametrize("who", [None, "resident", "resident2"])
def test_many_needs_and_helpers_take_few_statements(
    cast: Any, visitor: Browser, project: Project, count_queries: Any, who: str | None
) -> None:
    needs = [a_need(cast.actor("resident"), project, title=f"Behov {n}") for n in range(30)]
    for helper in ("resident2", "employee", "adviser", "moderator"):
        actions.sign_up(cast.actor(helper), needs[0].id, 2)
    someone = visitor(who)
    with count_queries(at_most=8):
        page = someone.get("cocreation_together.needs", project_id=project.id)
    assert len(page.all(".row")) == 30
    with count_queries(at_most=8):
        someone.get("cocreation_together.need", need_id=needs[0].id)


def test_who_signs_up_just_as_it_closes_is_told(cast: Any, visitor: Browser, need: Need) -> None:
    helper = visitor("resident2")
    form = helper.get("cocreation_together.need", need_id=need.id).form("#meld-deg form") | {"amount": "2"}
    actions.close_need(cast.actor("resident"), need.id)
    page = helper.post("cocreation_together.sign_up", form, _status=409, need_id=need.id)
    assert "Behovet er lukket. Prosjektet trenger ikke mer" in page.one("[role=alert]").get_text()
    assert kept(need) == (0, 0)
