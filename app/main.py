"""The service, put together. The one module that knows every layer."""

from __future__ import annotations

import asyncio
import gc
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui

from app import demo as demonstration
from app import pages
from app.actions import Principal, Services
from app.auth import (
    Bearers,
    CalendarFeeds,
    Codes,
    ExitLinks,
    Guard,
    Limits,
    PortalTokens,
    Sessions,
    SignInLinks,
)
from app.clock import utc_now
from app.database import Database
from app.demo import DEMO_PATH, SANDBOX_PATH, Demo
from app.demo_history import plant_history
from app.demo_secrets import DEMO_MERCHANT_WORD, support_word
from app.i18n import Texts
from app.logs import configure_logs
from app.mail import Mailer, SmtpMailer
from app.meters import OPEN_PAGES, SOCKETS
from app.mirror import SWITCHES, Mirror
from app.payments import HostedForm, PaymentForm, SandboxForm, origin_of
from app.recharge import LocalBudget, RechargeClient
from app.retention import RetentionFile, RetentionFileError, load_retention_file, plan_of
from app.settings import Settings, SettingsError, variable
from app.state import AccountDoors
from app.ways import Ways
from app.web import (
    CUSTOMERS,
    ActivityFile,
    CalendarRoutes,
    CardRoutes,
    CompressionMiddleware,
    DataFile,
    EmailCodePost,
    ExitPost,
    Front,
    Merchant,
    Metrics,
    OrderReceipts,
    ReceiptPost,
    leave_routes,
)


def create(settings: Settings) -> FastAPI:
    """The whole service as an ASGI application. NiceGUI allows one in a process.

    Raises:
        SettingsError: what is set does not make a service; the text names the setting.
    """
    configure_logs(settings)
    _check_switches(settings)
    retention_file = _retention_file(settings)
    _extend(settings)
    demo = Demo(settings) if settings.is_demo else None
    settings = demo.settings if demo else settings
    clock = demo.sandbox.clock.now if demo else utc_now
    client = _client(settings, demo)
    database = Database(settings.database_url)
    mirror = Mirror(database, client, clock=clock, overrides=settings.switches)
    sessions = Sessions(database, settings)
    exits = ExitLinks(database)
    guard = Guard(sessions, settings, Bearers(database, sessions))

    async def is_known(principal: Principal) -> bool:
        """Signed in, or here by a link to leave by."""
        return await sessions.is_signed_in(principal) or await exits.is_live(principal)

    async def is_proven(principal: Principal, what: str) -> bool:
        """By a code that was sent a moment ago, and given back."""
        return await emails.is_proven(principal, what)

    payment_form = _payment_form(settings, demo)
    services = Services(
        database=database,
        mirror=mirror,
        client=client,
        settings=settings,
        clock=clock,
        is_signed_in=is_known,
        is_proven=is_proven,
        retention_file=retention_file,
        payment_form=payment_form,
    )

    async def find_by_hash(customer_hash: str) -> int | None:
        return await mirror.find_customer(hash=customer_hash)

    mailer = demo or _mailer(settings, mirror)
    front = Front(
        settings,
        database,
        mirror,
        sessions,
        SignInLinks(database, settings, sessions),
        PortalTokens(database, sessions, find_by_hash),
        mailer,
        Texts(settings.language),
        shop_clock=clock,
        demo_inbox=demo.inbox if demo else "",
        demo_door=DEMO_PATH if demo else "",
    )

    emails = EmailCodePost(Codes(database), Limits(database), mailer, front.pages)
    receipts = ReceiptPost(services, mailer, front.pages, settings.origin)
    exit_post = ExitPost(services, exits, mailer, front.pages, settings.origin)
    feeds = CalendarFeeds(database)
    texts = Texts(settings.language)
    data_file = DataFile(services, front.pages, front.errors, Limits(database))
    ways = Ways(settings, database, mirror, sessions, services, front, mailer)
    downloads = (
        *ways.routes(),
        *_metrics(settings, front, guard).routes(),
        *data_file.routes(),
        *ActivityFile(services, texts, front.errors).routes(),
        *CalendarRoutes(services, feeds, texts).routes(),
        *CardRoutes(services, front.pages, front.errors, settings.origin).routes(),
        *OrderReceipts(services, front.pages, front.errors, settings.receipt_fonts).routes(),
        *_merchant(settings, front, services, sessions).routes(),
        *leave_routes(services, front.pages, sessions.cookies, exits, exit_post),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.upgrade()
        if demo and demo.is_new:
            await mirror.forget_everything()
            plan = plan_of(await mirror.shop(), retention_file)
            await plant_history(database, plan.reasons, clock())
        if demo:
            await demo.start()
        await services.start()
        await ways.start()
        receipts.start()
        watching = asyncio.create_task(guard.watch())
        _spare_the_collector()
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await exit_post.settle()
        await emails.settle()
        await ways.close()
        await front.close()
        await services.close()
        await receipts.close()
        await mirror.close()
        if payment_form:
            await payment_form.aclose()
        await client.aclose()
        await database.close()
        if demo:
            await demo.close()

    application = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    application.state.settings = settings
    front.install(
        application,
        guard=guard,
        inner=(nicegui_app,),
        unguarded=(f"{SANDBOX_PATH}/", DEMO_PATH) if demo else (),
        more=downloads,
        looks=ways.looks,
    )
    if demo:
        application.router.routes += demo.routes(sessions, front.pages)
        application.mount(SANDBOX_PATH, demo.sandbox.app)
    application.add_middleware(CompressionMiddleware)
    pages.economy.install()
    pages.register(services, guard, settings, feeds, AccountDoors(sessions, emails, ways.step_up))
    ui.run_with(
        application,
        tailwind=False,
        gzip_middleware_factory=None,  # CompressionMiddleware does it once for everybody
        binding_refresh_interval=None,
        show_welcome_message=False,
    )
    guard.install()
    return application


def welcome(settings: Settings) -> str:
    """What the terminal says when the service answers."""
    if settings.is_demo:
        return demonstration.welcome(settings)
    return f"The portal answers at {settings.origin}."


def _client(settings: Settings, demo: Demo | None) -> RechargeClient:
    budget = LocalBudget(
        size=settings.upstream_bucket_size,
        rate=settings.upstream_bucket_rate,
        margin=float(settings.upstream_margin),
    )
    if demo:
        return RechargeClient(demo.token, transport=demo.transport, budget=budget)
    return RechargeClient(
        settings.recharge_api_token.get_secret_value() if settings.recharge_api_token else "",
        base_url=settings.recharge_api_url,
        budget=budget,
    )


def _payment_form(settings: Settings, demo: Demo | None) -> PaymentForm:
    """What makes forms for new cards. Without one the shop's processor takes them elsewhere."""
    if settings.stripe_public_key and settings.stripe_secret_key:
        from app.payments.stripe import StripeForm  # a large library, which most shops do not need

        return StripeForm(
            settings.stripe_public_key, settings.stripe_secret_key, settings.stripe_api_url
        )
    if demo:
        return demo.payment_form()
    if settings.sandbox_cards and settings.recharge_api_token:
        address = settings.recharge_api_url
        return SandboxForm(
            origin_of(address),
            settings.recharge_api_token.get_secret_value(),
            lambda: origin_of(address),
            settings.origin,
        )
    return HostedForm()


def _metrics(settings: Settings, front: Front, guard: Guard) -> Metrics:
    def measure() -> None:
        OPEN_PAGES.set(guard.pages)
        SOCKETS.set(guard.sockets)

    token = settings.metrics_token
    return Metrics(token.get_secret_value() if token else "", front.errors, measure)


def _mailer(settings: Settings, mirror: Mirror) -> Mailer:
    if settings.smtp_url is None:
        raise SettingsError(
            f"{variable('smtp_url')}: must be set, since customers sign in by e-mailed links."
        )

    async def store_address() -> str:
        return (await mirror.shop()).email

    return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from or store_address)


