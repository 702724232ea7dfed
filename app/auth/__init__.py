"""Who is signed in, how they came in, and who may speak over a page's socket.

Put together once, in ``app/main.py``::

    sessions = Sessions(database, settings)
    links = SignInLinks(database, settings, sessions)
    codes = SignInCodes(database, sessions, links)
    exits = ExitLinks(database)
    tokens = PortalTokens(database, sessions, find_by_hash)
    guard = Guard(sessions, settings, Bearers(database, sessions))
    guard.install()                       # before the first socket
    watching = asyncio.create_task(guard.watch())
    application = Gate(application, sessions, settings, has_room=guard.make_room)

    token = await tokens.issue(101)       # f"/portal/{customer_hash}?token={token}" signs 101 in

and at every page, first thing::

    guard.own(ui.context.client, request.state.principal)

Sessions live on the server; the browser holds a random cookie of 256 bits, of which only a digest
is kept. `Services.is_signed_in` asks `sessions.is_signed_in`, and `exits.is_live` for those who
leave by a mailed link without signing in.

Errors::

    AuthError
    ├── BadEmbedToken   a token of the shop's server lets nobody in
    └── TooManyPages    as many pages are open as the settings permit
"""

from app.auth.access import ACCESS, Access, Entry, Who
from app.auth.app_proxy import AppProxy, Proxied, ProxyFault
from app.auth.bearers import BEARER_FOR, Bearers
from app.auth.bodies import Bodies
from app.auth.calendar_feeds import CalendarFeeds, Feed
from app.auth.card_guard import CardGuard
from app.auth.cards import body_holds_card, holds_card_number, is_card_field
from app.auth.codes import WORKS_FOR, Codes, Given, OpenCode
from app.auth.cookies import Cookies
from app.auth.devices import Device, browser_and_system
from app.auth.embed_tokens import BadEmbedToken, EmbedFault, EmbedTokens, Vouched
from app.auth.errors import AuthError, TooManyPages
from app.auth.exit_links import ExitLink, ExitLinks
from app.auth.gate import Answer, Gate, Refusal, SignedInOnly
from app.auth.guard import Guard
from app.auth.hand_offs import HandedOver, HandOffs
from app.auth.limits import (
    CALENDAR_MISSES_PER_NETWORK,
    CALENDAR_PER_ADDRESS,
    CODES_PER_ADDRESS,
    CODES_PER_CUSTOMER,
    DATA_FILES,
    EXITS_PER_NETWORK,
    EXITS_PER_ORDER,
    LINKS_PER_ADDRESS,
    LINKS_PER_NETWORK,
    MERCHANT_PER_NETWORK,
    ORDER_FILES,
    STEP_UPS_PER_CUSTOMER,
    SUPPORT_PER_NETWORK,
    Limit,
    Limits,
    network,
)
from app.auth.link_tokens import LinkSigner, QuickLink, SignedLink
from app.auth.links import FoundLink, SignedIn, SignInLinks
from app.auth.looks import LONGEST_NAME, LONGEST_REASON, Look, Looks
from app.auth.mailed_links import LinkState
from app.auth.merchant import MERCHANT_FOR, MerchantSessions
from app.auth.new_address import EndOthers
from app.auth.oidc import PATH as PROVIDER_PATH
from app.auth.oidc import Answer as ProviderAnswer
from app.auth.oidc import ProviderSignIns, providers_of
from app.auth.oidc import Refused as ProviderRefused
from app.auth.oidc_provider import Provider
from app.auth.oidc_talk import OidcError
from app.auth.oidc_talk import Problem as OidcProblem
from app.auth.origins import Origins
from app.auth.portal_tokens import VALID_FOR, FindByHash, GoodToken, PortalTokens, Purpose
from app.auth.proofs import Proofs, Shown
from app.auth.quick_links import Press, QuickLinks
from app.auth.secrets import form_token, is_form_token, new_secret
from app.auth.sessions import MOST_PER_CUSTOMER, Sessions
from app.auth.sign_in_codes import CodeTry, GivenCode, SignInCodes, SignInMail
from app.auth.single_use import SingleUse
from app.auth.targets import local_path
from app.auth.traffic import Traffic

__all__ = [
    "ACCESS",
    "BEARER_FOR",
    "CALENDAR_MISSES_PER_NETWORK",
    "CALENDAR_PER_ADDRESS",
    "CODES_PER_ADDRESS",
    "CODES_PER_CUSTOMER",
    "DATA_FILES",
    "EXITS_PER_NETWORK",
    "EXITS_PER_ORDER",
    "LINKS_PER_ADDRESS",
    "LINKS_PER_NETWORK",
    "LONGEST_NAME",
    "LONGEST_REASON",
    "MERCHANT_FOR",
    "MERCHANT_PER_NETWORK",
    "MOST_PER_CUSTOMER",
    "ORDER_FILES",
    "PROVIDER_PATH",
    "STEP_UPS_PER_CUSTOMER",
    "SUPPORT_PER_NETWORK",
    "VALID_FOR",
    "WORKS_FOR",
    "Access",
    "Answer",
    "AppProxy",
    "AuthError",
    "BadEmbedToken",
    "Bearers",
    "Bodies",
    "CalendarFeeds",
    "CardGuard",
    "CodeTry",
    "Codes",
    "Cookies",
    "Device",
    "EmbedFault",
    "EmbedTokens",
    "EndOthers",
    "Entry",
    "ExitLink",
    "ExitLinks",
    "Feed",
    "FindByHash",
    "FoundLink",
    "Gate",
    "Given",
    "GivenCode",
    "GoodToken",
    "Guard",
    "HandOffs",
    "HandedOver",
    "Limit",
    "Limits",
    "LinkSigner",
    "LinkState",
    "Look",
    "Looks",
    "MerchantSessions",
    "OidcError",
    "OidcProblem",
    "OpenCode",
    "Origins",
    "PortalTokens",
    "Press",
    "Proofs",
    "Provider",
    "ProviderAnswer",
    "ProviderRefused",
    "ProviderSignIns",
    "Proxied",
    "ProxyFault",
    "Purpose",
    "QuickLink",
    "QuickLinks",
    "Refusal",
    "Sessions",
    "Shown",
    "SignInCodes",
    "SignInLinks",
    "SignInMail",
    "SignedIn",
    "SignedInOnly",
    "SignedLink",
    "SingleUse",
    "TooManyPages",
    "Traffic",
    "Vouched",
    "Who",
    "body_holds_card",
    "browser_and_system",
    "form_token",
    "holds_card_number",
    "is_card_field",
    "is_form_token",
    "local_path",
    "network",
    "new_secret",
    "providers_of",
]
