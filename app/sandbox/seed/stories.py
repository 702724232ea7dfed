"""The customers at home: the stories of 101 to 106."""

from __future__ import annotations

from decimal import Decimal

from app.sandbox.seed.books import Books
from app.sandbox.seed.catalogue import Rhythm, ware
from app.sandbox.seed.extras import credit, fill_box
from app.sandbox.seed.formats import add_months
from app.sandbox.seed.parts import STANDARD, Cancellation, Place, Shipping
from app.sandbox.seed.shop import NEIGHBOR

WEEK = Rhythm(1, 1, "week")
FORTNIGHT = Rhythm(2, 2, "week")
FOUR_WEEKS = Rhythm(4, 4, "week")
SIX_WEEKS = Rhythm(6, 6, "week")
MONTH = Rhythm(1, 1, "month")
THREE_PAID_AHEAD = Rhythm(3, 1, "month")
SIX_PAID_AHEAD = Rhythm(6, 1, "month")

PAID_AHEAD = Shipping("Delivery included", "included", Decimal("0.00"))


def mara(books: Books) -> None:
    """Eight subscriptions on two rhythms, to her home and her studio; one she gave up."""
    home = Place(
        "Mara", "Lindqvist", "18 Lantern Row", "Portland", "US", "04101", "Maine", "+1 207-555-0101"
    )
    studio = Place(
        "Mara",
        "Lindqvist",
        "402 Ropewalk Lane",
        "Portland",
        "US",
        "04102",
        "Maine",
        "+1 207-555-0111",
        address2="Unit 3",
        company="Lindqvist Letterpress",
    )
    since = books.in_months(-9)
    me = books.customer(
        101, "Mara", "Lindqvist", "mara.lindqvist@example.com", "+1 207-555-0101", since
    )
    card = books.card(601, me, home, brand="visa", last4="4242", expires=books.in_months(27))
    second = books.card(
        602,
        me,
        studio,
        brand="mastercard",
        last4="4444",
        expires=books.in_months(14),
        test_card="pm_card_mastercard",
        default=False,
    )
    at_home = books.address(201, me, card, home, STANDARD, discount=NEIGHBOR)
    at_studio = books.address(202, me, second, studio, STANDARD)
    soon, later, parcel = books.in_days(9), books.in_days(20), books.in_days(16)
    last_but_one = frozenset({2})
    coffee = ware("harbor-blend", "12 oz", "Filter")
    books.subscribe(
        301, at_home, coffee, FORTNIGHT, soon, delivered=12, quantity=2, skipped=last_but_one
    )
    granola = ware("maple-granola", "400 g")
    books.subscribe(302, at_home, granola, FORTNIGHT, soon, delivered=8, skipped=last_but_one)
    bars = ware("dark-chocolate", "One bar")
    books.subscribe(
        303, at_home, bars, FORTNIGHT, soon, delivered=5, quantity=3, skipped=last_but_one
    )
    box = ware("build-your-own-box", "Four items")
    bundle = books.subscribe(304, at_home, box, MONTH, later, delivered=4)
    fill_box(
        books,
        971,
        bundle,
        {
            ware("ethiopia-guji", "12 oz", "Whole bean"): 1,
            ware("spring-sencha", "50 g tin"): 1,
            ware("sea-salt-chocolate", "One bar"): 2,
        },
    )
    books.subscribe(305, at_home, ware("olive-oil", "500 ml"), MONTH, later, delivered=3)
    espresso = ware("north-ridge-espresso", "2 lb", "Espresso")
    books.subscribe(306, at_studio, espresso, FORTNIGHT, books.in_days(12), delivered=9)
    books.subscribe(307, at_studio, ware("earl-grey", "50 g tin"), MONTH, parcel, delivered=6)
    books.subscribe(308, at_studio, ware("paper-filters", "Large"), MONTH, parcel, delivered=2)
    books.subscribe(
        309,
        at_home,
        ware("spiced-chai", "80 g tin"),
        MONTH,
        books.in_days(4),
        delivered=3,
        cancelled=Cancellation(
            books.in_days(-17),
            "I have more than I can use",
            "Lovely tea, but the tin lasts me a whole season.",
        ),
    )
    books.onetime(401, at_home, ware("enamel-cup", "Forest"), soon)
    credit(books, 991, me, "Thank you for sending a friend", "reward", "12.00", "20.00")


def jonas(books: Books) -> None:
    """One subscription, begun yesterday; nothing has been charged."""
    place = Place(
        "Jonas",
        "Weber",
        "77 Millrace Street",
        "Burlington",
        "US",
        "05401",
        "Vermont",
        "+1 802-555-0102",
    )
    me = books.customer(
        102, "Jonas", "Weber", "jonas.weber@example.com", place.phone, books.in_days(-1)
    )
    card = books.card(603, me, place, brand="visa", last4="1881", expires=books.in_months(40))
    home = books.address(203, me, card, place, STANDARD)
    coffee = ware("colombia-huila", "12 oz", "Whole bean")
    books.subscribe(310, home, coffee, FORTNIGHT, books.in_days(6), delivered=0)


