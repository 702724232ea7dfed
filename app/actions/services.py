"""What actions work with, and the tasks that outlive a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.actions.claim import Claim
from app.actions.journal import Journal
from app.actions.locks import Locks
from app.actions.principal import Principal
from app.actions.rate import WriteRate
from app.actions.settle import resume
from app.actions.situation import Situation
from app.actions.tasks import Tasks
from app.clock import Clock
from app.database import Database
from app.mirror import Mirror, Snapshot
from app.payments import CardSetups, PaymentForm
from app.recharge import RechargeClient
from app.retention import Flows, FollowUp, RetentionFile, plan_of
from app.settings import Settings


async def _nothing_is_proven(_principal: Principal, _what: str) -> bool:
    return False


@dataclass
class Services:
    """Everything an action works with. One for the process: `start` it, and `close` it at the end.

    is_signed_in:  whether the session of a principal still stands
    is_proven:     whether that session has proved something with a code a moment ago; what that
                   is says `Action.proof`
    retention_file: what the merchant's file says of those who want to leave; None without one
    payment_form:  what makes forms for new cards; None where the shop takes none here
    writes_a_minute: how many changes one customer may ask for
    resend_after:  seconds to wait before each further attempt at a write
    read_again_after: seconds until an answered write that does not show is read back once more
    settle_after:  seconds after an unclear answer at which it is looked up
    settle_payments_after: the same where money was to be taken; until the last of these moments a
                   payment that is still not made may yet be made
    write_within:  seconds in which all attempts at a write must begin
    """

    database: Database
    mirror: Mirror
    client: RechargeClient
    settings: Settings
    clock: Clock
    is_signed_in: Callable[[Principal], Awaitable[bool]]
    is_proven: Callable[[Principal, str], Awaitable[bool]] = _nothing_is_proven
    retention_file: RetentionFile | None = None
    payment_form: PaymentForm | None = None
    writes_a_minute: int = 30
    resend_after: tuple[float, ...] = (0.5, 1.5, 4.0)
    read_again_after: float = 1.0
    settle_after: tuple[float, ...] = (2.0, 5.0, 15.0, 60.0)
    settle_payments_after: tuple[float, ...] = (2.0, 5.0, 15.0, 60.0, 300.0, 600.0)
    write_within: float = 30.0
    locks: Locks = field(default_factory=Locks, init=False)
    tasks: Tasks = field(default_factory=Tasks, init=False)
    rate: WriteRate = field(init=False)
    journal: Journal = field(init=False)
    flows: Flows = field(init=False)
    card_setups: CardSetups = field(init=False)
    told: set[str] = field(default_factory=set, init=False)
    """Activities whose late results a page has shown: nobody has to be told twice."""
    under_way: dict[str, Claim] = field(default_factory=dict, init=False)
    """What is being written at this moment, by its activity."""

    def __post_init__(self) -> None:
        self.rate = WriteRate(self.writes_a_minute)
        self.journal = Journal(self.database)
        self.flows = Flows(self.database, self.clock)
        self.card_setups = CardSetups(self.database, self.clock)

    async def start(self) -> None:
        """Take up what an earlier run of the service left open."""
        await resume(self)
        follow_up = FollowUp(self.database, self.client, self.clock)
        self.tasks.start(follow_up.watch(), "follow up")

    async def close(self) -> None:
        """Let running writes finish, and stop the rest: the next process takes it up at once."""
        await self.tasks.close()
        for claim in self.under_way.values():
            await self.journal.let_go(claim, self.clock())

    def situation(self, snapshot: Snapshot) -> Situation:
        """The rules of this moment over a customer's records."""
        now = self.clock().astimezone(snapshot.shop.timezone)
        return Situation(
            snapshot=snapshot,
            today=now.date(),
            now=now,
            change_until_days=self.settings.change_until_days,
            change_until_time=self.settings.change_until_time,
            plan=plan_of(snapshot.shop, self.retention_file),
            membership_plan=plan_of(snapshot.shop, self.retention_file, "membership"),
            code_for_order_now=self.settings.code_for_order_now,
        )
