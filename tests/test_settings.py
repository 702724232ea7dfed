"""Settings: defaults that run the demo, and one sentence for each wrong value."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, load, variable


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the machine's variables nor a `.env` of the checkout may reach these tests."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_anything_set_it_is_the_demo() -> None:
    settings = load()
    assert settings.is_demo
    assert settings.origin == "http://localhost:8080"
    assert settings.database_url == "sqlite+aiosqlite:///var/doorstep.db"
    assert settings.undo_for == timedelta(hours=24)


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECHARGE_API_TOKEN", "sk_1x1_example")
    monkeypatch.setenv("DATABASE_URL", "postgres://doorstep:secret@db.example/doorstep")
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("DOORSTEP_PUBLIC_URL", "https://account.shop.example/")
    monkeypatch.setenv("DOORSTEP_SWITCHES", '{"skip_scheduled_order": false}')
    monkeypatch.setenv("DOORSTEP_EXTENSIONS", "shop.cards, shop.texts")
    settings = load()
    assert not settings.is_demo
    assert settings.database_url.startswith("postgresql+asyncpg://doorstep:")
    assert settings.port == 9000
    assert settings.origin == "https://account.shop.example"
    assert settings.is_secure
    assert settings.switches == {"skip_scheduled_order": False}
    assert settings.extensions == ("shop.cards", "shop.texts")


def test_an_empty_token_is_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECHARGE_API_TOKEN", "")
    assert load().is_demo


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECHARGE_API_TOKEN", "sk_1x1_example")
    assert "sk_1x1_example" not in f"{load()!r}{load()}"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT: input should be a valid integer"),
        ("DATABASE_URL", "mysql://db", "DATABASE_URL: must start with sqlite:// or postgresql://."),
        ("DOORSTEP_SWITCHES", "{", "DOORSTEP_SWITCHES: must be JSON."),
        ("DOORSTEP_SMTP_URL", "http://mail", "DOORSTEP_SMTP_URL: must look like smtp://"),
        ("DOORSTEP_PUBLIC_URL", "account.shop.example", "DOORSTEP_PUBLIC_URL: "),
        ("DOORSTEP_UPSTREAM_BUCKET_SIZE", "0", "DOORSTEP_UPSTREAM_BUCKET_SIZE: "),
        ("DOORSTEP_CHANGE_UNTIL_TIME", "noon", "DOORSTEP_CHANGE_UNTIL_TIME: "),
        ("DATABASE_URL", "postgresql://u@h:port/x", "DATABASE_URL: must look like postgresql://"),
        ("DATABASE_URL", "sqlite:", "DATABASE_URL: must start with sqlite://"),
        ("DATABASE_URL", "sqlite://foo.db", "DATABASE_URL: must look like sqlite:///path"),
        ("DOORSTEP_SMTP_URL", "smtp://h:notaport", "DOORSTEP_SMTP_URL: must look like smtp://"),
        ("DOORSTEP_MAIL_FROM", "notmail", "DOORSTEP_MAIL_FROM: must be an e-mail address"),
        ("DOORSTEP_TRUSTED_PROXIES", "garbage", "DOORSTEP_TRUSTED_PROXIES: must be IP addresses"),
        ("DOORSTEP_LANGUAGE", "xx-YY", "DOORSTEP_LANGUAGE: must be a language"),
        ("RECHARGE_API_TOKEN", "sk_é", "RECHARGE_API_TOKEN: must be printable ASCII"),
        ("DOORSTEP_STYLESHEET", "no-such-file.css", "DOORSTEP_STYLESHEET: "),
        ("DOORSTEP_RETENTION", "no-such-file.yaml", "DOORSTEP_RETENTION: "),
        ("DOORSTEP_MERCHANT_TOKEN", "short", "DOORSTEP_MERCHANT_TOKEN: "),
        ("DOORSTEP_LANGUAGE", "english please", "DOORSTEP_LANGUAGE: "),
    ],
)
def test_a_wrong_value_gets_one_sentence_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_a_misspelt_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_SWITCHS", "{}")
    with pytest.raises(SettingsError, match=r"^DOORSTEP_SWITCHS: there is no such setting"):
        load()


def test_a_misspelt_setting_in_the_file_is_told_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DOORSTEP_UNDO_MINUTS=1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^DOORSTEP_UNDO_MINUTS: there is no such setting"):
        load()


def test_the_merchants_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (load().retention, load().merchant_token) == (None, None)
    monkeypatch.setenv("DOORSTEP_RETENTION", "")
    monkeypatch.setenv("DOORSTEP_MERCHANT_TOKEN", "")
    assert (load().retention, load().merchant_token) == (None, None)
    file = tmp_path / "retention.yaml"
    file.write_text("reason: optional", encoding="utf-8")
    monkeypatch.setenv("DOORSTEP_RETENTION", str(file))
    monkeypatch.setenv("DOORSTEP_MERCHANT_TOKEN", "twenty-four-signs-or-more")
    settings = load()
    assert settings.retention == file
    assert settings.merchant_token is not None
    assert "twenty-four" not in f"{settings!r}{settings}"


@pytest.mark.parametrize("around", [" {}", "{} ", "\t{}", "{}\n"])
def test_the_merchants_word_has_no_space_around_it(
    monkeypatch: pytest.MonkeyPatch, around: str
) -> None:
    """What is typed at the door comes without: such a word would open nothing."""
    word = "twenty four signs or more"
    monkeypatch.setenv("DOORSTEP_MERCHANT_TOKEN", around.format(word))
    with pytest.raises(SettingsError, match=r"^DOORSTEP_MERCHANT_TOKEN: .*space") as refused:
        load()
    assert "twenty" not in str(refused.value)
    monkeypatch.setenv("DOORSTEP_MERCHANT_TOKEN", word)
    assert load().merchant_token is not None


def test_a_stylesheet_holds_no_html(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "own.css"
    own.write_text(":root { --ds-accent: #7a3b2e; }", encoding="utf-8")
    monkeypatch.setenv("DOORSTEP_STYLESHEET", str(own))
    assert load().stylesheet == own
    own.write_text("</style><script>alert(1)</script>", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^DOORSTEP_STYLESHEET: must hold style rules only"):
        load()


STRIPE = ("DOORSTEP_STRIPE_PUBLIC_KEY", "DOORSTEP_STRIPE_SECRET_KEY")


@pytest.mark.parametrize(
    ("public", "secret", "sentence"),
    [
        ("pk_test_1", "", "must be set together"),
        ("", "sk_test_1", "must be set together"),
        ("pk_live_1", "sk_test_1", "must be of one mode, live or test"),
        ("pk_test_1", "rk_live_1", "must be of one mode, live or test"),
        ("sk_test_1", "pk_test_1", "the key in DOORSTEP_STRIPE_PUBLIC_KEY must be a public one"),
        ("pk_test_1", "pk_test_1", "the key in DOORSTEP_STRIPE_SECRET_KEY must be a secret one"),
        ("pk_test_1", "sk_test_ 1", "the key in DOORSTEP_STRIPE_SECRET_KEY must be a secret one"),
    ],
)
def test_keys_of_stripe_that_are_no_pair_are_told_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, public: str, secret: str, sentence: str
) -> None:
    for name, value in zip(STRIPE, (public, secret), strict=True):
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load()
    told = f"{caught.value} {caught.value.__cause__}"
    assert sentence in told
    assert "DOORSTEP_STRIPE_" in told
    assert [key for key in (public, secret) if key and key in told] == []


@pytest.mark.parametrize("secret", ["sk_live_1", "rk_live_1"])
def test_a_pair_of_keys_of_stripe(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    for name, value in zip(STRIPE, ("pk_live_1", secret), strict=True):
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.stripe_public_key == "pk_live_1"
    assert settings.stripe_secret_key is not None
    assert secret not in f"{settings!r}{settings}"
