"""A whole year of the observatory: assessed, verified, answered by four groups, published, followed up, done again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.demo import load
from portal.kernel import clock
from portal.kernel.db import atomic
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.actions.rating import AnswersDraft, Standing, rate_several
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.models.rounds import Tie
from tests.browser import checks, running
from tests.browser.hands import arrived, wait_for_first_jobs
from tests.browser.keys import choose
from tests.browser.running import Portal
from tests.browser.test_running_a_round import confirm, wait_for_result
from tests.files.made import picture
from tests.support import databases

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEED = 3203
CROWD: load.Sizes = {group: (40, None if group is StakeholderGroup.RESIDENT else 40) for group in StakeholderGroup}
"""Four groups that are large enough for a colour."""
HEARD, SERVED = "1.8", "3.1"
"""What the first employee's service area answers for, and the second's."""
AREAS = {HEARD: "Oppvekst", SERVED: "Teknikk og miljø"}
FIRST, NEXT = "Runden i fjor", "Runden i år"
VERIFIERS = ("Vegard Verifikatør", "Vera Verifikatør")
KINDS = ("link", "figure", "file")
SEEN, CONTESTED = "Alt som er lovet, er lagt fram.", "Høringen var over før noen fikk vite om den."
TOO_LATE = "Uten en høring i tide er det ikke medvirkning."
ENOUGH = "Tjenestene finnes, men ikke overalt."
REPLY, REPLIES = "Neste høring blir varslet åtte uker før.", "Kommunalsjef for oppvekst"
MEASURE = "Varsle høringer åtte uker før"
ROW = "main tbody tr"


@dataclass
class Town:
    """A portal without any round, and those who will answer."""

    portal: Portal
    crowd: Sequence[load.Rater]
    visit: Callable[..., Page]

    def at(self, who: str | None, endpoint: str, **values: str | int) -> Page:
        """Let somebody open a page."""
        page = self.visit(who, at=self.portal)
        page.goto(self.portal.path(endpoint, **values))
        return page

    def coordinator(self, slug: str) -> Page:
        return self.at("coordinator", "observatorium_control.show", slug=slug)


@pytest.fixture(scope="module")
def people() -> Iterator[tuple[Portal, Sequence[load.Rater]]]:
    """Make the cast, their service areas and the four groups, in a portal of their own."""
    with databases.own_database() as own, running.run(own) as started:
        with started.app.app_context():
            cast = load.make_cast()
            load.make_service_areas(cast)
            crowd = load._crowd(Random(SEED), cast, CROWD)  # noqa: S311 - made-up content, not a secret
        yield started, crowd
        assert started.faults() == []


def test_a_year_from_a_draft_to_what_became_of_the_colour(
    visit: Callable[..., Page], people: tuple[Portal, Sequence[load.Rater]]
) -> None:
    town = Town(*people, visit)
    wait_for_first_jobs(town.portal)

    drafted(town, FIRST, "i-fjor", clock.today() - timedelta(days=330))
    shared_out(town, "i-fjor")
    assessed(town, "employee", HEARD, level="green")
    assessed(town, "employee2", SERVED, level="yellow")
    opened(town, "i-fjor")

    appointed(town, "i-fjor")
    verified(town, "i-fjor", harshest="red")
    replied(town, "i-fjor")

    one_answers(town, {HEARD: "Ikke akseptabelt", SERVED: "På vei"})
    others_answer(town, "i-fjor", {HEARD: (Answer.RED, Answer.YELLOW), SERVED: (Answer.YELLOW, Answer.GREEN)})
    published(town, "i-fjor")
    everybody_reads_the_three_views(town)
    measure = promised(town, "i-fjor")

    drafted(town, NEXT, "i-ar", clock.today())
    begun_from_last_year(town, "i-ar")
    opened(town, "i-ar")
    appointed(town, "i-ar")
    verified(town, "i-ar", harshest="yellow")
    replied(town, "i-ar")
    one_answers(town, {HEARD: "Minstekravet er nådd", SERVED: "På vei"})
    others_answer(town, "i-ar", {HEARD: (Answer.GREEN, Answer.YELLOW), SERVED: (Answer.YELLOW, Answer.GREEN)})
    published(town, "i-ar")

    everybody_reads_what_became_of_it(town, measure)
    coordinator_compares(town)
    report_says_the_same(town)


def drafted(town: Town, title: str, slug: str, opens: date) -> None:
    """The coordinator makes a draft."""
    page = town.at("coordinator", "observatorium_control.index")
    page.get_by_role("link", name="Lag en runde").first.click()
    page.get_by_label("Navn").fill(title)
    page.get_by_label("Adresse").fill(slug)
    page.get_by_label("Første dag").fill(opens.isoformat())
    page.get_by_label("Siste dag").fill((clock.today() + timedelta(days=10)).isoformat())
    choose(page.get_by_label("E-post og passord"))
    page.get_by_role("button", name="Lag utkastet").click()
    expect(page.get_by_text("Runden er laget som utkast.")).to_be_visible()
    assert checks.axe(page) == []


def shared_out(town: Town, slug: str) -> None:
    """The coordinator asks the service areas of the two employees for an indicator each."""
    page = town.coordinator(slug)
    page.get_by_role("link", name="Gå til egenvurderingen").click()
    page.get_by_role("link", name="Fordel til tjenesteområder").click()
    for number, area in AREAS.items():
        arrived(page, "Fordel egenvurderingen")
        page.locator("[name=service_area_id]").select_option(label=area)
        page.locator("[name=due_on]").fill((clock.today() + timedelta(days=5)).isoformat())
        choose(page.locator(f"[name=indicators][value='{number}']"))
        page.get_by_role("button", name="Fordel", exact=True).click()
        expect(page.locator(ROW, has_text=area)).to_contain_text(named(number))
    assert checks.axe(page) == []


def assessed(town: Town, who: str, number: str, *, level: str) -> None:
    """An employee assesses every part of an indicator, with evidence; without any, green is refused where it is set."""
    page = town.at(who, "observatorium_assessing.mine")
    page.get_by_role("link", name=named(number)).click()
    arrived(page, re.compile(f"^Egenvurdering av {re.escape(named(number))}"))
    for place, key in enumerate(parts(number)):
        opens_part(page, key)
        if place == 0:
            refused_green_without_evidence(page)
        puts_evidence(page, key, KINDS[place % len(KINDS)])
        choose(page.locator(f"[name=level][value={level}]"))
        page.locator("[name=justification]").fill(f"Slik står det med {key}.")
        page.get_by_role("button", name="Lagre").click()
        expect(page.get_by_text(f"Delindikator {key} er lagret.")).to_be_visible()
    expect(page.locator(".assessed")).to_contain_text(
        f"{len(parts(number))} {'grønne' if level == 'green' else 'gule'}"
    )
    assert checks.axe(page) == []


def opens_part(page: Page, key: str) -> None:
    part = page.locator(f"[id='del-{key}']")
    part.get_by_role("link", name=re.compile("^Vurder, eller legg til belegg")).click()
    arrived(page, re.compile(f"^Vurder {re.escape(key)} "))


def refused_green_without_evidence(page: Page) -> None:
    choose(page.locator("[name=level][value=green]"))
    page.locator("[name=justification]").fill("Vi mener det går bra.")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("#level-error")).to_contain_text("Grønt krever belegg.")
    assert checks.axe(page) == []


def puts_evidence(page: Page, key: str, kind: str) -> None:
    """Fill in a link, a figure or a file."""
    choose(page.locator(f"[name=kind][value={kind}]"))
    page.locator("[name=title]").fill(evidence(key))
    if kind == "link":
        page.locator("[name=url]").fill(f"https://www.asker.example/{key}")
    elif kind == "file":
        page.locator("[name=file]").set_input_files(
            {"name": f"{key}.png", "mimeType": "image/png", "buffer": picture()}
        )
    else:
        page.locator("[name=figure_value]").fill("41,5")
        page.locator("[name=figure_unit]").fill("prosent")
        page.locator("[name=figure_source]").fill("Egen telling")


def opened(town: Town, slug: str) -> None:
    page = town.coordinator(slug)
    expect(page.get_by_text("2 av 39 har et nivå")).to_be_visible()
    confirm(page, "Åpne runden", "Åpne runden")
    expect(page.get_by_text("Runden er åpnet.")).to_be_visible()
    assert checks.axe(page) == []


def appointed(town: Town, slug: str) -> None:
    """The coordinator appoints two verifiers for both indicators."""
    page = town.coordinator(slug)
    page.get_by_role("link", name="Gå til verifiseringen").click()
    page.locator("summary", has_text="Velg verifikatører og indikatorer").click()
    for name in VERIFIERS:
        choose(page.get_by_label(name))
    for number in (HEARD, SERVED):
        choose(page.locator(f"[name=indicators][value='{number}']"))
    page.get_by_role("button", name="Oppnevn", exact=True).click()
    expect(page.get_by_text("4 nye oppnevninger.")).to_be_visible()
    assert checks.axe(page) == []


def verified(town: Town, slug: str, *, harshest: str) -> None:
    """Two verifiers judge each by themselves; one contests, and neither sees the other's before both are in."""
    one, other = (town.at(who, "observatorium_verifying.index") for who in ("verifier", "verifier2"))
    starts_on(one, HEARD)
    judges(one, HEARD, "green", SEEN)
    task = town.portal.path("observatorium_verifying.task", slug=slug, number=HEARD)
    one.goto(task)
    expect(one.get_by_text("Svarene vises når én til har svart.")).to_be_visible()

    starts_on(other, HEARD)
    expect(other.locator("main")).not_to_contain_text(SEEN)
    expect(said_by_all(other)).to_have_count(0)
    judges(other, HEARD, harshest, TOO_LATE, contested=parts(HEARD)[2])
    for page in (one, other):
        page.goto(task)
        expect(said_by_all(page)).to_be_visible()
        for words in (SEEN, TOO_LATE, CONTESTED):
            expect(page.locator("main")).to_contain_text(words)
        assert checks.axe(page) == []
        starts_on(page, SERVED)
        judges(page, SERVED, "yellow", ENOUGH)


