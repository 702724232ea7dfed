"""The command line."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app import settings as configuration
from app.doctor import examine, examine_database
from app.lint import look_through
from app.recharge import RechargeClient
from app.sandbox import CannotOpen, Sandbox
from app.serving import listen, serve_until_stopped
from app.settings import Settings, SettingsError

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Doorstep, a customer portal for subscriptions on the Recharge API.",
)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one."),
    ] = None,
) -> None:
    """Serve the portal; without RECHARGE_API_TOKEN it is the demo on the embedded sandbox."""
    settings = _settings(host=host, port=port)
    database = asyncio.run(examine_database(settings))
    if not database.is_well:
        _stop(database.advice)
    listener = _listen(settings.host, settings.port)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})

    # NiceGUI prepares itself when it is imported, so commands that do without it start faster.
    from app.main import create, welcome

    try:
        app = create(settings)
    except (SettingsError, CannotOpen) as error:
        _stop(str(error))
    has_served = serve_until_stopped(
        app,
        listener,
        lambda: typer.echo(welcome(app.state.settings)),
        trusted_proxies=settings.trusted_proxies,
        most_connections=settings.most_connections,
    )
    if not has_served:
        raise typer.Exit(1)


@cli.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8100,
    db: Annotated[
        str, typer.Option(help="File that keeps its state, or :memory: to forget it.")
    ] = ":memory:",
) -> None:
    """Serve the Recharge look-alike alone, at / and again under /api."""
    listener = _listen("127.0.0.1", port)
    address = f"http://localhost:{listener.getsockname()[1]}"
    try:
        look_alike = Sandbox(database=db, public_url=address, bucket=True)
    except CannotOpen as error:
        _stop(str(error))
    has_served = serve_until_stopped(
        look_alike.alone,
        listener,
        lambda: typer.echo(f"The sandbox answers at {address}, token {look_alike.token}"),
    )
    asyncio.run(look_alike.close())
    if not has_served:
        raise typer.Exit(1)


@cli.command()
def doctor() -> None:
    """Check a real configuration and say what to mend. Fails when something must be mended."""
    settings = _settings()

    async def look() -> bool:
        client = None
        if settings.recharge_api_token is not None:
            client = RechargeClient(
                settings.recharge_api_token.get_secret_value(), base_url=settings.recharge_api_url
            )
        is_well = True
        async for finding in examine(settings, client):
            typer.echo(f"{finding.subject}: {finding.advice or finding.note or 'well'}")
            is_well = is_well and finding.is_well
        if client is not None:
            await client.aclose()
        return is_well

    if not asyncio.run(look()):
        raise typer.Exit(1)


@cli.command()
def openapi() -> None:
    """Print the description of the service's own routes (OpenAPI 3.1, JSON)."""
    settings = _settings()
    from app.auth import Cookies
    from app.web.openapi import describe

    cookies = Cookies(settings.is_secure)
    document = describe(
        settings.origin, session_cookie=cookies.session, merchant_cookie=cookies.merchant
    )
    typer.echo(json.dumps(document, indent=2))


@cli.command()
def lint(
    places: Annotated[list[Path], typer.Argument(help="Files and folders to look through.")],
) -> None:
    """Find where a text could turn into markup or script. Fails when something is found."""
    try:
        findings = list(look_through(places))
    except FileNotFoundError as error:
        _stop(f"{error}: there is no such file or folder.")
    except SyntaxError as error:
        _stop(f"{error.filename or places[0]}:{error.lineno}: this is no Python ({error.msg}).")
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        raise typer.Exit(1)


@cli.command()
def links(
    what: Annotated[
        str, typer.Argument(help="skip, move, add, order-now, reactivate or update-card.")
    ] = "",
    customer: Annotated[str, typer.Option(help="Whose it is: Recharge's id.")] = "",
    subscription: Annotated[str, typer.Option(help="The one that is meant, by its id.")] = "",
    address: Annotated[str, typer.Option(help="Or all that comes to one address.")] = "",
    date: Annotated[str, typer.Option(help="Only the delivery of this day: 2026-12-24.")] = "",
    weeks: Annotated[str, typer.Option(help="By how many weeks to move.")] = "",
    variant: Annotated[str, typer.Option(help="What to add: the shop's id of the variant.")] = "",
    quantity: Annotated[str, typer.Option(help="How many of it.")] = "",
    days: Annotated[str, typer.Option(help="How long the link works; 7 if not said.")] = "",
    csv: Annotated[
        str, typer.Option(help="A file with a line for each link, or - for the standard input.")
    ] = "",
) -> None:
    """Print quick links for the shop's mails: one, or with --csv a file with one for each line."""
    # Signing needs nothing of NiceGUI, but its package brings it along; other commands do without.
    from app.auth.link_tokens import LinkSigner
    from app.demo_secrets import link_keys
    from app.link_table import WrongLink, open_table, signed, signed_table

    settings = _settings()
    signer = LinkSigner(link_keys(settings), settings.origin)
    if not signer.can_sign:
        _stop(f"{configuration.variable('link_secrets')}: must be set, to sign links with.")
    said = {
        "what": what, "customer": customer, "subscription": subscription, "address": address,
        "date": date, "weeks": weeks, "variant": variant, "quantity": quantity, "days": days,
    }  # fmt: skip
    try:
        if csv:
            with open_table(csv) as table:
                printed = signed_table(signer, table, said)
        else:
            printed = f"{signed(signer, said).url}\n"
    except WrongLink as error:
        _stop(str(error))
    typer.echo(printed, nl=False)


def _settings(**overrides: object) -> Settings:
    try:
        return configuration.load(
            **{name: value for name, value in overrides.items() if value is not None}
        )
    except SettingsError as error:
        _stop(str(error))


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        reason = error.strerror or str(error)
        _stop(f"Cannot listen on {host}:{port}: {reason}. Choose another with --port.")


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
