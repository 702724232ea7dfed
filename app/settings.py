"""What a shop sets, each with its reason. Values come from the environment, or from a file `.env`.

`load()` is the way in: it turns a wrong value into one sentence that names the setting.
"""

from __future__ import annotations

import os
import re
from datetime import time, timedelta
from decimal import Decimal
from ipaddress import ip_network
from typing import Annotated, Any, Literal

from babel import Locale, UnknownLocaleError
from dotenv import dotenv_values
from pydantic import (
    AliasChoices,
    DirectoryPath,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from app.setting_checks import with_async_driver
from app.settings_payments import PaymentSettings
from app.settings_ways import WaysInSettings


class SettingsError(ValueError):
    """A setting cannot be used. The text is one sentence that names it."""


def _named(name: str) -> Any:
    """The environment variable of a setting that has a name of its own outside Doorstep."""
    return AliasChoices(name.lower(), name)


class Settings(WaysInSettings, PaymentSettings):
    """Doorstep's settings. Without `RECHARGE_API_TOKEN` the service is the demo."""

    model_config = SettingsConfigDict(
        env_prefix="DOORSTEP_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        validate_default=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    # Recharge
    recharge_api_token: SecretStr | None = Field(
        None,
        validation_alias=_named("RECHARGE_API_TOKEN"),
        description="Admin API token of the shop. Without it the service is the demo.",
    )
    recharge_api_url: str = Field(
        "https://api.rechargeapps.com",
        validation_alias=_named("RECHARGE_API_URL"),
        pattern=r"^https?://[^\s/]+(/[^\s?#]*)?$",
        description="Where the Recharge API answers.",
    )
    upstream_bucket_size: int = Field(
        40, ge=1, description="Calls that the Recharge token may make at once."
    )
    upstream_bucket_rate: float = Field(
        2.0, gt=0, description="Calls a second that the token regains."
    )
    upstream_margin: Decimal = Field(
        Decimal("0.1"),
        ge=0,
        lt=1,
        description="Share of both that is left to the shop's other apps on the same token.",
    )

    # Serving
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(
        8080, ge=0, le=65535, validation_alias=_named("PORT"), description="Port to listen on."
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+/?)?$",
        description="The address customers see, such as https://account.shop.example. "
        "Default: http://localhost and the port.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses of proxies, separated by commas, whose X-Forwarded-For and "
        "X-Forwarded-Proto are believed. Nobody else's are.",
    )
    database_url: str = Field(
        "sqlite:///var/doorstep.db",
        validation_alias=_named("DATABASE_URL"),
        description="SQLite (sqlite:///path) or PostgreSQL (postgresql://…).",
    )

    # The shop's wishes
    language: str = Field(
        "en",
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Language of the page, as a BCP 47 tag.",
    )
    switches: dict[str, bool] = Field(
        {},
        description="What customers may do, over the store's own settings, as JSON: "
        '{"skip_scheduled_order": false}.',
    )
    change_until_days: int = Field(
        1, ge=0, le=30, description="Days before a delivery's date on which changes end."
    )
    change_until_time: time = Field(
        time(23, 59), description="Time of that day, in the shop's zone, at which changes end."
    )
    undo_minutes: int = Field(
        1440,
        ge=0,
        le=1440,
        description="Minutes in which a change can be put back, where it is still possible.",
    )
    retention: FilePath | None = Field(
        None,
        description="A file with what customers who want to leave are asked and offered: see "
        "docs/retention.md. Without it Recharge's own settings hold.",
    )
    merchant_token: SecretStr | None = Field(
        None,
        min_length=24,
        description="The word that opens the merchant's pages, such as /merchant/retention. "
        "Without it they are closed.",
    )
    receipt_fonts: DirectoryPath | None = Field(
        None,
        description="A folder with fonts (.ttf, .otf, .ttc) for receipts as PDF in scripts that "
        "DejaVu Sans lacks, such as Japanese. Default: those under /usr/share/fonts.",
    )
    stylesheet: FilePath | None = Field(
        None, description="A file with the shop's own style rules, which come after ours."
    )
    extensions: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Python modules with the shop's own components, separated by commas."
    )

    # Sign-in
    session_idle_minutes: int = Field(
        30, ge=1, description="Minutes without a sign of life after which a session ends."
    )
    session_hours: int = Field(12, ge=1, description="Hours after which every session ends.")
    sign_in_link_minutes: int = Field(
        15, ge=1, le=60, description="Minutes for which an e-mailed sign-in link works."
    )
    pages_per_session: int = Field(8, ge=1, description="Open pages that one session may hold.")
    pages_in_all: int = Field(2000, ge=1, description="Open pages that one process may hold.")

    # Mail
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server: smtp://user:password@host:587 (STARTTLS where offered), "
        "or smtps://… Without it only the demo can send mail.",
    )
    mail_from: str = Field(
        "", description="Sender of mails. Default: the e-mail address of the store."
    )

    # Logs
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least level that is logged."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="How log lines are written; auto: text in the demo, else JSON."
    )

    @property
    def most_connections(self) -> int:
        """How many connections one process holds: those of its pages, and as many again of browsers
        that load one, and some room for strangers."""
        return 2 * self.pages_in_all + 2000

    @property
    def writes_json(self) -> bool:
        """Whether log lines are JSON."""
        return self.log_format == "json" or (self.log_format == "auto" and not self.is_demo)

    @property
    def is_demo(self) -> bool:
        return self.recharge_api_token is None

    @property
    def origin(self) -> str:
        """Scheme, host and port that customers see, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether customers come over TLS, so that cookies may be `__Host-`."""
        return self.origin.startswith("https:")

    @property
    def undo_for(self) -> timedelta:
        return timedelta(minutes=self.undo_minutes)

    @field_validator(
        "recharge_api_token",
        "smtp_url",
        "stylesheet",
        "retention",
        "merchant_token",
        "receipt_fonts",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("recharge_api_token")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("must be printable ASCII without spaces")
        return value

    @model_validator(mode="after")
    def _words_differ(self) -> Settings:
        """Who may see the figures may not therefore look at customers."""
        if self.merchant_token and self.merchant_token == self.support_token:
            raise ValueError("merchant_token and support_token must differ")
        return self

    @field_validator("merchant_token", "support_token")
    @classmethod
    def _can_be_typed(cls, value: SecretStr | None) -> SecretStr | None:
        if value and value.get_secret_value() != value.get_secret_value().strip():
            raise ValueError("must have no space before or after it")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(
            r"smtps?://([^\s/@]+@)?[^\s/@:]+(:\d{1,5})?/?", value.get_secret_value()
        ):
            raise ValueError("must look like smtp://user:password@host:587")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        if value and not re.fullmatch(r"([^<>\r\n]+<)?[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>?", value):
            raise ValueError("must be an e-mail address, with or without a name before it")
        return value

    @field_validator("language")
    @classmethod
    def _is_language(cls, value: str) -> str:
        try:
            Locale.parse(value, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            raise ValueError("must be a language such as en, pt-BR or ar") from error
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for part in filter(None, (part.strip() for part in value.split(","))):
            try:
                ip_network(part, strict=False)
            except ValueError as error:
                raise ValueError("must be IP addresses or networks, separated by commas") from error
        return value

    @field_validator("stylesheet")
    @classmethod
    def _is_style(cls, value: FilePath | None) -> FilePath | None:
        if value and "</" in value.read_text(encoding="utf-8"):
            raise ValueError("must hold style rules only, without HTML")
        return value

    @field_validator("database_url")
    @classmethod
    def _has_async_driver(cls, value: str) -> str:
        """Both short forms get the driver that the service uses."""
        return with_async_driver(value)

    @field_validator("extensions", mode="before")
    @classmethod
    def _split_modules(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @model_validator(mode="after")
    def _idle_is_shorter(self) -> Settings:
        if self.session_idle_minutes > self.session_hours * 60:
            raise ValueError("session_idle_minutes must not be longer than session_hours")
        return self


def variable(field: str) -> str:
    """The environment variable of a setting: ``variable("port") == "PORT"``."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[-1])
    return f"DOORSTEP_{field.upper()}"


def load(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a value cannot be used; the text is one sentence that names the setting.
    """
    known = {variable(field) for field in Settings.model_fields}
    for name in sorted({*os.environ, *dotenv_values(".env")}):
        if name.startswith("DOORSTEP_") and name not in known:
            raise SettingsError(f"{name}: there is no such setting.")
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0]) if first["loc"] else ""
        field = place.lower().removeprefix("doorstep_")
        name = variable(field) if field in Settings.model_fields else place
        reason = first["msg"].removeprefix("Value error, ").strip(".")
        reason = f"{reason[:1].lower()}{reason[1:]}"
        if len(first["loc"]) > 1 and isinstance(first["loc"][1], str):  # within JSON
            reason = f"{'.'.join(map(str, first['loc'][1:]))} {reason}"
        raise SettingsError(f"{name or 'Settings'}: {reason}.") from error
    except ValueError as error:  # a JSON value that cannot be read
        unread = re.search(r'field "(\w+)"', str(error))
        name = variable(unread.group(1)) if unread else "Settings"
        raise SettingsError(f"{name}: must be JSON.") from error
