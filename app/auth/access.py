"""The access table: every route of the service, who may come there, and what it takes.

The gate is made from it and is closed to all that does not stand here. A route without an entry, or
an entry without a route, fails the tests. The OpenAPI description and the hostile cases of the
tests are made from it too, so that none can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from nicegui import __version__ as NICEGUI
from pydantic import BaseModel
from starlette.routing import compile_path

from app.actions.quick.wishes import LinksWanted
from app.auth.embed_requests import HandOffAsked, SessionAsked
from app.auth.portal_links import PortalLinksWanted


class Who(Enum):
    """Who may come, and by which proof."""

    FILE = "everybody, and the same for everybody: no session is looked up"
    DOOR = "everybody; a session is looked up where there is one"
    PROOF = "whoever brings the proof, in the address or the body: no session is looked up"
    MERCHANT = "the merchant, by a sign-in of its own: no session of a customer is looked up"
    PROGRAM = "a program of the merchant's, by a token in the header Authorization"
    CUSTOMER = "the signed-in customer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One route.

    path:    as Starlette writes it: "/sign-in/{link}"
    about:   one sentence for the description of the service
    query:   names in the query that it reads
    form:    names in the form that it reads, beside the form's token
    json:    what its body must be, for programs
    token:   whether the route checks a form's token itself, whatever the browser says
    framed:  whether the shop's own pages may show it in a frame
    is_page: whether it is a page that is kept open, of which there is room for so many
    look:    whether the shop's people, who look as the customer (`Acting`), may come there too, of
             what is the signed-in customer's
    """

    path: str
    methods: tuple[str, ...]
    who: Who
    about: str
    query: tuple[str, ...] = field(default=(), kw_only=True)
    form: tuple[str, ...] = field(default=(), kw_only=True)
    json: type[BaseModel] | None = field(default=None, kw_only=True)
    token: bool = field(default=False, kw_only=True)
    framed: bool = field(default=False, kw_only=True)
    is_page: bool = field(default=False, kw_only=True)
    look: bool = field(default=False, kw_only=True)


GET: Final = ("GET",)
POST: Final = ("POST",)

_NICEGUI: Final = f"/_nicegui/{NICEGUI}"

_FILES: Final = (
    Entry("/healthz", GET, Who.FILE, "Whether the process is up."),
    Entry("/readyz", GET, Who.FILE, "Whether the service can do its work."),
    Entry("/plain.css", GET, Who.FILE, "The style of the plain pages.", query=("v",)),
    Entry("/favicon.ico", GET, Who.FILE, "The icon."),
    Entry("/embed.js", GET, Who.FILE, "The script that a shop puts into its page."),
    Entry("/embed/scripts/{name}", GET, Who.FILE, "A script of the frame in the shop's page."),
    Entry(
        "/embed",
        GET,
        Who.FILE,
        "The first page in the frame.",
        query=("next", "out"),
        framed=True,
    ),
    *(
        Entry(f"{_NICEGUI}/{rest}", GET, Who.FILE, "A file that the customer's page is made of.")
        for rest in (
            "static/{path:path}",
            "libraries/{key:path}",
            "components/{key:path}",
            "resources/{key}/{path:path}",
            "esm/{key}/{path:path}",
            "dynamic_resources/{name}",
        )
    ),
)

_DOORS: Final = (
    Entry("/sign-in", GET, Who.DOOR, "Asks for an e-mail address.", query=("next", "why")),
    Entry("/sign-in", POST, Who.DOOR, "Sends a mail to sign in with.",
          form=("email", "next", "again"), token=True),
    Entry("/sign-in/sent", GET, Who.DOOR, "Asks for the code in the mail.", query=("again",)),
    Entry("/sign-in/sent", POST, Who.DOOR, "Signs in by the code.",
          form=("email", "next", "code"), token=True),
    Entry("/sign-in/with/{provider}", GET, Who.DOOR, "Leads to the sign-in page."),
    Entry(
        "/sign-in/with/{provider}", POST, Who.DOOR, "Sends a person to an identity provider.",
        form=("next",), token=True,
    ),
    Entry(
        "/sign-in/with/{provider}/back", GET, Who.DOOR, "Signs in who comes back from there.",
        query=("code", "state", "iss", "error"),
    ),
    Entry("/sign-in/{link}", GET, Who.DOOR, "Asks for one press to use an e-mailed link."),
    Entry("/sign-in/{link}", POST, Who.DOOR, "Signs in by an e-mailed link.", token=True),
    Entry("/sign-in/{spoilt:path}", GET, Who.DOOR, "Mends a link that a mail program has spoilt."),
    Entry("/sign-out", GET, Who.DOOR, "Asks whether to sign out."),
    Entry("/sign-out", POST, Who.DOOR, "Signs out.", form=("everywhere",), token=True),
    Entry("/arrive", GET, Who.DOOR, "Takes a sign-in over from another place.", query=("code",)),
    Entry("/arrive", POST, Who.DOOR, "Takes it over, by a press.", form=("code",),
          token=True),
    *(
        entry
        for start in ("", "/tools/recurring")
        for rest in ("", "/{rest:path}")
        for entry in (
            Entry(
                f"{start}/portal/{{customer_hash}}{rest}", GET, Who.DOOR,
                "A link of the Theme Engine's form: its token signs in.", query=("token",),
            ),
            Entry(
                f"{start}/portal/{{customer_hash}}{rest}", POST, Who.DOOR,
                "Signs in by such a link, where a press is asked for.", form=("token",), token=True,
            ),
        )
    ),
)  # fmt: skip