def starts_on(page: Page, number: str) -> None:
    """Say that one has no conflict of interest, before anything is shown."""
    page.goto("/observatorium/verifisering/")
    page.get_by_role("link", name=named(number)).click()
    arrived(page, re.compile("^Er du inhabil"))
    expect(page.locator("main")).not_to_contain_text(evidence(parts(number)[0]))
    assert checks.axe(page) == []
    choose(page.locator("[name=has_conflict][value=nei]"))
    page.get_by_role("button", name="Svar og gå videre").click()
    arrived(page, f"Verifiser {named(number)}")


def judges(page: Page, number: str, level: str, reason: str, *, contested: str = "") -> None:
    """Accept all the evidence but that of one part, and set a level."""
    for key in parts(number):
        piece = page.get_by_role("group", name=evidence(key), exact=True)
        choose(piece.locator(f"[value={'contested' if key == contested else 'accepted'}]"))
        if key == contested:
            piece.locator("textarea").fill(CONTESTED)
    choose(page.locator(f"[name=level][value={level}]"))
    page.locator("[name=reason]").fill(reason)
    assert checks.axe(page) == []
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text(f"Du er ferdig med indikator {number}.")).to_be_visible()


def said_by_all(page: Page) -> Locator:
    return page.get_by_role("heading", name="Det verifikatørene sier")


