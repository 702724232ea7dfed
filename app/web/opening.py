"""Whether a person opens a page, as far as the browser tells."""

from __future__ import annotations

from starlette.requests import Request


def is_opened(request: Request) -> bool:
    """Whether it is opened as a page of its own: no picture or frame of another site may sign a
    browser in behind its owner's back."""
    return (
        request.headers.get("sec-fetch-mode", "navigate") == "navigate"
        and request.headers.get("sec-fetch-dest", "document") == "document"
    )


def is_pressed(request: Request) -> bool:
    """Whether the browser says that a person set this off: by a press on a page, or from outside of
    all pages, as from a mail program. No script of another site can say either."""
    headers = request.headers
    return headers.get("sec-fetch-user") == "?1" or headers.get("sec-fetch-site") == "none"


def is_fetched_ahead(request: Request) -> bool:
    """Whether nobody has opened it yet: the browser fetches what might be opened next."""
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    return "prefetch" in purpose.lower() or "prerender" in purpose.lower()
