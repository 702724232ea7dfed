"""What a customer has put into a bundle.

Recharge tells no rules of a bundle, so they are read off what is in it: as many pieces as now, from
the collections that the present ones are from. Contents are read when they are asked for; pages do
not ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.actions.base import Upstream
from app.actions.effect import Change, Effect
from app.actions.errors import NotPossible, UnknownObject, UpstreamRefused
from app.actions.names import called
from app.actions.principal import Principal
from app.actions.products import texts
from app.actions.products.subscriptions import ExternalKey, SubscriptionAction
from app.actions.services import Services
from app.actions.situation import Situation
from app.actions.write import current
from app.i18n import Message, say
from app.mirror import Snapshot, catalogue
from app.recharge import (
    BundleItem,
    BundleSelection,
    NotFound,
    Priority,
    RechargeClient,
    RechargeError,
    Refused,
    Subscription,
)

MOST_PIECES = 500


class Piece(BaseModel):
    """One product in a bundle.

    collection_id, collection_source: where it was chosen from
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    collection_id: str
    collection_source: str
    product_id: ExternalKey
    variant_id: ExternalKey
    quantity: Annotated[int, Field(ge=1, le=MOST_PIECES)]


Pieces = Annotated[tuple[Piece, ...], Field(min_length=1, max_length=100)]


@dataclass(frozen=True)
class Bundle:
    """What is in a bundle, and what can be.

    pieces:   what is in it now
    products: external ids of products that can go in, by the collection they are chosen from
    """

    pieces: tuple[Piece, ...]
    products: Mapping[str, frozenset[str]]

    @property
    def size(self) -> int:
        """How many pieces go in."""
        return size_of(self.pieces)


def size_of(pieces: Sequence[Piece]) -> int:
    """How many pieces these are."""
    return sum(piece.quantity for piece in pieces)


def is_bundle(snapshot: Snapshot, subscription: Subscription) -> bool:
    """Whether a subscription's product is put together by the customer, as far as is known."""
    return subscription.external_product_id.ecommerce in snapshot.bundles


async def read_bundle(services: Services, principal: Principal, subscription_id: int) -> Bundle:
    """What is in the bundle of one of the customer's subscriptions. A few calls.

    Raises:
        UnknownObject: it is not this customer's.
        NotPossible: nothing has been put into it.
        UpstreamRefused: it could not be read.
    """
    situation = await current(services, principal.customer_id)
    if situation.snapshot.subscription(subscription_id) is None:
        raise UnknownObject(f"subscription {subscription_id}")
    client = services.client.with_options(priority=Priority.MISS, customer_id=principal.customer_id)
    try:
        selection = await _selection(client, subscription_id)
        pieces = pieces_of(selection) if selection else ()
        if not pieces:
            raise NotPossible(notice=say("Nothing has been put into this bundle yet."))
        return Bundle(pieces, await _products(client, pieces))
    except RechargeError as error:
        raise UpstreamRefused(str(error), notice=error.notice) from error


class ChangeBundle(SubscriptionAction):
    """Put other things into a bundle: ``PUT /bundle_selections/{id}``, which replaces all of it.

    before: what was in it when the customer chose; when there is something else in it by now,
            nothing is written
    pieces: what shall be in it
    """

    name = "change bundle"
    switch = "change_product"

    before: Pieces
    pieces: Pieces

    def concerned(self, situation: Situation) -> Subscription:
        found = super().concerned(situation)
        size, wanted = size_of(self.before), size_of(self.pieces)
        if wanted < size:
            notice = say("Please choose {count} more.", count=size - wanted)
            raise NotPossible(notice=notice)
        if wanted > size:
            notice = say("That is {count} too many. Please take some out.", count=wanted - size)
            raise NotPossible(notice=notice)
        if counted(self.pieces) == counted(self.before):
            raise NotPossible(notice=say("That is what is in it already."))
        if collections_of(self.pieces) - collections_of(self.before):
            raise NotPossible(notice=say("Not all of that can go into this bundle."))
        return found

    def foreseen(self, situation: Situation) -> Snapshot:
        # What is in a bundle is no part of the records that pages show.
        self.concerned(situation)
        return situation.snapshot

    def effect(self, situation: Situation) -> Effect:
        found = self.concerned(situation)
        name = texts.name_of(found)
        snapshot = situation.snapshot
        old, new = named(snapshot, self.before), named(snapshot, self.pieces)
        stays = [say("What it costs stays as it is, and so do the delivery dates.")]
        if found.next_charge_scheduled_at is not None:
            day = found.next_charge_scheduled_at
            stays.insert(0, say("It holds this from your delivery of {date} on.", date=day))
        return Effect(
            question=say("What should be in {name}?", name=name),
            confirm=say("Change what is in it"),
            done=say("{name} now holds {items}.", name=name, items=new),
            changes=(
                Change(
                    "contents",
                    say("It holds {items}.", items=new),
                    before=old,
                    after=new,
                ),
            ),
            stays=tuple(stays),
        )

    def check(self, situation: Situation) -> None:
        self.concerned(situation)

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("subscriptions",)

    async def run(self, upstream: Upstream) -> None:
        selection = await _selection(upstream.client, self.subscription_id)
        if selection is None:
            raise NotPossible(notice=say("There is nothing in this bundle any more."))
        now = pieces_of(selection)
        if counted(now) == counted(self.pieces):
            return
        if counted(now) != counted(self.before):
            notice = say(
                "Something else is in it by now, so nothing was changed. Please look again."
            )
            raise NotPossible(notice=notice)
        allowed = await _products(upstream.client, self.before)
        for piece in self.pieces:
            if piece.product_id not in allowed[piece.collection_id]:
                raise NotPossible(notice=say("Not all of that can go into this bundle."))
        # The answer is no record that the mirror keeps.
        await upstream.client.bundle_selections.update(selection.id, items=documents(self.pieces))

    async def is_done(self, upstream: Upstream) -> bool:
        selection = await _selection(upstream.client, self.subscription_id)
        return selection is not None and counted(pieces_of(selection)) == counted(self.pieces)

    def inverse(self, before: Situation) -> ChangeBundle:
        return self.model_copy(update={"before": self.pieces, "pieces": self.before})


