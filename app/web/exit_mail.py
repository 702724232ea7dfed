"""Mails the links by which customers leave without signing in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from app.actions import Services
from app.auth import ExitLinks
from app.auth.exit_links import Purpose
from app.auth.limits import (
    EXIT_LINKS_PER_CUSTOMER,
    NO_SUCH_ORDER_PER_CUSTOMER,
    OLD_ORDERS_PER_CUSTOMER,
)
from app.i18n import say
from app.mail import Mail, Mailer
from app.mirror import Snapshot
from app.recharge import Order, Priority
from app.web.leave_words import Way, way_of
from app.web.post import Post
from app.web.rendering import Pages

_MOST_ORDERS: Final = 1000
"""How far back an order is looked for that is not among those kept here: 250 a call."""


class ExitPost:
    """Finds the customer and the order, makes a link and mails it: all in the background.

    It costs no call to Recharge for a customer who is in the mirror, and one for an address that
    nobody has. For a customer who is not there, it costs that one and those of a first visit.
    """

    def __init__(
        self,
        services: Services,
        links: ExitLinks,
        mailer: Mailer,
        pages: Pages,
        origin: str,
    ) -> None:
        self._services = services
        self._links = links
        self._mailer = mailer
        self._pages = pages
        self._origin = origin
        self._post = Post()

    def ask(self, purpose: Purpose, email: str, order_number: str) -> bool:
        """Start on a link; False when far too many are waiting already."""
        return self._post.start(f"{purpose} link", self._send(purpose, email, order_number))

    async def settle(self) -> None:
        """Wait until everything asked for has been sent or given up."""
        await self._post.settle()

    async def _send(self, purpose: Purpose, email: str, order_number: str) -> str:
        mirror = self._services.mirror
        customer_id = await mirror.find_customer(email=email)
        if customer_id is None:
            return "unknown address"
        snapshot = await mirror.customer(customer_id).snapshot()
        found, is_numbered = await self._order(snapshot, plain_number(order_number))
        has_memberships = any(not one.is_cancelled for one in snapshot.memberships)
        way = way_of(purpose, has_memberships=has_memberships)
        # To the address as it is kept, not as it was typed: two spellings can look alike.
        to = snapshot.customer.email or email
        if found is None and is_numbered:
            if not await self._links.has_room(NO_SUCH_ORDER_PER_CUSTOMER, customer_id):
                return "unknown order again"
            await self._mailer.send(await self._no_such_order(way, to))
            return "unknown order"
        if not await self._links.has_room(EXIT_LINKS_PER_CUSTOMER, customer_id, purpose):
            return "too many links"
        secret = await self._links.issue(
            purpose,
            customer_id,
            email=snapshot.customer.email or "",
            order_name=written(found) if found else "",
            item_ids=sorted(_items(found)) if found else [],
        )
        await self._mailer.send(await self._link(way, to, secret))
        return ""

    async def _order(self, snapshot: Snapshot, number: str) -> tuple[Order | None, bool]:
        """The customer's order of this number, and whether any order of theirs has one: where none
        has, there is nothing to compare with, and the mailbox is proof enough."""
        is_numbered = False
        for order in snapshot.orders:
            names = set(names_of(order))
            if number in names:
                return order, True
            is_numbered = is_numbered or bool(names)
        if not snapshot.has_more_orders:
            return None, is_numbered
        if not await self._links.has_room(OLD_ORDERS_PER_CUSTOMER, snapshot.customer.id):
            return None, True
        client = self._services.client.with_options(
            priority=Priority.MISS, customer_id=snapshot.customer.id
        )
        seen = 0
        async for order in client.orders.list(customer_id=snapshot.customer.id, limit=250):
            seen += 1
            if number in names_of(order):
                return order, True
            if seen >= _MOST_ORDERS:
                break
        return None, True

    async def _link(self, way: Way, to: str, secret: str) -> Mail:
        texts = self._pages.texts
        return await self._mail(
            to,
            subject=texts.render(way.mail_subject),
            lead=texts.render(way.mail_lead),
            button=texts.render(way.mail_button),
            link=f"{self._origin}{way.path}/{secret}",
            ignore=texts.t(
                "You did not ask for this? Then do nothing: nothing changes without the link, and "
                "it signs nobody in."
            ),
        )

    async def _no_such_order(self, way: Way, to: str) -> Mail:
        """What was typed is not repeated: anybody may have typed it."""
        texts = self._pages.texts
        return await self._mail(
            to,
            subject=texts.render(way.mail_subject),
            lead=texts.t(
                "The order number that was typed belongs to no order of yours, so nothing was "
                "changed. You find the number in the mail that confirms your order, such as #1042. "
                "Please try again with it."
            ),
            button=texts.t("Try again"),
            link=f"{self._origin}{way.path}",
            ignore=texts.t("You did not ask for this? Then do nothing: nothing was changed."),
        )

    async def _mail(self, to: str, *, subject: str, **values: str) -> Mail:
        texts = self._pages.texts
        shop = " ".join((await self._pages.shop()).split())
        values["subject"] = (
            texts.render(say("{subject} · {shop}", subject=subject, shop=shop)) if shop else subject
        )
        values["fallback"] = texts.t("If the button does not work, open this address:")
        return Mail(
            to=to,
            subject=values["subject"],
            text=self._pages.render("link_mail.txt", **values),
            html=self._pages.render("link_mail.html", **values),
        )


def plain_number(text: str) -> str:
    """An order's number as it is compared: letters and digits, whatever their case and width.

    "#1042", "1042" and " # 1042" are one.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def names_of(order: Order) -> Iterator[str]:
    """What an order is called by the store, to compare: its number, its name, which may have
    letters around the number, and its id, which stands in for both in some stores."""
    for name in (
        order.external_order_number,
        order.external_order_name,
        order.external_order_id,
    ):
        plain = plain_number(name.ecommerce or "")
        if plain:
            yield plain


def written(order: Order) -> str:
    """An order's number as the store writes it."""
    names = order.external_order_name, order.external_order_number, order.external_order_id
    return next((name.ecommerce for name in names if name.ecommerce), "")


def _items(order: Order) -> set[int]:
    return {line.purchase_item_id for line in order.line_items if line.purchase_item_id}
