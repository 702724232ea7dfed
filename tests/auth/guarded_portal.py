"""A tiny portal behind the guard, in a process of its own: ``python -m tests.auth.guarded_portal``.

NiceGUI's application belongs to its process, so tests that need a real socket start this one. It
prints its port, then serves until it is ended.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI, Request
from nicegui import app as nicegui_app  # noqa: TID251
from nicegui import ui

from app.auth import Bearers, Guard, PortalTokens, Sessions, SignInLinks
from app.auth.events import Does, hear
from app.auth.newcomers import PATIENCE
from app.database import Database
from app.i18n import Texts
from app.web import Front
from tests.auth.world import find_by_hash, make_settings
from tests.web.shop import Outbox, People


def build(
    url: str, port: int, pages: int, in_all: int, embedded_in: str, patience: float
) -> FastAPI:
    settings = make_settings(
        port=port, pages_per_session=pages, pages_in_all=in_all, embed_origins=embedded_in
    )
    database = Database(url)
    sessions = Sessions(database, settings)
    guard = Guard(sessions, settings, Bearers(database, sessions), patience=patience)
    presses: Counter[int] = Counter()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        guard.install()
        watching = asyncio.create_task(guard.watch())
        yield
        watching.cancel()
        await database.close()

    application = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @application.get("/presses")
    def count(request: Request) -> dict[str, int]:
        return {"presses": presses[request.state.principal.customer_id], "pages": guard.pages}

    @application.post("/sweep")
    async def sweep() -> None:
        await guard.sweep()

    @ui.page("/")
    def page(request: Request) -> None:
        principal = request.state.principal
        guard.own(ui.context.client, principal)
        label = ui.label(f"Customer {principal.customer_id}")

        def press() -> None:
            presses[principal.customer_id] += 1
            label.text = f"Pressed {presses[principal.customer_id]}"

        def fail() -> None:
            raise RuntimeError("sk_live_123 mara.lindqvist@example.com")

        with ui.element() as part:
            part._props["data-component"] = "guarded-part"
            ui.button("Press", on_click=press)
            ui.button("Fail", on_click=fail)
            field = ui.button("Field").on("given", press, args=["detail"])
            field.on("mouseover", press)
        ui.button("Elsewhere", on_click=press)

    @ui.page("/unowned")
    def unowned() -> None:
        ui.button("Press", on_click=lambda: presses.update([0]))

    @ui.page("/broken")
    def broken() -> None:
        raise RuntimeError("sk_live_123 mara.lindqvist@example.com")

    @ui.page("/slow", response_timeout=0.01)
    async def slow() -> None:
        await asyncio.sleep(1)

    @ui.page("/open/{path:path}")
    def anything(path: str) -> None:
        ui.label(f"Page {path}")

    Front(
        settings,
        database,
        People(),
        sessions,
        SignInLinks(database, settings, sessions),
        PortalTokens(database, sessions, find_by_hash),
        Outbox(),
        Texts("en"),
    ).install(application, guard=guard, inner=(nicegui_app,), unguarded=("/open",))
    ui.run_with(application, show_welcome_message=False, reconnect_timeout=3.0)
    return application


hear("guarded-part", "click", Does.CHANGES)
hear("guarded-part", "given")


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    arguments = argparse.ArgumentParser()
    arguments.add_argument("url")
    arguments.add_argument("--pages", type=int, default=50)
    arguments.add_argument("--in-all", type=int, default=500)
    arguments.add_argument("--embedded-in", default="")
    arguments.add_argument("--patience", type=float, default=PATIENCE)
    given = arguments.parse_args()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    application = build(
        given.url, port, given.pages, given.in_all, given.embedded_in, given.patience
    )
    print(port, flush=True)  # noqa: T201
    config = uvicorn.Config(application, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
