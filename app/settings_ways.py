"""What a shop sets about the ways in, about its own pages around the portal, and about limits.

`app.settings.Settings` inherits it.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

from app.setting_checks import LEAST_SECRET, signing_key

_ORIGIN: Final = re.compile(
    r"https://[a-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?"
)


_ISSUER: Final = re.compile(
    r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w./~%-]*)?"
    r"|http://(localhost|127\.0\.0\.1)(:\d{1,5})?(/[\w./~%-]*)?",
    re.ASCII,
)
_PROVIDER: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
_MOST_PROVIDERS: Final = 8


class OidcProvider(BaseModel):
    """One identity provider.

    issuer:         exactly what it calls itself in its metadata and its tokens
    label:          what stands on the button after "Sign in with"
    scope:          what is asked of the person, in the provider's words
    customer_claim: the claim that holds the shop account's id, where accounts are matched by that;
                    empty: matched by the verified e-mail address
    algorithms:     what its tokens may be signed with: never with a secret that we share
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(max_length=255)
    client_id: str = Field(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")
    client_secret: SecretStr | None = None
    label: str = Field(min_length=1, max_length=40, pattern=r"^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$")
    scope: str = Field("openid email", pattern=r"^[\x21\x23-\x7e]+( [\x21\x23-\x7e]+)*$")
    customer_claim: str = Field("", max_length=255, pattern=r"^[\x21-\x7e]*$")
    algorithms: tuple[
        Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
        ...,
    ] = Field(("RS256", "ES256"), min_length=1)

    @field_validator("issuer")
    @classmethod
    def _is_issuer(cls, value: str) -> str:
        if _ISSUER.fullmatch(value) is None:
            raise ValueError("must be an address such as https://id.example, and https")
        return value

    @field_validator("client_secret")
    @classmethod
    def _empty_is_unset(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value() else None

    @field_validator("scope")
    @classmethod
    def _holds_openid(cls, value: str) -> str:
        if "openid" not in value.split(" "):
            raise ValueError("must hold openid")
        return value


class WaysInSettings(BaseSettings):
    """The ways in, the shop's pages around the portal, and limits."""

    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Origins of the shop's pages that may show the portal in a frame, such as "
        "https://shop.example, separated by commas. Without one nobody may.",
    )
    embed_keys: SecretStr | None = Field(
        None,
        description="Keys that the shop's server signs embed tokens with, one or two (for a "
        'change of keys), as JSON: {"2026-11": "a secret of 32 characters or more"}, or a public '
        "key in PEM.",
    )
    embed_issuer: str = Field(
        "",
        description="What the shop's server calls itself in embed tokens (`iss`). Default: the "
        "first of the embed origins.",
    )
    demo_shop_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Port on which the demo serves a shop's page with the portal in it; 0 takes a "
        "free one.",
    )
    oidc: dict[str, OidcProvider] = Field(
        {},
        description="Identity providers that customers sign in with, by a short name, as JSON: "
        "see docs/sign-in.md.",
    )
    shopify_shop: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9-]*\.myshopify\.com)?$",
        description="The shop's own Shopify domain, such as harbor.myshopify.com, for the app "
        "proxy.",
    )
    shopify_secret: SecretStr | None = Field(
        None, description="The client secret of the Shopify app whose proxy leads here."
    )
    link_secrets: SecretStr | None = Field(
        None,
        description="Secrets that quick links are signed with, one or two of 32 characters or "
        "more, separated by a comma: the first signs, both are believed.",
    )
    support_token: SecretStr | None = Field(
        None,
        min_length=24,
        description="The word with which the shop's people look at the portal as a customer sees "
        "it. Without it nobody does.",
    )
    support_may_change: bool = Field(
        False,
        description="Whether the shop's people may also change something on a customer's behalf.",
    )
    support_minutes: int = Field(
        30, ge=1, le=240, description="Minutes after which such a look ends."
    )
    code_for_order_now: bool = Field(
        False, description="Whether ordering now needs a code from the customer's mailbox first."
    )
    requests_per_minute: int = Field(
        600, ge=10, description="Requests a minute that one network may make; files are free."
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=24,
        description="The bearer token for /metrics. Without it there are none.",
    )

    @property
    def issuer(self) -> str:
        """What stands as `iss` in the shop's embed tokens."""
        return self.embed_issuer or (self.embed_origins[0] if self.embed_origins else "")

    @property
    def signing_keys(self) -> dict[str, str]:
        """The shop's keys for embed tokens, by their ids."""
        found: dict[str, str] = (
            json.loads(self.embed_keys.get_secret_value()) if self.embed_keys else {}
        )
        return found

    @property
    def link_keys(self) -> tuple[str, ...]:
        """The secrets of quick links: the first signs, all are believed."""
        return _split(self.link_secrets)

    @field_validator(
        "embed_keys",
        "shopify_secret",
        "link_secrets",
        "support_token",
        "metrics_token",
        mode="before",
    )
    @classmethod
    def _nothing_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("oidc")
    @classmethod
    def _are_providers(cls, value: dict[str, OidcProvider]) -> dict[str, OidcProvider]:
        for name in value:
            if _PROVIDER.fullmatch(name) is None:
                raise ValueError(f"{name} must be a short name of small letters and digits")
        labels = {one.label.casefold() for one in value.values()}
        if len(value) > _MOST_PROVIDERS or len(labels) < len(value):
            raise ValueError(f"must be {_MOST_PROVIDERS} providers or fewer, each with its label")
        return value

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(one.strip().rstrip("/") for one in value.split(",") if one.strip())
        return value

    @field_validator("embed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(_ORIGIN.fullmatch(one) is None for one in value):
            raise ValueError(
                "must be exact origins such as https://shop.example, without a path or a star"
            )
        return value

    @field_validator("embed_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            keys = json.loads(value.get_secret_value())
        except ValueError as error:
            raise ValueError("must be JSON") from error
        if not (isinstance(keys, dict) and 1 <= len(keys) <= 2):
            raise ValueError("must hold one key or two, by their ids")
        for name, key in keys.items():
            if not re.fullmatch(r"[\w.-]{1,64}", name) or not isinstance(key, str):
                raise ValueError("must hold texts, with ids of letters, digits, dots and dashes")
            signing_key(key)
        return value

    @field_validator("link_secrets")
    @classmethod
    def _are_secrets(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            found = _split(value)
            if not 1 <= len(found) <= 2 or any(len(one) < LEAST_SECRET for one in found):
                raise ValueError(f"must be one or two secrets of {LEAST_SECRET} characters")
        return value

    @model_validator(mode="after")
    def _embed_keys_have_an_issuer(self) -> WaysInSettings:
        if self.embed_keys and not self.issuer:
            raise ValueError("embed_keys need embed_origins, or embed_issuer")
        return self

    @model_validator(mode="after")
    def _shopify_is_a_pair(self) -> WaysInSettings:
        if bool(self.shopify_shop) != bool(self.shopify_secret):
            raise ValueError("shopify_shop and shopify_secret must be set together")
        return self


def _split(secret: SecretStr | None) -> tuple[str, ...]:
    text = secret.get_secret_value() if secret else ""
    return tuple(one.strip() for one in text.split(",") if one.strip())
