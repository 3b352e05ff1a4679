"""What the portfolio does when things change: what is public of it follows the thing."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.events import Event
from portal.portfolio.models import Application, Benefit
from portal.portfolio.visibility import is_public


def show(event: Event) -> None:
    """Let the benefits and the grants of a thing be as public as the thing itself."""
    ref = event.subject()
    if ref is None:
        return
    public = is_public(ref)
    for model in (Benefit, Application):
        here = (model.kind == ref.kind, model.target_id == ref.id, model.is_public.is_not(public))
        db.session.execute(sa.update(model).where(*here).values(is_public=public))
