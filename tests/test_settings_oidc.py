"""The settings of identity providers: what they may be, and one sentence for each wrong value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings, SettingsError, load, variable
from app.settings_ways import OidcProvider

GOOD = {"issuer": "https://id.example/shop/", "client_id": "doorstep", "label": "Harbor ID"}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


def loaded(monkeypatch: pytest.MonkeyPatch, value: Any) -> Settings:
    monkeypatch.setenv("DOORSTEP_OIDC", json.dumps(value))
    return load()


def test_providers_come_as_json_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**GOOD, "label": "Island ID", "client_secret": "hush hush", "customer_claim": "shop"}
    settings = loaded(monkeypatch, {"island": more, "harbor": GOOD})
    assert list(settings.oidc) == ["island", "harbor"]
    harbor, island = settings.oidc["harbor"], settings.oidc["island"]
    assert harbor.issuer == "https://id.example/shop/", "to the letter"
    assert harbor.client_secret is None
    assert harbor.scope == "openid email"
    assert harbor.algorithms == ("RS256", "ES256")
    assert island.client_secret
    assert "hush" not in f"{settings!r}{settings}{island}"


def test_an_issuer_on_this_machine_is_for_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    for issuer in ("http://localhost:9400", "http://127.0.0.1:9400"):
        assert loaded(monkeypatch, {"mock": {**GOOD, "issuer": issuer}}).oidc["mock"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"issuer": "http://id.example"}, "harbor.issuer must be an address such as"),
        ({"issuer": "https://id.example?x=y"}, "harbor.issuer must be an address such as"),
        ({"issuer": "https://user@id.example"}, "harbor.issuer must be an address such as"),
        ({"issuer": "https://id.example/ "}, "harbor.issuer must be an address such as"),
        ({"issuer": "http://localhost.evil.example"}, "harbor.issuer must be an address such as"),
        ({"client_id": ""}, "harbor.client_id "),
        ({"label": ""}, "harbor.label "),
        ({"label": "Harbor\nID"}, "harbor.label "),
        ({"label": "Harbor\u202eID"}, "harbor.label "),
        ({"scope": "email"}, "harbor.scope must hold openid"),
        ({"scope": "openid\nemail"}, "harbor.scope "),
        ({"algorithms": []}, "harbor.algorithms "),
        ({"algorithms": ["none"]}, "harbor.algorithms.0 "),
        ({"algorithms": ["HS256"]}, "harbor.algorithms.0 "),
        ({"customer_claim": "a b"}, "harbor.customer_claim "),
        ({"colour": "red"}, "harbor.colour extra inputs"),
    ],
)
def test_a_wrong_value_gets_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        loaded(monkeypatch, {"harbor": {**GOOD, **changed, "client_secret": "hush hush"}})
    assert str(wrong.value).startswith(f"DOORSTEP_OIDC: {sentence}")
    assert "hush" not in str(wrong.value)


@pytest.mark.parametrize("name", ["", "Harbor", "a/b", "a.b", "1", "x" * 32, "é"])
def test_a_name_stands_in_an_address(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(SettingsError, match="must be a short name of small letters"):
        loaded(monkeypatch, {name: GOOD})


def test_each_provider_has_a_label_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="each with its label"):
        loaded(monkeypatch, {"a": GOOD, "b": {**GOOD, "label": "harbor id"}})
    with pytest.raises(SettingsError, match="8 providers or fewer"):
        loaded(monkeypatch, {f"p{n}": {**GOOD, "label": f"{n}"} for n in range(9)})


def test_the_sample_of_the_documentation_can_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parent.parent / "docs" / "sign-in.md").read_text(encoding="utf-8")
    part = text.partition("## Identity providers")[2]
    sample = part.partition("```json\n")[2].partition("```")[0]
    settings = loaded(monkeypatch, json.loads(sample))
    assert list(settings.oidc) == ["harbor", "island"]
    fields = {
        name
        for row in part.splitlines()
        if row.startswith("| `")
        for name in row.split("|")[1].replace("`", "").replace(" ", "").split(",")
    }
    assert fields >= set(OidcProvider.model_fields)
