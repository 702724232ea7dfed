"""Tells open pages that a customer's rows have changed."""

from __future__ import annotations

from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)

Callback = Callable[[], object]


class Changes:
    """Calls back, in this process, after every committed change of a customer's rows.

    A callback takes no arguments, must not wait, and is called on the event loop.
    """

    def __init__(self) -> None:
        self._callbacks: dict[int, dict[object, Callback]] = {}

    def subscribe(self, customer_id: int, callback: Callback) -> Callable[[], None]:
        """Call `callback` at every change of this customer's; the answer ends that."""
        ticket = object()
        self._callbacks.setdefault(customer_id, {})[ticket] = callback

        def unsubscribe() -> None:
            callbacks = self._callbacks.get(customer_id, {})
            callbacks.pop(ticket, None)
            if not callbacks:
                self._callbacks.pop(customer_id, None)

        return unsubscribe

    def publish(self, customer_id: int) -> None:
        """Tell all who watch this customer. One that fails does not keep it from the others."""
        for callback in tuple(self._callbacks.get(customer_id, {}).values()):
            try:
                callback()
            except Exception:
                _log.exception("a page could not take a change", customer_id=customer_id)

    def publish_to_all(self) -> None:
        """Tell everyone: something that all customers see has changed."""
        for customer_id in tuple(self._callbacks):
            self.publish(customer_id)
