"""What residents are weighted by: the population table of a round, who is left out, and what weighting does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy
from portal.observatorium.figures import effective_size
from portal.observatorium.models.rounds import Ballot, Rating, Round
from portal.observatorium.models.weights import Exclusion, PopulationTable
from portal.observatorium.population import AgeBand, Gender
from portal.observatorium.queries.rounds import get_round
from portal.observatorium.raking import SMALLEST_CATEGORY, VARIABLES, Population, Raking, Refusal, Stratum, rake
from portal.observatorium.results import ALIKE_FROM, WEIGHTED_FROM
from portal.observatorium.suppression import COUNT_FROM, rounded_participation
from portal.observatorium.trust import rounded_excluded
from portal.places.models import Neighbourhood
from portal.places.queries import neighbourhoods

NAMES = ("age", "gender", "area")


@dataclass(frozen=True, kw_only=True)
class Category:
    """One age band, gender or lokalsamfunn: its share of the population, and how many answered."""

    name: str
    """An age band, a gender, or the name of a lokalsamfunn."""
    share: float
    persons: int | None
    """None under five."""

    @property
    def is_thin(self) -> bool:
        """Weighted together with a neighbour."""
        return self.persons is None or self.persons < SMALLEST_CATEGORY


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What weighting does to those who answered."""

    persons: int | None
    """How many residents answered, in tens; None under ten."""
    missing: float
    """The share of them who didn't tell all three."""
    empty: int
    thin: int
    cells: int
    """How many cells of the table have nobody, or under ten, of how many where people live."""
    n_eff: float | None = None
    largest_weight: float | None = None
    margin_error: float | None = None
    refused: Refusal | None = None


@dataclass(frozen=True, kw_only=True)
class WeightsPage:
    """The population table of a round and, when nobody can answer any more, what weighting does."""

    round: Round
    may_upload: bool
    table: PopulationTable | None
    categories: Mapping[str, Sequence[Category]]
    """By variable; empty while people can answer."""
    effect: Effect | None
    areas: Sequence[Neighbourhood]


def weights_page(actor: Actor, slug: str) -> WeightsPage:
    """Return what a coordinator sees of the weighting of a round."""
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    round_ = get_round(actor, slug)
    table, areas = newest_table(round_.id), neighbourhoods()
    told = table is not None and policy.may_see_weighting(actor, round_)
    sample = residents_by_stratum(round_.id) if told else Counter[Stratum]()
    population = _population(table)
    return WeightsPage(
        round=round_,
        may_upload=policy.may_upload_population(actor, round_),
        table=table,
        categories=_categories(sample, population, _named(population)) if told and population else {},
        effect=_effect(sample, population) if told and population else None,
        areas=areas,
    )


def missing(round_id: int) -> bool:
    """Say whether a round still lacks a population table."""
    return db.session.scalar(sa.select(PopulationTable.id).where(PopulationTable.round_id == round_id).limit(1)) is None


def newest_table(round_id: int) -> PopulationTable | None:
    """Return the table that a round is weighted by."""
    return db.session.scalar(
        sa.select(PopulationTable)
        .where(PopulationTable.round_id == round_id)
        .order_by(PopulationTable.id.desc())
        .limit(1)
    )


def population_of(round_id: int) -> Population | None:
    """Return the population that residents are weighted by; None when there is no table."""
    return _population(newest_table(round_id))


def weighted_by(round_id: int) -> dict[str, Any]:
    """Return what a published result says of its population table; nothing when there is none."""
    table = newest_table(round_id)
    if table is None:
        return {}
    about = {"source": table.source, "date": table.source_date.isoformat(), "total": table.total}
    return {"population": about}


def counts_in(round_id: int, number: int | None = None) -> sa.ColumnElement[bool]:
    """Return the condition for the ballots that count in a revision; without a number, those that count now."""
    if number is None:
        return Ballot.exclusion_id.is_(None)
    later = sa.select(Exclusion.id).where(Exclusion.round_id == round_id, Exclusion.from_revision > number)
    return sa.or_(Ballot.exclusion_id.is_(None), Ballot.exclusion_id.in_(later))


