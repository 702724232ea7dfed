"""Everything a customer can do, and the one way in which it is done.

::

    action = SkipDelivery(address_id=201, date=date(2026, 12, 1))
    seen = await preview(services, principal, action)      # what it would change, in words
    outcome = await perform(services, principal, action, key=uuid4().hex, revision=seen.revision)
    await undo(services, principal, outcome.activity_id, key=uuid4().hex)

A button, a route and a signed link in a mail all go through `perform`; nothing else writes to
Recharge. A new action is a subclass of `Action`. Errors are `ActionError`s: the tree is drawn in
`app.actions.errors`.
"""

from app.actions.activities import (
    Activity,
    actions_done,
    activities,
    find_activity,
    late_result,
    unsettled,
)
from app.actions.addresses.add import AddAddress
from app.actions.addresses.delete import DeleteAddress
from app.actions.addresses.edit import EditAddress
from app.actions.addresses.elsewhere import MoveToNewAddress, SendElsewhereOnce
from app.actions.addresses.merge import MergeAddresses
from app.actions.addresses.move import MoveToAddress
from app.actions.addresses.move_all import MoveAllToAddress
from app.actions.addresses.note import Answer, ChangeNote
from app.actions.addresses.onetimes import OnetimeToAddress
from app.actions.addresses.postal import PostalInput
from app.actions.base import Action, Upstream
from app.actions.claim import Result
from app.actions.dates.deliveries import DelayDelivery, MoveDelivery
from app.actions.dates.once import DeliverOnce, MoveOnce
from app.actions.dates.paused import Pause, pauses
from app.actions.dates.pauses import PauseSubscription, ResumeSubscription
from app.actions.dates.subscriptions import DelaySubscription, MoveSubscription
from app.actions.deliveries.skips import DeliveryAction, PutBackDelivery, SkipDelivery
from app.actions.discounts.base import DiscountAction
from app.actions.discounts.check import check_code
from app.actions.discounts.of_address import ApplyDiscountToAll, RemoveDiscountFromAll
from app.actions.discounts.of_delivery import ApplyDiscount, RemoveDiscount, ReplaceDiscount
from app.actions.discounts.terms import Terms, look_up
from app.actions.effect import Change, Effect, Outcome, Preview, Promise, Shown
from app.actions.ending.cancel import CancelSubscription, ReactivateSubscription
from app.actions.ending.memberships import (
    CancelMembership,
    MembershipAction,
    ReactivateMembership,
)
from app.actions.ending.withdraw import WithdrawFromSubscription, last_day_to_withdraw
from app.actions.errors import (
    ActionError,
    Declined,
    InProgress,
    InvalidInput,
    KeyReused,
    LooksOnly,
    NeedsStepUp,
    NothingKnown,
    NotPossible,
    PartlyDone,
    SignedOut,
    Stale,
    SwitchedOff,
    TooMany,
    UnknownObject,
    UpstreamRefused,
    WrongParts,
)
from app.actions.gifts.gift import SkipAndGift
from app.actions.gifts.recipient import Recipient
from app.actions.looking import THEIRS_ALONE
from app.actions.onetimes.again import BuyAgain, Goods
from app.actions.onetimes.changes import AddOnetime, ChangeOnetime, OnetimeAction, RemoveOnetime
from app.actions.orders.failures import Failure, Remedy, failure_of, failure_reason
from app.actions.orders.order_now import OrderNow
from app.actions.orders.prepaid import DelayPrepaid, PutPrepaidBack
from app.actions.payments.add import AddPaymentMethod
from app.actions.payments.add_card import AddCard
from app.actions.payments.adding import AddingCards, CardStanding
from app.actions.payments.billing import EditBillingAddress, billing_of
from app.actions.payments.default import MakeDefault
from app.actions.payments.give import GiveCard, GiveCardToSeveral
from app.actions.payments.hosted import (
    LINK_HOLDS,
    AskedMail,
    SendUpdateMail,
    card_seen,
    is_hosted,
    mails_asked,
)
from app.actions.payments.names import CARD_BRANDS, brand_of, card_named, card_titled, wallet_of
from app.actions.payments.remove import RemoveCard
from app.actions.payments.replace import ReplaceCard
from app.actions.payments.standing import Standing, standing_of
from app.actions.perform import perform, preview, undo, way_back
from app.actions.principal import STEP_UP, Acting, Level, Principal
from app.actions.products.bundles import ChangeBundle
from app.actions.products.new_subscriptions import AddSubscription, RemoveNewSubscription
from app.actions.products.quantities import ChangeQuantity
from app.actions.products.rhythms import ChangeRhythm, RhythmBack
from app.actions.products.subscriptions import SubscriptionAction
from app.actions.products.swap_rhythm import SwapWithRhythm
from app.actions.products.swaps import ChangeVariant, SwapBack, SwapProduct
from app.actions.profile.base import ProfileAction
from app.actions.profile.email import ChangeEmail, email_proof
from app.actions.profile.name import ChangeName, full_name
from app.actions.profile.phone import ChangePhone, country_of
from app.actions.profile.switches import UseBackupPayment, UseCredit
from app.actions.receipt_rows import ReceiptRow, ReceiptState
from app.actions.receipt_state import IssuedReceipt, address_of, receipt_of, shows
from app.actions.receipts import Link, NotDone, Receipt, ReceiptKind, receipt_number
from app.actions.resume import rest_of, resume_saga, steps_of
from app.actions.saga import ListedSteps, Saga, Stage, TakeBack, TryTheRest
from app.actions.services import Services
from app.actions.several.changes import (
    AlignDates,
    ChangeSeveral,
    ChangeSeveralQuantities,
    ChangeSeveralRhythms,
    MoveSeveralToAddress,
    Which,
    which,
)
from app.actions.several.endings import CancelSeveral, ReactivateSeveral, StartSeveralAgain
from app.actions.several.together import CancelTogether
from app.actions.several.withdrawals import WithdrawFromSeveral
from app.actions.situation import Situation
from app.actions.step_up import needs_step_up
from app.actions.steps import StepState, StepStatus

