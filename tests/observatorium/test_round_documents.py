"""Documents about a round, and rounds among what is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Forbidden
from portal.observatorium.actions import rounds
from portal.observatorium.events.rounds import ROUND
from tests.files.sending import put
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import draft
from tests.support.cast import Cast
from tests.support.moderating import decided
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def test_a_document_that_a_coordinator_puts_on_a_round_is_there_for_everybody_once_it_is_read(
    cast: Cast, visitor: Open
) -> None:
    made = a_published_round(cast)
    file = put(cast.actor("coordinator"), Ref(ROUND, made.id), name="Rapport til kommunestyret.pdf")
    if file.state is PublicationState.PENDING:
        assert file.name not in visitor().get("observatorium.round_result", slug=made.slug).text
        decided(cast.actor("moderator"), Ref("file", file.id))
    for endpoint, values in (("observatorium.overview", {}), ("observatorium.round_result", {"slug": made.slug})):
        assert file.name in visitor().get(endpoint, **values).text
    answer = visitor().client.get(f"/filer/{file.id}/{file.name}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_only_coordinators_put_documents_on_rounds(cast: Cast, visitor: Open) -> None:
    made = a_published_round(cast)
    for name in ("resident", "moderator", "admin"):
        with pytest.raises(Forbidden):
            put(cast.actor(name), Ref(ROUND, made.id))
    way_in = "/filer/last-opp"
    assert way_in in visitor("coordinator").get("observatorium.overview").text
    assert way_in not in visitor("resident").get("observatorium.overview").text


def test_a_round_is_found_by_its_title_from_when_it_opens_until_it_is_withdrawn(cast: Cast, visitor: Open) -> None:
    def found() -> bool:
        return "/observatorium/runder/2031/" in visitor().get("search.results", q="Runde 2031").text

    coordinator = cast.actor("coordinator")
    rounds.make_round(coordinator, draft("2031"))
    assert not found()
    rounds.open_round(coordinator, "2031")
    assert found()
    rounds.withdraw_round(coordinator, "2031", "Vi begynner på nytt.")
    assert not found()
