"""Examples of the fields of an address, in several countries."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from app.actions import PostalInput
from app.i18n import NOT_TAKEN
from app.state import PostalDraft
from components.address_form import AddressForm
from components.gallery.example import Example

_PORTLAND = PostalInput(
    first_name="Mara",
    last_name="Lindqvist",
    address1="18 Lantern Row",
    city="Portland",
    province="Maine",
    zip="04101",
    country_code="US",
    phone="+12075550101",
)
_TOKYO = PostalInput(
    first_name="美咲",
    last_name="佐藤",
    address1="神宮前1-2-3",
    city="渋谷区",
    province="東京都",
    zip="150-0001",
    country_code="JP",
)
_BEIRUT = PostalInput(
    first_name="ليلى", last_name="حداد", address1="شارع الحمرا 12", city="بيروت", country_code="LB"
)


def _form(case: str, make: Callable[[str], PostalDraft], language: str = "en") -> Example:
    return Example(
        AddressForm, case, lambda texts: AddressForm.show(make(texts.language), texts), language
    )


def _new(country: str, among: Collection[str] | None = None) -> Callable[[str], PostalDraft]:
    return lambda language: PostalDraft(language=language, country_code=country, countries=among)


def _kept(address: PostalInput, **values: Any) -> Callable[[str], PostalDraft]:
    return lambda language: PostalDraft(language=language, before=address, **values)


def _pressed(language: str) -> PostalDraft:
    draft = PostalDraft(language=language, country_code="CA")
    draft.press()
    return draft


def _refused(language: str) -> PostalDraft:
    draft = _kept(_PORTLAND)(language)
    draft.refuse({"address1": NOT_TAKEN, "zip": NOT_TAKEN})
    return draft


EXAMPLES: tuple[Example, ...] = (
    _form("new, no country yet", _new("")),
    _form("United States", _kept(_PORTLAND)),
    _form("Germany", _new("DE", ("AT", "CH", "DE"))),
    _form("United Kingdom", _new("GB")),
    _form("Ireland", _new("IE")),
    _form("Japan", _kept(_TOKYO)),
    _form("Japan, read by somebody else", _kept(_TOKYO), "de"),
    _form("Hong Kong", _new("HK")),
    _form("a country that the shop does not send to", _kept(_PORTLAND, countries=("CA", "FR"))),
    _form("all missing", _pressed),
    _form("refused by the shop", _refused),
    _form("right to left", _kept(_BEIRUT), "ar"),
)
