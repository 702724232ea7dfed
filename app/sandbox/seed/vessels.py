"""What the products come in: bags, tins, bottles, jars, bars, boxes and a cup.

Each stands on the table line at 334, in a picture of 400 × 400, and carries a label with an emblem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.sandbox.seed.drawing import at, box, circle, line, oval, path, tag, words
from app.sandbox.seed.motifs import Motif

METAL, METAL_DARK = "#d8cfc0", "#a99d8b"
KRAFT, KRAFT_DARK = "#c99f6d", "#a97f50"
ROUND = "url(#round)"
"""The shading of a round body, light from the left; ``pictures`` defines it in every picture."""


@dataclass(frozen=True)
class Look:
    """The colours, emblem and words of one product. ``filling`` shows through glass and windows."""

    body: str
    label: str
    ink: str
    first: str
    second: str
    motif: Motif
    lines: tuple[str, ...]
    small: str
    filling: str = "#5a3a28"


Vessel = Callable[[Look], str]


def label(look: Look, x: float, top: float, width: float, height: float, *, r: float = 8) -> str:
    """A label: the emblem as large as it can be, and the words, if any, below it."""
    size = min(height * 0.145, 21)
    text_height = size * 1.1 * len(look.lines) + size * 0.9 if look.lines else 0
    room = height - text_height - 12
    scale = min(room / 72, width * 0.86 / 72)
    drawn = box(x - width / 2, top, width, height, look.label, r)
    drawn += at(look.motif(look.first, look.second), x, top + 7 + room / 2, scale=scale)
    if not look.lines:
        return drawn
    baseline = top + 9 + room + size * 0.82
    for text in look.lines:
        drawn += words(text, x, baseline, width - 12, size, look.ink)
        baseline += size * 1.1
    return drawn + words(
        look.small, x, baseline - size * 0.08, width - 24, size * 0.52, look.ink, is_plain=True
    )


def bag(look: Look) -> str:
    """A coffee bag, folded over and held with a tie."""
    outline = (
        "M116 104 Q107 214 109 316 Q109 334 127 334 L273 334 Q291 334 291 316 Q293 214 284 104 Z"
    )
    return (
        path(outline, look.body)
        + path(
            "M284 104 Q293 214 291 316 Q291 334 273 334 L258 334 Q268 214 262 104 Z",
            "#000",
            opacity=0.13,
        )
        + path(
            "M116 104 Q107 214 109 316 Q109 326 115 331 Q118 214 128 104 Z", "#fff", opacity=0.17
        )
        + path("M114 60 L286 60 L288 110 L112 110 Z", look.body)
        + path("M114 60 L286 60 L288 110 L112 110 Z", "#000", opacity=0.16)
        + line("M118 72 L282 72", "#fff", 2, opacity=0.28)
        + box(102, 92, 196, 13, look.second, 4)
        + box(102, 99, 196, 6, "#000", 3, opacity=0.12)
        + circle(200, 127, 6.5, "#000", opacity=0.2)
        + circle(200, 127, 2.4, "#000", opacity=0.35)
        + label(look, 200, 142, 144, 176)
    )


def tin(look: Look) -> str:
    """A round tin with a pressed lid."""
    return (
        path("M112 112 L112 312 A88 22 0 0 0 288 312 L288 112 Z", look.body)
        + path("M112 148 L112 292 A88 22 0 0 0 288 292 L288 148 A88 22 0 0 1 112 148 Z", look.label)
        + path("M112 112 L112 312 A88 22 0 0 0 288 312 L288 112 Z", ROUND)
        + path("M106 84 L106 112 A94 23 0 0 0 294 112 L294 84 Z", look.body)
        + path("M106 84 L106 112 A94 23 0 0 0 294 112 L294 84 Z", ROUND)
        + oval(200, 84, 94, 23, look.body)
        + oval(200, 84, 94, 23, "#fff", opacity=0.2)
        + oval(200, 83, 74, 16, "#000", opacity=0.1)
        + label(_bare(look), 200, 164, 142, 148)
    )


def canister(look: Look) -> str:
    """A tall paper canister with a metal rim."""
    return (
        path("M122 86 L122 316 A78 18 0 0 0 278 316 L278 86 Z", look.body)
        + path("M122 300 L122 316 A78 18 0 0 0 278 316 L278 300 A78 18 0 0 1 122 300 Z", METAL)
        + path("M122 86 L122 316 A78 18 0 0 0 278 316 L278 86 Z", ROUND)
        + path("M117 70 L117 88 A83 19 0 0 0 283 88 L283 70 Z", METAL)
        + path("M117 70 L117 88 A83 19 0 0 0 283 88 L283 70 Z", ROUND)
        + oval(200, 70, 83, 19, METAL)
        + oval(200, 70, 68, 13, METAL_DARK, opacity=0.5)
        + label(look, 200, 116, 130, 172)
    )


def bottle(look: Look) -> str:
    """A dark glass bottle with a stopper."""
    outline = (
        "M176 96 L176 132 Q176 150 158 162 Q142 174 142 200 L142 316 Q142 334 160 334 "
        "L240 334 Q258 334 258 316 L258 200 Q258 174 242 162 Q224 150 224 132 L224 96 Z"
    )
    return (
        path(outline, look.body)
        + path(
            "M148 214 L252 214 L252 316 Q252 328 240 328 L160 328 Q148 328 148 316 Z",
            look.filling,
            opacity=0.5,
        )
        + path(outline, ROUND)
        + line("M154 206 L154 312", "#fff", 5, opacity=0.3)
        + box(172, 58, 56, 46, look.second, 7)
        + box(172, 58, 56, 46, ROUND, 7)
        + box(170, 96, 60, 9, look.second, 3)
        + box(170, 96, 60, 9, "#000", 3, opacity=0.15)
        + label(look, 200, 188, 108, 130, r=5)
    )


def jar(look: Look) -> str:
    """A glass jar with a screw lid; what is in it shows."""
    outline = (
        "M124 128 Q112 140 112 160 L112 308 Q112 334 138 334 L262 334 Q288 334 288 308 "
        "L288 160 Q288 140 276 128 Z"
    )
    return (
        path(outline, "#f7efe0", opacity=0.75)
        + path(
            "M119 150 L281 150 L281 308 Q281 327 262 327 L138 327 Q119 327 119 308 Z", look.filling
        )
        + path(outline, ROUND)
        + line("M126 164 L126 304", "#fff", 6, opacity=0.45)
        + box(118, 86, 164, 44, look.body, 8)
        + box(118, 86, 164, 44, ROUND, 8)
        + line("M120 118 L280 118", "#000", 2.4, opacity=0.18)
        + label(look, 200, 160, 142, 152)
    )


def shaker(look: Look) -> str:
    """A small spice jar with a tall cap."""
    outline = (
        "M138 156 Q128 164 128 180 L128 314 Q128 334 148 334 L252 334 Q272 334 272 314 "
        "L272 180 Q272 164 262 156 Z"
    )
    return (
        path(outline, "#f7efe0", opacity=0.75)
        + path(
            "M134 184 L266 184 L266 314 Q266 328 252 328 L148 328 Q134 328 134 314 Z", look.filling
        )
        + path(outline, ROUND)
        + line("M141 190 L141 308", "#fff", 5, opacity=0.45)
        + box(136, 92, 128, 66, look.body, 9)
        + "".join(line(f"M{x} 102 L{x} 150", "#000", 2, opacity=0.13) for x in range(150, 256, 11))
        + box(136, 92, 128, 66, ROUND, 9)
        + label(look, 200, 190, 124, 130, r=6)
    )


def pouch(look: Look) -> str:
    """A stand-up pouch with a window at the foot."""
    outline = "M120 62 L280 62 L292 322 Q292 334 280 334 L120 334 Q108 334 108 322 Z"
    crumbs = "".join(
        circle(x, y, r, color)
        for x, y, r, color in (
            (150, 304, 8, "#8a5a34"), (170, 312, 9, "#c98f4e"), (192, 304, 8, "#a86c3a"),
            (212, 312, 9, "#7a4a2b"), (232, 303, 8, "#c98f4e"), (250, 312, 7, "#a86c3a"),
            (140, 314, 6, "#7a4a2b"), (182, 318, 6, "#e0b070"), (222, 298, 5, "#e0b070"),
        )
    )  # fmt: skip
    return (
        path(outline, look.body)
        + box(128, 288, 144, 36, look.filling, 18)
        + crumbs
        + path("M120 62 L280 62 L281 84 L119 84 Z", "#000", opacity=0.14)
        + line("M124 92 L276 92", "#000", 2, opacity=0.16)
        + path("M262 62 L280 62 L292 322 Q292 334 280 334 L262 334 Z", "#000", opacity=0.12)
        + path("M120 62 L130 62 L122 334 Q108 334 108 322 Z", "#fff", opacity=0.2)
        + label(look, 200, 108, 142, 168)
    )


def bar(look: Look) -> str:
    """A bar of chocolate, opened at the top."""
    squares = "".join(
        box(140 + 41 * column, 50 + 36 * row, 37, 32, "#fff", 4, opacity=0.1)
        for column in range(3)
        for row in range(2)
    )
    drawn = (
        box(134, 44, 132, 150, look.filling, 7)
        + squares
        + path(
            "M128 116 L140 108 L154 117 L168 108 L182 117 L196 108 L210 117 L224 108 L238 "
            "117 L252 108 L272 116 L272 150 L128 150 Z",
            METAL,
        )
        + path("M124 136 L276 136 L276 326 Q276 334 268 334 L132 334 Q124 334 124 326 Z", look.body)
        + path("M258 136 L276 136 L276 326 Q276 334 268 334 L258 334 Z", "#000", opacity=0.13)
        + box(124, 136, 10, 198, "#fff", opacity=0.17)
        + label(look, 200, 150, 130, 172)
    )
    return at(at(drawn, -200, -334), 200, 334, turn=-4)


def carton(look: Look) -> str:
    """A carton seen from a corner, with one of the paper cones it holds."""
    front, side = "M96 122 L234 148 L234 334 L96 316 Z", "M234 148 L300 126 L300 312 L234 334 Z"
    drawn = (
        path("M96 122 L166 100 L300 126 L234 148 Z", look.body)
        + path("M96 122 L166 100 L300 126 L234 148 Z", "#fff", opacity=0.3)
        + path(front, look.body)
        + path(side, look.body)
        + path(side, "#000", opacity=0.2)
        + line("M96 122 L234 148 L300 126", "#fff", 2, opacity=0.35)
    )
    paper = label(look, 0, 0, 116, 152)
    drawn += tag("g", paper, transform="translate(165 150) skewY(9)")
    cone = (
        path("M-46 -62 Q0 -82 46 -62 L14 0 Q0 6 -14 0 Z", look.second)
        + path("M-46 -62 Q0 -82 46 -62 Q0 -44 -46 -62 Z", "#000", opacity=0.16)
        + path("M46 -62 L14 0 Q8 4 2 4 L26 -56 Z", "#000", opacity=0.1)
        + line("M-28 -50 L-8 -4", "#fff", 2, opacity=0.6)
    )
    return drawn + at(cone, 296, 336)


def cup(look: Look) -> str:
    """An enamel cup with a dark rim."""
    outline = "M110 150 L118 312 Q120 334 142 334 L232 334 Q254 334 256 312 L264 150 Z"
    return (
        line("M262 184 Q322 184 314 236 Q308 280 258 280", look.second, 24)
        + line("M262 184 Q322 184 314 236 Q308 280 258 280", look.body, 16)
        + path(outline, look.body)
        + path(outline, ROUND)
        + oval(187, 150, 77, 18, look.second)
        + oval(187, 150, 69, 14, "#3a2418")
        + oval(187, 153, 58, 10, "#5a3826")
        + line("M160 128 q-12 -14 0 -24 t0 -22", "#fff", 6, opacity=0.6)
        + line("M190 128 q-12 -14 0 -24 t0 -22", "#fff", 6, opacity=0.6)
        + line("M218 128 q-12 -14 0 -24 t0 -22", "#fff", 6, opacity=0.6)
        + at(look.motif(look.first, look.second), 186, 232, scale=1.45)
        + words(look.lines[0], 186, 308, 108, 16, look.ink)
    )


def _bare(look: Look) -> Look:
    """The same look with no paper of its own, for bodies that carry a band."""
    return replace(look, label="none")
