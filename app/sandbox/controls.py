"""The controls under `/_sandbox`: reset, clock, faults, counters, inbox, settings, webhooks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields as dataclass_fields
from datetime import timedelta
from typing import TYPE_CHECKING

from app.sandbox import fields as f
from app.sandbox.dates import parse_moment
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Reply
from app.sandbox.inbox import add_mail, clear_mails, mails
from app.sandbox.past import MOST_ORDERS, plant_orders
from app.sandbox.scopes import ALL_SCOPES
from app.sandbox.shop import Settings

if TYPE_CHECKING:
    from app.sandbox.sandbox import Sandbox


_FAULT = re.compile(r"/_sandbox/faults/([1-9]\d{0,17})")
_MOST_DAYS = 3660
_LONGEST = 10**6


class Counters:
    """What was asked for and what was done, by method and route."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.executed: Counter[str] = Counter()
        self.throttled = 0

    def clear(self) -> None:
        """Start again at nothing."""
        self.requests.clear()
        self.executed.clear()
        self.throttled = 0

    def as_document(self) -> Document:
        """All counts."""
        return {
            "requests": dict(self.requests),
            "executed": dict(self.executed),
            "throttled": self.throttled,
        }


def merge(into: Document, changes: Document) -> Document:
    """The first document with the second's values, object by object."""
    merged = dict(into)
    for key, value in changes.items():
        old = merged.get(key)
        is_object = isinstance(value, dict) and isinstance(old, dict)
        merged[key] = merge(old, value) if is_object and old is not None else value
    return merged


def misfits(known: Document, changes: Document) -> Document:
    """Where changes would put something else in the place of an object or a switch."""
    errors: Document = {}
    for key, value in changes.items():
        old = known.get(key)
        if isinstance(old, dict):
            inner = misfits(old, value) if isinstance(value, dict) else ["Invalid input type."]
            if inner:
                errors[key] = inner
        elif isinstance(old, bool) and not isinstance(value, bool):
            errors[key] = ["Not a valid boolean."]
    return errors


class Controls:
    """Answers the control routes. They ask for no token: they are not part of the API."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def answer(self, method: str, path: str, body: Document) -> Reply | None:
        """The reply of a control; None for an unknown route."""
        one_fault = _FAULT.fullmatch(path)
        if one_fault:
            if method != "DELETE":
                return None
            self._sandbox.faults.drop(int(one_fault.group(1)))
            return Reply(status=204)
        name = path.removeprefix("/_sandbox/").strip("/").replace("/", "_").replace("-", "_")
        run = getattr(self, f"_{method.lower()}_{name}", None)
        return None if run is None else run(body)

    def _post_reset(self, body: Document) -> Reply:
        checked = f.read(body, {"seed": f.flag})
        self._sandbox.reset(seed=checked.get("seed", True))
        return Reply({"now": self._sandbox.clock.now().isoformat()})

    def _get_clock(self, body: Document) -> Reply:
        sandbox = self._sandbox
        return Reply({
            "now": sandbox.clock.now().isoformat(),
            "today": sandbox.today.isoformat(),
            "timezone": str(sandbox.shop.zone()),
        })  # fmt: skip

    def _put_clock(self, body: Document) -> Reply:
        checked = f.read(body, {
            "now": f.moment, "advance_days": f.number(0, _MOST_DAYS), 
            "advance_seconds": f.number(0, _MOST_DAYS * 86_400),
        })  # fmt: skip
        moment = parse_moment(checked.get("now"))
        clock = self._sandbox.clock
        by = timedelta(
            days=checked.get("advance_days", 0), seconds=checked.get("advance_seconds", 0)
        )
        if moment is not None:
            clock.set(moment + by)
        elif by:
            clock.advance(by)
        return self._get_clock({})

    _post_clock = _put_clock

    def _post_faults(self, body: Document) -> Reply:
        fault = self._sandbox.faults.plan(body)
        return Reply({"id": fault.id}, 201)

    def _get_faults(self, body: Document) -> Reply:
        return Reply({"faults": self._sandbox.faults.as_documents()})

    def _delete_faults(self, body: Document) -> Reply:
        self._sandbox.faults.clear()
        return Reply(status=204)

    def _get_counters(self, body: Document) -> Reply:
        return Reply(self._sandbox.counters.as_document())

    def _delete_counters(self, body: Document) -> Reply:
        self._sandbox.counters.clear()
        return Reply(status=204)

    def _get_inbox(self, body: Document) -> Reply:
        return Reply({"mails": mails(self._sandbox.shop)})

    def _post_inbox(self, body: Document) -> Reply:
        return Reply({"mail": add_mail(self._sandbox.shop, body)}, 201)

    def _delete_inbox(self, body: Document) -> Reply:
        clear_mails(self._sandbox.shop)
        return Reply(status=204)

    def _post_orders(self, body: Document) -> Reply:
        checked = f.read(body, {
            "customer_id": f.required(f.number(1, 10**18)),
            "number": f.required(f.number(1, MOST_ORDERS)),
        })  # fmt: skip
        newest = plant_orders(self._sandbox.shop, checked["customer_id"], checked["number"])
        return Reply({"newest_id": newest}, 201)

    def _get_settings(self, body: Document) -> Reply:
        return Reply({"settings": self._sandbox.settings.as_document()})

    def _put_settings(self, body: Document) -> Reply:
        settings = self._sandbox.settings
        for name, value in f.read(body, _SETTINGS).items():
            setattr(settings, name, value)
        if "bucket" in body:
            self._sandbox.bucket.clear()
        return self._get_settings({})

    def _get_shop_settings(self, body: Document) -> Reply:
        return Reply({"shop_settings": self._sandbox.shop_settings()})

    def _put_shop_settings(self, body: Document) -> Reply:
        given = body.get("shop_settings", body)
        if not isinstance(given, dict):
            raise Invalid("shop_settings", "Invalid input type.")
        self._sandbox.change_shop_settings(given)
        return self._get_shop_settings({})


_SETTINGS: f.Fields = {
    "bucket": f.flag,
    "bucket_size": f.number(1, 10_000),
    "bucket_rate": f.seconds(_LONGEST),
    "retry_after": f.flag,
    "regeneration_seconds": f.seconds(_LONGEST),
    "lock_seconds": f.seconds(_LONGEST),
    "scopes": f.list_of(f.one_of(*ALL_SCOPES)),
    "shipping_countries": f.list_of(f.text(2, 2), least=1),
    "retry_days": f.number(1, 365),
    "max_attempts": f.number(1, 100),
    "cancel_after_max_retries": f.flag,
    "shipping_price": f.money,
    "free_shipping_from": f.nullable(f.money),
}
if set(_SETTINGS) != {each.name for each in dataclass_fields(Settings)}:
    raise AssertionError("every setting of the sandbox needs a check")
