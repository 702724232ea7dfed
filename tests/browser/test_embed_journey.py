"""The portal in a frame of the shop's page, in the three ways in which browsers treat one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.portal import in_words
from tests.browser.service import Service
from tests.browser.shop_page import Mode, ShopPage, shop_browser

KEPT: dict[Mode, str] = {"same site": "cookie", "partitioned": "cookie", "no cookie": "bearer"}
EACH: list[Mode] = ["same site", "partitioned", "no cookie"]


@pytest.fixture(params=EACH)
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture
def shop(
    playwright: Playwright, service: Service, tmp_path: Path, mode: Mode
) -> Iterator[ShopPage]:
    with shop_browser(playwright, tmp_path / "profile", service, mode) as context:
        page = context.pages[0]
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield ShopPage(page, service, mode)
        assert errors == []


def test_a_delivery_is_skipped_in_the_shops_page(shop: ShopPage, mode: Mode) -> None:
    customer = shop.service.new_customer(subscriptions=1)
    shop.open(customer)
    shop.skip_button().click()
    shop.portal.get_by_role("dialog").locator("[data-key=confirm]").click()
    expect(shop.portal.locator("[data-component=notice-bar]")).to_contain_text(
        in_words(customer.next_date)
    )
    shop.was_told("signed-in")
    shop.was_told("ready")
    shop.was_told("skipped")
    assert shop.kept_by() == KEPT[mode]
    assert shop.service.executed("POST /charges/{id}/skip") == 1


def test_the_frame_is_as_high_as_what_stands_in_it(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=2))
    shop.skip_button().wait_for()
    shop.frame.wait_for_function("document.body.offsetHeight > 400")
    shop.frame.wait_for_function(
        "Math.abs(innerHeight - document.body.getBoundingClientRect().height) <= 1"
    )
    before = shop.frame.evaluate("innerHeight")
    shop.page.set_viewport_size({"width": 1280, "height": 900})
    shop.frame.wait_for_function("before => innerHeight < before", arg=before)


def test_the_place_stands_in_the_shops_own_address(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=1), "/#/orders")
    shop.shows("Orders")

    shop.portal.get_by_role("link", name="Schedule", exact=True).click()
    shop.shows("Schedule")
    expect(shop.page).to_have_url(re.compile(r"#/schedule$"))
    shop.was_told("view")

    shop.page.get_by_role("navigation", name="Shop").get_by_role("link", name="Account").click()
    shop.shows("Account")

    shop.page.reload()
    shop.shows("Account")
    shop.page.go_back()
    shop.shows("Schedule")


def test_the_frame_can_be_loaded_anew(shop: ShopPage, mode: Mode) -> None:
    shop.open(shop.service.new_customer(subscriptions=1), "/#/schedule")
    shop.shows("Schedule")
    with shop.page.expect_response(re.compile("/embed/scripts/framed.js")):
        shop.frame.evaluate("location.reload()")
    shop.shows("Schedule")
    shop.frame.wait_for_function("window.socket?.connected")
    assert shop.kept_by() == KEPT[mode]


def test_what_is_no_view_opens_in_a_tab_where_the_same_customer_is_signed_in(
    shop: ShopPage,
) -> None:
    customer = shop.service.new_customer(subscriptions=1)
    shop.open(customer, "/#/payment-methods")
    shop.shows("Payment methods")
    with shop.page.context.expect_page() as opened:
        shop.portal.get_by_role("button", name=re.compile("Add a card")).first.click()
    # A card asks for a code first: of who is signed in there.
    expect(opened.value).to_have_url(re.compile(r"/step-up\?next=%2Fpayment-methods%2Fadd$"))
    opened.value.goto(f"{shop.service.address}/account")
    expect(opened.value.get_by_role("main")).to_contain_text(customer.email)
    assert opened.value.evaluate("window.opener") is None
    shop.shows("Payment methods")


def test_a_dialog_is_where_the_customer_looks(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=2))
    shop.skip_button().click()
    dialog = shop.portal.get_by_role("dialog")
    expect(dialog).to_be_in_viewport(ratio=0.95)
    expect(dialog.locator("[data-key=confirm]")).to_be_in_viewport(ratio=1)
    shop.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(shop.skip_button()).to_be_focused()


def test_colours_and_language_are_those_of_the_shops_page(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=1), "/?scheme=dark&language=ar")
    shop.skip_button().wait_for()
    assert shop.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is False
    dark = "getComputedStyle(document.documentElement).getPropertyValue('--ds-page')"
    shop.frame.wait_for_function(f"{dark} === '#151310'")
    assert shop.frame.evaluate("document.documentElement.lang") == "ar"
    assert shop.frame.evaluate("document.documentElement.dir") == "rtl"

    shop.page.evaluate("document.documentElement.className = 'light'")
    shop.frame.wait_for_function(f"{dark} !== '#151310'")


def test_who_signs_out_of_the_shop_is_signed_out_here(shop: ShopPage) -> None:
    shop.open(shop.service.new_customer(subscriptions=1))
    shop.skip_button().wait_for()
    shop.open(None)
    shop.shows("See your deliveries")
    shop.was_told("signed-out")


def test_another_customer_of_the_shop_is_another_one_here(shop: ShopPage) -> None:
    first, second = (shop.service.new_customer(subscriptions=number) for number in (1, 2))
    shop.open(first, "/#/subscriptions")
    cards = shop.portal.locator("[data-component=subscription-card]")
    expect(cards).to_have_count(1)
    shop.open(second, "/")
    shop.open(second, "/#/subscriptions")
    expect(cards).to_have_count(2)


def test_a_sign_in_opens_outside_of_the_frame_and_hands_back_a_code(shop: ShopPage) -> None:
    customer = shop.service.new_customer(subscriptions=1)
    shop.open(None, "/?vouches=no")
    with shop.page.expect_popup() as opened:
        shop.portal.get_by_role("button", name="Sign in").click()
    window = opened.value
    window.get_by_label(re.compile("mail", re.IGNORECASE)).fill(customer.email)
    window.get_by_role("main").get_by_role("button").click()
    window.wait_for_url(re.compile("/sign-in/sent"))
    [mail] = shop.service.arrived(customer.email)
    code = re.search(r"\b\d{3} ?\d{3}\b", mail["text"])
    assert code
    with window.expect_event("close"):
        window.get_by_role("textbox").fill(code.group())
        window.get_by_role("main").get_by_role("button").first.click()
    expect(shop.skip_button()).to_be_visible()
    shop.was_told("signed-in")
