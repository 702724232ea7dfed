"""What is on screen: objects that components draw and whose methods a press calls.

::

    portal = Portal(services, principal, texts)
    await portal.open()
    portal.changed.subscribe(draw)
    question = SkipQuestion(portal.next_delivery)
    await question.ask()                # `question.preview` says what it would change
    await question.confirm()
    await portal.undo()
    portal.close()

A state never raises at a press: what went wrong is a `Notice`. It shows a wish at once, marked as
pending, until the answer confirms it or takes it back.
"""

from app.state.account import AccountDoors, AccountState, Device
from app.state.activity import KINDS, ActivitiesState, ActivityState, Kind
from app.state.address import AddressesState, AddressState
from app.state.base import State
from app.state.calendar_feed import CalendarFeedState, Feeds
from app.state.cards import CardsState, OpenCard
from app.state.credit import CreditState
from app.state.deeds import EVENTS, Deed
from app.state.delivery import DeliveryState
from app.state.history import STATUSES, HistoryState, Period
from app.state.hosted_update import HostedUpdateState
from app.state.leaving import EndQuestion, Leavings, SubscriptionRetention
from app.state.leaving_membership import EndMembershipQuestion, MembershipRetention
from app.state.left import Left, Other
from app.state.look import LookShown
from app.state.membership import MembershipState
from app.state.notice import Notice
from app.state.order import OpenOrders, OrderState, charge_path, has_receipt, order_path
from app.state.payment_method import PaymentMethodState, Use
from app.state.payment_trouble import PaymentTrouble
from app.state.payments import PaymentsState
from app.state.places import (
    ACCOUNT,
    ACTIVITY,
    ADDRESSES,
    CREDIT,
    MEMBERSHIPS,
    ORDERS,
    PAYMENT_METHODS,
    SCHEDULE,
    SUBSCRIPTIONS,
    chapter,
    is_shown,
    shows,
)
from app.state.portal import Portal
from app.state.postal import PostalDraft
from app.state.purchase import PurchaseState
from app.state.question import Question, SkipQuestion
from app.state.questions.address_changes import (
    AddAddressQuestion,
    AddressCardQuestion,
    DeleteAddressQuestion,
    EditAddressQuestion,
    MergeQuestion,
    NoteQuestion,
    can_add_address,
    can_change_note,
    can_choose_card,
    can_delete_address,
    can_edit_address,
    can_merge,
)
from app.state.questions.addresses import (
    AddressQuestion,
    ElsewhereQuestion,
    PlaceQuestion,
    ScopeChoice,
    can_move_to_address,
    can_send_elsewhere,
)
from app.state.questions.again import BuyAgainQuestion, can_buy_again
from app.state.questions.bundle import BundleQuestion
from app.state.questions.cancel import (
    ReactivateQuestion,
    can_cancel,
    can_reactivate,
)
from app.state.questions.dates import (
    DateQuestion,
    Delay,
    DelayDeliveryQuestion,
    DelayQuestion,
    MoveDeliveryQuestion,
    MoveQuestion,
    Suggestion,
    can_move,
    can_move_delivery,
)
from app.state.questions.discounts import DiscountQuestion, RemoveDiscountQuestion
from app.state.questions.email import EmailQuestion
from app.state.questions.gift import GiftQuestion, can_give
from app.state.questions.memberships import (
    ReactivateMembershipQuestion,
    can_reactivate_membership,
)
from app.state.questions.onetimes import (
    AddOnetimeQuestion,
    ChangeOnetimeQuestion,
    RemoveOnetimeQuestion,
)
from app.state.questions.order_now import OrderNowQuestion, can_order_now, can_try_payment_again
from app.state.questions.pauses import PauseQuestion, ResumeQuestion, can_pause, can_resume
from app.state.questions.payments import (
    BillingQuestion,
    GiveCardQuestion,
    MakeDefaultQuestion,
    RemoveCardQuestion,
    can_edit_billing,
    can_give_card,
    can_make_default,
    can_remove_card,
)
from app.state.questions.postal import PostalQuestion
from app.state.questions.prepaid import DelayPrepaidQuestion, can_delay_prepaid
from app.state.questions.products import (
    AddSubscriptionQuestion,
    QuantityQuestion,
    SwapQuestion,
    can_swap,
)
from app.state.questions.profile import (
    BackupQuestion,
    CreditQuestion,
    NameQuestion,
    PhoneQuestion,
)
from app.state.questions.rhythm import RhythmQuestion, can_change_rhythm
from app.state.questions.several import SeveralKind, SeveralQuestion, TogetherQuestion, can_align
from app.state.questions.staying import Contact, StayDiscountQuestion
from app.state.questions.update_mail import UpdateMailQuestion
from app.state.questions.withdraw import WithdrawQuestion, can_withdraw
from app.state.rest import try_rest
from app.state.retention import Retention, Step
from app.state.schedule import ScheduleState
from app.state.signal import Signal
from app.state.step_up import CONFIRM_TITLE, NOT_SENT, Asked, StepUpCodes, StepUpState
from app.state.subscription import SubscriptionState

