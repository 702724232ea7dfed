"""What the token in use is and may do."""

from __future__ import annotations

from app.recharge.resource import Resource
from app.recharge.sending import Call
from app.recharge.values import Record


class TokenClient(Record):
    """Who made the token."""

    contact_email: str | None = None
    email: str | None = None
    name: str | None = None


class TokenInformation(Record):
    """The token's name and scopes, such as read_customers."""

    client: TokenClient = TokenClient()
    contact_email: str | None = None
    name: str | None = None
    scopes: tuple[str, ...] = ()


class TokenInformations(Resource[TokenInformation]):
    """`client.token_information`. Needs no scope."""

    _path = "/token_information"
    _singular = "token_information"
    _plural = "token_information"
    _model = TokenInformation

    async def get(self) -> TokenInformation:
        """GET /token_information: a good check of health. Unauthorized for a wrong token."""
        return await self._one(Call("GET", "/token_information"))
