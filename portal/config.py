"""Every setting of the portal, typed, read from the environment and checked at start."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flask import current_app

KARTVERKET_TILES = "https://cache.kartverket.no/v1/wmts/1.0.0/topo/default/webmercator/{z}/{y}/{x}.png"
KARTVERKET_ADDRESSES = "https://ws.geonorge.no/adresser/v1/sok"
STATISTICS_NORWAY = "data.ssb.no"
DEMO_PASSWORD = "demo-passord"  # noqa: S105 - published on purpose: production refuses to start with demo accounts


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class OidcIssuer:
    """One place people may sign in: ID-porten, Ansattporten, Entra ID or another OpenID provider."""

    name: str
    title: str
    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...] = ("openid", "profile")
    acr: tuple[str, ...] = ()
    """Accepted levels of assurance; empty means that the issuer gives none."""
    acr_values: str = ""
    """The levels asked for; the first accepted one when empty."""
    groups_claim: str = "groups"
    role_mapping: Mapping[str, str] = field(default_factory=dict)
    """Group at the issuer → role here. A role goes when the group goes."""
    end_session: bool = True
    """Sign out at the issuer too (RP-initiated logout)."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the process was started with. Documented in docs/operations.md."""

    data_dir: Path
    database_url: str
    base_url: str
    secret_key: str
    subject_key: str
    keys_dir: Path
    municipality_number: str = "3203"
    demo: bool = False
    production: bool = False
    sqlite_synchronous: str = "FULL"
    smtp_url: str = ""
    mail_from: str = "ikke-svar@localhost"
    outgoing_allow: tuple[str, ...] = ()
    oidc: tuple[OidcIssuer, ...] = ()
    redis_url: str = ""
    files_url: str = ""
    """Where uploaded files lie; the folder `files` in the data folder when empty."""
    virus_scanner: str = ""
    """Who is asked about uploaded files; nobody when empty."""
    tiles_url: str = ""
    """Where tiles of the map's background come from, with {z}, {x} and {y}; no background when empty."""
    addresses_url: str = ""
    """Where addresses are looked up; nowhere when empty."""
    figures_hosts: tuple[str, ...] = ()
    """Who may be asked for figures over time, as host or host:port; nobody when empty."""
    archive_url: str = ""
    """Where packages of cases are sent by PUT; nowhere when empty."""
    archive_token: str = ""
    trusted_proxies: int = 0
    log_format: str = "text"
    staff_second_factor: bool = False
    worker_heartbeat_seconds: int = 60

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def issuer(self, name: str) -> OidcIssuer | None:
        return next((issuer for issuer in self.oidc if issuer.name == name), None)


