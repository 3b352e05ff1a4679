"""People and their roles, service areas and partner municipality, closing an account, and the audit list."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import policy
from portal.accounts.actions import administration as actions
from portal.accounts.actions import settings as settings_actions
from portal.accounts.actions.administration import MunicipalityDraft, ServiceAreasDraft
from portal.accounts.actions.settings import ServiceAreaDraft
from portal.accounts.models import Account, Grant, ServiceArea, SignInSession
from portal.accounts.queries import administration as queries
from portal.kernel import audit, clock, outbox
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import SYSTEM, Actor, Role, SignInMethod
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def newest() -> AuditEntry:
    entry = db.session.scalar(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    assert entry is not None
    return entry


def account(person: Account) -> Account:
    db.session.expire_all()
    return db.session.get_one(Account, person.id)


def roles(person: Account) -> set[Role]:
    return set(db.session.scalars(sa.select(Grant.role).where(Grant.account_id == person.id)))


@atomic
def put(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.flush()


def grant_from_issuer(person: Account, role: Role) -> None:
    put(Grant(account_id=person.id, role=role, source="entra-id", granted_at=clock.now()))


def open_session(person: Account, letter: str = "a") -> None:
    moment = clock.now()
    put(
        SignInSession(
            account_id=person.id,
            token_hash=letter * 64,
            method=SignInMethod.PASSWORD,
            device="Firefox på Windows",
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + timedelta(hours=8),
        )
    )


def open_sessions(person: Account) -> int:
    mine = sa.and_(SignInSession.account_id == person.id, SignInSession.ended_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(SignInSession).where(mine)) or 0


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["resident", "employee", "adviser", "moderator", "coordinator", "verifier", "partner"])
def test_only_an_administrator_may_administer(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    assert not policy.may_administer(actor)
    for work in (
        lambda: actions.grant_role(actor, cast.resident.id, Role.EMPLOYEE),
        lambda: actions.revoke_role(actor, cast.employee.id, Role.EMPLOYEE),
        lambda: actions.deactivate_account(actor, cast.resident.id),
        lambda: actions.reactivate_account(actor, cast.resident.id),
        lambda: actions.reset_second_factor(actor, cast.resident.id),
        lambda: actions.change_municipality(actor, cast.partner.id, MunicipalityDraft(number="", version=1)),
        lambda: actions.change_service_areas(
            actor, cast.employee.id, ServiceAreasDraft(service_area_ids=frozenset(), version=1)
        ),
    ):
        with pytest.raises(Forbidden):
            work()


@pytest.mark.parametrize(
    "address",
    [
        "/administrasjon/",
        "/administrasjon/personer",
        "/administrasjon/personer/1",
        "/administrasjon/hendelser",
        "/administrasjon/organisasjoner",
        "/administrasjon/tjenesteomrader",
        "/administrasjon/innstillinger",
        "/administrasjon/utseende",
    ],
)
def test_the_administration_is_closed_to_others(visitor: Open, address: str) -> None:
    visitor("moderator").get_url(address, _status=403)
    answer = visitor().get_url(address, _status=303)
    assert "neste=" in answer.response.headers["Location"]


# -- roles -------------------------------------------------------------------------------------------------------------


def test_a_role_is_given_with_its_trace(cast: Cast) -> None:
    actions.grant_role(cast.actor("admin"), cast.resident.id, Role.MODERATOR)
    assert Role.MODERATOR in roles(cast.resident)
    grant = db.session.scalar(
        sa.select(Grant).where(Grant.account_id == cast.resident.id, Grant.role == Role.MODERATOR)
    )
    assert grant is not None
    assert (grant.source, grant.granted_by_id) == ("manual", cast.admin.id)
    entry = newest()
    assert (entry.name, entry.actor_id, entry.subject_id) == ("role.granted", cast.admin.id, cast.resident.id)
    assert entry.body["role"] == "moderator"


def test_a_role_is_given_once_and_membership_is_nobodys_gift(cast: Cast) -> None:
    admin = cast.actor("admin")
    with pytest.raises(Invalid) as refusal:
        actions.grant_role(admin, cast.employee.id, Role.EMPLOYEE)
    assert refusal.value.field == "role"
    with pytest.raises(Invalid):
        actions.grant_role(admin, cast.resident.id, Role.MEMBER)


def test_a_role_from_an_issuer_can_stand_beside_one_given_by_hand_but_is_not_removed_here(cast: Cast) -> None:
    grant_from_issuer(cast.resident, Role.EMPLOYEE)
    admin = cast.actor("admin")
    with pytest.raises(NotFound):
        actions.revoke_role(admin, cast.resident.id, Role.EMPLOYEE)
    actions.grant_role(admin, cast.resident.id, Role.EMPLOYEE)
    actions.revoke_role(admin, cast.resident.id, Role.EMPLOYEE)
    assert Role.EMPLOYEE in roles(cast.resident)


def test_nobody_takes_the_administration_from_themselves(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.revoke_role(cast.actor("admin"), cast.admin.id, Role.ADMIN)
    assert Role.ADMIN in roles(cast.admin)


def test_the_last_administrator_stays_also_against_the_command_line(cast: Cast) -> None:
    with pytest.raises(Conflict):
        actions.revoke_role(SYSTEM, cast.admin.id, Role.ADMIN)
    with pytest.raises(Conflict):
        actions.deactivate_account(SYSTEM, cast.admin.id)
    actions.grant_role(SYSTEM, cast.coordinator.id, Role.ADMIN)
    actions.revoke_role(SYSTEM, cast.admin.id, Role.ADMIN)
    assert Role.ADMIN not in roles(cast.admin)


def test_a_closed_administrator_does_not_count_as_one(cast: Cast) -> None:
    actions.grant_role(SYSTEM, cast.coordinator.id, Role.ADMIN)
    actions.deactivate_account(cast.actor("admin"), cast.coordinator.id)
    with pytest.raises(Conflict):
        actions.revoke_role(SYSTEM, cast.admin.id, Role.ADMIN)


def test_two_administrators_who_close_each_other_at_once_leave_one(own_app: Flask) -> None:
    with own_app.app_context():
        put(*(Account(name=name, created_at=clock.now()) for name in ("A", "B")))
        ids = db.session.scalars(sa.select(Account.id).order_by(Account.id)).all()
        put(*(Grant(account_id=id_, role=Role.ADMIN, granted_at=clock.now()) for id_ in ids))
        actors = [Actor(id=id_, name="", roles=frozenset({Role.ADMIN})) for id_ in ids]
    start = threading.Barrier(2)

    def close(actor: Actor, other: int) -> bool:
        with own_app.app_context():
            start.wait()
            try:
                actions.deactivate_account(actor, other)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(close, *pair) for pair in zip(actors, reversed(ids), strict=True)]
    assert sorted(future.result() for future in done) == [False, True]


def test_a_role_is_granted_and_revoked_through_the_pages(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    page = admin.get("administration.grant_role", account_id=cast.resident.id)
    assert "Ser over det folk skriver" in page.words
    admin.post("administration.grant_role", account_id=cast.resident.id, _data={}, _status=422)
    admin.post("administration.grant_role", account_id=cast.resident.id, _data={"role": "moderator"}, _status=303)
    page = admin.get("administration.person", account_id=cast.resident.id)
    assert "Rollen Moderator er gitt." in page.words
    page = admin.get("administration.revoke_role", account_id=cast.resident.id, role="moderator")
    assert "Uten rollen" in page.words
    admin.post("administration.revoke_role", account_id=cast.resident.id, role="moderator", _data={}, _status=303)
    assert Role.MODERATOR not in roles(cast.resident)


def test_a_role_from_an_issuer_is_shown_as_such_without_a_way_to_remove_it(visitor: Open, cast: Cast) -> None:
    grant_from_issuer(cast.resident, Role.EMPLOYEE)
    page = visitor("admin").get("administration.person", account_id=cast.resident.id)
    assert "entra-id" in page.words
    assert not page.all('a[href$="/roller/employee/fjern"]')


def test_the_page_of_oneself_offers_no_way_to_lock_oneself_out(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    page = admin.get("administration.person", account_id=cast.admin.id)
    assert not page.all('a[href$="/roller/admin/fjern"], a[href$="/steng"]')
    admin.get("administration.revoke_role", account_id=cast.admin.id, role="admin", _status=404)
    admin.post("administration.deactivate", account_id=cast.admin.id, _data={}, _status=403)


# -- service areas and municipality ------------------------------------------------------------------------------------


@pytest.fixture
def areas(cast: Cast) -> list[ServiceArea]:
    names = ("Arkiv", "Brann og redning", "Havn")
    return [settings_actions.add_service_area(cast.actor("admin"), ServiceAreaDraft(name=name)) for name in names]


def test_service_areas_are_changed_with_before_and_after(cast: Cast, areas: list[ServiceArea]) -> None:
    admin, employee = cast.actor("admin"), cast.employee
    draft = ServiceAreasDraft(service_area_ids=frozenset({areas[0].id, areas[1].id}), version=account(employee).version)
    actions.change_service_areas(admin, employee.id, draft)
    draft = ServiceAreasDraft(service_area_ids=frozenset({areas[1].id, areas[2].id}), version=account(employee).version)
    actions.change_service_areas(admin, employee.id, draft)
    assert newest().body["before"] == ["Arkiv", "Brann og redning"]
    assert newest().body["after"] == ["Brann og redning", "Havn"]
    chosen = [choice.area.name for choice in queries.service_area_choices(employee.id) if choice.chosen]
    assert chosen == ["Brann og redning", "Havn"]


def test_a_stale_choice_of_service_areas_is_refused(cast: Cast, areas: list[ServiceArea]) -> None:
    admin, employee = cast.actor("admin"), cast.employee
    old = account(employee).version
    actions.change_service_areas(
        admin, employee.id, ServiceAreasDraft(service_area_ids=frozenset({areas[0].id}), version=old)
    )
    with pytest.raises(Conflict):
        actions.change_service_areas(
            admin, employee.id, ServiceAreasDraft(service_area_ids=frozenset({areas[1].id}), version=old)
        )


def test_only_staff_have_service_areas_and_only_areas_in_use_are_given(cast: Cast, areas: list[ServiceArea]) -> None:
    admin = cast.actor("admin")
    wanted = frozenset({areas[0].id})
    draft = ServiceAreasDraft(service_area_ids=wanted, version=account(cast.resident).version)
    with pytest.raises(Invalid):
        actions.change_service_areas(admin, cast.resident.id, draft)
    settings_actions.deactivate_service_area(admin, areas[0].id)
    draft = ServiceAreasDraft(service_area_ids=wanted, version=account(cast.employee).version)
    with pytest.raises(Invalid) as refusal:
        actions.change_service_areas(admin, cast.employee.id, draft)
    assert refusal.value.field == "service_areas"


def test_service_areas_are_changed_through_the_page_and_a_stale_one_shows_what_stands(
    visitor: Open, cast: Cast, areas: list[ServiceArea]
) -> None:
    admin = visitor("admin")
    where = {"account_id": cast.employee.id}
    page = admin.get("administration.service_areas_of", **where)
    stale = page.form()
    admin.post("administration.service_areas_of", **where, _data={**stale, "service_areas": [areas[0].id]}, _status=303)
    assert "Arkiv" in admin.get("administration.person", **where).words
    page = admin.post(
        "administration.service_areas_of", **where, _data={**stale, "service_areas": [areas[1].id]}, _status=409
    )
    assert "Dette står nå" in page.words
    assert page.one(f'input[value="{areas[1].id}"][type=checkbox]').has_attr("checked")
    admin.post("administration.service_areas_of", **where, _data=page.form(), _status=303)
    assert newest().body["after"] == ["Brann og redning"]


def test_partner_staff_belong_to_another_municipality_of_the_register(cast: Cast) -> None:
    admin, partner = cast.actor("admin"), cast.partner
    for number in ("3203", "9999"):
        draft = MunicipalityDraft(number=number, version=account(partner).version)
        with pytest.raises(Invalid) as refusal:
            actions.change_municipality(admin, partner.id, draft)
        assert refusal.value.field == "number"
    actions.change_municipality(admin, partner.id, MunicipalityDraft(number="0301", version=account(partner).version))
    assert newest().body == {"account_id": partner.id, "before": "3201", "after": "0301"}
    with pytest.raises(Conflict):
        actions.change_municipality(admin, partner.id, MunicipalityDraft(number="3201", version=1))
    draft = MunicipalityDraft(number="0301", version=account(cast.resident).version)
    with pytest.raises(Invalid):
        actions.change_municipality(admin, cast.resident.id, draft)


def test_the_municipality_is_chosen_from_the_register_on_the_page(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    page = admin.get("administration.municipality_of", account_id=cast.partner.id)
    options = [str(option["value"]) for option in page.all("select[name=number] option")]
    assert len(options) == 357
    assert "3203" not in options
    data = {**page.form(), "number": "5501"}
    admin.post("administration.municipality_of", account_id=cast.partner.id, _data=data, _status=303)
    assert "Tromsø (5501)" in admin.get("administration.person", account_id=cast.partner.id).words


# -- closing, opening, second factor -----------------------------------------------------------------------------------


def test_closing_an_account_ends_its_sessions_and_keeps_its_roles(cast: Cast) -> None:
    open_session(cast.employee)
    actions.deactivate_account(cast.actor("admin"), cast.employee.id)
    assert account(cast.employee).deactivated_at is not None
    assert open_sessions(cast.employee) == 0
    assert Role.EMPLOYEE in roles(cast.employee)
    assert newest().name == "account.deactivated"
    with pytest.raises(Conflict):
        actions.deactivate_account(cast.actor("admin"), cast.employee.id)
    actions.reactivate_account(cast.actor("admin"), cast.employee.id)
    assert account(cast.employee).deactivated_at is None


def test_nobody_closes_their_own_account_here(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.deactivate_account(cast.actor("admin"), cast.admin.id)


def test_an_erased_account_cannot_be_changed_and_is_marked(visitor: Open, cast: Cast) -> None:
    @atomic
    def erase() -> None:
        person = db.session.get_one(Account, cast.resident2.id)
        person.name, person.email, person.erased_at = "", None, clock.now()

    erase()
    with pytest.raises(Conflict):
        actions.grant_role(cast.actor("admin"), cast.resident2.id, Role.EMPLOYEE)
    page = visitor("admin").get("administration.person", account_id=cast.resident2.id)
    assert page.heading == "Slettet bruker"
    assert not page.all("main a.ds-button:not([href*=hendelser])")


def test_resetting_the_second_factor_forgets_the_secret_and_ends_sessions(cast: Cast) -> None:
    @atomic
    def set_up() -> None:
        person = db.session.get_one(Account, cast.employee.id)
        person.totp_secret, person.totp_confirmed_at, person.totp_last_step = "secret", clock.now(), 7

    set_up()
    open_session(cast.employee)
    actions.reset_second_factor(cast.actor("admin"), cast.employee.id)
    now = account(cast.employee)
    assert (now.totp_secret, now.totp_confirmed_at, now.totp_last_step) == (None, None, None)
    assert open_sessions(cast.employee) == 0
    assert newest().name == "account.second_factor_reset"
    with pytest.raises(Conflict):
        actions.reset_second_factor(cast.actor("admin"), cast.employee.id)


def test_an_account_is_closed_and_opened_through_pages_that_say_what_happens(visitor: Open, cast: Cast) -> None:
    admin, where = visitor("admin"), {"account_id": cast.employee.id}
    page = admin.get("administration.deactivate", **where)
    assert "logget ut overalt" in page.words
    admin.post("administration.deactivate", **where, _data={}, _status=303)
    assert "Stengt" in admin.get("administration.people", q=cast.employee.name).words
    page = admin.post("administration.deactivate", **where, _data={}, _status=409)
    assert "stengt fra før" in page.words
    admin.get("administration.reactivate", **where)
    admin.post("administration.reactivate", **where, _data={}, _status=303)
    assert account(cast.employee).deactivated_at is None


# -- finding people ----------------------------------------------------------------------------------------------------


def names(visitor: Visitor, **asked: Any) -> list[str]:
    return [link.get_text(strip=True) for link in visitor.get("administration.people", **asked).all(".row__title a")]


@pytest.fixture
def neighbours(cast: Cast) -> None:
    put(
        Account(name="Åse Ødegård", email="aa@eksempel.no", created_at=clock.now()),
        Account(name="Per Ås", email="per_aas@eksempel.no", created_at=clock.now()),
    )


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("per", ["Per Ås"]),
        ("ås", ["Per Ås", "Åse Ødegård"]),
        ("Ås", ["Per Ås", "Åse Ødegård"]),
        ("åse ø", ["Åse Ødegård"]),
        ("ødegård", ["Åse Ødegård"]),
        ("PER_AAS@eksempel", ["Per Ås"]),
        ("eksempel.no", []),
        ("degård", []),
        ("%", []),
        ("_er", []),
        ("'\"*;NEAR(", []),
    ],
)
def test_people_are_found_by_the_beginning_of_a_name_or_address(
    visitor: Open, neighbours: None, search: str, found: list[str]
) -> None:
    assert names(visitor("admin"), q=search) == found


def test_people_are_filtered_by_role_and_nonsense_is_no_filter(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    assert names(admin, rolle="coordinator") == [cast.coordinator.name]
    assert cast.resident.name in names(admin, rolle="king")


def test_staff_with_a_password_alone_are_counted_and_listed(visitor: Open, cast: Cast) -> None:
    admin = visitor("admin")
    before = queries.overview().staff_without_second_factor
    assert cast.resident.name not in names(admin, **{"uten-to-trinn": 1})

    @atomic
    def set_up() -> None:
        db.session.get_one(Account, cast.employee.id).totp_confirmed_at = clock.now()

    set_up()
    assert queries.overview().staff_without_second_factor == before - 1
    assert cast.employee.name not in names(admin, **{"uten-to-trinn": 1})


def test_the_list_of_a_thousand_people_is_read_page_by_page_with_few_statements(
    visitor: Open, count_queries: Callable[..., Any]
) -> None:
    put(*(Account(name=f"Person {n:04}", created_at=clock.now()) for n in range(1000)))
    admin = visitor("admin")
    with count_queries(at_most=8):
        page = admin.get("administration.people")
    seen = [link.get_text(strip=True) for link in page.all(".row__title a")]
    assert seen[0] == "Person 0999"
    page = admin.get_url(str(page.one("a[rel=next]")["href"]))
    assert page.all(".row__title a")[0].get_text(strip=True) == f"Person {999 - len(seen):04}"


def test_a_person_with_everything_is_shown_with_few_statements(
    visitor: Open, cast: Cast, areas: list[ServiceArea], count_queries: Callable[..., Any]
) -> None:
    for letter in "abcdef":
        open_session(cast.volunteer, letter)
    grant_from_issuer(cast.volunteer, Role.EMPLOYEE)
    draft = ServiceAreasDraft(
        service_area_ids=frozenset(area.id for area in areas), version=account(cast.volunteer).version
    )
    actions.change_service_areas(cast.actor("admin"), cast.volunteer.id, draft)
    admin = visitor("admin")
    with count_queries(at_most=8):
        page = admin.get("administration.person", account_id=cast.volunteer.id)
    for words in ("Firefox på Windows", cast.volunteer_organisation.name, "Arkiv", "entra-id"):
        assert words in page.words


def test_an_unknown_person_is_not_found(visitor: Open) -> None:
    visitor("admin").get("administration.person", account_id=999_999, _status=404)


# -- what needs attention ----------------------------------------------------------------------------------------------


def test_the_overview_says_what_waits(visitor: Open, cast: Cast, count_queries: Callable[..., Any]) -> None:
    admin = visitor("admin")

    @atomic
    def fail() -> None:
        outbox.enqueue("mail", {})
        for row in db.session.scalars(sa.select(outbox.OutboxRow)):
            row.attempts = outbox.STUCK_AFTER

    fail()
    with count_queries(at_most=8):
        page = admin.get("administration.overview")
    assert "1 sending står fast" in page.words
    assert "ansatte logger inn med bare passord" in page.words


# -- the audit list ----------------------------------------------------------------------------------------------------


def test_what_happened_is_told_in_words_with_before_and_after(visitor: Open, cast: Cast) -> None:
    admin = cast.actor("admin")
    actions.grant_role(admin, cast.resident.id, Role.MODERATOR)
    actions.change_municipality(
        admin, cast.partner.id, MunicipalityDraft(number="0301", version=account(cast.partner).version)
    )
    page = visitor("admin").get("administration.happenings")
    rows = [" ".join(row.get_text(" ").split()) for row in page.all("tbody tr")]
    changed = f"{cast.admin.name} Endret partnerkommune {cast.partner.name} Bærum → ble til Oslo"
    granted = f"{cast.admin.name} Ga en rolle {cast.resident.name} Rolle: Moderator"
    assert any(changed in row for row in rows)
    assert any(granted in row for row in rows)


def test_the_audit_list_is_filtered_by_person_and_kind(visitor: Open, cast: Cast) -> None:
    admin, seen = cast.actor("admin"), visitor("admin")
    actions.grant_role(admin, cast.resident.id, Role.MODERATOR)
    actions.grant_role(admin, cast.resident2.id, Role.MODERATOR)
    actions.revoke_role(admin, cast.resident2.id, Role.MODERATOR)
    page = seen.get("administration.happenings", person=cast.resident.id, hendelse="role.granted")
    assert len(page.all("tbody tr")) == 1
    page = seen.get("administration.happenings", hendelse="role.revoked")
    assert len(page.all("tbody tr")) == 1
    assert cast.resident2.name in page.words
    page = seen.get("administration.happenings", person=cast.resident.id, hendelse="role.revoked")
    assert "Ingen hendelser" in page.words
    for nonsense in ("x", "-1", "9" * 40, "'"):
        seen.get("administration.happenings", person=nonsense, hendelse=nonsense)
    seen.get("administration.happenings", person=999_999, _status=404)


def test_names_of_erased_people_are_gone_from_the_audit_list(visitor: Open, cast: Cast) -> None:
    actions.grant_role(cast.actor("admin"), cast.resident.id, Role.MODERATOR)

    @atomic
    def erase() -> None:
        db.session.get_one(Account, cast.resident.id).erased_at = clock.now()

    erase()
    page = visitor("admin").get("administration.happenings")
    assert cast.resident.name not in page.words
    assert "Slettet bruker" in page.words


def test_the_audit_list_shows_how_far_the_chain_is_sealed(
    visitor: Open, cast: Cast, run_worker: Callable[[], None], count_queries: Callable[..., Any]
) -> None:
    seen = visitor("admin")
    run_worker()
    sealed = queries.chain_state().sealed
    actions.grant_role(cast.actor("admin"), cast.resident.id, Role.MODERATOR)
    run_worker()
    actions.grant_role(cast.actor("admin"), cast.volunteer.id, Role.MODERATOR)
    head = db.session.scalar(sa.select(audit.AuditSeal.hash).order_by(audit.AuditSeal.seq.desc()).limit(1))
    assert head is not None
    state = queries.chain_state()
    assert (state.sealed, state.unsealed, state.head) == (sealed + 1, 1, head)
    with count_queries(at_most=8):
        page = seen.get("administration.happenings")
    assert head in page.one("code").get_text()


def test_the_audit_list_is_paged(visitor: Open, cast: Cast) -> None:
    for _ in range(52):
        actions.grant_role(cast.actor("admin"), cast.resident.id, Role.MODERATOR)
        actions.revoke_role(cast.actor("admin"), cast.resident.id, Role.MODERATOR)
    seen = visitor("admin")
    page = seen.get("administration.happenings", person=cast.resident.id, hendelse="role.granted")
    assert len(page.all("tbody tr")) == 50
    page = seen.get_url(str(page.one("a[rel=next]")["href"]))
    assert len(page.all("tbody tr")) == 2


def test_the_anonymous_and_the_system_are_named_as_such(visitor: Open, cast: Cast) -> None:
    actions.grant_role(SYSTEM, cast.resident.id, Role.MODERATOR)
    assert "Portalen selv" in visitor("admin").get("administration.happenings").words


def test_an_administrator_may_take_any_role_from_others_but_not_the_administration_from_themselves() -> None:
    someone = Actor(id=1, name="N", roles=frozenset({Role.ADMIN}))
    assert not policy.may_revoke(someone, 1, Role.ADMIN)
    assert policy.may_revoke(someone, 1, Role.MODERATOR)
    assert policy.may_revoke(someone, 2, Role.ADMIN)
    assert not policy.may_revoke(Actor(id=1, roles=frozenset(Role) - {Role.ADMIN}), 2, Role.MODERATOR)
