"""Plain HTTP around the portal: signing in and out, old links, failures, health.

Put together once, in ``app/main.py``, before NiceGUI is mounted::

    front = Front(settings, database, mirror, sessions, links, tokens, mailer, texts)
    downloads = [*ActivityFile(…).routes(), *OrderReceipts(…).routes()]
    front.install(application, guard=guard, inner=(nicegui_app,), more=downloads)
    …
    await front.close()                   # when the service stops: mails on their way go out

`install` adds the routes and, from the outside in, `SecurityHeaders`, `Incidents`, `Traffic`, the
`Gate` and the `CardGuard`.
"""

from app.web.activity_file import ActivityFile
from app.web.app_proxy import AppProxyRoutes
from app.web.arrive import Arrival
from app.web.calendar import CalendarRoutes
from app.web.cards import CardRoutes
from app.web.compression import CompressionMiddleware
from app.web.data_file import DataFile
from app.web.email_codes import EmailCodePost
from app.web.embed import Embed
from app.web.embed_sessions import EmbedSessions
from app.web.errors import ErrorPages, HideQueries, Incidents, record, safe_path
from app.web.exit_mail import ExitPost
from app.web.front import Front, Shopkeeper
from app.web.headers import APP_POLICY, PLAIN_POLICY, SecurityHeaders
from app.web.health import Health
from app.web.leave import leave_routes
from app.web.link_api import LinkApi
from app.web.link_mail import LinkPost
from app.web.looks import CUSTOMERS, LookRoutes
from app.web.merchant import Merchant
from app.web.merchant_api import MerchantApi
from app.web.metrics import Metrics, RequestClock
from app.web.oidc import ProviderRoutes
from app.web.old_links import OldLinks, new_place
from app.web.order_receipt import OrderReceipts
from app.web.portal_link_api import PortalLinkApi
from app.web.quick_links import QuickLinkRoutes
from app.web.receipt_mail import ReceiptPost
from app.web.rendering import Pages
from app.web.sign_in import SignIn
from app.web.step_up import StepUpPost
from app.web.step_up_page import StepUpRoutes

__all__ = [
    "APP_POLICY",
    "CUSTOMERS",
    "PLAIN_POLICY",
    "ActivityFile",
    "AppProxyRoutes",
    "Arrival",
    "CalendarRoutes",
    "CardRoutes",
    "CompressionMiddleware",
    "DataFile",
    "EmailCodePost",
    "Embed",
    "EmbedSessions",
    "ErrorPages",
    "ExitPost",
    "Front",
    "Health",
    "HideQueries",
    "Incidents",
    "LinkApi",
    "LinkPost",
    "LookRoutes",
    "Merchant",
    "MerchantApi",
    "Metrics",
    "OldLinks",
    "OrderReceipts",
    "Pages",
    "PortalLinkApi",
    "ProviderRoutes",
    "QuickLinkRoutes",
    "ReceiptPost",
    "RequestClock",
    "SecurityHeaders",
    "Shopkeeper",
    "SignIn",
    "StepUpPost",
    "StepUpRoutes",
    "leave_routes",
    "new_place",
    "record",
    "safe_path",
]
