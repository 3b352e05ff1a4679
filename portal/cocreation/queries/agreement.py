"""The agreement: what it says now, what is new in it, and which parties have confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.posts import AGREEMENT
from portal.cocreation.models.process import Agreement, AgreementConfirmation
from portal.cocreation.models.projects import Party
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role
from portal.participation.differences import Piece, differences

ASKS = (
    (
        _l("Vi trenger hverandre"),
        _l("Hva vil vi få til som ingen av oss får til alene? Hva gir og hva får hver part?"),
    ),
    (
        _l("Vi blir enige ved å snakke sammen"),
        _l("Hva bestemmer vi sammen, og hva bestemmer hver part selv? Hva gjør vi når vi er uenige?"),
    ),
    (
        _l("Vi har en plan og et mål"),
        _l("Hva skal være annerledes når vi er ferdige, hvem gjør hva, og når ser vi på avtalen igjen?"),
    ),
)
"""What samstyring rests on, as the municipality's steering document has it: the parties depend on each other, decide
by negotiation, and do it planned and towards a goal."""
OUTLINE = (
    (_l("Hva vi vil få til sammen"), _l("Hva skal bli annerledes, for hvem, og innen når?")),
    (_l("Hvorfor vi trenger hverandre"), _l("Hva kommer hver part med, og hva får den igjen?")),
    (_l("Hvem som gjør hva"), _l("Én linje for hver part.")),
    (_l("Hvem som bestemmer"), _l("Hva bestemmer vi sammen? Hva bestemmer hver part selv?")),
    (_l("Når vi er uenige"), _l("Hvem snakker sammen først? Hvem avgjør til slutt, og hvor lenge kan det vente?")),
    (_l("Penger og utstyr"), _l("Hvem betaler for hva, hvem eier det vi lager, og hvem fører regnskap?")),
    (_l("Om noen går ut"), _l("Hvor tidlig sier man fra, og hva skjer med oppgavene og pengene?")),
    (_l("Når vi ser på avtalen igjen"), _l("En dato, eller ved hver ny fase.")),
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A party, and its confirmation of the version that holds, if it has given one."""

    party: Party
    confirmation: AgreementConfirmation | None


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version as its readers see it."""

    agreement: Agreement
    before: int | None
    """The number of the version that the reader can compare with."""
    pieces: Sequence[Piece] = ()
    """What differs from that; of those that were asked for."""
    confirmed: int = 0
    """How many parties have confirmed it, those that have left too."""

    @property
    def ref(self) -> Ref:
        return Ref(AGREEMENT, self.agreement.id)

    @property
    def waits(self) -> bool:
        return self.agreement.state is not PublicationState.PUBLISHED


@dataclass(frozen=True, kw_only=True)
class AgreementPage:
    """The agreement of a project."""

    frame: Frame
    shown: Version | None
    """The newest that everybody can see: the one that parties confirm."""
    waiting: Sequence[Version]
    """Newer than that, read by the project's own people until a moderator has let them through."""
    versions: Sequence[Version]
    """All that the reader may read, the newest first."""
    standings: Sequence[Standing]
    may_confirm: bool
    may_withdraw: frozenset[int]

    @property
    def confirmed(self) -> int:
        return sum(each.confirmation is not None for each in self.standings)

    @property
    def is_agreed(self) -> bool:
        """Every party has confirmed what is shown."""
        return bool(self.standings) and self.confirmed == len(self.standings)


@dataclass(frozen=True, kw_only=True)
class WritePage:
    """What one who writes a version begins with."""

    frame: Frame
    newest: Agreement | None
    """The newest there is, also when a moderator hasn't let it through."""
    newest_number: int
    """Its number; of one that is withdrawn too."""


@dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """Every version, with what was new in it."""

    frame: Frame
    versions: Sequence[Version]


def agreement_page(actor: Actor, project_id: int) -> AgreementPage:
    """Return the agreement to somebody who may read the project. NotFound."""
    top = frame(actor, project_id)
    versions = _versions(actor, top, of_newest=True)
    shown = next((each for each in versions if not each.waits), None)
    number = shown.agreement.number if shown else 0
    standings = _standings(project_id, shown.agreement.id if shown else None)
    return AgreementPage(
        frame=top,
        shown=shown,
        waiting=[each for each in versions if each.waits and each.agreement.number > number],
        versions=versions,
        standings=standings,
        may_confirm=shown is not None and _may_confirm(top, standings),
        may_withdraw=frozenset(
            each.agreement.number
            for each in versions
            if not each.confirmed
            and top.project.ended_at is None
            and policy.may_withdraw_post(actor, each.agreement, top.project, top.member)
        ),
    )


