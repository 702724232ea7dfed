"""Lists: filters, sort orders, opaque cursors which carry both, and `include`."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.sandbox.columns import Filter
from app.sandbox.dates import is_day, parse_moment, sortable
from app.sandbox.errors import Document, Invalid, NotFound
from app.sandbox.fields import Wrong, identifier
from app.sandbox.http import Call, Reply, comma_list
from app.sandbox.nouns import NOUNS
from app.sandbox.shop import Shop
from app.sandbox.store import identity

_HIDDEN_AFTER = timedelta(days=90)
_DONE = ("success", "refunded", "partially_refunded")

Include = Callable[[Shop, Document], Any]


@dataclass(frozen=True)
class _Page:
    """Where a list goes on: everything a cursor carries."""

    plural: str
    filters: Mapping[str, str]
    sort: str
    limit: int
    after_id: int | None = None
    after_value: str | int | float | None = None
    backwards: bool = False

    def encode(self) -> str:
        text = json.dumps({
            "starting_before_id": self.after_id,
            "last_value": self.after_value,
            "sort_by": self.sort,
            "resource": self.plural,
            "cursor_dir": "previous" if self.backwards else "next",
            "filters": dict(self.filters),
            "limit": self.limit,
        })  # fmt: skip
        return base64.urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def decode(cls, cursor: str, plural: str) -> "_Page":
        try:
            data = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            if data["resource"] != plural:
                raise ValueError("a cursor of another resource")
            if not isinstance(data["last_value"], str | int | float | None):
                raise TypeError("a value that no column holds")
            return cls(
                plural=plural,
                filters={str(key): str(value) for key, value in data["filters"].items()},
                sort=str(data["sort_by"]),
                limit=int(data["limit"]),
                after_id=identifier(data["starting_before_id"]),
                after_value=data["last_value"],
                backwards=data["cursor_dir"] == "previous",
            )
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise Invalid("cursor", "Invalid value") from error


def list_reply(
    shop: Shop, call: Call, plural: str, includes: Mapping[str, Include], *, where: str = "1"
) -> Reply:
    """A page of a noun. `where` is a condition that always holds besides the caller's filters."""
    noun = NOUNS[plural]
    page = _page(call, plural, noun.sorts)
    known = {*noun.filters, "include", "include_cancelled", "include_deleted", "page"}
    for name in page.filters:
        if name not in known:
            raise Invalid(name, "Unknown field.")
    conditions, values = [where, *_always(shop, plural, page.filters)], []
    for name, text in page.filters.items():
        if name in noun.filters:
            condition, bound = _condition(name, noun.filters[name], text)
            conditions.append(condition)
            values.extend(bound)
    column, descending = page.sort.rsplit("-", 1)[0], page.sort.endswith("-desc")
    downwards = descending != page.backwards
    if page.after_id is not None:
        sign = "<" if downwards else ">"
        if column == "id":
            conditions.append(f"id {sign} ?")
            values.append(page.after_id)
        else:
            conditions.append(f"(COALESCE({column}, ''), id) {sign} (?, ?)")
            values.extend([page.after_value or "", page.after_id])
    direction = "DESC" if downwards else "ASC"
    order = f"id {direction}"
    if column != "id":
        order = f"COALESCE({column}, '') {direction}, id {direction}"
    texts = shop.store.texts(plural, " AND ".join(conditions), values, order, page.limit + 1)
    has_more = len(texts) > page.limit
    texts = texts[: page.limit]
    if page.backwards:
        texts.reverse()
    chosen = [name for name in comma_list(page.filters.get("include", "")) if name in includes]
    if chosen:
        documents = [json.loads(each) for each in texts]
        texts = [json.dumps(_with(shop, each, chosen, includes)) for each in documents]
    following, previous = _cursors(plural, page, texts, column, has_more=has_more)
    return Reply(
        f'{{"next_cursor":{json.dumps(following)},"previous_cursor":{json.dumps(previous)},'
        f'"{plural}":[{",".join(texts)}]}}'
    )


def _page(call: Call, plural: str, sorts: tuple[str, ...]) -> _Page:
    limit = _limit(call.query.get("limit"))
    cursor = call.query.get("cursor")
    if cursor:
        for name in call.query:
            if name not in ("cursor", "limit"):
                raise Invalid(name, "May not be used together with cursor.")
        page = _Page.decode(cursor, plural)
        _sort(page.sort, sorts)
        return replace(page, limit=limit or _bounded(page.limit))
    sort = _sort(call.query.get("sort_by", "id-desc"), sorts)
    filters = {
        name: value
        for name, value in call.query.items()
        if name not in ("limit", "cursor", "sort_by")
    }
    return _Page(plural, filters, sort, limit or 50)


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return _bounded(int(text))
    except ValueError as error:
        raise Invalid("limit", "Not a valid integer.") from error


def _bounded(limit: int) -> int:
    if not 1 <= limit <= 250:
        raise Invalid("limit", "Must be between 1 and 250.")
    return limit


def _sort(text: str, sorts: tuple[str, ...]) -> str:
    allowed = [f"{each}-{way}" for each in sorts for way in ("asc", "desc")] or ["id-desc"]
    if text not in allowed:
        raise Invalid("sort_by", f"Must be one of: {', '.join(allowed)}.")
    return text


