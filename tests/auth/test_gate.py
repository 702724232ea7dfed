"""The gate is closed unless a path is listed, and unsafe methods need to come from our own page."""

from __future__ import annotations

from urllib.parse import unquote

import httpx
import nicegui
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.auth import Gate, Origins, Sessions
from tests.auth.world import MARA, StandingClock, make_settings

OWN = "http://localhost:8080"
FILES = f"/_nicegui/{nicegui.__version__}"
METHODS = ["GET", "POST", "PUT", "DELETE"]


async def echo(request: Request) -> Response:
    principal = request.state.principal if hasattr(request.state, "principal") else None
    return JSONResponse(
        {
            "customer": principal.customer_id if principal else None,
            "prefix": request.headers.get("x-forwarded-prefix"),
        }
    )


@pytest.fixture
def client(sessions: Sessions) -> httpx.AsyncClient:
    inner = Starlette(routes=[Route("/{path:path}", echo, methods=METHODS)])
    gate = Gate(inner, sessions, make_settings(), unguarded=("/sandbox/",))
    return httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=OWN)


async def signed_in(sessions: Sessions) -> dict[str, str]:
    cookie, _ = await sessions.start(MARA, method="link")
    return {"Cookie": f"{sessions.cookies.session}={cookie}"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/schedule",
        "/subscriptions/301",
        "/anything",
        "/signin",
        "/static/x",
    ],
)
async def test_strangers_are_led_to_the_sign_in_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 303
    expected = "/sign-in" if path == "/" else f"/sign-in?next={path.replace('/', '%2F')}"
    assert answer.headers["location"] == expected


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/sign-in/abc", "/sign-out", "/healthz", "/readyz", "/plain.css", "/favicon.ico",
     "/portal/101abc/schedule", "/tools/recurring/portal/101abc", f"{FILES}/static/x.js"],
)  # fmt: skip
async def test_listed_paths_are_open(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/sign-in/../schedule", "/sign-in/%2e%2e/schedule", "/sign-in/%252e%252e/schedule",
     "//sign-in", "/sign-in//x", "/sign-in\\..\\schedule", "/schedule%00", "/portal/x/../../orders",
     f"{FILES}/static/../../schedule", "/%0aschedule", "/sandbox/../schedule"],
)  # fmt: skip
async def test_strange_paths_lead_nowhere(sessions: Sessions, path: str) -> None:
    gate = Gate(
        Starlette(routes=[Route("/{path:path}", echo)]),
        sessions,
        make_settings(),
        unguarded=("/sandbox/",),
    )

    async def as_sent(scope: Scope, receive: Receive, send: Send) -> None:
        # As a server hands it on: decoded once, and not tidied up as httpx would.
        await gate({**scope, "path": unquote(path)}, receive, send)

    client = httpx.AsyncClient(transport=httpx.ASGITransport(as_sent), base_url=OWN)

    assert (await client.get("/", headers=await signed_in(sessions))).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/_nicegui/0.1/static/x.js", f"{FILES}/resources/x", f"{FILES}/auto/static/x",
     f"{FILES}/dynamic_resources/a/b", "/_nicegui_ws/socket.io/"],
)  # fmt: skip
async def test_only_files_of_nicegui_are_open(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["location"] == "/sign-in"


async def test_customers_pass_and_pages_know_them(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    answer = await client.get("/schedule", headers=await signed_in(sessions))

    assert answer.json()["customer"] == MARA


async def test_an_ended_session_is_told_so(
    client: httpx.AsyncClient, sessions: Sessions, clock: StandingClock
) -> None:
    headers = await signed_in(sessions)
    clock.move(hours=1)

    answer = await client.get("/orders?page=2&token=secret", headers=headers)

    assert answer.headers["location"] == "/sign-in?next=%2Forders%3Fpage%3D2&why=ended"


async def test_scripts_of_strangers_are_not_sent_to_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/schedule", headers={"Sec-Fetch-Dest": "empty"})

    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Origin": OWN}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://localhost:9999"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
async def test_changes_come_from_our_own_page(
    client: httpx.AsyncClient,
    sessions: Sessions,
    method: str,
    headers: dict[str, str],
    passes: bool,
) -> None:
    answer = await client.request(
        method, "/actions", headers={**headers, **await signed_in(sessions)}
    )

    assert (answer.status_code == 403) is not passes


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/abc", "/sign-out"])
async def test_old_browsers_are_left_to_the_form_token(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.post(path)).status_code == 200
    assert (await client.post(path, headers={"Origin": "null"})).status_code == 200
    assert (await client.post(path, headers={"Origin": "https://evil.example"})).status_code == 403
    assert (await client.post(path, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403


async def test_the_sandbox_is_open_to_programs_but_not_to_other_sites(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.post("/sandbox/charges")).status_code == 200
    other = {"Sec-Fetch-Site": "cross-site"}
    assert (await client.post("/sandbox/charges", headers=other)).status_code == 403


async def test_a_strangers_change_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/actions", headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 401


async def test_nobody_says_where_our_files_are(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    headers = {**await signed_in(sessions), "X-Forwarded-Prefix": "//evil.example"}

    assert (await client.get("/schedule", headers=headers)).json()["prefix"] is None


async def test_no_page_is_built_when_there_is_no_room(sessions: Sessions) -> None:
    inner = Starlette(routes=[Route("/{path:path}", echo)])
    gate = Gate(inner, sessions, make_settings(), has_room=lambda _: False)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=OWN)

    headers = await signed_in(sessions)

    assert (await client.get("/schedule", headers=headers)).status_code == 503
    assert (await client.get("/sign-out", headers=headers)).status_code == 200
    for file in ("/account/data.zip", "/orders/1001/receipt", "/orders/1001/receipt.pdf"):
        assert (await client.get(file, headers=headers)).status_code == 200, file
    assert (await client.get("/orders/1001", headers=headers)).status_code == 503


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("https://account.shop.example", "account.shop.example", True),
        ("https://account.shop.example:443", "x", True),
        ("http://account.shop.example", "account.shop.example", False),
        ("https://account.shop.example.evil.example", "account.shop.example", False),
        ("https://evil.example", "evil.example", False),
        ("http://localhost:8080", "localhost:8080", False),
        ("https://account.shop.example/", "account.shop.example", False),
        ("https://user@account.shop.example", "account.shop.example", False),
        ("null", "account.shop.example", False),
        ("", "", False),
        (None, None, False),
        ("https://[", "x", False),
    ],
)
def test_only_the_origin_of_the_settings_is_ours(
    origin: str | None, host: str | None, is_own: bool
) -> None:
    origins = Origins(make_settings(public_url="https://account.shop.example"))

    assert origins.is_own(origin, host) is is_own


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://localhost:8080", "localhost:8080", True),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("http://127.0.0.1:9999", "127.0.0.1:8080", False),
        ("http://rebound.evil.example:8080", "rebound.evil.example:8080", False),
        ("https://127.0.0.1:8080", "127.0.0.1:8080", False),
    ],
)
def test_on_this_machine_each_of_its_names_is_ours(origin: str, host: str, is_own: bool) -> None:
    assert Origins(make_settings()).is_own(origin, host) is is_own