def replied(town: Town, slug: str) -> None:
    """The coordinator replies to what is contested."""
    page = town.at("coordinator", "observatorium_verification.show", slug=slug)
    row = page.locator(".verify-rows > li", has_text=named(HEARD))
    expect(row).to_contain_text("Verifisert, uenige")
    expect(row).to_contain_text("Belegg bestridt")
    row.get_by_role("link", name=named(HEARD)).click()
    page.locator("[name=text]").fill(REPLY)
    page.locator("[name=by_title]").fill(REPLIES)
    page.get_by_role("button", name="Lagre tilsvaret").click()
    expect(page.get_by_text("Tilsvaret er lagret.")).to_be_visible()
    assert checks.axe(page) == []


def one_answers(town: Town, words: dict[str, str]) -> None:
    """The first resident of the crowd answers in a browser."""
    page = town.visit("resident-1@crowd.demo.example", at=town.portal)
    for number, answer in words.items():
        page.goto(f"/observatorium/vurder/{number}/")
        page.wait_for_load_state()
        if page.get_by_label("Jeg bor her").count():
            choose(page.get_by_label("Jeg bor her"))
        choose(page.get_by_label(answer))
        assert checks.axe(page) == []
        page.get_by_role("button", name="Neste").click()
        expect(page).not_to_have_url(re.compile(rf"/{re.escape(number)}/$"))
    page.goto("/observatorium/vurder/dine-svar/")
    for number, answer in words.items():
        expect(page.locator(f"[id='rad-{number}']")).to_contain_text(answer)


