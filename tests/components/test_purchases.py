"""One order, buying it again, and store credit: what a customer reads, and where links lead."""

from __future__ import annotations

from typing import Any

from app.i18n import Texts
from components import BuyAgainDialog, Component, OrderDetails, StoreCredit
from components.gallery import EXAMPLES
from components.html import Tag
from components.testing import ComponentTests, drawn, words


class TestOrderDetails(ComponentTests):
    component = OrderDetails


class TestBuyAgainDialog(ComponentTests):
    component = BuyAgainDialog


class TestStoreCredit(ComponentTests):
    component = StoreCredit


async def look(kind: type[Component[Any]], case: str) -> tuple[list[str], list[dict[str, Any]]]:
    """What an example says, and its links."""
    example = next(one for one in EXAMPLES if one.component is kind and one.case == case)
    shown: list[Component[Any]] = []
    found: tuple[list[str], list[dict[str, Any]]] = [], []
    async with drawn(lambda: shown.append(example.draw(Texts(example.language)))):
        inside = [one for one in shown[0].descendants() if isinstance(one, Tag)]
        found = words(shown[0]), [dict(one.props) for one in inside if one.tag == "a"]
    return found


async def test_only_a_safe_address_is_a_link() -> None:
    said, links = await look(OrderDetails, "taxes included, refunded in part, sent in two parcels")
    outside = [one for one in links if str(one["href"]).startswith("http")]
    assert [one["href"] for one in outside] == [
        "https://www.ups.com/track?tracknum=1Z999AA10123456784"
    ]
    assert outside[0]["rel"] == "noopener noreferrer nofollow"
    assert outside[0]["target"] == "_blank"
    assert "Harbour Bikes · javascript:alert(1)" in said, "what is no link can be read"
    assert "Follow parcel 1" in said


async def test_nothing_is_said_of_parcels_where_nothing_is_told() -> None:
    said, _ = await look(OrderDetails, "ordered")
    assert "Where it is" not in said


async def test_the_delivery_note_that_went_with_it_is_shown() -> None:
    said, _ = await look(OrderDetails, "taxes included, refunded in part, sent in two parcels")
    assert said[said.index("Delivery note") + 1].startswith("Please ring twice.")
    said, _ = await look(OrderDetails, "ordered")
    assert "Delivery note" not in said


async def test_taxes_in_the_price_stand_below_the_total() -> None:
    said, _ = await look(OrderDetails, "taxes included, refunded in part, sent in two parcels")
    total, tax, refund = (
        said.index(one) for one in ("Total", "Including State tax (5.5%)", "Refunded")
    )
    assert total < tax < refund
    assert "Partly refunded" in said


async def test_amounts_that_do_not_add_up_are_said_not_to() -> None:
    said, _ = await look(OrderDetails, "amounts that do not add up")
    assert any("do not make up the total" in one for one in said)
    said, _ = await look(OrderDetails, "ordered")
    assert not any("do not make up the total" in one for one in said)


async def test_a_reason_that_nobody_knows_is_told_as_such() -> None:
    said, _ = await look(OrderDetails, "failed for good")
    assert "The payment did not go through." in said
    assert "The shop does not try again by itself, so this is not sent." in said


async def test_what_cannot_be_bought_again_is_named_with_its_reason() -> None:
    said, _ = await look(BuyAgainDialog, "effect")
    assert "Not among them" in said
    assert "The shop does not offer this any more." in said
    assert "$18.00 each when you ordered it" in said
    said, _ = await look(BuyAgainDialog, "nothing is sold any more")
    assert "Nothing of this order is sold any more." in said


async def test_what_was_spent_is_not_called_nothing() -> None:
    said, _ = await look(StoreCredit, "expired, and not read just now")
    assert "The shop does not tell what it was spent on." in said
    assert "It could not be read again just now." in said
    said, _ = await look(StoreCredit, "no such thing here")
    assert said[0] == "This shop has no store credit here."
