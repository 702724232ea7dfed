"""The demo's page of quick links, as they would stand in the merchant's mails. Made anew whenever
it is opened, so that they can be tried again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.actions.quick.wishes import WishedLink
from app.auth import LinkSigner
from app.i18n import Message, say
from app.mirror import Mirror, Snapshot, catalogue
from app.web import Pages

DEMO_LINKS = "/demo/links"
_MARA, _TOM, _ELENA = 101, 104, 105
"""Who has something coming, a payment that failed, and subscriptions that have ended."""


class DemoLinks:
    """The page ``/demo/links``."""

    def __init__(self, pages: Pages, mirror: Mirror, signer: LinkSigner) -> None:
        self._pages = pages
        self._mirror = mirror
        self._signer = signer

    def routes(self) -> list[Route]:
        return [Route(DEMO_LINKS, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The page. The links lead to the host that was asked, be it by name or by number."""
        texts = self._pages.texts
        mails = []
        for customer_id in (_MARA, _TOM, _ELENA):
            snapshot = await self._mirror.customer(customer_id).snapshot()
            links = [
                (texts.render(words), self._signer.sign(WishedLink.model_validate(wish)).path)
                for words, wish in _links(snapshot)
            ]
            mails.append((snapshot.customer.first_name, links))
        return await self._pages.page(
            "demo_links.html", texts.t("Quick links, as in the shop's mails"), mails=mails
        )


def _links(snapshot: Snapshot) -> Iterator[tuple[Message, dict[str, Any]]]:
    """What a mail to this customer could offer, in the words of the link."""
    customer = {"customer": snapshot.customer.id}
    match snapshot.customer.id:
        case 101:
            coming = next(one for one in snapshot.subscriptions if one.status == "active")
            yield say("Skip my next delivery"), {"what": "skip", **customer}
            yield say("Move it by a week"), {"what": "move", **customer, "subscription": coming.id}
            for extra in catalogue.find(snapshot, "", "onetime", limit=1):  # once it is read
                variant = extra.variant.external_variant_id
                yield say("Add something to it"), {"what": "add", **customer, "variant": variant}
            yield say("Order it now"), {"what": "order-now", **customer}
        case 104:
            yield say("Update my card"), {"what": "update-card", **customer}
            yield say("Try the payment again"), {"what": "order-now", **customer}
        case _:
            ended = next(one for one in snapshot.subscriptions if one.status == "cancelled")
            yield say("Start again"), {"what": "reactivate", **customer, "subscription": ended.id}
