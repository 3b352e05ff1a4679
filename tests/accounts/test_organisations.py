"""Organisation numbers, organisations from asked for to closed, and who speaks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import organisation_number
from portal.accounts.actions import organisations as actions
from portal.accounts.actions.administration import deactivate_account
from portal.accounts.actions.organisations import (
    OrganisationChange,
    OrganisationDraft,
    SpeakForDraft,
    SpokespersonDraft,
)
from portal.accounts.models import Organisation, Spokesperson
from portal.accounts.queries import organisations as queries
from portal.accounts.queries.organisations import Standing, Voice
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, StakeholderGroup
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
GROUP = StakeholderGroup.VOLUNTARY_SECTOR


def numbers() -> Iterator[str]:
    """Return valid numbers that the cast doesn't use."""
    return (str(n) for n in range(810_000_000, 899_999_999) if organisation_number.is_valid(str(n)))


def draft(number: str = "889640782", name: str = "Heggedal vel", group: StakeholderGroup = GROUP) -> OrganisationDraft:
    return OrganisationDraft(number=number, name=name, group=group)


def newest() -> AuditEntry:
    entry = db.session.scalar(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    assert entry is not None
    return entry


def fresh(organisation: Organisation) -> Organisation:
    db.session.expire_all()
    return db.session.get_one(Organisation, organisation.id)


# -- the number --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["974760673", "889640782", "923609016", "971035854"])
def test_real_organisation_numbers_are_valid(number: str) -> None:
    assert organisation_number.is_valid(number)


@pytest.mark.parametrize("number", ["", "97476067", "9747606730", "974760674", "97476067x", "٩٧٤٧٦٠٦٧٣", "97476067³"])
def test_other_things_are_not_organisation_numbers(number: str) -> None:
    assert not organisation_number.is_valid(number)


@given(st.integers(0, 99_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first_eight: int, place: int, step: int) -> None:
    written = f"{first_eight:08}"
    valid = [written + str(digit) for digit in range(10) if organisation_number.is_valid(written + str(digit))]
    assert len(valid) <= 1
    for number in valid:
        wrong = str((int(number[place]) + step) % 10)
        assert not organisation_number.is_valid(number[:place] + wrong + number[place + 1 :])


@given(st.integers(0, 99_999_999))
def test_the_control_digit_makes_the_whole_weighted_sum_divisible_by_eleven(first_eight: int) -> None:
    written = f"{first_eight:08}"
    for digit in range(10):
        weighted = sum(w * int(d) for w, d in zip((3, 2, 7, 6, 5, 4, 3, 2, 1), f"{written}{digit}", strict=True))
        assert organisation_number.is_valid(f"{written}{digit}") == (weighted % 11 == 0)


@pytest.mark.parametrize("written", ["974 760 673", "NO 974760673 MVA", "no974760673mva", "974.760.673", " 974760673 "])
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert organisation_number.normalise(written) == "974760673"


def test_a_number_is_shown_in_threes() -> None:
    assert organisation_number.spaced("974760673") == "974 760 673"


# -- the organisation --------------------------------------------------------------------------------------------------


def test_an_added_organisation_waits_until_it_is_verified(cast: Cast) -> None:
    admin = cast.actor("admin")
    organisation = actions.add_organisation(admin, draft("NO 889 640 782 MVA"))
    assert organisation.number == "889640782"
    assert queries.standing(organisation) is Standing.WAITING
    assert newest().body == {"organisation_id": organisation.id, "number": "889640782", "group": "voluntary_sector"}
    actions.verify_organisation(admin, organisation.id)
    assert queries.standing(organisation) is Standing.VERIFIED
    assert organisation.verified_by_id == cast.admin.id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (draft(number="889640783"), "number"),
        (draft(number="870228635"), "number"),
        (draft(name=""), "name"),
        (draft(group=StakeholderGroup.RESIDENT), "group"),
    ],
)
def test_a_wrong_organisation_is_refused_at_its_field(cast: Cast, wrong: OrganisationDraft, field: str) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Organisation))
    with pytest.raises(Invalid) as refusal:
        actions.add_organisation(cast.actor("admin"), wrong)
    assert refusal.value.field == field
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == before