def versions_page(actor: Actor, project_id: int) -> VersionsPage:
    """Return every version that somebody may read, with what was new in it. NotFound."""
    top = frame(actor, project_id)
    return VersionsPage(frame=top, versions=_versions(actor, top))


def write_page(actor: Actor, project_id: int) -> WritePage:
    """Return what one who writes a version begins with. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(top.may.agree, actor, policy.OVER if top.project.ended_at else policy.NOT_A_VOICE)
    of_project = sa.select(Agreement).where(Agreement.project_id == project_id).order_by(Agreement.number.desc())
    every = db.session.scalars(of_project).all()
    readable = [each for each in every if each.state is not PublicationState.WITHDRAWN]
    return WritePage(frame=top, newest=readable[0] if readable else None, newest_number=every[0].number if every else 0)


def outline() -> str:
    """Return an agreement to fill in, in the reader's language, as Markdown."""
    return "\n\n".join(f"## {heading}\n{hint}" for heading, hint in OUTLINE)


def withdraw_page(actor: Actor, project_id: int, number: int) -> tuple[AgreementPage, Agreement]:
    """Return a version to somebody who may take it back. NotFound, Forbidden."""
    page = agreement_page(actor, project_id)
    if number not in page.may_withdraw:
        raise Forbidden(_l("Denne versjonen kan du ikke trekke. Skriv heller en ny."))
    return page, next(each.agreement for each in page.versions if each.agreement.number == number)


def _may_confirm(top: Frame, standings: Sequence[Standing]) -> bool:
    mine = top.member.party_id if top.member is not None else None
    waits = any(each.party.id == mine and each.confirmation is None for each in standings)
    return waits and top.may.represent and top.project.ended_at is None


def _versions(actor: Actor, top: Frame, *, of_newest: bool = False) -> list[Version]:
    """Return the versions that the reader may read, the newest first, in one statement.

    `of_newest`: compare only what isn't confirmed as the agreement yet, and the newest shown, with what came before.
    """
    confirmed = (
        sa.select(sa.func.count())
        .where(AgreementConfirmation.agreement_id == Agreement.id)
        .correlate(Agreement)
        .scalar_subquery()
    )
    found = sa.select(Agreement, confirmed).where(Agreement.project_id == top.project.id, _readable(actor, top))
    rows = db.session.execute(found.order_by(Agreement.number.desc())).all()
    made: list[Version] = []
    for at, (agreement, count) in enumerate(rows):
        before: Agreement | None = rows[at + 1][0] if at + 1 < len(rows) else None
        compares = before is not None and not (of_newest and any(not each.waits for each in made))
        pieces = differences(before.text, agreement.text) if before is not None and compares else ()
        number = before.number if before is not None else None
        made.append(Version(agreement=agreement, before=number, pieces=pieces, confirmed=count))
    return made


def _readable(actor: Actor, top: Frame) -> sa.ColumnElement[bool]:
    """Return the condition that `policy.may_read_post` says of one."""
    if policy.is_member(top.member) or actor.has(Role.MODERATOR):
        return Agreement.state != PublicationState.WITHDRAWN
    is_shown = Agreement.state == PublicationState.PUBLISHED
    if not actor.is_signed_in:
        return is_shown
    return sa.or_(is_shown, sa.and_(Agreement.author_id == actor.id, Agreement.state != PublicationState.WITHDRAWN))


def _standings(project_id: int, agreement_id: int | None) -> list[Standing]:
    given = sa.and_(
        AgreementConfirmation.party_id == Party.id, AgreementConfirmation.agreement_id == (agreement_id or 0)
    )
    found = (
        sa.select(Party, AgreementConfirmation)
        .outerjoin(AgreementConfirmation, given)
        .where(Party.project_id == project_id, Party.left_at.is_(None))
        .order_by(Party.id)
    )
    return [Standing(party=party, confirmation=given_) for party, given_ in db.session.execute(found)]
