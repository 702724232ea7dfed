"""The pictures of the products, composed from shapes: no file is read and no font is needed.

Every picture is a square of 400 units with a wall, a table, the product and its label. The colours
are one warm family, so that a page of them looks like one shop.
"""
# markup, this file: pictures made of numbers and colours of its own

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from app.sandbox.seed import motifs as m
from app.sandbox.seed import motifs_pantry as p
from app.sandbox.seed import vessels as v
from app.sandbox.seed.drawing import at, box, circle, oval, path, words
from app.sandbox.seed.vessels import Look, Vessel

CREAM, OAT, SAND = "#fbf3e4", "#f0e0c6", "#e3c9a3"
CLAY, RUST, BRICK = "#c8693f", "#9e4226", "#b5503a"
MUSTARD, HONEY, ROSE = "#d9a03f", "#e2a72e", "#dda48f"
FOREST, SAGE, OLIVE = "#2f4a3c", "#9fb093", "#7c8446"
NIGHT, TEAL, SKY = "#26384a", "#3d6b69", "#b9cdc9"
PLUM, COCOA, INK = "#6b3848", "#4a2c20", "#33241c"

Room = tuple[str, str, str]
"""The colours of wall, table and the light on the wall."""

_MORNING: Room = ("#f3e3c8", "#d9b98d", "#faf0dc")
_MEADOW: Room = ("#d5dcc6", "#b3ab7c", "#e8ecdb")
_DUSK: Room = ("#e7c3ad", "#b98263", "#f3dac8")
_COAST: Room = ("#c7d6d1", "#a9a183", "#dee8e3")
_EVENING: Room = ("#566b7c", "#3f4650", "#74899a")
_BERRY: Room = ("#dfc3bd", "#a9786a", "#efdcd5")


@dataclass(frozen=True)
class Scene:
    """A product's vessel and look in a room. ``scale`` brings small vessels nearer."""

    vessel: Vessel
    look: Look
    room: Room
    scale: float


def _three(vessel: Vessel) -> Vessel:
    """Three of a kind: one in front, two behind it in other colours and without words."""

    def drawn(look: Look) -> str:
        left = replace(look, body=TEAL, lines=(), first=TEAL)
        right = replace(look, body=CLAY, lines=(), first=CLAY)
        return (
            at(vessel(left), 2, 96, scale=0.7)
            + at(vessel(right), 118, 96, scale=0.7)
            + at(vessel(look), 30, 61, scale=0.85)
        )

    return drawn


def _inside(name: str) -> str:
    """A product as it looks out of the box: with its emblem, without words."""
    scene = _SCENES[name]
    return scene.vessel(replace(scene.look, lines=()))


def _filled_box(look: Look) -> str:
    """An open box with a bag, a bar, a tin and a jar looking out of it."""
    rim, flap, other = (
        "M78 208 L84 334 L316 334 L322 208 Z",
        "M78 208 L46 232 L62 248 L82 232 Z",
        "M322 208 L354 232 L338 248 L318 232 Z",
    )
    return (
        path("M84 180 L316 180 L322 214 L78 214 Z", v.KRAFT_DARK)
        + at(_inside("ethiopia-guji"), 58, 12, scale=0.6)
        + at(_inside("sea-salt-chocolate"), 152, 34, scale=0.54)
        + at(_inside("spring-sencha"), 24, 92, scale=0.5)
        + at(_inside("wildflower-honey"), 160, 94, scale=0.5)
        + path(rim, v.KRAFT)
        + path("M292 208 L322 208 L316 334 L290 334 Z", "#000", opacity=0.1)
        + path("M78 208 L322 208 L321 217 L79 217 Z", "#fff", opacity=0.2)
        + path(flap, v.KRAFT)
        + path(flap, "#fff", opacity=0.22)
        + path(other, v.KRAFT)
        + path(other, "#000", opacity=0.14)
        + at(look.motif(look.first, look.second), 134, 277, scale=1.3)
        + words(look.lines[0], 236, 274, 112, 25, look.ink)
        + words(look.lines[1], 236, 302, 112, 25, look.ink)
    )


_NEARER: Mapping[Vessel, float] = {v.shaker: 1.24, v.bottle: 1.16, v.cup: 1.2, v.carton: 1.12}


