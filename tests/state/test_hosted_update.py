"""How it stands with the mail by which a payment method is changed, on an open page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import Services
from app.state import HostedUpdateState, UpdateMailQuestion
from tests.actions.shop import Shop, signed_in
from tests.state.page import MARA, English, opened, text

HANNAH = signed_in(108)
HERS = 610


async def ask(update: HostedUpdateState) -> None:
    """Ask for the mail, after the question."""
    question = UpdateMailQuestion(update)
    await question.ask()
    assert question.failure is None
    await question.confirm()


async def test_a_card_that_is_kept_here_has_no_such_mail(services: Services) -> None:
    portal = await opened(services, MARA)
    update = HostedUpdateState(portal, 601)
    assert not update.is_shown
    assert not HostedUpdateState(portal, 999).is_shown
    portal.close()


async def test_from_the_first_mail_to_the_next(shop: Shop, services: Services) -> None:
    portal = await opened(services, HANNAH)
    update = HostedUpdateState(portal, HERS)
    assert update.is_shown
    assert (update.stage, update.can_ask, update.again_at) == ("none", True, None)

    await ask(update)
    assert "on its way to hannah.kim@example.com" in text(portal.notice)
    assert (update.stage, update.can_ask) == ("asked", False)
    assert update.asked_at is not None
    assert update.again_at == update.asked_at + timedelta(minutes=5)
    assert English.moment(update.asked_at).startswith("Mon 23 Nov"), "in the shop's zone"

    other = await opened(shop.services(), HANNAH)  # after a restart, and in another tab
    later = HostedUpdateState(other, HERS)
    assert (later.stage, later.can_ask) == ("asked", False)
    await shop.advance(timedelta(minutes=5))
    assert (later.stage, later.can_ask, later.again_at) == ("asked", True, None)
    await shop.advance(timedelta(hours=48))
    assert later.stage == "none", "its link has ended by then"
    for one in (update, later, portal, other):
        one.close()


async def test_a_press_too_soon_is_told(services: Services) -> None:
    portal = await opened(services, HANNAH)
    update = HostedUpdateState(portal, HERS)
    await ask(update)
    question = UpdateMailQuestion(update)
    await question.ask()
    assert "ask for it again in 5 minutes" in text(question.failure)
    update.close()
    portal.close()


async def test_it_is_seen_that_the_card_is_another_one(shop: Shop, services: Services) -> None:
    portal = await opened(services, HANNAH)
    update = HostedUpdateState(portal, HERS)
    await ask(update)
    method = shop.sandbox.shop.read("payment_methods", HERS)
    details = {**method["payment_details"], "last4": "4444", "brand": "mastercard"}
    shop.sandbox.shop.save("payment_methods", {**method, "payment_details": details})

    await update.look()

    assert update.stage == "changed"
    assert update.method is not None
    assert update.method.payment_details.last4 == "4444"
    update.close()
    portal.close()


@pytest.mark.parametrize(("kind", "stage"), [("cut_after", "unclear"), ("422", "none")])
async def test_without_an_answer_it_may_come_and_a_refusal_is_the_end(
    shop: Shop, services: Services, kind: str, stage: str
) -> None:
    portal = await opened(services, HANNAH)
    update = HostedUpdateState(portal, HERS)
    await shop.fault("POST", "/customers/*/notifications", kind)
    await ask(update)
    assert update.stage == stage
    update.close()
    portal.close()


async def test_what_cannot_be_read_is_told(shop: Shop, services: Services) -> None:
    portal = await opened(services, HANNAH)
    update = HostedUpdateState(portal, HERS)
    await ask(update)
    await shop.fault("GET", "/payment_methods", "500", times=20)
    await update.look()
    assert (update.stage, update.is_busy) == ("asked", False)
    assert "cannot be reached" in text(portal.notice)
    update.close()
    portal.close()


async def test_it_lets_go_of_the_page(services: Services) -> None:
    portal = await opened(services, HANNAH)
    watched = len(portal.changed)
    update = HostedUpdateState(portal, HERS)
    await ask(update)
    update.close()
    assert len(portal.changed) == watched
    portal.close()
