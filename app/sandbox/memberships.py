"""What cancelling, activating and a passing day do to a membership.

Recharge's storefront client has the names of fields and routes and no rules, so these are guesses:
a cancelled membership is charged no more and stays active to the end of what is paid; an activated
one is charged when that ends, or tomorrow where it has ended. What its charges look like is not
known at all, so none is made: the dates move on as if they had been paid.
"""

from datetime import date, datetime, time, timedelta

from app.sandbox.dates import parse_moment, step
from app.sandbox.errors import Document, Invalid
from app.sandbox.shop import Shop


def cancel_membership(
    shop: Shop,
    membership: Document,
    *,
    at_once: bool,
    reason: str,
    comments: str | None,
    expires_on: str | None,
) -> Document:
    """It is charged no more. Its benefits end now, or on a day.

    Raises:
        Invalid: it is cancelled already.
    """
    if membership["cancelled_at"] is not None:
        raise Invalid("status", "Only active memberships can be cancelled.")
    membership.update(
        cancelled_at=shop.now().isoformat(timespec="microseconds"),
        cancellation_reason=reason,
        cancellation_reason_comments=comments,
        has_queued_charges=False,
        next_charge_scheduled_at=None,
        purchase_item_status="cancelled",
    )
    if at_once:
        membership.update(status="inactive", expires_at=shop.stamp())
    elif expires_on is not None:
        membership["expires_at"] = shop.midnight(date.fromisoformat(expires_on))
    return shop.save("memberships", membership)


def activate_membership(shop: Shop, membership: Document, expires_on: str | None) -> Document:
    """It is charged again: on the day when what is paid ends, and not before tomorrow.

    Raises:
        Invalid: it is not cancelled.
    """
    if membership["cancelled_at"] is None:
        raise Invalid("status", "Only cancelled memberships can be activated.")
    tomorrow = shop.today() + timedelta(days=1)
    day = max(_day_of(shop, membership["expires_at"]) or tomorrow, tomorrow)
    ends = date.fromisoformat(expires_on) if expires_on else day
    membership.update(
        cancelled_at=None,
        cancellation_reason=None,
        cancellation_reason_comments=None,
        expires_at=shop.midnight(ends),
        has_queued_charges=True,
        next_charge_scheduled_at=day.isoformat(),
        purchase_item_status="active",
        status="active",
    )
    return shop.save("memberships", membership)


def next_membership_due(shop: Shop) -> tuple[date, str, Document] | None:
    """The earliest membership that is renewed or ends, with its day."""
    start = datetime.combine(shop.today() + timedelta(days=1), time(), shop.zone())
    found = shop.store.find(
        "memberships",
        "next_charge_scheduled_at <= ? OR (next_charge_scheduled_at IS NULL "
        "AND status = 'active' AND expires_at < ?)",
        (shop.today().isoformat(), shop.midnight(start.date())[:19]),
        order="COALESCE(next_charge_scheduled_at, expires_at), id",
        limit=1,
    )
    if not found:
        return None
    day = found[0]["next_charge_scheduled_at"]
    ends = date.fromisoformat(day) if day else _day_of(shop, found[0]["expires_at"])
    return (ends or shop.today(), "memberships", found[0])


def renew_or_end(shop: Shop, membership: Document) -> Document:
    """Its day has come: another interval begins, or the benefits of a cancelled one end."""
    day = membership["next_charge_scheduled_at"]
    if day is None:
        membership["status"] = "inactive"
        return shop.save("memberships", membership)
    following = _following(membership, date.fromisoformat(day))
    membership.update(
        expires_at=shop.midnight(following), next_charge_scheduled_at=following.isoformat()
    )
    return shop.save("memberships", membership)


def _following(membership: Document, day: date) -> date:
    frequency, unit = int(membership["charge_interval_frequency"]), "month"
    if membership["charge_interval_unit"] == "year":
        frequency *= 12
    elif membership["charge_interval_unit"] in ("day", "week"):
        unit = membership["charge_interval_unit"]
    return step(day, unit, frequency)


def _day_of(shop: Shop, moment: str | None) -> date | None:
    found = parse_moment(moment)
    return found.astimezone(shop.zone()).date() if found else None
