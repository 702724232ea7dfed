"""What a page is made of: one component per file, each of them replaceable by a shop's own.

::

    from components import SubscriptionCard, html, override

    @override(SubscriptionCard)
    class RoasterCard(SubscriptionCard):
        def body(self) -> None:
            super().body()
            html.p(self.texts.t("Roasted on Tuesdays"))

Errors are drawn in `components.base`.
"""

from components import html
from components.activity_list import ActivityEntry, ActivityList
from components.add_subscription_dialog import AddSubscriptionDialog
from components.address_card import AddressCard, AddressDetails
from components.address_dialogs import (
    AddAddressDialog,
    AddressCardDialog,
    DeleteAddressDialog,
    EditAddressDialog,
    MergeDialog,
    NoteDialog,
)
from components.address_form import AddressForm
from components.address_move_dialog import (
    MOVE_ADDRESS,
    AddressMoveDialog,
    ElsewhereDialog,
    PlaceDialog,
)
from components.align_dialog import AlignDialog, bring_together
from components.base import (
    AlreadyReplaced,
    Component,
    ComponentError,
    NotAReplacement,
    overridden,
    override,
)
from components.browser import Browser
from components.bundle_dialog import BundleDialog
from components.buy_again_dialog import BuyAgainDialog
from components.calendar_feed import CalendarFeed, CalendarFeedDialog
from components.cancel_flow import CancelFlow
from components.day_picker import DayChoice, DayPicker
from components.devices import DeviceList
from components.dialog import ConfirmDialog
from components.discount_dialog import DiscountDialog, RemoveDiscountDialog
from components.email_dialog import EmailDialog
from components.end_form import EndForm
from components.feedback import Empty, EmptyState, ErrorState, Failure, NoticeBar, Skeleton
from components.field_errors import FieldError
from components.gift_dialog import GiftDialog
from components.hosted_update import HostedUpdate, UpdateMailDialog
from components.icons import FAVICON, icon
from components.looks_band import LooksBand
from components.membership_card import MembershipCard
from components.membership_dialog import ReactivateMembershipDialog
from components.move_dialog import (
    DateDialog,
    DelayDeliveryDialog,
    DelayDialog,
    MoveDeliveryDialog,
    MoveDialog,
)
from components.next_delivery import NextDelivery
from components.offer_forms import StayDiscountDialog
from components.onetime_dialog import AddOnetimeDialog, ChangeOnetimeDialog, RemoveOnetimeDialog
from components.open_cards import OpenCards
from components.order_details import OrderDetails
from components.order_list import OrderEntry, OrderList
from components.order_now_dialog import OrderNowDialog
from components.pause_dialog import PauseDialog, ResumeDialog
from components.payment_banner import PaymentBanner, add_card, draw_trouble
from components.payment_dialogs import (
    BillingDialog,
    GiveCardDialog,
    MakeDefaultDialog,
    RemoveCardDialog,
)
from components.payment_method_card import PaymentMethodCard, PaymentMethodDetails
from components.plain import first_paint
from components.postal_dialog import PostalDialog
from components.prepaid_dialog import DelayPrepaidDialog
from components.profile import PayingCard, ProfileCard
from components.profile_dialogs import BackupDialog, CreditDialog, NameDialog, PhoneDialog
from components.quantity_dialog import QuantityDialog
from components.reactivate_dialog import ReactivateDialog
from components.rhythm_dialog import RhythmDialog
from components.schedule_month import ScheduleMonth
from components.schedule_timeline import ScheduleTimeline, TimelineEntry
from components.several_dialog import SeveralDialog, can_change_several, change_several
from components.skip_dialog import SkipDialog
from components.step_list import StepList, StepsShown
from components.step_up import StepUp, StepUpDialog
from components.store_credit import StoreCredit
from components.subscription_card import SubscriptionCard
from components.subscription_details import PastOrders, SubscriptionDetails
from components.swap_dialog import SwapDialog
from components.theme import put_on_pages
from components.withdraw_dialog import WithdrawDialog

__all__ = [
    "FAVICON",
    "MOVE_ADDRESS",
    "ActivityEntry",
    "ActivityList",
    "AddAddressDialog",
    "AddOnetimeDialog",
    "AddSubscriptionDialog",
    "AddressCard",
    "AddressCardDialog",
    "AddressDetails",
    "AddressForm",
    "AddressMoveDialog",
    "AlignDialog",
    "AlreadyReplaced",
    "BackupDialog",
    "BillingDialog",
    "Browser",
    "BundleDialog",
    "BuyAgainDialog",
    "CalendarFeed",
    "CalendarFeedDialog",
    "CancelFlow",
    "ChangeOnetimeDialog",
    "Component",
    "ComponentError",
    "ConfirmDialog",
    "CreditDialog",
    "DateDialog",
    "DayChoice",
    "DayPicker",
    "DelayDeliveryDialog",
    "DelayDialog",
    "DelayPrepaidDialog",
    "DeleteAddressDialog",
    "DeviceList",
    "DiscountDialog",
    "EditAddressDialog",
    "ElsewhereDialog",
    "EmailDialog",
    "Empty",
    "EmptyState",
    "EndForm",
    "ErrorState",
    "Failure",
    "FieldError",
    "GiftDialog",
    "GiveCardDialog",
    "HostedUpdate",
    "LooksBand",
    "MakeDefaultDialog",
    "MembershipCard",
    "MergeDialog",
    "MoveDeliveryDialog",
    "MoveDialog",
    "NameDialog",
    "NextDelivery",
    "NotAReplacement",
    "NoteDialog",
    "NoticeBar",
    "OpenCards",
    "OrderDetails",
    "OrderEntry",
    "OrderList",
    "OrderNowDialog",
    "PastOrders",
    "PauseDialog",
    "PayingCard",
    "PaymentBanner",
    "PaymentMethodCard",
    "PaymentMethodDetails",
    "PhoneDialog",
    "PlaceDialog",
    "PostalDialog",
    "ProfileCard",
    "QuantityDialog",
    "ReactivateDialog",
    "ReactivateMembershipDialog",
    "RemoveCardDialog",
    "RemoveDiscountDialog",
    "RemoveOnetimeDialog",
    "ResumeDialog",
    "RhythmDialog",
    "ScheduleMonth",
    "ScheduleTimeline",
    "SeveralDialog",
    "Skeleton",
    "SkipDialog",
    "StayDiscountDialog",
    "StepList",
    "StepUp",
    "StepUpDialog",
    "StepsShown",
    "StoreCredit",
    "SubscriptionCard",
    "SubscriptionDetails",
    "SwapDialog",
    "TimelineEntry",
    "UpdateMailDialog",
    "WithdrawDialog",
    "add_card",
    "bring_together",
    "can_change_several",
    "change_several",
    "draw_trouble",
    "first_paint",
    "html",
    "icon",
    "overridden",
    "override",
    "put_on_pages",
]
