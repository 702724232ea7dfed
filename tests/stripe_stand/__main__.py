"""``python -m tests.stripe_stand PORT``: localstripe on the loopback, as the stand wants it."""

from __future__ import annotations

import sys
from typing import Any

from aiohttp import web
from localstripe import resources, server  # type: ignore[import-untyped]
from localstripe.errors import UserError  # type: ignore[import-untyped]

_DECLINE_CODES = {
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000000069": "expired_card",
    "4000000000000127": "incorrect_cvc",
}

intent: Any = resources.SetupIntent
_create, _cancel, _attach = intent._api_create.__func__, intent._api_cancel, intent._attach_pm


def create(cls: type[Any], /, **data: Any) -> Any:
    """Stripe's API has the list under another name since 2026-09-30."""
    if "payment_method_types" in data:
        raise UserError(400, "Received unknown parameter: payment_method_types")
    data["payment_method_types"] = data.pop("allowed_payment_method_types", None)
    made = _create(cls, **data)
    made.last_setup_error = None
    return made


def attach(self: Any, method: Any) -> None:
    """A refused attempt stays open for another card, and tells why it was refused."""
    try:
        _attach(self, method)
    except UserError:
        code = _DECLINE_CODES.get(method._card_number, "generic_decline")
        self.status, self.payment_method = "requires_payment_method", None
        self.last_setup_error = {
            "type": "card_error",
            "code": "card_declined",
            "decline_code": code,
        }
        raise
    self.last_setup_error = None


def cancel(id: str, client_secret: str | None = None, **data: Any) -> Any:
    """In the browser it is the owner of the card who did not answer the bank's question."""
    found = _cancel(id, client_secret=client_secret, **data)
    if client_secret:
        found.status, found.payment_method = "requires_payment_method", None
        found.last_setup_error = {
            "type": "card_error",
            "code": "setup_intent_authentication_failure",
        }
    return found


def main() -> None:
    """Serve until the process ends."""
    resources.Store.dump_to_disk = lambda self: None
    intent._api_create = classmethod(create)
    intent._attach_pm = attach
    for route in server.app.router.routes():
        # Its routes were made with the function as it was.
        if route.resource and route.resource.canonical.endswith("/setup_intents/{id}/cancel"):
            route._handler = server.api_extra(cancel, "")
    web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
