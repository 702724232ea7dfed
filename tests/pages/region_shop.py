"""A shop with one customer, in any country: what is demanded there, and three subscriptions.

`PLACES` is written by hand from the laws, and knows nothing of the table that the code reads.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from app.database import Database
from app.mirror import Mirror
from app.recharge import RechargeClient
from app.retention import RetentionFile, load_retention_file
from app.sandbox import Sandbox
from app.sandbox.seed.shop import shop_settings_document
from app.settings import Settings
from tests.actions.shop import Patient, Shop, no_wait
from tests.sandbox.small import PLACE, Document, product

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
EMAIL = "robin@example.com"
CUSTOMER, FEW, FRESH, MANY = 101, 301, 302, 303
"""The customer, and what she has: one order in May; one three days ago; three in the summer."""

FILE = """\
reason: required
minimum_orders: 3
delivery_days: 2
contact: hello@shop.example
reasons:
  - key: too-much
    text: I have more than I can use
    words: Why not leave one out?
    offer: skip
  - key: other
    text: Another reason
"""

DIRECT = {"DE", "FR", "US-CO", "US-MA", ""}
"""Where nothing may stand between the way out and the end: no offer."""

MAY_HOLD = {"US"}
"""Where a reason may be demanded, and a minimum of orders."""

MAY_CLOSE = {"US"}
"""Where a shop may leave the end to its service."""

NO_WITHDRAWAL = {"US", "US-CA", "US-CO", "US-MA", "US-NY"}
"""Where there is no right to withdraw in the first 14 days."""

ENDS = {
    "DE": ("Verträge hier kündigen", "Jetzt kündigen"),
    "FR": ("Résilier votre contrat", "Notification de la résiliation"),
}
"""The words that the law wants on the way to the end, and on the button that does it."""

WITHDRAWALS = {
    "bg": ("Откажете се от договора тук", "Потвърждавам отказа"),
    "cs": ("Zde odstoupit od smlouvy", "Potvrdit odstoupení od smlouvy"),
    "da": ("Fortryd aftale", "Bekræft fortrydelse"),
    "de": ("Vertrag widerrufen", "Widerruf bestätigen"),
    "el": ("Πατήστε εδώ για υπαναχώρηση", "Επιβεβαίωση υπαναχώρησης"),
    "en": ("Withdraw from contract here", "Confirm withdrawal"),
    "es": ("Desistir del contrato aquí", "Confirmar desistimiento"),
    "et": ("Taganen lepingust", "Kinnitan taganemise"),
    "fi": ("Peruuta sopimus tästä", "Vahvista peruuttaminen"),
    "fr": ("Renoncer au contrat ici", "Confirmer la rétractation"),
    "hr": ("Odustati od ugovora", "Potvrditi odustajanje"),
    "hu": ("Elállás a szerződéstől", "Elállás megerősítése"),
    "it": ("Recedere dal contratto qui", "Conferma recesso"),
    "lt": ("Atsisakyti sutarties čia", "Patvirtinti sutarties atsisakymą"),
    "lv": ("Atteikties no līguma", "Apstiprināt atteikumu"),
    "nl": ("Hier de overeenkomst herroepen", "Herroeping bevestigen"),
    "pl": ("Odstąp od umowy tutaj", "Potwierdź odstąpienie od umowy"),
    "pt": ("Retrate-se do contrato aqui", "Confirmar retratação"),
    "ro": ("Retrageți-vă din contract aici", "Confirmați retragerea"),
    "sk": ("Odstúpiť od zmluvy tu", "Potvrdiť odstúpenie od zmluvy"),
    "sl": ("Kliknite tukaj za odstop od pogodbe", "Potrdi odstop od pogodbe"),
    "sv": ("Ångra avtalet här", "Bekräfta frånträde"),
}
"""What the directive wants on the two buttons of a withdrawal, by language."""


@dataclass(frozen=True)
class Place:
    """Where the customer lives, and what somebody who reads English meets there.

    region:   as the table has it; empty for a place that it does not have
    language: in which the law's words reach that reader: English where it is official
    """

    region: str
    zone: str
    language: str
    province: str = ""

    @property
    def country(self) -> str:
        return self.region[:2] or "JP"

    @property
    def is_direct(self) -> bool:
        return self.region in DIRECT

    @property
    def may_hold(self) -> bool:
        return self.region in MAY_HOLD

    @property
    def may_close(self) -> bool:
        return self.region in MAY_CLOSE

    @property
    def can_withdraw(self) -> bool:
        return self.region not in NO_WITHDRAWAL

    @property
    def cancel(self) -> str:
        """The law's words on the way to the end; empty where it has none."""
        return ENDS[self.region][0] if self.region in ENDS else ""

    @property
    def confirm(self) -> str:
        """The law's words on the button that ends it; empty where it has none."""
        return ENDS[self.region][1] if self.region in ENDS else ""

    @property
    def withdraw(self) -> str:
        """What stands on the way to withdrawing."""
        return WITHDRAWALS[self.language][0]

    @property
    def confirm_withdrawal(self) -> str:
        """What stands on the button that declares it."""
        return WITHDRAWALS[self.language][1]

    @property
    def marked(self) -> str | None:
        """How the law's words are marked: with their language where it is not the reader's."""
        return None if self.language == "en" else self.language


