"""How offers are drawn: as buttons, and in a menu that is made when it is opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import TypeVar

from app.state import State
from components import html
from components.base import Component
from components.browser import Browser
from components.html import Tag
from components.icons import icon
from components.offers import Offer
from components.prescribed import draw_words

S = TypeVar("S", bound=State)


def offered(component: Component[S], offers: Sequence[Offer[S]]) -> list[Offer[S]]:
    """Those of `offers` that are shown now.

    The section that asks is drawn again when that becomes another list.
    """
    keys = component.seen(lambda: tuple(offer.key for offer in _possible(component.model, offers)))
    return [offer for offer in offers if offer.key in keys]


def _possible(state: S, offers: Sequence[Offer[S]]) -> Iterator[Offer[S]]:
    """While a change of the state is under way nothing is offered: the next question would be about
    what may not last."""
    if not getattr(state, "is_pending", False):
        yield from (offer for offer in offers if state.offers(offer.key, offer.is_offered))


def offer_button(
    component: Component[S], offer: Offer[S], *, key: str, class_: str = "ds-button"
) -> Tag:
    """The button of one offer, or the link to its page. `key` names it across redraws; it is unique
    on the page."""
    state = component.model
    described = component.say(offer.described(state)) if offer.described else None
    texts = component.texts
    prescribed = offer.prescribed(state, texts.language) if offer.prescribed else None
    if prescribed is not None and described is not None:
        described = f"{prescribed.text}: {described}"  # what is heard begins with what is read
    text = None if prescribed else component.say(offer.label)
    if offer.path is not None:
        drawn = html.a(offer.path(state), text, data_key=key, class_=class_, aria_label=described)
    elif offer.open is not None:
        press = partial(offer.open, component, state)
        drawn = html.Button(text or "", press, key=key, class_=class_, aria_label=described)
    else:
        raise ValueError(f"nothing comes of the offer {offer.key!r}")
    if prescribed is not None:
        with drawn:
            draw_words(prescribed, offer.label, texts)
    return drawn


class More(Tag):
    """A button and, once it is pressed, a menu beside it.

    The menu is the browser's own popover: Escape and a press elsewhere close it, and the focus goes
    back. What is in it is looked up and drawn when it is opened, and goes when it closes, so a long
    list of these costs two elements for each.
    """

    def __init__(
        self, component: Component[S], offers: Sequence[Offer[S]], *, key: str, described: str
    ) -> None:
        """`described` says what the menu is about, for those who hear it."""
        super().__init__("div", class_="ds-more")
        self._component = component
        self._offers = offers
        self._key = key
        self._described = described
        self._menu: Tag | None = None
        with self:
            self.button = html.Button(
                component.t("More"),
                self._press,
                key=key,
                class_="ds-button ds-quiet",
                aria_expanded="false",
                aria_label=described,
            )

    def _press(self) -> None:
        if self._menu is not None:
            self._menu.run_method("hidePopover")
            return
        with self:
            self._menu = Tag("div", popover="auto", class_="ds-menu", role="group")
        self._menu.set(aria_label=self._described)
        self._menu.on("toggle", self._toggled, args=["newState"])
        shown = list(_possible(self._component.model, self._offers))
        with self._menu:
            draw_list(self._component, shown, key=self._key)
        self.button.set(aria_expanded="true")
        Browser.root(self.client).run_method("openMenu", self._menu.html_id)

    def _toggled(self, event: object) -> None:
        arguments = getattr(event, "args", None)
        if not isinstance(arguments, dict) or arguments.get("newState") != "closed":
            return
        if self._menu is not None and not self.is_deleted:
            self._menu.delete()
            self._menu = None
            self.button.set(aria_expanded="false")


def draw_list(component: Component[S], offers: Sequence[Offer[S]], *, key: str) -> None:
    """Offers below each other, each with its icon."""
    for offer in offers:
        button = offer_button(component, offer, key=f"{key}-{offer.key}", class_="ds-menu-item")
        text, button.text = button.text, ""
        with button:
            icon(offer.icon).move(target_index=0)
            if text:
                html.span(text)


def draw_some(
    component: Component[S],
    offers: Sequence[Offer[S]],
    prominent: Collection[str],
    *,
    key: str,
    described: str,
) -> None:
    """Those whose keys are `prominent` as buttons, all others behind one that says "More"."""
    for offer in offered(component, [one for one in offers if one.key in prominent]):
        offer_button(component, offer, key=f"{key}-{offer.key}")
    others = [one for one in offers if one.key not in prominent]
    if component.seen(lambda: any(True for _ in _possible(component.model, others))):
        More(component, others, key=key + "-more", described=described)
