"""A whole page's state with nothing behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Literal, cast

from app.i18n import Texts, say
from app.state import (
    MembershipState,
    Notice,
    Portal,
    State,
    StepUpState,
    SubscriptionState,
)
from components.gallery.made_up.deliveries import MadeUpDelivery, MadeUpSchedule
from components.gallery.made_up.payments import MadeUpPayments


class MadeUpPortal(Portal):
    """An open page's state without anything behind it."""

    def __init__(
        self,
        *,
        status: Literal["loading", "ready", "failed"] = "ready",
        shop: str = "Northbound Coffee & Pantry",
        first_name: str = "Mara",
        deliveries: Sequence[MadeUpDelivery] = (),
        subscriptions: Sequence[SubscriptionState] = (),
        memberships: Sequence[MembershipState] = (),
        notice: Notice | None = None,
        failure: Notice | None = None,
        age: timedelta = timedelta(0),
        texts: Texts | None = None,
    ) -> None:
        State.__init__(self)
        self.texts = texts or Texts("en")
        self.status = status
        self.failure = failure
        self.schedule = MadeUpSchedule(deliveries)
        self.subscriptions = list(subscriptions)
        self.memberships = list(memberships)
        self.payments, self.step_up = MadeUpPayments(), StepUpState(self)
        self.notice = notice
        self.snapshot = None
        if status == "ready":
            self.snapshot = cast(Any, _Snapshot(shop, first_name))
        self._given_age = age
        self.presses: list[str] = []
        self.rearrange()

    @property
    def age(self) -> timedelta | None:
        return self._given_age if self.snapshot else None

    def rearrange(self) -> None:
        due = (d for d in self.schedule.deliveries if not d.is_skipped)
        self.next_delivery = next(due, None)
        self.changed.emit()

    async def open(self) -> None:
        self.presses.append("open")

    async def reload(self) -> None:
        self.presses.append("reload")
        self.changed.emit()

    async def undo(self) -> None:
        self.presses.append("undo")
        self.tell(Notice("success", say("Your delivery comes as planned again.")))

    def tell(self, notice: Notice, holds: Callable[[], bool] | None = None) -> None:
        self.notice = notice
        self.changed.emit()

    def dismiss(self) -> None:
        self.presses.append("dismiss")
        self.notice = None
        self.changed.emit()

    def close(self) -> None:
        State.close(self)


class _Snapshot:
    """As much of a snapshot as the page's frame reads."""

    def __init__(self, shop: str, first_name: str) -> None:
        self.unreadable = 0
        self.pictures: dict[str, str] = {}
        self.shop = _Shop(name=shop)
        self.customer = _Named(first_name=first_name)


class _Named:
    def __init__(self, **values: str) -> None:
        vars(self).update(values)

    def __getattr__(self, name: str) -> str:
        raise AttributeError(name)


class _Shop(_Named):
    """A shop that offers everything."""

    def allows(self, switch: str) -> bool:
        return True