def _merchant(settings: Settings, front: Front, services: Services, sessions: Sessions) -> Merchant:
    token = settings.merchant_token
    # A real shop without a word has no merchant's pages at all.
    demo_word = DEMO_MERCHANT_WORD if settings.is_demo and token is None else ""
    return Merchant(
        front.pages,
        front.errors,
        services.mirror,
        services.database,
        sessions.cookies,
        token.get_secret_value() if token else demo_word,
        shop_clock=services.clock,
        demo_word=demo_word,
        elsewhere=CUSTOMERS if support_word(settings) else "",
    )


def _check_switches(settings: Settings) -> None:
    """A misspelt switch would leave on what the shop believes to be off."""
    unknown = sorted(set(settings.switches) - set(SWITCHES))
    if unknown:
        raise SettingsError(
            f"{variable('switches')}: there is no {unknown[0]}; "
            f"what there is: {', '.join(sorted(SWITCHES))}."
        )


def _retention_file(settings: Settings) -> RetentionFile | None:
    if settings.retention is None:
        return None
    try:
        return load_retention_file(settings.retention)
    except RetentionFileError as error:
        raise SettingsError(f"{variable('retention')}: {error}") from error


def _extend(settings: Settings) -> None:
    """Import the shop's own modules, whose components take the place of ours."""
    for name in settings.extensions:
        try:
            importlib.import_module(name)
        except Exception as error:
            raise SettingsError(
                f"{variable('extensions')}: {name} cannot be imported "
                f"({type(error).__name__}: {error})."
            ) from error


def _spare_the_collector() -> None:
    """What is loaded at start stays; looking through it again and again would cost every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
