"""Store credit."""

from __future__ import annotations

import asyncio

from app.i18n import Texts, say
from app.pages.view import View
from app.state import ACCOUNT, CreditState, Portal
from components import ErrorState, Failure, Skeleton, StoreCredit, html


class CreditPage(View):
    """``/credit``: it is asked for when this is opened, and shown with its age."""

    def __init__(self, state: Portal, texts: Texts) -> None:
        self.credit: CreditState = state.credit
        self._let_go = self.credit.changed.subscribe(self.redraw)
        super().__init__(state, texts)
        self._opening = asyncio.create_task(self.credit.open())

    def header(self) -> None:
        html.a(ACCOUNT, self.t("Account"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        return self.t("Store credit")

    def ready(self) -> None:
        status = self.seen(lambda: self.credit.status)
        failure = self.seen(lambda: self.credit.failure)
        if status == "loading":
            Skeleton.show(1, self.texts)
        elif status == "failed":
            ErrorState.show(
                Failure(
                    title=say("We cannot show your store credit right now"),
                    text=failure.message if failure else say("Please try again in a moment."),
                    retry=self.credit.read,
                ),
                self.texts,
            )
        else:
            StoreCredit.show(self.credit, self.texts)

    def _handle_delete(self) -> None:
        let_go = getattr(self, "_let_go", None)
        if let_go is not None:
            let_go()
        super()._handle_delete()
