"""What a shop sets about cards.

`app.settings.Settings` inherits it.
"""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from app.setting_checks import wrong_pair


class PaymentSettings(BaseSettings):
    """Where cards are entered."""

    stripe_public_key: str = Field(
        "",
        description="Stripe's public key (pk_…), where Stripe keeps the shop's cards. With it "
        "customers add cards here.",
    )
    stripe_secret_key: SecretStr | None = Field(
        None,
        description="Stripe's secret key (sk_…), or a restricted one (rk_…) that may write "
        "customers and setup intents, of the same account and mode.",
    )
    stripe_api_url: str = Field(
        "https://api.stripe.com",
        pattern=r"^https?://[^\s/?#]+$",
        description="Where Stripe's API answers to this service.",
    )

    sandbox_cards: bool = Field(
        False,
        description="Take test cards on the sandbox's own form. Only for a service whose "
        "RECHARGE_API_URL is that of `python -m app sandbox`.",
    )
    demo_card_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Port on which the demo serves its card form; 0 takes a free one.",
    )

    @field_validator("stripe_secret_key", mode="before")
    @classmethod
    def _no_key_is_none(cls, value: object) -> object:
        return value or None

    @model_validator(mode="after")
    def _keys_are_a_pair(self) -> PaymentSettings:
        secret = self.stripe_secret_key
        wrong = wrong_pair(self.stripe_public_key, secret.get_secret_value() if secret else "")
        if wrong:
            raise ValueError(wrong)
        return self