_SHOPIFY: Final = ("shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature")

_PROGRAMS: Final = (Entry("/metrics", GET, Who.PROGRAM, "Figures for the shop's monitoring."),)

_PROOFS: Final = (
    Entry("/shopify/proxy", GET, Who.PROOF, "Leads on from the shop, signed in.", query=_SHOPIFY),
    Entry(
        "/shopify/proxy/embed-code", GET, Who.PROOF, "A code for the frame in the shop's page.",
        query=_SHOPIFY,
    ),
    Entry(
        "/shopify/proxy/{path:path}", GET, Who.PROOF, "Leads on from the shop, to this page.",
        query=_SHOPIFY,
    ),
    Entry("/calendar/{secret}.ics", GET, Who.PROOF, "A customer's deliveries, for calendars."),
    *(
        entry
        for path, about in (
            ("/cancel", "Leaves a subscription without signing in."),
            ("/withdraw", "Withdraws from a contract without signing in."),
        )
        for entry in (
            Entry(path, GET, Who.PROOF, about, query=("why",)),
            Entry(path, POST, Who.PROOF, about, form=("email", "order"), token=True),
            Entry(f"{path}/sent", GET, Who.PROOF, "Says that a mail is on its way."),
            Entry(f"{path}/{{link}}", GET, Who.PROOF, "Shows what can be ended by a mailed link."),
            Entry(
                f"{path}/{{link}}", POST, Who.PROOF, "Ends it.", form=("choice", "reason"),
                token=True,
            ),
            Entry(f"{path}/{{spoilt:path}}", GET, Who.PROOF, "Says that a link is spoilt."),
        )
    ),
)  # fmt: skip

_QUICK_LINKS: Final = (
    Entry("/do/{token}", GET, Who.PROOF, "Shows what a link in the shop's mail does, or did."),
    Entry("/do/{token}", POST, Who.PROOF, "Does it, once.", form=("seen",), token=True),
    Entry("/do/{token}/undo", POST, Who.PROOF, "Takes it back.", form=("press",), token=True),
    Entry("/do/{spoilt:path}", GET, Who.PROOF, "Says that a link is spoilt."),
    Entry("/api/links", POST, Who.PROGRAM, "Makes links for the shop's mails.", json=LinksWanted),
    Entry("/api/portal-links", POST, Who.PROGRAM, "Links into the portal.", json=PortalLinksWanted),
)

_MERCHANT: Final = (
    Entry("/merchant", GET, Who.MERCHANT, "Leads to the merchant's pages."),
    Entry("/merchant/sign-in", GET, Who.MERCHANT, "Asks for the merchant's word.", query=("next",)),
    Entry(
        "/merchant/sign-in", POST, Who.MERCHANT, "Signs the merchant in.", form=("word", "next"),
        token=True,
    ),
    Entry("/merchant/sign-out", GET, Who.MERCHANT, "Asks whether to sign out."),
    Entry("/merchant/sign-out", POST, Who.MERCHANT, "Signs the merchant out.", token=True),
    Entry(
        "/merchant/customers", GET, Who.MERCHANT, "Asks whose portal to look at, and who looked.",
        query=("why",),
    ),
    Entry(
        "/merchant/customers", POST, Who.MERCHANT, "Looks at the portal as that customer sees it.",
        form=("customer", "reason"), token=True,
    ),
    Entry(
        "/merchant/customers/behalf", POST, Who.MERCHANT, "Acts on that customer's behalf.",
        token=True,
    ),
    Entry(
        "/merchant/customers/sign-in", GET, Who.MERCHANT, "Asks the shop's people for their word.",
        query=("next",),
    ),
    Entry(
        "/merchant/customers/sign-in", POST, Who.MERCHANT, "Signs the shop's people in.",
        form=("who", "word", "next"), token=True,
    ),
    Entry("/merchant/customers/sign-out", GET, Who.MERCHANT, "Asks whether to sign out."),
    Entry(
        "/merchant/customers/sign-out", POST, Who.MERCHANT, "Signs the shop's people out.",
        token=True,
    ),
    *(
        Entry(
            f"/merchant/retention{rest}", GET, Who.MERCHANT, about,
            query=("from", "to", "region", "reason"),
        )
        for rest, about in (
            ("", "Figures of those who wanted to leave."),
            (".csv", "The same as a file."),
            ("/{picture}.svg", "The same as a picture."),
        )
    ),
)  # fmt: skip

