"""The demo: a shop that runs on the embedded sandbox, and doors into it for a visitor.

Nothing here is part of a real configuration.
"""

from __future__ import annotations

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import Level
from app.auth import Sessions
from app.demo_cards import CardPort
from app.demo_links import DEMO_LINKS
from app.demo_secrets import DEMO_MERCHANT_WORD, DEMO_SUPPORT_WORD, FILES
from app.demo_shop import DemoShop, shop_origins
from app.mail import Mail, NotDelivered
from app.payments import SandboxForm
from app.sandbox import Sandbox
from app.sandbox.seed import STORIES
from app.settings import Settings
from app.web import Pages

SANDBOX_PATH = "/sandbox"
"""Where the demo shows its sandbox: pictures, the inbox, and the controls."""
DEMO_PATH = "/demo"


class Demo:
    """The sandbox and what a visitor of the demo needs around it."""

    def __init__(self, settings: Settings) -> None:
        FILES.mkdir(exist_ok=True)
        database = FILES / "sandbox.db"
        self.is_new = not database.exists()
        """Whether the shop was planted just now, so that what a mirror holds is another shop's."""
        self.sandbox = Sandbox(
            # A path, so that pictures come from whatever host and port the page came from.
            str(database),
            public_url=SANDBOX_PATH,
            bucket=True,
            memberships=True,
        )
        self.token = self.sandbox.token
        self.inbox = f"{SANDBOX_PATH}/_sandbox/inbox"
        self.transport = httpx.ASGITransport(app=self.sandbox.app)
        self._cards = CardPort(self.sandbox.card_form, settings.demo_card_port)
        self._shop = DemoShop(settings, STORIES)
        self.settings = self._shop.settings
        """The settings, with what a shop sets to have the portal in its pages."""
        self._origin = settings.origin

    def payment_form(self) -> SandboxForm:
        """What makes forms for the demo's test cards."""
        return SandboxForm(
            "http://sandbox",
            self.token,
            lambda: self._cards.origin,
            self._origin,
            transport=self.transport,
        )

    async def start(self) -> None:
        """Serve the card form and the shop, each on a port of its own.

        Raises:
            SettingsError: the port is taken.
        """
        await self._cards.start()
        await self._shop.start()

    async def send(self, mail: Mail) -> None:
        """Put a mail into the sandbox's inbox instead of the world's."""
        body = {"to": mail.to, "subject": mail.subject, "text": mail.text, "html": mail.html}
        async with httpx.AsyncClient(transport=self.transport, base_url="http://sandbox") as inbox:
            answer = await inbox.post("/_sandbox/inbox", json=body)
        if answer.is_error:
            raise NotDelivered(f"the demo's inbox answered {answer.status_code}")

    def routes(self, sessions: Sessions, pages: Pages) -> list[Route]:
        """The doors: a list of the demo's customers, and a link that signs each of them in."""

        async def customers(request: Request) -> Response:
            return await pages.page(
                "demo_customers.html",
                pages.texts.t("Who would you like to be?"),
                customers=[(number, story, sign_in_path(number)) for number, story in STORIES],
            )

        async def sign_in(request: Request) -> Response:
            customer_id: int = request.path_params["customer_id"]
            if self.sandbox.shop.store.get("customers", customer_id) is None:
                return await pages.message(
                    pages.texts.t("Not found"),
                    pages.texts.t("The demo has no such customer."),
                    status=404,
                    link=DEMO_PATH,
                    link_text=pages.texts.t("To the demo's customers"),
                )
            cookies = sessions.cookies
            cookie, _ = await sessions.start(
                customer_id,
                method="demo link",
                level=Level.CODE,
                replacing=request.cookies.get(cookies.session),
                user_agent=request.headers.get("user-agent", ""),
            )
            answer = RedirectResponse("/", 303)
            answer.headers["Set-Cookie"] = cookies.set(cookies.session, cookie)
            return answer

        return [
            Route(DEMO_PATH, customers, methods=["GET"]),
            Route(sign_in_path("{customer_id:int}"), sign_in, methods=["GET"]),
        ]

    async def close(self) -> None:
        await self._cards.close()
        await self._shop.close()
        await self.sandbox.close()


def sign_in_path(customer_id: int | str) -> str:
    """The demo's link that signs a customer in. It works any number of times."""
    return f"{DEMO_PATH}/sign-in/{customer_id}"


def welcome(settings: Settings) -> str:
    """What the terminal says when the demo answers."""
    links = "\n".join(
        f"  {settings.origin}{sign_in_path(number)}  {story}" for number, story in STORIES
    )
    word = "" if settings.merchant_token else f"  (the word is {DEMO_MERCHANT_WORD})"
    support = "" if settings.support_token else f"  (the word is {DEMO_SUPPORT_WORD})"
    here, elsewhere = shop_origins(settings.demo_shop_port)
    return (
        f"The demo answers at {settings.origin} (no RECHARGE_API_TOKEN is set).\n"
        f"Sign in as one of its customers:\n{links}\n"
        f"In a shop's page: {here}\n"
        f"In a shop's page of another site: {elsewhere}\n"
        f"Mails of the demo: {settings.origin}{SANDBOX_PATH}/_sandbox/inbox\n"
        f"Quick links of the shop's mails: {settings.origin}{DEMO_LINKS}\n"
        f"For the merchant: {settings.origin}/merchant/retention{word}\n"
        f"Look as a customer: {settings.origin}/merchant/customers{support}"
    )
