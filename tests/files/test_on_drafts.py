"""Files on a draft: nobody else's to see, and sent to moderation with it."""

from __future__ import annotations

import sqlalchemy as sa

from portal.files.models import File
from portal.ideas.actions.proposing import begin_idea, discard_draft, send_idea
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.moderation.models import Case
from tests.files.sending import put
from tests.support.cast import Cast
from tests.support.ideas import draft


def cases() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.kind == "file")) or 0


def test_a_file_waits_with_the_draft_and_is_moderated_when_it_is_sent_in(cast: Cast) -> None:
    author = cast.actor("resident")
    idea = begin_idea(author, draft())
    file = put(author, Ref("idea", idea.id))
    assert (file.state, cases()) == (PublicationState.DRAFT, 0)
    send_idea(author, idea.id)
    assert (db.session.get_one(File, file.id).state, cases()) == (PublicationState.PENDING, 1)


def test_a_file_goes_with_a_draft_that_is_thrown_away(cast: Cast) -> None:
    author = cast.actor("resident")
    idea = begin_idea(author, draft())
    file = put(author, Ref("idea", idea.id))
    discard_draft(author, idea.id)
    assert db.session.get(File, file.id) is None
