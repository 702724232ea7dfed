"""Writing to Recharge, until it is known what came of it.

- An answer of 2xx: the state is read, once more where the goal does not show. Only what was read
  is called done; where nothing could be read, what the answer holds. What is done only when it is
  read (`Action.is_done_when_read`) is then unknown, also after a refusal.
- 429: not executed. The client has repeated it for as long as its deadline allowed.
- No connection: not executed. Sent again after a while.
- No answer, 5xx, nonsense, or 409: the state is read, and the write is sent again only when the
  goal is not reached and a repeat can do no harm.
- What pays is sent again after a 429 or without a connection, and in no other case: until reading
  shows what came of it, nothing is known.
- Any other 4xx: refused. After an earlier attempt that went unanswered the state is read first,
  since that attempt may be the reason for the refusal.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from app.actions.addresses.postal import refused_parts
from app.actions.base import Action, Upstream
from app.actions.errors import (
    ActionError,
    NothingKnown,
    NotPossible,
    PartlyDone,
    UnknownObject,
    UpstreamRefused,
    WrongParts,
)
from app.actions.payments.hosted import is_hosted, mails_asked
from app.actions.situation import Situation
from app.actions.withdrawn import withdrawn_by
from app.mirror import MirrorError, UnknownCustomer
from app.recharge import (
    Conflict,
    ConnectFailed,
    NotSent,
    Priority,
    RateLimited,
    RechargeError,
    Refused,
)

if TYPE_CHECKING:
    from app.actions.services import Services

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """The goal is reached. `is_confirmed` is False when it could not be read back."""

    after: Situation
    is_confirmed: bool


async def current(services: Services, customer_id: int) -> Situation:
    """The customer's records in the mirror, and the rules of this moment.

    Raises:
        UpstreamRefused: the mirror had to ask Recharge and could not; nothing was changed.
        UnknownObject: Recharge does not know the customer.
    """
    try:
        now = services.situation(await services.mirror.customer(customer_id).snapshot())
    except RechargeError as error:
        raise UpstreamRefused(str(error), notice=error.notice) from error
    except UnknownCustomer as error:
        raise UnknownObject(str(error)) from error
    now = replace(now, withdrawn=await withdrawn_by(services.database, customer_id))
    if any(map(is_hosted, now.snapshot.payment_methods)):
        mails = await mails_asked(services.database, customer_id)
        now = replace(now, mails={id: mail.at for id, mail in mails.items()})
    return now


async def read_back(services: Services, customer_id: int, nouns: tuple[str, ...]) -> Situation:
    """The customer's records after these nouns were read from Recharge.

    Raises:
        RechargeError, MirrorError: they could not be read.
    """
    mine = services.mirror.customer(customer_id)
    await mine.refresh(*nouns)
    return services.situation(await mine.snapshot())


async def write(services: Services, customer_id: int, action: Action, before: Situation) -> Written:
    """Run an action until its goal is reached.

    Raises:
        UpstreamRefused, NotPossible, WrongParts: nothing was changed.
        PartlyDone: some steps were made, the others refused.
        NothingKnown: something was sent, and neither answer nor reading tells what came of it.
    """
    return await _Attempts(services, customer_id, action, before).run()


class _Attempts:
    """The attempts at one write."""

    def __init__(
        self, services: Services, customer_id: int, action: Action, before: Situation
    ) -> None:
        self._services = services
        self._customer_id = customer_id
        self._action = action
        self._nouns = action.touches(before)
        client = services.client.with_options(priority=Priority.WRITE, customer_id=customer_id)
        self._upstream = Upstream(client, before)
        self._is_unclear = False

    async def run(self) -> Written:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._services.write_within
        for pause in (*self._services.resend_after, None):
            try:
                await self._action.run(self._upstream)
            except RechargeError as error:
                done = await self._after(error)
                if done:
                    return done
                if not self._may_repeat(error) or pause is None or loop.time() + pause > until:
                    raise self._failure(error) from error
                await asyncio.sleep(pause)
            except NotPossible as error:  # there is nothing left to write to
                done = await self._read()
                if done:
                    return done
                raise self._failure(error) from error
            else:
                return await self._confirm()
        raise AssertionError("unreachable")

    async def _after(self, error: RechargeError) -> Written | None:
        """Look up what came of an attempt, where the error does not tell."""
        _log.warning(
            "a write did not go through",
            action=self._action.name,
            customer_id=self._customer_id,
            error=str(error),
        )
        was_unclear = self._is_unclear
        if error.executed == "unknown" or (self._action.pays and not _is_proof(error)):
            self._is_unclear = True
        if isinstance(error, NotSent | RateLimited) and not self._is_unclear:
            return None
        done = await self._read(error)
        if isinstance(error, Refused) and not isinstance(error, Conflict):
            self._is_unclear = was_unclear  # it said no, and reading agrees
        return done

    async def _read(self, error: RechargeError | None = None) -> Written | None:
        """The goal, when reading shows that it is reached."""
        try:
            situation = await read_back(self._services, self._customer_id, self._nouns)
        except (RechargeError, MirrorError) as unread:
            _log.warning("a write could not be looked up", error=str(unread))
            if self._action.is_done_when_read:
                raise NothingKnown(str(error or unread)) from unread
            raise self._failure(error or unread) from unread
        self._upstream.situation = situation
        if await self._action.is_done(self._upstream):
            return Written(situation, is_confirmed=True)
        return None

    async def _confirm(self) -> Written:
        """Every step was answered: keep the answers, and read back what they led to.

        An answer can claim what was not done, and a list can be behind the write.
        """
        services, action = self._services, self._action
        mine = services.mirror.customer(self._customer_id)
        is_read = False
        try:
            if not action.is_done_when_read:
                await mine.store(*self._upstream.answers)
            for pause in (0.0, services.read_again_after):
                await asyncio.sleep(pause)
                self._upstream.situation = await read_back(services, self._customer_id, self._nouns)
                if await action.is_done(self._upstream):
                    return Written(self._upstream.situation, is_confirmed=True)
            is_read = True
        except (RechargeError, MirrorError) as error:
            _log.warning("a write could not be read back", error=str(error))
            if action.is_done_when_read:
                log = f"{action.name}: answered as done, and could not be read back"
                raise NothingKnown(log) from error
            self._upstream.situation = services.situation(await mine.snapshot())
            with suppress(RechargeError):  # it may ask by itself
                if await action.is_done(self._upstream):
                    return Written(self._upstream.situation, is_confirmed=False)
        if is_read and action.is_partly_done(self._upstream.situation):
            raise PartlyDone(f"{action.name}: answered as done, and only a part of it is")
        raise NothingKnown(f"{action.name}: answered as done, and does not show")

    def _may_repeat(self, error: RechargeError) -> bool:
        if isinstance(error, NotSent):
            return isinstance(error, ConnectFailed)
        if isinstance(error, RateLimited) and not self._action.is_safe_to_repeat:
            return not self._is_unclear  # the client repeats only what is always safe to repeat
        if isinstance(error, Refused) and not isinstance(error, Conflict):
            return False
        if self._action.pays:
            return error.is_read and not self._is_unclear
        return self._action.is_safe_to_repeat or not self._is_unclear

    def _failure(self, error: Exception) -> ActionError:
        if self._is_unclear:
            return NothingKnown(str(error))
        if self._upstream.answers:
            return PartlyDone(str(error))
        if isinstance(error, NotPossible):
            return error
        notice = error.notice if isinstance(error, RechargeError) else None
        if type(error) is Refused and (parts := refused_parts(self._action, error.fields)):
            return WrongParts(str(error), parts=parts)
        if type(error) is Refused:
            notice = self._action.if_refused() or notice
        return UpstreamRefused(str(error), notice=notice)


def _is_proof(error: RechargeError) -> bool:
    """Whether this proves that nothing was executed. A 409 does not: it may be the same payment,
    asked for by somebody else, that is being made."""
    return error.is_read or isinstance(error, NotSent | RateLimited)