__all__ = [
    "CARD_BRANDS",
    "LINK_HOLDS",
    "STEP_UP",
    "THEIRS_ALONE",
    "Acting",
    "Action",
    "ActionError",
    "Activity",
    "AddAddress",
    "AddCard",
    "AddOnetime",
    "AddPaymentMethod",
    "AddSubscription",
    "AddingCards",
    "AlignDates",
    "Answer",
    "ApplyDiscount",
    "ApplyDiscountToAll",
    "AskedMail",
    "BuyAgain",
    "CancelMembership",
    "CancelSeveral",
    "CancelSubscription",
    "CancelTogether",
    "CardStanding",
    "Change",
    "ChangeBundle",
    "ChangeEmail",
    "ChangeName",
    "ChangeNote",
    "ChangeOnetime",
    "ChangePhone",
    "ChangeQuantity",
    "ChangeRhythm",
    "ChangeSeveral",
    "ChangeSeveralQuantities",
    "ChangeSeveralRhythms",
    "ChangeVariant",
    "Declined",
    "DelayDelivery",
    "DelayPrepaid",
    "DelaySubscription",
    "DeleteAddress",
    "DeliverOnce",
    "DeliveryAction",
    "DiscountAction",
    "EditAddress",
    "EditBillingAddress",
    "Effect",
    "Failure",
    "GiveCard",
    "GiveCardToSeveral",
    "Goods",
    "InProgress",
    "InvalidInput",
    "IssuedReceipt",
    "KeyReused",
    "Level",
    "Link",
    "ListedSteps",
    "LooksOnly",
    "MakeDefault",
    "MembershipAction",
    "MergeAddresses",
    "MoveAllToAddress",
    "MoveDelivery",
    "MoveOnce",
    "MoveSeveralToAddress",
    "MoveSubscription",
    "MoveToAddress",
    "MoveToNewAddress",
    "NeedsStepUp",
    "NotDone",
    "NotPossible",
    "NothingKnown",
    "OnetimeAction",
    "OnetimeToAddress",
    "OrderNow",
    "Outcome",
    "PartlyDone",
    "Pause",
    "PauseSubscription",
    "PostalInput",
    "Preview",
    "Principal",
    "ProfileAction",
    "Promise",
    "PutBackDelivery",
    "PutPrepaidBack",
    "ReactivateMembership",
    "ReactivateSeveral",
    "ReactivateSubscription",
    "Receipt",
    "ReceiptKind",
    "ReceiptRow",
    "ReceiptState",
    "Recipient",
    "Remedy",
    "RemoveCard",
    "RemoveDiscount",
    "RemoveDiscountFromAll",
    "RemoveNewSubscription",
    "RemoveOnetime",
    "ReplaceCard",
    "ReplaceDiscount",
    "Result",
    "ResumeSubscription",
    "RhythmBack",
    "Saga",
    "SendElsewhereOnce",
    "SendUpdateMail",
    "Services",
    "Shown",
    "SignedOut",
    "Situation",
    "SkipAndGift",
    "SkipDelivery",
    "Stage",
    "Stale",
    "Standing",
    "StartSeveralAgain",
    "StepState",
    "StepStatus",
    "SubscriptionAction",
    "SwapBack",
    "SwapProduct",
    "SwapWithRhythm",
    "SwitchedOff",
    "TakeBack",
    "Terms",
    "TooMany",
    "TryTheRest",
    "UnknownObject",
    "Upstream",
    "UpstreamRefused",
    "UseBackupPayment",
    "UseCredit",
    "Which",
    "WithdrawFromSeveral",
    "WithdrawFromSubscription",
    "WrongParts",
    "actions_done",
    "activities",
    "address_of",
    "billing_of",
    "brand_of",
    "card_named",
    "card_seen",
    "card_titled",
    "check_code",
    "country_of",
    "email_proof",
    "failure_of",
    "failure_reason",
    "find_activity",
    "full_name",
    "is_hosted",
    "last_day_to_withdraw",
    "late_result",
    "look_up",
    "mails_asked",
    "needs_step_up",
    "pauses",
    "perform",
    "preview",
    "receipt_number",
    "receipt_of",
    "rest_of",
    "resume_saga",
    "shows",
    "standing_of",
    "steps_of",
    "undo",
    "unsettled",
    "wallet_of",
    "way_back",
    "which",
]
