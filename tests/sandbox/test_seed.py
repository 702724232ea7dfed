"""The demo's shop: whole, consistent, and true to the day it is opened on."""

import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from app.sandbox.seed import STORIES, documents, pictures
from app.sandbox.seed.formats import money
from app.sandbox.seed.parts import STANDARD
from app.sandbox.shop import Settings

Shop = dict[str, list[dict[str, Any]]]

URL = "http://shop.example/sandbox"
TODAYS = [
    date(2026, 11, 21),
    date(2024, 2, 29),
    date(2025, 1, 31),
    date(2026, 3, 1),
    date(2027, 12, 31),
]
SHOP_ZONE = ZoneInfo("America/New_York")


def opened(today: date = TODAYS[0]) -> Shop:
    shop: Shop = defaultdict(list)
    for noun, document in documents(today, URL):
        shop[noun].append(document)
    return shop


def of(shop: Shop, noun: str, **equals: Any) -> list[dict[str, Any]]:
    return [each for each in shop[noun] if all(each[key] == value for key, value in equals.items())]


def charges_of(shop: Shop, customer: int) -> list[dict[str, Any]]:
    return [each for each in shop["charges"] if each["customer"]["id"] == customer]


def orders_of(shop: Shop, customer: int) -> list[dict[str, Any]]:
    return [each for each in shop["orders"] if each["customer"]["id"] == customer]


def values(document: object, *, key: str = "") -> list[tuple[str, object]]:
    """Every plain value in a document, with the name it stands under."""
    if isinstance(document, dict):
        return [pair for name, each in document.items() for pair in values(each, key=name)]
    if isinstance(document, list):
        return [pair for each in document for pair in values(each, key=key)]
    return [(key, document)]


def test_the_same_day_gives_the_same_shop_and_nothing_is_shared_between_two() -> None:
    first, second = opened(), opened()
    assert first == second
    for noun in first:
        for one, other in zip(first[noun], second[noun], strict=True):
            assert one is not other
    first["charges"][0]["line_items"][0]["external_product_id"]["ecommerce"] = "changed"
    assert opened() == second


def test_no_two_documents_share_a_part() -> None:
    seen: dict[int, object] = {}

    def visit(part: object) -> None:
        if isinstance(part, dict | list):
            assert id(part) not in seen, part
            seen[id(part)] = part
            for each in part.values() if isinstance(part, dict) else part:
                visit(each)

    for _, document in documents(TODAYS[0], URL):
        visit(document)


def test_parents_come_before_what_hangs_on_them() -> None:
    nouns = list(dict.fromkeys(noun for noun, _ in documents(TODAYS[0], URL)))
    assert nouns == [
        "store", "shop_settings", "products", "plans", "collections", "collection_products",
        "discounts", "customers", "payment_methods", "addresses", "subscriptions", "onetimes",
        "bundle_selections", "orders", "charges", "credit_accounts", "credit_adjustments",
        "membership_programs", "membership_benefits", "memberships", "retention_strategies",
        "metafields",
    ]  # fmt: skip


def test_ids_are_unique_within_each_noun() -> None:
    shop = opened()
    for noun, found in shop.items():
        if noun == "shop_settings":
            continue
        key = "external_product_id" if noun == "products" else "id"
        repeated = [id for id, times in Counter(each[key] for each in found).items() if times > 1]
        assert not repeated, noun
    variants = [each["external_variant_id"] for p in shop["products"] for each in p["variants"]]
    assert len(set(variants)) == len(variants)
    assert min(each["id"] for each in shop["charges"]) == 501
    assert min(each["id"] for each in shop["orders"]) == 1001
    assert shop["addresses"][0]["id"] == 201
    assert shop["subscriptions"][0]["id"] == 301


