"""Examples of addresses and of what is asked about them."""

from __future__ import annotations

from typing import Any

from app.actions import Change, Effect, PostalInput, Preview
from app.actions.addresses.uses import Use
from app.i18n import Message, Texts, say
from app.recharge import Address, Property
from app.state import (
    AddAddressQuestion,
    AddressCardQuestion,
    DeleteAddressQuestion,
    EditAddressQuestion,
    ElsewhereQuestion,
    MergeQuestion,
    NoteQuestion,
    Notice,
    PostalDraft,
    ScopeChoice,
)
from app.state.questions.addresses import NEW
from components.address_card import AddressCard, AddressDetails
from components.address_dialogs import (
    AddAddressDialog,
    AddressCardDialog,
    DeleteAddressDialog,
    EditAddressDialog,
    MergeDialog,
    NoteDialog,
)
from components.address_move_dialog import ElsewhereDialog
from components.gallery.example import Example
from components.gallery.made_up import made_up_question
from components.gallery.made_up.addresses import MadeUpAddress
from components.gallery.samples import BEIRUT, DAY, HOME, PAYPAL, VISA, delivery, subscription

_QUAY = HOME.model_copy(update={"id": 202, "address1": "3 Quay Road", "payment_method_id": 601})
_LYON = HOME.model_copy(update={"id": 203, "address1": "12 Rue des Capucins", "city": "Lyon"})
_NOTED = HOME.model_copy(
    update={
        "order_note": "Please ring twice, the bell is quiet.",
        "order_attributes": (Property(name="Floor", value="2"),),
    }
)
_LONG = HOME.model_copy(
    update={
        "address1": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtenhaus 12",
        "company": "Gesellschaft für außerordentlich lange Firmennamen mit beschränkter Haftung",
    }
)
_GOES = Use("subscription", say("Harbour House Blend goes there."), can_move=True)
_FAILED = Use("payment", say("The payment for {date} has failed.", date=DAY), can_move=False)
_SCOPES = (
    ("all", ScopeChoice("all", say("Everything that goes there, from now on"))),
    (301, ScopeChoice("subscription", say("Only Harbour House Blend, from now on"))),
    ("delivery", ScopeChoice("delivery", say("Only the delivery of {date}", date=DAY))),
)


def _preview(question: Message, confirm: Message, *changes: Message, stays: Message) -> Preview:
    told = tuple(Change("made up", text) for text in changes)
    return Preview(Effect(question, confirm, confirm, told, (stays,)), "seen")


_CHANGED = _preview(
    say("Change this address?"),
    say("Change the address for everything here"),
    say(
        "Your deliveries of {dates} and all later ones go to {place}.",
        dates=[DAY],
        place="3 Quay Road, Portland",
    ),
    stays=say("All deliveries keep their dates."),
)
_MERGED = _preview(
    say("Deliver everything to {place}?", place="48 Harbour Street, Portland"),
    say("Merge 1 address into {place}", place="48 Harbour Street, Portland"),
    say("Harbour House Blend goes to 48 Harbour Street, Portland."),
    say("3 Quay Road, Portland is deleted."),
    say("This cannot be undone here."),
    stays=say("Everything keeps the dates that it has."),
)
_NEEDED = Notice(
    "warning",
    say(
        "{place} is still needed, so it cannot be deleted yet. {reasons}",
        place="48 Harbour Street, Portland",
        reasons=_GOES.text,
    ),
)


def _card(
    kind: type[Any], case: str, address: Address, language: str = "en", **more: Any
) -> Example:
    given = {
        "subscriptions": (subscription(),),
        "uses": (_GOES,),
        "payment_method": VISA,
        "next_date": DAY,
        **more,
    }
    return Example(
        kind, case, lambda texts: kind.show(MadeUpAddress(address, **given), texts), language
    )


def _ask(dialog: Any, question: Any, case: str, language: str = "en", **given: Any) -> Example:
    def draw(texts: Texts) -> Any:
        values = dict(given)
        before = values.pop("before", None)
        if "is_form" in values:
            del values["is_form"]
            values["draft"] = PostalDraft(
                language=texts.language, before=before, country_code="" if before else "US"
            )
        return dialog.show(made_up_question(question, **values), texts)

    return Example(dialog, case, draw, language)


