"""Webhooks go out: signed both ways, tried 20 times within 48 hours, to this machine alone."""

import asyncio
import contextlib
import hashlib
import hmac
import ipaddress
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.sandbox.errors import Document
from app.sandbox.nouns import NOUNS
from app.sandbox.shop import Shop
from app.sandbox.whereabouts import Whereabouts

MOST_TRIES = 20
_SPAN = timedelta(hours=48)
_TIMEOUT = 5.0


def is_loopback(address: str) -> bool:
    """Whether an address is one of this machine, the only ones the sandbox sends to."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def signatures(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers that prove a webhook's origin: the current ones and the legacy one."""
    current = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    legacy = hashlib.sha256(secret.encode() + body).hexdigest()
    return {
        "X-Recharge-Webhook-Timestamp": str(timestamp),
        "X-Recharge-Webhook-Signature": f"t={timestamp},v1={current.hexdigest()}",
        # Despite its name the old header is a plain hash of secret and body.
        "X-Recharge-Hmac-Sha256": legacy,
    }


def note_delivery(shop: Shop, webhook: Document, singular: str, document: Document) -> None:
    """Note one event for one webhook; the body is what GET would answer."""
    body = json.dumps({singular: document}, ensure_ascii=False, separators=(",", ":"))
    shop.store.run(
        "INSERT INTO deliveries (webhook_id, body, tries, next_at) VALUES (?, ?, 0, ?)",
        (webhook["id"], body, shop.now().isoformat()),
    )


class Sender:
    """Keeps what has to go out in the database and sends it; tries follow the shop's clock."""

    def __init__(self, shop: Shop, secret: str, whereabouts: Whereabouts) -> None:
        self._shop = shop
        self._whereabouts = whereabouts
        self._secret = secret
        self._task: asyncio.Task[Document] | None = None
        self._lock = asyncio.Lock()

    def queue(self, events: list[tuple[str, str, Document]]) -> None:
        """Note every event that some webhook asked for."""
        store = self._shop.store
        if not events or not store.count("webhooks", "1"):
            return
        for topic, plural, document in events:
            for webhook in self._shop.find("webhooks", topic=topic):
                note_delivery(self._shop, webhook, NOUNS[plural].singular, document)

    def wake(self) -> None:
        """Send what is due in the background, if there is anything and a loop to do it in."""
        if self._task is not None and not self._task.done():
            return
        if not self._due(limit=1):
            return
        with contextlib.suppress(RuntimeError):
            self._task = asyncio.get_running_loop().create_task(self.flush())

    async def flush(self) -> Document:
        """Send all that is due now; answers with how many were sent, failed, and still wait."""
        sent = failed = 0
        # Only this machine is ever called: there is no certificate to check.
        client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, verify=False)  # noqa: S501
        async with self._lock, client:
            seen: set[int] = set()
            while rows := [row for row in self._due(limit=50 + len(seen)) if row[0] not in seen]:
                for row in rows:
                    seen.add(row[0])
                    if await self._send(client, *row):
                        sent += 1
                    else:
                        failed += 1
        waiting = self._shop.store.run("SELECT COUNT(*) FROM deliveries")[0][0]
        return {"sent": sent, "failed": failed, "waiting": waiting}

    async def close(self) -> None:
        """Stop sending."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _due(self, *, limit: int) -> list[tuple[Any, ...]]:
        return self._shop.store.run(
            "SELECT id, webhook_id, body, tries, first_at FROM deliveries WHERE next_at <= ? "
            "ORDER BY id LIMIT ?",
            (self._shop.now().isoformat(), limit),
        )

    async def _send(
        self, client: httpx.AsyncClient, id: int, webhook_id: int, body: str, tries: int,
        first_at: str | None,
    ) -> bool:  # fmt: skip
        store = self._shop.store
        webhook = store.get("webhooks", webhook_id)
        if webhook is None or not is_loopback(webhook["address"]):
            store.run("DELETE FROM deliveries WHERE id = ?", (id,))
            return False
        raw = self._whereabouts.shown(body.encode())
        headers = {
            "Content-Type": "application/json",
            **signatures(self._secret, raw, int(self._shop.now().timestamp())),
        }
        try:
            response = await client.post(webhook["address"], content=raw, headers=headers)
            arrived = response.status_code < 500 and response.status_code not in (408, 429)
        except httpx.HTTPError:
            arrived = False
        if arrived:
            store.run("DELETE FROM deliveries WHERE id = ?", (id,))
            return True
        self._try_again(id, webhook, tries + 1, first_at)
        return False

    def _try_again(self, id: int, webhook: Document, tries: int, first_at: str | None) -> None:
        store, now = self._shop.store, self._shop.now()
        first = datetime.fromisoformat(first_at) if first_at else now
        if tries >= MOST_TRIES or now - first >= _SPAN:
            # Recharge drops a webhook that nobody answers, with all that waits for it.
            with store.transaction():
                store.delete("webhooks", webhook["id"])
                store.run("DELETE FROM deliveries WHERE webhook_id = ?", (webhook["id"],))
            return
        following = first + _SPAN / (MOST_TRIES - 1) * tries
        store.run(
            "UPDATE deliveries SET tries = ?, first_at = ?, next_at = ? WHERE id = ?",
            (tries, first.astimezone(UTC).isoformat(), following.isoformat(), id),
        )
