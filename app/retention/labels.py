"""Words on buttons that a law prescribes, in its own language.

They are the law's and no merchant's: nothing here is translated, shortened or made nicer. Only the
first letter is made a capital where the law prints the words in the middle of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True)
class Labels:
    """The words of one language. Empty where the law prescribes none: then ours are used.

    language: BCP 47, of the words
    cancel:   leads to the end of a contract
    confirm:  ends it
    withdraw: leads to the withdrawal from it
    confirm_withdrawal: declares the withdrawal
    """

    language: str
    cancel: str = ""
    confirm: str = ""
    withdraw: str = ""
    confirm_withdrawal: str = ""


WITHDRAWAL: Final[Mapping[str, tuple[str, str]]] = {
    "bg": ("Откажете се от договора тук", "Потвърждавам отказа"),
    "cs": ("Zde odstoupit od smlouvy", "Potvrdit odstoupení od smlouvy"),
    "da": ("Fortryd aftale", "Bekræft fortrydelse"),
    "de": ("Vertrag widerrufen", "Widerruf bestätigen"),
    "el": ("Πατήστε εδώ για υπαναχώρηση", "Επιβεβαίωση υπαναχώρησης"),
    "en": ("Withdraw from contract here", "Confirm withdrawal"),
    "es": ("Desistir del contrato aquí", "Confirmar desistimiento"),
    "et": ("Taganen lepingust", "Kinnitan taganemise"),
    "fi": ("Peruuta sopimus tästä", "Vahvista peruuttaminen"),
    "fr": ("Renoncer au contrat ici", "Confirmer la rétractation"),
    "ga": ("Tarraing siar ón gconradh anseo", "Dearbhaigh an tarraingt siar"),
    "hr": ("Odustati od ugovora", "Potvrditi odustajanje"),
    "hu": ("Elállás a szerződéstől", "Elállás megerősítése"),
    "it": ("Recedere dal contratto qui", "Conferma recesso"),
    "lt": ("Atsisakyti sutarties čia", "Patvirtinti sutarties atsisakymą"),
    "lv": ("Atteikties no līguma", "Apstiprināt atteikumu"),
    "mt": ("Irtira mill-kuntratt hawnhekk", "Ikkonferma r-reċess"),
    "nl": ("Hier de overeenkomst herroepen", "Herroeping bevestigen"),
    "pl": ("Odstąp od umowy tutaj", "Potwierdź odstąpienie od umowy"),
    "pt": ("Retrate-se do contrato aqui", "Confirmar retratação"),
    "ro": ("Retrageți-vă din contract aici", "Confirmați retragerea"),
    "sk": ("Odstúpiť od zmluvy tu", "Potvrdiť odstúpenie od zmluvy"),
    "sl": ("Kliknite tukaj za odstop od pogodbe", "Potrdi odstop od pogodbe"),
    "sv": ("Ångra avtalet här", "Bekräfta frånträde"),
}
"""The two labels of a withdrawal, by language: article 11a (1) and (3) of Directive 2011/83/EU, as
Directive (EU) 2023/2673 (CELEX 32023L2673) puts it in, in each language in which it was published.
"""


def withdrawal_labels(*languages: str) -> tuple[Labels, ...]:
    """The labels of a withdrawal in these languages."""
    return tuple(
        Labels(language, withdraw=first, confirm_withdrawal=second)
        for language in languages
        for first, second in [WITHDRAWAL[language]]
    )


def merged(labels: Iterable[Labels]) -> tuple[Labels, ...]:
    """One for each language, in the order in which languages come first. Where one law prescribes
    a word and another none, the prescribed one stands."""
    found: dict[str, Labels] = {}
    for one in labels:
        known = found.get(one.language, one)
        words = {each.name: getattr(known, each.name) or getattr(one, each.name) for each in _WORDS}
        found[one.language] = Labels(one.language, **words)
    return tuple(found.values())


_WORDS = tuple(each for each in fields(Labels) if each.name != "language")