def _scene(
    vessel: Vessel,
    title: str,
    small: str,
    motif: m.Motif,
    colors: tuple[str, str, str, str, str],
    room: Room,
    filling: str = "#5a3a28",
) -> Scene:
    """``colors`` are those of body, label and words, and the emblem's two."""
    look = Look(*colors, motif, tuple(title.split("|")), small, filling)
    return Scene(vessel, look, room, _NEARER.get(vessel, 1.12))


# fmt: off
_SCENES: Mapping[str, Scene] = {
    "harbor-blend": _scene(
        v.bag, "Harbor|Blend", "COFFEE", m.lighthouse,
        (NIGHT, CREAM, INK, NIGHT, CLAY), _COAST),
    "north-ridge-espresso": _scene(
        v.bag, "North Ridge|Espresso", "COFFEE", m.ridge,
        (RUST, CREAM, INK, INK, MUSTARD), _MORNING),
    "ethiopia-guji": _scene(
        v.bag, "Ethiopia|Guji", "NATURAL", m.blossom,
        (PLUM, CREAM, PLUM, PLUM, MUSTARD), _BERRY),
    "colombia-huila": _scene(
        v.bag, "Colombia|Huila", "WASHED", m.apple,
        (CLAY, CREAM, INK, BRICK, FOREST), _MEADOW),
    "kenya-nyeri": _scene(
        v.bag, "Kenya|Nyeri AA", "WASHED", m.currants,
        (FOREST, CREAM, INK, PLUM, SAGE), _DUSK),
    "sumatra-toba": _scene(
        v.bag, "Sumatra|Lake Toba", "WET-HULLED", m.lake,
        (TEAL, CREAM, INK, TEAL, MUSTARD), _MORNING),
    "night-watch-decaf": _scene(
        v.bag, "Night Watch|Decaf", "NO CAFFEINE", m.moon,
        (NIGHT, "#e9e2d2", NIGHT, NIGHT, MUSTARD), _EVENING),
    "cold-brew": _scene(
        v.bag, "Cold Brew|Blend", "COARSE", m.iced,
        ("#9dbdbd", CREAM, NIGHT, COCOA, "#8fb3b5"), _MORNING),
    "roasters-choice": _scene(
        _three(v.bag), "Roaster's|Choice", "PREPAID", m.compass,
        (MUSTARD, CREAM, INK, RUST, NIGHT), _COAST),
    "breakfast-assam": _scene(
        v.tin, "Breakfast|Assam", "BLACK TEA", m.two_leaves,
        (BRICK, CREAM, INK, FOREST, "#6f8f5b"), _MORNING),
    "earl-grey": _scene(
        v.tin, "Earl Grey|Bergamot", "BLACK TEA", m.citrus,
        (NIGHT, CREAM, NIGHT, HONEY, CREAM), _COAST),
    "spring-sencha": _scene(
        v.tin, "Spring|Sencha", "GREEN TEA", m.sprout,
        (OLIVE, CREAM, FOREST, FOREST, "#b9c48a"), _MEADOW),
    "evening-chamomile": _scene(
        v.tin, "Evening|Chamomile", "HERBAL", m.daisy,
        (MUSTARD, "#4c6a58", CREAM, CREAM, HONEY), _DUSK),
    "spiced-chai": _scene(
        v.tin, "Spiced|Chai", "BLACK TEA", m.anise,
        (CLAY, CREAM, COCOA, RUST, HONEY), _BERRY),
    "tea-journey": _scene(
        _three(v.tin), "Tea|Journey", "PREPAID", m.terraces,
        (FOREST, CREAM, INK, FOREST, MUSTARD), _MEADOW),
    "dark-chocolate": _scene(
        v.bar, "Dark|Chocolate", "72 % CACAO", m.cacao,
        (COCOA, OAT, COCOA, RUST, OAT), _DUSK, "#3a2017"),
    "sea-salt-chocolate": _scene(
        v.bar, "Sea Salt|Milk", "CHOCOLATE", m.salt,
        (TEAL, CREAM, NIGHT, TEAL, CLAY), _COAST, "#6b4029"),
    "drinking-chocolate": _scene(
        v.canister, "Drinking|Chocolate", "SHAVED", m.steaming,
        (PLUM, CREAM, PLUM, COCOA, ROSE), _BERRY),
    "olive-oil": _scene(
        v.bottle, "Olive|Oil", "EARLY HARVEST", p.olives,
        ("#3b4a2a", CREAM, FOREST, OLIVE, "#3b4a2a"), _MEADOW, "#8f9a3a"),
    "walnut-oil": _scene(
        v.bottle, "Walnut|Oil", "ROASTED", p.walnut,
        ("#8a5a2b", CREAM, COCOA, "#b07a42", COCOA), _MORNING, "#d99a3a"),
    "chili-crisp": _scene(
        v.jar, "Chili|Crisp", "IN OIL", p.chili,
        (INK, CREAM, INK, BRICK, FOREST), _DUSK, "#a8321c"),
    "smoked-paprika": _scene(
        v.shaker, "Smoked|Paprika", "SPICE", p.flame,
        (INK, CREAM, INK, BRICK, HONEY), _MORNING, "#b5391f"),
    "zaatar": _scene(
        v.shaker, "Za'atar", "SPICE BLEND", p.thyme,
        (FOREST, CREAM, FOREST, OLIVE, PLUM), _BERRY, "#7d7c45"),
    "cinnamon-sticks": _scene(
        v.shaker, "True|Cinnamon", "STICKS", p.quills,
        ("#b98a58", CREAM, COCOA, "#a0602f", "#d9a56c"), _MEADOW, "#9c5f33"),
    "maple-granola": _scene(
        v.pouch, "Maple Pecan|Granola", "BAKED SLOWLY", p.maple,
        (CLAY, CREAM, COCOA, RUST, HONEY), _MORNING, "#dcae74"),
    "steel-cut-oats": _scene(
        v.canister, "Steel-Cut|Oats", "WHOLE GRAIN", p.oats,
        (SAGE, CREAM, FOREST, "#b88a3c", FOREST), _COAST),
    "wildflower-honey": _scene(
        v.jar, "Wildflower|Honey", "RAW", p.bee,
        (COCOA, CREAM, COCOA, COCOA, HONEY), _MEADOW, "#dd9420"),
    "paper-filters": _scene(
        v.carton, "Paper|Filters", "UNBLEACHED", p.cone,
        ("#b9784a", CREAM, COCOA, "#c99f6d", OAT), _COAST),
    "enamel-cup": _scene(
        v.cup, "Northbound", "", m.compass,
        ("#f8f1e2", CREAM, NIGHT, RUST, NIGHT), _DUSK),
    "build-your-own-box": _scene(
        _filled_box, "Your|Own Box", "", m.compass,
        (v.KRAFT, CREAM, COCOA, RUST, COCOA), _MORNING),
}
# fmt: on

