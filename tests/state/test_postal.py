"""An address while it is being written: what is asked for, what is marked, and when."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions import AddAddress, PostalInput, Services, perform
from app.i18n import PARTS, Texts
from app.state import AddAddressQuestion, Portal, PostalDraft
from tests.actions.shop import Shop, press, signed_in
from tests.postal import NAMES
from tests.state.page import text

HOME = PostalInput(
    first_name="Mara",
    last_name="Lindqvist",
    address1="18 Lantern Row",
    city="Portland",
    province="Maine",
    zip="04101",
    country_code="US",
)
ODD = HOME.model_copy(update={"province": "Somewhere", "zip": "1"})


async def test_nothing_is_marked_before_it_was_left_or_a_press() -> None:
    draft = PostalDraft(country_code="US")
    assert not draft.is_fine
    assert draft.wrong == {}
    await draft.choose(zip="1")
    assert set(draft.wrong) == {"zip"}
    await draft.choose(zip="04101")
    assert draft.wrong == {}
    assert not draft.press()
    assert set(draft.wrong) == {"first_name", "last_name", "address1", "city", "province"}
    assert draft.first_wrong == "first_name"


async def test_a_press_goes_to_the_first_wrong_field_in_the_order_of_the_country() -> None:
    draft = PostalDraft(country_code="JP")
    await draft.choose(first_name="美咲", last_name="佐藤")
    draft.press()
    assert draft.first_wrong == "zip"


async def test_a_whole_address_is_fine() -> None:
    draft = PostalDraft(country_code="US")
    told: list[bool] = []
    draft.changed.subscribe(lambda: told.append(draft.is_fine))
    parts = HOME.parts()
    await draft.choose(**{name: parts[name] for name in PARTS if name != "country_code"})
    assert draft.press()
    assert draft.input == HOME
    assert told[0]


async def test_another_country_asks_for_other_parts_and_keeps_what_it_can() -> None:
    draft = PostalDraft(before=HOME)
    await draft.choose(country_code="DE")
    assert "province" not in draft.form.parts
    assert draft.values["province"] == ""
    assert draft.values["address1"] == HOME.address1
    assert draft.wrong == {}
    await draft.choose(zip="10115", city="Berlin")
    assert draft.is_fine
    await draft.choose(country_code="HK")
    assert draft.values["zip"] == ""
    assert draft.values["city"] == "Berlin"


async def test_a_city_that_is_a_country_is_filled_in_and_taken_away_again() -> None:
    draft = PostalDraft(country_code="SG")
    assert draft.values["city"] == "Singapore"
    await draft.choose(country_code="US")
    assert draft.values["city"] == ""


async def test_what_was_odd_before_can_be_kept_and_the_rest_changed() -> None:
    draft = PostalDraft(before=ODD, countries=("DE",))
    assert ("Somewhere", "Somewhere") in draft.choices(draft.form.parts["province"])
    assert "US" in dict(draft.countries)
    await draft.choose(address2="Left door")
    assert draft.press()
    await draft.choose(zip="2")
    assert set(draft.wrong) == {"zip"}
    await draft.choose(province="Texas")
    assert set(draft.wrong) == {"zip"}


async def test_a_province_stays_as_it_is_spelled() -> None:
    draft = PostalDraft(before=HOME.model_copy(update={"province": "ME"}))
    choices = dict(draft.choices(draft.form.parts["province"]))
    assert choices["ME"] == "Maine"
    assert "Maine" not in choices
    assert draft.is_fine


async def test_a_phone_number_is_tidied_when_it_is_written_and_only_then() -> None:
    draft = PostalDraft(before=HOME.model_copy(update={"phone": "207-555-0101"}))
    await draft.choose(address2="Left door")
    assert draft.input.phone == "207-555-0101"
    await draft.choose(phone="(207) 555-0102")
    assert draft.input.phone == "+12075550102"
    await draft.choose(phone="call me")
    assert (draft.input.phone, set(draft.wrong)) == ("call me", {"phone"})


async def test_an_address_has_no_other_parts() -> None:
    with pytest.raises(AttributeError, match="shoe_size"):
        await PostalDraft().choose(shoe_size="44")


def any_address(random: Random) -> PostalInput:
    """Texts of any code points that are characters, as an address."""
    names = ("first_name", "last_name", "company", "address1", "address2", "city", "province")

    def word() -> str:
        points = (random.randrange(1, 0x110000) for _ in range(random.randrange(1, 30)))
        return "".join(chr(one) for one in points if not 0xD800 <= one <= 0xDFFF) + "ß"

    return PostalInput(**{name: word() for name in names}, country_code="KE")


async def test_texts_go_through_the_shop_the_mirror_and_the_form_without_loss(
    shop: Shop, services: Services
) -> None:
    random = Random(7)
    sent = {}
    for _ in range(25):
        address = any_address(random)
        made = await shop.client.addresses.create(customer_id=101, **address.document())
        sent[made.id] = address
    new = any_address(random)
    await perform(services, signed_in(101), AddAddress(postal=new), key=press())
    mine = services.mirror.customer(101)
    await mine.refresh("addresses")
    kept = {one.id: PostalInput.of(one) for one in (await mine.snapshot()).addresses}
    assert {id: kept[id] for id in sent} == sent
    assert new in kept.values()
    for address in sent.values():
        draft = PostalDraft(before=address)
        assert draft.input == address
        assert not draft.is_changed


@given(texts=st.lists(NAMES, min_size=6, max_size=6))
async def test_texts_in_any_script_are_kept_as_they_are(texts: list[str]) -> None:
    names = ("first_name", "last_name", "company", "address1", "address2", "city")
    draft = PostalDraft(country_code="AO")
    await draft.choose(**dict(zip(names, texts, strict=True)))
    kept = draft.input
    assert [getattr(kept, name) for name in names] == texts
    document = AddAddress(postal=kept).model_dump_json()
    assert AddAddress.model_validate_json(document).postal == kept
    assert PostalInput.of(kept.document()) == kept


async def test_what_the_shop_says_of_a_part_stands_at_the_form_and_not_on_the_page(
    portal: Portal, shop: Shop
) -> None:
    question = AddAddressQuestion(portal)
    parts = HOME.model_copy(update={"address1": "7 Mill Lane"}).parts()
    await question.draft.choose(**parts)
    body = {"errors": {"zip": ["is invalid"], "address1": ["too funny"]}}
    await shop.fault("POST", "/addresses", "422", status=422, body=body)

    assert await question.confirm() is None

    wrong = {name: text_of(message) for name, message in question.draft.wrong.items()}
    assert wrong == dict.fromkeys(
        ("zip", "address1"), "The shop did not accept this. Please check it."
    )
    assert portal.notice is None
    await shop.no_faults()
    await question.draft.choose(zip="04102")
    assert question.draft.wrong == {}
    await question.confirm()
    assert "added" in text(portal.notice)


def text_of(message: object) -> str:
    return Texts("en").render(message)  # type: ignore[arg-type]


async def test_billing_goes_anywhere_and_parcels_where_the_shop_sends(
    portal: Portal, services: Services
) -> None:
    question = AddAddressQuestion(portal)
    assert "AF" not in dict(question.draft.countries)
    assert "AF" in dict(PostalDraft(usage="billing").countries)
    await question.draft.choose(country_code="AF")
    assert set(question.draft.wrong) == {"country_code"}
