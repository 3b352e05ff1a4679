"""What happens between partners and us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

PARTNER = "partner"


@dataclass(frozen=True, kw_only=True)
class OfPartner:
    """Something that happened with a partner."""

    partner_id: int

    def subject(self) -> Ref:
        return Ref(PARTNER, self.partner_id)


@dataclass(frozen=True, kw_only=True)
class PartnerAdded(OfPartner, Event):
    """An administrator let another municipality's portal in."""

    name: ClassVar[str] = "partner.added"
    label: ClassVar[Any] = _l("Slapp inn en partner")
    municipality_number: str
    base_url: str
    fingerprints: tuple[str, ...]
    """Of the keys that were believed."""


@dataclass(frozen=True, kw_only=True)
class PartnerSuspended(OfPartner, Event):
    """An administrator stopped the exchange with a partner."""

    name: ClassVar[str] = "partner.suspended"
    label: ClassVar[Any] = _l("Stanset utvekslingen med en partner")
    reason: str


@dataclass(frozen=True, kw_only=True)
class PartnerResumed(OfPartner, Event):
    """An administrator took the exchange up again."""

    name: ClassVar[str] = "partner.resumed"
    label: ClassVar[Any] = _l("Tok opp igjen utvekslingen med en partner")


@dataclass(frozen=True, kw_only=True)
class KeeperChanged(OfPartner, Event):
    """Somebody else looks after a partner: what it tells stands on their account from now on."""

    name: ClassVar[str] = "partner.keeper_changed"
    label: ClassVar[Any] = _l("Byttet hvem som følger opp en partner")
    keeper_id: int


@dataclass(frozen=True, kw_only=True)
class PartnerKeyLearnt(OfPartner, Event):
    """A partner told of a key we didn't know."""

    name: ClassVar[str] = "partner.key_learnt"
    label: ClassVar[Any] = _l("Fikk vite om en ny nøkkel hos en partner")
    fingerprint: str
    trust: str


@dataclass(frozen=True, kw_only=True)
class PartnerKeyJudged(OfPartner, Event):
    """An administrator confirmed a partner's key, or revoked it."""

    name: ClassVar[str] = "partner.key_judged"
    label: ClassVar[Any] = _l("Tok stilling til en partners nøkkel")
    fingerprint: str
    trust: str


@dataclass(frozen=True, kw_only=True)
class PartnerSynced(OfPartner, Event):
    """What was new in a partner's feed was taken in; each solution has an event of its own beside."""

    name: ClassVar[str] = "partner.synced"
    label: ClassVar[Any] = _l("Hentet nytt fra en partner")
    made: int = 0
    changed: int = 0
    gone: int = 0
    set_aside: int = 0


@dataclass(frozen=True, kw_only=True)
class PartnerFailing(OfPartner, Event):
    """A partner has not answered as it should for a good while."""

    name: ClassVar[str] = "partner.failing"
    label: ClassVar[Any] = _l("Fikk ikke hentet noe fra en partner på lenge")
    failures: int


@dataclass(frozen=True, kw_only=True)
class PartnerCompared(OfPartner, Event):
    """A round that a partner has published was read, to be compared with ours."""

    name: ClassVar[str] = "partner.compared"
    label: ClassVar[Any] = _l("Hentet en publisert runde fra en partner")
    slug: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class PartnerRoundForgotten(OfPartner, Event):
    """A partner no longer tells of a round we had read, or has published a newer one."""

    name: ClassVar[str] = "partner.round_forgotten"
    label: ClassVar[Any] = _l("Glemte en runde fra en partner")
    slug: str


@dataclass(frozen=True, kw_only=True)
class AdoptionReceived(OfPartner, Event):
    """A partner told who takes a solution of ours in use; the adoption has events of its own beside."""

    name: ClassVar[str] = "partner.adoption_received"
    label: ClassVar[Any] = _l("Fikk vite fra en partner om bruk av en løsning")
    solution_id: int
    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class OwnKeyMade(Event):
    """This portal has a new key to sign with."""

    name: ClassVar[str] = "partner.own_key_made"
    label: ClassVar[Any] = _l("Laget en ny nøkkel for portalen")
    fingerprint: str
    begins: str
    """When it is used from."""
    at_once: bool
    """The key before it ended there and then, as when it may have been stolen."""


@dataclass(frozen=True, kw_only=True)
class FeedBegunAnew(Event):
    """The numbers of the feed began anew, as after a restore: partners read it from the start."""

    name: ClassVar[str] = "partner.feed_begun_anew"
    label: ClassVar[Any] = _l("Begynte lista over endringer for partnere på nytt")
