"""A code of a sign-in mail: in the browser that asked, for ten minutes, for five tries."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from app.actions import Level
from app.auth import LinkState, Sessions, SignInCodes, SignInLinks, SignInMail, new_secret
from app.auth.limits import Limits
from app.auth.sign_in_codes import FAILED_TRIES, LETTERS
from app.database import Database
from tests.auth.world import EMAILS, JONAS, MARA, StandingClock, make_settings

NOBODY = "nobody@example.com"


class Codes:
    """A browser that asks for mails, and everything behind it."""

    def __init__(self, database: Database, sessions: Sessions, clock: StandingClock) -> None:
        self.database = database
        self.sessions = sessions
        self.links = SignInLinks(database, make_settings(), sessions, clock)
        self.codes = SignInCodes(database, sessions, self.links, clock)
        self.limits = Limits(database)
        self.clock = clock
        self.visitor = new_secret()

    async def ask(self, email: str = EMAILS[MARA], visitor: str = "") -> SignInMail:
        """What the web's part does with a wish, as far as the database is concerned."""
        mail = await self.codes.issue(email, visitor=visitor or self.visitor, target="/orders")
        customer_id = next((one for one, known in EMAILS.items() if known == email.lower()), None)
        await self.links.give_to(mail.link, customer_id, email)
        return mail

    async def give(self, code: str, email: str = EMAILS[MARA], visitor: str = "") -> str:
        return (await self.codes.give(code, email, visitor=visitor or self.visitor)).given

    async def sign_in(self, code: str) -> str | None:
        """The new session's cookie, where the code is right."""
        tried = await self.codes.give(code, EMAILS[MARA], visitor=self.visitor)
        if tried.given != "right":
            return None
        signed_in = await self.links.use_by_code(tried.link, visitor=self.visitor)
        return signed_in.cookie if signed_in else None

    async def attack(self) -> None:
        """As many failures as a whole shop may have in an hour, somewhere else."""
        limit = FAILED_TRIES[0]
        await self.limits.count([(limit, "")], self.clock(), number=limit.most)


@pytest.fixture
def codes(database: Database, sessions: Sessions, clock: StandingClock) -> Codes:
    return Codes(database, sessions, clock)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_code_signs_its_customer_in(codes: Codes) -> None:
    mail = await codes.ask()
    assert re.fullmatch(r"\d{6}", mail.code)

    tried = await codes.codes.give(mail.code, EMAILS[MARA], visitor=codes.visitor)
    assert (tried.given, tried.customer_id) == ("right", MARA)
    signed_in = await codes.links.use_by_code(tried.link, visitor=codes.visitor)

    assert signed_in is not None
    assert signed_in.target == "/orders"
    principal = await codes.sessions.read(signed_in.cookie)
    assert principal is not None
    assert (principal.customer_id, principal.method) == (MARA, "code")
    assert principal.level is Level.CODE


@pytest.mark.parametrize(
    "pattern",
    ["{0} {1}", " {0}{1}\n", "{0}-{1}", "{0}\u00a0{1}", "{0}\u2009{1} ", "\ufeff{0}{1}", "full",
     "arabic", "devanagari"],
)  # fmt: skip
async def test_a_code_may_be_pasted_and_typed_as_people_do(codes: Codes, pattern: str) -> None:
    code = (await codes.ask()).code
    signs = {"full": "０１２３４５６７８９", "arabic": "٠١٢٣٤٥٦٧٨٩", "devanagari": "०१२३४५६७८९"}
    typed = (
        code.translate(str.maketrans("0123456789", signs[pattern]))
        if pattern in signs
        else pattern.format(code[:3], code[3:])
    )
    assert await codes.give(typed) == "right"


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "12345a", "½23456", "1" * 4000, "ABCDEFGH1"]
)
async def test_what_is_no_code_is_no_try(codes: Codes, typed: str) -> None:
    code = (await codes.ask()).code
    for _ in range(6):
        assert await codes.give(typed) == "misshapen"
    assert await codes.give(code) == "right"


async def test_who_has_asked_twice_may_give_either(codes: Codes) -> None:
    first, second = await codes.ask(), await codes.ask("Mara.Lindqvist@Example.com")

    assert await codes.give(first.code) == "right"
    assert await codes.give(second.code) == "right"


async def test_a_code_works_only_where_it_was_asked_for(codes: Codes) -> None:
    code = (await codes.ask()).code
    elsewhere = new_secret()

    assert await codes.give(code, visitor=elsewhere) == "gone"
    await codes.ask(visitor=elsewhere)
    assert await codes.give(code, visitor=elsewhere) == "wrong"
    assert await codes.give(code) == "right"