def others_answer(town: Town, slug: str, answers: dict[str, tuple[Answer, Answer]]) -> None:
    """Three of four in each group say the first, the others the second: all who agree would be hidden."""

    @atomic
    def answer() -> None:
        for place, rater in enumerate(town.crowd[1:], start=1):
            tie = Tie.ORGANISATION if rater.organisation_id else Tie.LIVES
            standing = Standing(group=rater.group, tie=tie, organisation_id=rater.organisation_id)
            said = {number: most if place % 4 != 3 else few for number, (most, few) in answers.items()}
            rate_several(rater.actor, AnswersDraft(round=slug, answers=said, standing=standing))

    with town.portal.app.app_context():
        answer()


def published(town: Town, slug: str) -> None:
    """The coordinator closes and publishes; the worker does the counting."""
    page = town.coordinator(slug)
    confirm(page, "Lukk nå", "Lukk runden")
    confirm(page, "Publiser resultatet", "Publiser resultatet")
    wait_for_result(page)
    page.get_by_role("link", name="Se resultatet").click()
    expect(page.locator(".wheel-full a")).to_have_count(39)
    assert checks.axe(page) == []


def everybody_reads_the_three_views(town: Town) -> None:
    """The three views differ on what was contested, and say so in words; the verifiers agree on the other."""
    page = town.at(None, "observatorium.indicator", number=HEARD)
    said = "Kommunen sier grønn. Verifikatørene er uenige: rød og grønn. Folk sier rød: det svarte 75 %."
    expect(page.locator(".views__words")).to_have_text(said)
    expect(view(page, "Kommunen selv")).to_contain_text("Minstekravet er nådd")
    for words in ("Ikke akseptabelt", "Minstekravet er nådd", "Verifikatørene er uenige."):
        expect(view(page, "Verifisert")).to_contain_text(words)
    expect(view(page, "Folk i kommunen")).to_contain_text("Ikke akseptabelt")
    reads_what_it_rests_on(page)
    assert checks.axe(page) == []
    page.goto(town.portal.path("observatorium.indicator", number=SERVED))
    said = "Kommunen sier gul. Verifikatørene er enige. Folk sier gul: det svarte 75 %."
    expect(page.locator(".views__words")).to_have_text(said)


def reads_what_it_rests_on(page: Page) -> None:
    """Find the evidence, what each verifier said without a name, and the reply."""
    for section, words in {
        "begrunnelse": (*map(evidence, parts(HEARD)), "41,5 prosent", CONTESTED),
        "verifisering": (SEEN, TOO_LATE),
        "tilsvar": (REPLY, REPLIES),
    }.items():
        for told in words:
            expect(page.locator(f"section[aria-labelledby={section}]")).to_contain_text(told)
    for name in VERIFIERS:
        expect(page.locator("main")).not_to_contain_text(name)


def promised(town: Town, slug: str) -> str:
    """The coordinator says what will be done about the red one; return where that is told."""
    page = town.coordinator(slug)
    page.get_by_role("link", name="Gå til tiltakene").click()
    owed = page.locator("section[aria-labelledby=ubesvart] .row")
    expect(owed).to_have_count(1)
    expect(owed).to_contain_text("Derfor: rød, verifikatørene er uenige, belegg er bestridt.")
    assert checks.axe(page) == []
    page.get_by_role("link", name=f"Lag et tiltak for {HEARD}").click()
    arrived(page, "Lag et tiltak")
    page.locator("[name=title]").fill(MEASURE)
    page.locator("[name=description]").fill("Alle som har bedt om det, får et varsel.")
    page.locator("[name=responsible]").fill(REPLIES)
    page.locator("[name=service_area]").select_option(label=AREAS[HEARD])
    page.locator("[name=deadline]").fill((clock.today() + timedelta(days=90)).isoformat())
    assert checks.axe(page) == []
    page.get_by_role("button", name="Lagre tiltaket").click()
    arrived(page, MEASURE)
    expect(page.get_by_text("Neste runde viser om fargen endrer seg.")).to_be_visible()
    return page.url


def begun_from_last_year(town: Town, slug: str) -> None:
    """The coordinator begins with last year's self-assessment; nothing of it counts before it is confirmed."""
    page = town.coordinator(slug)
    page.get_by_role("link", name="Gå til egenvurderingen").click()
    page.get_by_role("link", name="Begynn med en tidligere runde").click()
    choose(page.get_by_label(re.compile(f"^{FIRST}")))
    page.get_by_role("button", name="Kopier").click()
    expect(page.get_by_text("Egenvurderingen er kopiert.")).to_be_visible()
    for number in (HEARD, SERVED):
        page.goto(town.portal.path("observatorium_assessing.indicator", slug=slug, indicator=number))
        expect(page.locator(".assessed")).to_contain_text("Grå: ingenting er vurdert.")
        page.get_by_role("button", name="Bekreft alt som er kopiert").click()
        expect(page.get_by_text(f"{len(parts(number))} delindikatorer er bekreftet.")).to_be_visible()


