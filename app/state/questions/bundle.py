"""What should be in a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.actions import ActionError, ChangeBundle
from app.actions.products.bundles import Bundle, Piece, counted, read_bundle
from app.mirror import Offering, catalogue
from app.state.notice import notice_of
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState

MOST_FOUND: Final = 12
"""Products that a search shows."""


class BundleQuestion(Question):
    """How many of what. What is in the bundle is read when the question is first asked.

    words:  what is searched for, to put in
    pieces: what is chosen so far, with those that were taken out again: they stay in the list
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.words = ""
        self.bundle: Bundle | None = None
        self.offerings: tuple[Offering, ...] = ()
        self.variant_ids: tuple[str, ...] = ()
        self._quantities: dict[str, int] = {}
        self._collections: dict[str, tuple[str, str]] = {}

    @property
    def size(self) -> int:
        """How many pieces go in."""
        return self.bundle.size if self.bundle else 0

    @property
    def count(self) -> int:
        """How many are chosen."""
        return sum(self._quantities.values())

    def quantity(self, variant_id: str) -> int:
        """How many of one are chosen."""
        return self._quantities.get(variant_id, 0)

    def offering(self, variant_id: str) -> Offering | None:
        """What a variant is, as far as the shop's products are known."""
        return catalogue.offering(self.portal.records, variant_id, "onetime")

    async def put(self, variant_id: str, quantity: int) -> None:
        """Have so many of one."""
        if variant_id not in self.variant_ids and self._collection(variant_id) is None:
            return
        if variant_id not in self.variant_ids:
            self.variant_ids = (*self.variant_ids, variant_id)
        self._quantities[variant_id] = max(quantity, 0)
        self._find()
        await self.ask()

    async def choose(self, **choices: object) -> None:
        self.words = str(choices.get("words", self.words))
        self._find()
        await super().choose(**choices)

    async def ask(self) -> None:
        if self.bundle is None:
            self.is_asking = True
            portal, id = self.portal, self.subscription.key
            try:
                self._take(await read_bundle(portal.services, portal.principal, id))
            except ActionError as error:
                self._show(None, None, notice_of(error))
                return
        await super().ask()

    @property
    def action(self) -> ChangeBundle | None:
        """None while it is not full, or as it was."""
        if self.bundle is None or self.count != self.size:
            return None
        pieces = tuple(
            self._piece(id, self._quantities[id]) for id in self.variant_ids if self._quantities[id]
        )
        if counted(pieces) == counted(self.bundle.pieces):
            return None
        record = self.subscription.subscription
        return ChangeBundle.of(
            address_id=record.address_id,
            subscription_id=record.id,
            before=self.bundle.pieces,
            pieces=pieces,
        )

    def _take(self, bundle: Bundle) -> None:
        self.bundle = bundle
        for piece in bundle.pieces:
            self._quantities[piece.variant_id] = piece.quantity
            self._collections[piece.variant_id] = piece.collection_id, piece.collection_source
        self.variant_ids = tuple(self._quantities)
        self._find()

    def _find(self) -> None:
        if self.bundle is None:
            return
        records = self.portal.records
        allowed = set().union(*self.bundle.products.values())
        found = catalogue.find(records, self.words, "onetime", limit=len(records.products) * 100)
        self.offerings = tuple(
            one
            for one in found
            if one.product.external_product_id in allowed
            and one.variant.external_variant_id not in self.variant_ids
        )[:MOST_FOUND]

    def _collection(self, variant_id: str) -> tuple[str, str] | None:
        """Where a variant is chosen from, and whose collection that is."""
        product = catalogue.product_of(self.portal.records, variant_id)
        if self.bundle is None or product is None:
            return self._collections.get(variant_id)
        known = self._collections.get(variant_id)
        for piece in self.bundle.pieces:
            if product.external_product_id in self.bundle.products[piece.collection_id]:
                known = known or (piece.collection_id, piece.collection_source)
        return known

    def _piece(self, variant_id: str, quantity: int) -> Piece:
        collection = self._collection(variant_id)
        product = catalogue.product_of(self.portal.records, variant_id)
        assert collection is not None  # noqa: S101  # `put` takes no other
        known = (
            next((one.product_id for one in self.bundle.pieces if one.variant_id == variant_id), "")
            if self.bundle
            else ""
        )
        return Piece(
            collection_id=collection[0],
            collection_source=collection[1],
            product_id=product.external_product_id if product else known,
            variant_id=variant_id,
            quantity=quantity,
        )
