"""What members fill in about a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.fields import SelectChoice

from portal.cocreation.actions.tasks import TaskDraft
from portal.cocreation.forms.needs import SentOnce
from portal.cocreation.models.together import Task
from portal.kernel import fields
from portal.kernel.i18n import _l

NOBODY = ("", _l("Ingen ennå"))


class TaskForm(SentOnce):
    """What is to be done, by whom, and by when."""

    title = fields.text(_l("Hva skal gjøres?"), longest=120)
    responsible_id = fields.choice(_l("Hvem gjør det?"), [NOBODY], optional=True)
    due_on = fields.date(_l("Frist"), optional=True)

    def offer(self, members: Sequence[tuple[int, str]], had: int | None = None) -> None:
        """Let a member be chosen; whoever has it already can keep it, also after leaving."""
        gone = [had] if had is not None and had not in dict(members) else []
        people = [(str(account_id), name) for account_id, name in members]
        people += [(str(account_id), str(_l("En som ikke lenger er med"))) for account_id in gone]
        self.responsible_id.choices = [SelectChoice(value, label) for value, label in (NOBODY, *people)]

    def draft(self) -> TaskDraft:
        chosen = self.responsible_id.data
        return TaskDraft(title=self.title.data, responsible_id=int(chosen) if chosen else None, due_on=self.due_on.data)


def task_values(task: Task) -> dict[str, Any]:
    """Return what is kept of a task, for its form."""
    return {
        "title": task.title,
        "responsible_id": str(task.responsible_id or ""),
        "due_on": task.due_on,
        "version": str(task.version),
    }
