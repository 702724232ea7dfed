"""Misbehaviour by plan: what goes wrong, on which calls, how often."""

import re
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from app.sandbox import fields as f
from app.sandbox.errors import Document, NotFound

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "*")
KINDS = ("delay", "429", "409", "500", "503", "html", "cut_before", "cut_after", "422")
_MOST = 1_000_000
_LONGEST = 600.0

_FIELDS: f.Fields = {
    "method": f.one_of(*METHODS),
    "path": f.required(f.text(1)),
    "times": f.number(1, _MOST),
    "after": f.number(0, _MOST),
    "kind": f.required(f.one_of(*KINDS)),
    "seconds": f.seconds(_LONGEST),
    "status": f.number(200, 599),
    "body": f.anything,
    "executes": f.flag,
}


@dataclass
class Fault:
    """One planned fault.

    `path` is a pattern without `/api`: `*` is one part of a path, `**` any number of them. The
    first `after` matching calls pass; then `times` calls fail. A delay takes `seconds`, at most
    600. With `executes` the effect happens first and only the answer is spoiled.
    """

    id: int
    path: str
    kind: str
    method: str = "*"
    times: int = 1
    after: int = 0
    seconds: float = 0.5
    status: int | None = None
    body: Any = None
    executes: bool = False

    def fits(self, method: str, path: str) -> bool:
        """Whether a call is meant."""
        pattern = re.escape(self.path).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        return self.method in ("*", method) and re.fullmatch(pattern, path) is not None

    @property
    def answer(self) -> tuple[int, Any]:
        """Status and body of a fault that answers; a text goes out as HTML."""
        status, body = _ANSWERS[self.kind]
        return self.status or status, body if self.body is None else self.body


_ANSWERS: dict[str, tuple[int, Any]] = {
    "429": (429, {"warning": "too many requests"}),
    "409": (409, {"error": "A call to this route is already in progress."}),
    "422": (422, {"errors": {"_schema": ["The request could not be processed."]}}),
    "500": (500, {"errors": "Internal Server Error"}),
    "503": (503, {"errors": "Service Unavailable"}),
    "html": (
        200,
        "<!doctype html><html><head><title>We will be right back</title></head>"
        "<body><h1>We will be right back</h1></body></html>",
    ),
}


class Faults:
    """The plan. Several faults may wait for the same call; the oldest one that is due acts."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._ids = count(1)

    def plan(self, body: Document) -> Fault:
        """Add a fault.

        Raises:
            Invalid: the plan's fields are wrong.
        """
        checked = f.read(body, _FIELDS)
        fault = Fault(id=next(self._ids), **checked)
        self._planned.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this call, used up by one."""
        for fault in self._planned:
            if not fault.fits(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times == 0:
                self._planned.remove(fault)
            return fault
        return None

    def drop(self, id: int) -> None:
        """Forget one plan.

        Raises:
            NotFound: no plan of that id waits.
        """
        found = next((each for each in self._planned if each.id == id), None)
        if found is None:
            raise NotFound
        self._planned.remove(found)

    def clear(self) -> None:
        """Forget all plans."""
        self._planned.clear()

    def as_documents(self) -> list[Document]:
        """What still waits."""
        return [asdict(each) for each in self._planned]
