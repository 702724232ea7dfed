"""The customers with a reach: other currencies, scripts and countries, gifts, many years, no years.

The stories of 107 to 112.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.sandbox.seed.books import Books, PriceThen
from app.sandbox.seed.catalogue import ware
from app.sandbox.seed.extras import credit, note
from app.sandbox.seed.formats import cents
from app.sandbox.seed.parts import STANDARD, Place, Shipping
from app.sandbox.seed.stories import FORTNIGHT, FOUR_WEEKS, MONTH, WEEK

_EUROPE = Shipping("Europe parcel", "europe", Decimal("6.50"))
_WORLD = Shipping("World parcel", "world", Decimal("14.00"))


def claire(books: Books) -> None:
    """Pays euros for the parcels to Lyon and dollars for those to New York."""
    lyon = Place(
        "Claire",
        "Dubois",
        "12 rue des Tisserands Imaginaires",
        "Lyon",
        "FR",
        "69001",
        None,
        "+1 646-555-0107",
    )
    new_york = Place(
        "Claire",
        "Dubois",
        "245 Ferrymen's Slip",
        "New York",
        "US",
        "10013",
        "New York",
        "+1 646-555-0117",
        address2="Floor 4",
    )
    me = books.customer(
        107, "Claire", "Dubois", "claire.dubois@example.com", lyon.phone, books.in_months(-8)
    )
    euros = books.card(
        608,
        me,
        lyon,
        brand="visa",
        last4="0003",
        expires=books.in_months(31),
        test_card="pm_card_fr",
    )
    dollars = books.card(
        609, me, new_york, brand="visa", last4="4242", expires=books.in_months(16), default=False
    )
    at_lyon = books.address(209, me, euros, lyon, _EUROPE, currency="EUR")
    at_new_york = books.address(210, me, dollars, new_york, STANDARD)
    soon = books.in_days(8)
    guji = ware("ethiopia-guji", "12 oz", "Whole bean")
    books.subscribe(322, at_lyon, guji, MONTH, soon, delivered=7, price="18.20")
    bars = ware("sea-salt-chocolate", "Box of six")
    books.subscribe(323, at_lyon, bars, MONTH, soon, delivered=2, price="34.10")
    brew = ware("cold-brew", "2 lb")
    books.subscribe(324, at_new_york, brew, FORTNIGHT, books.in_days(13), delivered=6)


def hannah(books: Books) -> None:
    """A gift to her grandmother each month, and a little for herself."""
    own = Place(
        "Hannah",
        "Kim",
        "830 Heron Terrace",
        "Seattle",
        "US",
        "98101",
        "Washington",
        "+1 206-555-0108",
    )
    grandmother = Place(
        "Grace",
        "Kim",
        "27 Plum Garden Way",
        "Sacramento",
        "US",
        "95814",
        "California",
        "+1 916-555-0118",
    )
    me = books.customer(
        108, "Hannah", "Kim", "hannah.kim@example.com", own.phone, books.in_months(-4)
    )
    card = books.card(
        610,
        me,
        own,
        brand="visa",
        last4="4242",
        expires=books.in_months(33),
        payment_type="APPLE_PAY",
        wallet="apple_pay",
        processor="shopify_payments",  # which alone can change it, by a link that it mails
    )
    at_own = books.address(211, me, card, own, STANDARD)
    at_grandmother = books.address(
        212, me, card, grandmother, STANDARD, is_gift=True, note="A gift: no prices in the parcel."
    )
    oil = ware("walnut-oil", "250 ml")
    books.subscribe(325, at_own, oil, FOUR_WEEKS, books.in_days(17), delivered=2)
    books.subscribe(
        326,
        at_grandmother,
        ware("evening-chamomile", "40 g tin"),
        MONTH,
        books.in_days(10),
        delivered=4,
        quantity=2,
        properties={
            "Gift recipient": "Grace Kim",
            "Gift message": "One tin for every month of your year. Love, Hannah",
        },
        charges_at_most=12,
    )
    credit(books, 992, me, "Gift card from Daniel", "gift", "25.00", "25.00")


def leila(books: Books) -> None:
    """A name and an address in Arabic script."""
    place = Place(
        "ليلى",
        "حداد",
        "شارع الياسمين الخيالي ١٢",
        "دبي",
        "AE",
        None,
        "دبي",
        "+1 202-555-0109",
        address2="شقة ٧",
    )
    me = books.customer(
        109, "ليلى", "حداد", "leila.haddad@example.com", place.phone, books.in_months(-5)
    )
    card = books.card(
        611,
        me,
        place,
        brand="mastercard",
        last4="4444",
        expires=books.in_months(25),
        test_card="pm_card_mastercard",
    )
    home = books.address(213, me, card, place, _WORLD)
    soon = books.in_days(7)
    books.subscribe(327, home, ware("zaatar", "200 g refill"), MONTH, soon, delivered=3)
    coffee = ware("harbor-blend", "2 lb", "Filter")
    books.subscribe(328, home, coffee, MONTH, soon, delivered=5)


def misaki(books: Books) -> None:
    """A name in kanji, and an address in Tokyo with postcode and prefecture."""
    place = Place(
        "美咲",
        "佐藤",
        "神宮前九丁目99番9号",
        "渋谷区",
        "JP",
        "150-0001",
        "東京都",
        "+1 415-555-0110",
        address2="北向きコーポ 203号室",
    )
    me = books.customer(
        110, "美咲", "佐藤", "misaki.sato@example.com", place.phone, books.in_months(-6)
    )
    card = books.card(
        612,
        me,
        place,
        brand="jcb",
        last4="0505",
        expires=books.in_months(18),
        test_card="pm_card_jcb",
    )
    home = books.address(214, me, card, place, _WORLD)
    soon = books.in_days(14)
    books.subscribe(329, home, ware("kenya-nyeri", "12 oz", "Filter"), MONTH, soon, delivered=6)
    books.subscribe(330, home, ware("cinnamon-sticks", "40 g"), MONTH, soon, delivered=2)


def walter(books: Books) -> None:
    """Coffee every week for four hundred weeks."""
    place = Place(
        "Walter",
        "Brandt",
        "3 Signal Hill Road",
        "Duluth",
        "US",
        "55802",
        "Minnesota",
        "+1 218-555-0111",
    )
    first_morning = books.in_days(3 - 400 * 7)
    me = books.customer(
        111, "Walter", "Brandt", "walter.brandt@example.com", place.phone, first_morning
    )
    card = books.card(613, me, place, brand="visa", last4="5556", expires=books.in_months(11))
    home = books.address(215, me, card, place, STANDARD)
    soon = books.in_days(3)
    then = _price_then(books.today)
    coffee = ware("north-ridge-espresso", "12 oz", "Whole bean")
    books.subscribe(331, home, coffee, WEEK, soon, delivered=400, price_then=then)
    oats = ware("steel-cut-oats", "2 kg")
    books.subscribe(332, home, oats, FOUR_WEEKS, soon, delivered=55)
    credit(books, 993, me, "400 mornings", "manual", "40.00", "40.00")
    note(books, 981, "customer", me, "favorite_roast", "dark")
    note(books, 982, "subscription", 331, "roast_day", "Tuesday")


def ada(books: Books) -> None:
    """An account and nothing else: no address, no card, no subscription."""
    books.customer(
        112, "Ada", "Newton", "ada.newton@example.com", "+1 617-555-0112", books.in_days(-2)
    )


def _price_then(today: date) -> PriceThen:
    """Prices rose: each year back, a bag cost 4 % less."""

    def then(day: date, price: Decimal) -> Decimal:
        years = (today - day).days // 365
        return cents(price * (100 - 4 * years) / 100)

    return then