def everybody_reads_what_became_of_it(town: Town, measure: str) -> None:
    """The indicator's page has the new views, the reply, and beside the measure what happened to the colour."""
    page = town.at(None, "observatorium.indicator", number=HEARD)
    said = "Kommunen sier grønn. Verifikatørene er uenige: gul og grønn. Folk sier grønn: det svarte 75 %."
    expect(page.locator(".views__words")).to_have_text(said)
    expect(view(page, "Folk i kommunen")).to_contain_text("Minstekravet er nådd")
    reads_what_it_rests_on(page)
    told = page.locator(".measure-told", has_text=MEASURE)
    for words in (f"{FIRST}: rød. {NEXT}: grønn.", "Flere svarer grønt nå. Endringen er større enn usikkerheten."):
        expect(told).to_contain_text(words)
    assert checks.axe(page) == []
    told.get_by_role("link", name=MEASURE).click()
    expect(page).to_have_url(measure)
    colours = page.locator(".since > li")
    expect(colours).to_have_count(2)
    expect(colours.first).to_contain_text("Ikke akseptabelt")
    expect(colours.last).to_contain_text("Minstekravet er nådd")
    assert checks.axe(page) == []


def coordinator_compares(town: Town) -> None:
    """One of the two has changed by more than what is unsure, and the other has not."""
    page = town.at("coordinator", "observatorium.round_result", slug="i-ar")
    page.get_by_role("link", name="Sammenlign med en annen runde").click()
    arrived(page, "Fra runde til runde: hva har endret seg?")
    expect(page.get_by_role("heading", name=f"Fra {FIRST} til {NEXT}")).to_be_visible()
    expect(page.get_by_text("1 av 39 har endret seg mer enn usikkerheten.")).to_be_visible()
    moved = page.locator("section[aria-labelledby=endret] tbody tr")
    expect(moved).to_have_count(1)
    for words in (named(HEARD), "Ikke akseptabelt", "Minstekravet er nådd", "flere svarer grønt"):
        expect(moved).to_contain_text(words)
    all_39 = page.locator("section[aria-labelledby=alle] tbody tr")
    expect(all_39).to_have_count(39)
    expect(all_39.filter(has_text=named(SERVED))).to_contain_text("innenfor usikkerheten")
    assert checks.axe(page) == []


def report_says_the_same(town: Town) -> None:
    """The reports of both rounds say what the indicator's page said of each, and can be had as PDF."""
    page = town.coordinator("i-ar")
    page.get_by_role("link", name="Rapporten").click()
    expect(page.locator(".report__table")).not_to_have_count(0)
    assert checks.axe(page) == []
    row = page.locator(".report__table tr", has_text=named(HEARD)).first
    reader = town.at(None, "observatorium.indicator", number=HEARD)
    level = view(reader, "Folk i kommunen").locator(".judgement").inner_text().strip()
    assert level == "Minstekravet er nådd"
    expect(row.get_by_role("cell").nth(2)).to_contain_text(level)
    address = page.get_by_role("link", name="Last ned som PDF").get_attribute("href")
    sent = page.request.get(str(address))
    assert sent.headers["content-type"] == "application/pdf"
    assert sent.body().startswith(b"%PDF-")

    page.goto(town.portal.path("observatorium_report.report", slug="i-fjor"))
    row = page.locator(".report__table tr", has_text=named(HEARD)).first
    expect(row.get_by_role("cell").nth(2)).to_contain_text("Ikke akseptabelt")
    for words in ("Verifikatørene er uenige: rød og grønn.", REPLY, MEASURE):
        expect(page.locator("main")).to_contain_text(words)


def view(page: Page, whose: str) -> Locator:
    """Return one of the three views of an indicator."""
    return page.locator(".view").filter(has=page.get_by_role("heading", name=whose))


def named(number: str) -> str:
    """Return what an indicator is called."""
    found = catalogue().indicator(number)
    assert found is not None
    return f"{number} {found.name.nb}"


def parts(number: str) -> list[str]:
    """Return the keys of an indicator's parts."""
    found = catalogue().indicator(number)
    assert found is not None
    return [part.key for part in found.sub_indicators]


def evidence(key: str) -> str:
    return f"Vedtak om {key}"
