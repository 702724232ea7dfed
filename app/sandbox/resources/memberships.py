"""Memberships, and the programs that they are of."""

from app.sandbox import fields as f
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.memberships import activate_membership, cancel_membership
from app.sandbox.resources.generic import one, reading, scopes
from app.sandbox.shop import Shop

_CANCEL: f.Fields = {
    "cancel_immediately": f.required(f.flag),
    "cancellation_reason": f.required(f.text(1, 1024)),
    "cancellation_reason_comments": f.nullable(f.text(most=1024)),
    "expires_at": f.nullable(f.day),
}
_ACTIVATE: f.Fields = {"expires_at": f.nullable(f.day)}


def _cancel(shop: Shop, call: Call) -> Reply:
    body = call.read(_CANCEL)
    cancelled = cancel_membership(
        shop,
        shop.read("memberships", call.id()),
        at_once=body["cancel_immediately"],
        reason=body["cancellation_reason"],
        comments=body.get("cancellation_reason_comments"),
        expires_on=body.get("expires_at"),
    )
    return one(shop, call, "memberships", cancelled)


def _activate(shop: Shop, call: Call) -> Reply:
    body = call.read(_ACTIVATE)
    membership = shop.read("memberships", call.id())
    active = activate_membership(shop, membership, body.get("expires_at"))
    return one(shop, call, "memberships", active)


_WRITE = scopes("memberships", "write")

ENDPOINTS = [
    *reading("membership_programs"),
    *reading("memberships"),
    Endpoint("POST", "/memberships/{id}/cancel", _cancel, _WRITE),
    Endpoint("POST", "/memberships/{id}/activate", _activate, _WRITE),
]
