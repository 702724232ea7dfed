"""What all resources share: get, list, create, update, delete, and the paging of lists."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from pydantic import ValidationError

from app.recharge import query
from app.recharge.errors import InvalidArgument, UpstreamFailed
from app.recharge.sending import Call, Sender
from app.recharge.values import Record, id_of, wrong_fields

_log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Record)
M = TypeVar("M", bound=Record)


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some records of a list. The cursors lead to its neighbours; None at the ends.

    unreadable: ids of records that were set aside, because they cannot be read; None for an id that
                cannot be read either
    """

    records: tuple[R, ...]
    next_cursor: str | None = None
    previous_cursor: str | None = None
    unreadable: tuple[int | None, ...] = ()


class Listing(Generic[R]):
    """The records that match a list's filters, read page by page as they are asked for::

        async for charge in client.charges.list(customer_id=101): ...
        newest = await client.orders.list(customer_id=101, limit=50).page()     # one call
        mara = await client.customers.list(email="mara@example.com").first()    # one call

    Nothing is sent until the first record is asked for. After the first page only the cursor and
    the limit are sent, as the API demands. A filter that is an empty list matches nothing, and
    nothing is sent for it.

    A record that cannot be read is logged and set aside alone; `unreadable` has the ids of those
    in the pages that were read.
    """

    def __init__(
        self,
        fetch: Callable[[Mapping[str, object]], Awaitable[Page[R]]],
        filters: Mapping[str, object],
    ) -> None:
        written = query.written(filters)
        if "cursor" in written and written.keys() - {"cursor", "limit"}:
            raise InvalidArgument("only limit may go with a cursor")
        self._fetch = fetch
        self._filters = dict(filters)
        self._is_empty = query.asks_for_nothing(filters)
        self.unreadable: list[int | None] = []

    def __aiter__(self) -> AsyncIterator[R]:
        return self._records()

    async def page(self) -> Page[R]:
        """The first page alone: as many records as `limit` says (50 when it is not given)."""
        return Page(()) if self._is_empty else await self._read(self._filters)

    async def first(self) -> R | None:
        """The first record, or None when nothing matches. One call."""
        page = await self.page()
        return page.records[0] if page.records else None

    async def all(self) -> list[R]:
        """Every record, from as many calls as it takes."""
        return [record async for record in self]

    async def _records(self) -> AsyncIterator[R]:
        limit = {"limit": self._filters.get("limit")}
        seen = {self._filters.get("cursor")}
        page = await self.page()
        while True:
            for record in page.records:
                yield record
            if not page.next_cursor:
                return
            if page.next_cursor in seen:
                raise UpstreamFailed("a list leads back to a page that was read", method="GET")
            seen.add(page.next_cursor)
            page = await self._read({"cursor": page.next_cursor} | limit)

    async def _read(self, filters: Mapping[str, object]) -> Page[R]:
        page = await self._fetch(filters)
        self.unreadable += page.unreadable
        return page


class Resource(Generic[R]):
    """One noun: where it lives, what its answers are called, and the model of its records."""

    _path: ClassVar[str]
    _singular: ClassVar[str]
    _plural: ClassVar[str]
    _model: type[R]

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def _get(self, id: object, query: Mapping[str, object] | None = None) -> R:
        return await self._one(Call("GET", f"{self._path}/{{id}}", (id,), query=query or {}))

    def _list(self, filters: Mapping[str, object]) -> Listing[R]:
        return self._listing(self._path, (), filters, self._plural, self._model)

    async def _create(
        self, values: Mapping[str, object], query: Mapping[str, object] | None = None
    ) -> R:
        """A create is never repeated: the first one may have been made."""
        return await self._one(Call("POST", self._path, query=query or {}, body=values))

    async def _update(
        self, id: object, values: Mapping[str, object], query: Mapping[str, object] | None = None
    ) -> R:
        route = f"{self._path}/{{id}}"
        return await self._one(
            Call("PUT", route, (id,), query=query or {}, body=values, repeat_is_safe=True)
        )

    async def _delete(self, id: object, values: Mapping[str, object] | None = None) -> None:
        route = f"{self._path}/{{id}}"
        await self._sender.send(Call("DELETE", route, (id,), body=values, repeat_is_safe=True))

    async def _act(
        self,
        id: object,
        verb: str,
        values: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, object] | None = None,
        repeat_is_safe: bool = True,
        seconds: float | None = None,
    ) -> R:
        """POST /noun/{id}/verb, answered with the noun."""
        call = Call(
            "POST",
            f"{self._path}/{{id}}/{verb}",
            (id,),
            query=query or {},
            body=values,
            repeat_is_safe=repeat_is_safe,
            seconds=seconds,
        )
        return await self._one(call)

    async def _one(self, call: Call) -> R:
        return await self._ask(call, self._singular, self._model)

    async def _ask(self, call: Call, key: str | None, model: type[M]) -> M:
        """The record under `key` of the answer; without a key the answer itself."""
        answer = await self._sender.send(call)
        return _record(call, answer if key is None else answer.get(key), model)

    async def _ask_all(self, call: Call, key: str, model: type[M]) -> Page[M]:
        """The records under `key` of the answer."""
        return self._page(call, await self._sender.send(call), key, model)

    @staticmethod
    def _page(call: Call, answer: Mapping[str, Any], key: str, model: type[M]) -> Page[M]:
        found = answer.get(key)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise _unreadable(call, f"no list of {key}")
        records: list[M] = []
        unreadable: list[int | None] = []
        for item in found:
            try:
                records.append(model.model_validate(item))
            except ValidationError as error:
                unreadable.append(id := id_of(item))
                wrong = wrong_fields(error)
                _log.warning("a record cannot be read", kind=model.__name__, id=id, fields=wrong)
        return Page(
            tuple(records),
            answer.get("next_cursor") or None,
            answer.get("previous_cursor") or None,
            tuple(unreadable),
        )

    def _listing(
        self,
        route: str,
        ids: tuple[object, ...],
        filters: Mapping[str, object],
        key: str,
        model: type[M],
    ) -> Listing[M]:
        async def fetch(query: Mapping[str, object]) -> Page[M]:
            return await self._ask_all(Call("GET", route, ids, query=query), key, model)

        return Listing(fetch, filters)


def _record(call: Call, data: Any, model: type[M]) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = wrong_fields(error)
    # Outside of the except block, so that the record's values do not go along in the chain.
    raise _unreadable(call, f"{model.__name__} cannot be read: {', '.join(wrong)}")


def _unreadable(call: Call, reason: str) -> UpstreamFailed:
    return UpstreamFailed(reason, method=call.method, route=call.route)
