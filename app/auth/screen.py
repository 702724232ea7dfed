"""Looks through what comes over a connection, before python-socketio sees any of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from engineio.exceptions import SocketIsClosedError  # type: ignore[import-untyped]
from engineio.packet import MESSAGE  # type: ignore[import-untyped]
from nicegui import core

from app.auth.packets import Meter, SocketIoPacket, fault
from app.auth.wrapping import Handler, over, stock_of

_log = structlog.get_logger(__name__)

ThrowOut = Callable[[str, str], Awaitable[object]]
"""Ends the socket of that name, for that reason, and logs it once."""


def screen(throw_out: ThrowOut, monotonic: Callable[[], float], patience: float) -> None:
    """Look through every connection from now on: all its packets count, and few may pass.

    patience: seconds after which one is cut that belongs to no page
    """
    handlers = core.sio.eio.handlers
    greet = stock_of(handlers["connect"])
    cutting: set[asyncio.Task[None]] = set()

    def cut_stranger(connection: str) -> None:
        is_known = core.sio.manager.sid_from_eio_sid(connection, "/") is not None
        if connection in core.sio.eio.sockets and not is_known:
            _log.warning("socket closed", reason="said nothing")
            task = asyncio.create_task(cut(connection))
            cutting.add(task)
            task.add_done_callback(cutting.discard)

    async def handler(connection: str, environ: dict[str, Any]) -> Any:
        engine = core.sio.eio.sockets[connection]
        engine.receive = _receiver(engine, engine.receive, Meter(monotonic), throw_out)
        asyncio.get_running_loop().call_later(patience, cut_stranger, connection)
        return await greet(connection, environ)

    handlers["connect"] = over(greet, handler)


def _receiver(engine: Any, receive: Handler, meter: Meter, throw_out: ThrowOut) -> Handler:
    connection: str = engine.sid
    is_known = False

    async def receiver(packet: Any) -> None:
        nonlocal is_known
        if not engine.closing:
            reason = (
                fault(packet.packet_type, packet.data, _read, is_known)
                if meter.take()
                else "too many packets"
            )
            if not reason:
                is_known = is_known or packet.packet_type == MESSAGE  # only a connect passes first
                await receive(packet)
                return
            sid = core.sio.manager.sid_from_eio_sid(connection, "/")
            if sid is not None:
                await throw_out(sid, reason)
            elif not is_known:  # else it was refused or has left, and that was told
                _log.warning("socket closed", reason=reason)
            await cut(connection)
        if engine.upgraded:  # to a WebSocket; this ends it also when the browser will not
            raise SocketIsClosedError

    return receiver


async def cut(connection: str) -> None:
    """End a connection. A browser that does not read, or will not go, keeps nobody waiting."""
    engine = core.sio.eio.sockets.get(connection)
    with suppress(KeyError, TimeoutError):
        async with asyncio.timeout(2):
            await core.sio.eio.disconnect(connection)
    core.sio.eio.sockets.pop(connection, None)  # Engine.IO fails on one that it finds closed
    if engine is not None:
        engine.queue.put_nowait(None)  # its writer then closes the WebSocket, asked or not


def _read(text: str) -> SocketIoPacket:
    packet: SocketIoPacket = core.sio.packet_class(encoded_packet=text)
    return packet
