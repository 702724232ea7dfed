"""Where the customer is signed in."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

from app.i18n import Message, say
from app.state import AccountState, Device
from components import html
from components.base import Component
from components.feedback import Skeleton
from components.parts import badge

_WAYS: Final[dict[str, Message]] = {
    "link": say("Signed in by a link in a mail"),
    "code": say("Signed in by a code in a mail"),
    "theme token": say("Signed in by a link of the shop"),
    "shop": say("Signed in from the shop"),
    "provider": say("Signed in with an account elsewhere"),
    "demo link": say("Signed in by a link of the demo"),
}


class DeviceList(Component[AccountState]):
    """Each device that is signed in, and the ways to end that.

    ::

        DeviceList (section)
        ├── body       a line for each: what it is, how and when it signed in, when it was seen
        └── actions    end all others at once
    """

    sections: ClassVar[tuple[str, ...]] = ("body", "actions")

    def build(self) -> None:
        self.set(class_="ds-card ds-profile", data_key="devices")
        super().build()

    def body(self) -> None:
        devices = self.state.devices
        if devices is None:
            Skeleton.show(1, self.texts)
            return
        with html.ul(class_="ds-rows"):
            for number, device in enumerate(devices):
                self.device(device, number)

    def device(self, device: Device, number: int) -> None:
        """One line."""
        name = self.name_of(device)
        with html.li(class_="ds-row"):
            with html.div(class_="ds-row-words"):
                with html.span(class_="ds-row-title"):
                    html.strong(name)
                    if device.is_here:
                        badge(self.t("This device"), "success")
                html.span(self.way_of(device), class_="ds-muted")
                with html.span(class_="ds-muted"):
                    first = self.t("Since {time}.", time="{time}")
                    html.local_time(device.first_seen, first, data_style="short")
                    last = self.t("Last seen {time}.", time="{time}")
                    html.span(" ")
                    html.local_time(device.last_seen, last, data_style="short")
            if not device.is_here:
                html.Button(
                    self.t("Sign out"),
                    partial(self.model.sign_out, device),
                    key=f"device-{number}",
                    class_="ds-button ds-compact",
                    aria_label=self.t("Sign out: {device}", device=name),
                )

    def name_of(self, device: Device) -> str:
        """What its owner would call it."""
        if device.browser and device.system:
            return self.t("{browser} on {system}", browser=device.browser, system=device.system)
        return device.browser or device.system or self.t("A device we cannot name")

    def way_of(self, device: Device) -> str:
        """How it was signed in."""
        known = _WAYS.get(device.method)
        return self.say(known) if known else self.t("Signed in by: {way}", way=device.method)

    def actions(self) -> None:
        if self.state.others > 1:
            html.Button(
                self.t("Sign out all others"),
                self.model.sign_out_others,
                key="devices-others",
                class_="ds-button",
            )
