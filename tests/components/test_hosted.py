"""The mail by which a payment method is changed at its processor, drawn."""

from __future__ import annotations

from app.i18n import Texts
from components import HostedUpdate, UpdateMailDialog
from components.gallery.hosted import MadeUpHostedUpdate
from components.testing import ComponentTests, button, drawn, press, words


class TestHostedUpdate(ComponentTests):
    component = HostedUpdate

    async def test_nothing_is_drawn_of_a_card_that_is_kept_here(self) -> None:
        state = MadeUpHostedUpdate("none", is_shown=False)
        shown: list[HostedUpdate] = []
        async with drawn(lambda: shown.append(HostedUpdate.show(state, Texts("en")))):
            assert words(shown[0]) == []

    async def test_while_a_mail_is_waited_for_its_address_and_what_helps_are_told(self) -> None:
        state = MadeUpHostedUpdate("asked", can_ask=False)
        shown: list[HostedUpdate] = []
        async with drawn(lambda: shown.append(HostedUpdate.show(state, Texts("en")))):
            told = " ".join(words(shown[0]))
            assert "on its way to mara.lindqvist@example.com" in told
            assert "junk mail" in told
            assert "write to Northbound Coffee & Pantry: hello@northbound.example" in told
            assert "Send" not in " ".join(one for one in words(shown[0]) if one.startswith("Send"))

            state.can_ask = True
            state.changed.emit()
            assert button(shown[0], "Send another link")

            state.stage = "changed"
            await press(button(shown[0], "See if it worked"))
            assert "have arrived" in " ".join(words(shown[0]))


class TestUpdateMailDialog(ComponentTests):
    component = UpdateMailDialog
