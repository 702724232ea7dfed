"""One call as the routes see it, and the table of routes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import QueryParams
from starlette.routing import BaseRoute, Match, Route

from app.sandbox.errors import Document, Invalid, NotFound
from app.sandbox.fields import Fields, Wrong, identifier, read
from app.sandbox.shop import Shop

# Sent along by storefront sessions; an admin call may carry it and it means nothing.
IGNORED_PARAMETERS = frozenset({"shop_url"})


@dataclass(frozen=True)
class Call:
    """A request that passed the gates."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Document = field(default_factory=dict)
    version: str = "2021-11"

    def id(self, name: str = "id") -> int:
        """An id from the path; anything that is not one is unknown.

        Raises:
            NotFound: the text is no id.
        """
        try:
            return identifier(self.path[name])
        except Wrong as error:
            raise NotFound from error

    def read(self, fields: Fields) -> Document:
        """The checked body."""
        return read(self.body, fields)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A true/false query parameter."""
        value = self.query.get(name)
        if value is None:
            return default
        if value.lower() not in ("true", "false", "1", "0"):
            raise Invalid(name, "Not a valid boolean.")
        return value.lower() in ("true", "1")

    def includes(self) -> frozenset[str]:
        """The names after `include=`."""
        return frozenset(comma_list(self.query.get("include", "")))


def comma_list(value: str) -> list[str]:
    """The members of `1, 2,3`."""
    return [each.strip() for each in value.split(",") if each.strip()]


@dataclass(frozen=True)
class Reply:
    """What goes out: a JSON body, or text that is JSON already, or nothing with 204."""

    body: Any = None
    status: int = 200

    def encode(self) -> bytes:
        """The bytes of the body."""
        if self.status == 204:
            return b""
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


Handler = Callable[[Shop, Call], Reply]


@dataclass(frozen=True)
class Endpoint:
    """One route. `holds` tells which addresses a write would change, so that they can be locked."""

    method: str
    template: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    holds: str | None = None
    versions: tuple[str, ...] = ("2021-11",)

    @property
    def name(self) -> str:
        """Method and template, the key of the counters."""
        return f"{self.method} {self.template}"


class Routes:
    """Finds the endpoint of a path by Starlette's matching."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._by_template: dict[str, dict[str, Endpoint]] = {}
        for each in endpoints:
            methods = self._by_template.setdefault(each.template, {})
            if each.method in methods:
                raise ValueError(f"two routes for {each.name}")
            methods[each.method] = each
        self._routes: dict[tuple[int, str], list[tuple[BaseRoute, str]]] = {}
        for template in sorted(self._by_template, key=lambda each: each.count("{")):
            route = Route(template, endpoint=_nowhere)
            self._routes.setdefault(_shape(template), []).append((route, template))

    def find(self, path: str) -> tuple[Mapping[str, Endpoint], dict[str, str]] | None:
        """The endpoints of a path by method, with the path's values; None for an unknown path."""
        scope = {"type": "http", "path": path, "root_path": "", "method": "GET"}
        for route, template in self._routes.get(_shape(path), ()):
            match, child = route.matches(scope)
            if match is Match.FULL:
                return self._by_template[template], child["path_params"]
        return None

    def __iter__(self) -> Any:
        for methods in self._by_template.values():
            yield from methods.values()


def _shape(path: str) -> tuple[int, str]:
    parts = path.split("/")
    return len(parts), parts[1] if len(parts) > 1 else ""


async def _nowhere() -> None:
    """Routes are used to match paths; the server calls the handler itself."""


def query_of(raw: bytes) -> dict[str, str]:
    """Query parameters that count; the last value wins."""
    parameters = QueryParams(raw.decode("latin-1"))
    return {key: value for key, value in parameters.items() if key not in IGNORED_PARAMETERS}


__all__ = [
    "Call",
    "Endpoint",
    "Handler",
    "Reply",
    "Routes",
    "comma_list",
    "query_of",
]
