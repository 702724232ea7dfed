"""The way out of a subscription or membership: why, one offer, the end, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from app.actions import ReceiptState
from app.i18n import Message, Texts, say
from app.state import Contact, Retention
from components import html
from components.base import Component
from components.end_form import EndForm
from components.fields import Field, Option, radios, select, text_area
from components.html import Tag
from components.icons import icon
from components.offer_forms import offer_form

LONGEST_COMMENT = 1000

_SENT: Final[Mapping[ReceiptState, Message]] = {
    ReceiptState.WAITING: say("On its way to {address}"),
    ReceiptState.SENT: say("Sent to {address}"),
    ReceiptState.NOT_SENT: say("It could not be sent to {address}. Please keep the number."),
}


class CancelFlow(Component[Retention]):
    """Leaving, one step at a time. The end itself stands on each of them, beside whatever is asked
    or offered, as large and as plain as that.

    `go` shows another step, by its address.

    ::

        CancelFlow (div)
        ├── bar        that nothing is cancelled yet; it stays in view until it is done
        └── one of
            ├── reason     why; and the end
            ├── offer      what could be done instead; and the end
            ├── confirm    the end, and why for those who like to tell; or whom to write to, where
            │              the shop ends it itself
            └── done       that it is over, what still comes, and the way back
    """

    element = "div"
    sections = ("bar", "reason", "offer", "confirm", "done")
    slot_elements: ClassVar[dict[str, str]] = {}

    def __init__(
        self, state: Retention, texts: Texts, *, go: Callable[[str], None] | None = None
    ) -> None:
        self._go = go
        self._reasons: Tag | None = None
        self._end: EndForm | None = None
        super().__init__(state, texts)

    def build(self) -> None:
        step = self.state.step
        self._reasons = self._end = None
        self.set(class_="ds-leaving", data_step=step)
        bar = None
        if step != "done":
            # It is there from the start, so that what changes in it is read out.
            bar = self.section("bar")
            bar.set(class_="ds-leaving-bar")
        self.section(step)

    # The bar.

    def bar(self) -> None:
        retention = self.state
        icon("info")
        with html.p(role="status", data_key="leaving-status"):
            if retention.is_checked:
                html.strong(self.t("Not known yet"))
            elif retention.is_busy:
                html.strong(self.t("Cancelling…"))
            else:
                html.strong(self.t("Not cancelled yet"))
            html.span(retention.title, dir="auto")
        if retention.step in ("reason", "offer"):
            # Where the cards stand below each other, the end is one press away all the same.
            html.Button(
                self.t("Go to cancel"), self.to_end, key="to-end", class_="ds-button ds-to-end"
            )

    # The steps.

    def reason(self) -> None:
        with html.div(class_="ds-two"):
            with html.section(class_="ds-card ds-inline", aria_labelledby=self.html_id + "-why"):
                with html.div(data_slot="header"):
                    html.h2(self.t("What is the reason?"), id=self.html_id + "-why")
                    if not self.model.is_reason_needed:
                        html.p(self.t("You need not say."), class_="ds-muted")
                self._missing()
                with html.div(data_slot="choices"):
                    self._reasons = radios(
                        self.t("Reason"),
                        [Option(one, one.said(self._language)) for one in self.model.plan.reasons],
                        self.model.reason,
                        self.model.choose,
                        key="reason",
                        is_legend_seen=False,
                    )
                    self._comments()
                with html.div(data_slot="actions"), html.div(class_="ds-actions"):
                    html.Button(
                        self.t("Continue"),
                        self._continue,
                        key="continue",
                        class_="ds-button ds-primary",
                    )
            self._ending()

    def offer(self) -> None:
        offer, reason = self.state.offer, self.model.reason
        words = reason.answer(self._language) if reason else ""
        with html.div(class_="ds-two"):
            with html.div(class_="ds-card ds-offer"):
                if words:
                    html.p(words, class_="ds-words", dir="auto")
                if isinstance(offer, Contact):
                    self._contact(offer)
                elif offer is not None:
                    offer_form(offer, self.texts)
            self._ending()

    def confirm(self) -> None:
        if self.state.is_closed:
            with html.div(class_="ds-one"):
                self._closed()
            return
        refusal = self.state.refusal
        with html.div(class_="ds-one"):
            if refusal is not None:
                with html.p(class_="ds-note", data_tone=refusal.tone, data_kind="refusal"):
                    icon("info")
                    html.span(self.say(refusal.message))
            if self.model.is_reason_needed and self.model.reason is None:
                with html.section(class_="ds-card ds-inline"):
                    with html.div(data_slot="header"):
                        html.h2(self.t("What is the reason?"))
                    self._missing()
                    with html.div(data_slot="choices"):
                        self._why()
                self._ending()
            else:
                self._ending()
                if self.model.plan.reasons:
                    folded = html.details(
                        self.t("Tell the shop why, if you like"), class_="ds-past ds-why"
                    )
                    with folded, html.div(class_="ds-fields"):
                        self._why()

    def done(self) -> None:
        retention = self.state
        with html.div(class_="ds-two"):
            card = html.section(class_="ds-card ds-inline", aria_label=self.t("Your receipt"))
            with card, html.div(data_slot="body"):
                self._receipt()
                self._others()
            if retention.reactivation is not None:
                with html.div(class_="ds-card ds-offer"):
                    offer_form(retention.reactivation, self.texts)

    # Their parts.

    @property
    def _language(self) -> str:
        return self.texts.language

    def _ending(self) -> None:
        self._end = EndForm.show(self.model, self.texts, missed=self.to_reasons)

    def _missing(self) -> None:
        """What has to be said first, at the place where it is said."""

        def draw() -> None:
            if (missing := self.state.missing) is not None:
                with html.p(class_="ds-note", data_tone="warning", role="alert"):
                    icon("alert")
                    html.span(self.say(missing))

        self.section("missing", draw)

    def _why(self) -> None:
        self._reasons = select(
            self.t("Reason"),
            [Option(one, one.said(self._language)) for one in self.model.plan.reasons],
            self.model.reason,
            self.model.choose,
            key="reason",
        )
        self._comments()

    def _comments(self) -> None:
        text_area(
            self.t("Anything else the shop should know?"),
            self.model.comments,
            self.model.write,
            key="comments",
            longest=LONGEST_COMMENT,
        )

    def _closed(self) -> None:
        """It is not ended here. A button would promise what it does not do."""
        email = self.model.contact
        with html.section(class_="ds-card ds-inline", aria_labelledby=self.html_id + "-closed"):
            with html.div(data_slot="header"):
                html.h2(self.say(self.model.closed_text), id=self.html_id + "-closed")
            with html.div(data_slot="body"):
                html.p(
                    self.t(
                        "It cannot be cancelled on this page. Please write to the shop that you "
                        "want to end {title}. It goes on until the shop has ended it.",
                        title=self.model.title,
                    )
                )
            if email:
                with html.div(data_slot="actions"), html.div(class_="ds-actions"):
                    self._write_to(email)

    def _contact(self, offer: Contact) -> None:
        with html.section(class_="ds-inline", aria_labelledby=self.html_id + "-contact"):
            with html.div(data_slot="header"):
                html.h2(self.t("Write to the shop"), id=self.html_id + "-contact")
            with html.div(data_slot="body"):
                html.p(self.t("A person reads it. Nothing is cancelled meanwhile."))
            with html.div(data_slot="actions"), html.div(class_="ds-actions"):
                self._write_to(offer.email)

    def _write_to(self, email: str) -> None:
        link = html.a(
            f"mailto:{email}",
            self.t("Write to {address}", address=email),
            class_="ds-button ds-primary",
            data_key="write",
        )
        link.on("click", self.model.wrote, args=[])

    def _receipt(self) -> None:
        """When it ended, what proves it, and what still comes."""
        receipt = self.state.receipt
        if receipt is None:
            with html.p(class_="ds-done"):
                icon("check")
                html.span(self.t("It has ended, and you are not charged for it any more."))
            return
        with html.Tag("dl", class_="ds-facts"):
            with self._fact(self.t("When")):
                moment = receipt.moment
                html.time(moment, self.t("{moment} shop time", moment=moment))
                html.local_time(moment, self.t("(your time: {time})", time="{time}"))
            with self._fact(self.t("Receipt number")):
                html.span(receipt.number)
            if receipt.to:
                with self._fact(self.t("Receipt by mail")):
                    html.span(self.t(_SENT[receipt.state].text, address=receipt.to))
        content = receipt.content
        if told := (*content.all_arrivals, *content.differences):
            html.h2(self.t("What still comes"), class_="ds-small-heading")
            for one in told:
                html.p(self.say(one))
        if content.not_done:
            html.h2(self.t("Not done"), class_="ds-small-heading")
            for left in content.not_done:
                html.p(self.say(left.title))

    def _fact(self, name: str) -> Tag:
        """One line of the receipt; what it says is drawn into it."""
        with html.div(class_="ds-fact"):
            html.Tag("dt", name)
            return html.Tag("dd")

    def _others(self) -> None:
        others = self.state.others
        if not others:
            return
        html.h2(self.t("What goes on"), class_="ds-small-heading")
        with html.ul(class_="ds-others"):
            for one in others:
                with html.li():
                    if one.has_page:
                        html.a(one.path, one.title, dir="auto")
                    else:
                        html.span(one.title, dir="auto")
                    html.a(
                        one.path + "/cancel",
                        self.t("Cancel"),
                        class_="ds-link",
                        aria_label=self.t("Cancel {title}", title=one.title),
                    )

    # What the customer does.

    async def _continue(self) -> None:
        path = await self.model.go_on()
        if self.model.missing is not None:
            self.to_reasons()
        elif self._go is not None:
            self._go(path)

    def to_end(self) -> None:
        """Go to the end."""
        if self._end is not None and not self._end.is_deleted:
            self._end.go_here()

    def to_reasons(self) -> None:
        """Go to where a reason is given."""
        if self._reasons is None or self._reasons.is_deleted:
            return
        for one in self._reasons.descendants():
            if isinstance(one, Field):
                one.run_method("focus")
                return

    def redraw(self) -> None:
        """What the end comes to may follow from what is chosen here."""
        super().redraw()
        if self._end is not None and not self._end.is_deleted:
            self._end.redraw()
