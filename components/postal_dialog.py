"""A question that is answered with an address."""

from __future__ import annotations

from typing import TypeVar

from app.i18n import Message, say
from app.state import PostalQuestion
from components.action_dialog import ActionDialog
from components.address_form import AddressForm

Q = TypeVar("Q", bound=PostalQuestion)


class PostalDialog(ActionDialog[Q]):
    """The form of an address, and the press that keeps it.

    The button can always be pressed. Where something is missing or wrong, the press marks it and
    goes to the first such field; the form stays open until the shop has accepted the address, so
    that what the shop says of a part stands at its field.
    """

    is_seen_first = False
    """Whether what changes must have stood there before a press does it: where it costs money."""

    form: AddressForm
    """The fields, once they are drawn."""

    def press(self) -> Message:
        return say("Save address")

    def keep(self) -> Message:
        return say("Cancel")

    def choices(self) -> None:
        self.form = AddressForm.show(self.model.draft, self.texts)

    def is_ready(self) -> bool:
        return self.state.failure is None

    def marked(self) -> bool:
        """Mark all that is missing or wrong. Whether nothing is."""
        return self.model.draft.press()

    def focus_wrong(self) -> None:
        """Bring the customer to the first field that is marked."""
        self.form.focus_wrong()

    async def _confirm(self) -> None:
        question = self.model
        if not self.marked():
            self.focus_wrong()
            return
        was_seen = question.previewed is not None and not question.is_asking
        if not was_seen and not self.is_seen_first:
            # The last field was left by this very press.
            await question.ask()
        if question.previewed is None or (self.is_seen_first and not was_seen):
            return
        if not await self.is_cleared():
            return
        await self.act()
        if question.draft.wrong:
            self.focus_wrong()
        elif not self.is_inline and not self.is_deleted:
            self.close()
