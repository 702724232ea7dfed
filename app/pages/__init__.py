"""What a signed-in customer sees: one page, whose views change in the browser without a new load.

::

    register(services, guard, settings)      # once, in `app.main`

The page answers at ``/``, ``/subscriptions``, ``/subscriptions/{id}``, ``/memberships/{id}``,
``/schedule``, ``/schedule/month``, ``/account``, ``/account/devices``, ``/activity`` and the other
places of `app.state.places`, and below the addresses of what a customer has at ``/cancel`` with its
steps; at every other address that nothing else answers, it says that there is nothing, with
status 404.
"""

from app.pages import economy
from app.pages.account import AccountPage, DevicesPage
from app.pages.activity import ActivityPage
from app.pages.frame import Frame
from app.pages.memberships import MembershipPage
from app.pages.overview import Overview
from app.pages.page import register
from app.pages.schedule import Schedule
from app.pages.subscriptions import SubscriptionPage, Subscriptions
from app.pages.view import View

__all__ = [
    "AccountPage",
    "ActivityPage",
    "DevicesPage",
    "Frame",
    "MembershipPage",
    "Overview",
    "Schedule",
    "SubscriptionPage",
    "Subscriptions",
    "View",
    "economy",
    "register",
]