async def test_a_code_is_for_the_address_that_it_went_to(codes: Codes) -> None:
    mara, jonas = await codes.ask(), await codes.ask(EMAILS[JONAS])

    assert await codes.give(mara.code, EMAILS[JONAS]) == "wrong"

    tried = await codes.codes.give(jonas.code, EMAILS[JONAS], visitor=codes.visitor)
    assert (tried.given, tried.customer_id) == ("right", JONAS)


async def test_a_code_of_another_shop_is_nothing(
    codes: Codes, database: Database, clock: StandingClock
) -> None:
    code = (await codes.ask()).code
    north = Codes(database, Sessions(database, make_settings(), clock, shop="north"), clock)

    assert await north.give(code, visitor=codes.visitor) == "gone"


async def test_a_code_works_for_ten_minutes(codes: Codes) -> None:
    code = (await codes.ask()).code
    codes.clock.move(minutes=10, seconds=-1)
    assert await codes.give(code) == "right"
    codes.clock.move(seconds=1)
    assert await codes.give(code) == "gone"


async def test_a_code_ends_with_its_link_where_that_is_shorter(
    database: Database, sessions: Sessions, clock: StandingClock
) -> None:
    links = SignInLinks(database, make_settings(sign_in_link_minutes=5), sessions, clock)
    codes = SignInCodes(database, sessions, links, clock)
    assert codes.minutes == 5
    visitor = new_secret()
    mail = await codes.issue(EMAILS[MARA], visitor=visitor)
    await links.give_to(mail.link, MARA, EMAILS[MARA])
    clock.move(minutes=5)
    assert (await codes.give(mail.code, EMAILS[MARA], visitor=visitor)).given == "gone"


async def test_five_tries_and_no_more(codes: Codes) -> None:
    mail = await codes.ask()
    wrong = other_than(mail.code)
    left = []
    for _ in range(5):
        tried = await codes.codes.give(wrong, EMAILS[MARA], visitor=codes.visitor)
        left.append((tried.given, tried.tries_left))
    assert left == [("wrong", 4), ("wrong", 3), ("wrong", 2), ("wrong", 1), ("used up", 0)]

    assert await codes.give(mail.code) == "gone"
    # Nobody is locked out: the link in the same mail works, and so does the next code.
    assert (await codes.links.find(mail.link)).state is LinkState.READY
    assert await codes.give((await codes.ask()).code) == "right"


