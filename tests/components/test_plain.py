"""The first paint: what the page shows, written out, and nothing that could be found or pressed."""

from __future__ import annotations

from html.parser import HTMLParser

from app.i18n import Texts
from components import Browser, first_paint, html
from components.testing import drawn

NASTY = '<script>alert("1")</script> & Söhne'


class Reader(HTMLParser):
    """Notes what is in a piece of HTML, and whether everything that is opened is closed."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(written)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


async def written(language: str = "en") -> Reader:
    pages: list[Browser] = []

    def draw() -> None:
        with Browser(Texts(language)) as page:
            pages.append(page)
            with html.article(class_="ds-card", data_status="active", id="one", aria_label="Card"):
                html.h3(NASTY, title=NASTY)
                html.img("/cup.png", "A cup", 40)
                html.Button("Skip", lambda: None, key="skip", class_="ds-button")
                html.Tag("input", type="hidden", name="form", value="secret")
                html.details("More", open=True)

    async with drawn(draw):
        return Reader(first_paint(pages[0]))


async def test_it_shows_what_the_page_shows_and_values_stay_values() -> None:
    plain = await written()
    assert plain.texts == [NASTY, "Skip", "More"]
    tags = [tag for tag, _ in plain.elements]
    assert tags == ["div", "article", "h3", "img", "button", "input", "details", "summary"]
    looks = dict(plain.elements)
    assert looks["article"] == {"class": "ds-card", "data-status": "active"}
    assert looks["img"]["src"] == "/cup.png"
    assert "open" in looks["details"]


async def test_nothing_in_it_can_be_reached_or_is_there_twice() -> None:
    plain = await written()
    _, whole = plain.elements[0]
    assert "inert" in whole
    assert whole["aria-hidden"] == "true"
    named = {"id", "name", "value", "for", "data-key", "data-turn", "aria-label", "tabindex"}
    for _, attributes in plain.elements:
        assert not named & set(attributes)


async def test_it_runs_in_the_direction_of_the_language() -> None:
    assert (await written("ar")).elements[0][1]["dir"] == "rtl"
