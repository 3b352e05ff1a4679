"""Loads the demo: the cast, the crowd, two published rounds and one open, by the same actions as people use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from portal.accounts import passwords
from portal.accounts.actions import administration, organisations, settings
from portal.accounts.actions.creation import AccountDraft, create_account
from portal.accounts.models import Account, Organisation, ServiceArea
from portal.config import DEMO_PASSWORD
from portal.demo import (
    assessed,
    figures,
    idea_bank,
    invited,
    measured,
    moderated,
    people,
    places,
    plan,
    projects,
    solutions,
    taking_part,
    verified,
    weighed,
)
from portal.demo.opinions import opinions, own_levels
from portal.demo.people import CAST, DemoOrganisation, Person
from portal.kernel import clock, outbox
from portal.kernel.db import atomic
from portal.kernel.errors import Conflict
from portal.kernel.identity import SYSTEM, Actor, Role, SignInMethod, StakeholderGroup
from portal.observatorium.actions import own_levels as levels
from portal.observatorium.actions import publishing, rating, rounds
from portal.observatorium.catalogue import catalogue
from portal.observatorium.models.rounds import Round, Tie
from portal.search import upkeep

Progress = Callable[[str], None]
Sizes = Mapping[StakeholderGroup, tuple[int, int | None]]
GROUPS = (StakeholderGroup.VOLUNTARY_SECTOR, StakeholderGroup.BUSINESS, StakeholderGroup.KNOWLEDGE)
CROWD: Sizes = {
    StakeholderGroup.RESIDENT: (160, None),
    StakeholderGroup.VOLUNTARY_SECTOR: (48, 36),
    StakeholderGroup.BUSINESS: (44, 40),
    StakeholderGroup.KNOWLEDGE: (7, 4),
}
"""How many raters a group has, from how many organisations. Knowledge is small on purpose: what is hidden shows."""
WORDS = (
    ("1.8", "Jeg svarte på høringen om sentrumsplanen, men hørte aldri hva som ble av innspillet."),
    ("2.6", "Bussen fra Sætre går for sjelden på kvelden. Ungdommene kommer seg ikke hjem fra trening."),
    ("3.2", "Lysløypa i Heggedal er blitt kjempefin. Takk!"),
    ("3.8", "Vanskelig for unge å finne noe de har råd til å leie."),
    ("4.9", "Bra at skolene lærer om klima, men kommunens egne biler går fortsatt på diesel."),
)


@dataclass(frozen=True)
class Rater:
    """Somebody of the crowd, and for whom they answer."""

    actor: Actor
    group: StakeholderGroup
    organisation_id: int | None
    mood: float


def load(*, seed: int, tell: Progress, sizes: Sizes = CROWD) -> None:
    """Load the demo into an empty portal; the same for the same seed and day.

    `sizes` says how many raters each group has, from how many organisations; the browser tests load a smaller crowd.
    """
    random = Random(seed)  # noqa: S311 - made-up content, not a secret
    with clock.moved(-timedelta(days=800)):
        cast = make_cast()
        make_organisations(cast)
        areas = make_service_areas(cast)
        places.make_neighbourhoods()
        plan.make_plan(cast["admin"])
        tell("people")
        crowd = _crowd(random, cast, sizes)
    _publish(cast, crowd, random, seed=seed, index=0, opened_days_ago=760)
    tell("the first round")
    _publish(cast, crowd, random, seed=seed, index=1, opened_days_ago=395)
    tell("the second round")
    _open(cast, crowd, random, areas, seed=seed, index=2)
    tell("the open round")
    figures.load(cast)
    residents = [each.actor for each in crowd if each.group is StakeholderGroup.RESIDENT]
    idea_bank.load(random, cast, residents, areas)
    tell("the ideas")
    projects.load(random, cast, residents, areas)
    tell("the projects")
    solutions.load(random, cast, residents, areas)
    tell("the solutions")
    measured.load(cast, areas)
    tell("the measures")
    upkeep.rebuild()
    tell("the search index")


@atomic
def make_cast() -> dict[str, Actor]:
    """Make the demo accounts, all with the published password."""
    password_hash = passwords.hash_password(DEMO_PASSWORD)
    return {person.key: _person(person, password_hash) for person in CAST}


@atomic
def make_service_areas(cast: dict[str, Actor]) -> list[ServiceArea]:
    """Make the service areas, and put the employees in theirs."""
    areas = [
        settings.add_service_area(cast["admin"], settings.ServiceAreaDraft(name=name)) for name in people.SERVICE_AREAS
    ]
    for key, area in (("employee", areas[0]), ("employee2", areas[3])):
        draft = administration.ServiceAreasDraft(service_area_ids=frozenset({area.id}), version=1)
        administration.change_service_areas(cast["admin"], int(cast[key].id or 0), draft)
    return areas


def _person(person: Person, password_hash: str) -> Actor:
    partner = people.PARTNER_MUNICIPALITY if Role.PARTNER in person.roles else None
    account = create_account(
        SYSTEM,
        AccountDraft(
            name=person.name,
            email=person.email,
            password_hash=password_hash,
            roles=person.roles,
            municipality_number=partner,
        ),
    )
    return _actor(account, person.roles)


def _actor(account: Account, roles: Sequence[Role] = ()) -> Actor:
    return Actor(
        id=account.id,
        name=account.name,
        roles=frozenset({Role.MEMBER, *roles}),
        sign_in=SignInMethod.PASSWORD,
        municipality_number=account.municipality_number,
    )


@atomic
def make_organisations(cast: dict[str, Actor]) -> dict[str, Organisation]:
    """Make the organisations of the cast, with their spokespersons verified; return them by person."""
    random = Random(3203)  # noqa: S311 - made-up content, not a secret
    groups = {"volunteer": GROUPS[0], "business": GROUPS[1], "knowledge": GROUPS[2]}
    made: dict[str, Organisation] = {}
    for person in CAST:
        if person.organisation:
            number = people.organisation_number(random)
            told = DemoOrganisation(f"{person.organisation} (demo)", number, groups[person.key])
            made[person.key] = _organisation(cast["admin"], told)
            _speak(cast["admin"], made[person.key], person.email)
    return made


def _organisation(admin: Actor, told: DemoOrganisation) -> Organisation:
    draft = organisations.OrganisationDraft(number=told.number, name=told.name, group=told.group)
    made = organisations.add_organisation(admin, draft)
    organisations.verify_organisation(admin, made.id)
    return made


def _speak(admin: Actor, organisation: Organisation, email: str) -> None:
    added = organisations.add_spokesperson(
        admin, organisation.id, organisations.SpokespersonDraft(email=email, title="leder")
    )
    if added.verified_at is None:
        organisations.verify_spokesperson(admin, added.id)


@atomic
def _crowd(random: Random, cast: dict[str, Actor], sizes: Sizes) -> list[Rater]:
    """Make the raters of every group, with their organisations."""
    crowd: list[Rater] = []
    for group, (count, organisation_count) in sizes.items():
        made = people.organisations(random, group, organisation_count) if organisation_count else []
        ids = [_organisation(cast["admin"], each) for each in made]
        for index, name in enumerate(people.names(random, count)):
            email = f"{group.value.replace('_', '-')}-{index + 1}@crowd.demo.example"
            account = create_account(SYSTEM, AccountDraft(name=name, email=email))
            speaks_for = ids[index % len(ids)] if ids else None
            if speaks_for:
                _speak(cast["admin"], speaks_for, email)
            crowd.append(Rater(_actor(account), group, speaks_for.id if speaks_for else None, random.gauss(0, 0.09)))
    return crowd


def _publish(
    cast: dict[str, Actor], crowd: Sequence[Rater], random: Random, *, seed: int, index: int, opened_days_ago: int
) -> None:
    """Run a round from draft to published, at the time it was."""
    coordinator = cast["coordinator"]
    with clock.moved(-timedelta(days=opened_days_ago)):
        slug = _open_round(coordinator, days=60).slug
        _set_own_levels(coordinator, slug, seed=seed, index=index)
        _rate_all(slug, crowd, random, seed=seed, index=index, share=0.86 + 0.07 * index)
    if index == 1:  # assessing part by part, verifying and weighing began after the first round
        with clock.moved(-timedelta(days=opened_days_ago - 20)):
            assessed.assess_round(coordinator, slug)
        with clock.moved(-timedelta(days=opened_days_ago - 30)):
            verified.verify(cast, slug)
            weighed.weigh(coordinator, slug)
    with clock.moved(-timedelta(days=opened_days_ago - 63)):
        rounds.close_due()
        publishing.publish_round(coordinator, slug)
        outbox.deliver_due()  # what the worker would do


def _open(
    cast: dict[str, Actor],
    crowd: Sequence[Rater],
    random: Random,
    areas: Sequence[ServiceArea],
    *,
    seed: int,
    index: int,
) -> None:
    """Leave a round open, with some answers, comments shown and comments that wait."""
    with clock.moved(-timedelta(days=20)):
        slug = _open_round(cast["coordinator"], days=45).slug
        _set_own_levels(cast["coordinator"], slug, seed=seed, index=index)
        _rate_all(slug, crowd, random, seed=seed, index=index, share=0.35)
        assessed.assess_round(cast["coordinator"], slug)
        assessed.share_out(cast["coordinator"], slug, areas)
    with clock.moved(-timedelta(days=10)):
        verified.begin(cast, slug)
    with clock.moved(-timedelta(days=2)):
        raters = [rater.actor for rater in crowd if rater.group is StakeholderGroup.RESIDENT]
        written = [moderated.write(rater, slug, *words) for rater, words in zip(raters, WORDS, strict=False)]
    with clock.moved(-timedelta(days=1)):
        invited.load(cast, raters, slug)
    moderated.load(cast, raters[len(WORDS) :], written[:3], slug)
    taking_part.load(random, cast, raters, written[:3])


def _open_round(coordinator: Actor, *, days: int) -> Round:
    today = clock.today()
    draft = rounds.RoundDraft(
        slug=str(today.year),
        title=f"Runden {today.year}",
        opens_at=clock.start_of_day(today),
        closes_at=clock.end_of_day(today + timedelta(days=days)),
        sign_in_methods=(SignInMethod.OIDC, SignInMethod.PASSWORD),
    )
    made = rounds.make_round(coordinator, draft)
    return rounds.open_round(coordinator, made.slug)


def _set_own_levels(coordinator: Actor, slug: str, *, seed: int, index: int) -> None:
    numbers = [indicator.number for indicator in catalogue().indicators]
    drafts = [
        levels.OwnLevelDraft(indicator=number, level=level)
        for number, level in own_levels(numbers, seed=seed, round_index=index).items()
    ]
    levels.set_own_levels(coordinator, slug, drafts)


@atomic
def _rate_all(slug: str, crowd: Sequence[Rater], random: Random, *, seed: int, index: int, share: float) -> None:
    """Let most of the crowd answer most of the questions."""
    numbers = [indicator.number for indicator in catalogue().indicators]
    thought = opinions(numbers, seed=seed, round_index=index)
    homes = weighed.places()
    for place, rater in enumerate(crowd):
        if random.random() > share and rater.group is StakeholderGroup.RESIDENT:
            continue
        tie = Tie.LIVES if rater.organisation_id is None else Tie.ORGANISATION
        told = weighed.about(homes, place) if rater.organisation_id is None else rating.NOTHING_TOLD
        standing = rating.Standing(group=rater.group, tie=tie, organisation_id=rater.organisation_id, about=told)
        answers = {
            number: thought.answer(random, number, rater.group, rater.mood)
            for number in numbers
            if random.random() < 0.93
        }
        draft = rating.AnswersDraft(round=slug, answers=answers, standing=standing)
        rating.rate_several(rater.actor, draft)


def refuse_unless_empty(accounts: int) -> None:
    """Raise Conflict when somebody has an account already: demo content is never mixed with real."""
    if accounts:
        raise Conflict("the portal has accounts already; the demo is loaded into an empty one only.")
