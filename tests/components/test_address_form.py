"""The fields of an address on a page."""

from __future__ import annotations

from app.actions import PostalInput
from app.i18n import Texts
from app.state import PostalDraft
from components import AddressForm
from components.testing import ComponentTests, drawn, field, select, type_into, words

ENGLISH = Texts("en")


class TestAddressForm(ComponentTests):
    component = AddressForm


async def test_what_is_wrong_stands_at_its_field_and_is_told_with_it() -> None:
    draft = PostalDraft(country_code="US")
    shown: list[AddressForm] = []
    async with drawn(lambda: shown.append(AddressForm.show(draft, ENGLISH))):
        [form] = shown
        postcode = field(form, "ZIP code")
        assert "aria-invalid" not in postcode.props
        await type_into(postcode, "1")
        assert field(form, "ZIP code") is postcode  # what is being written is not drawn again
        assert postcode.props["aria-invalid"] == "true"
        told = next(one for one in form.descendants() if one.html_id == described(postcode))
        assert words(told) == ["Please check the ZIP code. It looks like 95014."]
        await type_into(postcode, "04101")
        assert "aria-invalid" not in postcode.props
        assert "aria-describedby" not in postcode.props


def described(one: object) -> str:
    return str(one.props["aria-describedby"])  # type: ignore[attr-defined]


async def test_another_country_has_other_fields() -> None:
    draft = PostalDraft(country_code="US")
    shown: list[AddressForm] = []
    async with drawn(lambda: shown.append(AddressForm.show(draft, ENGLISH))):
        [form] = shown
        await type_into(field(form, "City"), "東京")
        await select(field(form, "Country"), "Japan")
        text = words(form)
        assert [text.index(one) for one in ("Postcode", "Prefecture", "City")] == sorted(
            text.index(one) for one in ("Postcode", "Prefecture", "City")
        )
        assert field(form, "City").value == "東京"
        await select(field(form, "Prefecture"), "Tokyo")
        assert draft.values["province"] == "東京都"


async def test_a_browser_knows_what_to_fill_in() -> None:
    drafts = [PostalDraft(country_code="US", usage=usage) for usage in ("billing", "other")]
    shown: list[AddressForm] = []

    def draw() -> None:
        shown.extend(AddressForm.show(draft, ENGLISH) for draft in drafts)

    async with drawn(draw):
        own, somebody_elses = shown
        assert field(own, "ZIP code").props["autocomplete"] == "billing postal-code"
        assert field(own, "Country").props["autocomplete"] == "billing country"
        assert field(own, "Phone (optional)").props["type"] == "tel"
        assert field(somebody_elses, "ZIP code").props["autocomplete"] == "off"


async def test_texts_in_any_script_stand_on_the_page_and_come_back_as_they_are() -> None:
    texts = {
        "first_name": "لَيْلَى", "last_name": "Nǐ\u200dñø 👩🏽‍🚀", "address1": "क्षेत्र ১২/৩ <b>&amp;",
        "city": "e\u0301 é ﬁ \u202eabc", "company": "{name} %s $1", "address2": "ｶﾞ ガ 🏠",
    }  # fmt: skip
    kept = PostalInput(**texts, country_code="AO")
    draft = PostalDraft(before=kept)
    shown: list[AddressForm] = []
    async with drawn(lambda: shown.append(AddressForm.show(draft, ENGLISH))):
        [form] = shown
        fields = {name: form.errors[name].entry for name in texts}
        assert {name: one.value for name, one in fields.items()} == texts
        for name, one in fields.items():
            await type_into(one, texts[name] + "!")
        assert {name: one.value for name, one in fields.items()} == {
            name: text + "!" for name, text in texts.items()
        }
        assert draft.input.address1 == texts["address1"] + "!"
