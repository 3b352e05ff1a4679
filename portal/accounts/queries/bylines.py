"""Under which name a text is shown."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts.models import Account, Byline, Organisation, Signed


def shown_name(model: type[Signed]) -> sa.ColumnElement[str]:
    """Return the name a signed text is shown under, as a column to select beside it."""
    person = sa.select(Account.name).where(Account.id == model.author_id).scalar_subquery()
    organisation = sa.select(Organisation.name).where(Organisation.id == model.organisation_id).scalar_subquery()
    return sa.case(
        (model.byline == Byline.PSEUDONYM, sa.func.coalesce(model.pseudonym, "")),
        (model.byline == Byline.ORGANISATION, sa.func.coalesce(organisation, person)),
        else_=person,
    )
