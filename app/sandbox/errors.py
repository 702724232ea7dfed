"""What the sandbox answers when it will not do what was asked.

Refusal                      a status and a JSON body, raised by any rule and sent by the server
├── NotFound                 404 unknown id or route
├── Invalid                  422 a field is wrong or a rule forbids it
├── Conflict                 409 the address is busy
└── Forbidden                403 the token lacks a scope
Cut                          the connection dies, by order of a planned fault
CannotOpen                   the file of the database is not one, or cannot be written
"""

from collections.abc import Mapping
from typing import Any

import httpx

Document = dict[str, Any]


class Refusal(Exception):
    """An answer other than success, with the body that goes out."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {dict(body)}")
        self.status = status
        self.body = dict(body)


class NotFound(Refusal):
    """Unknown id: 404 with `{"errors": "Not Found"}`."""

    def __init__(self) -> None:
        super().__init__(404, {"errors": "Not Found"})


class Invalid(Refusal):
    """A 422. Most fields answer with a list of texts, some with a bare text or a nested map."""

    def __init__(self, field: str, message: str | list[str] | Mapping[str, Any]) -> None:
        shown = [message] if isinstance(message, str) else message
        super().__init__(422, {"errors": {field: shown}})

    @classmethod
    def bare(cls, field: str, message: str) -> "Invalid":
        """The shape in which the text is not wrapped in a list."""
        error = cls(field, message)
        error.body = {"errors": {field: message}}
        return error

    @classmethod
    def many(cls, errors: Mapping[str, Any]) -> "Invalid":
        """Several fields at once."""
        error = cls("_schema", "")
        error.body = {"errors": dict(errors)}
        return error


class Conflict(Refusal):
    """Somebody else is changing the same address or something under it."""

    def __init__(self) -> None:
        super().__init__(409, {"error": "A call to this route is already in progress."})


class Forbidden(Refusal):
    """The token lacks one of the scopes which the route asks for."""

    def __init__(self, scopes: list[str]) -> None:
        super().__init__(403, {"errors": f"Missing scope: {', '.join(scopes)}"})


class Cut(httpx.RemoteProtocolError):
    """Raised out of the application so that a client in the same process sees a dead connection."""

    def __init__(self) -> None:
        super().__init__("Server disconnected without sending a response.")


class CannotOpen(Exception):
    """The sandbox's file is not an SQLite database of its own, or cannot be written.

    The text is a sentence for whoever chose the `path`.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"Cannot keep the sandbox in {path}: {reason}.")
        self.path = path
        self.reason = reason
