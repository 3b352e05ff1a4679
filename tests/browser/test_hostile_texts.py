"""Hostile texts in every field people write in: with the content policy off nothing is executed, with it on nothing is
even reported."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page

from portal.accounts.models import Account, Byline
from portal.files.actions import upload
from portal.files.intake import FileDraft, receive
from portal.ideas.actions.cases import Said, answer_idea
from portal.ideas.actions.measures import MeasureDraft, make_measure
from portal.ideas.actions.thieves import save_thief
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import IdeaKind
from portal.kernel import clock, mail
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic, db
from portal.kernel.extensions import content
from portal.kernel.identity import Actor
from portal.kernel.richtext import clean_line, clean_text
from portal.moderation.actions.queueing import open_case
from portal.notifications.queries import find_recipient
from portal.observatorium.events.rounds import INDICATOR
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Form
from portal.portfolio.actions.benefits import plan_benefit
from portal.portfolio.realisation import Unit
from tests.browser import corpus
from tests.browser.running import Portal
from tests.portfolio import things
from tests.support import thieves
from tests.support.campaigns import open_campaign
from tests.support.ideas import published

pytestmark = pytest.mark.browser

TRAP = """
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => executed(name);
document.addEventListener("securitypolicyviolation", event =>
    reported(`${event.violatedDirective} ${event.blockedURI}`));
