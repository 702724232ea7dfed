"""Telling those who listen."""

from __future__ import annotations

from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)

Callback = Callable[[], None]
Unsubscribe = Callable[[], None]


class Signal:
    """Calls everyone who subscribed, in the order they came.

    A subscriber may unsubscribe itself or others while the signal is emitted; who has left is not
    called any more. An error in one subscriber is logged and keeps nothing from the others.
    """

    __slots__ = ("_callbacks",)

    def __init__(self) -> None:
        self._callbacks: dict[object, Callback] = {}

    def __len__(self) -> int:
        return len(self._callbacks)

    def subscribe(self, callback: Callback) -> Unsubscribe:
        """Call `callback` at every emit, until the returned function is called."""
        key = object()
        self._callbacks[key] = callback

        def unsubscribe() -> None:
            self._callbacks.pop(key, None)

        return unsubscribe

    def emit(self) -> None:
        """Tell everyone who is subscribed at this moment."""
        for key in list(self._callbacks):
            callback = self._callbacks.get(key)
            if callback is None:
                continue
            try:
                callback()
            except Exception:
                _log.exception("A subscriber failed", subscriber=repr(callback))

    def clear(self) -> None:
        """Forget all subscribers."""
        self._callbacks.clear()
