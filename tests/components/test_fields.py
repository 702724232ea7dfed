"""Fields: what the browser sends becomes a value of ours, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.i18n import Texts
from components import Browser, first_paint, html
from components.fields import Field, Option, checks, radios, select, stepper, text_field
from components.html import Tag
from components.testing import choose, drawn, field, type_into, words
from components.testing import select as select_from

ENGLISH = Texts("en")
GRINDS = (
    Option("beans", "Whole beans"),
    Option("filter", "Filter", detail="Medium", amount="+$1.00"),
    Option("espresso", "Espresso", picture="/sandbox/pictures/coffee.svg"),
)


async def shown(draw: Callable[[], Tag], *then: Callable[[Tag], object]) -> Tag:
    """What `draw` gives, on a page; `then` is done while the page is open."""
    found: list[Tag] = []
    async with drawn(lambda: found.append(draw())):
        for do in then:
            result = do(found[0])
            if hasattr(result, "__await__"):
                await result
    return found[0]


async def test_radios_give_the_value_itself_and_not_what_was_sent() -> None:
    chosen: list[str] = []
    group = await shown(
        lambda: radios("Grind", GRINDS, "filter", chosen.append, key="grind"),
        lambda group: choose(field(group, "Espresso")),
        lambda group: type_into(field(group, "Whole beans"), "espresso"),
    )
    assert chosen == ["espresso", "beans"]
    assert words(group) == [
        "Grind", "Whole beans", "Filter", "Medium", "+$1.00", "Espresso",
    ]  # fmt: skip
    assert (group.tag, group.default_slot.children[0].tag) == ("fieldset", "legend")
    inputs = [one for one in group.descendants() if one.tag == "input"]
    assert [one.props.get("checked") for one in inputs] == [None, True, None]
    assert len({one.props["name"] for one in inputs}) == 1


async def test_two_groups_of_radios_are_two() -> None:
    async def both(_: Tag) -> None:
        names = {one.props["name"] for one in page.descendants() if one.tag == "input"}
        assert len(names) == 2

    page: Tag

    def draw() -> Tag:
        nonlocal page
        with html.div() as page:
            radios("Grind", GRINDS, None, lambda _: None, key="a")
            radios("Grind", GRINDS, None, lambda _: None, key="b")
        return page

    await shown(draw, both)


async def test_checks_give_all_that_are_checked_in_their_order() -> None:
    chosen: list[tuple[str, ...]] = []
    await shown(
        lambda: checks("Grinds", GRINDS, {"espresso"}, chosen.append, key="grinds"),
        lambda group: choose(field(group, "Whole beans")),
        lambda group: choose(field(group, "Whole beans")),
        lambda group: choose(field(group, "Espresso"), is_checked=False),
    )
    assert chosen == [("beans", "espresso"), ("beans", "espresso"), ("beans",)]


@pytest.mark.parametrize("sent", ["0", "10", "-1", "2.5", "1e1", "٣", "", " 3", "3\n", "9" * 400])
async def test_a_number_beyond_its_limits_is_not_taken(sent: str) -> None:
    taken: list[int] = []
    await shown(
        lambda: stepper("Quantity", 3, taken.append, texts=ENGLISH, most=9, key="quantity"),
        lambda group: type_into(field(group, "Quantity"), sent),
        lambda group: type_into(field(group, "Quantity"), "4"),
    )
    assert taken == [4]


async def test_a_stepper_says_what_its_buttons_do_and_where_they_end() -> None:
    group = await shown(
        lambda: stepper("Quantity", 1, lambda _: None, texts=ENGLISH, most=9, key="quantity")
    )
    less, more = [one for one in group.descendants() if one.tag == "button"]
    assert (less.props["aria-label"], less.props.get("aria-disabled")) == ("One less", "true")
    assert (more.props["aria-label"], more.props.get("aria-disabled")) == ("One more", None)


async def test_a_text_is_cut_and_trimmed_and_is_never_markup() -> None:
    taken: list[str] = []
    await shown(
        lambda: text_field("City", "", taken.append, key="city", longest=5),
        lambda group: type_into(field(group, "City"), "  Portland  "),
        lambda group: type_into(field(group, "City"), "a\0b"),
        lambda group: type_into(field(group, "City"), "<b>"),
    )
    assert taken == ["Portl", "ab", "<b>"]


async def test_a_text_carries_its_help_and_its_purpose() -> None:
    group = await shown(
        lambda: text_field(
            "E-mail",
            "mara@example.com",
            lambda _: None,
            key="mail",
            kind="email",
            autocomplete="email",
            help="We write to this address.",
        )
    )
    entry, help = field(group, "E-mail"), words(group)[-1]
    assert entry.value == "mara@example.com"
    assert (entry.props["type"], entry.props["autocomplete"]) == ("email", "email")
    assert help == "We write to this address."
    (described,) = [
        one for one in group.descendants() if one.html_id == entry.props["aria-describedby"]
    ]
    assert words(described) == [help]


async def test_a_list_gives_the_value_of_a_line_that_it_has() -> None:
    taken: list[str] = []
    await shown(
        lambda: select("Grind", GRINDS, "filter", taken.append, key="grind"),
        lambda group: select_from(field(group, "Grind"), "Espresso"),
        lambda group: type_into(field(group, "Grind"), "3"),
        lambda group: type_into(field(group, "Grind"), "-1"),
        lambda group: type_into(field(group, "Grind"), "beans"),
        lambda group: type_into(field(group, "Grind"), "0"),
    )
    assert taken == ["espresso", "beans"]


async def test_a_list_without_a_choice_shows_none() -> None:
    group = await shown(lambda: select("Grind", GRINDS, None, lambda _: None, key="grind"))
    (chosen,) = [one for one in group.descendants() if one.props.get("selected")]
    assert (chosen.props["value"], chosen.props["disabled"]) == ("", True)


async def test_what_is_not_a_text_is_thrown_away() -> None:
    """The packets of a page are checked for their form; what is in them may still be anything."""
    taken: list[str] = []
    async with drawn(lambda: text_field("City", "", taken.append, key="city")) as (user,):
        for args in ({"detail": 5}, {"detail": None}, {}, "Portland", None, [{"detail": "x"}]):
            user.find(kind=Field).trigger("given", args)
        user.find(kind=Field).trigger("given", {"detail": "Portland"})
    assert taken == ["Portland"]


async def test_what_was_entered_is_shown_before_the_scripts_have_run() -> None:
    pages: list[str] = []

    def draw() -> None:
        with Browser(ENGLISH) as page:
            text_field("City", 'Port"land', lambda _: None, key="city")
            radios("Grind", GRINDS, "filter", lambda _: None, key="grind")
        pages.append(first_paint(page))

    async with drawn(draw):
        pass
    assert 'value="Port&quot;land"' in pages[0]
    assert pages[0].count(" checked") == 1
    assert " name=" not in pages[0], "a radio of the picture would uncheck the page's own"
