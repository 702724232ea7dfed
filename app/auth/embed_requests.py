"""What a page in a frame may ask for: the bodies of its requests, as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class _Asked(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SessionAsked(_Asked):
    """A session for a frame.

    token:    what the shop's page was given: an embed token of the shop's server
              (`app.auth.EmbedTokens`), or a code of the app proxy
    code:     or a code that a sign-in elsewhere was handed over with (`app.auth.HandOffs`)
    bearer:   the bearer that the page has had until now: its session goes on
    language: of the shop's page, as a BCP 47 tag
    """

    token: str | None = Field(None, min_length=1, max_length=4096)
    code: _Secret | None = None
    bearer: _Secret | None = None
    language: str = Field("", max_length=35, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")

    @model_validator(mode="before")
    @classmethod
    def _has_one_proof(cls, given: Any) -> Any:
        if isinstance(given, dict) and ("token" in given) == ("code" in given):
            raise ValueError("token or code, one of them")
        return given


class HandOffAsked(_Asked):
    """A code for a tab of its own, where a frame does not serve: `target` is a path of ours."""

    target: str = Field("/", min_length=1, max_length=1024)
