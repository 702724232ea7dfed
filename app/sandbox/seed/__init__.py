"""The shop that the sandbox opens with: Northbound Coffee & Pantry and its twelve customers.

Everything in it is invented, and every date counts from the day the shop is opened on. Each
customer tells one story:

- 101 Mara Lindqvist: eight subscriptions on two rhythms, every two weeks and monthly, to her home
  and her studio. Her next delivery at home, nine days ahead, holds three of them and a cup that
  comes once; the last but one before it was skipped. A code takes 10 % off at home. One
  subscription is cancelled. She has store credit.
- 102 Jonas Weber: one subscription, begun yesterday. Its first delivery is six days ahead, and
  nothing has been charged.
- 103 Priya Raman: two prepaid subscriptions, three and six deliveries at a time. Some of what is
  paid for has come, the rest waits as queued orders.
- 104 Tom Okafor: his card expired and the charge of three days ago was declined twice. The next
  try is in two days; two subscriptions wait in it.
- 105 Elena Petrova: three subscriptions, all cancelled, with her reasons. Her orders remain.
- 106 Sam Rivera: two subscriptions to the own flat and two to the parents' house.
- 107 Claire Dubois: pays euros for what goes to Lyon and dollars for what goes to New York.
- 108 Hannah Kim: tea for her grandmother, a gift with a message, for twelve months; walnut oil
  for herself. She has a gift card's credit.
- 109 ليلى حداد: name and address in Arabic script, and no postcode.
- 110 佐藤 美咲: name in kanji, an address in Tokyo with postcode and prefecture.
- 111 Walter Brandt: coffee every week, 400 orders in almost eight years, at prices that rose.
- 112 Ada Newton: an account, and nothing in it yet.

Mara, Elena and Sam have a membership too: see `memberships`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.sandbox.seed import pictures
from app.sandbox.seed.books import Books
from app.sandbox.seed.catalogue import (
    collection_documents,
    collection_product_documents,
    plan_documents,
    product_documents,
)
from app.sandbox.seed.formats import Document
from app.sandbox.seed.memberships import (
    benefit_documents,
    membership_documents,
    program_documents,
)
from app.sandbox.seed.orders import charge_documents, enter_payments, entries, order_documents
from app.sandbox.seed.shop import (
    discount_documents,
    retention_strategy_documents,
    shop_settings_document,
    store_document,
)
from app.sandbox.seed.stories import elena, jonas, mara, priya, sam, tom
from app.sandbox.seed.stories_abroad import ada, claire, hannah, leila, misaki, walter

__all__ = ["STORIES", "documents", "pictures"]

STORIES: list[tuple[int, str]] = [
    (101, "Many: eight subscriptions, two rhythms, two addresses"),
    (102, "New: one subscription, the first delivery is coming"),
    (103, "Prepaid: parcels paid for and still to come"),
    (104, "Failed payment: the card was declined, a retry is due"),
    (105, "Cancelled: three subscriptions, each with its reason"),
    (106, "Two addresses: the own flat and the parents' house"),
    (107, "Two currencies: euros to Lyon, dollars to New York"),
    (108, "Gift: tea for her grandmother, with a message"),
    (109, "Arabic: name and address in Arabic script"),
    (110, "Japan: kanji, a postcode and a prefecture"),
    (111, "400 orders: coffee every week for almost eight years"),
    (112, "Nothing yet: an account and no more"),
]

_TELLERS = (
    mara,
    jonas,
    priya,
    tom,
    elena,
    sam,
    claire,
    hannah,
    leila,
    misaki,
    walter,
    ada,
)


def documents(today: date, public_url: str) -> Iterator[tuple[str, Document]]:
    """Every document of the shop as it stands on ``today``, parents before children.

    Pairs of plural noun and document in the shape of API version 2021-11. ``public_url`` is where
    the sandbox serves, without a slash at the end; pictures lie under it. The same arguments give
    the same documents. Queued charges are not among them: they follow from the subscriptions.
    """
    books = Books(today, public_url)
    for story in _TELLERS:
        story(books)
    numbered = entries(books)
    enter_payments(books, numbered)
    for noun, found in (
        ("store", [store_document(today, public_url)]),
        ("shop_settings", [shop_settings_document()]),
        ("products", product_documents(public_url)),
        ("plans", plan_documents()),
        ("collections", collection_documents()),
        ("collection_products", collection_product_documents()),
        ("discounts", discount_documents(today)),
        ("customers", books.customers.values()),
        ("payment_methods", books.payment_methods.values()),
        ("addresses", books.addresses.values()),
        ("subscriptions", books.subscriptions),
        ("onetimes", books.onetimes),
        ("bundle_selections", books.bundle_selections),
        ("orders", order_documents(books, numbered)),
        ("charges", charge_documents(books, numbered)),
        ("credit_accounts", books.credit_accounts),
        ("credit_adjustments", books.credit_adjustments),
        ("membership_programs", program_documents()),
        ("membership_benefits", benefit_documents()),
        ("memberships", membership_documents(books)),
        ("retention_strategies", retention_strategy_documents()),
        ("metafields", books.metafields),
    ):
        for document in found:
            yield noun, document
