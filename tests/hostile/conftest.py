"""The whole service in a process of its own, with every way in open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.browser.service import NewCustomer, Service, running_service

EVERYTHING = {
    "DOORSTEP_SHOPIFY_SHOP": "harbor.myshopify.com",
    "DOORSTEP_SHOPIFY_SECRET": "s" * 40,
    "DOORSTEP_LINK_SECRETS": "l" * 40,
    "DOORSTEP_SUPPORT_TOKEN": "t" * 40,
    "DOORSTEP_MERCHANT_TOKEN": "m" * 40,
    "DOORSTEP_METRICS_TOKEN": "p" * 40,
    "DOORSTEP_REQUESTS_PER_MINUTE": "1000000",
    "DOORSTEP_UPSTREAM_BUCKET_SIZE": "4000",
    "DOORSTEP_UPSTREAM_BUCKET_RATE": "1000",
    "DOORSTEP_OIDC": json.dumps(
        {"harbor": {"issuer": "http://localhost:9", "client_id": "portal", "label": "Harbor"}}
    ),
}
MARA, JONAS = 101, 102


@dataclass(frozen=True)
class Stage:
    """The service, and the cookies of two of its customers."""

    service: Service
    mara: str
    jonas: str

    def browser(self, cookie: str = "", **headers: str) -> httpx.Client:
        """A browser that sends what our own pages send, with `headers` over it."""
        own = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
        given = {"Cookie": cookie} if cookie else {}
        return httpx.Client(
            base_url=self.service.address, headers={**own, **given, **headers}, timeout=30
        )

    def new_customer(self) -> NewCustomer:
        """A customer of one test alone."""
        return self.service.new_customer(subscriptions=1)

    def answer(self, path: str, **params: Any) -> Any:
        """What the look-alike of Recharge says."""
        return self.service.sandbox.get(path, params=params).raise_for_status().json()

    def log(self) -> str:
        """All that the service has written."""
        return self.service.log()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_service(tmp_path_factory.mktemp("hostile"), **EVERYTHING) as service:
        # Many customers in a short time are a test's wish; the budget has tests of its own.
        service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
        yield Stage(service, _cookie(service, MARA), _cookie(service, JONAS))


def _cookie(service: Service, customer_id: int) -> str:
    answer = httpx.get(service.sign_in_link(customer_id))
    return answer.headers["set-cookie"].partition(";")[0]
