"""What a page is made of: one component per file, each of them replaceable by a shop's own.

::

    from components import SubscriptionCard, html, override

    @override(SubscriptionCard)
    class RoasterCard(SubscriptionCard):
        def body(self) -> None:
            super().body()
            html.p(self.texts.t("Roasted on Tuesdays"))

Errors are drawn in `components.base`.
"""

from components import html
from components.base import (
    AlreadyReplaced,
    Component,
    ComponentError,
    NotAReplacement,
    overridden,
    override,
)
from components.browser import Browser
from components.dialog import ConfirmDialog
from components.feedback import Empty, EmptyState, ErrorState, Failure, NoticeBar, Skeleton
from components.icons import FAVICON, icon
from components.next_delivery import NextDelivery
from components.plain import first_paint
from components.schedule_timeline import ScheduleTimeline, TimelineEntry
from components.skip_dialog import SkipDialog
from components.subscription_card import SubscriptionCard
from components.theme import put_on_pages

__all__ = [
    "FAVICON",
    "AlreadyReplaced",
    "Browser",
    "Component",
    "ComponentError",
    "ConfirmDialog",
    "Empty",
    "EmptyState",
    "ErrorState",
    "Failure",
    "NextDelivery",
    "NotAReplacement",
    "NoticeBar",
    "ScheduleTimeline",
    "Skeleton",
    "SkipDialog",
    "SubscriptionCard",
    "TimelineEntry",
    "first_paint",
    "html",
    "icon",
    "overridden",
    "override",
    "put_on_pages",
]
