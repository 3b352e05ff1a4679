"""Hostile texts in solutions, in how they are used, and in all that partners send: nothing is executed or reported."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.municipalities import all_municipalities
from portal.kernel.richtext import clean_text
from portal.observatorium.models.rounds import Revision
from portal.partners.actions.comparing import keep_round
from portal.partners.actions.importing import take_in
from portal.partners.comparison import Figure, RoundFigures
from portal.partners.incoming import RawPage
from portal.partners.models.imports import Imported
from portal.partners.models.partners import Partner
from portal.solutions.actions.hearing import Told, hear_adoption
from portal.solutions.actions.sharing import WordsDraft, note_solution, translate_solution
from portal.solutions.adoption import AdopterKind
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation
from tests.browser import corpus
from tests.browser.running import Portal
from tests.browser.test_hostile_texts import ALONE, Trap, _line, of, walk
from tests.solutions import adopting
from tests.support.portals import OtherPortal, content, let_in
from tests.support.solutions import shared, show

pytestmark = pytest.mark.browser

Addresses = Mapping[str | None, Sequence[str]]
"""Where the texts lie now, for each who reads them."""


NUMBERS = cycle(each.number for each in all_municipalities() if each.number not in {"0301", "3201", "3203"})
"""Of municipalities that have no portal yet."""


def words(text: str) -> dict[str, Any]:
    return {name: clean_text(text) for name in WORDS} | {"title": _line(text)}


def how_it_went(text: str) -> dict[str, Any]:
    """Return what an adopter writes."""
    return {**dict.fromkeys(("adapted", "result", "learning"), clean_text(text)[:3000]), "contact_title": _line(text)}


def store(portal: Portal, texts: Sequence[str]) -> Addresses:
    """Write each text in every field of solutions, ours and theirs, of how they are used, and of a portal's feed."""
    found: dict[str | None, list[str]] = defaultdict(list)
    with portal.app.app_context():
        employee, adviser, admin = of("employee"), of("adviser"), of("admin")
        places = [(_ours(employee, text), _theirs(admin, adviser, text)) for text in texts]
    found[None] += ["/", "/losninger/", "/losninger/?sorter=in_use", "/kart/norge/", "/observatorium/indikatorer/1.8/"]
    found["adviser"] += ["/losninger/bruk/", "/moderering/ko/"]
    found["admin"] += ["/administrasjon/partnere/"]
    for (ours, heard), (partner, theirs, used) in places[:: max(1, len(texts) // ALONE)]:
        for number in (ours, theirs):
            found[None] += [f"/losninger/{number}{part}" for part in ("", "?tekst=nn", "/versjoner", "/spredning")]
            found["adviser"] += [f"/losninger/{number}", f"/losninger/{number}/ta-i-bruk"]
        found[None] += [f"/losninger/bruk/{number}" for number in (heard, used)]
        found["employee"] += [f"/losninger/{ours}/rediger", f"/losninger/{ours}/oversett/nn"]
        found["adviser"] += [f"/losninger/{theirs}/notat", f"/losninger/bruk/{used}/endre"]
        found["admin"] += [f"/administrasjon/partnere/{partner}"]
    found[None] += [f"/sok/?q={quote(text[:200])}" for text in texts[:: max(1, len(texts) // ALONE)]]
    return found


def _ours(employee: Actor, text: str) -> tuple[int, int]:
    """Share and translate a solution, and let another portal's organisation tell of it; return both numbers."""
    said = words(text)
    solution = shared(employee, said.pop("title"), contact_title=_line(text), indicators=(108,), **said)
    translated = translate_solution(employee, solution.id, WordsDraft(**words(text), language="nn"))
    show(Ref(TRANSLATION, translated.id))
    told = Told(
        uri=f"https://drammen.example/losninger/bruk/{solution.id}",
        kind=AdopterKind.ORGANISATION,
        municipality_number="3301",
        name=_line(text),
        of_edition=1,
        draft=adopting.draft(**how_it_went(text)),
    )
    adoption = hear_adoption(SYSTEM, solution.id, told, keeper_id=employee.id or 0)
    show(Ref(ADOPTION, adoption.id))
    return solution.id, adoption.id


def _theirs(admin: Actor, adviser: Actor, text: str) -> tuple[int, int, int]:
    """Let a portal send the text wherever it can; return its number, a solution's, and of the use of it."""
    other = OtherPortal(next(NUMBERS), _line(text, 100))
    other.url = f"https://portal-{other.number}.example"
    known = db.session.scalar(sa.select(Partner).where(Partner.base_url == other.url))
    partner = known or let_in(admin, other)
    hostile = content(_line(text), **{name: said for name, said in words(text).items() if name != "title"})
    first = 1 + 10 * len(db.session.scalars(sa.select(Imported.solution_id)).all())
    other.tell(first, content())
    other.tell(first + 1, hostile | {"contact_title": _line(text)})
    other.tell(first + 2, content() | {"translations": [hostile["words"] | {"language": "nn"}]})
    other.tell(first + 3, content(language=text))
    other.tell(first + 4, content(), id=text)
    other.tell(first + 5, content(), licence=text)
    _take_in(partner, other)
    taken = sa.select(Imported.solution_id).where(Imported.uri == f"{other.url}/losninger/{first}")
    solution = db.session.scalars(taken).one()
    _as_if_let_through(solution, text)
    note_solution(adviser, solution, clean_text(text)[:5000])
    _round(partner, text)
    theirs = db.session.get_one(Solution, solution, populate_existing=True)
    return partner.id, solution, adopting.adopted(adviser, theirs, adopting.HERE, **how_it_went(text)).id


def _take_in(partner: Partner, other: OtherPortal) -> None:
    """Read what it sends as the worker does, and show what isn't set aside."""
    items = [json.dumps(item).encode() for item in other.items]
    came = take_in(SYSTEM, partner.id, RawPage(items, next=None, cursor=f"{partner.cursor}."), begun_at=partner.cursor)
    assert came
    assert came["set_aside"] >= 3
    for number in db.session.scalars(sa.select(Imported.solution_id).where(Imported.partner_id == partner.id)).all():
        show(Ref(SOLUTION, number))
        of_it = sa.select(SolutionTranslation.id).where(SolutionTranslation.solution_id == number)
        for translation in db.session.scalars(of_it).all():
            show(Ref(TRANSLATION, translation))


@atomic
def _as_if_let_through(number: int, text: str) -> None:
    """Write the text in all fields of a solution from elsewhere: the pages must hold where the reading doesn't."""
    solution = db.session.get_one(Solution, number, populate_existing=True)
    for name, said in (words(text) | {"contact_title": _line(text)}).items():
        setattr(solution, name, said)


def _round(partner: Partner, text: str) -> None:
    """Let the partner have published a round with the text for its name, which can be compared with ours."""
    ours = db.session.scalars(sa.select(Revision).order_by(Revision.id.desc())).first()
    assert ours is not None
    told = RoundFigures(
        slug="2026",
        title=_line(text),
        published=clock.now(),
        catalogue_version=ours.catalogue_version,
        method_version=ours.method_version,
        revision=1,
        content_hash="0" * 64,
    )
    keep_round(SYSTEM, partner.id, told, [Figure(indicator="1.8", own="green", level="green")])


@pytest.mark.parametrize("policy", ["off", "on"])
@pytest.mark.parametrize("texts", ["some", *(pytest.param(each, marks=pytest.mark.slow) for each in ("own", "public"))])
def test_no_text_of_solutions_and_partners_is_ever_executed(
    texts: str, policy: str, own_portal: Portal, visit: Callable[..., Page]
) -> None:
    wrong: dict[str, Any] = {}
    for name, addresses in store(own_portal, getattr(corpus, texts)()).items():
        page = visit(name, at=own_portal, bypass_csp=policy == "off")
        trap = Trap(page.context)
        walk(page, addresses)
        if trap.executed or trap.reported:
            wrong[str(name)] = (trap.executed, trap.reported)
    assert wrong == {}