def _always(shop: Shop, plural: str, filters: Mapping[str, str]) -> list[str]:
    """Conditions nobody asked for: what is deleted, cancelled or too old is not shown."""
    if plural == "charges":
        return [f"NOT {_hidden(shop)}"]
    if plural == "onetimes" and filters.get("include_cancelled", "").lower() != "true":
        return ["is_cancelled = 0"]
    if plural == "memberships" and filters.get("include_cancelled", "").lower() != "true":
        return ["cancelled_at IS NULL"]
    if plural == "payment_methods" and filters.get("include_deleted", "").lower() != "true":
        return ["deleted_at IS NULL"]
    return []


def _hidden(shop: Shop) -> str:
    """Processed charges leave lists and look-ups after 90 days."""
    oldest = (shop.now() - _HIDDEN_AFTER).strftime("%Y-%m-%dT%H:%M:%S")
    done = ", ".join(f"'{each}'" for each in _DONE)
    return f"(status IN ({done}) AND COALESCE(processed_at, '9') < '{oldest}')"


def visible(shop: Shop, plural: str, id: int) -> Document:
    """One object as GET finds it.

    Raises:
        NotFound: unknown, deleted, or a processed charge older than 90 days.
    """
    where = "id = ?"
    if plural == "charges":
        where += f" AND NOT {_hidden(shop)}"
    elif plural == "payment_methods":
        where += " AND deleted_at IS NULL"
    found = shop.store.find(plural, where, (id,))
    if not found:
        raise NotFound
    return found[0]


def show(shop: Shop, call: Call, document: Document, includes: Mapping[str, Include]) -> Document:
    """The object with what `include=` asked for; unknown names are ignored."""
    chosen = [name for name in sorted(call.includes()) if name in includes]
    return _with(shop, document, chosen, includes) if chosen else document


def _with(
    shop: Shop, document: Document, chosen: list[str], includes: Mapping[str, Include]
) -> Document:
    return {**document, "include": {name: includes[name](shop, document) for name in chosen}}


def _cursors(
    plural: str, page: _Page, texts: list[str], column: str, *, has_more: bool
) -> tuple[str | None, str | None]:
    if not texts:
        return None, None
    came_from_somewhere = page.after_id is not None
    more_after = has_more if not page.backwards else True
    more_before = has_more if page.backwards else came_from_somewhere
    extract = NOUNS[plural].columns.get(column)

    def at(text: str, *, backwards: bool) -> str:
        document = json.loads(text)
        value = extract(document) if extract and column != "id" else None
        return replace(
            page, after_id=identity(plural, document), after_value=value, backwards=backwards
        ).encode()

    return (
        at(texts[-1], backwards=False) if more_after else None,
        at(texts[0], backwards=True) if more_before else None,
    )


def _condition(name: str, rule: Filter, text: str) -> tuple[str, list[Any]]:
    """The SQL condition of one filter and the values bound to it."""
    column = rule.column
    match rule.kind:
        case "id":
            return f"{column} = ?", [_identifier(name, text)]
        case "ids":
            ids = [_identifier(name, each) for each in comma_list(text)]
            return f"{column} IN ({', '.join('?' * len(ids))})", ids
        case "text":
            return f"{column} = ?", [text]
        case "lower":
            return f"{column} = ?", [text.strip().lower()]
        case "texts":
            words = comma_list(text)
            return f"{column} IN ({', '.join('?' * len(words))})", words
        case "min" | "max":
            return f"{column} {'>=' if rule.kind == 'min' else '<='} ?", [_moment(name, text)]
        case "day" | "day_min" | "day_max":
            sign = {"day": "=", "day_min": ">=", "day_max": "<="}[rule.kind]
            return f"{column} {sign} ?", [_moment(name, text)[:10]]
        case "has":
            return f"{column} LIKE ?", [f"%,{_identifier(name, text)},%"]
        case "has_text":
            return f"instr({column}, ?) > 0", [f",{text},"]
        case "has_any":
            words = [str(_identifier(name, each)) for each in comma_list(text)]
            tests = " OR ".join([f"{column} LIKE ?"] * len(words)) or "0"
            return f"({tests})", [f"%,{each},%" for each in words]
        case "sql_id":
            return column, [_identifier(name, text)]
        case "sql_flag":
            if text.lower() not in ("true", "false"):
                raise Invalid(name, "Not a valid boolean.")
            return column if text.lower() == "true" else f"NOT ({column})", []
    raise ValueError(rule.kind)


def _identifier(name: str, text: str) -> int:
    try:
        return identifier(text.strip())
    except Wrong as error:
        raise Invalid(name, "Not a valid integer.") from error


def _moment(name: str, text: str) -> str:
    # A plus sign that nobody encoded arrives as a blank.
    whole = text.replace(" ", "+") if "T" in text else text
    if parse_moment(whole) is None:
        raise Invalid(name, f"Invalid date: {text}. Must be a valid ISO-8601 datetime string")
    if is_day(whole):
        return f"{whole}T23:59:59" if name.endswith("_max") else f"{whole}T00:00:00"
    return str(sortable(whole))