PLACES = (
    Place("US", "America/Chicago", "en", "Texas"),
    Place("US-CA", "America/Los_Angeles", "en", "California"),
    Place("US-CO", "America/Denver", "en", "Colorado"),
    Place("US-MA", "America/New_York", "en", "Massachusetts"),
    Place("US-NY", "America/New_York", "en", "New York"),
    Place("GB", "Europe/London", "en"),
    Place("AT", "Europe/Vienna", "de"),
    Place("BE", "Europe/Brussels", "nl"),
    Place("BG", "Europe/Sofia", "bg"),
    Place("CY", "Asia/Nicosia", "el"),
    Place("CZ", "Europe/Prague", "cs"),
    Place("DE", "Europe/Berlin", "de"),
    Place("DK", "Europe/Copenhagen", "da"),
    Place("EE", "Europe/Tallinn", "et"),
    Place("ES", "Europe/Madrid", "es"),
    Place("FI", "Europe/Helsinki", "fi"),
    Place("FR", "Europe/Paris", "fr"),
    Place("GR", "Europe/Athens", "el"),
    Place("HR", "Europe/Zagreb", "hr"),
    Place("HU", "Europe/Budapest", "hu"),
    Place("IE", "Europe/Dublin", "en"),
    Place("IT", "Europe/Rome", "it"),
    Place("LT", "Europe/Vilnius", "lt"),
    Place("LU", "Europe/Luxembourg", "fr"),
    Place("LV", "Europe/Riga", "lv"),
    Place("MT", "Europe/Malta", "en"),
    Place("NL", "Europe/Amsterdam", "nl"),
    Place("PL", "Europe/Warsaw", "pl"),
    Place("PT", "Europe/Lisbon", "pt"),
    Place("RO", "Europe/Bucharest", "ro"),
    Place("SE", "Europe/Stockholm", "sv"),
    Place("SI", "Europe/Ljubljana", "sl"),
    Place("SK", "Europe/Bratislava", "sk"),
    Place("", "Asia/Tokyo", "en", "Tokyo"),
)


async def empty_database(folder: Path) -> None:
    """A database with all its tables, to be copied."""
    database = Database(f"sqlite+aiosqlite:///{folder}/doorstep.db")
    await database.upgrade()
    await database.close()


@asynccontextmanager
async def shop_in(place: Place, pattern: Path, folder: Path) -> AsyncIterator[Shop]:
    """A shop there, and its customer; `pattern` holds an empty database."""
    shutil.copytree(pattern, folder, dirs_exist_ok=True)
    sandbox = Sandbox(seed=False, today=NOW)
    sandbox.plant(_documents(place))
    transport = httpx.ASGITransport(app=sandbox.app)
    client = RechargeClient(
        sandbox.token,
        base_url="http://sandbox/api",
        transport=transport,
        budget=Patient(),
        sleep=no_wait,
    )
    database = Database(f"sqlite+aiosqlite:///{folder}/doorstep.db")
    controls = httpx.AsyncClient(transport=transport, base_url="http://sandbox/_sandbox")
    mirror = Mirror(database, client, clock=sandbox.clock.now)
    shop = Shop(sandbox, client, database, mirror, Settings(_env_file=None), controls)
    yield shop
    for services in shop.opened:
        await services.close()
    await mirror.close()
    await controls.aclose()
    await client.aclose()
    await database.close()
    await sandbox.close()


