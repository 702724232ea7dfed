"""The rules by country and state, as data. Drawn from summaries of law firms and governments, and
no legal advice: have a lawyer look at it before relying on it.

Where a text can be read in two ways, the row is the kinder one. Countries of the European Union
have a row each, for their languages and for the figures; but for Germany and France, which have
laws of their own on ending a subscription, the columns of these rows are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from app.retention.labels import Labels, merged, withdrawal_labels
from app.retention.rules import Rules

_UNITED_STATES: Final = Rules(
    # Federal law demands a simple way to stop charges and no more: the rule that went further was
    # set aside on 8 July 2025. To write to the shop can be such a way.
    region="US",
    may_offer=True,
    may_require_reason=True,
    may_hold_to_minimum=True,
    may_close=True,
    without_sign_in=False,
    since="29 December 2010",
    sources=(
        "ROSCA, 15 U.S.C. 8403: a simple way to stop charges",
        "https://blog.freshfields.us/post/102ktmp/eighth-circuit-vacates-ftc-amendments",
        "https://www.newsmediaalliance.org/ftc-publishes-negative-option-rule-proposed-rulemaking/",
    ),
)

_CALIFORNIA: Final = Rules(
    # No step that obstructs or delays: a reason is never required, a minimum never applied, and
    # nobody has to sign in first. An offer may be made while the button to cancel stands beside it.
    region="US-CA",
    may_offer=True,
    may_require_reason=False,
    may_hold_to_minimum=False,
    may_close=False,
    without_sign_in=True,
    since="1 July 2025",
    sources=(
        "AB 2863, California Business and Professions Code 17602",
        "https://awglaw.com/news/are-you-offering-customers-an-automatic-renewal-or-membership-"
        "service-take-note-californias-new-law-takes-effect-july-1-2025",
        "https://www.consumerfinsights.com/2024/10/california-enacts-new-bill-to-strengthen-"
        "customer-protection-on-automatic-renewals/",
        "https://support.getrecharge.com/hc/en-us/articles/360008829253",
    ),
)

_NEW_YORK: Final = Rules(
    # Terms and deadlines have to be shown. Nothing forbids an offer; that a reason or a minimum
    # may be demanded is nowhere said, so they are not.
    region="US-NY",
    may_offer=True,
    may_require_reason=False,
    may_hold_to_minimum=False,
    may_close=False,
    without_sign_in=False,
    since="November 2025",
    sources=(
        "New York General Business Law 527-a, as amended in 2025",
        "https://www.mondaq.com/unitedstates/advertising-marketing-branding/1636502/"
        "ny-quietly-amends-automatic-renewal-law",
    ),
)

_MASSACHUSETTS: Final = Rules(
    # At least as easy as to sign up, and on the same site. Who subscribes meets no offer to do
    # something else, gives no reason, and can do so as a guest: so it is for who leaves.
    region="US-MA",
    may_offer=False,
    may_require_reason=False,
    may_hold_to_minimum=False,
    may_close=False,
    without_sign_in=True,
    since="2 September 2025",
    sources=(
        "940 CMR 38.00",
        "https://www.mondaq.com/unitedstates/advertising-marketing-branding/1642916/"
        "automatic-renewal-law-updates-massachusetts-new-york-and-connecticut",
    ),
)

_COLORADO: Final = Rules(
    # To cancel online in one step. The act lets an offer stand beside a direct link to cancel; one
    # step without any is certain to be one step.
    region="US-CO",
    may_offer=False,
    may_require_reason=False,
    may_hold_to_minimum=False,
    may_close=False,
    without_sign_in=True,
    since="6 August 2025",
    sources=(
        "SB25-145, Colorado Revised Statutes 6-1-732",
        "https://intercom.help/loop-subscriptions/en/articles/12708349",
        "http://www.leg.colorado.gov/bills/sb25-145",
    ),
)

_UNITED_KINGDOM: Final = Rules(
    # Expected in spring 2027: 14 days at the start, and an exit online for who has joined online.
    # The labels are not prescribed there yet: they are those of the European Union in English.
    region="GB",
    may_offer=True,
    may_require_reason=False,
    may_hold_to_minimum=False,
    may_close=False,
    without_sign_in=True,
    withdrawal_days=14,
    labels=withdrawal_labels("en"),
    since="expected in spring 2027",
    sources=(
        "Digital Markets, Competition and Consumers Act 2024, part 4, chapter 2",
        "https://www.slaughterandmay.com/insights/new-insights/spotlight-on-subscription-contracts-"
        "what-the-government-s-dmcca-consultation-response-means-for-businesses/",
    ),
)

_EUROPEAN_UNION: Final = Rules(
    # The withdrawal is the directive's. To end a subscription later has no common law yet: an
    # offer may be made; the withdrawal needs no account, so the end needs none either.
    region="EU",
    may_offer=True,
    may_require_reason=False,
    may_hold_to_minimum=False,
    may_close=False,
    without_sign_in=True,
    withdrawal_days=14,
    since="19 June 2026",
    sources=(
        "Directive 2011/83/EU, articles 9 and 11a, as amended by Directive (EU) 2023/2673",
        "http://data.europa.eu/eli/dir/2023/2673/oj",
        "https://www.sourcingspeak.com/key-consumer-protection-update-in-europe-new-cancel-"
        "contract-button/",
    ),
)


def _member(region: str, *languages: str) -> Rules:
    """A member state, and the languages of the directive that are official in it."""
    return replace(_EUROPEAN_UNION, region=region, labels=withdrawal_labels(*languages))


_GERMANY: Final = replace(
    # The button, then one page that confirms, and nothing in between: no offer, no password, and
    # no questions but those that the law lists.
    _member("DE", "de"),
    may_offer=False,
    labels=merged(
        [
            Labels("de", cancel="Verträge hier kündigen", confirm="Jetzt kündigen"),
            *withdrawal_labels("de"),
        ]
    ),
    since="1 July 2022; withdrawal: 19 June 2026",
    sources=(
        "BGB section 312k; withdrawal: BGB section 356a",
        "https://haufe.de/recht/deutsches-anwalt-office-premium/zap-122023-internetreport-22-"
        "abfrage-eines-kundenkennworts-beim-kuendigungsbutton-ist-unzulaessiges-zugangshindernis_"
        "idesk_PI17574_HI15746840.html",
        "OLG Düsseldorf, 23 May 2024, 20 UKl 3/23: https://alro-recht.de",
        "https://www.kanzlei-grudzinski.de/kuendigungsbutton-nach-%c2%a7-312k-bgb",
        *_EUROPEAN_UNION.sources,
    ),
)

_FRANCE: Final = replace(
    # Three steps: the button, the details, and a summary with the notice. No account may be forced.
    _member("FR", "fr"),
    may_offer=False,
    labels=merged(
        [
            Labels("fr", cancel="Résilier votre contrat", confirm="Notification de la résiliation"),
            *withdrawal_labels("fr"),
        ]
    ),
    since="1 June 2023; withdrawal: 19 June 2026",
    sources=(
        "Code de la consommation, L. 215-1-1 and D. 215-1 to D. 215-3 (décret 2023-417); "
        "withdrawal: D. 221-5 (décret 2026-3)",
        "https://www.linkea-avocats.com/en/news-advices/le-decret-relatif-aux-modalites-techniques-"
        "de-resiliation-des-contrats-par-voie-electronique-a-ete-publie-le-1er-juin-2023/",
        *_EUROPEAN_UNION.sources,
    ),
)

_ROWS: Final = (
    _UNITED_STATES,
    _CALIFORNIA,
    _COLORADO,
    _MASSACHUSETTS,
    _NEW_YORK,
    _UNITED_KINGDOM,
    _member("AT", "de"),
    _member("BE", "nl", "fr", "de"),
    _member("BG", "bg"),
    _member("CY", "el"),
    _member("CZ", "cs"),
    _GERMANY,
    _member("DK", "da"),
    _member("EE", "et"),
    _member("ES", "es"),
    _member("FI", "fi", "sv"),
    _FRANCE,
    _member("GR", "el"),
    _member("HR", "hr"),
    _member("HU", "hu"),
    _member("IE", "en", "ga"),
    _member("IT", "it", "de"),
    _member("LT", "lt"),
    _member("LU", "fr", "de"),
    _member("LV", "lv"),
    _member("MT", "mt", "en"),
    _member("NL", "nl"),
    _member("PL", "pl"),
    _member("PT", "pt"),
    _member("RO", "ro"),
    _member("SE", "sv"),
    _member("SI", "sl"),
    _member("SK", "sk"),
)

TABLE: Final[Mapping[str, Rules]] = {row.region: row for row in _ROWS}
"""By ISO 3166: "DE", and "US-CA" for a state that has rules of its own."""
