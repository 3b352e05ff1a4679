"""What people fill in to give input, what members enter from meetings, and the answer."""

from __future__ import annotations

from collections.abc import Sequence

from portal.cocreation.actions.inputs import MOST_PARTICIPANTS, InputDraft, MetDraft
from portal.cocreation.forms.news import LANGUAGE, PostForm
from portal.cocreation.models.together import Input, Meeting, Use
from portal.cocreation.queries.inputs import USES
from portal.kernel import clock, fields
from portal.kernel.i18n import NATIVE_NAMES, _l


class InputForm(PostForm):
    """Input given on the page."""

    text = fields.long_text(_l("Innspillet ditt"), longest=5_000)
    language = fields.choice(LANGUAGE, list(NATIVE_NAMES.items()))

    def draft(self) -> InputDraft:
        """Return what was written."""
        return InputDraft(text=self.text.data, language=self.language.data)


class MetForm(PostForm):
    """Input from where people met."""

    meeting_id = fields.choice(_l("Hvilket møte?"), [], optional=True)
    held_on = fields.date(_l("Når møttes dere?"))
    participants = fields.number(_l("Hvor mange var med?"), lowest=1, highest=MOST_PARTICIPANTS)
    who = fields.text(
        _l("Hvem var med?"),
        longest=200,
        description=_l("Skriv hva slags folk, aldri navn: «ungdommer fra to skoler», «beboere i Heggedal over 70»."),
    )
    text = fields.long_text(
        _l("Hva kom fram?"),
        longest=10_000,
        description=_l("Ikke skriv navn, eller noe som gjør at noen kjennes igjen. Alle kan lese dette."),
    )
    language = fields.choice(LANGUAGE, list(NATIVE_NAMES.items()))

    def __init__(self, post: Input | None, meetings: Sequence[Meeting]) -> None:
        super().__init__(post)
        listed = [(str(each.id), f"{each.title}, {clock.local(each.starts_at):%d.%m.%Y}") for each in meetings]
        self.meeting_id.choices = [("", _l("Ikke et av møtene i prosjektet")), *listed]
        if not self.is_submitted():
            self.meeting_id.data = str(post.meeting_id) if post and post.meeting_id else ""
            self.held_on.data = post.held_on if post else clock.today()

    def draft(self) -> MetDraft:
        """Return what was written."""
        return MetDraft(
            text=self.text.data,
            who=self.who.data,
            participants=self.participants.data,
            held_on=self.held_on.data,
            meeting_id=int(self.meeting_id.data) if self.meeting_id.data else None,
            language=self.language.data,
        )


class AnswerForm(PostForm):
    """What became of an input, and why."""

    use = fields.choice(_l("Hva skjedde med innspillet?"), [(each.value, USES[each]) for each in Use], radio=True)
    answer = fields.long_text(_l("Hvorfor?"), longest=3_000)