def test_an_organisation_is_added_once(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.add_organisation(cast.actor("admin"), draft(number=cast.business_organisation.number))
    assert refusal.value.field == "number"


def test_a_change_tells_what_it_was_and_what_it_became(cast: Cast) -> None:
    organisation = actions.add_organisation(cast.actor("admin"), draft())
    change = OrganisationChange(name="Heggedal og omegn vel", group=GROUP, version=organisation.version)
    actions.change_organisation(cast.actor("admin"), organisation.id, change)
    assert (newest().body["before"], newest().body["after"]) == (
        {"name": "Heggedal vel"},
        {"name": "Heggedal og omegn vel"},
    )
    with pytest.raises(Conflict):
        actions.change_organisation(cast.actor("admin"), organisation.id, replace(change, name="Noe annet"))


def test_a_closed_organisation_cannot_be_verified_and_comes_back_as_it_was(cast: Cast) -> None:
    admin = cast.actor("admin")
    organisation = actions.add_organisation(admin, draft())
    actions.verify_organisation(admin, organisation.id)
    actions.close_organisation(admin, organisation.id)
    for refused in (actions.verify_organisation, actions.close_organisation):
        with pytest.raises(Conflict):
            refused(admin, organisation.id)
    actions.reopen_organisation(admin, organisation.id)
    assert queries.standing(fresh(organisation)) is Standing.VERIFIED
    for refused in (actions.verify_organisation, actions.reopen_organisation):
        with pytest.raises(Conflict):
            refused(admin, organisation.id)


@pytest.mark.parametrize("name", ["resident", "coordinator", "moderator", "volunteer"])
def test_only_administrators_decide_about_organisations(cast: Cast, name: str) -> None:
    actor, organisation = cast.actor(name), cast.business_organisation
    spokesperson = db.session.scalar(sa.select(Spokesperson.id).where(Spokesperson.organisation_id == organisation.id))
    assert spokesperson is not None
    for work in (
        lambda: actions.add_organisation(actor, draft()),
        lambda: actions.change_organisation(
            actor, organisation.id, OrganisationChange(name="X", group=GROUP, version=1)
        ),
        lambda: actions.verify_organisation(actor, organisation.id),
        lambda: actions.close_organisation(actor, organisation.id),
        lambda: actions.reopen_organisation(actor, organisation.id),
        lambda: actions.add_spokesperson(actor, organisation.id, SpokespersonDraft(email="admin@demo.example")),
        lambda: actions.verify_spokesperson(actor, spokesperson),
        lambda: actions.remove_spokesperson(actor, spokesperson),
    ):
        with pytest.raises((Forbidden, NotFound)):
            work()


# -- who speaks for it -------------------------------------------------------------------------------------------------


def test_a_voice_counts_only_when_organisation_and_person_are_both_verified(cast: Cast) -> None:
    admin, resident = cast.actor("admin"), cast.resident
    spokesperson = actions.ask_to_speak_for(cast.actor("resident"), SpeakForDraft(organisation=draft()))
    organisation_id = spokesperson.organisation_id
    assert queries.spokesperson_organisations(resident.id) == []
    actions.verify_spokesperson(admin, spokesperson.id)
    assert queries.spokesperson_organisations(resident.id) == []
    actions.verify_organisation(admin, organisation_id)
    assert queries.spokesperson_organisations(resident.id) == [Voice(organisation_id, "Heggedal vel", GROUP)]
    actions.close_organisation(admin, organisation_id)
    assert queries.spokesperson_organisations(resident.id) == []
    actions.reopen_organisation(admin, organisation_id)
    actions.remove_spokesperson(admin, spokesperson.id)
    assert queries.spokesperson_organisations(resident.id) == []
    assert newest().name == "spokesperson.removed"


def test_the_voices_of_a_person_are_read_in_one_statement(cast: Cast, count_queries: Callable[..., Any]) -> None:
    with count_queries(at_most=1):
        voices = queries.spokesperson_organisations(cast.volunteer.id)
    assert [voice.name for voice in voices] == [cast.volunteer_organisation.name]


def test_asking_for_a_known_organisation_keeps_its_name_and_group(cast: Cast) -> None:
    known = cast.volunteer_organisation
    asked = SpeakForDraft(organisation=draft(known.number, "Falskt navn", StakeholderGroup.BUSINESS), title="leder")
    spokesperson = actions.ask_to_speak_for(cast.actor("resident"), asked)
    organisation = db.session.get_one(Organisation, spokesperson.organisation_id)
    assert (organisation.name, organisation.group) == (known.name, GROUP)
    assert spokesperson.verified_at is None
    assert newest().body == {"organisation_id": organisation.id, "account_id": cast.resident.id}


def test_asking_twice_or_for_a_closed_organisation_is_refused_at_the_number(cast: Cast) -> None:
    actions.ask_to_speak_for(cast.actor("resident"), SpeakForDraft(organisation=draft()))
    actions.close_organisation(cast.actor("admin"), cast.business_organisation.id)
    for organisation in (draft(), draft("885404782")):
        with pytest.raises(Invalid) as refusal:
            actions.ask_to_speak_for(cast.actor("resident"), SpeakForDraft(organisation=organisation))
        assert refusal.value.field == "number"


def test_asking_is_for_signed_in_people_who_are_not_limited_and_not_without_end(cast: Cast) -> None:
    limited = replace(cast.actor("resident"), limited_until=clock.now() + timedelta(days=1))
    for nobody in (ANONYMOUS, limited):
        with pytest.raises(Forbidden):
            actions.ask_to_speak_for(nobody, SpeakForDraft(organisation=draft()))
    free = numbers()
    for _ in range(actions.MOST_WAITING):
        actions.ask_to_speak_for(cast.actor("resident"), SpeakForDraft(organisation=draft(next(free))))
    with pytest.raises(Conflict):
        actions.ask_to_speak_for(cast.actor("resident"), SpeakForDraft(organisation=draft(next(free))))


def test_a_refused_request_leaves_no_organisation_behind(cast: Cast) -> None:
    with pytest.raises(DomainError):
        actions.ask_to_speak_for(cast.actor("resident"), SpeakForDraft(organisation=draft(name="")))
    assert db.session.scalar(sa.select(Organisation.id).where(Organisation.number == "889640782")) is None


def test_a_person_may_stop_speaking_but_not_stop_others(cast: Cast) -> None:
    ids = dict(db.session.execute(sa.select(Spokesperson.account_id, Spokesperson.id)).all())
    with pytest.raises(NotFound):
        actions.remove_spokesperson(cast.actor("volunteer"), ids[cast.business.id])
    actions.remove_spokesperson(cast.actor("volunteer"), ids[cast.volunteer.id])
    assert queries.spoken_for(cast.volunteer.id) == []
    assert len(queries.spoken_for(cast.business.id)) == 1


def test_an_administrator_adds_a_spokesperson_by_address(cast: Cast) -> None:
    admin, organisation = cast.actor("admin"), cast.business_organisation
    actions.add_spokesperson(admin, organisation.id, SpokespersonDraft(email="Resident@DEMO.example", title="leder"))
    assert [voice.id for voice in queries.spokesperson_organisations(cast.resident.id)] == [organisation.id]
    deactivate_account(admin, cast.resident2.id)
    for email in ("resident@demo.example", "resident2@demo.example", "ukjent@demo.example"):
        with pytest.raises(Invalid) as refusal:
            actions.add_spokesperson(admin, organisation.id, SpokespersonDraft(email=email))
        assert refusal.value.field == "email"


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_an_organisation_is_added_verified_and_closed_through_the_pages(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    page = admin.get("organisations.add")
    page = admin.post("organisations.add", _data={"number": "123", "name": "X", "group": "business"}, _status=422)
    assert "ikke et gyldig organisasjonsnummer" in page.words
    assert page.one("input[name=name]")["value"] == "X"
    data = {"number": "889 640 782", "name": "Heggedal vel", "group": "voluntary_sector"}
    page = admin.follow(admin.post("organisations.add", _data=data))
    assert "889 640 782" in page.words
    assert "Venter på godkjenning" in page.words
    where = {"organisation_id": int(str(page.response.request.path).rsplit("/", 1)[1])}
    page = admin.get("organisations.verify", **where)
    assert "kan vurdere kommunen på vegne av gruppen Frivilligheten" in page.words
    admin.post("organisations.verify", **where)
    page = admin.post("organisations.verify", **where, _status=409)
    assert "godkjent fra før" in page.words
    admin.get("organisations.close", **where)
    admin.post("organisations.close", **where)
    page = admin.get("organisations.reopen", **where)
    assert "Godkjent" in page.words
    admin.post("organisations.reopen", **where)
    assert cast.admin.name in admin.get("organisations.show", **where).words


def test_a_stale_change_keeps_what_was_written_and_shows_what_stands(visitor: Open, cast: Cast) -> None:
    admin, where = visitor("admin"), {"organisation_id": cast.business_organisation.id}
    stale = admin.get("organisations.change", **where).form()
    admin.post("organisations.change", **where, _data={**stale, "name": "Fjordbakeriet Asker AS"})
    page = admin.post("organisations.change", **where, _data={**stale, "name": "Fjordbakeren AS"}, _status=409)
    assert page.one("input[name=name]")["value"] == "Fjordbakeren AS"
    assert "Fjordbakeriet Asker AS" in page.main.get_text()
    admin.post("organisations.change", **where, _data=page.form())
    assert fresh(cast.business_organisation).name == "Fjordbakeren AS"


def test_a_request_waits_on_the_overview_until_it_is_verified(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    assert cast.resident.name not in admin.get("administration.overview").main.get_text()
    spokesperson = actions.ask_to_speak_for(
        cast.actor("resident"), SpeakForDraft(organisation=draft(), title="kasserer")
    )
    page = admin.get("administration.overview")
    assert f"{cast.resident.name} vil tale for Heggedal vel" in page.words
    assert "1 organisasjon venter på godkjenning" in page.words
    where = {"organisation_id": spokesperson.organisation_id}
    assert "kasserer" in admin.get("organisations.show", **where).words
    one = {**where, "spokesperson_id": spokesperson.id}
    assert "når også den er godkjent" in admin.get("organisations.verify_spokesperson", **one).words
    admin.post("organisations.verify_spokesperson", **one)
    admin.post("organisations.verify_spokesperson", **one, _status=409)
    assert cast.resident.name not in admin.get("administration.overview").main.get_text()
    admin.get("organisations.remove_spokesperson", **one)
    admin.post("organisations.remove_spokesperson", **one)
    admin.get("organisations.remove_spokesperson", **one, _status=404)


def test_a_spokesperson_is_found_only_under_their_own_organisation(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    spokesperson = db.session.scalar(sa.select(Spokesperson.id).where(Spokesperson.account_id == cast.volunteer.id))
    wrong = {"organisation_id": cast.business_organisation.id, "spokesperson_id": spokesperson}
    admin.get("organisations.remove_spokesperson", **wrong, _status=404)
    admin.post("organisations.remove_spokesperson", **wrong, _status=404)


def test_a_spokesperson_is_added_through_the_page(visitor: Open, cast: Cast) -> None:
    admin, where = visitor("admin"), {"organisation_id": cast.knowledge_organisation.id}
    admin.get("organisations.add_spokesperson", **where)
    page = admin.post("organisations.add_spokesperson", **where, _data={"email": "x@y.no"}, _status=422)
    assert "Be personen lage bruker først" in page.words
    admin.post("organisations.add_spokesperson", **where, _data={"email": "resident@demo.example"})
    assert cast.resident.name in admin.get("organisations.show", **where).words


def test_organisations_are_filtered_by_standing_and_group(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    actions.add_organisation(cast.actor("admin"), draft())
    actions.close_organisation(cast.actor("admin"), cast.business_organisation.id)

    def shown(**asked: str) -> list[str]:
        rows = admin.get("organisations.index", **asked).all(".row__title a")
        return [link.get_text(strip=True) for link in rows]

    assert shown(status="waiting") == ["Heggedal vel"]
    assert shown(status="closed") == [cast.business_organisation.name]
    assert shown(status="verified", gruppe="knowledge") == [cast.knowledge_organisation.name]
    assert shown(status="waiting", gruppe="knowledge") == []
    assert len(shown(status="'", gruppe="x")) == 4


def test_a_thousand_organisations_are_listed_with_few_statements(
    visitor: Open, cast: Cast, count_queries: Callable[..., Any]
) -> None:
    free = numbers()

    @atomic
    def fill() -> None:
        moment = clock.now()
        for _ in range(1000):
            db.session.add(Organisation(number=next(free), name="Lag", group=GROUP, created_at=moment))

    fill()
    admin = visitor("admin")
    with count_queries(at_most=8):
        page = admin.get("organisations.index")
    assert len(page.all(".row__title a")) == 25
    page = admin.get_url(str(page.one("a[rel=next]")["href"]))
    assert len(page.all(".row__title a")) == 25
