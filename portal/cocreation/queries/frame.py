"""What every page of a project has on top: its name, where it stands, and what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass

from portal.cocreation import membership, policy
from portal.cocreation.models.projects import Member, Project
from portal.cocreation.policy import Abilities
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A project as the top of its pages shows it."""

    project: Project
    member: Member | None
    may: Abilities

    @property
    def slug(self) -> str:
        return slug(self.project.title, "prosjekt")


def frame(actor: Actor, project_id: int) -> Frame:
    """Return the top of a project's pages. One statement. Raises NotFound."""
    project, member = membership.find(actor, project_id)
    return Frame(project=project, member=member, may=policy.abilities(actor, project, member))
