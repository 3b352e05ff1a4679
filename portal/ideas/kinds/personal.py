"""What the idea bank keeps about people: what they proposed, what they said helped, and what they did as staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.bylines import shown_name
from portal.files import actions as files
from portal.goals import actions as goals
from portal.ideas.authorship import empty
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import CampaignMember
from portal.ideas.models.cases import Assessment, CaseStep, Verdict
from portal.ideas.models.ideas import Idea, IdeaVersion, SimilarityLabel
from portal.ideas.models.thieves import Confirmation, TimeThief
from portal.ideas.queries.cases import HELPED, STEPS
from portal.ideas.stages import DECISIONS, STAGES, IdeaKind
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db, delete_rows
from portal.kernel.i18n import _l, ngettext
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms

DRAFTS_KEPT = timedelta(days=365)
LABELS_KEPT = timedelta(days=365)
BUILT_ON = (PublicationState.PUBLISHED, PublicationState.MERGED, PublicationState.INTERNAL)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return everything a person proposed and said, drafts and earlier wordings too, and what they did as staff."""
    ideas = sa.select(
        Idea.id.label("number"),
        Idea.kind,
        Idea.title,
        Idea.summary,
        Idea.challenge,
        Idea.solution,
        Idea.usefulness,
        Idea.answers,
        Idea.language,
        Idea.state,
        Idea.stage,
        shown_name(Idea).label("byline"),
        Idea.created_at,
        Idea.sent_at,
        Idea.edited_at,
    )
    mine = Idea.author_id == account_id
    versions = sa.select(
        IdeaVersion.idea_id.label("number"),
        *(getattr(IdeaVersion, name) for name in ("title", "summary", "challenge", "solution", "usefulness", "until")),
    )
    thieves = sa.select(
        TimeThief.idea_id.label("number"), TimeThief.minutes, TimeThief.times, TimeThief.persons, TimeThief.consented_at
    )
    return {
        "ideas": _rows(ideas.where(mine).order_by(Idea.id)),
        "earlier_wordings": _rows(versions.join(Idea, Idea.id == IdeaVersion.idea_id).where(mine)),
        "time_thieves": _rows(thieves.join(Idea, Idea.id == TimeThief.idea_id).where(mine)),
        "verdicts": _rows(
            sa.select(Verdict.idea_id.label("number"), Verdict.helped, Verdict.at).where(
                Verdict.account_id == account_id
            )
        ),
        "confirmations": _rows(
            sa.select(Confirmation.idea_id.label("number"), Confirmation.agrees, Confirmation.at).where(
                Confirmation.account_id == account_id
            )
        ),
        "invitations": _rows(
            sa.select(CampaignMember.campaign_id.label("number")).where(CampaignMember.account_id == account_id)
        ),
        "assessments": _rows(
            sa.select(
                Assessment.idea_id.label("number"),
                Assessment.scores,
                Assessment.likelihood,
                Assessment.consequence,
                Assessment.comment,
                Assessment.at,
            ).where(Assessment.assessor_id == account_id)
        ),
        "case_steps": _rows(
            sa.select(CaseStep.idea_id.label("number"), CaseStep.step, CaseStep.text, CaseStep.at).where(
                CaseStep.actor_id == account_id
            )
        ),
    }


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take a person out: ideas that others took part in, or that the municipality answered, stay without a name.

    The rest is emptied. What they did as staff is the municipality's and stays, under the title alone.
    """
    held = [ref.id for ref in terms.held if ref.kind == IDEA]
    for model in (Verdict, Confirmation, CampaignMember):
        delete_rows(sa.delete(model).where(model.account_id == account_id))
    kept = _built_on(account_id)
    mine = sa.select(Idea).where(Idea.author_id == account_id, Idea.id.not_in(held)).order_by(Idea.id)
    for idea in db.session.scalars(mine.with_for_update()):
        idea.byline, idea.organisation_id, idea.pseudonym = Byline.NAME, None, None
        if idea.id not in kept:
            empty(idea)
        db.session.flush()
        goals.show(SYSTEM, Ref(IDEA, idea.id))
    earlier = IdeaVersion.idea_id.in_(sa.select(Idea.id).where(Idea.author_id == account_id, Idea.id.not_in(held)))
    delete_rows(sa.delete(IdeaVersion).where(earlier))
    db.session.execute(sa.update(Idea).where(Idea.responsible_id == account_id).values(responsible_id=None))


def stays(account_id: int) -> Sequence[str]:
    """Say how many ideas stay without a name, because others have built on them."""
    number = len(_built_on(account_id))
    return (
        [
            str(
                ngettext(
                    "%(num)d idé som kommunen har svart på eller andre bygger på, blir stående under «Slettet bruker».",
                    "%(num)d ideer som kommunen har svart på eller andre bygger på, "
                    "blir stående under «Slettet bruker».",
                    number,
                )
            )
        ]
        if number
        else []
    )


def retain() -> Mapping[str, int]:
    """Delete drafts nobody has touched for a year, and a year-old labels of what resembles what."""
    old = sa.select(Idea).where(
        Idea.state == PublicationState.DRAFT, Idea.saved_at < clock.now() - DRAFTS_KEPT, Idea.title != ""
    )
    drafts = db.session.scalars(old.with_for_update()).all()
    for idea in drafts:
        files.remove_all(SYSTEM, Ref(IDEA, idea.id))
        empty(idea)
    labels = sa.delete(SimilarityLabel).where(SimilarityLabel.at < clock.now() - LABELS_KEPT)
    return {"idea_drafts": len(drafts), "similarity_labels": delete_rows(labels)}


def _built_on(account_id: int) -> set[int]:
    """Return which of a person's ideas stay: those that are shown, and were answered or have children."""
    child = sa.orm.aliased(Idea)
    has_child = sa.exists().where(child.parent_id == Idea.id, child.author_id != account_id)
    stays_ = sa.or_(Idea.answered_at.is_not(None), has_child, Idea.state == PublicationState.MERGED)
    found = sa.select(Idea.id).where(Idea.author_id == account_id, Idea.state.in_(BUILT_ON), stays_)
    return set(db.session.scalars(found))


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]


PERSONAL = PersonalData(
    name="ideas",
    tables=frozenset(
        {
            "ideas",
            "idea_case_steps",
            "idea_verdicts",
            "idea_merges",
            "idea_assessments",
            "campaigns",
            "campaign_members",
            "archived_cases",
            "time_thief_transfers",
            "time_thief_confirmations",
        }
    ),
    export=export,
    erase=erase,
    stays=stays,
    retain=retain,
    kept=((_l("Utkast til ideer"), DRAFTS_KEPT), (_l("Svar på om to ideer ligner"), LABELS_KEPT)),
    words={
        "kind": {IdeaKind.INNOVATION: _l("Idé"), IdeaKind.TIME_THIEF: _l("Tidstyv")},
        "stage": STAGES,
        "step": STEPS,
        "helped": HELPED,
        "decision": DECISIONS,
        "before": STAGES,
        "after": STAGES,
    },
)
