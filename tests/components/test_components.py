"""Each component: its examples, its sections replaced one by one, and what a customer reads."""

from __future__ import annotations

from typing import Any

from app.i18n import Texts
from components import (
    ActivityEntry,
    ActivityList,
    AddOnetimeDialog,
    AddressMoveDialog,
    AddSubscriptionDialog,
    AlignDialog,
    BundleDialog,
    CalendarFeed,
    CalendarFeedDialog,
    CancelFlow,
    ChangeOnetimeDialog,
    Component,
    DayPicker,
    DelayDeliveryDialog,
    DelayDialog,
    DelayPrepaidDialog,
    DiscountDialog,
    EmptyState,
    EndForm,
    ErrorState,
    GiftDialog,
    MembershipCard,
    MoveDeliveryDialog,
    MoveDialog,
    NextDelivery,
    NoticeBar,
    OpenCards,
    OrderEntry,
    OrderList,
    OrderNowDialog,
    PastOrders,
    PauseDialog,
    QuantityDialog,
    ReactivateDialog,
    ReactivateMembershipDialog,
    RemoveDiscountDialog,
    RemoveOnetimeDialog,
    ResumeDialog,
    RhythmDialog,
    ScheduleMonth,
    ScheduleTimeline,
    SeveralDialog,
    Skeleton,
    SkipDialog,
    StayDiscountDialog,
    StepList,
    SubscriptionCard,
    SubscriptionDetails,
    SwapDialog,
    TimelineEntry,
    WithdrawDialog,
    html,
)
from components.gallery import EXAMPLES, Example
from components.testing import ComponentTests, button, drawn, press, words

ENGLISH = Texts("en")


class TestNextDelivery(ComponentTests):
    component = NextDelivery


class TestScheduleTimeline(ComponentTests):
    component = ScheduleTimeline


class TestTimelineEntry(ComponentTests):
    component = TimelineEntry


class TestSubscriptionCard(ComponentTests):
    component = SubscriptionCard


class TestMembershipCard(ComponentTests):
    component = MembershipCard


class TestReactivateMembershipDialog(ComponentTests):
    component = ReactivateMembershipDialog


class TestOpenCards(ComponentTests):
    component = OpenCards


class TestSkipDialog(ComponentTests):
    component = SkipDialog


class TestDelayDeliveryDialog(ComponentTests):
    component = DelayDeliveryDialog


class TestDelayDialog(ComponentTests):
    component = DelayDialog


class TestMoveDeliveryDialog(ComponentTests):
    component = MoveDeliveryDialog


class TestMoveDialog(ComponentTests):
    component = MoveDialog


class TestPauseDialog(ComponentTests):
    component = PauseDialog


class TestResumeDialog(ComponentTests):
    component = ResumeDialog


class TestCancelFlow(ComponentTests):
    component = CancelFlow


class TestEndForm(ComponentTests):
    component = EndForm


class TestStayDiscountDialog(ComponentTests):
    component = StayDiscountDialog


class TestDelayPrepaidDialog(ComponentTests):
    component = DelayPrepaidDialog


class TestGiftDialog(ComponentTests):
    component = GiftDialog


class TestOrderNowDialog(ComponentTests):
    component = OrderNowDialog


class TestReactivateDialog(ComponentTests):
    component = ReactivateDialog


class TestWithdrawDialog(ComponentTests):
    component = WithdrawDialog


class TestNoticeBar(ComponentTests):
    component = NoticeBar


class TestEmptyState(ComponentTests):
    component = EmptyState


class TestErrorState(ComponentTests):
    component = ErrorState


class TestSkeleton(ComponentTests):
    component = Skeleton


class TestDayPicker(ComponentTests):
    component = DayPicker


class TestSubscriptionDetails(ComponentTests):
    component = SubscriptionDetails


class TestPastOrders(ComponentTests):
    component = PastOrders


class TestScheduleMonth(ComponentTests):
    component = ScheduleMonth


class TestActivityEntry(ComponentTests):
    component = ActivityEntry


class TestActivityList(ComponentTests):
    component = ActivityList


class TestOrderList(ComponentTests):
    component = OrderList


class TestOrderEntry(ComponentTests):
    component = OrderEntry


class TestCalendarFeed(ComponentTests):
    component = CalendarFeed


class TestCalendarFeedDialog(ComponentTests):
    component = CalendarFeedDialog


class TestAddOnetimeDialog(ComponentTests):
    component = AddOnetimeDialog


class TestChangeOnetimeDialog(ComponentTests):
    component = ChangeOnetimeDialog


class TestRemoveOnetimeDialog(ComponentTests):
    component = RemoveOnetimeDialog


class TestDiscountDialog(ComponentTests):
    component = DiscountDialog


class TestRemoveDiscountDialog(ComponentTests):
    component = RemoveDiscountDialog


class TestAddSubscriptionDialog(ComponentTests):
    component = AddSubscriptionDialog


class TestBundleDialog(ComponentTests):
    component = BundleDialog


class TestQuantityDialog(ComponentTests):
    component = QuantityDialog


class TestRhythmDialog(ComponentTests):
    component = RhythmDialog


class TestSwapDialog(ComponentTests):
    component = SwapDialog


class TestAddressMoveDialog(ComponentTests):
    component = AddressMoveDialog


class TestAlignDialog(ComponentTests):
    component = AlignDialog


class TestSeveralDialog(ComponentTests):
    component = SeveralDialog


