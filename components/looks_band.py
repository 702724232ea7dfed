"""What stands above the page while one of the shop's people looks as the customer."""

from __future__ import annotations

from app.i18n import Texts
from app.state import LookShown, Portal
from components import html
from components.base import Component
from components.icons import icon


class LooksBand(Component[Portal]):
    """Who looks at whose portal, until when, what they may do, and the way out.

    Its buttons are forms: they work without the page's socket. `token` proves that they are ours.

    ::

        LooksBand (aside)
        ├── message    who looks, at whom, and until when
        └── actions    act on the customer's behalf, where that is allowed; leave
    """

    element = "aside"
    sections = ("message", "actions")

    def __init__(self, state: Portal, texts: Texts, look: LookShown, token: str) -> None:
        self.look = look
        self.token = token
        super().__init__(state, texts)
        self.set(class_="ds-looks", aria_label=self.t("You are here for the shop"))
        self.set(data_tone="warning" if look.may_change else "info")

    def message(self) -> None:
        look, customer, address = self.look, self.seen(self.customer), self.seen(self.address)
        icon("alert" if look.may_change else "info")
        with html.div():
            with html.p():
                if look.may_change:
                    html.strong(self.t("You act for {customer}.", customer=customer))
                    html.span(
                        " " + self.t("What you change is real, and recorded as done by the shop.")
                    )
                else:
                    html.strong(self.t("You look at the portal of {customer}.", customer=customer))
                    html.span(" " + self.t("Nothing can be changed."))
            with html.p(class_="ds-looks-until"):
                if address and address != customer:
                    html.span(f"{address} · ", class_="ds-looks-address")
                time = self.texts.moment(look.until)
                html.span(self.t("{name}, until {time}.", name=look.name, time=time))
                here = " " + self.t("On your clock: {time}.", time="{time}")
                html.local_time(look.until, here, data_style="short")

    def customer(self) -> str:
        """Whose portal it is, as far as that is known."""
        snapshot = self.state.snapshot
        known = snapshot.customer if snapshot else None
        name = f"{known.first_name or ''} {known.last_name or ''}".strip() if known else ""
        return name or self.address() or self.t("this customer")

    def address(self) -> str:
        """Their e-mail address; empty while it is not known."""
        return self.state.snapshot.customer.email if self.state.snapshot else ""

    def actions(self) -> None:
        if self.look.can_switch:
            self._form(
                "/merchant/customers/behalf", self.t("Act for the customer"), "ds-button ds-quiet"
            )
        self._form("/sign-out", self.t("Leave"), "ds-button")

    def _form(self, action: str, text: str, kind: str) -> None:
        with html.Tag("form", method="post", action=action):
            html.Tag("input", type="hidden", name="form", value=self.token)
            html.Tag("button", text, type="submit", class_=kind)