def merchants_file(folder: Path) -> RetentionFile:
    """A merchant who would like to know why, and to see three orders."""
    path = folder / "retention.yaml"
    path.write_text(FILE)
    return load_retention_file(path)


def _documents(place: Place) -> list[tuple[str, Document]]:
    there = {
        **PLACE,
        "country_code": place.country,
        "country": place.country,
        "province": place.province,
    }
    customer = {"id": CUSTOMER, "email": EMAIL, "first_name": "Robin", "last_name": "Roe"}
    days = {
        FEW: ("2026-05-04", ["2026-05-04"]),
        FRESH: ("2026-11-20", ["2026-11-20"]),
        MANY: ("2026-06-03", ["2026-06-03", "2026-07-03", "2026-08-03"]),
    }
    orders = [(id, day) for id, (_, all_days) in days.items() for day in all_days]
    return [
        (
            "store",
            {
                "id": 1,
                "currency": "USD",
                "default_api_version": "2021-11",
                "email": "hello@shop.example",
                "name": "Corner Shop",
                "timezone": {"iana_name": place.zone, "name": place.zone},
            },
        ),
        ("shop_settings", shop_settings_document()),
        product(7001, "Coffee", (8001, "20.00")),
        ("customers", customer),
        (
            "payment_methods",
            {
                "id": 601,
                "customer_id": CUSTOMER,
                "default": True,
                "billing_address": there,
                "payment_details": {
                    "brand": "visa",
                    "exp_month": 12,
                    "exp_year": 2034,
                    "last4": "4242",
                },
                "processor_customer_token": "cus_1",
            },
        ),
        ("addresses", {"id": 201, "customer_id": CUSTOMER, "payment_method_id": 601, **there}),
        *(
            (
                "subscriptions",
                {
                    "id": id,
                    "address_id": 201,
                    "charge_interval_frequency": 1,
                    "created_at": f"{begun}T15:00:00+00:00",
                    "external_variant_id": {"ecommerce": "8001"},
                    "is_skippable": True,
                    "next_charge_scheduled_at": "2026-12-14",
                    "order_interval_frequency": 1,
                    "order_interval_unit": "month",
                    "price": "18.00",
                    "product_title": f"Coffee {id}",
                    "quantity": 1,
                },
            )
            for id, (begun, _) in days.items()
        ),
        *(
            (
                "orders",
                {
                    "id": 9000 + number,
                    "address_id": 201,
                    "charge": {"id": 7000 + number, "status": "success"},
                    "created_at": f"{day}T15:00:00+00:00",
                    "currency": "USD",
                    "customer": {"id": CUSTOMER, "email": EMAIL},
                    "external_order_name": {"ecommerce": f"#{9000 + number}"},
                    "external_order_number": {"ecommerce": str(9000 + number)},
                    "line_items": [
                        {
                            "purchase_item_id": id,
                            "purchase_item_type": "subscription",
                            "external_product_id": {"ecommerce": "7001"},
                            "external_variant_id": {"ecommerce": "8001"},
                            "quantity": 1,
                            "title": "Coffee",
                            "unit_price": "18.00",
                            "total_price": "18.00",
                        }
                    ],
                    "processed_at": f"{day}T15:00:00+00:00",
                    "scheduled_at": f"{day}T00:00:00+00:00",
                    "shipping_address": there,
                    "billing_address": there,
                    "shipping_lines": [],
                    "status": "success",
                    "subtotal_price": "18.00",
                    "total_price": "18.00",
                    "total_discounts": "0.00",
                    "total_line_items_price": "18.00",
                    "total_weight_grams": 250,
                },
            )
            for number, (id, day) in enumerate(orders, start=1)
        ),
    ]
