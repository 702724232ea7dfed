"""Sentences, money and dates, as readers of several languages write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_skeleton

from app.i18n import Money, Texts, address_lines, say, say_many

DAY = date(2026, 7, 3)


def test_a_message_is_said_with_its_values() -> None:
    message = say(
        "Your delivery of {date} costs {total}.", date=DAY, total=Money(Decimal("12.5"), "USD")
    )
    assert Texts("en").render(message) == "Your delivery of Fri, Jul 3 costs $12.50."
    assert str(message).startswith("Your delivery of 2026-07-03 costs")


def test_a_number_chooses_the_form_and_a_list_is_joined() -> None:
    texts = Texts("en-GB")
    items = ["coffee", "tea", "oil"]
    said = [
        texts.render(
            say_many("{count} item: {items}", "{count} items: {items}", n, items=items[:n])
        )
        for n in (1, 3)
    ]
    assert said == ["1 item: coffee", "3 items: coffee, tea and oil"]


def test_a_message_may_hold_a_message() -> None:
    inner = say("every {count} weeks", count=2)
    assert Texts().t("Delivered {interval}.", interval=inner) == "Delivered every 2 weeks."


def test_values_are_never_read_as_fields() -> None:
    assert Texts().t("Hello {name}", name="{secret}") == "Hello {secret}"


@pytest.mark.parametrize(
    ("language", "direction", "day", "price"),
    [
        ("en", "ltr", "Fri, Jul 3", "$12.50"),
        ("en-GB", "ltr", "Fri 3 Jul", "US$12.50"),
        ("de", "ltr", "Fr., 3. Juli", "12,50\xa0$"),
        ("ar", "rtl", "الجمعة، 3 يوليو", "\u200f12.50\xa0US$"),
        ("ja", "ltr", "7月3日(金)", "$12.50"),
        ("nonsense", "ltr", "Fri, Jul 3", "$12.50"),
    ],
)
def test_dates_and_prices_follow_the_language(
    language: str, direction: str, day: str, price: str
) -> None:
    texts = Texts(language)
    assert texts.direction == direction
    assert texts.date(DAY) == day
    assert texts.money(Money(Decimal("12.50"), "USD")) == price


def test_a_moment_is_told_in_its_own_zone() -> None:
    moment = datetime(2026, 7, 2, 23, 59, tzinfo=ZoneInfo("America/New_York"))
    assert Texts("en-GB").moment(moment) == "Thu 2 Jul, 23:59"
    assert (
        Texts("en-GB").moment_in_full(moment)
        == "Thursday, 2 July 2026, 23:59 (Eastern Daylight Time)"
    )
    assert Texts("en-GB").ago(timedelta(minutes=5)) == "5 minutes ago"
    assert Texts("en-GB").month(DAY) == "July 2026"
    assert Texts("en-GB").date(DAY, "full") == "Friday, 3 July 2026"


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="EUR cannot be added to USD"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "EUR")


@pytest.mark.parametrize(
    ("country", "parts", "lines"),
    [
        (
            "US",
            {"city": "Portland", "province": "Maine", "postcode": "04101"},
            ["Mara Lindqvist", "18 Lantern Row", "Unit 3", "Portland, Maine 04101"],
        ),
        (
            "FR",
            {"city": "Lyon", "postcode": "69001"},
            ["Mara Lindqvist", "18 Lantern Row", "Unit 3", "69001 Lyon"],
        ),
        (
            "XX",
            {"city": "Somewhere", "postcode": "1"},
            ["Mara Lindqvist", "18 Lantern Row", "Unit 3", "Somewhere 1"],
        ),
        (
            "AE",
            {"city": "Dubai", "province": "Dubai", "postcode": "0000"},
            ["Mara Lindqvist", "18 Lantern Row", "Unit 3", "Dubai", "Dubai", "0000"],
        ),
    ],
)
def test_an_address_follows_its_country(
    country: str, parts: dict[str, str], lines: list[str]
) -> None:
    street = ("18 Lantern Row", "Unit 3")
    found = address_lines(country, name="Mara Lindqvist", street=street, **parts)
    assert sorted(found) == sorted(lines)
    assert found[0] == "Mara Lindqvist"


def test_a_japanese_address_begins_with_its_postcode() -> None:
    found = address_lines(
        "JP",
        name="佐藤 美咲",
        street=("神宮前99-9", "203号室"),
        city="渋谷区",
        province="東京都",
        postcode="150-0001",
    )
    assert found[0] == "150-0001"
    assert found[-1] == "佐藤 美咲"
    assert "".join(found).count("渋谷区") == 1


@pytest.mark.parametrize("language", ["en", "en-GB", "de", "ar", "ja", "pt-BR", "zh-Hant", "fi"])
def test_dates_are_those_of_babel(language: str) -> None:
    texts = Texts(language)
    for day in (DAY, date(2024, 2, 29), date(2026, 12, 31)):
        noon = datetime(day.year, day.month, day.day, 12)
        assert texts.date(day) == format_skeleton("MMMMEd", noon, locale=texts.locale)
        assert texts.date(day, "short") == format_skeleton("MMMd", noon, locale=texts.locale)
        assert texts.month(day) == format_skeleton("yMMMM", noon, locale=texts.locale)