_SETUP: Final = "/payment-methods/add/{setup}"

_EMBED: Final = (
    Entry("/embed/session", GET, Who.DOOR, "Whether a page in a frame has a session's cookie."),
    Entry(
        "/embed/session", POST, Who.DOOR, "Begins or continues the session of a page in a frame.",
        json=SessionAsked,
    ),
    Entry(
        "/embed/hand-off", POST, Who.CUSTOMER, "Where a tab of its own takes the sign-in over.",
        json=HandOffAsked,
    ),
    Entry("/embed/back", GET, Who.CUSTOMER, "Ends a sign-in that a frame began in a window."),
    Entry("/embed/sign-out", POST, Who.CUSTOMER, "Ends the session of a frame.",
          query=("everywhere",)),
)  # fmt: skip

_DOWNLOADS: Final = (
    Entry("/activity.csv", GET, Who.CUSTOMER, "What was changed, as a file."),
    Entry("/schedule.ics", GET, Who.CUSTOMER, "The deliveries, as a file for calendars."),
    Entry("/account/data.zip", GET, Who.CUSTOMER, "All that is known of the customer."),
    Entry("/orders/{id}/receipt", GET, Who.CUSTOMER, "The receipt of an order.", look=True),
    Entry("/orders/{id}/receipt.pdf", GET, Who.CUSTOMER, "The same as a file.", look=True),
    Entry(
        "/payment-methods/add",
        GET,
        Who.CUSTOMER,
        "Asks where a new card is to be used.",
        query=("address",),
    ),
    Entry(
        "/payment-methods/add",
        POST,
        Who.CUSTOMER,
        "Opens a form for a new card.",
        form=("address", "default", "retry"),
    ),
    Entry(
        "/step-up", GET, Who.CUSTOMER, "Offers a code that shows who sits there.", query=("next",)
    ),
    Entry(
        "/step-up",
        POST,
        Who.CUSTOMER,
        "Sends that code, or takes it back.",
        form=("next", "send", "code"),
        token=True,
    ),
    Entry("/payment-methods/add/form/{name}", GET, Who.CUSTOMER, "A script of the card form."),
    Entry(_SETUP, GET, Who.CUSTOMER, "The form for a new card.", query=("back",)),
    Entry(_SETUP, POST, Who.CUSTOMER, "Puts a confirmed card into the account."),
    Entry(f"{_SETUP}/done", GET, Who.CUSTOMER, "Takes up what became of a new card."),
    Entry(f"{_SETUP}/leave", POST, Who.CUSTOMER, "Gives a new card up."),
)

_PAGES: Final = tuple(
    Entry(path, GET, Who.CUSTOMER, "The customer's page.", framed=True, is_page=True, look=True)
    for path in ("/", "/{path:path}")
)

ACCESS: Final = (
    *_FILES,
    *_DOORS,
    *_PROGRAMS,
    *_PROOFS,
    *_QUICK_LINKS,
    *_MERCHANT,
    *_DOWNLOADS,
    *_EMBED,
    *_PAGES,
)
"""All entries. The first whose path fits is the one that counts; what follows the customer's page
is never reached."""

OPEN_AREAS: Final = tuple(
    f"/{area}/"
    for area in ("sign-in", "cancel", "withdraw", "merchant", "calendar", "arrive", "do", "api")
)
"""What is below them belongs to them, listed or not, and is answered with "not found". A link with
a secret that a mail program has spoilt must not lead to the sign-in page, which would have it in
its address."""


class Access:
    """Finds the entries of a path."""

    def __init__(self, entries: Iterable[Entry] = ACCESS) -> None:
        self._literal: dict[str, dict[str, Entry]] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], dict[str, Entry]]] = {}
        for entry in entries:
            if "{" in entry.path:
                pattern = compile_path(entry.path)[0]
                known = self._patterns.setdefault(entry.path, (pattern, {}))[1]
            else:
                known = self._literal.setdefault(entry.path, {})
            known.update((method, entry) for method in entry.methods)

    def find(self, path: str, method: str = "GET") -> Entry | None:
        """The entry of a path; None where the path is not listed.

        Where it is, but not for the method, any of its entries: to be refused by the route.
        """
        found = self._entries(path)
        if found is None:
            return None
        method = "GET" if method == "HEAD" else method
        return found.get(method) or next(iter(found.values()))

    def _entries(self, path: str) -> Mapping[str, Entry] | None:
        if path in self._literal:
            return self._literal[path]
        for pattern, entries in self._patterns.values():
            if pattern.fullmatch(path):
                return entries
        return None
