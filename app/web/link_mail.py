"""Sends what was asked for to sign in, after the answer has gone out, so that the answer tells
nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.auth import SignInLinks, SignInMail
from app.i18n import say_many
from app.mail import Mail, Mailer
from app.web.post import Post
from app.web.rendering import Pages


class LinkPost:
    """Looks up whose an address is, and mails the link and the code: all in the background.

    `find_by_email` finds a customer's id, such as `Mirror.find_customer`; `origin` is the address
    of the portal, `code_minutes` how long a code works. Call `settle` when the service stops.
    """

    def __init__(
        self,
        links: SignInLinks,
        mailer: Mailer,
        pages: Pages,
        find_by_email: Callable[[str], Awaitable[int | None]],
        origin: str,
        code_minutes: int,
    ) -> None:
        self._links = links
        self._mailer = mailer
        self._pages = pages
        self._find = find_by_email
        self._origin = origin
        self._code_minutes = code_minutes
        self._post = Post()

    def ask(self, email: str, mail: SignInMail) -> bool:
        """Start on a mail to `email`; False when far too many are waiting already."""
        return self._post.start("sign-in mail", self._send(email, mail))

    async def settle(self) -> None:
        """Wait until everything asked for has been sent or given up."""
        await self._post.settle()

    async def _send(self, email: str, mail: SignInMail) -> str:
        customer_id = await self._find(email)
        await self._links.give_to(mail.link, customer_id, email)
        if customer_id is None:
            return "unknown address"
        await self._links.count_mail()
        await self._mailer.send(await self._compose(email, mail))
        return ""

    async def _compose(self, email: str, mail: SignInMail) -> Mail:
        texts = self._pages.texts
        shop = " ".join((await self._pages.shop()).split())
        # In the subject it is read without opening the mail. It is of no use to whoever else reads
        # it there: it works only in the browser that asked.
        subject = (
            texts.t("{code} is your code for {shop}", code=mail.code, shop=shop)
            if shop
            else texts.t("{code} is your code for your subscriptions", code=mail.code)
        )
        half = len(mail.code) // 2
        values = {
            "title": texts.t("Sign in to {shop}", shop=shop)
            if shop
            else texts.t("Sign in to your subscriptions"),
            "ask": texts.t("Enter this code on the page where you asked for it:"),
            "code": f"{mail.code[:half]} {mail.code[half:]}",
            "about_code": texts.render(
                say_many(
                    "It works in that browser, once, for {count} minute.",
                    "It works in that browser, once, for {count} minutes.",
                    self._code_minutes,
                )
            ),
            "button": texts.t("Sign in"),
            "link": f"{self._origin}/sign-in/{mail.link}",
            "about_link": texts.render(
                say_many(
                    "Or open this link, on any of your devices. It works once, for {count} minute.",
                    "Or open this link, on any of your devices. It works once, for {count} "
                    "minutes.",
                    self._links.minutes,
                )
            ),
            "fallback": texts.t("If the button does not work, open this address:"),
            "ignore": texts.t(
                "You did not ask for this? Then do nothing, and tell the code to nobody: without "
                "it, and without the link, nobody is signed in."
            ),
        }
        return Mail(
            to=email,
            subject=subject,
            text=self._pages.render("sign_in_mail.txt", **values),
            html=self._pages.render("sign_in_mail.html", **values),
        )
