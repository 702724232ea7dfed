"""Adding a card over HTTP, as a browser does it, in a service that may be killed at any moment."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx

from tests.browser.service import Service

ADD = "/payment-methods/add"
GOOD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "code": "737", "holder": "Anna Vogel"}


class Browser:
    """A customer's browser, signed in."""

    def __init__(self, service: Service, customer_id: int) -> None:
        self.service = service
        self.customer_id = customer_id
        self.http = httpx.Client(
            base_url=service.address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=20
        )
        assert self.http.get(f"/demo/sign-in/{customer_id}").status_code == 303
        self.prove()

    def prove(self) -> None:
        """Give a code from the mailbox: without one no card comes into the account."""
        email = self.service.email_of(self.customer_id)
        known = len(self.service.mails(email))
        self.http.post("/step-up", data={"send": "1", "form": self.form_token("/step-up")})
        code = self.service.code(email, at_least=known + 1)
        answer = self.http.post(
            "/step-up", data={"code": code, "form": self.form_token("/step-up")}
        )
        assert answer.status_code == 303, answer.text

    def begin(self, *address_ids: int) -> str:
        """Choose what the card is for. Gives the address of the page with the form."""
        fields = {f"address-{id}": "1" for id in address_ids}
        answer = self.http.post(ADD, data={**fields, "form": self.form_token(ADD)})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def type_card(self, page: str, **typed: str) -> httpx.Response:
        """Fill in the processor's form, on its own origin. Gives its answer, which leads back."""
        [frame] = re.findall(r'<iframe[^>]* src="([^"]+)"', self.http.get(page).text)
        answer = httpx.post(unescape(frame), data={**GOOD, **typed})
        assert answer.status_code == 303, answer.text
        return answer

    def form_token(self, page: str) -> str:
        found = re.findall(r'name="form" value="([0-9a-f]{64})"', self.http.get(page).text)
        return str(found[0])

    def read(self, page: str) -> str:
        """What a page says, without its marks."""
        text = re.sub(r"<[^>]+>", " ", self.http.get(page).text)
        return " ".join(unescape(text).split())

    def come_back(self, page: str) -> httpx.Response:
        """What the processor's redirect does."""
        return self.http.get(f"{page}/done")

    def go_on(self, page: str) -> httpx.Response:
        return self.http.post(page, data={"form": self.form_token(page)})

    def added(self) -> list[dict[str, Any]]:
        """The cards that the form gave out and that are in the account."""
        answer = self.service.sandbox.get(
            "/payment_methods", params={"customer_id": self.customer_id}
        )
        return [
            one
            for one in answer.json()["payment_methods"]
            if str(one["processor_payment_method_token"]).startswith("pm_sandbox_")
        ]

    def pays(self) -> dict[int, int]:
        """What pays for each address."""
        answer = self.service.sandbox.get("/addresses", params={"customer_id": self.customer_id})
        return {one["id"]: one["payment_method_id"] for one in answer.json()["addresses"]}

    def close(self) -> None:
        self.http.close()