__all__ = [
    "ACCOUNT",
    "ACTIVITY",
    "ADDRESSES",
    "CONFIRM_TITLE",
    "CREDIT",
    "EVENTS",
    "KINDS",
    "MEMBERSHIPS",
    "NOT_SENT",
    "ORDERS",
    "PAYMENT_METHODS",
    "SCHEDULE",
    "STATUSES",
    "SUBSCRIPTIONS",
    "AccountDoors",
    "AccountState",
    "ActivitiesState",
    "ActivityState",
    "AddAddressQuestion",
    "AddOnetimeQuestion",
    "AddSubscriptionQuestion",
    "AddressCardQuestion",
    "AddressQuestion",
    "AddressState",
    "AddressesState",
    "Asked",
    "BackupQuestion",
    "BillingQuestion",
    "BundleQuestion",
    "BuyAgainQuestion",
    "CalendarFeedState",
    "CardsState",
    "ChangeOnetimeQuestion",
    "Contact",
    "CreditQuestion",
    "CreditState",
    "DateQuestion",
    "Deed",
    "Delay",
    "DelayDeliveryQuestion",
    "DelayPrepaidQuestion",
    "DelayQuestion",
    "DeleteAddressQuestion",
    "DeliveryState",
    "Device",
    "DiscountQuestion",
    "EditAddressQuestion",
    "ElsewhereQuestion",
    "EmailQuestion",
    "EndMembershipQuestion",
    "EndQuestion",
    "Feeds",
    "GiftQuestion",
    "GiveCardQuestion",
    "HistoryState",
    "HostedUpdateState",
    "Kind",
    "Leavings",
    "Left",
    "LookShown",
    "MakeDefaultQuestion",
    "MembershipRetention",
    "MembershipState",
    "MergeQuestion",
    "MoveDeliveryQuestion",
    "MoveQuestion",
    "NameQuestion",
    "NoteQuestion",
    "Notice",
    "OpenCard",
    "OpenOrders",
    "OrderNowQuestion",
    "OrderState",
    "Other",
    "PauseQuestion",
    "PaymentMethodState",
    "PaymentTrouble",
    "PaymentsState",
    "Period",
    "PhoneQuestion",
    "PlaceQuestion",
    "Portal",
    "PostalDraft",
    "PostalQuestion",
    "PurchaseState",
    "QuantityQuestion",
    "Question",
    "ReactivateMembershipQuestion",
    "ReactivateQuestion",
    "RemoveCardQuestion",
    "RemoveDiscountQuestion",
    "RemoveOnetimeQuestion",
    "ResumeQuestion",
    "Retention",
    "RhythmQuestion",
    "ScheduleState",
    "ScopeChoice",
    "SeveralKind",
    "SeveralQuestion",
    "Signal",
    "SkipQuestion",
    "State",
    "StayDiscountQuestion",
    "Step",
    "StepUpCodes",
    "StepUpState",
    "SubscriptionRetention",
    "SubscriptionState",
    "Suggestion",
    "SwapQuestion",
    "TogetherQuestion",
    "UpdateMailQuestion",
    "Use",
    "WithdrawQuestion",
    "can_add_address",
    "can_align",
    "can_buy_again",
    "can_cancel",
    "can_change_note",
    "can_change_rhythm",
    "can_choose_card",
    "can_delay_prepaid",
    "can_delete_address",
    "can_edit_address",
    "can_edit_billing",
    "can_give",
    "can_give_card",
    "can_make_default",
    "can_merge",
    "can_move",
    "can_move_delivery",
    "can_move_to_address",
    "can_order_now",
    "can_pause",
    "can_reactivate",
    "can_reactivate_membership",
    "can_remove_card",
    "can_resume",
    "can_send_elsewhere",
    "can_swap",
    "can_try_payment_again",
    "can_withdraw",
    "chapter",
    "charge_path",
    "has_receipt",
    "is_shown",
    "order_path",
    "shows",
    "try_rest",
]
