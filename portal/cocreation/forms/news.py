"""What members fill in: news, and what was decided."""

from __future__ import annotations

import re
import uuid
from typing import Any

from wtforms import HiddenField

from portal.cocreation.actions.news import DecisionDraft, NewsDraft
from portal.cocreation.models.posts import Post
from portal.kernel import clock, fields
from portal.kernel.i18n import NATIVE_NAMES, _l, language

KEY = re.compile(r"[0-9a-zA-Z-]{1,36}")
VERSION = re.compile(r"[0-9]{1,9}")
LANGUAGE = _l("Språket du skriver på")


class PostForm(fields.Form):
    """What all texts of a project have: sent twice they are one, and a stale copy is told so."""

    key = HiddenField()
    version = HiddenField()
    language: Any

    def __init__(self, post: Post | None = None) -> None:
        super().__init__(obj=post)
        if self.is_submitted():
            return
        if post is None:
            self.key.data, self.language.data = uuid.uuid4().hex, language()
        else:
            self.key.data, self.version.data = "", str(post.version)

    def form_key(self) -> str:
        """Return what makes the same form twice one; another's nonsense is a new one."""
        return self.key.data if KEY.fullmatch(self.key.data or "") else uuid.uuid4().hex

    def form_version(self) -> int:
        """Return which version it was made from; nonsense is a version nothing has."""
        return int(self.version.data) if VERSION.fullmatch(self.version.data or "") else -1


class NewsForm(PostForm):
    """News."""

    title = fields.text(_l("Overskrift"), longest=120)
    text = fields.long_text(_l("Hva er nytt?"), longest=10_000)
    language = fields.choice(LANGUAGE, list(NATIVE_NAMES.items()))

    def draft(self) -> NewsDraft:
        """Return what was written."""
        return NewsDraft(title=self.title.data, text=self.text.data, language=self.language.data)


class DecisionForm(PostForm):
    """What was decided."""

    what = fields.text(_l("Hva ble bestemt?"), longest=200)
    why = fields.long_text(_l("Hvorfor?"), longest=5_000)
    decided_by = fields.text(
        _l("Hvem bestemte det?"),
        longest=200,
        description=_l("Skriv titler eller parter, ikke navn på personer: «styringsgruppa», «alle partene»."),
    )
    decided_on = fields.date(_l("Når ble det bestemt?"))
    language = fields.choice(LANGUAGE, list(NATIVE_NAMES.items()))

    def __init__(self, post: Post | None = None) -> None:
        super().__init__(post)
        if not self.is_submitted() and post is None:
            self.decided_on.data = clock.today()

    def draft(self) -> DecisionDraft:
        """Return what was written."""
        return DecisionDraft(
            what=self.what.data,
            why=self.why.data,
            decided_by=self.decided_by.data,
            decided_on=self.decided_on.data,
            language=self.language.data,
        )
