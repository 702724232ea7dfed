"""The fields of an address, as its country asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from app.i18n import PostalPart, Texts
from app.state import PostalDraft
from components import html
from components.base import Component
from components.field_errors import FieldError
from components.fields import Answer, Option, TextKind, select, text_field
from components.html import Tag

LONGEST = 255
"""Characters that a field takes."""


class AddressForm(Component[PostalDraft]):
    """The fields of an address: those that its country has, in its order and with its names.

    ::

        AddressForm (div)
        ├── country    the country, which decides about the rest
        └── parts      the other fields, a row for what stands in one line there

    What is wrong stands at its field: once that was written, or after a press (`PostalDraft`). The
    browser can fill all of it in.
    """

    element = "div"
    sections: ClassVar[tuple[str, ...]] = ("country", "parts")

    def __init__(self, state: PostalDraft, texts: Texts) -> None:
        self.errors: dict[str, FieldError] = {}
        """By the name of the part."""
        super().__init__(state, texts)
        self.set(class_="ds-fields ds-address")
        self._mark()

    def country(self) -> None:
        options = [Option(code, name) for code, name in self.state.countries]
        field = select(
            self.t("Country"),
            options,
            self.state.country_code or None,
            self._choose("country_code"),
            key="country_code",
        )
        self._take_up("country_code", field, "country")

    def parts(self) -> None:
        for row in self.state.form.rows:
            if len(row) == 1:
                self.part(row[0])
                continue
            with html.div(class_="ds-pair"):
                for part in row:
                    self.part(part)

    def part(self, part: PostalPart) -> None:
        """The field of one part."""
        label = self.say(part.label)
        if not part.is_required:
            label = self.t("{part} (optional)", part=label)
        # What is written is not noted as read: it must not draw the fields again.
        value = self.model.values[part.name]
        choose = self._choose(part.name)
        if part.choices:
            options = [Option(each, name) for each, name in self.model.choices(part)]
            if not part.is_required:
                options.insert(0, Option("", self.t("None")))
            chosen = value if value or not part.is_required else None
            field = select(label, options, chosen, choose, key=part.name)
        else:
            kind: TextKind = "tel" if part.name == "phone" else "text"
            field = text_field(label, value, choose, key=part.name, kind=kind, longest=LONGEST)
        self._take_up(part.name, field, part.autocomplete)

    def redraw(self) -> None:
        super().redraw()
        self._mark()

    def focus_wrong(self) -> None:
        """Bring the customer to the first field that is marked."""
        name = self.model.first_wrong
        if name in self.errors:
            self.errors[name].focus()

    def _take_up(self, name: str, field: Tag, autocomplete: str) -> None:
        error = self.errors[name] = FieldError(field)
        usage = self.model.usage
        error.entry.set(autocomplete="off" if usage == "other" else f"{usage} {autocomplete}")

    def _mark(self) -> None:
        """Show what is wrong, and what the server has written in a tidier way."""
        wrong = self.model.wrong
        for name in list(self.errors):
            error = self.errors[name]
            if error.entry.is_deleted:
                del self.errors[name]
                continue
            error.show(self.say(wrong[name]) if name in wrong else "")
            if error.entry.tag == "input":
                error.entry.value = self.model.values[name]

    def _choose(self, name: str) -> Callable[[str], Answer]:
        return lambda text: self.model.choose(**{name: text})
