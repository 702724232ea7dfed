"""The emblems on the labels. Each fits a circle of 34 about the origin, in two colours."""

from __future__ import annotations

from collections.abc import Callable

from app.sandbox.seed.drawing import around, at, box, circle, line, oval, path

Motif = Callable[[str, str], str]
"""From a first and a second colour to a drawing."""

_LEAF = "M0 0 C-11 -8 -11 -22 0 -32 C11 -22 11 -8 0 0 Z"


def _leaf(x: float, y: float, turn: float, scale: float, fill: str, vein: str) -> str:
    drawn = path(_LEAF, fill) + line("M0 -2 L0 -24", vein, 1.6)
    return at(drawn, x, y, turn=turn, scale=scale)


def lighthouse(first: str, second: str) -> str:
    return (
        path("M-8 22 L-5 -14 L5 -14 L8 22 Z", first)
        + path("M-7 8 L-6 -2 L6 -2 L7 8 Z", second)
        + box(-8, -17, 16, 4, first, 1)
        + box(-4.5, -25, 9, 8, second)
        + path("M-7 -25 L0 -33 L7 -25 Z", first)
        + path("M-8 -22 L-32 -30 L-32 -15 Z", second, opacity=0.55)
        + path("M8 -22 L32 -30 L32 -15 Z", second, opacity=0.55)
        + line("M-32 25 q8 -7 16 0 t16 0 t16 0 t16 0", first, 3.4)
        + line("M-24 33 q8 -6 16 0 t16 0 t16 0", first, 2.6)
    )


def ridge(first: str, second: str) -> str:
    return (
        circle(14, -16, 11, second)
        + path("M-34 26 L-10 -22 L6 8 L14 -4 L34 26 Z", first)
        + path("M-10 -22 L-18 -6 L-12 -9 L-8 -3 L-3 -9 Z", second)
        + path("M14 -4 L8 5 L13 3 L17 7 L20 5 Z", second)
    )


def blossom(first: str, second: str) -> str:
    petal = path("M0 -6 C-15 -14 -12 -33 0 -33 C12 -33 15 -14 0 -6 Z", first)
    return around(petal, 5) + circle(0, 0, 8, second) + around(circle(0, -13, 1.8, second), 5)


def apple(first: str, second: str) -> str:
    return (
        path(
            "M0 -14 C-10 -22 -30 -18 -29 4 C-28 22 -14 34 0 28 C14 34 28 22 29 4 "
            "C30 -18 10 -22 0 -14 Z",
            first,
        )
        + line("M0 -13 Q0 -24 6 -31", second, 3.4)
        + _leaf(4, -20, 68, 0.66, second, first)
        + line("M-20 2 Q-20 14 -12 20", second, 2.6, opacity=0.6)
    )


def currants(first: str, second: str) -> str:
    places = ((-13, -4), (12, -6), (0, 6), (-11, 17), (11, 17), (0, 28))
    berries = "".join(
        circle(x, y, 9.5, first) + circle(x - 3, y - 3, 2.4, second, opacity=0.8) for x, y in places
    )
    return (
        line("M0 -30 L0 10 M0 -16 L-12 -8 M0 -18 L12 -10", second, 2.6)
        + _leaf(0, -20, -70, 0.8, second, first)
        + _leaf(0, -22, 62, 0.8, second, first)
        + berries
    )


def lake(first: str, second: str) -> str:
    return (
        circle(0, -10, 15, second)
        + path("M-34 8 L-18 -12 L-8 2 L2 -8 L16 8 Z", first, opacity=0.85)
        + path("M-4 8 L20 -18 L34 8 Z", first)
        + line("M-32 15 L32 15", first, 3)
        + line("M-22 23 L24 23", first, 3, opacity=0.8)
        + line("M-12 31 L12 31", first, 3, opacity=0.6)
    )


def moon(first: str, second: str) -> str:
    star = path("M0 -8 L2 -2 L8 0 L2 2 L0 8 L-2 2 L-8 0 L-2 -2 Z", second)
    return (
        path("M6 -31 A31 31 0 1 0 31 8 A24 24 0 0 1 6 -31 Z", first)
        + at(star, 15, -10)
        + at(star, 27, -24, scale=0.65)
        + at(star, 28, -2, scale=0.45)
    )


