"""What is shown in a project without a moderator points at nobody: phone numbers and addresses are refused there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from portal.cocreation.actions.classifying import choose_type
from portal.cocreation.actions.needs import write_need
from portal.cocreation.actions.parties import PartyDraft, add_party
from portal.cocreation.actions.process import Answer, MoveDraft, answer_gate, pass_gate
from portal.cocreation.models.projects import PartyKind, Project
from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType
from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.kernel.identity import Actor
from tests.cocreation.together import need_draft
from tests.support.cast import Cast
from tests.support.cocreation import started

PHONE = "Ring Kari på 915 12 345"

WRITE: Mapping[str, Callable[[Actor, Project], object]] = {
    "need_known": lambda actor, made: answer_gate(
        actor, made.id, Phase.NEED, {"need_known": Answer(is_yes=True, note=PHONE, version=0)}
    ),
    "reason": lambda actor, made: choose_type(actor, made.id, ProjectType.EQUAL, PHONE),
    "contact_title": lambda actor, made: add_party(
        actor, made.id, PartyDraft(kind=PartyKind.BUSINESS, name="Kafeen", contact_title=PHONE)
    ),
    "name": lambda actor, made: add_party(actor, made.id, PartyDraft(kind=PartyKind.BUSINESS, name=PHONE)),
    "skills": lambda actor, made: write_need(actor, made.id, need_draft(skills=("snekring", PHONE)), key="k"),
}


@pytest.mark.parametrize("field", WRITE)
def test_what_points_at_somebody_is_refused_at_its_field(cast: Cast, field: str) -> None:
    owner = cast.actor("volunteer")
    with pytest.raises(Invalid) as refused:
        WRITE[field](owner, started(owner))
    assert refused.value.field == field


def test_a_decision_at_a_gate_points_at_nobody(cast: Cast) -> None:
    owner = cast.actor("volunteer")
    draft = MoveDraft(reason=PHONE, decided_on=clock.today(), seen=0)
    with pytest.raises(Invalid) as refused:
        pass_gate(owner, started(owner).id, draft)
    assert refused.value.field == "reason"
