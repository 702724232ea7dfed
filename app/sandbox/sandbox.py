"""One sandbox: its store, clock, plans and counters, and the application over them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.sandbox.bucket import Bucket
from app.sandbox.card_form import CardForm, Together
from app.sandbox.charging import has_pending, settle
from app.sandbox.clock import Clock
from app.sandbox.controls import Controls, Counters, merge, misfits
from app.sandbox.errors import Document, Invalid
from app.sandbox.faults import Faults
from app.sandbox.planting import plant, plant_documents
from app.sandbox.processing import process_due
from app.sandbox.server import Server
from app.sandbox.shop import Settings, Shop
from app.sandbox.store import Store
from app.sandbox.webhooks import Sender
from app.sandbox.whereabouts import Whereabouts

# The seeded shop of the day: tests and demos open it over and over.
_PLANTED: dict[date, bytes] = {}


class Sandbox:
    """A stateful look-alike of the Recharge API 2021-11 with a shop in it.

    `database` is a path or `:memory:`; a file that already holds a shop is taken up as it was.
    `public_url` is where pictures are reached: an address, or a path on the page's own server. It
    may differ each time a file is opened. `today` puts the shop's clock to a moment, or to noon of
    a date in New York; without it the clock shows real time. With `bucket` the rate limit is on.
    Regenerating an address takes `regeneration_seconds`, during which writes to it get 409. With
    `memberships` the seeded shop opens with them switched on.

    Raises:
        CannotOpen: the file is not an SQLite database of the sandbox, or cannot be written.
    """

    def __init__(
        self,
        database: str = ":memory:",
        *,
        public_url: str = "http://localhost:8080/sandbox",
        token: str = "sk_sandbox",  # noqa: S107 (the look-alike's own token opens nothing else)
        api_client_secret: str = "sandbox-client-secret",  # noqa: S107
        seed: bool = True,
        bucket: bool = False,
        regeneration_seconds: float = 0.0,
        today: date | datetime | None = None,
        memberships: bool = False,
    ) -> None:
        self.token = token
        self.whereabouts = Whereabouts(public_url)
        self._first = {"bucket": bucket, "regeneration_seconds": regeneration_seconds}
        self._today = today
        self._has_memberships = memberships
        self.settings = Settings()
        self.clock = Clock(self._clock_moved)
        self.shop = Shop(Store(str(database)), self.clock, self.settings)
        self.faults = Faults()
        self.counters = Counters()
        self.bucket = Bucket()
        self.sender = Sender(self.shop, api_client_secret, self.whereabouts)
        self.controls = Controls(self)
        self.app = Server(self)
        self.card_form = CardForm(self)
        """The processor's form. Never served from where the shop's own pages are."""
        self.alone = Together(self.app, self.card_form)
        """Both, for a look-alike that is served on a port of its own."""
        self._is_closed = False
        self._settings_as_at_first()
        kept = self.shop.store.mark("clock_offset")
        if kept is None:
            self._begin(seed=seed)
        else:
            self.clock.restore(timedelta(seconds=float(kept)))

    @property
    def today(self) -> date:
        """The date in the shop's zone by the shop's clock."""
        return self.shop.today()

    def plant(self, documents: Iterable[tuple[str, Document]]) -> None:
        """Add Recharge-shaped documents by the plural of their noun, parents first.

        What they leave out is filled in, and their charges are queued.
        """
        with self.shop.store.transaction():
            plant_documents(self.shop, documents)
        self.shop.take_events()

    def reset(self, *, seed: bool = True) -> None:
        """Everything as at the start: documents, clock, settings, faults, counters, inbox."""
        self.faults.clear()
        self.counters.clear()
        self.bucket.clear()
        self._settings_as_at_first()
        self._begin(seed=seed)

    def catch_up(self) -> None:
        """When the shop's date went on by itself, do what fell due since."""
        if self.shop.store.mark("processed_on") != self.today.isoformat():
            self._process()
        elif has_pending(self.shop):
            with self.shop.store.transaction():
                settle(self.shop)
                self.sender.queue(self.shop.take_events())

    def default_version(self) -> str:
        """The API version of calls that state none: the store's own."""
        stores = self.shop.store.find("store", limit=1)
        return str(stores[0].get("default_api_version") or "2021-01") if stores else "2021-01"

    def shop_settings(self) -> Document:
        """The merchant's portal settings."""
        found = self.shop.store.find("shop_settings", limit=1)
        return {key: value for key, value in (found[0] if found else {}).items() if key != "id"}

    def change_shop_settings(self, changes: Document) -> None:
        """Merge changes into the merchant's portal settings, object by object.

        Raises:
            Invalid: an object would become something else, or a switch more than on or off.
        """
        from app.sandbox.seed.shop import shop_settings_document

        settings = self.shop_settings()
        errors = misfits(merge(shop_settings_document(), settings), changes)
        if errors:
            raise Invalid.many(errors)
        merged = merge(settings, changes)
        with self.shop.store.transaction():
            self.shop.store.write("shop_settings", {**merged, "id": 1})

    async def close(self) -> None:
        """Stop sending and give the database back. Closing twice does no harm."""
        if not self._is_closed:
            self._is_closed = True
            await self.sender.close()
            self.shop.store.close()

    def _begin(self, *, seed: bool) -> None:
        self.clock.restore(self._first_offset())
        self.shop.forget_catalogue()
        key = self.today if seed else None
        store = self.shop.store
        if store.is_in_memory and key is not None and key in _PLANTED:
            store.copy_in(_PLANTED[key])
        else:
            with store.transaction():
                store.empty()
                plant(self.shop, self.today, seed=seed)
            if store.is_in_memory and key is not None:
                _PLANTED.clear()
                _PLANTED[key] = store.copy_out()
        with store.transaction():
            self._keep_clock()
            store.mark("processed_on", self.today.isoformat())
        if self._has_memberships:
            self.change_shop_settings({"customer_portal": {"enable_membership_programs": True}})
        self.shop.take_events()

    def _first_offset(self) -> timedelta:
        moment = self._today
        if moment is None:
            return timedelta(0)
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12), ZoneInfo("America/New_York"))
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware - datetime.now(UTC)

    def _settings_as_at_first(self) -> None:
        fresh = Settings(**self._first)  # type: ignore[arg-type]
        for name, value in fresh.as_document().items():
            setattr(self.settings, name, value)

    def _clock_moved(self) -> None:
        self._process()
        self.sender.wake()

    def _process(self) -> None:
        try:
            with self.shop.store.transaction():
                process_due(self.shop)
                self._keep_clock()
                self.shop.store.mark("processed_on", self.today.isoformat())
                self.sender.queue(self.shop.take_events())
        except BaseException:
            # What did not happen must not be told with the next thing that does.
            self.shop.take_events()
            raise

    def _keep_clock(self) -> None:
        self.shop.store.mark("clock_offset", str(self.clock.offset.total_seconds()))
