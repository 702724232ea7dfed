"""Fields: what the customer chooses or writes, as HTML's own controls.

::

    def choices(self) -> None:
        radios(
            self.t("How often"),
            [Option(plan, self.say(plan.words)) for plan in self.model.plans],
            self.model.plan,
            lambda plan: self.model.choose(plan=plan),
            key="how-often",
        )

`browser.js` hands a value over as an event of ours, `given`: at once when a radio or a checkbox is
pressed, when a text is left or sent with Enter, and shortly after the last key in a search. What
comes from a browser is only ever the number of an option that was drawn, a number within limits, or
a text that is cut to its greatest length.

What the customer is typing is theirs: no redraw changes it or takes the cursor out of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from nicegui import events

from app.i18n import Texts
from components import html
from components.html import Attribute, Tag

V = TypeVar("V")

Answer = Awaitable[object] | None
"""What a handler gives: something to wait for, or nothing."""

TextKind = Literal["text", "email", "tel", "search"]


@dataclass(frozen=True)
class Option(Generic[V]):
    """One of several things to choose from.

    value:   what the choice means; it stays on the server
    label:   what it is called
    detail:  small print below it
    picture: address of a picture beside it
    amount:  what it costs, or how much the price changes, at the end of the line
    """

    value: V
    label: str
    detail: str = ""
    picture: str | None = None
    amount: str = ""


class Field(Tag):
    """A control whose value the browser hands over as a text."""

    def __init__(
        self,
        tag: str,
        take: Callable[[str], Answer],
        /,
        *,
        value: str | None = None,
        **attributes: Attribute,
    ) -> None:
        super().__init__(tag, **attributes)
        self._take = take
        if value is not None:
            # As an attribute, which is what stands there at first: as a property, Vue would write
            # it over what the customer has typed, whenever anything on the page changes.
            dict.__setitem__(self._props, "^value", value)
        self.on("given", self._given, args=["detail"])

    @property
    def value(self) -> str:
        """What stood in it at first, or was last put there by us."""
        return str(self._props.get("^value", ""))

    @value.setter
    def value(self, value: str) -> None:
        if value != self._props.get("^value"):
            self._props["^value"] = value

    async def given(self, value: str) -> None:
        """The customer has chosen or written this."""
        answer = self._take(value)
        if answer is not None:
            await answer

    def _given(self, event: events.GenericEventArguments) -> Answer:
        detail = event.args.get("detail") if isinstance(event.args, dict) else None
        return self._take(detail) if isinstance(detail, str) else None


def radios(
    legend: str,
    options: Sequence[Option[V]],
    chosen: V | None,
    choose: Callable[[V], Answer],
    *,
    key: str,
    is_legend_seen: bool = True,
) -> Tag:
    """One of several. `key` names the group across redraws; it is unique on the page."""
    with _group(legend, is_legend_seen=is_legend_seen) as group:
        for number, option in enumerate(options):
            with _choice(option):
                Field(
                    "input",
                    _chosen(choose, option.value),
                    type="radio",
                    name=group.html_id,
                    data_key=f"{key}-{number}",
                    checked=chosen is not None and option.value == chosen,
                )
    return group


def checks(
    legend: str,
    options: Sequence[Option[V]],
    chosen: Collection[V],
    choose: Callable[[tuple[V, ...]], Answer],
    *,
    key: str,
) -> Tag:
    """Any number of several. `choose` is given all that are checked, in the order of `options`."""
    checked = [option.value in chosen for option in options]

    def check(number: int, is_checked: bool) -> Answer:
        checked[number] = is_checked
        return choose(
            tuple(option.value for option, one in zip(options, checked, strict=True) if one)
        )

    with _group(legend) as group:
        for number, option in enumerate(options):
            with _choice(option):
                Field(
                    "input",
                    _checked(check, number),
                    type="checkbox",
                    data_key=f"{key}-{number}",
                    checked=checked[number],
                )
    return group


def stepper(
    label: str,
    value: int,
    change: Callable[[int], Answer],
    *,
    texts: Texts,
    least: int = 1,
    most: int = 99,
    key: str,
) -> Tag:
    """A number, typed or counted up and down. The browser counts, and hands over the result.

    `least` and `most` are the limits, themselves allowed; what lies beyond them is not taken.
    """

    def take(text: str) -> Answer:
        number = _number(text)
        return change(number) if number is not None and least <= number <= most else None

    with html.div(class_="ds-field") as field:
        name = Tag("label", label, class_="ds-label")
        with html.div(class_="ds-stepper"):
            _step(-1, texts.t("One less"), key=key + "-less", is_at_end=value <= least)
            number = Field(
                "input",
                take,
                value=str(value),
                type="number",
                inputmode="numeric",
                autocomplete="off",
                min=least,
                max=most,
                step=1,
                data_key=key,
            )
            _step(1, texts.t("One more"), key=key + "-more", is_at_end=value >= most)
            # Whoever presses a button with a screen reader hears what it has come to.
            html.span("", role="status", class_="ds-unseen")
        name.set(for_=number.html_id)
    return field


def text_field(
    label: str,
    value: str,
    change: Callable[[str], Answer],
    *,
    key: str,
    kind: TextKind = "text",
    autocomplete: str = "",
    help: str = "",
    longest: int = 200,
) -> Tag:
    """A line of text, without the white space around it, and never longer than `longest`.

    `autocomplete` says what is asked for in HTML's words ("postal-code"), so that a browser can
    fill it in. A search is handed over while it is typed, any other text when it is complete.
    """

    def take(text: str) -> Answer:
        return change(text.replace("\0", "").strip()[:longest])

    with html.div(class_="ds-field") as field:
        name = Tag("label", label, class_="ds-label")
        entry = Field(
            "input",
            take,
            value=value,
            type=kind,
            maxlength=longest,
            autocomplete=autocomplete or "off",
            spellcheck=None if kind == "text" else "false",
            enterkeyhint="search" if kind == "search" else "done",
            dir="auto" if kind in ("text", "search") else None,
            data_key=key,
            class_="ds-entered",
        )
        name.set(for_=entry.html_id)
        if help:
            entry.set(aria_describedby=html.p(help, class_="ds-help").html_id)
    return field


def text_area(
    label: str,
    value: str,
    change: Callable[[str], Answer],
    *,
    key: str,
    longest: int = 1000,
) -> Tag:
    """Some lines of text, never longer than `longest`. They are handed over when they are left."""

    def take(text: str) -> Answer:
        return change(text.replace("\0", "").strip()[:longest])

    with html.div(class_="ds-field") as field:
        name = Tag("label", label, class_="ds-label")
        entry = Field("textarea", take, maxlength=longest, rows=3, dir="auto", data_key=key)
        entry.set(class_="ds-entered")
        entry.text = value
        name.set(for_=entry.html_id)
    return field


def select(
    label: str,
    options: Sequence[Option[V]],
    chosen: V | None,
    change: Callable[[V], Answer],
    *,
    key: str,
) -> Tag:
    """One of many, in the list that the browser brings. Where nothing is chosen, nothing is shown
    as chosen."""

    def take(text: str) -> Answer:
        number = _number(text)
        if number is None or not 0 <= number < len(options):
            return None
        return change(options[number].value)

    is_any = chosen is not None and any(option.value == chosen for option in options)
    with html.div(class_="ds-field") as field:
        name = Tag("label", label, class_="ds-label")
        with Field("select", take, data_key=key, class_="ds-entered") as entry:
            if not is_any:
                Tag("option", "", value="", selected=True, disabled=True, hidden=True)
            for number, option in enumerate(options):
                words = [option.label, option.detail, option.amount]
                Tag(
                    "option",
                    " · ".join(word for word in words if word),
                    value=str(number),
                    selected=is_any and option.value == chosen,
                )
        name.set(for_=entry.html_id)
    return field


def _group(legend: str, *, is_legend_seen: bool = True) -> Tag:
    group = Tag("fieldset", class_="ds-choices")
    with group:
        Tag("legend", legend, class_="ds-label" if is_legend_seen else "ds-unseen")
    return group


@contextmanager
def _choice(option: Option[V]) -> Iterator[None]:
    """One line of a list to choose from: the control, which stands first, and what it is called.

    All of it is the control's label, so that all of it can be pressed.
    """
    with Tag("label", class_="ds-choice"):
        yield
        if option.picture is not None:
            html.img(option.picture, "", 48)
        with html.span(class_="ds-choice-line"):
            with html.span(class_="ds-choice-words"):
                html.span(option.label, dir="auto")
                if option.detail:
                    html.span(option.detail, class_="ds-muted", dir="auto")
            if option.amount:
                html.span(option.amount, class_="ds-amount")


def _step(by: int, name: str, *, key: str, is_at_end: bool) -> None:
    Tag(
        "button",
        type="button",
        class_="ds-step",
        aria_label=name,
        aria_disabled="true" if is_at_end else None,
        data_step=by,
        data_key=key,
    )


def _chosen(choose: Callable[[V], Answer], value: V) -> Callable[[str], Answer]:
    return lambda _: choose(value)


def _checked(check: Callable[[int, bool], Answer], number: int) -> Callable[[str], Answer]:
    return lambda text: check(number, text == "on")


def _number(text: str) -> int | None:
    """A whole number of at most nine ASCII digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
