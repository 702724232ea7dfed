"""Where parcels are: what shops write into orders, and which of it may become a link."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recharge import Order
from app.state.tracking import MOST, Parcel, parcels_of, safe_url

UPS = "https://www.ups.com/track?tracknum=1Z999&loc=en_US#top"


def order(**fields: Any) -> Order:
    known = {"id": 1, "customer": {"id": 101}, "status": "success", "total_price": "1.00"}
    return Order.model_validate(known | fields)


@pytest.mark.parametrize(
    "url",
    [UPS, "https://track.example/1", "HTTPS://Track.Example/a%20b", "https://xn--e1a.example/"],
)
def test_an_address_over_https_to_a_named_host_may_be_a_link(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://track.example/1",
        "javascript:alert(1)",
        "JavaScript://track.example/%0aalert(1)",
        "data:text/html,<script>",
        "//track.example/1",
        "/orders/1",
        "https:track.example",
        "https:///track.example",
        "https://track.example@evil.example/",
        "https://user:word@track.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://127.0.0.0x1/",
        "https://127.0.0.1./",
        "https://localhost/",
        "https://track.example:8443/",
        "https://track.example:/",
        "https://trаck.example/",  # a Cyrillic а
        "https://track.example\\@evil.example/",
        "https://track.example/\n",
        " https://track.example/",
        "https://track.example/a b",
        'https://track.example/"onclick="',
        "https://-track.example/",
        "https://track..example/",
        "https://" + "a" * 64 + ".example/",
        "https://track.example/" + "a" * 2000,
        "",
        None,
        7,
    ],
)
def test_anything_else_may_not(url: object) -> None:
    assert safe_url(url) is None


@given(st.text(max_size=60))
def test_no_text_makes_a_link_that_is_not_https(text: str) -> None:
    for candidate in (text, f"https://{text}", f"https://track.example{text}"):
        found = safe_url(candidate)
        if found is not None:
            assert found == candidate
            assert found.lower().startswith("https://")
            assert found.isascii()
            assert not any(sign in found for sign in ' \t\r\n\\"<>')


def test_nothing_told_is_nothing_shown() -> None:
    assert parcels_of(order()) == ()
    assert parcels_of(order(fulfillments=None)) == ()
    assert parcels_of(order(fulfillments="by bike")) == ()
    assert parcels_of(order(fulfillments=[None, 7, {}, {"status": "success"}])) == ()


def test_parcels_of_the_shop_system() -> None:
    found = order(
        fulfillments=[
            {
                "tracking_company": "UPS",
                "tracking_numbers": ["1Z1", "1Z2"],
                "tracking_urls": ["https://ups.example/1", "https://ups.example/2"],
            },
            {"tracking_company": "Post", "tracking_number": 990, "tracking_url": None},
        ]
    )
    assert parcels_of(found) == (
        Parcel("UPS", "1Z1", "https://ups.example/1"),
        Parcel("UPS", "1Z2", "https://ups.example/2"),
        Parcel("Post", "990", None),
    )


def test_an_unsafe_address_is_a_text() -> None:
    (parcel,) = parcels_of(order(fulfillments=[{"tracking_url": "http://track.example/1"}]))
    assert parcel == Parcel("", "http://track.example/1", None)


def test_attributes_of_the_order() -> None:
    attributes = [
        {"name": "Tracking Number", "value": "LX 1"},
        {"name": "tracking_url", "value": UPS},
        {"name": "Carrier", "value": "Harbour Post\u0007"},
        {"name": "gift", "value": "yes"},
    ]
    assert parcels_of(order(order_attributes=attributes)) == (Parcel("Harbour Post", "LX 1", UPS),)
    assert parcels_of(order(order_attributes=[{"name": "Carrier", "value": "Post"}])) == ()


def test_a_number_that_is_an_address_becomes_the_link() -> None:
    (parcel,) = parcels_of(order(order_attributes=[{"name": "tracking", "value": UPS}]))
    assert parcel == Parcel("", "", UPS)


def test_never_more_than_a_screenful() -> None:
    many = [{"tracking_number": f"{number}" * 300} for number in range(100)]
    found = parcels_of(order(fulfillments=many))
    assert len(found) == MOST
    assert all(len(parcel.number) <= 120 for parcel in found)
