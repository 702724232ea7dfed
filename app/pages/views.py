"""Which view an address shows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeGuard
from urllib.parse import urlsplit

from nicegui import ui
from nicegui.page_arguments import RouteMatch

from app.i18n import say
from app.pages.account import DEVICES, AccountPage, DevicesPage
from app.pages.activity import PATH as ACTIVITY
from app.pages.activity import ActivityPage
from app.pages.addresses import Addresses, AddressPage, NewAddress
from app.pages.cancel import CancelPage
from app.pages.credit import CreditPage
from app.pages.history import OrdersPage
from app.pages.memberships import MembershipPage
from app.pages.orders import OrderPage
from app.pages.overview import Overview
from app.pages.payment_methods import PaymentMethodPage, PaymentMethods
from app.pages.schedule import Schedule
from app.pages.subscriptions import SubscriptionPage, Subscriptions, id_of
from app.pages.view import not_found
from app.retention import Subject
from app.state import ACCOUNT, ADDRESSES, CREDIT, ORDERS, PAYMENT_METHODS, Leavings, shows
from app.state.order import OrderKind
from components import ErrorState, Failure, html

if TYPE_CHECKING:
    from app.pages.frame import Frame

_log = logging.getLogger(__name__)


_LONGEST_ADDRESS = 2000


class Views(ui.sub_pages):
    """The view of the current address.

    What an address leads to that does not exist, or fails, is said in our own words: the text of an
    exception is not for customers. What the merchant does not show does not exist.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._leavings = Leavings(frame.model)
        ui.context.client.on_delete(self._leavings.close)
        self._is_first = self._is_shown = True
        super().__init__(
            {
                "/": self.overview,
                "/subscriptions": self.subscriptions,
                "/subscriptions/{id}": self.subscription,
                "/subscriptions/{id}/cancel": self.leave_subscription,
                "/subscriptions/{id}/cancel/{step}": self.leave_subscription,
                "/memberships/{id}": self.membership,
                "/memberships/{id}/cancel": self.leave_membership,
                "/memberships/{id}/cancel/{step}": self.leave_membership,
                "/schedule": self.schedule,
                "/schedule/month": self.schedule_by_month,
                ORDERS: self.orders,
                "/orders/{id}": self.order,
                "/orders/charges/{id}": self.charge,
                CREDIT: self.credit,
                ACCOUNT: self.account,
                DEVICES: self.devices,
                ADDRESSES: self.addresses,
                ADDRESSES + "/new": self.new_address,
                ADDRESSES + "/{id}": self.address,
                PAYMENT_METHODS: self.payment_methods,
                PAYMENT_METHODS + "/{id}": self.payment_method,
                ACTIVITY: self.activity,
            }
        )

        # What a browser calls an address may be anything; NiceGUI takes it for one.
        for name in ("_handle_open", "_handle_navigate"):
            stock = getattr(type(self._router), name).__get__(self._router)
            setattr(self._router, name, _for_addresses(stock))

    def overview(self) -> None:
        Overview.show(self._frame.state, self._frame.texts)

    def subscriptions(self) -> None:
        Subscriptions.show(self._frame.state, self._frame.texts)

    def subscription(self, id: str) -> None:
        view = SubscriptionPage.show(self._frame.state, self._frame.texts, id)
        if view.is_missing and self._is_first:
            ui.status_code(404)

    def membership(self, id: str) -> None:
        view = MembershipPage.show(self._frame.state, self._frame.texts, id_of(id))
        if view.is_missing and self._is_first:
            ui.status_code(404)

    def leave_subscription(self, id: str, step: str = "") -> None:
        number = id_of(id)
        self._leave(Subject("subscription", number) if number is not None else None, step)

    def leave_membership(self, id: str, step: str = "") -> None:
        number = id_of(id)
        self._leave(Subject("membership", number) if number is not None else None, step)

    def _leave(self, subject: Subject | None, step: str) -> None:
        frame = self._frame
        view = CancelPage.show(frame.model, frame.texts, self._leavings, subject, step)
        if view.is_missing and self._is_first:
            ui.status_code(404)

    def schedule(self) -> None:
        Schedule.show(self._frame.state, self._frame.texts, self._frame.calendar)

    def schedule_by_month(self) -> None:
        frame = self._frame
        Schedule.show(frame.state, frame.texts, frame.calendar, by_month=True)

    def orders(self, status: str = "", time: str = "") -> None:
        OrdersPage.show(self._frame.state, self._frame.texts, status, time)

    def order(self, id: str) -> None:
        self._order("order", id_of(id))

    def charge(self, id: str) -> None:
        self._order("charge", id_of(id))

    def _order(self, kind: OrderKind, id: int | None) -> None:
        frame = self._frame
        view = OrderPage.show(frame.state, frame.texts, frame.model.orders.of(kind, id))
        if view.is_missing and self._is_first:
            ui.status_code(404)

    def account(self) -> None:
        frame = self._frame
        AccountPage.show(frame.state, frame.texts, frame.account, frame.sign_out_token)

    def devices(self) -> None:
        DevicesPage.show(self._frame.state, self._frame.texts, self._frame.account)

    def credit(self) -> None:
        CreditPage.show(self._frame.state, self._frame.texts)

    def addresses(self) -> None:
        Addresses.show(self._frame.model, self._frame.texts)

    def new_address(self) -> None:
        NewAddress.show(self._frame.model, self._frame.texts)

    def address(self, id: str) -> None:
        view = AddressPage.show(self._frame.model, self._frame.texts, id_of(id))
        if view.is_missing and self._is_first:
            ui.status_code(404)

    def payment_methods(self) -> None:
        PaymentMethods.show(self._frame.state, self._frame.texts)

    def payment_method(self, id: str) -> None:
        view = PaymentMethodPage.show(self._frame.state, self._frame.texts, id_of(id))
        if view.is_missing and self._is_first:
            ui.status_code(404)

    def activity(self) -> None:
        ActivityPage.show(self._frame.state, self._frame.texts)

    def _show(self) -> None:
        super()._show()
        self._frame.arrived(urlsplit(self._router.current_path).path, is_first=self._is_first)
        self._is_first = False

    def _find_matching_path(self) -> RouteMatch | None:
        """A view takes its whole address: nothing is drawn for one that only begins like it, nor
        for one that the merchant does not show."""
        self._is_shown = self._shows_current()
        match = super()._find_matching_path() if self._is_shown else None
        return None if match is None or match.remaining_path else match

    def follow(self) -> None:
        """The shop's settings may have changed: draw the view anew where it came or went."""
        if self._is_shown != self._shows_current():
            self.refresh()

    def _shows_current(self) -> bool:
        return shows(self._frame.model, urlsplit(self._router.current_path).path)

    def _render_404(self) -> None:
        texts = self._frame.texts
        with html.div(class_="ds-view"):
            with html.header(data_slot="header"):
                html.h1(texts.t("Not found"))
            not_found(texts)
        ui.page_title(texts.t("Not found"))

    def _render_error(self, error: Exception) -> None:
        texts = self._frame.texts
        _log.error("view %s failed", self._router.current_path, exc_info=error)
        with html.div(class_="ds-view"):
            with html.header(data_slot="header"):
                html.h1(texts.t("Something went wrong"))
            ErrorState.show(
                Failure(
                    title=say("This page cannot be shown right now"),
                    text=say("Nothing was changed. Please try again in a moment."),
                    retry=self.refresh,
                ),
                texts,
            )
        ui.page_title(texts.t("Something went wrong"))


def _for_addresses(handle: Callable[[str], Awaitable[object]]) -> Callable[[object], object]:
    async def handler(path: object) -> object:
        return await handle(path) if _is_address(path) else None

    return handler


def _is_address(path: object) -> TypeGuard[str]:
    """Whether it leads to a place of this host, as far as its form tells."""
    if not isinstance(path, str) or len(path) > _LONGEST_ADDRESS or not path.startswith("/"):
        return False
    try:
        return not urlsplit(path).netloc
    except ValueError:
        return False
