"""Asking what a code gives, before anything is changed by it."""

from __future__ import annotations

import re

from app.actions.discounts.base import LONGEST_CODE, DiscountAction
from app.actions.discounts.terms import Terms, look_up, unusable
from app.actions.errors import NotPossible, SignedOut, SwitchedOff, UpstreamRefused
from app.actions.principal import Principal
from app.actions.services import Services
from app.actions.write import current
from app.recharge import Priority, RechargeError

_CODE = re.compile(r"\S+( \S+)*")


async def check_code(services: Services, principal: Principal, code: str) -> Terms:
    """What a code gives that the customer has typed. One call.

    It counts as a change against the customer's rate: nobody is to find codes by trying.

    Raises:
        SignedOut, SwitchedOff, TooMany.
        NotPossible: the code cannot be used.
        UpstreamRefused: it could not be looked up.
    """
    if not await services.is_signed_in(principal):
        raise SignedOut(f"session {principal.session}")
    situation = await current(services, principal.customer_id)
    if not DiscountAction.is_offered(situation.snapshot.shop):
        raise SwitchedOff(f"check code: {DiscountAction.switch}")
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise NotPossible("no code", notice=unusable(code[:LONGEST_CODE]))
    services.rate.take(principal.customer_id)
    client = services.client.with_options(priority=Priority.MISS, customer_id=principal.customer_id)
    try:
        return await look_up(client, code, situation.now)
    except RechargeError as error:
        raise UpstreamRefused(str(error), notice=error.notice) from error