def priya(books: Books) -> None:
    """Two prepaid subscriptions: parcels that are paid for and still to come."""
    place = Place(
        "Priya",
        "Raman",
        "9 Saltmeadow Court",
        "Providence",
        "US",
        "02903",
        "Rhode Island",
        "+1 401-555-0103",
    )
    me = books.customer(
        103, "Priya", "Raman", "priya.raman@example.com", place.phone, books.in_months(-11)
    )
    card = books.card(
        604,
        me,
        place,
        brand="amex",
        last4="8431",
        expires=books.in_months(22),
        test_card="pm_card_amex",
    )
    home = books.address(204, me, card, place, PAID_AHEAD)
    # The third of three coffees comes in about three weeks, the fourth of six teas in two.
    renewed, journey = books.in_days(20), books.in_days(12)
    books.subscribe(
        311,
        home,
        ware("roasters-choice", "One bag"),
        THREE_PAID_AHEAD,
        add_months(renewed, 1),
        delivered=3,
    )
    books.subscribe(
        312,
        home,
        ware("tea-journey"),
        SIX_PAID_AHEAD,
        add_months(journey, 3),
        delivered=1,
    )


def tom(books: Books) -> None:
    """A card that ran out: the last charge failed and waits for its next try."""
    place = Place(
        "Tom", "Okafor", "1160 Kiln Street", "Columbus", "US", "43215", "Ohio", "+1 614-555-0104"
    )
    me = books.customer(
        104, "Tom", "Okafor", "tom.okafor@example.com", place.phone, books.in_months(-7)
    )
    card = books.card(
        605,
        me,
        place,
        brand="visa",
        last4="0002",
        expires=books.in_months(-1),
        test_card="pm_card_chargeDeclined",
        status="invalid",
        status_reason="expired",
    )
    books.customers[me]["has_payment_method_in_dunning"] = True
    home = books.address(205, me, card, place, STANDARD)
    due = books.in_days(-3)
    wares = [ware("kenya-nyeri", "12 oz", "Filter"), ware("steel-cut-oats", "700 g")]
    waiting = [
        books.subscribe(313, home, wares[0], FORTNIGHT, due, delivered=10),
        books.subscribe(314, home, wares[1], FORTNIGHT, due, delivered=4),
    ]
    failed = books.fail(waiting, due, wares)
    failed.error = "Your card was declined."
    failed.error_type = "CARD_DECLINED"
    failed.attempts = 2
    failed.retry_day = books.in_days(2)


def elena(books: Books) -> None:
    """Everything cancelled, each for its own reason."""
    place = Place(
        "Elena",
        "Petrova",
        "64 Orchard Bend",
        "Hudson",
        "US",
        "12534",
        "New York",
        "+1 518-555-0105",
    )
    me = books.customer(
        105, "Elena", "Petrova", "elena.petrova@example.com", place.phone, books.in_months(-15)
    )
    card = books.card(
        606,
        me,
        place,
        brand="discover",
        last4="9424",
        expires=books.in_months(9),
        test_card="pm_card_discover",
    )
    home = books.address(206, me, card, place, STANDARD)
    books.subscribe(
        315,
        home,
        ware("ethiopia-guji", "12 oz", "Whole bean"),
        MONTH,
        books.in_days(-8),
        delivered=9,
        cancelled=Cancellation(
            books.in_days(-26), "It costs too much", "I loved the Guji. Money is tight this winter."
        ),
    )
    books.subscribe(
        316,
        home,
        ware("drinking-chocolate", "250 g"),
        MONTH,
        books.in_days(-8),
        delivered=4,
        cancelled=Cancellation(books.in_days(-26), "It costs too much"),
    )
    books.subscribe(
        317,
        home,
        ware("breakfast-assam", "50 g tin"),
        SIX_WEEKS,
        books.in_days(-70),
        delivered=3,
        cancelled=Cancellation(
            books.in_days(-91), "I want to try something else", "More of a coffee person, it seems."
        ),
    )


def sam(books: Books) -> None:
    """Coffee to the flat, and a parcel to the parents' house."""
    flat = Place(
        "Sam",
        "Rivera",
        "5 Quarry Steps",
        "Austin",
        "US",
        "78701",
        "Texas",
        "+1 512-555-0106",
        address2="Apt 12",
    )
    parents = Place(
        "Lucia",
        "Rivera",
        "310 Juniper Hollow",
        "Santa Fe",
        "US",
        "87501",
        "New Mexico",
        "+1 505-555-0116",
    )
    me = books.customer(
        106, "Sam", "Rivera", "sam.rivera@example.com", flat.phone, books.in_months(-6)
    )
    card = books.card(607, me, flat, brand="visa", last4="0077", expires=books.in_months(19))
    at_flat = books.address(207, me, card, flat, STANDARD)
    at_parents = books.address(
        208, me, card, parents, STANDARD, note="Please leave it by the side door."
    )
    monthly, soon = books.in_days(11), books.in_days(5)
    beans = ware("sumatra-toba", "2 lb", "Whole bean")
    books.subscribe(318, at_flat, beans, MONTH, monthly, delivered=6)
    books.subscribe(319, at_flat, ware("chili-crisp", "Bold"), MONTH, monthly, delivered=2)
    decaf = ware("night-watch-decaf", "12 oz", "Filter")
    books.subscribe(320, at_parents, decaf, FORTNIGHT, soon, delivered=7)
    honey = ware("wildflower-honey", "340 g")
    books.subscribe(321, at_parents, honey, SIX_WEEKS, soon, delivered=2)
