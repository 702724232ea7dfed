"""The service's own routes as an OpenAPI 3.1 description: ``python -m app openapi``.

Made from the access table, so it cannot say less than there is. What a page of HTML looks like is
no part of it: that page's form is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from app.auth import ACCESS, Entry, Who

_PARAMETER: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
_SECURITY: Final[Mapping[Who, list[dict[str, list[str]]]]] = {
    Who.CUSTOMER: [{"customer": []}, {"frame": []}],
    Who.MERCHANT: [{"merchant": []}],
    Who.PROGRAM: [{"program": []}],
}
_ANSWERS: Final = {
    "200": "A page, a file or an answer.",
    "303": "Goes on to another address.",
    "400": "Nothing could be made of what was sent; nothing was changed.",
    "401": "Nobody is signed in, or the token is wrong; nothing was changed.",
    "403": "It did not come from our page, or is not allowed; nothing was changed.",
    "404": "Not there, or not this customer's: both look the same.",
    "405": "The address takes no such method.",
    "409": "It has changed since, or was used already; nothing was changed.",
    "413": "Too much was sent; nothing was changed.",
    "415": "The body is of another kind; nothing was changed.",
    "422": "Something that was entered does not fit; nothing was changed.",
    "429": "Too many in a short time; Retry-After says when it helps again.",
    "503": "It cannot be answered at this moment; Retry-After says when to come again.",
}


def describe(
    origin: str, *, session_cookie: str, merchant_cookie: str, entries: Iterable[Entry] = ACCESS
) -> dict[str, Any]:
    """The description as a document.

    origin: where the service answers
    """
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if "/_nicegui/" in entry.path:
            continue  # the files of a library, named by its version
        path = paths.setdefault(_PARAMETER.sub(r"{\1}", entry.path), {})
        for method in entry.methods:
            path[method.lower()] = _operation(entry, method, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Doorstep",
            "version": "1",
            "description": "A customer portal for subscriptions: its own routes over HTTP.",
        },
        "servers": [{"url": origin}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "customer": {"type": "apiKey", "in": "cookie", "name": session_cookie},
                "frame": {"type": "http", "scheme": "bearer"},
                "merchant": {"type": "apiKey", "in": "cookie", "name": merchant_cookie},
                "program": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(entry: Entry, method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{method.lower()} {entry.path}",
        "summary": entry.about,
        "description": f"Who may come: {entry.who.value}.",
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in _PARAMETER.findall(entry.path)
            ),
            *({"name": name, "in": "query", "schema": {"type": "string"}} for name in entry.query),
        ],
        "responses": {
            status: {"description": about} for status, about in _ANSWERS.items()
        },
    }  # fmt: skip
    security = _SECURITY.get(entry.who)
    if security:
        operation["security"] = security
    body = _body(entry, method, schemas)
    if body:
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _body(entry: Entry, method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    if entry.json is not None:
        return {"application/json": {"schema": _reference(entry.json, schemas)}}
    if method != "POST":
        return {}
    names = (*(("form",) if entry.token else ()), *entry.form)
    properties = {name: {"type": "string"} for name in names}
    return {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": properties}
        }
    }


def _reference(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, str]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"$ref": f"#/components/schemas/{model.__name__}"}
