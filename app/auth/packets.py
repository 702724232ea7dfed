"""What our own page sends over its socket, and how fast: anything else is not from our page."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import engineio.packet  # type: ignore[import-untyped]
import socketio.packet  # type: ignore[import-untyped]

LARGEST = 64_000
"""Bytes of one packet."""

BURST = 120
PER_SECOND = 20.0
"""Packets that one socket may send at once, and regains each second. Typing sends a dozen."""

_LONGEST_NAME = 64
_MOST_ARGUMENTS = 20


class SocketIoPacket(Protocol):
    """A packet of python-socketio, as far as it is looked at here."""

    packet_type: int
    namespace: str | None
    data: Any


_EVENTS = frozenset({"handshake", "event", "javascript_response", "ack", "log"})


def fault(kind: int, data: object, read: Callable[[str], SocketIoPacket], is_known: bool) -> str:
    """What is wrong with a packet of Engine.IO, or nothing when our page's script sends such ones.

    It sends one connect, then events with one message each, and in between it shows that it is
    there. `read` makes a packet of Socket.IO from a text; `is_known` says that the connect came
    before. Nothing else may go on: python-socketio fails on much of it, at a page of log each time.
    """
    if kind in (engineio.packet.PONG, engineio.packet.CLOSE):
        return ""
    if kind != engineio.packet.MESSAGE or not isinstance(data, str) or not data:
        return "strange packet"
    try:
        packet = read(data)
    except (ValueError, TypeError, IndexError, RecursionError):
        return "unreadable packet"
    if packet.namespace not in (None, "/"):
        return "strange namespace"
    match packet.packet_type:
        case socketio.packet.CONNECT:
            if is_known:
                return "second connect"
            return "" if _is_greeting(packet.data) else "strange packet"
        case socketio.packet.DISCONNECT:
            return "" if is_known else "strange packet"
        case socketio.packet.EVENT:
            return "" if is_known and _is_listed(packet.data) else "strange event"
    return "strange packet"


def _is_greeting(data: object) -> bool:
    """Nothing, or the bearer of a page in a frame (`app.auth.Bearers`)."""
    if data is None or data == {}:
        return True
    return isinstance(data, dict) and data.keys() == {"bearer"} and _is_name(data["bearer"])


def _is_listed(data: object) -> bool:
    return (
        isinstance(data, list)
        and len(data) == 2
        and isinstance(data[0], str)
        and data[0] in _EVENTS
    )


def is_packet(event: str, message: object, client_id: str) -> bool:
    """Whether `message` has the shape that NiceGUI 3.18's script gives `event`, and speaks for the
    page it came from.
    """
    if not isinstance(message, dict) or message.get("client_id") != client_id:
        return False
    return _SHAPES[event](message)


def _is_event(message: Mapping[str, Any]) -> bool:
    arguments = message.get("args", [])
    return (
        _is_count(message.get("id"))
        and _is_name(message.get("listener_id"))
        and isinstance(arguments, list)
        and len(arguments) <= _MOST_ARGUMENTS
        and all(argument is None or isinstance(argument, str) for argument in arguments)
    )


def _is_answer(message: Mapping[str, Any]) -> bool:
    return _is_name(message.get("request_id"))


def _is_receipt(message: Mapping[str, Any]) -> bool:
    return _is_count(message.get("next_message_id"))


def _is_handshake(message: Mapping[str, Any]) -> bool:
    last = message.get("next_message_id")
    old = message.get("old_tab_id")
    return (
        _is_name(message.get("tab_id"))
        and _is_name(message.get("document_id"))
        and (old is None or _is_name(old))
        and (last is None or _is_count(last))
    )


_SHAPES: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "event": _is_event,
    "javascript_response": _is_answer,
    "ack": _is_receipt,
    "handshake": _is_handshake,
}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME


class Meter:
    """How fast one socket sends: a bucket of `BURST` that refills at `PER_SECOND`."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._left = float(BURST)
        self._at = monotonic()

    def take(self) -> bool:
        """Whether one more packet is within the limit."""
        now = self._monotonic()
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