def excludes_in(round_id: int, number: int) -> bool:
    """Say whether a revision takes out somebody who counted in the one before."""
    which = sa.select(Exclusion.id).where(Exclusion.round_id == round_id, Exclusion.from_revision == number)
    return db.session.scalar(which.limit(1)) is not None


def exclusions_in(round_id: int, number: int) -> dict[str, Any]:
    """Return what a published result says of those taken out; nothing when there are none. Counts are in fives."""
    rows = db.session.scalars(
        sa.select(Exclusion)
        .where(Exclusion.round_id == round_id, Exclusion.from_revision <= number)
        .order_by(Exclusion.id)
    )
    told = [
        {"kind": row.kind.value, "count": rounded_excluded(row.count), "reason": row.reason, "from": row.from_revision}
        for row in rows
    ]
    return {"exclusions": told} if told else {}


def residents_by_stratum(round_id: int) -> Counter[Stratum]:
    """Count the residents who answered something, and count, by what they told of themselves."""
    answered = sa.exists().where(Rating.round_id == Ballot.round_id, Rating.pseudonym == Ballot.pseudonym)
    by = (Ballot.age_band, Ballot.gender, Ballot.neighbourhood_id)
    rows = db.session.execute(
        sa.select(*by, sa.func.count())
        .where(Ballot.round_id == round_id, Ballot.group == StakeholderGroup.RESIDENT, answered, counts_in(round_id))
        .group_by(*by)
    )
    return Counter({stratum(age, gender, area): count for age, gender, area, count in rows})


def stratum(age_band: AgeBand | None, gender: Gender | None, neighbourhood_id: int | None) -> Stratum:
    """Return a resident's categories as the population table names them."""
    area = None if neighbourhood_id is None else str(neighbourhood_id)
    return age_band.value if age_band else None, gender.value if gender else None, area


def _population(table: PopulationTable | None) -> Population | None:
    if table is None:
        return None
    return {(age, gender, area): count for age, gender, area, count in table.cells}


def _named(population: Population | None) -> dict[str, str]:
    """Return the names of the lokalsamfunn in a table, also of those no longer in use."""
    ids = {int(area) for _age, _gender, area in population or {}}
    rows = db.session.execute(sa.select(Neighbourhood.id, Neighbourhood.name).where(Neighbourhood.id.in_(ids)))
    return {str(id_): name for id_, name in rows}


def _categories(
    sample: Counter[Stratum], population: Population, areas: Mapping[str, str]
) -> dict[str, Sequence[Category]]:
    everybody = sum(population.values())
    found: dict[str, Sequence[Category]] = {}
    for variable, name in zip(VARIABLES, NAMES, strict=True):
        inhabitants: Counter[str] = Counter()
        for place, count in population.items():
            inhabitants[place[variable]] += count
        persons: Counter[str | None] = Counter()
        for told, count in sample.items():
            persons[told[variable]] += count
        found[name] = [
            Category(
                name=areas.get(one, one) if name == "area" else one,
                share=count / everybody,
                persons=persons[one] if persons[one] >= COUNT_FROM else None,
            )
            for one, count in sorted(inhabitants.items(), key=lambda each: areas.get(each[0], each[0]))
        ]
    return found


def _effect(sample: Counter[Stratum], population: Population) -> Effect:
    persons = sample.total()
    lived_in = [place for place, count in population.items() if count]
    raking: Raking | Refusal = Refusal.TOO_FEW
    if persons >= WEIGHTED_FROM:
        raking = rake(sample, population, alike=ALIKE_FROM)
    about: dict[str, Any] = {
        "persons": rounded_participation(persons),
        "missing": sum(count for told, count in sample.items() if None in told) / persons if persons else 0.0,
        "empty": sum(sample[place] == 0 for place in lived_in),
        "thin": sum(0 < sample[place] < SMALLEST_CATEGORY for place in lived_in),
        "cells": len(lived_in),
    }
    if isinstance(raking, Refusal):
        return Effect(**about, refused=raking)
    weighed = [(raking.weights[told], count) for told, count in sample.items() if count]
    total = Fraction(fsum(weight * count for weight, count in weighed))
    squares = Fraction(fsum(weight**2 * count for weight, count in weighed))
    return Effect(
        **about,
        n_eff=float(effective_size(total, squares)),
        largest_weight=raking.largest_weight,
        margin_error=raking.margin_error,
    )