@pytest.mark.parametrize("today", TODAYS)
def test_every_reference_leads_somewhere(today: date) -> None:
    shop = opened(today)
    ids = {noun: {each.get("id") for each in found} for noun, found in shop.items()}
    products = {each["external_product_id"] for each in shop["products"]}
    variants = {
        variant["external_variant_id"]: product["external_product_id"]
        for product in shop["products"]
        for variant in product["variants"]
    }
    for noun in ("addresses", "payment_methods", "subscriptions", "onetimes", "credit_accounts"):
        assert {each["customer_id"] for each in shop[noun]} <= ids["customers"], noun
    credits = {each["credit_account_id"] for each in shop["credit_adjustments"]}
    assert credits <= ids["credit_accounts"]
    for noun in ("subscriptions", "onetimes", "orders", "charges"):
        assert {each["address_id"] for each in shop[noun]} <= ids["addresses"], noun
    owners = {each["id"]: each["customer_id"] for each in shop["addresses"]}
    for each in (*shop["subscriptions"], *shop["onetimes"]):
        assert owners[each["address_id"]] == each["customer_id"]
        variant = each["external_variant_id"]["ecommerce"]
        assert variants[variant] == each["external_product_id"]["ecommerce"]
    for each in shop["subscriptions"]:
        assert each["plan_id"] in ids["plans"]
    cards = {each["id"]: each["customer_id"] for each in shop["payment_methods"]}
    for each in shop["addresses"]:
        assert cards[each["payment_method_id"]] == each["customer_id"]
        assert {one["id"] for one in each["discounts"]} <= ids["discounts"]
    items = ids["subscriptions"] | ids["onetimes"]
    for each in (*shop["orders"], *shop["charges"]):
        assert owners[each["address_id"]] == each["customer"]["id"]
        for line in each["line_items"]:
            assert line["purchase_item_id"] in items
            assert line["external_variant_id"]["ecommerce"] in variants
    for each in shop["bundle_selections"]:
        assert each["purchase_item_id"] in ids["subscriptions"]
        for item in each["items"]:
            assert variants[item["external_variant_id"]] == item["external_product_id"]
            assert of(
                shop,
                "collection_products",
                collection_id=int(item["collection_id"]),
                external_product_id=item["external_product_id"],
            )
    assert {each["external_product_id"]["ecommerce"] for each in shop["plans"]} <= products
    for each in shop["collection_products"]:
        assert each["collection_id"] in ids["collections"]
        assert each["external_product_id"] in products
    codes = {each["code"] for each in shop["discounts"]}
    assert {each["discount_code"] for each in shop["retention_strategies"]} <= codes | {None}


@pytest.mark.parametrize("today", TODAYS)
def test_an_order_names_a_charge_that_can_be_read_for_ninety_days(today: date) -> None:
    shop = opened(today)
    readable = {each["id"] for each in shop["charges"]}
    for charge in shop["charges"]:
        assert date.fromisoformat(charge["scheduled_at"]) > today - timedelta(days=90)
    for order in shop["orders"]:
        is_recent = delivery_day(order) > today - timedelta(days=90)
        is_first = not order["is_prepaid"]
        assert order["charge"]["id"] > 0
        if is_first:
            assert (order["charge"]["id"] in readable) == is_recent
        elif order["status"] == "queued":
            assert order["charge"]["id"] in readable


def test_money_is_text_with_two_decimals() -> None:
    amounts = re.compile(r"(price|total|subtotal|balance|tax|amount|duties|discounts|refunds)")
    seen = 0
    for noun, document in documents(TODAYS[0], URL):
        for name, value in values(document):
            if not amounts.search(name) or not isinstance(value, str):
                continue
            assert re.fullmatch(r"\d+\.\d\d", value), (noun, name, value)
            seen += 1
    assert seen > 5000


def test_totals_add_up() -> None:
    shop = opened()
    for each in (*shop["charges"], *shop["orders"]):
        lines = sum(Decimal(line["total_price"]) for line in each["line_items"])
        carriage = sum(Decimal(line["price"]) for line in each["shipping_lines"])
        assert Decimal(each["total_line_items_price"]) == lines
        assert Decimal(each["subtotal_price"]) == lines - Decimal(each["total_discounts"])
        assert Decimal(each["total_price"]) == Decimal(each["subtotal_price"]) + carriage
        for line in each["line_items"]:
            assert Decimal(line["unit_price"]) * line["quantity"] == Decimal(line["total_price"])
            assert Decimal(line["original_price"]) >= Decimal(line["unit_price"])


