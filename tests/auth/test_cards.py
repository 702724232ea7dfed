"""What is taken for a card number, and what must never be."""

from __future__ import annotations

import json
import time
import uuid
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth import body_holds_card, holds_card_number, is_card_field
from app.auth.cards import packet_holds_card, value_holds_card

FORM = "application/x-www-form-urlencoded"
KNOWN = (
    "4111111111111111", "4222222222222", "5555555555554444", "2223003122003222", "378282246310005",
    "30569309025904", "6011111111111117", "3530111333300000", "6304000000000000",
    "6799990100000000019",
)  # fmt: skip
"""Test numbers of the processors: 13, 14, 15, 16 and 19 digits."""


def check_digit(digits: str) -> str:
    """The last digit that makes a number right (Luhn), worked out apart from the product."""
    doubled = [int(each) * (2 if place % 2 == 0 else 1) for place, each in enumerate(digits[::-1])]
    return str(-sum(each // 10 + each % 10 for each in doubled) % 10)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """13 to 19 digits with a right check digit."""
    first = draw(st.sampled_from("123456789"))
    rest = draw(st.text("0123456789", min_size=11, max_size=17))
    return first + rest + check_digit(first + rest)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A card number as somebody may write it: with one kind of separator, or none, in any script
    of digits, somewhere in a text."""
    number = draw(card_numbers())
    separators = ["", " ", "  ", "\t", "-", " - ", ".", "/", "\u200b", "\u00a0", "\u2009", "\u2013"]
    separator = draw(st.sampled_from(separators))
    size = draw(st.sampled_from([2, 3, 4, 5, 6]))
    parts = [number[start : start + size] for start in range(0, len(number), size)]
    zero = draw(st.sampled_from(["0", "\u0660", "\u06f0", "\u0966", "\uff10"]))
    text = separator.join(parts).translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)})
    around = st.sampled_from(["", " ", ", ", "\n", "卡号", "(", ")", ": ", "№", '"'])
    return draw(around) + text + draw(around)


@pytest.mark.parametrize("number", KNOWN)
def test_the_numbers_that_processors_give_for_tests(number: str) -> None:
    assert holds_card_number(number)
    assert not holds_card_number(number[:-1] + str((int(number[-1]) + 1) % 10))


@given(written())
def test_a_card_number_is_found_however_it_is_written(text: str) -> None:
    assert holds_card_number(text)
    assert value_holds_card({"note": [text]})
    assert body_holds_card(urlencode({"note": text}).encode(), FORM)
    assert body_holds_card(json.dumps({"a": [{"b": text}]}).encode(), "application/json")
    assert body_holds_card(text.encode(), "text/plain")


@given(card_numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_card_number(number: str, more: int) -> None:
    assert not holds_card_number(number[:-1] + str((int(number[-1]) + more) % 10))


@given(st.integers(1, 10**15 - 1), st.sampled_from(["", " "]))
def test_a_telephone_number_is_none(number: int, space: str) -> None:
    digits = str(number)
    grouped = " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))
    for text in (f"+{space}{digits}", f"Call +{grouped}!", f"tel:+{digits}"):
        assert not holds_card_number(text), text


@given(st.uuids(), st.binary(min_size=32, max_size=32), st.text("0123456789", max_size=12))
def test_names_that_machines_give_are_none(name: uuid.UUID, token: bytes, short: str) -> None:
    assert not holds_card_number(f"{name} a{token.hex()}z {short}")
    assert not body_holds_card(urlencode({"form": f"a{token.hex()}z", "id": short}).encode(), FORM)


@given(card_numbers(), st.text("abcdefxyz", min_size=1, max_size=5))
def test_digits_in_a_word_are_none(number: str, letters: str) -> None:
    assert not holds_card_number(letters + number)
    assert not holds_card_number(number + letters)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111 12/27",
        "4111 1111 1111 1111 1227",
        "4111111111111111 123",
        "Card: 3782-822463-10005.",
        "+4111111111111111",
        "４１１１１１１１１１１１１１１１",
    ],
)
def test_what_stands_beside_it_hides_none(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23 2026-11-30",
        "2026-11-23, 2026-11-30, 2026-12-07",
        "0000000000000000",
        "411111111111",
        "41111111111111111111",
        "House 12, 4111 Main Street, 11111",
        "2026.11.23 2026.11.30",
        "411111111111.1111.2",
    ],
)
def test_what_is_no_card_number(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize(
    "name",
    ["card", "cardNumber", "card_number", "CARD-NUMBER", "card[number]", "payment.cvc", "cvv",
     "cc-number", "ccNum", "pan", "securityCode", "card-cvv2", "source[card][exp]"],
)  # fmt: skip
def test_fields_that_are_called_like_a_cards(name: str) -> None:
    assert is_card_field(name)
    assert body_holds_card(urlencode({name: ""}).encode(), FORM)
    assert body_holds_card(json.dumps({"a": {name: None}}).encode())
    part = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n12\r\n--x--\r\n'
    assert body_holds_card(part.encode(), "multipart/form-data; boundary=x")


@pytest.mark.parametrize(
    "name",
    ["form", "email", "address_id", "payment_method_id", "company", "span", "next", "postcard",
     "discount_code", "giftcard_note", "quantity", "confirm", "language", "expires_at"],
)  # fmt: skip
def test_fields_of_ours_are_called_otherwise(name: str) -> None:
    assert not is_card_field(name)


def test_a_body_is_read_as_what_it_may_be_too() -> None:
    number = KNOWN[0]
    assert body_holds_card(f"a={number}".encode(), "application/json")
    assert body_holds_card(b'{"n": %s}' % number.encode(), FORM)
    assert body_holds_card(b"\xff\xfe " + number.encode(), "application/octet-stream")
    assert body_holds_card(f"x%3D{number[:8]}+{number[8:]}".encode(), FORM)
    assert body_holds_card(("[" * 5000 + number).encode(), "application/json")
    assert body_holds_card(json.dumps(deep(60)).encode()), "so deep is nothing of ours"
    assert not body_holds_card(b"")


def deep(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@given(st.integers(1, 10**19 - 1), st.integers(0, 2**53 - 1), st.uuids())
def test_ids_in_our_own_packets_are_none(id: int, element: int, page: uuid.UUID) -> None:
    for args in (
        [json.dumps(f"/subscriptions/{id}")],
        [json.dumps({"path": f"/orders/{id}/receipt"})],
        ["{}"],
        [json.dumps({"timeStamp": id})],
        [None],
    ):
        packet = {
            "id": element,
            "client_id": str(page),
            "listener_id": str(page),
            "args": args,
        }
        assert not packet_holds_card(packet)
    assert not packet_holds_card({"request_id": str(page), "client_id": str(page), "result": id})


@given(written())
def test_what_is_typed_on_our_page_is_looked_at(text: str) -> None:
    assert packet_holds_card({"id": 1, "args": [json.dumps({"detail": text})]})
    assert packet_holds_card({"id": 1, "args": [json.dumps(text)]})
    assert packet_holds_card({"request_id": "1", "result": {"answer": [text]}})


def test_a_path_that_was_typed_is_looked_at_too() -> None:
    typed = {"id": 1, "args": [json.dumps({"detail": "/4111111111111111"})]}
    assert packet_holds_card(typed)


@pytest.mark.parametrize(
    "text", ["1" * 60_000 + "a", "+" + "1" * 60_000 + "a", "1 " * 150_000, "1234 " * 60_000]
)
def test_a_text_made_to_keep_us_busy_does_not(text: str) -> None:
    begun = time.process_time()
    assert not holds_card_number(text)
    assert time.process_time() - begun < 2, "everybody else waits meanwhile"
