"""The verbs that every noun has: list, get, create, update, delete."""

from collections.abc import Callable

from app.sandbox.errors import Document
from app.sandbox.fields import Fields, optional
from app.sandbox.http import Call, Endpoint, Handler, Reply
from app.sandbox.includes import includes_of
from app.sandbox.listing import list_reply, show, visible
from app.sandbox.nouns import NOUNS
from app.sandbox.shop import Shop

After = Callable[[Shop, Document], None]


def scopes(plural: str, verb: str) -> tuple[str, ...]:
    """The scope a plain verb asks for, e.g. `read_orders` for charges."""
    scope = NOUNS[plural].scope
    return (scope,) if scope == "store_info" else (f"{verb}_{scope}",)


def listing(plural: str) -> Handler:
    """`GET /<plural>`."""
    return lambda shop, call: list_reply(shop, call, plural, includes_of(plural))


def one(shop: Shop, call: Call, plural: str, document: Document, status: int = 200) -> Reply:
    """The envelope of one object, with `include`."""
    shown = show(shop, call, document, includes_of(plural))
    return Reply({NOUNS[plural].singular: shown}, status)


def getting(plural: str) -> Handler:
    """`GET /<plural>/{id}`."""
    return lambda shop, call: one(shop, call, plural, visible(shop, plural, call.id()))


def creating(plural: str, fields: Fields, after: After | None = None) -> Handler:
    """`POST /<plural>`: checked fields become a new object."""

    def create(shop: Shop, call: Call) -> Reply:
        document = shop.add(plural, call.read(fields))
        if after is not None:
            after(shop, document)
        return one(shop, call, plural, shop.read(plural, document["id"]), 201)

    return create


def updating(plural: str, fields: Fields, after: After | None = None) -> Handler:
    """`PUT /<plural>/{id}`: the fields that were sent replace the old ones."""

    def update(shop: Shop, call: Call) -> Reply:
        document = visible(shop, plural, call.id())
        written = shop.save(plural, {**document, **call.read(optional(fields))})
        if after is not None:
            after(shop, written)
        return one(shop, call, plural, shop.read(plural, written["id"]))

    return update


def deleting(plural: str, before: After | None = None) -> Handler:
    """`DELETE /<plural>/{id}`: 204."""

    def delete(shop: Shop, call: Call) -> Reply:
        document = visible(shop, plural, call.id())
        if before is not None:
            before(shop, document)
        shop.remove(plural, document)
        return Reply(status=204)

    return delete


def reading(plural: str) -> list[Endpoint]:
    """The two reads of a noun."""
    return [
        Endpoint("GET", f"/{plural}", listing(plural), scopes(plural, "read")),
        Endpoint("GET", f"/{plural}/{{id}}", getting(plural), scopes(plural, "read")),
    ]


def writing(
    plural: str,
    *,
    create: Handler | None = None,
    update: Handler | None = None,
    delete: Handler | None = None,
) -> list[Endpoint]:
    """The writes of a noun that are given."""
    asked = scopes(plural, "write")
    given = [
        ("POST", f"/{plural}", create),
        ("PUT", f"/{plural}/{{id}}", update),
        ("DELETE", f"/{plural}/{{id}}", delete),
    ]
    return [
        Endpoint(method, path, handler, asked, holds=plural)
        for method, path, handler in given
        if handler is not None
    ]