def test_past_parcels_cost_what_the_sandbox_charges_for_coming_ones() -> None:
    settings = Settings()
    assert money(STANDARD.price) == settings.shipping_price
    assert STANDARD.free_from is not None
    assert money(STANDARD.free_from) == settings.free_shipping_from


def test_thirty_products_each_with_its_own_well_formed_picture() -> None:
    shop = opened()
    assert len(shop["products"]) == 30
    drawn = set()
    for product in shop["products"]:
        images = product["images"][0]
        urls = {images[size] for size in ("large", "medium", "small", "original")}
        (url,) = urls
        name = re.fullmatch(re.escape(URL) + r"/pictures/([a-z-]+)\.svg", url)
        assert name, url
        svg = pictures.svg(name[1])
        assert svg is not None
        root = ElementTree.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.get("viewBox") == "0 0 400 400"
        drawn.add(svg)
    assert len(drawn) == 30
    assert pictures.svg("northbound") is not None
    assert pictures.svg("../settings") is None


def test_no_text_in_a_picture_can_grow_past_its_label() -> None:
    for name in pictures.NAMES:
        svg = pictures.svg(name)
        assert svg is not None
        for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
            assert float(text.attrib["textLength"]) <= 136, name


def test_prices_and_plans_are_honest() -> None:
    shop = opened()
    for product in shop["products"]:
        for variant in product["variants"]:
            before = variant["prices"]["compare_at_price"]
            now = Decimal(variant["prices"]["unit_price"])
            assert now > 0
            assert before is None or Decimal(before) > now
        plans = [
            each
            for each in shop["plans"]
            if each["external_product_id"]["ecommerce"] == product["external_product_id"]
        ]
        # All plans of a product share title and discount; prepaid ones stand alone.
        assert len({(each["title"], each["discount_amount"], each["type"]) for each in plans}) <= 1
    percents = {each["discount_amount"] for each in shop["plans"]}
    assert percents == {"5.00", "10.00", "15.00"}
    subscribed = of(shop, "subscriptions", id=301)[0]
    assert subscribed["price"] == "15.75"  # 17.50 less 10 %


def test_the_discount_codes_cover_what_a_portal_must_tell_apart() -> None:
    shop = opened()
    codes = {each["code"]: each for each in shop["discounts"]}
    assert {each["value_type"] for each in codes.values()} == {
        "percentage", "fixed_amount", "shipping",
    }  # fmt: skip
    assert datetime.fromisoformat(codes["SUMMERPORCH"]["ends_at"]).date() < TODAYS[0]
    assert codes["SUMMERPORCH"]["status"] == "disabled"
    assert not codes["STAFF40"]["channel_settings"]["customer_portal"]["can_apply"]
    assert {each["incentive_type"] for each in shop["retention_strategies"]} >= {
        "delay_subscription", "discount", "skip_charge", "swap_product",
    }  # fmt: skip


def test_twelve_customers_and_a_story_for_each() -> None:
    shop = opened()
    names = {each["id"]: f"{each['first_name']} {each['last_name']}" for each in shop["customers"]}
    assert names == {
        101: "Mara Lindqvist",
        102: "Jonas Weber",
        103: "Priya Raman",
        104: "Tom Okafor",
        105: "Elena Petrova",
        106: "Sam Rivera",
        107: "Claire Dubois",
        108: "Hannah Kim",
        109: "ليلى حداد",
        110: "美咲 佐藤",
        111: "Walter Brandt",
        112: "Ada Newton",
    }
    assert [number for number, _ in STORIES] == list(names)
    assert all(0 < len(sentence) <= 60 for _, sentence in STORIES)
    for each in shop["customers"]:
        assert re.fullmatch(rf"{each['id']}[0-9a-f]{{16}}", each["hash"])
        assert re.fullmatch(r"[a-z]+\.[a-z]+@example\.com", each["email"])
        subscriptions = of(shop, "subscriptions", customer_id=each["id"])
        active = [one for one in subscriptions if one["status"] == "active"]
        assert each["subscriptions_total_count"] == len(subscriptions)
        assert each["subscriptions_active_count"] == len(active)
    for noun in ("customers", "addresses"):
        assert all(re.search(r"555-01\d\d$", each["phone"]) for each in shop[noun])


