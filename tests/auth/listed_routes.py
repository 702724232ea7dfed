"""Prints the routes of the whole service, as JSON. NiceGUI allows one service in a process, so this
is a process of its own: ``python -m tests.auth.listed_routes``, in an empty folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence

from nicegui import app as nicegui_app  # noqa: TID251
from starlette.routing import BaseRoute, Mount, Route

from app.main import create
from tests.auth.world import make_settings

EVERYTHING = {
    "embed_origins": "https://shop.example",
    "embed_keys": json.dumps({"2026-11": "k" * 40}),
    "shopify_shop": "harbor.myshopify.com",
    "shopify_secret": "s" * 40,
    "link_secrets": "l" * 40,
    "support_token": "t" * 40,
    "merchant_token": "m" * 40,
    "metrics_token": "p" * 40,
    "oidc": {
        "harbor": {
            "issuer": "https://id.shop.example",
            "client_id": "portal",
            "label": "Harbor",
        }
    },
}
"""Settings with which every way in is open."""


def listed(routes: Sequence[BaseRoute], start: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of each route; what is mounted is a method of its own."""
    for route in routes:
        if isinstance(route, Mount):
            if route.app is not nicegui_app:
                yield "MOUNT", start + route.path
        elif isinstance(route, Route):
            for method in route.methods or ():
                yield method, start + route.path


if __name__ == "__main__":
    service = create(make_settings(**EVERYTHING))
    found = {*listed(service.routes), *listed(nicegui_app.routes)}
    json.dump(sorted(found), sys.stdout)
