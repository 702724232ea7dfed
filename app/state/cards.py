"""Cards that the customer has begun to add, as the record has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from app.actions import ActionError, find_activity
from app.actions.payments.adding import AddingCards, CardStanding
from app.actions.payments.base import SWITCH
from app.i18n import Message, say
from app.state.base import State
from app.state.holding import while_done
from app.state.notice import result_of
from app.state.payment_trouble import ADD_CARD

if TYPE_CHECKING:
    from app.state.portal import Portal

_NEWS_FOR: Final = timedelta(minutes=10)
"""How long after its beginning a card that has come is told as news."""
_CLOCKS_APART: Final = timedelta(days=1)
"""How far Recharge's clock may be from ours, with a zone that it does not name."""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card that is not in the account, and what to do about it.

    key:    names it for as long as it stands
    title:  what is the matter
    text:   what happened, whether anything has changed
    press:  what the link says that leads on
    path:   where it leads: a plain page, which is no view of this one
    """

    key: str
    title: Message
    text: Message
    press: Message
    path: str


class CardsState(State):
    """What the customer is told of cards that are being added."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self._standings: tuple[CardStanding, ...] = ()
        self._adding = AddingCards(portal.services)

    @property
    def takes_new(self) -> bool:
        """Whether a card can be added here."""
        return self._adding.takes_new

    @property
    def open(self) -> tuple[OpenCard, ...]:
        """Those that are not in the account, the newest first. Nothing where the merchant does not
        show payment methods."""
        snapshot = self.portal.snapshot
        if snapshot is None or not snapshot.shop.allows(SWITCH):
            return ()
        return tuple(self._told(one) for one in self._standings)

    async def read(self) -> None:
        """Read the record."""
        before = self._standings
        try:
            found = await self._adding.open_ones(self.portal.principal)
            self._standings = await self._worth_telling(found)
        except ActionError:
            return  # the customer's records cannot be had now: what is shown stays
        if self._standings != before:
            self.changed.emit()

    async def tell_news(self) -> None:
        """A card that has just come into the account, on a page that was not open then."""
        services, portal = self.portal.services, self.portal
        since = services.clock() - _NEWS_FOR
        methods = portal.snapshot.payment_methods if portal.snapshot else ()
        if all(one.created_at and one.created_at < since - _CLOCKS_APART for one in methods):
            return  # none has come lately, and the record need not be asked
        for setup in await services.card_setups.recent(portal.principal.customer_id, since):
            id = setup.activity_id
            if id is None or id in services.told:
                continue
            services.told.add(id)
            activity = await find_activity(services, portal.principal, id)
            claim = await services.journal.find(portal.principal.customer_id, id)
            if activity is not None and claim is not None and claim.action is not None:
                if claim.action.holds(portal.situation):
                    portal.tell(result_of(activity), while_done(portal, claim.action))
                return

    async def _worth_telling(self, found: tuple[CardStanding, ...]) -> tuple[CardStanding, ...]:
        """Without forms that were only opened, where a later one was begun or brought a card."""
        if all(one.kind != "started" for one in found):
            return found
        last = max(found, key=lambda one: one.setup.created_at)
        came = await self.portal.services.card_setups.recent(
            self.portal.principal.customer_id, last.setup.created_at
        )
        return tuple(one for one in found if one.kind != "started" or (one is last and not came))

    def _told(self, standing: CardStanding) -> OpenCard:
        setup = standing.setup
        card, path = self._adding.called(setup), f"{ADD_CARD}/{setup.id}"
        if standing.kind == "confirmed":
            return OpenCard(
                setup.id,
                say("A card is confirmed, but not in your account yet"),
                say(
                    "The payment service has confirmed {card}. Nothing in your account has "
                    "changed. You do not have to type it again.",
                    card=card,
                ),
                say("Go on"),
                path,
            )
        if standing.kind == "adding":
            return OpenCard(
                setup.id,
                say("A card is on its way into your account"),
                say(
                    "We are looking up if {card} is in your account, and go on with it by "
                    "ourselves. Please do not add it again.",
                    card=card,
                ),
                say("See how it stands"),
                path,
            )
        return OpenCard(
            setup.id,
            say("You have begun to add a card"),
            say(
                "You opened the form on {date}. No card from it is in your account, and nothing "
                "was changed.",
                date=setup.created_at.astimezone(self.portal.situation.now.tzinfo).date(),
            ),
            say("Go on with it"),
            path,
        )
