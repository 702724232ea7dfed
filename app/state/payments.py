"""All payment methods of a customer, and the payments that have failed or will."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.actions.payments.base import SWITCH
from app.mirror import Snapshot
from app.state.base import State
from app.state.delivery import DeliveryState
from app.state.payment_method import PaymentMethodState
from app.state.payment_trouble import PaymentTrouble, troubles_of

if TYPE_CHECKING:
    from app.state.portal import Portal


class PaymentsState(State):
    """What pays, and what does not. Nothing is worked out before somebody looks."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self._methods: list[PaymentMethodState] | None = None
        self._troubles: tuple[PaymentTrouble, ...] = ()
        self._found_in: tuple[Snapshot, date] | None = None
        """The records and the day for which the troubles were found."""
        self._seen: tuple[object, ...] = ()
        portal.changed.subscribe(self.update)

    @property
    def methods(self) -> list[PaymentMethodState]:
        """The default first, then the newest. Empty while nothing is known."""
        if self._methods is None:
            self._methods = []
            self._take()
        return self._methods

    @property
    def troubles(self) -> tuple[PaymentTrouble, ...]:
        """What the customer is warned of. Nothing while nothing is known."""
        snapshot = self.portal.snapshot
        if snapshot is None:
            return ()
        situation, found_in = self.portal.situation, self._found_in
        if found_in is None or found_in[0] is not snapshot or found_in[1] != situation.today:
            self._found_in = snapshot, situation.today
            found = troubles_of(situation, self.portal.schedule.planned)
            if not snapshot.shop.allows(SWITCH):
                found = tuple(one.without_buttons for one in found)
            self._troubles = found
        return self._troubles

    def of(self, method_id: int | None) -> PaymentMethodState | None:
        """The state of one; None where it is not there, or not this customer's."""
        return next((one for one in self.methods if one.key == method_id), None)

    def delivery(self, trouble: PaymentTrouble) -> DeliveryState | None:
        """The delivery whose payment can be tried again."""
        schedule = self.portal.schedule
        found = (one for one in schedule.planned if one.key == trouble.delivery_key)
        delivery = next(found, None)
        return None if delivery is None else schedule.of(delivery)

    def update(self) -> None:
        """The page's records may be others now, or mean something else."""
        portal = self.portal
        seen = (
            portal.snapshot,
            portal.unconfirmed,
            portal.checked,
            portal.situation.today if portal.snapshot else None,
        )
        # The snapshot by identity: comparing all records of a customer would be slow.
        if len(seen) == len(self._seen) and all(
            one is other or (not isinstance(one, Snapshot) and one == other)
            for one, other in zip(seen, self._seen, strict=True)
        ):
            return
        self._seen = seen
        if self._methods is not None:
            self._take()
        self.changed.emit()

    def close(self) -> None:
        for state in self._methods or ():
            state.close()
        super().close()

    def _take(self) -> None:
        """The methods that are there now: those that are known stay the same objects."""
        if self.portal.snapshot is None:
            return
        left = {state.key: state for state in self._methods or ()}
        records = self.portal.snapshot.payment_methods
        states = []
        for method in sorted(records, key=lambda one: (not one.default, -one.id)):
            state = left.pop(method.id, None) or PaymentMethodState(self.portal, method)
            state.update(method)
            states.append(state)
        for gone in left.values():
            gone.close()
        self._methods = states
