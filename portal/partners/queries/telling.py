"""What we tell a partner of somebody here who takes its solution in use."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal import config
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.partners.models.imports import Imported
from portal.partners.models.partners import Partner
from portal.partners.wire import AdopterItem, AdoptionItem
from portal.solutions.adoption import Step
from portal.solutions.models.adoptions import Adoption

TEXTS = ("adapted", "result", "learning")
UNTOLD = "–"
"""Stands for what was learnt as long as a moderator has not let it through: who has stopped must tell something."""


@dataclass(frozen=True)
class Telling:
    """A message to a partner."""

    partner: Partner
    solution_id: int
    item: AdoptionItem


def is_theirs(adoption_id: int) -> bool:
    """Say whether an adoption is told to a partner: of its solution, by somebody here, in our municipality."""
    return db.session.scalar(_theirs(adoption_id).with_only_columns(Adoption.id)) is not None


def telling(adoption_id: int) -> Telling | None:
    """Return what to tell about an adoption as it is now; None when there is nobody to tell.

    Texts that wait for a moderator, or were hidden by one, are not told.
    """
    found = db.session.execute(_theirs(adoption_id)).first()
    if found is None:
        return None
    adoption, imported, partner = found
    base = config.current().base_url
    item = AdoptionItem(
        id=f"{base}/losninger/{adoption.solution_id}#bruk-{adoption.id}",
        solution=imported.uri,
        updated=clock.now(),
        adopter=AdopterItem(
            kind=adoption.kind.value, name=adoption.byline, municipality_number=adoption.municipality_number
        ),
        step=adoption.step.value,
        of_version=adoption.of_edition,
        way=adoption.way.value if adoption.way else None,
        in_use_since=adoption.in_use_since,
        stopped_on=adoption.stopped_on,
        contact_title=adoption.contact_title,
        language=adoption.language,
        withdrawn=adoption.state is PublicationState.WITHDRAWN,
        **_texts(adoption),
    )
    return Telling(partner, adoption.solution_id, item)


def _theirs(adoption_id: int) -> sa.Select[Adoption, Imported, Partner]:
    return (
        sa.select(Adoption, Imported, Partner)
        .join(Imported, Imported.solution_id == Adoption.solution_id)
        .join(Partner, Partner.id == Imported.partner_id)
        .where(
            Adoption.id == adoption_id,
            Adoption.source_uri.is_(None),
            Adoption.municipality_number == config.current().municipality_number,
            Imported.gone_at.is_(None),
        )
    )


def _texts(adoption: Adoption) -> dict[str, str]:
    if adoption.state is PublicationState.PUBLISHED:
        return {name: getattr(adoption, name) for name in TEXTS}
    return {"learning": UNTOLD} if adoption.step is Step.STOPPED else {}
