"""Rows of one customer, and no other's."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Delete, Select, Table, Update

from app.database import Database

S = TypeVar("S", Select[Any], Update, Delete)


class OwnRows:
    """The rows of one customer: every statement on them goes through `_mine`, which puts the
    customer's id into it, or writes it into the row."""

    def __init__(self, database: Database, customer_id: int) -> None:
        self.customer_id = customer_id
        self._database = database

    def _mine(self, statement: S, table: Table) -> S:
        """The statement, for the rows of this customer alone."""
        return statement.where(table.c.customer_id == self.customer_id)
