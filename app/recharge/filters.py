"""Filters that many lists share. A filter that is not given, or is None, is not sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from app.recharge.query import OneOrMore

Since = date | datetime
"""A day or an aware moment."""


class Paging(TypedDict, total=False):
    """`limit`: records on a page, 1 to 250, default 50. `cursor`: from a page; only `limit` may go
    with it. `sort_by`: such as ``updated_at-asc``; default ``id-desc``."""

    limit: int
    cursor: str | None
    sort_by: str | None


class Created(TypedDict, total=False):
    """When a record was made."""

    created_at_min: Since | None
    created_at_max: Since | None


class Updated(TypedDict, total=False):
    """When a record was last changed."""

    updated_at_min: Since | None
    updated_at_max: Since | None


class Ids(TypedDict, total=False):
    """Which records, by id."""

    ids: OneOrMore[int] | None
