"""The settings: read once, checked at start, never asked for again."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import ArgumentError

from care.channels.mail import sender_fault
from care.channels.mail import url_fault as smtp_fault
from care.channels.webhook import SECRET_MINIMUM_LENGTH as WEBHOOK_SECRET_MINIMUM_LENGTH
from care.channels.webhook import url_fault as webhook_fault
from models.engine import database_url

ENVIRONMENTS = ("production", "demo", "test")
LOG_LEVELS = ("debug", "info", "warning", "error")
_PREFIX = "INTERLUDE_"
_SECRET_MINIMUM_LENGTH = 32
_SECRET_MINIMUM_DISTINCT = 10


class BadSettings(Exception):
    """The server refuses to start; `faults` names each wrong setting, never its value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Refusing to start:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one server is told. The README's table says the same in words; a test compares them."""

    database_url: str
    secret_key: str
    environment: str = "production"
    port: int = 8000
    public_url: str = "http://localhost:8000"
    log_level: str = "info"
    trusted_proxies: int = 0
    database_pool: int = 8
    database_prepare: bool = True
    smtp_url: str = ""
    mail_from: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""
    debug: bool = False

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadSettings(faults)

    def __repr__(self) -> str:
        return f"Settings({self.environment})"  # never the secret

    def _faults(self) -> "list[str]":
        faults = [*_secret_faults(self.secret_key), *_database_faults(self.database_url)]
        if self.environment not in ENVIRONMENTS:
            faults.append(f"INTERLUDE_ENVIRONMENT must be one of {', '.join(ENVIRONMENTS)}")
        if self.log_level not in LOG_LEVELS:
            faults.append(f"INTERLUDE_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")
        for name, value, low, high in (
            ("PORT", self.port, 1, 65_535),
            ("INTERLUDE_TRUSTED_PROXIES", self.trusted_proxies, 0, 5),
            ("INTERLUDE_DATABASE_POOL", self.database_pool, 1, 200),
        ):
            if not low <= value <= high:
                faults.append(f"{name} must be from {low} to {high}")
        if self.environment == "production" and self.debug:
            faults.append("FLASK_DEBUG must be off in production")
        if not _is_safe_origin(self.public_url):
            faults.append("INTERLUDE_PUBLIC_URL must be https://... (http only for localhost)")
        return faults + _channel_faults(self)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from environment variables; BadSettings names each missing, unknown or bad one.

        `SECRET_KEY_FILE` may name a file to read the secret from instead of SECRET_KEY.
        """
        faults: list[str] = []
        values: dict[str, object] = {}
        for name, variable in VARIABLES.items():
            text = _read(variable, environ, faults)
            if text is not None:
                values[name] = _parse(name, variable, text, faults)
        known = set(VARIABLES.values())
        unknown = [name for name in environ if name.startswith(_PREFIX) and name not in known]
        faults += [f"{name} is no setting of this server" for name in sorted(unknown)]
        faults += [
            f"{VARIABLES[name]} is missing"
            for name in ("database_url", "secret_key")
            if name not in values
        ]
        if faults:
            raise BadSettings(faults)
        return cls(**values)  # type: ignore[arg-type]


VARIABLES: Mapping[str, str] = {
    field.name: {
        "database_url": "DATABASE_URL",
        "secret_key": "SECRET_KEY",
        "port": "PORT",
        "debug": "FLASK_DEBUG",
    }.get(field.name, _PREFIX + field.name.upper())
    for field in fields(Settings)
}
_BOOLEANS = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}


def _read(variable: str, environ: Mapping[str, str], faults: list[str]) -> str | None:
    file = environ.get("SECRET_KEY_FILE") if variable == "SECRET_KEY" else None
    if file is None:
        return environ.get(variable) or None
    if environ.get(variable):
        faults.append("SECRET_KEY and SECRET_KEY_FILE are both set: keep one")
        return None
    try:
        return Path(file).read_text().strip()
    except (OSError, ValueError):  # absent, not ours to read, or no text
        faults.append("SECRET_KEY_FILE cannot be read")
        return None


def _parse(name: str, variable: str, text: str, faults: list[str]) -> object:
    kind = type(getattr(_EXAMPLE, name))
    if kind is bool:
        if text.lower() not in _BOOLEANS:
            faults.append(f"{variable} must be on or off")
        return _BOOLEANS.get(text.lower(), False)
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            faults.append(f"{variable} must be a whole number")
            return getattr(_EXAMPLE, name)
        return int(text)
    return text


def _secret_faults(secret: str) -> list[str]:
    if len(secret) < _SECRET_MINIMUM_LENGTH:
        return [f"SECRET_KEY must have at least {_SECRET_MINIMUM_LENGTH} characters"]
    if len(set(secret)) < _SECRET_MINIMUM_DISTINCT or "changeme" in secret.lower():
        return [
            "SECRET_KEY must be random: python3 -c 'import secrets; print(secrets.token_hex())'"
        ]
    return []


def _database_faults(url: str) -> list[str]:
    try:
        database_url(url)
    except (ValueError, ArgumentError):
        return ["DATABASE_URL must be sqlite:///path or postgresql://user@host/name"]
    return []


def _channel_faults(settings: Settings) -> list[str]:
    """What is wrong with how letters leave."""
    faults = []
    if settings.smtp_url and smtp_fault(settings.smtp_url):
        faults.append("INTERLUDE_SMTP_URL must be smtp[s]://user:password@host:port")
    if settings.smtp_url and not settings.mail_from:
        faults.append("INTERLUDE_MAIL_FROM is missing: who letters come from")
    if settings.mail_from and sender_fault(settings.mail_from):
        faults.append("INTERLUDE_MAIL_FROM must be an e-mail address in ASCII")
    if settings.webhook_url and webhook_fault(settings.webhook_url):
        faults.append(
            "INTERLUDE_WEBHOOK_URL must be https, port 443, to a public host, without a password"
        )
    is_signed = settings.webhook_url or settings.webhook_secret
    if is_signed and len(settings.webhook_secret) < WEBHOOK_SECRET_MINIMUM_LENGTH:
        faults.append(
            "INTERLUDE_WEBHOOK_SECRET must have at least "
            f"{WEBHOOK_SECRET_MINIMUM_LENGTH} characters"
        )
    return faults


def _is_safe_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# Only its field types are used, to parse by.
_EXAMPLE = Settings(
    database_url="sqlite:////nowhere",
    secret_key="0123456789abcdef0123456789abcdef",  # noqa: S106
)
