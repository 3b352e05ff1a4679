"""An idea in its author's hands: finding one's own, whether it is whole, and emptying it."""

from __future__ import annotations

import sqlalchemy as sa

from portal.ideas import policy, questions
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.ideas import Idea, IdeaVersion
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db, delete_rows
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 5000
"""Characters in one text of an idea."""
TITLE_LONGEST = 200
TEXTS = ("title", "summary", "challenge", "solution", "usefulness")


def own(actor: Actor, idea_id: int) -> Idea:
    """Return an idea to its author, locked. To others it is not there, or not theirs to touch."""
    idea = db.session.get(Idea, idea_id, with_for_update=True, populate_existing=True)
    found = policy.must_read(actor, idea)
    if not policy.is_author(actor, found):
        raise Forbidden(policy.NOT_YOURS)
    return found


def must_be_whole(idea: Idea, campaign: Campaign | None = None) -> None:
    """Let nothing be sent in without a title and a challenge, nor with texts that are too long.

    What its campaign asks must be answered. Raises Invalid at the field.
    """
    if not idea.title.strip():
        raise Invalid("title", _l("Gi ideen en tittel."))
    if not idea.challenge.strip():
        raise Invalid("challenge", _l("Fortell hva som er utfordringen: det er den vi skal løse."))
    for name in TEXTS[1:]:
        if len(getattr(idea, name)) > LONGEST:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    for question in questions.read(campaign.questions if campaign else ()):
        if fault := question.fault(str(idea.answers.get(question.key, ""))):
            raise Invalid(f"answer_{question.key}", fault)


def must_be_open(campaign: Campaign) -> None:
    """Let nothing be sent into a campaign that is over or hasn't begun; raises Invalid at `campaign`."""
    today = clock.today()
    if not campaign.is_announced or today < campaign.opens_on:
        raise Invalid("campaign", _l("Kampanjen har ikke åpnet ennå. Utkastet ditt er lagret til den åpner."))
    if today > campaign.closes_on:
        raise Invalid("campaign", _l("Kampanjen er over. Du kan sende inn ideen utenom den: velg «Ingen kampanje»."))


def empty(idea: Idea) -> None:
    """Take away what was written: the row stays, so that what others wrote on it has something to stand on."""
    for name in TEXTS:
        setattr(idea, name, "")
    idea.answers = {}
    idea.state = PublicationState.WITHDRAWN
    db.session.flush()
    delete_rows(sa.delete(IdeaVersion).where(IdeaVersion.idea_id == idea.id))
