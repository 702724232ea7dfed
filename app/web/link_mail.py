"""Sends sign-in links after the answer has gone out, so that the answer tells nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.auth import SignInLinks
from app.i18n import say_many
from app.mail import Mail, Mailer
from app.web.post import Post
from app.web.rendering import Pages


class LinkPost:
    """Looks an address up, makes a link for its customer and mails it: all in the background.

    `find_by_email` finds a customer's id, such as `Mirror.find_customer`; `origin` is the address
    of the portal. Call `settle` when the service stops.
    """

    def __init__(
        self,
        links: SignInLinks,
        mailer: Mailer,
        pages: Pages,
        find_by_email: Callable[[str], Awaitable[int | None]],
        origin: str,
    ) -> None:
        self._links = links
        self._mailer = mailer
        self._pages = pages
        self._find = find_by_email
        self._origin = origin
        self._post = Post()

    def ask(self, email: str, target: str) -> bool:
        """Start on a link for `email`; False when far too many are waiting already."""
        return self._post.start("sign-in link", self._send(email, target))

    async def settle(self) -> None:
        """Wait until everything asked for has been sent or given up."""
        await self._post.settle()

    async def _send(self, email: str, target: str) -> str:
        customer_id = await self._find(email)
        if customer_id is None:
            return "unknown address"
        secret = await self._links.issue(customer_id, email=email, target=target)
        await self._mailer.send(await self._compose(email, secret))
        return ""

    async def _compose(self, email: str, secret: str) -> Mail:
        texts = self._pages.texts
        shop = " ".join((await self._pages.shop()).split())
        subject = (
            texts.t("Sign in to {shop}", shop=shop)
            if shop
            else texts.t("Sign in to your subscriptions")
        )
        minutes = self._links.minutes
        values = {
            "subject": subject,
            "button": texts.t("Sign in"),
            "link": f"{self._origin}/sign-in/{secret}",
            "lead": texts.render(
                say_many(
                    "Open this link to sign in. It works once, for {count} minute.",
                    "Open this link to sign in. It works once, for {count} minutes.",
                    minutes,
                )
            ),
            "fallback": texts.t("If the button does not work, open this address:"),
            "ignore": texts.t(
                "You did not ask for this? Then do nothing: nobody is signed in without the link."
            ),
        }
        return Mail(
            to=email,
            subject=subject,
            text=self._pages.render("link_mail.txt", **values),
            html=self._pages.render("link_mail.html", **values),
        )