def current() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.config["PORTAL"]
    return settings


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read every `PORTAL_…` variable.

    A variable `PORTAL_X_FILE` names a file (mode 600) that holds the value of X. Secrets that are not given are made on
    the first start and kept in the data folder. Raises SettingsError, which says what is wrong and how to mend it.
    """
    env = dict(os.environ if environ is None else environ)
    value = _reader(env)
    root = Path(__file__).parent.parent
    data_dir = Path(value("DATA") or root / "var").resolve()
    keys_dir = Path(value("KEYS_DIR") or data_dir / "keys").resolve()
    production = _flag(value("PRODUCTION"), "PRODUCTION")
    port = value("PORT") or env.get("PORT") or "8000"
    base_url = (value("BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    settings = Settings(
        data_dir=data_dir,
        database_url=_database_url(value("DATABASE_URL"), data_dir),
        base_url=base_url,
        secret_key=value("SECRET_KEY") or _kept_secret("SECRET_KEY", keys_dir, production),
        subject_key=value("SUBJECT_KEY") or _kept_secret("SUBJECT_KEY", keys_dir, production),
        keys_dir=keys_dir,
        municipality_number=value("MUNICIPALITY_NUMBER") or "3203",
        demo=_flag(value("DEMO"), "DEMO"),
        production=production,
        sqlite_synchronous=(value("SQLITE_SYNCHRONOUS") or "FULL").upper(),
        smtp_url=value("SMTP_URL"),
        mail_from=value("MAIL_FROM") or f"ikke-svar@{urlsplit(base_url).hostname or 'localhost'}",
        outgoing_allow=_list(value("OUTGOING_ALLOW")),
        oidc=_issuers(env, value),
        redis_url=value("REDIS_URL"),
        files_url=value("FILES_URL"),
        virus_scanner=value("VIRUS_SCANNER"),
        tiles_url=_unless_off(value("TILES_URL"), KARTVERKET_TILES),
        addresses_url=_unless_off(value("ADDRESSES_URL"), KARTVERKET_ADDRESSES),
        figures_hosts=_list(_unless_off(value("FIGURES_HOSTS"), STATISTICS_NORWAY)),
        archive_url=value("ARCHIVE_URL"),
        archive_token=value("ARCHIVE_TOKEN"),
        trusted_proxies=_number(value("TRUSTED_PROXIES") or "0", "TRUSTED_PROXIES"),
        log_format=value("LOG_FORMAT") or "text",
        staff_second_factor=_flag(value("STAFF_SECOND_FACTOR") or ("1" if production else "0"), "STAFF_SECOND_FACTOR"),
    )
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raise SettingsError when the settings can't be right together, or are unsafe in production."""
    parts = urlsplit(settings.base_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        raise SettingsError("PORTAL_BASE_URL must be an address like https://portal.kommune.no, without a path.")
    if not (len(settings.municipality_number) == 4 and settings.municipality_number.isdigit()):
        raise SettingsError("PORTAL_MUNICIPALITY_NUMBER must be four digits, like 3203.")
    if settings.sqlite_synchronous not in {"FULL", "NORMAL", "EXTRA"}:
        raise SettingsError("PORTAL_SQLITE_SYNCHRONOUS must be FULL (default), NORMAL or EXTRA.")
    if settings.log_format not in {"text", "json"}:
        raise SettingsError("PORTAL_LOG_FORMAT must be text or json.")
    if len(settings.secret_key) < 32 or len(settings.subject_key) < 32:
        raise SettingsError("PORTAL_SECRET_KEY and PORTAL_SUBJECT_KEY must have at least 32 characters.")
    _check_smtp(settings.smtp_url)
    _check_scanner(settings.virus_scanner)
    _check_maps(settings)
    _check_archive(settings)
    if settings.production:
        _check_production(settings)


def _check_smtp(url: str) -> None:
    if not url:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise SettingsError("PORTAL_SMTP_URL must be like smtps://user:password@host or smtp://host:587?starttls=1.")


def _check_scanner(url: str) -> None:
    if not url:
        return
    try:
        parts = urlsplit(url)
        timeout = parse_qs(parts.query).get("timeout", ["30"])[-1]
        usable = parts.scheme == "clamd" and bool(parts.hostname) != bool(parts.path.strip("/")) and parts.port != 0
        usable = usable and timeout.isdigit() and 0 < int(timeout) <= 600
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        raise SettingsError(
            "PORTAL_VIRUS_SCANNER must be like clamd://host:3310 or clamd:///run/clamav/clamd.ctl, "
            "with ?timeout=60 for another time than 30 seconds (at most 600)."
        )


def _check_maps(settings: Settings) -> None:
    if settings.tiles_url:
        try:
            filled = settings.tiles_url.format(z=1, x=2, y=3)
            usable = _is_web_address(filled) and all(part in settings.tiles_url for part in ("{z}", "{x}", "{y}"))
        except (LookupError, ValueError):  # other braces than the three
            usable = False
        if not usable:
            raise SettingsError("PORTAL_TILES_URL must be like https://tiles.example/{z}/{y}/{x}.png, or off.")
    if settings.addresses_url and not _is_web_address(settings.addresses_url):
        raise SettingsError("PORTAL_ADDRESSES_URL must be like https://ws.geonorge.no/adresser/v1/sok, or off.")


def _check_archive(settings: Settings) -> None:
    if settings.archive_url and (not _is_web_address(settings.archive_url) or urlsplit(settings.archive_url).query):
        raise SettingsError("PORTAL_ARCHIVE_URL must be like https://arkiv.kommune.no/inn, without a query.")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _check_production(settings: Settings) -> None:
    if settings.demo:
        raise SettingsError("PORTAL_DEMO must be off when PORTAL_PRODUCTION is on: the demo has published passwords.")
    if not settings.https:
        raise SettingsError("PORTAL_BASE_URL must begin with https:// when PORTAL_PRODUCTION is on.")
    if settings.secret_key == settings.subject_key:
        raise SettingsError("PORTAL_SECRET_KEY and PORTAL_SUBJECT_KEY must be two different secrets.")
    if min(len(set(settings.secret_key)), len(set(settings.subject_key))) < 12:
        raise SettingsError("PORTAL_SECRET_KEY and PORTAL_SUBJECT_KEY must be random: openssl rand -base64 48")
    if not settings.smtp_url:
        raise SettingsError("PORTAL_SMTP_URL is needed when PORTAL_PRODUCTION is on: people confirm accounts by mail.")


def _reader(env: Mapping[str, str]) -> Callable[[str], str]:
    def value(name: str) -> str:
        file_name = env.get(f"PORTAL_{name}_FILE", "")
        if file_name:
            return _secret_file(Path(file_name), f"PORTAL_{name}_FILE")
        return env.get(f"PORTAL_{name}", "").strip()

    return value


def _secret_file(path: Path, name: str) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{name}: {path} can be read by others. Mend it with: chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}: can't read {path} ({error.strerror}).") from error


