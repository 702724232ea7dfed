"""An address while it is being written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal

from app.actions import PostalInput
from app.i18n import (
    PARTS,
    Countries,
    Message,
    PostalForm,
    PostalPart,
    countries,
    parsed_phone,
    postal_form,
    same_province,
    wrong_parts,
)
from app.state.base import State

Usage = Literal["shipping", "billing", "other"]
"""Whose address it is for the browser, which fills in the customer's own: "other" is somebody
else's."""

_NAMES: Final = frozenset(PARTS)


class PostalDraft(State):
    """The parts of an address as they are written, and what is wrong with them.

    ::

        draft = PostalDraft(language="de", countries=shop.shipping_countries, country_code="DE")
        await draft.choose(zip="1011")       # marks the postcode, and nothing else
        if draft.press():                    # marks all that is missing or wrong
            action = AddAddress(address=draft.input)

    before:    the address that is being changed; None for a new one. What was fine before, or is
               left as it was, is never marked
    countries: those to choose from; None for all
    usage:     for which fields of its own the browser takes these
    answered:  is waited for after each change
    """

    def __init__(
        self,
        *,
        language: str = "en",
        before: PostalInput | None = None,
        countries: Countries | None = None,
        country_code: str = "",
        usage: Usage = "shipping",
        answered: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        super().__init__()
        self.language = language
        self.before = before
        self.usage = usage
        self.answered = answered
        self._among = countries
        self._values = (before or PostalInput()).parts()
        self._left: set[str] = set()
        """The parts that the customer has written: others are not marked yet."""
        self._is_pressed = False
        self._refused: dict[str, Message] = {}
        self._problems: dict[str, Message] = {}
        if before is None:
            self._move(country_code)
        self._check()

    @property
    def values(self) -> Mapping[str, str]:
        """All parts by name, as they are written."""
        return self._values

    @property
    def country_code(self) -> str:
        """The country, in capitals; empty while none is chosen."""
        return self._values["country_code"].strip().upper()

    @property
    def form(self) -> PostalForm:
        """What an address in this country asks for."""
        return postal_form(self.country_code, self.language, among=self._among)

    @property
    def countries(self) -> tuple[tuple[str, str], ...]:
        """The countries to choose from: code and name. That of an address which is being changed
        is always among them."""
        codes = None if self._among is None else {code.upper() for code in self._among}
        kept = self.before.country_code.strip().upper() if self.before else ""
        if codes is not None and kept:
            codes = codes | {kept}
        return countries(self.language, codes)

    def choices(self, part: PostalPart) -> tuple[tuple[str, str], ...]:
        """What a part is chosen from. What is there already stays as it is spelled, also where it
        is not on the country's list."""
        now = self._values[part.name]
        if not part.choices or not now.strip():
            return part.choices
        found = [
            (now if same_province(self.country_code, now, value) else value, label)
            for value, label in part.choices
        ]
        return tuple(found) if any(value == now for value, _ in found) else ((now, now), *found)

    @property
    def input(self) -> PostalInput:
        """The address as it is written."""
        return PostalInput(**self._values)

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the address that is being changed."""
        return self.input != (self.before or PostalInput())

    @property
    def is_fine(self) -> bool:
        """Whether nothing is missing or wrong, marked or not."""
        return not self._problems and not self._refused

    @property
    def wrong(self) -> dict[str, Message]:
        """What is marked, by the name of the part: only what was written, until a press."""
        marked = {
            name: message
            for name, message in self._problems.items()
            if self._is_pressed or name in self._left
        }
        return {**marked, **self._refused}

    @property
    def first_wrong(self) -> str | None:
        """The first part that is marked, in the order of the form."""
        wrong = self.wrong
        return next((name for name in ("country_code", *self.form.parts) if name in wrong), None)

    def give(self, parts: Mapping[str, str]) -> None:
        """What is known of the address before the customer writes anything."""
        self._values |= {name: text for name, text in parts.items() if name in _NAMES}
        self._check()

    async def choose(self, **parts: str) -> None:
        """Take up what the customer has written or chosen, by the names of the parts.

        Raises:
            AttributeError: an address has no such part.
        """
        unknown = set(parts) - _NAMES
        if unknown:
            raise AttributeError(f"an address has no {', '.join(sorted(unknown))}")
        if "country_code" in parts:
            self._move(parts["country_code"])
        self._values |= {name: text for name, text in parts.items() if name != "country_code"}
        if "phone" in parts:
            phone = parts["phone"]
            self._values["phone"] = parsed_phone(phone, self.country_code) or phone
        self._left |= set(parts)
        if "province" in parts and self._values["zip"].strip():
            self._left.add("zip")
        self._refused = {}
        self._check()
        self.changed.emit()
        if self.answered is not None:
            await self.answered()

    def press(self) -> bool:
        """The customer wants to go on: mark all that is missing or wrong. Whether nothing is."""
        self._is_pressed = True
        self.changed.emit()
        return self.is_fine

    def refuse(self, parts: Mapping[str, Message]) -> None:
        """The shop did not accept these parts. They are marked until something is changed."""
        self._refused = {name: message for name, message in parts.items() if name in _NAMES}
        self.changed.emit()

    def _move(self, country_code: str) -> None:
        """Another country: what it has no place for does not go along."""
        old = self.form.parts
        code = country_code.strip().upper()
        self._values["country_code"] = code
        new = self.form.parts
        for name in ("province", "zip"):
            if name not in new:
                self._values[name] = ""
        if (part := new.get("province")) and part.choices:
            now = self._values["province"]
            if not any(same_province(code, now, value) for value, _ in part.choices):
                self._values["province"] = ""
        if self._values["city"] in ("", old["city"].given):
            self._values["city"] = new["city"].given
        # It is another form now, and what is empty in it was not left empty by the customer.
        self._is_pressed = False
        self._left = {name for name in self._left if self._values[name]}

    def _check(self) -> None:
        before = self.before.parts() if self.before is not None else None
        self._problems = wrong_parts(self._values, among=self._among, before=before)
