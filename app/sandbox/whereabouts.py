"""Where the sandbox is served: documents keep a mark for it, callers see the present address.

A shop in a file is opened again on another port or behind another path, and its pictures must
still be found. So the mark is exchanged in the bytes that go out, once for all nouns.
"""

import json

HERE = "sandbox://here"
"""Stands in kept documents for the address of the sandbox itself."""


class Whereabouts:
    """The present public address, whole (`http://localhost:8100`) or a path only (`/sandbox`)."""

    def __init__(self, public_url: str) -> None:
        self.url = public_url.rstrip("/")
        in_json = json.dumps(self.url)[1:-1]
        self._here = HERE.encode()
        self._shown = in_json.encode()
        self._kept_picture = f'"{HERE}/pictures/'.encode()
        self._shown_picture = f'"{in_json}/pictures/'.encode()

    def shown(self, body: bytes) -> bytes:
        """JSON as it goes out."""
        return body.replace(self._here, self._shown)

    def kept(self, body: bytes) -> bytes:
        """JSON as it came in: pictures' addresses that were read here are kept with the mark."""
        return body.replace(self._shown_picture, self._kept_picture)
