"""What moderators send: decisions, bulk decisions, reasons for looking, and answers to complaints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField
from wtforms.fields import SelectChoice

from portal.kernel import clock, fields
from portal.kernel.i18n import _l
from portal.moderation import words
from portal.moderation.actions.appeals import AnswerDraft
from portal.moderation.actions.decisions import BulkDraft, DecisionDraft
from portal.moderation.house_rules import RULES
from portal.moderation.masking import Passage
from portal.moderation.models import RESTRICTIONS, Cause, Outcome, Verdict
from portal.moderation.queries import queue
from portal.moderation.queries.cases import CasePage

DAYS = {"7": _l("7 dager"), "30": _l("30 dager"), "90": _l("90 dager")}
_BULK = re.compile(r"\d{1,9}:\d{1,9}:[0-9a-f]{16}")
RULE_CHOICES = [("", _l("Velg regel")), *((rule.key, rule.title) for rule in RULES)]


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else -1


class QueueForm(fields.Form):
    """Which cases to see; sent in the address."""

    class Meta(fields.Form.Meta):
        csrf = False

    utvalg = fields.choice(
        _l("Utvalg"),
        [
            (queue.ALL, _l("Alle som venter")),
            (queue.FREE, _l("Ingen har tatt den")),
            (queue.MINE, _l("Mine")),
            (queue.OVERDUE, _l("Over fristen")),
            (queue.REPORTED, _l("Meldt av noen")),
        ],
        optional=True,
    )
    slag = fields.choice(_l("Innhold"), [], optional=True)
    grunn = fields.choice(_l("Grunn"), [("", _l("Alle")), *words.CAUSES.items()], optional=True)

    def offer(self, kinds: Iterable[tuple[str, Any]]) -> None:
        """Say which kinds of content there are."""
        self.slag.choices = [SelectChoice(value, label) for value, label in [("", _l("Alt")), *kinds]]

    def wanted(self) -> queue.Wanted:
        """Return what was asked for; nonsense asks for everything."""
        cause = self.grunn.data if self.grunn.data in set(Cause) else None
        return queue.Wanted(
            kind=self.slag.data or "", cause=Cause(cause) if cause else None, which=self.utvalg.data or ""
        )


class DecisionForm(fields.Form):
    """What a moderator decides about one text."""

    verdict = fields.choice(_l("Hva vil du gjøre?"), [], radio=True)
    masks = fields.choices(_l("Sladd dette"), [])
    selected = HiddenField(_l("Det du merket i teksten"))
    pasted = fields.text(
        _l("Sladd også disse ordene"),
        optional=True,
        longest=500,
        description=_l("Lim inn ordene akkurat slik de står. De sladdes overalt i teksten."),
    )
    rule = fields.choice(_l("Hvilken regel er brutt?"), RULE_CHOICES, optional=True)
    facts = fields.long_text(
        _l("Hva bygger du på?"),
        longest=2000,
        optional=True,
        rows=2,
        description=_l("Forfatteren leser dette. Si hva i teksten det gjelder, uten å gjenta det som skal bort."),
    )
    why = fields.long_text(
        _l("Hvorfor er regelen brutt?"),
        longest=2000,
        optional=True,
        rows=2,
        description=_l("Forfatteren leser dette. Lar du det stå tomt, bruker vi ordene i regelen."),
    )
    until = fields.choice(
        _l("Hvor lenge skal den være nede?"), [("", _l("Uten sluttdato")), *DAYS.items()], optional=True
    )
    limit = fields.choice(_l("Skal kontoen bare kunne lese en tid?"), [("", _l("Nei")), *DAYS.items()], optional=True)
    version = HiddenField(filters=[_number])
    fingerprint = HiddenField()

    def offer(self, page: CasePage) -> None:
        """Say what can be decided and masked in this case."""
        self.rule.flags.required = True  # of a restriction: to show a text is a button of its own
        offered = {self.verdict.data, *RESTRICTIONS}
        # Who comes too late may choose anything, and is told by the action what somebody else did.
        verdicts = [each for each in page.verdicts or words.CHOICES if each in offered]
        self.verdict.choices = [SelectChoice(each.value, words.CHOICES[each]) for each in verdicts]
        self.masks.choices = [
            SelectChoice(each.value, f"{words.SIGNALS[each.signal]}: {each.text}") for each in page.passages
        ]

    def draft(self) -> DecisionDraft:
        verdict = Verdict(self.verdict.data)
        return DecisionDraft(
            verdict=verdict,
            rule=self.rule.data or "",
            facts=self.facts.data or "",
            why=self.why.data or "",
            passages=self._passages() if verdict is Verdict.MASK else (),
            pasted=(self.pasted.data or "") if verdict is Verdict.MASK else "",
            until=_in_days(self.until.data) if verdict is Verdict.HIDE else None,
            limit_until=_in_days(self.limit.data),
            version=self.version.data,
            fingerprint=self.fingerprint.data or "",
        )

    def _passages(self) -> list[Passage]:
        """Return what was ticked and what was marked; what can't be read is outside every text, and refused."""
        marked = [each for each in (self.selected.data or "").split(",") if each]
        return [_passage(each) for each in [*(self.masks.data or ()), *marked]]


class BulkForm(fields.Form):
    """The same decision about several texts."""

    case = fields.choices(_l("Saker"), [])
    rule = fields.choice(_l("Hvilken regel er brutt?"), RULE_CHOICES[1:], optional=True)
    facts = fields.long_text(_l("Hva bygger du på?"), longest=2000, optional=True, rows=2)

    def offer(self, rows: Iterable[queue.QueueRow]) -> None:
        """Say which cases can be chosen; each value says which text it was made from."""
        self.rule.flags.required = True
        self.case.choices = [
            SelectChoice(f"{row.case.id}:{row.case.version}:{row.fingerprint}", row.excerpt) for row in rows
        ]

    def accept(self, values: Iterable[str]) -> None:
        """Take what was sent, also what was made from a text that has changed: the action leaves that as it is."""
        self.case.choices = [SelectChoice(each, "") for each in values if _BULK.fullmatch(each)]

    def draft(self) -> BulkDraft:
        parts = [each.split(":") for each in self.case.data or ()]
        return BulkDraft(
            cases=[(int(id_), int(version), fingerprint) for id_, version, fingerprint in parts],
            rule=self.rule.data or "spam",
            facts=self.facts.data or "",
        )


class ReasonForm(fields.Form):
    """Why somebody needs to see what is kept from them."""

    reason = fields.text(_l("Hvorfor trenger du å se det?"), longest=200, description=_l("Det blir loggført."))


class AnswerForm(fields.Form):
    """What becomes of a complaint."""

    outcome = fields.choice(_l("Hva bestemmer du?"), words.OUTCOMES.items(), radio=True)
    reason = fields.long_text(
        _l("Hvorfor?"), longest=5000, description=_l("Den som klaget, får dette som svar."), rows=5
    )

    def draft(self) -> AnswerDraft:
        return AnswerDraft(outcome=Outcome(self.outcome.data), reason=self.reason.data)


def _in_days(value: str | None) -> datetime | None:
    return clock.now() + timedelta(days=int(value)) if value in DAYS else None


def _passage(value: str) -> Passage:
    field, _, span = value.partition(":")
    start, _, end = span.partition(":")
    return field, _number(start), _number(end)