"""
ON = Ref(INDICATOR, 409)
ALONE = 60
"""How many of the texts are looked at on pages of their own."""


class Trap:
    """Tells what was executed and what the policy reported."""

    def __init__(self, context: BrowserContext) -> None:
        self.executed: list[str] = []
        self.reported: list[str] = []
        context.expose_function("executed", self.ran)
        context.expose_function("reported", self.told)
        context.add_init_script(TRAP)
        context.on("dialog", self.opened)

    def ran(self, what: str) -> None:
        self.executed.append(what)

    def told(self, what: str) -> None:
        self.reported.append(what)

    def opened(self, dialog: Dialog) -> None:
        self.executed.append(dialog.type)
        dialog.dismiss()


@dataclass(frozen=True)
class Stored:
    """Where the texts lie now: all of them in the lists, and one in so many on pages of their own."""

    pages: Sequence[str]
    """For everybody; the lists first."""
    cases: Sequence[str]
    """For moderators."""
    letters: Sequence[str]
    """The HTML of mails."""


def actor(account: Account) -> Actor:
    """Return somebody as actions know them."""
    found = find_recipient(account.id)
    assert found is not None
    return found.actor


def store(portal: Portal, texts: Sequence[str]) -> Stored:
    """Write each text as the name of a person, a contribution of theirs, and a mail; show all of it."""
    with portal.app.app_context():
        made = [_contribution(text) for text in texts]
        moderator = actor(db.session.query(Account).filter_by(email="moderator@demo.example").one())
        cases = [open_case(moderator, Ref(CONTRIBUTION, id_)).id for id_ in made]
        letters = [_letter(text) for text in texts]
    every = max(1, len(texts) // ALONE)
    return Stored(
        pages=[f"/delta/{INDICATOR}/{ON.id}/?{urlencode({'form': 'question'})}"]
        + [f"/delta/innlegg/{id_}/" for id_ in made[::every]]
        + [f"/sok/?q={quote(text[:200])}" for text in texts[::every]],
        cases=["/moderering/ko/", *(f"/moderering/saker/{id_}/" for id_ in cases[::every])],
        letters=letters,
    )


@atomic
def _contribution(text: str) -> int:
    name = clean_line(text)[:200] or "Navnløs"
    author = Account(name=name, created_at=clock.now(), language="nb")
    db.session.add(author)
    db.session.flush()
    made = Contribution(
        kind=ON.kind,
        target_id=ON.id,
        form=Form.QUESTION,
        author_id=author.id,
        byline=Byline.NAME,
        text=clean_text(text),
        language="nb",
        state=PublicationState.PENDING,
        key=str(uuid4()),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    restrict = content().kind(CONTRIBUTION).restrict
    assert restrict is not None
    restrict(Ref(CONTRIBUTION, made.id), Restriction(state=PublicationState.PUBLISHED))
    return made.id


def _letter(text: str) -> str:
    item = {
        "sentence": "replied",
        "title": clean_line(text)[:200],
        "excerpt": clean_line(text)[:200],
        "language": "nb",
        "endpoint": "observatorium.indicator",
        "values": {"number": "1.1"},
    }
    return mail.rendered(
        {
            "template": "notifications/mail/notices",
            "to": "randi@demo.example",
            "language": "nb",
            "headers": {},
            "values": {"name": clean_line(text)[:200], "frequency": "now", "items": [item], "unsubscribe": ""},
            "token": "t",
        }
    ).html


def walk(page: Page, addresses: Sequence[str]) -> None:
    """Open pages, and of a list every page."""
    waiting = list(reversed(addresses))
    while waiting:
        address = waiting.pop()
        response = page.goto(address)
        assert response is not None
        assert response.status < 500, address
        onward = page.locator("main nav a[href*='etter=']")
        if onward.count():
            waiting.append(str(onward.first.get_attribute("href")))


def test_the_trap_works(browser: Browser) -> None:
    """The same texts, written into a page as they are, do execute: else the rest would prove nothing."""
    context = browser.new_context(bypass_csp=True)
    trap = Trap(context)
    page, raw, written = context.new_page(), "http://raw.example/", [""]
    context.route("**/*", lambda route: route.abort())
    context.route(raw, lambda route: route.fulfill(body=written[0], content_type="text/html"))
    for text in corpus.own():
        written[0] = f"<!doctype html><main>{text}</main>"
        with suppress(Error):  # some of them lead elsewhere
            page.goto(raw, wait_until="commit")
            page.wait_for_timeout(50)
    context.close()
    assert len(trap.executed) >= 5


@pytest.mark.parametrize("policy", ["off", "on"])
@pytest.mark.parametrize("texts", ["some", *(pytest.param(each, marks=pytest.mark.slow) for each in ("own", "public"))])
def test_no_text_is_ever_executed(texts: str, policy: str, own_portal: Portal, visit: Callable[..., Page]) -> None:
    stored = store(own_portal, getattr(corpus, texts)())
    off = policy == "off"
    visitor = visit(None, at=own_portal, bypass_csp=off)
    moderator = visit("moderator", at=own_portal, bypass_csp=off)
    traps = [Trap(each.context) for each in (visitor, moderator)]
    walk(visitor, stored.pages)
    walk(moderator, stored.cases)
    if off:  # a mail program has no policy of ours
        for letter in stored.letters:
            visitor.set_content(letter, wait_until="commit")
    assert [trap.executed for trap in traps] == [[], []]
    assert [trap.reported for trap in traps] == [[], []]


@pytest.mark.parametrize("texts", ["some", *(pytest.param(each, marks=pytest.mark.slow) for each in ("own", "public"))])
def test_no_file_name_and_no_description_is_ever_executed(
    texts: str, own_portal: Portal, visit: Callable[..., Page]
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    with own_portal.app.app_context():
        resident = actor(db.session.query(Account).filter_by(email="resident2@demo.example").one())
        files = [_file(resident, picture.getvalue(), text) for text in getattr(corpus, texts)()[:15]]
    page = visit("resident2", at=own_portal, bypass_csp=True)
    trap = Trap(page.context)
    walk(page, [f"/filer/{id_}/endre" for id_ in files])
    walk(page, ["/konto/mine-data"])
    assert trap.executed == []


def _file(uploader: Actor, picture: bytes, text: str) -> int:
    draft = FileDraft(alt_text=clean_line(text)[:200] or "Bilde", is_decoration=False, language="nb")
    return upload(uploader, receive(uploader, picture, f"{text[:120]}.png", draft)).id


def of(name: str) -> Actor:
    return actor(db.session.query(Account).filter_by(email=f"{name}@demo.example").one())


def store_ideas(portal: Portal, texts: Sequence[str]) -> Stored:
    """Write each text in every field of a tidstyv, its measure and benefit, the answer to it, and a campaign."""
    with portal.app.app_context():
        author, adviser = of("resident2"), of("adviser")
        ideas = [_thief(author, adviser, text) for text in texts]
        measures = [_measure(adviser, idea, text) for idea, text in zip(ideas, texts, strict=True)]
        benefits = [_benefit(adviser, idea, text) for idea, text in zip(ideas, texts, strict=True)]
        campaigns = [_campaign(adviser, text) for text in texts]
    every = max(1, len(texts) // ALONE)
    return Stored(
        pages=["/ideer/", "/ideer/?visning=tavle", "/tidstyver/", "/kampanjer/", "/portefolje/"]
        + [f"/ideer/{each}" for each in ideas[::every]]
        + [f"/tidstyver/tiltak/{each}/" for each in measures[::every]]
        + [f"/portefolje/gevinster/{each}/" for each in benefits[::every]]
        + [f"/kampanjer/{slug}/" for _id, slug in campaigns[::every]],
        cases=["/ideer/styring/?utvalg=alle", "/kampanjer/styring/"]
        + [f"/ideer/styring/{each}/" for each in ideas[::every]]
        + [f"/ideer/styring/{each}/vurdering" for each in ideas[::every]]
        + [f"/tidstyver/{each}/styring" for each in ideas[::every]]
        + [f"/kampanjer/styring/{id_}/" for id_, _slug in campaigns[::every]],
        letters=(),
    )


def _line(text: str, longest: int = 200) -> str:
    return clean_line(text)[:longest].strip() or "Uten navn"


def _thief(author: Actor, adviser: Actor, text: str) -> int:
    fields = dict.fromkeys(("challenge", "solution", "summary", "usefulness"), clean_text(text))
    idea = published(author, _line(text), kind=IdeaKind.TIME_THIEF, **fields)
    save_thief(author, idea.id, thieves.told())
    version = db.session.get_one(Idea, idea.id, populate_existing=True).version
    answer_idea(adviser, idea.id, Said(text=clean_text(text), version=version))
    thieves.measured(adviser, idea, freed_for=_line(text), used_for=clean_text(text)[:1000])
    return idea.id


def _measure(adviser: Actor, idea: int, text: str) -> int:
    draft = MeasureDraft(title=_line(text), description=clean_text(text), responsible=_line(text))
    version = thieves.row(db.session.get_one(Idea, idea)).version
    return make_measure(adviser, draft, key=str(uuid4()), idea_id=idea, version=version).id


def _benefit(adviser: Actor, idea: int, text: str) -> int:
    fields = dict.fromkeys(("title", "indicator", "for_whom", "responsible", "baseline_source"), _line(text))
    other = {"unit": Unit.OTHER, "unit_word": _line(text, 40), "assumptions": clean_text(text)[:2000]}
    return plan_benefit(adviser, Ref(IDEA, idea), things.plan(**fields, **other)).id


def _campaign(adviser: Actor, text: str) -> tuple[int, str]:
    said = {"nb": clean_text(text)}
    made = open_campaign(adviser, _line(text), lead={"nb": _line(text)}, introduction=said, goal=said)
    return made.id, made.slug


@pytest.mark.parametrize("policy", ["off", "on"])
@pytest.mark.parametrize("texts", ["some", *(pytest.param(each, marks=pytest.mark.slow) for each in ("own", "public"))])
def test_no_text_of_the_idea_bank_is_ever_executed(
    texts: str, policy: str, own_portal: Portal, visit: Callable[..., Page]
) -> None:
    stored = store_ideas(own_portal, getattr(corpus, texts)())
    visitor, adviser = (visit(name, at=own_portal, bypass_csp=policy == "off") for name in (None, "adviser"))
    traps = [Trap(each.context) for each in (visitor, adviser)]
    walk(visitor, stored.pages)
    walk(adviser, stored.cases)
    assert [trap.executed for trap in traps] == [[], []]
    assert [trap.reported for trap in traps] == [[], []]