async def test_tries_at_one_moment_all_count(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    codes = Codes(database, Sessions(database, make_settings()), StandingClock())
    mails = [await codes.ask() for _ in range(2)]
    wrong = next(f"{n:06d}" for n in range(3) if f"{n:06d}" not in {one.code for one in mails})

    results = await asyncio.gather(*(codes.give(wrong) for _ in range(12)))

    assert Counter(results) == {"wrong": 4, "used up": 1, "gone": 7}
    await database.close()


async def test_link_and_code_use_each_other_up(codes: Codes) -> None:
    by_code, by_link = await codes.ask(), await codes.ask()

    assert await codes.sign_in(by_code.code)
    assert (await codes.links.find(by_code.link)).state is LinkState.USED
    assert await codes.links.use(by_code.link, visitor=new_secret()) is None

    codes.clock.move(seconds=11)
    assert await codes.links.use(by_link.link, visitor=new_secret()) is not None
    assert await codes.give(by_link.code) == "gone"


async def test_a_double_press_gets_in_once(codes: Codes) -> None:
    code = (await codes.ask()).code
    first, second = await codes.sign_in(code), await codes.sign_in(code)

    # The browser has thrown the first answer away; its session ends.
    assert await codes.sessions.read(first) is None
    assert await codes.sessions.read(second) is not None

    codes.clock.move(seconds=11)
    assert await codes.sign_in(code) is None


async def test_codes_are_kept_as_salted_digests(codes: Codes) -> None:
    mail = await codes.ask()
    async with codes.database.read() as connection:
        kept = repr((await connection.execute(text("SELECT * FROM sign_in_links"))).all())
    for secret in (mail.code, mail.link, codes.visitor):
        assert secret not in kept


async def test_the_address_of_a_stranger_is_not_kept(codes: Codes) -> None:
    await codes.codes.issue(EMAILS[JONAS], visitor=codes.visitor)  # nobody has looked yet
    await codes.ask(NOBODY)
    await codes.ask()
    async with codes.database.read() as connection:
        kept = (await connection.execute(text("SELECT email FROM sign_in_links"))).scalars().all()
    assert sorted(kept) == ["", "", EMAILS[MARA]]


async def test_codes_are_drawn_evenly(codes: Codes) -> None:
    drawn = [(await codes.ask(NOBODY)).code for _ in range(60)]
    assert len(set(drawn)) > 58
    assert set("".join(drawn)) == set("0123456789")


# Strangers ----------------------------------------------------------------------------------------


async def test_nobody_is_told_the_code_of_a_stranger_and_it_would_open_nothing(
    codes: Codes,
) -> None:
    mail = await codes.ask(NOBODY)

    assert await codes.give(mail.code, NOBODY) == "wrong"
    assert (await codes.links.find(mail.link)).state is LinkState.UNKNOWN
    assert await codes.links.use(mail.link, visitor=codes.visitor) is None


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_stranger_costs_the_same_statements_and_rows(codes: Codes) -> None:
    await codes.ask("warm@example.com")
    seen = []
    for email in (EMAILS[MARA], NOBODY):
        with counted(codes.database) as sent:
            mail = await codes.ask(email)
            wrong = other_than(mail.code)
            given = [await codes.give(wrong, email) for _ in range(6)]
            found = await codes.codes.find(email, visitor=codes.visitor)
        seen.append((sent, given, found))
    assert seen[0] == seen[1]
    async with codes.database.read() as connection:
        query = "SELECT mailbox, count(*), sum(code_tries) FROM sign_in_links GROUP BY mailbox"
        rows = sorted(row[1:] for row in (await connection.execute(text(query))).all())
    assert rows == [(1, 0), (1, 5), (1, 5)]


# The breaker --------------------------------------------------------------------------------------


async def test_under_attack_codes_are_long_and_short_ones_count_no_more(codes: Codes) -> None:
    short = await codes.ask()
    assert await codes.codes.find(EMAILS[MARA], visitor=codes.visitor) == 6

    await codes.attack()

    assert await codes.codes.find(EMAILS[MARA], visitor=codes.visitor) == "withdrawn"
    assert await codes.give(short.code) == "withdrawn"
    assert (await codes.links.find(short.link)).state is LinkState.READY, "the link still works"

    long = await codes.ask()
    assert re.fullmatch(rf"[{LETTERS}]{{8}}", long.code)
    assert await codes.codes.find(EMAILS[MARA], visitor=codes.visitor) == 8
    assert await codes.give(short.code) == "wrong"
    assert await codes.give(f"{long.code[:4]} {long.code[4:].lower()}") == "right"


async def test_the_attack_is_over_after_its_hour(codes: Codes) -> None:
    await codes.attack()
    codes.clock.move(minutes=30)  # the hour began at nine

    assert len((await codes.ask()).code) == 6


async def test_an_attack_that_goes_on_is_remembered_for_the_day(codes: Codes) -> None:
    for _ in range(6):
        await codes.attack()
        for limit in FAILED_TRIES[1:]:
            await codes.limits.count([(limit, "")], codes.clock(), number=300)
        codes.clock.move(hours=1)

    assert len((await codes.ask()).code) == 8
    codes.clock.move(days=1)
    assert len((await codes.ask()).code) == 6


async def test_failures_count_over_all_addresses_also_those_of_strangers(codes: Codes) -> None:
    """Sixty times five is three hundred: nobody has failed often, and yet somebody is at work."""
    for number in range(60):
        email, visitor = f"one{number}@example.com", new_secret()
        wrong = other_than((await codes.ask(email, visitor)).code)
        for _ in range(5):
            await codes.give(wrong, email, visitor)

    assert len((await codes.ask()).code) == 8


async def test_a_try_counts_for_every_code_that_it_could_be(codes: Codes) -> None:
    limit = FAILED_TRIES[0]
    await codes.limits.count([(limit, "")], codes.clock(), number=limit.most - 3)
    mails = [await codes.ask() for _ in range(3)]
    wrong = next(f"{n:06d}" for n in range(4) if f"{n:06d}" not in {one.code for one in mails})

    await codes.give(wrong)

    assert len((await codes.ask()).code) == 8


async def test_right_codes_and_misshapen_ones_do_not_count_as_failures(codes: Codes) -> None:
    limit = FAILED_TRIES[0]
    await codes.limits.count([(limit, "")], codes.clock(), number=limit.most - 1)

    assert await codes.give((await codes.ask()).code) == "right"
    assert await codes.give("12") == "misshapen"

    assert len((await codes.ask()).code) == 6