def pieces_of(selection: BundleSelection) -> tuple[Piece, ...]:
    """What is in a bundle; what cannot be told is left out."""
    return tuple(
        Piece(
            collection_id=item.collection_id or "",
            collection_source=item.collection_source or "shopify",
            product_id=item.external_product_id or "",
            variant_id=item.external_variant_id or "",
            quantity=item.quantity,
        )
        for item in selection.items
        if _is_told(item)
    )


def documents(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Pieces as Recharge takes them."""
    return [
        {
            "collection_id": piece.collection_id,
            "collection_source": piece.collection_source,
            "external_product_id": piece.product_id,
            "external_variant_id": piece.variant_id,
            "quantity": piece.quantity,
        }
        for piece in pieces
    ]


def counted(pieces: Sequence[Piece]) -> Counter[tuple[str, str]]:
    """How many of each there are, in whatever order."""
    found: Counter[tuple[str, str]] = Counter()
    for piece in pieces:
        found[piece.collection_id, piece.variant_id] += piece.quantity
    return found


def collections_of(pieces: Sequence[Piece]) -> set[str]:
    """The collections that these were chosen from."""
    return {piece.collection_id for piece in pieces}


def named(snapshot: Snapshot, pieces: Sequence[Piece]) -> list[Message]:
    """Pieces as a customer calls them: "2 × Sea Salt Chocolate (One bar)"."""
    found = []
    for piece in pieces:
        product = catalogue.product_of(snapshot, piece.variant_id)
        variants = product.variants if product else ()
        title = next(
            (one.title for one in variants if one.external_variant_id == piece.variant_id), None
        )
        name = (
            called(product.title, title)
            if product
            else say("something that is not listed any more")
        )
        found.append(
            name
            if piece.quantity == 1
            else say("{quantity} × {name}", quantity=piece.quantity, name=name)
        )
    return found


def _is_told(item: BundleItem) -> bool:
    return bool(item.collection_id and item.external_product_id and item.external_variant_id)


async def _selection(client: RechargeClient, subscription_id: int) -> BundleSelection | None:
    """What is chosen for a subscription from now on: not what was for a charge or an order."""
    async for found in client.bundle_selections.list(purchase_item_ids=[subscription_id]):
        is_past = found.charge_id is not None or found.order_id is not None
        if found.purchase_item_id == subscription_id and not is_past:
            return found
    return None


async def _products(
    client: RechargeClient, pieces: Sequence[Piece]
) -> Mapping[str, frozenset[str]]:
    """The products that can go in, by collection. Of a collection that Recharge does not list (the
    shop system's own), those that are in the bundle already."""
    found: dict[str, frozenset[str]] = {}
    for id in sorted(collections_of(pieces)):
        products = {piece.product_id for piece in pieces if piece.collection_id == id}
        if id.isascii() and id.isdigit():
            try:
                async for each in client.collections.products(int(id), limit=250):
                    products |= {each.external_product_id or ""} - {""}
            except (NotFound, Refused):
                pass  # it is not one of Recharge's
        found[id] = frozenset(products)
    return found
