"""A deployment that would run with the secrets of development does not start."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from shared.security.keyring import new_key
from shared.settings import DEVELOPMENT_KEYS, DEVELOPMENT_SECRET, Environment, Settings

GOOD: dict[str, Any] = {
    "environment": Environment.PRODUCTION,
    "public_url": "https://belay.example.org",
    "secret_key": SecretStr("s" * 32),
    "dimension_keys": SecretStr(new_key("own")),
    "demo": False,
}


def test_a_deployment_with_secrets_of_its_own_starts() -> None:
    assert Settings(**GOOD).secure_cookies


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"secret_key": Settings.model_fields["secret_key"].default}, "BELAY_SECRET_KEY"),
        ({"secret_key": SecretStr("short")}, "at least 32 random characters"),
        ({"dimension_keys": Settings.model_fields["dimension_keys"].default}, "BELAY_DIMENSION_KEYS"),
        ({"dimension_keys": SecretStr(f" {DEVELOPMENT_KEYS} ")}, "BELAY_DIMENSION_KEYS"),
        ({"dimension_keys": SecretStr(f"renamed:{DEVELOPMENT_KEYS.partition(':')[2]}")}, "BELAY_DIMENSION_KEYS"),
        ({"dimension_keys": SecretStr(f"{new_key('own')},{DEVELOPMENT_KEYS}")}, "BELAY_DIMENSION_KEYS"),
        ({"secret_key": SecretStr(f"{DEVELOPMENT_SECRET} ")}, "BELAY_SECRET_KEY"),
        ({"public_url": "http://belay.example.org"}, "BELAY_PUBLIC_URL"),
        ({"demo": True}, "BELAY_DEMO"),
    ],
)
def test_each_unsafe_setting_is_refused_with_what_to_do(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Settings(**{**GOOD, **change})


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    settings = Settings(**GOOD)
    assert "s" * 32 not in repr(settings)
    assert "own:" not in repr(settings)
