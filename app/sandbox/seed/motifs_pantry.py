"""More emblems: those of the pantry. The same measure as in ``motifs``."""

from __future__ import annotations

from app.sandbox.seed.drawing import around, at, box, circle, line, oval, path

_LEAF = "M0 0 C-8 -8 -8 -22 0 -30 C8 -22 8 -8 0 0 Z"


def olives(first: str, second: str) -> str:
    leaves = "".join(
        at(path(_LEAF, first), x, y, turn=turn, scale=0.82)
        for x, y, turn in ((-14, 10, -64), (-6, -2, 66), (0, -10, -52), (6, -18, 58))
    )
    return (
        line("M-24 28 Q-8 2 12 -32", first, 3)
        + leaves
        + at(oval(0, 0, 9, 12, second), 16, 8, turn=-16)
        + at(oval(0, 0, 9, 12, second), -2, 22, turn=12)
    )


def walnut(first: str, second: str) -> str:
    return (
        path(
            "M0 -32 C24 -30 32 -8 27 8 C22 26 8 32 0 33 C-8 32 -22 26 -27 8 C-32 -8 -24 -30 "
            "0 -32 Z",
            first,
        )
        + line("M0 -30 Q4 0 0 31", second, 3)
        + line("M-8 -20 Q-20 -12 -15 -2 Q-22 8 -10 20", second, 2.6)
        + line("M10 -20 Q20 -10 14 0 Q22 10 10 20", second, 2.6)
        + line("M-7 -6 Q-12 2 -6 8 M8 -6 Q4 2 8 10", second, 2.2)
    )


def chili(first: str, second: str) -> str:
    return (
        path(
            "M-20 -20 C-10 -28 4 -24 8 -12 C14 8 22 18 32 24 C8 34 -22 20 -26 -6 C-27 -12 "
            "-25 -17 -20 -20 Z",
            first,
        )
        + path("M-24 -12 C-26 -22 -16 -28 -6 -24 C-10 -18 -14 -20 -24 -12 Z", second)
        + line("M-16 -24 Q-18 -32 -26 -33", second, 3.6)
        + line("M-14 -4 Q-10 10 4 18", second, 2.4, opacity=0.55)
    )


def flame(first: str, second: str) -> str:
    return path(
        "M2 -34 C6 -18 26 -8 24 12 C23 26 12 33 0 33 C-14 33 -24 24 -24 10 C-24 -2 -14 "
        "-8 -12 -18 C-6 -14 -4 -10 -4 -6 C2 -12 4 -22 2 -34 Z",
        first,
    ) + path(
        "M1 -4 C4 6 12 8 11 18 C10 26 5 29 0 29 C-7 29 -12 24 -11 17 C-10 10 -2 8 1 -4 Z", second
    )


def thyme(first: str, second: str) -> str:
    pairs = "".join(
        at(path(_LEAF, first), 0, y, turn=turn, scale=scale)
        for y, scale in ((24, 0.62), (12, 0.58), (0, 0.52), (-11, 0.45))
        for turn in (-58, 58)
    )
    return (
        line("M0 34 L0 -24", first, 2.8)
        + pairs
        + circle(0, -27, 5, second)
        + circle(-7, -20, 3.6, second)
        + circle(7, -20, 3.6, second)
    )


def maple(first: str, second: str) -> str:
    return path(
        "M0 -33 L6 -20 L14 -24 L12 -8 L22 -16 L24 -9 L33 -10 L27 2 L31 6 L13 18 L15 24 "
        "L2 21 L2 33 L-2 33 L-2 21 L-15 24 L-13 18 L-31 6 L-27 2 L-33 -10 L-24 -9 L-22 -16 "
        "L-12 -8 L-14 -24 L-6 -20 Z",
        first,
    ) + line("M0 21 L0 -18 M0 16 L-20 0 M0 16 L20 0", second, 2)


def oats(first: str, second: str) -> str:
    grain = path("M0 0 C-7 -6 -6 -16 0 -21 C6 -16 7 -6 0 0 Z", first)
    grains = "".join(
        at(grain, 0, y, turn=turn, scale=0.86) for y in (22, 9, -4) for turn in (-44, 44)
    )
    return line("M0 34 L0 -14", second, 3) + grains + at(grain, 0, -11)


def bee(first: str, second: str) -> str:
    cell = path("M0 -33 L28.6 -16.5 L28.6 16.5 L0 33 L-28.6 16.5 L-28.6 -16.5 Z", second)
    body = (
        oval(-10, -9, 12, 7.5, "#fffaf0", opacity=0.92, transform="rotate(24 -10 -9)")
        + oval(10, -9, 12, 7.5, "#fffaf0", opacity=0.92, transform="rotate(-24 10 -9)")
        + oval(0, 5, 10, 16, first)
        + line("M-8 0 L8 0 M-9 8 L9 8", second, 3.6)
        + circle(0, -13, 6, first)
        + line("M-2 -18 Q-5 -24 -9 -24 M2 -18 Q5 -24 9 -24", first, 2)
    )
    return cell + body


def cone(first: str, second: str) -> str:
    return (
        path("M-30 -22 Q0 -34 30 -22 L7 26 Q0 32 -7 26 Z", first)
        + oval(0, -22, 30, 7, second)
        + line("M-14 -12 L-4 20 M14 -12 L4 20 M0 -11 L0 22", second, 2, opacity=0.7)
    )


def quills(first: str, second: str) -> str:
    stick = (
        box(-7, -32, 14, 64, first, 6)
        + line("M-2 -30 L-2 30", second, 2)
        + line("M3 -28 L3 28", second, 1.2, opacity=0.7)
    )
    return at(stick, -9, 0, turn=-16) + at(stick, 9, 0, turn=16) + box(-20, -3, 40, 7, second, 2)


def parcel(first: str, second: str) -> str:
    return (
        path("M-30 -12 L0 -26 L30 -12 L30 20 L0 34 L-30 20 Z", first)
        + path("M-30 -12 L0 2 L30 -12 L0 -26 Z", second)
        + line("M0 2 L0 33", second, 3)
    )


def wheel(first: str, second: str) -> str:
    """Four quarters: a little of everything."""
    quarter = path("M0 0 L0 -32 A32 32 0 0 1 32 0 Z", first)
    other = path("M0 0 L0 -32 A32 32 0 0 1 32 0 Z", second)
    return (
        quarter
        + at(other, turn=90)
        + at(quarter, turn=180)
        + at(other, turn=270)
        + around(circle(15, -15, 5, "#fffaf0"), 4)
    )