class TestStepList(ComponentTests):
    component = StepList


class RoasterCard(SubscriptionCard):
    """A shop's own card."""

    def body(self) -> None:
        super().body()
        html.p("Roasted on Tuesdays")


class TestReplacedSubscriptionCard(ComponentTests):
    """A replacement keeps what the card keeps."""

    component = SubscriptionCard
    replacement = RoasterCard


def example(name: str) -> Example:
    return next(one for one in EXAMPLES if one.name == name)


async def read(name: str) -> list[str]:
    """The words of an example, as they stand on the page."""
    shown: list[Component[Any]] = []
    case = example(name)
    async with drawn(lambda: shown.append(case.draw(Texts(case.language)))):
        return words(shown[0])


async def test_the_next_delivery_says_when_what_how_much_where_and_until_when() -> None:
    text = await read("NextDelivery, due")
    assert "Monday, November 30, 2026" in text
    assert any(line.startswith("Change until Sun, Nov 29, 11:59") for line in text)
    assert "Harbour House Blend" in text
    assert "2 × $6.25" in text
    assert text[text.index("Shipping") + 1] == "$4.90"
    assert text[text.index("Total") + 1] == "$48.90"
    (address,) = [line for line in text if line.startswith("Mara Lindqvist")]
    assert "48 Harbour Street" in address
    assert "Portland" in address
    assert "Visa ending in 4242" in text
    assert text[-1] == "Skip this delivery"


async def test_an_estimate_is_called_one() -> None:
    text = await read("NextDelivery, estimate")
    assert "Estimated total" in text
    assert "Total" not in text


async def test_a_failed_payment_says_why_and_what_comes_next() -> None:
    text = await read("NextDelivery, past due")
    assert "Payment failed" in text
    assert "The bank says there is not enough money on the account." in text
    assert any("tries again on Thu, Dec 3" in line for line in text)
    assert "Skip this delivery" not in text


async def test_it_says_why_a_delivery_cannot_be_skipped() -> None:
    text = await read("NextDelivery, too late to change")
    assert text[-1] == "It is too late to change this delivery: it is being prepared."
    assert not any(line.startswith("Change until") for line in text)


async def test_what_was_paid_before_costs_nothing_now() -> None:
    text = await read("NextDelivery, prepaid")
    assert "Quantity 1, already paid" in text
    assert "$0.00" not in text
    assert text[text.index("Total") + 1] == "Already paid"
    assert "PayPal, mara@example.com" in text


async def test_dates_and_money_are_written_in_the_readers_language() -> None:
    text = await read("NextDelivery, right to left")
    assert "الاثنين، 30 نوفمبر 2026" in text


async def test_a_card_says_what_how_often_when_and_how_it_is_paid() -> None:
    assert await read("SubscriptionCard, active") == [
        "Harbour House Blend",
        "500 g, whole bean",
        "$19.50",
        "every 2 weeks",
        "Next on Mon, Nov 30",
        "48 Harbour Street, Portland",
        "Visa ending in 4242",
        "Details",
    ]


async def test_a_card_names_what_is_not_as_usual() -> None:
    assert "Paused" in await read("SubscriptionCard, paused")
    assert "No delivery is planned" in await read("SubscriptionCard, paused")
    assert "Cancelled" in await read("SubscriptionCard, cancelled")
    assert "Prepaid" in await read("SubscriptionCard, prepaid")
    assert "every 2 months, 3 each time" in await read("SubscriptionCard, several of one")


async def test_a_timeline_holds_a_year_with_what_was_skipped() -> None:
    shown: list[Component[Any]] = []
    async with drawn(lambda: shown.append(example("ScheduleTimeline, a year").draw(ENGLISH))):
        (timeline,) = shown
        assert "Show a year more" not in words(timeline)
        await press(button(timeline, "Show more"))
        text = words(timeline)
    assert text.count("Put it back") == 1
    assert text.count("Skip") == 25
    assert "November 2026" in text
    assert "November 2027" in text
    assert "about $38.90" in text
    assert "Show a year more" in text


async def test_a_short_timeline_holds_the_first_ones() -> None:
    text = await read("ScheduleTimeline, the first three")
    assert text.count("Skip") == 2
    assert "Show a year more" not in text


async def test_a_notice_offers_undo_while_it_can() -> None:
    assert await read("NoticeBar, nothing to say") == []
    assert await read("NoticeBar, done") == [
        "Your delivery of Mon, Nov 30 is skipped.",
        "Undo",
        "Dismiss",
    ]
    assert "Undo" not in await read("NoticeBar, not known")


async def test_every_picture_of_an_item_says_nothing_twice() -> None:
    shown: list[Component[Any]] = []
    async with drawn(lambda: shown.append(example("NextDelivery, due").draw(ENGLISH))):
        pictures = [one for one in shown[0].descendants() if one.tag == "img"]
        assert len(pictures) == 3
        assert {one.props["alt"] for one in pictures} == {""}


async def test_pages_stay_light() -> None:
    shown: list[Component[Any]] = []

    def draw() -> None:
        shown.append(example("SubscriptionCard, active").draw(ENGLISH))
        shown.append(example("TimelineEntry, due").draw(ENGLISH))

    async with drawn(draw):
        card, entry = shown
        assert sum(1 for _ in card.descendants()) <= 16
        assert sum(1 for _ in entry.descendants()) <= 12
