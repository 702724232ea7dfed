"""Wishes to leave as a table to download: one line each, and of customers their number alone."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.i18n import Texts
from app.retention.figures import Record, is_settled
from app.retention.flows import FOLLOWED_UP


class FlowLines:
    """Writes flows as cells. Moments are in the shop's zone.

    What customers wrote in their own words stays out: it may name people. So do the names of what
    they ordered.
    """

    def __init__(self, texts: Texts, zone: tzinfo, now: datetime) -> None:
        self._t = texts.t
        self._zone = zone
        self._now = now

    @property
    def head(self) -> tuple[str, ...]:
        """The names of the columns."""
        t = self._t
        return (
            t("Number"),
            t("Began"),
            t("Customer"),
            t("Of what"),
            t("Its number"),
            t("Door"),
            t("Region"),
            t("Could be offered something"),
            t("Group"),
            t("Reason"),
            t("Reason in words"),
            t("Offer shown"),
            t("Shown at"),
            t("Outcome"),
            t("Decided at"),
            t("Seconds"),
            t("Presses"),
            t("Stayed by"),
            t("Activity"),
            *(t("Active after {days} days", days=days) for days in FOLLOWED_UP),
            t("Made up"),
        )

    def cells(self, record: Record) -> tuple[str, ...]:
        """One flow. A cell is empty where nothing is known, or nothing was."""
        flow = record.flow
        seconds = (flow.decided_at - flow.started_at).total_seconds() if flow.decided_at else None
        return (
            flow.id,
            self._moment(flow.started_at),
            str(flow.customer_id),
            flow.subject.kind,
            str(flow.subject.id),
            flow.door,
            flow.region,
            self._yes(flow.may_offer),
            flow.group.value,
            flow.reason,
            flow.reason_text,
            flow.offer.value if flow.offer else "",
            self._moment(flow.offered_at),
            self._outcome(record),
            self._moment(flow.decided_at),
            "" if seconds is None else f"{seconds:.1f}",
            str(flow.presses),
            flow.saved_by.value if flow.saved_by else "",
            flow.activity_id or "",
            *(self._yes(record.is_active.get(days)) for days in FOLLOWED_UP),
            self._yes(flow.is_made_up),
        )

    def _outcome(self, record: Record) -> str:
        if record.flow.decision is not None:
            return record.flow.decision.value
        return "left" if is_settled(record.flow, self._now) else "open"

    def _moment(self, at: datetime | None) -> str:
        return at.astimezone(self._zone).isoformat(sep=" ", timespec="seconds") if at else ""

    def _yes(self, value: bool | None) -> str:
        return "" if value is None else self._t("yes") if value else self._t("no")
