"""What an action is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from app.actions.effect import Effect, Shown, revision_of
from app.actions.errors import InvalidInput, SwitchedOff
from app.actions.principal import Level
from app.actions.receipts import Receipt
from app.actions.situation import Situation
from app.i18n import Message
from app.mirror import Shop, Snapshot
from app.recharge import RechargeClient, Record
from app.retention import Decision, Subject


@dataclass(slots=True)
class Upstream:
    """What an action writes with: the client, working for one customer, and what was read last.

    Every answer to a write goes into `answers` at once: when a later step fails, they tell that
    something was changed.
    """

    client: RechargeClient
    situation: Situation
    answers: list[Record] = field(default_factory=list)


_known: ContextVar[list[tuple[Action, Situation, Situation]] | None]
_known = ContextVar("situations worked out", default=None)


@contextmanager
def worked_out_once() -> Iterator[None]:
    """Meanwhile `Action.after` gives the same situation for the same question: the effect of
    several steps asks again and again, and each answer brings a year of deliveries with it."""
    token = _known.set([])
    try:
        yield
    finally:
        _known.reset(token)


class Action(BaseModel):
    """One thing a customer can do. The action *is* its input, checked strictly.

    A subclass has a name and says: whether its objects are the customer's (`check_owner`), what
    the customer decides by (`shown`), what will change (`effect`), how it is written (`run`), and
    how to see that it is done (`is_done`). Where there is a way back it also gives the `inverse`.
    All else is the same for all actions: see `perform`.

    name:   stored in records, so it never changes
    switch: the merchant's setting that allows the action; None where none forbids it
    level:  the proof that the customer's sign-in must have given, or a code instead
    needs_code: no sign-in is enough: a code must have been given in this session, a moment ago
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: ClassVar[str]
    switch: ClassVar[str | None] = None
    level: ClassVar[Level] = Level.LINK
    needs_code: ClassVar[bool] = False
    is_safe_to_repeat: ClassVar[bool] = True
    """Whether `run`, again while the goal is not reached, can do no harm."""
    is_shown_at_once: ClassVar[bool] = True
    """Whether the page shows what is wished while the answer is awaited. Not where a customer must
    be able to rely on every word, such as "cancelled"."""
    is_done_when_read: ClassVar[bool] = False
    """Whether it is called done, or not done, only once that was read: no answer is enough."""
    pays: ClassVar[bool] = False
    """Whether it takes money. Then it is sent again only after a proof that it was not executed
    (no connection, or a 429), and looked up at the times of `Services.settle_payments_after`."""

    @classmethod
    def of(cls, **values: Any) -> Self:
        """The action with this input.

        Raises:
            InvalidInput: a value does not fit.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            fields = sorted({".".join(map(str, each["loc"])) for each in error.errors()})
            raise InvalidInput(f"{cls.name}: {', '.join(fields)}") from error

    @classmethod
    def is_offered(cls, shop: Shop) -> bool:
        """Whether the merchant offers this."""
        return cls.switch is None or shop.allows(cls.switch)

    def check_offered(self, situation: Situation) -> None:
        """The merchant offers this, and all that belongs to it.

        Raises:
            SwitchedOff: not so.
        """
        if not self.is_offered(situation.snapshot.shop):
            raise SwitchedOff(f"{self.name}: {self.switch}")

    def needs_step_up(self, situation: Situation, level: Level) -> bool:
        """Whether who signed in with this level must show with a code that it is them: `STEP_UP`.
        ASVS 5.0, 7.5.1: before what the account is signed in to and paid by changes."""
        return self.needs_code or level < self.level

    @property
    def proof(self) -> str | None:
        """What else the customer must have proved with a code a moment ago, in the words that the
        codes are asked by: see `Services.is_proven`. None mostly."""
        return None

    @property
    @abstractmethod
    def object(self) -> str:
        """What is written to, such as "address 201". Writes to one object go one by one."""

    @property
    def ends(self) -> tuple[Subject, Decision] | None:
        """What has ended once this is done, and how: the customer's wish to leave it is decided by
        that. None where nothing has."""
        return None

    @property
    def once(self) -> str | None:
        """What must not be under way twice, not even in two processes: "charge 901". The database
        refuses the second. None where it is enough that writes to the object go one by one."""
        return None

    @property
    def objects(self) -> tuple[str, ...]:
        """All that is written to: nothing else is written there meanwhile."""
        return (self.object,)

    @abstractmethod
    def check_owner(self, situation: Situation) -> None:
        """Every id in the input is this customer's.

        Raises:
            UnknownObject: one is not there, or is another customer's.
        """

    @abstractmethod
    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        """What the customer decides by. When it changes, an older revision is stale."""

    @abstractmethod
    def foreseen(self, situation: Situation) -> Snapshot:
        """The customer's records as they will be. Pure: see `app.actions.foresight`.

        The page shows them while the answer is awaited, and effects are told from them.

        Raises:
            NotPossible: as `effect` does.
        """

    def after(self, situation: Situation) -> Situation:
        """The situation as it will be, with the rules of this moment."""
        known = _known.get()
        if known is None:
            return replace(situation, snapshot=self.foreseen(situation))
        for action, before, after in known:
            if before == situation and action == self:
                return after
        after = replace(situation, snapshot=self.foreseen(situation))
        known.append((self, situation, after))
        return after

    @abstractmethod
    def effect(self, situation: Situation) -> Effect:
        """What will change. Pure: it costs no call.

        Raises:
            NotPossible: it cannot be done now; the notice gives the reason.
        """

    def press(self, situation: Situation) -> Message:
        """The words of the button: what stands in `effect`. For each of many steps, where all that
        will change would be too much to work out.

        Raises:
            NotPossible: as `effect` does.
        """
        return self.effect(situation).confirm

    def check(self, situation: Situation) -> None:
        """Whether it can be done now, without saying what will change: for many at once.

        Raises:
            NotPossible: as `effect` does.
        """
        self.effect(situation)

    @abstractmethod
    def spelled_out(self, situation: Situation) -> Self:
        """The same wish with every id named, so that it still means the same tomorrow."""

    def touches(self, before: Situation) -> tuple[str, ...]:
        """The mirror's nouns that the write changes in Recharge, and that are read back after."""
        return ("charges", "subscriptions")

    @abstractmethod
    async def run(self, upstream: Upstream) -> None:
        """Write what is missing to the goal, and keep every answer in `upstream.answers`.

        Raises:
            RechargeError: see `app.recharge`.
            NotPossible: there is nothing left to write to.
        """

    @abstractmethod
    async def is_done(self, upstream: Upstream) -> bool:
        """Whether the goal is reached. `upstream.situation` has just been read.

        Raises:
            Declined: it is settled: the payment was tried, and refused.
            NotPossible: it is settled: it was not done, and cannot be any more.
            NothingKnown: it is under way upstream, so that reading does not tell yet.
        """

    async def has_come_out(self, client: RechargeClient) -> bool:
        """Whether anything has come of a write that was not answered, by one cheap read: only then
        all that the action touches is read back, and `is_done` asked.

        Raises:
            NothingKnown: it is under way upstream.
            RechargeError: it could not be read.
        """
        return True

    def while_unknown(self) -> Message | None:
        """What to say while nobody knows if it was done; None for the general words."""
        return None

    def if_not_done(self) -> Message | None:
        """What to say when it has turned out not to be done; None for the general words."""
        return None

    def if_refused(self) -> Message | None:
        """What to say when Recharge does not accept it, for no reason that tells the customer
        anything; None for the general words, which ask to check what was entered."""
        return None

    def holds(self, situation: Situation) -> bool:
        """Whether what was told of it when it was done may still stand on the page."""
        return True

    def is_partly_done(self, situation: Situation) -> bool:
        """Whether something of the goal is reached. Asked only where not all of it is."""
        return False

    def inverse(self, before: Situation) -> Action | None:
        """The action that takes this one back, or None.

        It is worked out before the write and kept, so that undo survives a restart.
        """
        return None

    def inverse_after(self, before: Situation, after: Situation) -> Action | None:
        """The way back of what Recharge gave an id to, or None: it is known only after the write.

        Asked of the spelled-out action, where `inverse` gives nothing; kept with the result. After
        a result that became known late, `before` may be as new as `after`.
        """
        return None

    def made(self, situation: Situation) -> int | None:
        """The id of what this has made, by which later steps of a saga name it; None where it
        makes nothing, or that does not show. See `app.actions.made`.

        Asked of the spelled-out action, of the records after it is done.
        """
        return None

    def receipt(self, before: Situation, effect: Effect) -> Receipt | None:
        """What the customer gets by mail when it is done; None where that is not called for.

        It is worked out before the write and kept, so that it goes out however late the result
        becomes known.

        effect: what `effect` gives of `before`
        """
        return None

    def possible_until(self, situation: Situation) -> datetime | None:
        """The last moment at which the action is possible; None where there is no such limit."""
        return None

    def revision(self, situation: Situation) -> str:
        """A text that stays equal while what the customer decides by stays equal."""
        return revision_of(self.shown(situation))


def action_from(name: str, document: Mapping[str, Any]) -> Action:
    """The action of a stored document (`model_dump(mode="json")`).

    Raises:
        LookupError: this release has no such action.
    """
    for kind in _below(Action):  # type: ignore[type-abstract]
        if getattr(kind, "name", None) == name:
            return kind.model_validate(document, strict=False)
    raise LookupError(f"no action is called {name!r}")


def _below(kind: type[Action]) -> Iterator[type[Action]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
