"""HTML elements: values stay values, and a press is one press."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from components import html
from components.testing import drawn

NASTY = 'Coffee" :innerHTML="alert(1)" onclick="alert(2)'


async def test_text_and_attributes_are_taken_as_they_are() -> None:
    tags: list[html.Tag] = []

    def draw() -> None:
        tags.append(html.h3(NASTY, title=NASTY, aria_label="<b>"))
        tags.append(html.img("https://cdn.example/a.png?" + NASTY.replace(" ", "+"), NASTY, 64))

    async with drawn(draw):
        heading, picture = tags
        assert heading.text == NASTY
        assert dict(heading.props) == {"title": NASTY, "aria-label": "<b>"}
        assert picture.props["alt"] == NASTY
        keys = {key for tag in tags for key in tag.props}
        assert not [key for key in keys if key.startswith((":", "on")) or key == "innerHTML"]


async def test_attributes_that_are_none_or_false_are_left_out_and_can_be_changed() -> None:
    tags: list[html.Tag] = []
    async with drawn(lambda: tags.append(html.p("Hello", title=None, hidden=False, lang="en"))):
        (tag,) = tags
        assert dict(tag.props) == {"lang": "en"}
        tag.set(lang=None, class_="one two", aria_busy="true")
        assert dict(tag.props) == {"aria-busy": "true"}
        assert list(tag.classes) == ["one", "two"]


async def test_classes_and_styles_can_be_given_to_what_had_none() -> None:
    tags: list[html.Tag] = []
    async with drawn(lambda: tags.extend((html.p("One"), html.p("Two", class_="two")))):
        one, two = tags
        assert list(one.classes) == []
        assert dict(one.style) == {}
        updates = one.client.outbox.updates
        updates.clear()
        one.classes("wide").style("order: 2")
        assert set(updates) == {one.id}
        assert list(one.classes) == ["wide"]
        assert dict(one.style) == {"order": "2"}
        two.set(class_=None)
        assert list(two.classes) == []
        one.set_visibility(False)
        assert list(one.classes) == ["wide", "hidden"]


@pytest.mark.parametrize(
    "address", ["/", "/subscriptions/301", "#content", "https://shop.example/a", "mailto:a@b.c"]
)
async def test_a_link_leads_to_safe_addresses(address: str) -> None:
    async with drawn(lambda: html.a(address, "Go")) as (user,):
        await user.should_see("Go")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " javascript:alert(1)", "//evil.example", "/\\evil.example", "data:x"],
)
async def test_a_link_to_anywhere_else_is_refused(address: str) -> None:
    refused: list[ValueError] = []

    def draw() -> None:
        try:
            html.a(address, "Go")
        except ValueError as error:
            refused.append(error)

    async with drawn(draw):
        assert len(refused) == 1


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", "data:image/svg+xml,x", "//e.x"])
async def test_a_picture_from_nowhere_is_an_empty_square(address: str | None) -> None:
    tags: list[html.Tag] = []
    async with drawn(lambda: tags.append(html.img(address, "Coffee", 64))):
        assert tags[0].tag == "span"
        assert "src" not in tags[0].props


async def test_pictures_are_lazy_and_hold_their_place() -> None:
    tags: list[html.Tag] = []
    async with drawn(lambda: tags.append(html.img("/pictures/a.svg", "", 64))):
        props = tags[0].props
        assert (props["loading"], props["width"], props["height"]) == ("lazy", 64, 64)


async def test_a_moment_carries_its_exact_value() -> None:
    tags: list[html.Tag] = []
    moment = datetime(2026, 11, 29, 23, 59, tzinfo=UTC)
    async with drawn(lambda: tags.append(html.local_time(moment, "until {time}"))):
        assert tags[0].props["data-at"] == "2026-11-29T23:59:00+00:00"
        assert tags[0].props["data-pattern"] == "until {time}"


async def test_two_presses_at_once_are_one() -> None:
    done = asyncio.Event()
    presses: list[str] = []

    async def skip() -> None:
        presses.append("skip")
        await done.wait()

    buttons: list[html.Button] = []
    async with drawn(lambda: buttons.append(html.Button("Skip", skip))) as (user,):
        (button,) = buttons
        user.find("Skip").click()
        user.find("Skip").click()
        await asyncio.sleep(0)
        assert presses == ["skip"]
        assert button.props["aria-busy"] == "true"
        done.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert "aria-busy" not in button.props
        assert button.props["data-turn"] == 1, "the browser may send the next press"
        user.find("Skip").click()
        await asyncio.sleep(0)
        assert presses == ["skip", "skip"]


async def test_a_button_that_failed_can_be_pressed_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise RuntimeError("no")

    buttons: list[html.Button] = []
    async with drawn(lambda: buttons.append(html.Button("Skip", fail))):
        with pytest.raises(RuntimeError):
            await buttons[0].pressed()
        assert "aria-busy" not in buttons[0].props


async def test_a_press_may_delete_its_own_button() -> None:
    buttons: list[html.Button] = []

    async def go() -> None:
        buttons[0].delete()
        await asyncio.sleep(0)

    async with drawn(lambda: buttons.append(html.Button("Skip", go))):
        await buttons[0].pressed()
        assert buttons[0].is_deleted


async def test_a_disabled_button_says_why_and_does_nothing() -> None:
    presses: list[str] = []
    buttons: list[html.Button] = []

    def draw() -> None:
        button = html.Button("Skip", lambda: presses.append("skip"))
        button.disable("Too late")
        buttons.append(button)

    async with drawn(draw):
        await buttons[0].pressed()
        assert presses == []
        assert buttons[0].props["title"] == "Too late"
        assert "disabled" not in buttons[0].props, "it can still be reached and read"
