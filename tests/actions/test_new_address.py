"""With a new e-mail address all else that may be somebody's ends: sessions, and links in mails."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions import (
    ChangeEmail,
    ChangeName,
    Level,
    NothingKnown,
    Principal,
    Result,
    Services,
    perform,
)
from app.actions import preview as look_at
from app.actions.quick.wishes import What, WishedLink
from app.auth import EndOthers, HandOffs, LinkSigner, PortalTokens, QuickLinks, Sessions
from app.clock import utc_now
from app.i18n import Texts
from tests.actions.shop import Shop, press
from tests.actions.test_saga import settled

NEW = "mara.new@example.org"
MARA, JONAS = 101, 102


class Account:
    """A customer with sessions on two devices, and another customer beside."""

    def __init__(self, shop: Shop, services: Services) -> None:
        self.shop, self.services = shop, services
        self.sessions = Sessions(shop.database, shop.settings)
        self.tokens = PortalTokens(shop.database, self.sessions, self._find)
        self.hand_offs = HandOffs(shop.database, self.sessions)
        services.journal.when_done.append(EndOthers(self.sessions.shop))

    async def _find(self, customer_hash: str) -> int | None:
        return await self.shop.mirror.find_customer(hash=customer_hash)

    async def open(self) -> tuple[str, Principal, list[str]]:
        """Here, and elsewhere."""
        here, principal = await self.sessions.start(MARA, method="code", level=Level.CODE)
        others = [(await self.sessions.start(MARA, method="link"))[0] for _ in range(2)]
        self.others = others
        self.his, _ = await self.sessions.start(JONAS, method="link")
        self.token = await self.tokens.issue(MARA)
        self.his_token = await self.tokens.issue(JONAS)
        self.code = await self.hand_offs.issue(MARA, method="code", level=Level.CODE)
        return here, principal, others

    async def hash_of(self, customer_id: int) -> str:
        return (await self.shop.client.customers.get(customer_id)).hash

    async def is_live(self, cookie: str) -> bool:
        return await self.sessions.read(cookie) is not None


@pytest.fixture
def account(shop: Shop, services: Services) -> Account:
    return Account(shop, services)


async def test_all_others_end_and_the_one_that_asked_stays(account: Account) -> None:
    here, principal, others = await account.open()

    await perform(
        account.services, principal, ChangeEmail(customer_id=MARA, email=NEW), key=press()
    )

    assert await account.is_live(here)
    assert [await account.is_live(one) for one in others] == [False, False]
    assert await account.is_live(account.his)
    assert await account.tokens.find(account.token, await account.hash_of(MARA)) is None
    assert await account.tokens.find(account.his_token, await account.hash_of(JONAS)) is not None
    assert await account.hand_offs.take(account.code) is None


async def test_what_is_not_done_ends_nothing(account: Account) -> None:
    here, principal, others = await account.open()
    taken = (await account.shop.client.customers.get(JONAS)).email

    with pytest.raises(Exception, match="422"):
        await perform(
            account.services, principal, ChangeEmail(customer_id=MARA, email=taken), key=press()
        )
    name = ChangeName(customer_id=MARA, first_name="Mara", last_name="Berg")
    await perform(account.services, principal, name, key=press())

    assert [await account.is_live(one) for one in (here, *others)] == [True] * 3


async def test_it_happens_also_where_the_result_became_known_late(account: Account) -> None:
    here, principal, others = await account.open()
    shop = account.shop
    await shop.mirror.settled()
    await shop.fault("PUT", "/customers/*", "cut_after", times=9)
    await shop.fault("GET", "/customers/*", "500", times=99)
    with pytest.raises(NothingKnown):
        await perform(
            account.services, principal, ChangeEmail(customer_id=MARA, email=NEW), key=press()
        )
    assert [await account.is_live(one) for one in others] == [True, True]
    await account.services.close()
    await shop.no_faults()

    later = Account(shop, shop.services())
    await later.services.start()

    assert await settled(later.services, principal) is Result.DONE
    assert await account.is_live(here)
    assert [await account.is_live(one) for one in others] == [False, False]


async def test_it_is_told_before_and_in_the_receipt(account: Account) -> None:
    _, principal, _ = await account.open()
    action = ChangeEmail(customer_id=MARA, email=NEW)
    english = Texts("en")
    effect = (await look_at(account.services, principal, action)).effect
    said = " ".join(english.render(change.text) for change in effect.changes)
    assert "You are signed out on all your other devices." in said

    await perform(account.services, principal, action, key=press())

    (row,) = await account.services.journal.receipts.take(account.services.clock())
    words = " ".join(english.render(each) for each in row.receipt.changes)
    assert re.search(r"Wherever else your account was open, it was signed out\.", words)


async def test_a_change_on_the_customers_behalf_ends_all_of_theirs(account: Account) -> None:
    here, principal, others = await account.open()
    elsewhere = replace(principal, session="f" * 64)

    await perform(
        account.services, elsewhere, ChangeEmail(customer_id=MARA, email=NEW), key=press()
    )

    assert [await account.is_live(one) for one in (here, *others)] == [False] * 3


async def test_quick_links_from_before_do_nothing_any_more(account: Account) -> None:
    """They lie in the mailbox that was given up."""
    _, principal, _ = await account.open()
    signer = LinkSigner(["a secret that is long enough for it"], account.shop.settings.origin)
    links = QuickLinks(account.shop.database, signer)

    def sign(customer_id: int) -> str:
        return signer.sign(WishedLink(what=What.SKIP, customer=customer_id)).path.rpartition("/")[2]

    hers, his = sign(MARA), sign(JONAS)
    assert await links.find(hers) is not None

    await perform(
        account.services, principal, ChangeEmail(customer_id=MARA, email=NEW), key=press()
    )

    assert await links.find(hers) is None
    assert await links.find(his) is not None
    later = LinkSigner(
        ["a secret that is long enough for it"],
        account.shop.settings.origin,
        lambda: utc_now() + timedelta(seconds=1),
    )
    new = later.sign(WishedLink(what=What.SKIP, customer=MARA)).path.rpartition("/")[2]
    assert await links.find(new) is not None
