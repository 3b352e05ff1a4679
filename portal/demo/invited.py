"""The demo's invitations with people who came by them, and paper forms: one batch counted, one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from portal.kernel.db import atomic
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium.actions import outreach, paper, rating
from portal.observatorium.actions.outreach import InvitationDraft
from portal.observatorium.actions.paper import BatchDraft, FormDraft, Verdict
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.models.outreach import PaperBatch
from portal.observatorium.models.rounds import Tie

SEED = 3203
INVITED = (
    ("Asker bibliotek", None, 17),
    ("Foreldremøtet ved Risenga", StakeholderGroup.RESIDENT, 8),
    ("Næringsfrokost i Heggedal", StakeholderGroup.BUSINESS, 2),
)
"""Who is invited, which group is meant, and how many came."""
COUNTED = BatchDraft(label="Bondi seniorsenter, bunt 1", group=StakeholderGroup.RESIDENT)
WAITING = BatchDraft(label="Tofte frivilligsentral, bunt 2", group=StakeholderGroup.RESIDENT)


def load(cast: dict[str, Actor], residents: Sequence[Actor], slug: str) -> None:
    """Invite to the open round, and enter what came on paper.

    It draws by itself, so that the rest of the demo is the same with and without it.
    """
    random = Random(SEED)  # noqa: S311 - made-up content, not a secret
    _invite(cast["coordinator"], list(residents), random, slug)
    counted = _batch(cast["employee"], COUNTED, 12, random, slug)
    paper.approve_batch(cast["coordinator"], slug, counted.id, Verdict(version=counted.version))
    _batch(cast["employee"], WAITING, 5, random, slug)


@atomic
def _invite(coordinator: Actor, residents: list[Actor], random: Random, slug: str) -> None:
    for name, group, count in INVITED:
        invitation = outreach.make_invitation(coordinator, slug, InvitationDraft(name=name, group=group))
        standing = rating.Standing(group=StakeholderGroup.RESIDENT, tie=Tie.LIVES, invitation=invitation.token)
        for _each in range(min(count, len(residents))):
            draft = rating.AnswersDraft(round=slug, answers=_answers(random), standing=standing)
            rating.rate_several(residents.pop(), draft)


@atomic
def _batch(employee: Actor, draft: BatchDraft, count: int, random: Random, slug: str) -> PaperBatch:
    batch = paper.begin_batch(employee, slug, draft)
    for number in range(1, count + 1):
        form = FormDraft(number=number, tie=random.choice((Tie.LIVES, Tie.WORKS)), answers=_answers(random))
        paper.enter_form(employee, slug, batch.id, form)
    return paper.send_batch(employee, slug, batch.id)


def _answers(random: Random) -> dict[str, Answer]:
    """Draw the answers of somebody who skips a few questions."""
    return {
        indicator.number: random.choices(list(Answer), weights=(2, 4, 4, 1))[0]
        for indicator in catalogue().indicators
        if random.random() < 0.9
    }