def test_hashes_stay_when_the_day_changes() -> None:
    assert [each["hash"] for each in opened(TODAYS[0])["customers"]] == [
        each["hash"] for each in opened(TODAYS[1])["customers"]
    ]


@pytest.mark.parametrize("today", TODAYS)
def test_dates_are_seen_from_the_day_the_shop_opens(today: date) -> None:
    shop = opened(today)
    held = {
        line["purchase_item_id"]
        for charge in of(shop, "charges", status="error")
        for line in charge["line_items"]
    }
    for each in shop["subscriptions"]:
        if each["status"] != "active":
            assert each["next_charge_scheduled_at"] is None
            assert datetime.fromisoformat(each["cancelled_at"]).date() < today
        else:
            is_ahead = date.fromisoformat(each["next_charge_scheduled_at"]) > today
            assert is_ahead == (each["id"] not in held)
    for charge in shop["charges"]:
        assert charge["status"] in ("success", "skipped", "error")
        assert date.fromisoformat(charge["scheduled_at"]) < today
    for order in shop["orders"]:
        assert (order["status"] == "success") == (delivery_day(order) < today)
    born = {each["id"]: each["created_at"] for each in shop["customers"]}
    for each in (*shop["subscriptions"], *shop["onetimes"]):
        assert born[each["customer_id"]] <= each["created_at"] < f"{today}T00"
    for order in shop["orders"]:
        assert born[order["customer"]["id"]] <= order["created_at"] < f"{today}T00"


def delivery_day(order: dict[str, Any]) -> date:
    return datetime.fromisoformat(order["scheduled_at"]).astimezone(SHOP_ZONE).date()


@pytest.mark.parametrize("today", TODAYS)
def test_mara_has_many_subscriptions_and_a_full_next_delivery(today: date) -> None:
    shop = opened(today)
    mine = of(shop, "subscriptions", customer_id=101, status="active")
    assert len(mine) == 8
    rhythms = {(s["charge_interval_frequency"], s["order_interval_unit"]) for s in mine}
    assert rhythms == {(2, "week"), (1, "month")}
    assert len(of(shop, "subscriptions", customer_id=101, status="cancelled")) == 1
    soonest = min(each["next_charge_scheduled_at"] for each in mine)
    assert date.fromisoformat(soonest) == today + timedelta(days=9)
    sharing = [each for each in mine if each["next_charge_scheduled_at"] == soonest]
    (cup,) = of(shop, "onetimes", customer_id=101)
    assert cup["next_charge_scheduled_at"] == soonest
    assert {each["address_id"] for each in (*sharing, cup)} == {201}
    assert len(sharing) == 3
    skipped = [each for each in charges_of(shop, 101) if each["status"] == "skipped"]
    assert [each["scheduled_at"] for each in skipped] == [str(today - timedelta(days=19))]
    assert [each["code"] for each in of(shop, "addresses", id=201)[0]["discounts"]]


def test_jonas_is_new() -> None:
    shop = opened()
    (only,) = of(shop, "subscriptions", customer_id=102)
    assert only["next_charge_scheduled_at"] == str(TODAYS[0] + timedelta(days=6))
    assert not orders_of(shop, 102)
    assert not charges_of(shop, 102)
    assert of(shop, "customers", id=102)[0]["first_charge_processed_at"] is None