def iced(first: str, second: str) -> str:
    cube = box(-8, -8, 16, 16, second, 3)
    return (
        path("M-20 -20 L20 -20 L14 32 L-14 32 Z", first)
        + at(cube, -5, -8, turn=18)
        + at(cube, 6, 8, turn=-14, scale=0.8)
        + line("M6 -24 L14 -34", second, 3.4)
        + line("M-23 -20 L23 -20", second, 3)
    )


def compass(first: str, second: str) -> str:
    point = path("M0 -32 L6 0 L0 3 L-6 0 Z", first)
    small = path("M0 -20 L4 0 L0 2 L-4 0 Z", second)
    ring = line("M25 0 A25 25 0 1 1 -25 0 A25 25 0 1 1 25 0", second, 2)
    return ring + around(small, 4, first=45) + around(point, 4) + circle(0, 0, 4, second)


def two_leaves(first: str, second: str) -> str:
    return (
        line("M0 32 L0 4", first, 3)
        + _leaf(0, 16, -52, 1.0, first, second)
        + _leaf(0, 16, 52, 1.0, first, second)
        + _leaf(0, 6, 0, 1.2, second, first)
    )


def citrus(first: str, second: str) -> str:
    segment = path("M0 -3 L-8.5 -21 Q0 -26 8.5 -21 Z", first)
    return circle(0, 0, 32, first) + circle(0, 0, 27.5, second) + around(segment, 8)


def sprout(first: str, second: str) -> str:
    return (
        circle(0, 0, 32, second, opacity=0.5)
        + line("M-2 30 Q0 8 10 -24", first, 3)
        + _leaf(0, 18, -58, 0.95, first, second)
        + _leaf(4, 4, 64, 0.85, first, second)
        + _leaf(7, -8, -34, 0.7, first, second)
    )


def daisy(first: str, second: str) -> str:
    petal = oval(0, -21, 5.6, 12, first)
    return around(petal, 12) + circle(0, 0, 11, second)


def anise(first: str, second: str) -> str:
    pod = path("M0 -3 C-8 -12 -6 -26 0 -33 C6 -26 8 -12 0 -3 Z", first)
    pod += oval(0, -19, 2.6, 5, second)
    return around(pod, 8) + circle(0, 0, 5, first)


def terraces(first: str, second: str) -> str:
    return (
        circle(10, -18, 11, second)
        + path("M-34 4 Q-14 -22 6 -2 T34 -2 L34 8 L-34 12 Z", first, opacity=0.65)
        + path("M-34 16 Q-10 -4 34 10 L34 20 L-34 24 Z", first, opacity=0.82)
        + path("M-32 26 Q0 10 32 22 Q20 34 0 34 Q-20 34 -32 26 Z", first)
        + line("M-26 10 Q-8 -4 12 4", second, 2, opacity=0.8)
        + line("M-24 22 Q0 8 26 16", second, 2, opacity=0.8)
    )


def cacao(first: str, second: str) -> str:
    pod = (
        path("M0 -33 C20 -26 22 14 0 33 C-22 14 -20 -26 0 -33 Z", first)
        + line("M0 -26 L0 26", second, 2.4)
        + line("M-4 -26 C-14 -10 -14 10 -4 25", second, 2.4)
        + line("M4 -26 C14 -10 14 10 4 25", second, 2.4)
    )
    return at(pod, turn=28)


def salt(first: str, second: str) -> str:
    crystal = path("M0 -9 L9 0 L0 9 L-9 0 Z", second)
    return (
        at(crystal, 0, -22)
        + at(crystal, -18, -11, scale=0.7)
        + at(crystal, 18, -11, scale=0.7)
        + line("M-33 8 q8 -9 16.5 0 t16.5 0 t16.5 0 t16.5 0", first, 4.6)
        + line("M-33 20 q8 -9 16.5 0 t16.5 0 t16.5 0 t16.5 0", first, 4.6, opacity=0.8)
        + line("M-24 31 q8 -8 16 0 t16 0 t16 0", first, 4, opacity=0.6)
    )


def steaming(first: str, second: str) -> str:
    return (
        path("M-24 -4 L18 -4 L15 26 Q14 31 8 31 L-14 31 Q-20 31 -21 26 Z", first)
        + line("M18 2 Q34 0 30 13 Q27 22 16 20", first, 4.4)
        + oval(-3, -4, 21, 4, second)
        + line("M-12 -13 q-6 -7 0 -11 t0 -9", second, 3)
        + line("M5 -13 q-6 -7 0 -11 t0 -9", second, 3)
    )
