"""The demo as a customer meets it: its own process, its own files, a free port."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.servers import free_port

ZIP_CODES = {"Maine": "04101", "Massachusetts": "02110"}
"""One of each state that a customer of a test may live in: addresses are checked."""
ROOT = Path(__file__).parent.parent.parent
_numbers = itertools.count(1)


@dataclass(frozen=True)
class NewCustomer:
    """A customer made for one test, so that tests can share a service and not each other's data."""

    id: int
    email: str
    address_id: int
    subscription_ids: tuple[int, ...]
    charge_id: int
    next_date: date


@dataclass(frozen=True)
class Service:
    """A running demo; `sandbox` is the back door to the look-alike that it stands on.

    shop_port: where the demo's shop answers, whose page shows the portal in a frame
    """

    address: str
    pid: int
    sandbox: httpx.Client
    shop_port: int = 0
    log_file: Path | None = None

    def log(self) -> str:
        """All that the service has written since it started."""
        return self.log_file.read_text() if self.log_file else ""

    def sign_in_link(self, customer_id: int) -> str:
        return f"{self.address}/demo/sign-in/{customer_id}"

    def new_customer(
        self, *, subscriptions: int = 2, days_ahead: int = 10, state: str = "Maine"
    ) -> NewCustomer:
        """A customer with an address, a card, and subscriptions due on one day.

        state: of the United States: what the law says of leaving depends on it
        """
        number = next(_numbers)
        email = f"customer.{os.getpid()}.{number}@example.com"
        name = {"first_name": "Robin", "last_name": f"Number {number}"}
        customer = self._make("customers", {"email": email, **name})
        where = {
            **name,
            "address1": "12 Harbour Lane",
            "city": "Portland",
            "province": state,
            "zip": ZIP_CODES[state],
            "country_code": "US",
            "phone": "",
        }
        card = self._make(
            "payment_methods",
            {
                "customer_id": customer["id"],
                "payment_type": "CREDIT_CARD",
                "processor_name": "stripe",
                "processor_customer_token": f"cus_test{number}",
                "processor_payment_method_token": f"pm_test{number}",
                "default": True,
                "billing_address": where,
            },
        )
        address = self._make(
            "addresses",
            {"customer_id": customer["id"], "payment_method_id": card["id"], **where},
        )
        variants = self._variants()
        due = self.today() + timedelta(days=days_ahead)
        made = [
            self._make(
                "subscriptions",
                {
                    "address_id": address["id"],
                    "external_variant_id": {"ecommerce": variants[index]},
                    "quantity": 1,
                    "next_charge_scheduled_at": due.isoformat(),
                    "charge_interval_frequency": 2,
                    "order_interval_frequency": 2,
                    "order_interval_unit": "week",
                },
            )
            for index in range(subscriptions)
        ]
        return NewCustomer(
            customer["id"],
            email,
            address["id"],
            tuple(each["id"] for each in made),
            self.charges(customer["id"], status="queued")[0]["id"] if made else 0,
            due,
        )

    def add_address(self, customer: NewCustomer, street: str) -> int:
        """Another address of a customer's, in the same town."""
        answer = self._answer(self.sandbox.get(f"/addresses/{customer.address_id}"))
        kept = "customer_id payment_method_id first_name last_name city province zip country_code"
        body = {name: answer["address"][name] for name in kept.split()}
        return int(self._make("addresses", {**body, "address1": street})["id"])

    def subscription(self, id: int) -> dict[str, Any]:
        """A subscription as the shop has it."""
        found: dict[str, Any] = self._answer(self.sandbox.get(f"/subscriptions/{id}"))
        return dict(found["subscription"])

    def add_subscriptions(self, customer_id: int, number: int) -> tuple[int, ...]:
        """Give a customer of the demo more subscriptions, until there are so many, on rhythms and
        days of their own. Gives the ids of the new ones."""
        answer = self._answer(
            self.sandbox.get("/subscriptions", params={"customer_id": customer_id, "limit": 250})
        )
        present = [one for one in answer["subscriptions"] if one["status"] == "active"]
        variants, today = self._variants(), self.today()
        made = [
            self._make(
                "subscriptions",
                {
                    "address_id": present[0]["address_id"],
                    "external_variant_id": {"ecommerce": variants[index % len(variants)]},
                    "quantity": 1 + index % 3,
                    "next_charge_scheduled_at": (
                        today + timedelta(days=5 + index % 25)
                    ).isoformat(),
                    "charge_interval_frequency": 1 + index % 6,
                    "order_interval_frequency": 1 + index % 6,
                    "order_interval_unit": "week",
                },
            )
            for index in range(number - len(present))
        ]
        return tuple(one["id"] for one in made)

    def plant_orders(self, customer_id: int, number: int) -> int:
        """Give a customer so many past orders, a day apart. Gives the number of the oldest."""
        body = {"customer_id": customer_id, "number": number}
        answer = self._answer(self.sandbox.post("/_sandbox/orders", json=body, timeout=120))
        return int(answer["newest_id"]) - number + 1

    def today(self) -> date:
        now: str = self._answer(self.sandbox.get("/_sandbox/clock"))["now"]
        return date.fromisoformat(now[:10])

    def charges(self, customer_id: int, **filters: Any) -> list[dict[str, Any]]:
        answer = self.sandbox.get("/charges", params={"customer_id": customer_id, **filters})
        charges: list[dict[str, Any]] = self._answer(answer)["charges"]
        return charges

    def plan_fault(self, kind: str, path: str, *, method: str = "POST", times: int = 1) -> None:
        fault = {"kind": kind, "path": path, "method": method, "times": times}
        self._answer(self.sandbox.post("/_sandbox/faults", json=fault))

    def executed(self, route: str) -> int:
        """How often the look-alike carried out a call, such as ``POST /charges/{id}/skip``."""
        counters = self._answer(self.sandbox.get("/_sandbox/counters"))
        return int(counters["executed"].get(route, 0))

    def forget_counters(self) -> None:
        self.sandbox.delete("/_sandbox/counters").raise_for_status()
        self.sandbox.delete("/_sandbox/faults").raise_for_status()

    def mails(self, to: str) -> list[dict[str, Any]]:
        answer = self.sandbox.get("/_sandbox/inbox", headers={"Accept": "application/json"})
        return [mail for mail in self._answer(answer)["mails"] if mail["to"] == to]

    def arrived(self, to: str, *, at_least: int = 1) -> list[dict[str, Any]]:
        """The mails to an address, once there are so many: they are sent after the page has
        answered."""
        for _ in range(100):
            if len(mails := self.mails(to)) >= at_least:
                return mails
            time.sleep(0.1)
        raise AssertionError(f"{at_least} mails have not come to {to}")

    def email_of(self, customer_id: int) -> str:
        """The address that the shop has of a customer."""
        found = self._answer(self.sandbox.get(f"/customers/{customer_id}"))
        return str(found["customer"]["email"])

    def code(self, to: str, *, at_least: int = 1) -> str:
        """The code in the newest mail to an address, once there are so many."""
        mail = max(self.arrived(to, at_least=at_least), key=lambda one: int(one["id"]))
        found = re.search(r"^(\d{3}) (\d{3})$", mail["text"], re.MULTILINE)
        assert found is not None, mail["text"]
        return found[1] + found[2]

    def _make(self, noun: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._answer(self.sandbox.post(f"/{noun}", json=body))
        made: dict[str, Any] = next(iter(answer.values()))
        return made

    def _variants(self) -> list[str]:
        products = self._answer(self.sandbox.get("/products", params={"limit": 10}))["products"]
        return [product["variants"][0]["external_variant_id"] for product in products]

    @staticmethod
    def _answer(response: httpx.Response) -> dict[str, Any]:
        if response.is_error:
            raise AssertionError(f"{response.request.url}: {response.status_code} {response.text}")
        answer: dict[str, Any] = response.json()
        return answer


@contextmanager
def running_service(folder: Path, **environment: str) -> Iterator[Service]:
    """Starts the demo in `folder`, where it keeps its files, and stops it after.

    Raises:
        AssertionError: it did not start; the text holds what it printed.
    """
    environment.setdefault("DOORSTEP_DEMO_SHOP_PORT", str(free_port()))
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DOORSTEP_", "RECHARGE_", "NICEGUI_"))
        and name not in {"PORT", "DATABASE_URL", "PYTEST_CURRENT_TEST"}
    }
    log = folder / "service.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0"],
            cwd=folder,
            env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        address = _wait_for_address(process, log)
        with httpx.Client(
            base_url=f"{address}/sandbox",
            headers={"X-Recharge-Access-Token": "sk_sandbox", "X-Recharge-Version": "2021-11"},
            timeout=20,
        ) as sandbox:
            shop_port = int(environment["DOORSTEP_DEMO_SHOP_PORT"])
            yield Service(address, process.pid, sandbox, shop_port, log)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait_for_address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        start = line.find("http://localhost:")
        if start >= 0:
            return line[start:].split()[0].rstrip("/.")
    raise AssertionError(f"The service did not start.\n{''.join(printed)}\n{log.read_text()}")
