"""The pages of invitations, participation and reminders, as people meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import SignInMethod
from portal.observatorium.actions import outreach, rounds
from portal.observatorium.actions.outreach import InvitationDraft
from portal.observatorium.models.outreach import Invitation
from portal.observatorium.models.rounds import Ballot, Tie
from portal.observatorium.poster import rendering
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import an_open_round, answers, draft, people
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def an_invitation(cast: Cast, name: str = "Asker bibliotek") -> Invitation:
    return outreach.make_invitation(cast.actor("coordinator"), "2026", InvitationDraft(name=name))


def counted() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Ballot.invitation_id.is_not(None))) or 0


# --- following an invitation ------------------------------------------------------------------------------------------


def test_nothing_is_remembered_of_whoever_only_looks_at_an_invitation(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    page = visitor().get("observatorium_outreach.welcome", token=an_invitation(cast).token)
    assert "Lenken er laget for Asker bibliotek" in page.words
    assert "Set-Cookie" not in page.response.headers
    assert page.all('main a[href*="neste=/observatorium/vurder/invitasjon/"]'), "signing in leads back here"


def test_who_presses_the_button_and_answers_is_counted_by_the_link(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    token = an_invitation(cast).token
    resident = visitor("resident")
    resident.get("observatorium_outreach.welcome", token=token)
    page = resident.follow(resident.post("observatorium_outreach.accept", token=token))
    assert counted() == 0, "only an answer counts"
    resident.follow(
        resident.post("rating.begin", {**page.form("main form[action$='/vurder/']"), "tie": Tie.LIVES.value})
    )
    resident.post("rating.indicator", {"1.1": "green"}, number="1.1")
    assert counted() == 1


def test_the_link_is_not_counted_for_the_next_person_in_the_same_browser(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    token = an_invitation(cast).token
    browser = visitor("resident")
    browser.post("observatorium_outreach.accept", token=token)
    cast.sign_in(browser, "resident2")
    form = {"answering": "resident", "tie": Tie.LIVES.value, "1.1": "green"}
    browser.post("rating.indicator", form, number="1.1")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 1
    assert counted() == 0


def test_an_invitation_leads_nobody_past_the_way_of_signing_in(cast: Cast, visitor: Open) -> None:
    an_open_round(cast, methods=[SignInMethod.OIDC])
    token = an_invitation(cast).token
    resident = visitor("resident")
    page = resident.follow(resident.post("observatorium_outreach.accept", token=token))
    assert "Du må logge inn på en annen måte" in page.words


def test_an_invitation_says_when_the_round_is_not_open(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    token = an_invitation(cast).token
    with clock.moved(-timedelta(days=2)):
        assert "Kom tilbake da" in visitor().get("observatorium_outreach.welcome", token=token).words
    rounds.close_round(cast.actor("coordinator"), "2026")
    assert "Runden er over" in visitor().get("observatorium_outreach.welcome", token=token).words
    visitor().get("observatorium_outreach.welcome", token="nope", _status=404)


# --- the coordinator's page and the poster ----------------------------------------------------------------------------


def test_a_coordinator_makes_an_invitation_prints_it_and_closes_it(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    assert "Ingen invitasjoner ennå" in coordinator.get("observatorium_outreach.invitations", slug="2026").words
    sent = coordinator.post("observatorium_outreach.invitations", {"name": "Biblioteket", "group": ""}, slug="2026")
    page = coordinator.follow(sent)
    made = db.session.scalars(sa.select(Invitation)).one()
    assert f"/observatorium/vurder/invitasjon/{made.token}" in page.words
    where = {"slug": "2026", "invitation_id": made.id}
    page = coordinator.follow(coordinator.post("observatorium_outreach.close_invitation", **where))
    assert "Lenken virker fortsatt" in page.words
    assert "Færre enn 5 er med herfra" in page.words


def test_an_invitation_without_a_name_is_refused_and_the_choice_is_kept(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    sent = {"name": " ", "group": "business"}
    page = coordinator.post("observatorium_outreach.invitations", sent, slug="2026", _status=422)
    assert page.all('option[value="business"][selected]')


def test_the_poster_is_one_tagged_page_in_each_language(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    base = f"/observatorium/styring/runder/2026/invitasjoner/{an_invitation(cast).id}/plakat.pdf"
    coordinator = visitor("coordinator")
    for code in ("nb", "nn", "en"):
        answer = coordinator.client.get(f"{base}?plakat={code}")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert b"/Type/Pages/Count 1/" in answer.data
        assert b"pdfuaid" in answer.data
        assert f"/Lang({code})".encode() in answer.data
        assert f"-{code}.pdf" in answer.headers["Content-Disposition"]
    coordinator.get("observatorium_outreach.poster_pdf", slug="2026", invitation_id=999, _status=404)


def test_a_poster_with_the_longest_names_stays_on_one_page() -> None:
    long = rendering.Poster(
        language="nb",
        municipality="Unjárgga gielda – Nesseby kommune og alle samarbeidskommunene rundt Varangerfjorden",
        heading="Hvordan gjør kommunen det?",
        lead="Si hva du mener om skole, buss, sentrum, natur og mye annet." * 2,
        points=["Ingen får se hva akkurat du svarer, heller ikke kommunen. " * 2] * 3,
        when="Åpen fra 21. september 2026 til og med 24. september 2026",
        scan="Skann koden med mobilen, eller skriv adressen:",
        shown="innbyggerobservatoriet." * 3 + "kommune.no/observatorium/vurder/invitasjon/0123456789",
        address="https://" + "innbyggerobservatoriet." * 3 + "kommune.no/observatorium/vurder/invitasjon/0123456789",
        code_told="QR-kode med adressen som står under",
    )
    assert b"/Type/Pages/Count 1/" in rendering.pdf(long, clock.now())


def test_the_invitations_are_two_statements_more_than_nothing_however_many(
    cast: Cast, visitor: Open, count_queries: Callable[..., object]
) -> None:
    an_open_round(cast)
    for number in range(12):
        an_invitation(cast, f"Sted {number}")
    coordinator = visitor("coordinator")
    with count_queries(at_most=8):  # type: ignore[attr-defined]
        coordinator.get("observatorium_outreach.invitations", slug="2026")


# --- how many take part -----------------------------------------------------------------------------------------------


def test_everybody_sees_how_many_take_part_and_how_long_is_left(cast: Cast, visitor: Open) -> None:
    an_open_round(cast, days=12)
    for actor in people(23):
        answers(actor)
    page = visitor().get("observatorium_outreach.participation", slug="2026")
    assert "Du kan svare i 12 dager til" in page.words
    assert "Innbyggerne minst 20" in page.words
    assert "Næringslivet færre enn ti" in page.words
    assert page.response.headers["Cache-Control"] == "public, no-cache"


def test_the_page_stands_in_every_state_and_tells_of_drafts_to_coordinators_only(cast: Cast, visitor: Open) -> None:
    rounds.make_round(cast.actor("coordinator"), draft("2027"))
    visitor().get("observatorium_outreach.participation", slug="2027", _status=404)
    assert "Runden åpner" in visitor("coordinator").get("observatorium_outreach.participation", slug="2027").words
    an_open_round(cast)
    rounds.close_round(cast.actor("coordinator"), "2026")
    page = visitor().get("observatorium_outreach.participation", slug="2026")
    assert "Resultatet kommer når det er regnet ut" in page.words
    rounds.withdraw_round(cast.actor("coordinator"), "2026", "Feil.")
    page = visitor().get("observatorium_outreach.participation", slug="2026")
    assert "Runden er trukket" in page.words
    assert "Så mange i hver gruppe" not in page.words


def test_a_published_round_leads_on_to_the_result(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium_outreach.participation", slug="2026")
    assert "Innbyggerne minst 60" in page.words
    assert "Se resultatet" in page.words


# --- reminders --------------------------------------------------------------------------------------------------------


def test_one_asks_for_a_reminder_changes_ones_mind_and_gets_one_mail(
    cast: Cast, visitor: Open, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    an_open_round(cast, days=10)
    resident = visitor("resident")
    ask, withdraw = "observatorium_outreach.remind", "observatorium_outreach.withdraw_reminder"
    assert "Ikke påminn meg likevel" in resident.follow(resident.post(ask)).words
    assert "Påminn meg før runden lukker" in resident.follow(resident.post(withdraw)).words
    resident.post(ask)
    with clock.moved(timedelta(days=8)):
        outreach.remind_due()
        run_worker()
    assert len(smtp.messages) == 1
    assert "Hvis du ikke er ferdig" in str(smtp.messages[0])


def test_the_button_is_only_there_for_those_who_can_be_reminded(cast: Cast, visitor: Open) -> None:
    an_open_round(cast, days=2)
    assert "Påminn meg" not in visitor("resident").get("rating.overview").words
    assert "Påminn meg" not in visitor().get("rating.overview").words
    visitor("resident").post("observatorium_outreach.remind", _status=409)