def _about(address: Address = HOME) -> MadeUpAddress:
    return MadeUpAddress(address, subscriptions=(subscription(),), uses=(_GOES,))


_EDITED: dict[str, Any] = {
    "is_form": True,
    "before": PostalInput.of(HOME),
    "address": _about(),
    "scopes": _SCOPES,
    "chosen": "all",
}
_MERGING: dict[str, Any] = {
    "addresses": (HOME, _QUAY, _LYON),
    "to_address_id": HOME.id,
    "others": (_QUAY,),
    "left_out": (_LYON,),
    "chosen": (),
    "is_too_many": False,
}

EXAMPLES: tuple[Example, ...] = (
    *(
        one
        for kind in (AddressCard, AddressDetails)
        for one in (
            _card(kind, "in use", HOME),
            _card(kind, "with a note", _NOTED),
            _card(kind, "nothing goes there", _QUAY, subscriptions=(), uses=(), next_date=None),
            _card(kind, "no card", HOME, payment_method=None),
            _card(kind, "a failed payment", HOME, uses=(_GOES, _FAILED)),
            _card(kind, "being saved", HOME, is_pending=True, offers=()),
            _card(kind, "long words", _LONG),
            _card(kind, "right to left", BEIRUT, "ar"),
        )
    ),
    _ask(
        AddAddressDialog,
        AddAddressQuestion,
        "nothing written",
        is_form=True,
        methods=(VISA, PAYPAL),
        payment_method_id=VISA.id,
    ),
    _ask(EditAddressDialog, EditAddressQuestion, "as it is", **_EDITED),
    _ask(EditAddressDialog, EditAddressQuestion, "what it changes", **_EDITED, preview=_CHANGED),
    _ask(
        EditAddressDialog,
        EditAddressQuestion,
        "only one thing goes there",
        **(_EDITED | {"scopes": _SCOPES[:1]}),
    ),
    _ask(
        EditAddressDialog,
        EditAddressQuestion,
        "right to left",
        "ar",
        **(_EDITED | {"before": PostalInput.of(BEIRUT)}),
    ),
    _ask(
        DeleteAddressDialog,
        DeleteAddressQuestion,
        "still needed",
        address=_about(),
        others=(_QUAY,),
        to_address_id=None,
        failure=_NEEDED,
    ),
    _ask(
        DeleteAddressDialog,
        DeleteAddressQuestion,
        "what goes there is moved",
        address=_about(),
        others=(_QUAY, _LYON),
        to_address_id=_QUAY.id,
        preview=_MERGED,
    ),
    _ask(DeleteAddressDialog, DeleteAddressQuestion, "unused", address=_about(_QUAY), others=()),
    _ask(MergeDialog, MergeQuestion, "nothing chosen", **_MERGING),
    _ask(
        MergeDialog, MergeQuestion, "one chosen", **(_MERGING | {"chosen": (202,)}), preview=_MERGED
    ),
    _ask(MergeDialog, MergeQuestion, "too many", **(_MERGING | {"is_too_many": True})),
    _ask(NoteDialog, NoteQuestion, "no note", address=_about(), note="", answers={}),
    _ask(
        NoteDialog,
        NoteQuestion,
        "a note and the shop's own fields",
        address=_about(_NOTED),
        note=_NOTED.order_note,
        answers={"Floor": "2"},
    ),
    _ask(
        AddressCardDialog,
        AddressCardQuestion,
        "two to choose from",
        address=_about(),
        others=(VISA, PAYPAL),
        payment_method_id=None,
    ),
    *(
        _ask(
            ElsewhereDialog,
            ElsewhereQuestion,
            case,
            is_form=True,
            delivery=delivery(),
            addresses=[_QUAY],
            address_id=None if is_new else _QUAY.id,
            is_new=is_new,
            place=NEW if is_new else _QUAY.id,
        )
        for case, is_new in (("an address that is there", False), ("a new address", True))
    ),
)
