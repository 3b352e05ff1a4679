"""What happens to campaigns, by the hand of innovation advisers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.ideas.events.ideas import CAMPAIGN
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class OfCampaign:
    """Something that happened to a campaign."""

    campaign_id: int

    def subject(self) -> Ref:
        return Ref(CAMPAIGN, self.campaign_id)


@dataclass(frozen=True, kw_only=True)
class CampaignMade(OfCampaign, Event):
    """Somebody began on a campaign; only innovation advisers see it."""

    name: ClassVar[str] = "campaign.made"
    label: ClassVar[Any] = _l("Begynte på en kampanje")


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(OfCampaign, Event):
    """What it says or asks was changed."""

    name: ClassVar[str] = "campaign.changed"
    label: ClassVar[Any] = _l("Endret en kampanje")
    part: str


@dataclass(frozen=True, kw_only=True)
class CampaignAnnounced(OfCampaign, Event):
    """Those it is for can see it from now on."""

    name: ClassVar[str] = "campaign.announced"
    label: ClassVar[Any] = _l("Kunngjorde en kampanje")


@dataclass(frozen=True, kw_only=True)
class CampaignUnannounced(OfCampaign, Event):
    """It was taken back before anything had come in."""

    name: ClassVar[str] = "campaign.unannounced"
    label: ClassVar[Any] = _l("Tok tilbake en kampanje")


@dataclass(frozen=True, kw_only=True)
class CampaignInvited(OfCampaign, Event):
    """Somebody was invited to a closed campaign."""

    name: ClassVar[str] = "campaign.invited"
    label: ClassVar[Any] = _l("Inviterte noen til en kampanje")
    account_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignUninvited(OfCampaign, Event):
    """Somebody is no longer invited."""

    name: ClassVar[str] = "campaign.uninvited"
    label: ClassVar[Any] = _l("Tok noen bort fra en kampanje")
    account_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignResultTold(OfCampaign, Event):
    """What came of it was told."""

    name: ClassVar[str] = "campaign.result_told"
    label: ClassVar[Any] = _l("Fortalte hva som kom ut av en kampanje")