def _kept_secret(name: str, keys_dir: Path, production: bool) -> str:
    path = keys_dir / name.lower()
    name = f"PORTAL_{name}"
    if path.exists():
        return _secret_file(path, name)
    if production:
        raise SettingsError(f"{name} is needed when PORTAL_PRODUCTION is on. Make one with: openssl rand -base64 48")
    secret = secrets.token_urlsafe(48)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secret)
    except FileExistsError:  # the worker and the server start at the same time
        return _secret_file(path, name)
    except OSError as error:
        raise SettingsError(f"PORTAL_KEYS_DIR: can't write in {path.parent} ({error.strerror}).") from error
    return secret


def _database_url(value: str, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{data_dir / 'portal.sqlite3'}"
    if value.startswith("postgres://"):
        value = "postgresql://" + value.removeprefix("postgres://")
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise SettingsError("PORTAL_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return value


def _flag(value: str, name: str) -> bool:
    if value.lower() in {"", "0", "no", "false", "off"}:
        return False
    if value.lower() in {"1", "yes", "true", "on"}:
        return True
    raise SettingsError(f"PORTAL_{name} must be 1 or 0.")


def _unless_off(value: str, usual: str) -> str:
    return "" if value.lower() == "off" else value or usual


def _number(value: str, name: str) -> int:
    if not value.isdigit():
        raise SettingsError(f"PORTAL_{name} must be a whole number.")
    return int(value)


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _issuers(env: Mapping[str, str], value: Callable[[str], str]) -> tuple[OidcIssuer, ...]:
    names = sorted(
        key.removeprefix("PORTAL_OIDC_").removesuffix("_ISSUER")
        for key in env
        if key.startswith("PORTAL_OIDC_") and key.endswith("_ISSUER")
    )
    return tuple(_issuer(name, value) for name in names)


def _issuer(name: str, value: Callable[[str], str]) -> OidcIssuer:
    prefix = f"OIDC_{name}_"
    for needed in ("CLIENT_ID", "CLIENT_SECRET"):
        if not value(prefix + needed):
            raise SettingsError(f"PORTAL_{prefix}{needed} is needed beside PORTAL_{prefix}ISSUER.")
    try:
        mapping = json.loads(value(prefix + "ROLES") or "{}")
    except ValueError as error:
        raise SettingsError(f'PORTAL_{prefix}ROLES must be JSON like {{"group-id": "coordinator"}}.') from error
    if not (isinstance(mapping, dict) and all(isinstance(role, str) for role in mapping.values())):
        raise SettingsError(f'PORTAL_{prefix}ROLES must be JSON like {{"group-id": "coordinator"}}.')
    return OidcIssuer(
        name=name.lower().replace("_", "-"),
        title=value(prefix + "TITLE") or name.title(),
        issuer=value(prefix + "ISSUER"),
        client_id=value(prefix + "CLIENT_ID"),
        client_secret=value(prefix + "CLIENT_SECRET"),
        scopes=_list(value(prefix + "SCOPES").replace(" ", ",")) or ("openid", "profile"),
        acr=_list(value(prefix + "ACR")),
        acr_values=value(prefix + "ACR_VALUES"),
        groups_claim=value(prefix + "GROUPS_CLAIM") or "groups",
        role_mapping=mapping,
        end_session=value(prefix + "END_SESSION") != "0",
    )