SHOP = "northbound"
NAMES: tuple[str, ...] = (*_SCENES, SHOP)
"""Every picture there is: the products' by their slugs, and the shop's own mark."""


@cache
def svg(name: str) -> str | None:
    """The picture of that name as an SVG document, or None when there is none."""
    if name == SHOP:
        return _picture(_mark())
    scene = _SCENES.get(name)
    if scene is None:
        return None
    wall, table, light = scene.room
    product = at(at(scene.vessel(scene.look), -200, -334), 200, 350, scale=scene.scale)
    return _picture(
        box(0, 0, 400, 400, wall)
        + circle(200, 190, 160, light)
        + box(0, 310, 400, 90, table)
        + box(0, 310, 400, 5, "#fff", opacity=0.18)
        + oval(208, 351, 134, 13, "#000", opacity=0.2)
        + product
    )


def _mark() -> str:
    ring = circle(200, 200, 192, NIGHT) + circle(200, 200, 178, CREAM)
    return ring + at(m.compass(RUST, NIGHT), 200, 200, scale=4.6)


def _picture(drawn: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">'
        '<defs><linearGradient id="round"><stop offset="0" stop-color="#000" stop-opacity=".16"/>'
        '<stop offset=".16" stop-color="#fff" stop-opacity=".26"/>'
        '<stop offset=".42" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset=".66" stop-color="#000" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".3"/></linearGradient></defs>'
        f"{drawn}</svg>"
    )
