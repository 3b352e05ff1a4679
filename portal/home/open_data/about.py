"""Who publishes the open data, and where: what the catalogue says of this installation."""

from __future__ import annotations

from typing import Any

from flask import url_for
from rdflib import Graph

from portal import config
from portal.accounts.organisation_number import is_valid, normalise
from portal.accounts.queries import settings
from portal.home.open_data.catalogue import Addresses, Catalogue, Publisher
from portal.home.open_data.sets import DATASETS
from portal.home.open_data.shelf import Contents
from portal.kernel import municipalities


def catalogue_of(contents: Contents) -> Graph:
    """Return the catalogue of what lies on a shelf; asked for where addresses can be made."""
    base = config.current().base_url
    addresses = Addresses(
        page=whole("open_data.index"),
        contact=whole("home.about"),
        api=f"{base}/api/v1/",
        api_description=whole("api.description"),
        api_docs=whole("api.docs"),
    )
    return Catalogue(_publisher(), addresses, contents).describe(DATASETS)


def whole(endpoint: str, **values: Any) -> str:
    """Return the whole address of a view, as others reach it."""
    return config.current().base_url + url_for(endpoint, **values)


def _publisher() -> Publisher:
    brand = settings.branding()
    home = municipalities.find(brand.municipality_number)
    number = normalise("".join(settings.value("organisation_number")))
    return Publisher(
        name=brand.municipality_name,
        number=brand.municipality_number,
        organisation_number=number if is_valid(number) else "",
        email=brand.contact_email,
        point=(home.latitude, home.longitude) if home else None,
    )
