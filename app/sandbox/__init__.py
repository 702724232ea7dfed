"""A stateful look-alike of the Recharge API 2021-11, for demos, tests and benchmarks.

It is an ASGI server on SQLite which knows nothing of the rest of this program, so that a wrong
field shows as a difference::

    sandbox = Sandbox()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://api")

The API is served at `/` and again under `/api`, controls under `/_sandbox`, pictures under
`/pictures`.

Errors: `CannotOpen` when the file of its database is not one or cannot be written. What a call is
refused with is drawn in `app.sandbox.errors`.
"""

from app.sandbox.clock import Clock
from app.sandbox.errors import CannotOpen
from app.sandbox.sandbox import Sandbox

__all__ = ["CannotOpen", "Clock", "Sandbox"]
