"""The ways in, put together: each of them ends in one `Principal`."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from app.actions import Principal, Services
from app.auth import (
    AppProxy,
    Bearers,
    Codes,
    EmbedTokens,
    EndOthers,
    HandOffs,
    Limits,
    LinkSigner,
    Looks,
    PortalTokens,
    ProviderSignIns,
    QuickLinks,
    Sessions,
    SingleUse,
)
from app.database import Database
from app.demo_links import DemoLinks
from app.demo_secrets import link_keys, merchant_word, support_word
from app.mail import Mailer
from app.mirror import Mirror
from app.settings import Settings
from app.web import (
    AppProxyRoutes,
    Arrival,
    Embed,
    EmbedSessions,
    Front,
    LinkApi,
    LookRoutes,
    MerchantApi,
    PortalLinkApi,
    ProviderRoutes,
    QuickLinkRoutes,
    StepUpPost,
    StepUpRoutes,
)


class Ways:
    """Makes the routes of all ways in that are not the mailed link's. `close` at the end."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        mirror: Mirror,
        sessions: Sessions,
        services: Services,
        front: Front,
        mailer: Mailer,
    ) -> None:
        services.journal.when_done.append(EndOthers(sessions.shop))
        self.hand_offs = HandOffs(database, sessions)
        self.step_up = _step_up(database, mirror, services, front, mailer)
        word = support_word(settings)
        self.looks = Looks(database, sessions, word, settings)
        self._routes: list[Route] = [
            *LookRoutes(
                front.pages,
                front.errors,
                mirror,
                database,
                sessions,
                self.looks,
                word,
                demo_word=word if settings.is_demo and not settings.support_token else "",
            ).routes(),
            *StepUpRoutes(self.step_up, front.pages).routes(),
            *Arrival(front.pages, sessions, self.hand_offs).routes(),
            *Embed(settings, front.pages, sessions).routes(),
            *_embed_sessions(settings, database, mirror, sessions, self.hand_offs).routes(),
            *AppProxyRoutes(
                front.pages,
                front.errors,
                _app_proxy(settings, SingleUse(database)),
                self.hand_offs,
                mirror,
                settings.origin,
            ).routes(),
            *_quick_links(settings, database, mirror, services, front),
            *_portal_links(settings, database, mirror, sessions).routes(),
            *_providers(settings, database, mirror, sessions, front).routes(),
        ]

    def routes(self) -> Sequence[Route]:
        """All their routes: each stands in the access table."""
        return self._routes

    async def start(self) -> None:
        """Once before the first request, when the database is there."""
        await self.looks.start_up()

    async def close(self) -> None:
        """Let what is on its way arrive."""
        await self.step_up.settle()


def _embed_sessions(
    settings: Settings, database: Database, mirror: Mirror, sessions: Sessions, hand_offs: HandOffs
) -> EmbedSessions:
    async def find_by_account(account: str) -> int | None:
        return await mirror.find_customer(external_id=account)

    return EmbedSessions(
        settings,
        sessions,
        EmbedTokens(settings, SingleUse(database)),
        Bearers(database, sessions),
        hand_offs,
        find_by_account,
    )


def _app_proxy(settings: Settings, single_use: SingleUse) -> AppProxy | None:
    """Checks what the shop's Shopify passes on; None where there is none."""
    if settings.shopify_secret is None:
        return None
    return AppProxy(settings.shopify_shop, settings.shopify_secret.get_secret_value(), single_use)


def _step_up(
    database: Database, mirror: Mirror, services: Services, front: Front, mailer: Mailer
) -> StepUpPost:
    """Codes to customers' own mailboxes. What they prove counts for all actions."""
    codes = StepUpPost(mirror, Codes(database), Limits(database), mailer, front.pages)
    others = services.is_proven

    async def is_proven(principal: Principal, what: str) -> bool:
        return await codes.is_proven(principal, what) or await others(principal, what)

    services.is_proven = is_proven
    return codes


def _quick_links(
    settings: Settings, database: Database, mirror: Mirror, services: Services, front: Front
) -> list[Route]:
    """The pages of quick links, and what makes them. Who holds a link may do what it is for."""
    signer = LinkSigner(link_keys(settings), settings.origin)
    links = QuickLinks(database, signer)
    others = services.is_signed_in

    async def is_known(principal: Principal) -> bool:
        return await links.is_live(principal) or await others(principal)

    services.is_signed_in = is_known
    demo = DemoLinks(front.pages, mirror, signer).routes() if settings.is_demo else []
    return [
        *QuickLinkRoutes(services, front.pages, links).routes(),
        *LinkApi(signer, merchant_word(settings), Limits(database)).routes(),
        *demo,
    ]


def _portal_links(
    settings: Settings, database: Database, mirror: Mirror, sessions: Sessions
) -> PortalLinkApi:
    """What makes links of the Theme Engine's form, for the shop's mails."""

    async def find_by_hash(customer_hash: str) -> int | None:
        return await mirror.find_customer(hash=customer_hash)

    return PortalLinkApi(
        MerchantApi(merchant_word(settings), Limits(database)),
        PortalTokens(database, sessions, find_by_hash),
        settings.origin,
    )


def _providers(
    settings: Settings, database: Database, mirror: Mirror, sessions: Sessions, front: Front
) -> ProviderRoutes:
    """Identity providers, which the sign-in page offers from now on."""
    routes = ProviderRoutes(
        front.pages,
        front.errors,
        sessions,
        ProviderSignIns(database, settings, sessions, mirror),
    )
    front.sign_in.providers = routes.buttons
    front.sign_in.notices = routes.notices
    return routes