@pytest.mark.parametrize("today", TODAYS)
def test_priya_has_paid_for_parcels_that_are_still_to_come(today: date) -> None:
    shop = opened(today)
    for each in of(shop, "subscriptions", customer_id=103):
        assert each["is_prepaid"]
        assert not each["is_skippable"]
        parcels = [
            order
            for order in orders_of(shop, 103)
            if order["line_items"][0]["purchase_item_id"] == each["id"]
        ]
        assert {order["status"] for order in parcels} == {"success", "queued"}
        assert all(order["is_prepaid"] for order in parcels)
        last = max(delivery_day(order) for order in parcels)
        assert last < date.fromisoformat(each["next_charge_scheduled_at"])
        newest = max(order["charge"]["id"] for order in parcels)
        (charge,) = of(shop, "charges", id=newest)
        together = [order for order in parcels if order["charge"]["id"] == newest]
        assert charge["orders_count"] == len(together) == each["charge_interval_frequency"]
        paid = sum(Decimal(order["total_price"]) for order in together)
        assert paid == Decimal(charge["total_price"])


def test_toms_payment_failed_and_will_be_tried_again() -> None:
    today = TODAYS[0]
    shop = opened(today)
    (failed,) = [each for each in charges_of(shop, 104) if each["status"] == "error"]
    assert failed["error_type"] == "CARD_DECLINED"
    assert failed["retry_date"] > str(today) > failed["scheduled_at"]
    waiting = {line["purchase_item_id"] for line in failed["line_items"]}
    for each in of(shop, "subscriptions", customer_id=104):
        assert each["id"] in waiting
        assert each["next_charge_scheduled_at"] == failed["scheduled_at"]
    (card,) = of(shop, "payment_methods", customer_id=104)
    expiry = (card["payment_details"]["exp_year"], card["payment_details"]["exp_month"])
    assert expiry < (today.year, today.month)
    assert of(shop, "customers", id=104)[0]["has_payment_method_in_dunning"]


def test_elena_cancelled_everything_with_reasons_the_shop_asks_for() -> None:
    shop = opened()
    reasons = {each["reason"] for each in shop["retention_strategies"]}
    mine = of(shop, "subscriptions", customer_id=105)
    assert len(mine) == 3
    for each in mine:
        assert each["status"] == "cancelled"
        assert each["cancellation_reason"] in reasons
        assert not each["has_queued_charges"]
    assert orders_of(shop, 105)


def test_the_others_tell_their_stories() -> None:
    shop = opened()
    addresses = {number: of(shop, "addresses", customer_id=number) for number in range(101, 113)}
    assert len(addresses[106]) == 2
    assert {each["presentment_currency"] for each in addresses[107]} == {"EUR", "USD"}
    for address in addresses[107]:
        for each in of(shop, "subscriptions", address_id=address["id"]):
            assert each["presentment_currency"] == address["presentment_currency"]
        for each in of(shop, "charges", address_id=address["id"]):
            assert each["currency"] == address["presentment_currency"]
    assert [each["is_gift"] for each in addresses[108]] == [False, True]
    assert addresses[108][1]["first_name"] != "Hannah"
    assert re.search(r"[\u0600-\u06ff]", addresses[109][0]["address1"])
    assert addresses[109][0]["zip"] is None
    japan = addresses[110][0]
    assert (japan["country_code"], japan["zip"], japan["province"]) == ("JP", "150-0001", "東京都")
    assert addresses[112] == []
    assert not of(shop, "subscriptions", customer_id=112)
    assert not of(shop, "payment_methods", customer_id=112)


@pytest.mark.parametrize("today", TODAYS)
def test_walter_has_four_hundred_orders_over_years(today: date) -> None:
    mine = orders_of(opened(today), 111)
    assert len(mine) == 400
    days = sorted(delivery_day(each) for each in mine)
    assert (days[-1] - days[0]).days > 7 * 365
    assert len(set(days)) == 400
    prices = [Decimal(each["line_items"][0]["unit_price"]) for each in mine]
    assert prices[0] < prices[-1]
