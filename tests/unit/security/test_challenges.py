"""The secret of a log-in mail travels sealed; its key comes from the deployment's secret, for this purpose only."""

from uuid import uuid4

import pytest
from pydantic import SecretStr

from shared.security.challenges import ChallengeSecret, challenge_link, open_challenge, seal_challenge
from shared.security.keyring import KeyringError
from shared.security.signatures import derive_key, sign, verify
from shared.settings import Settings

SECRET = ChallengeSecret("a-token", "042917")
HERE = Settings(secret_key=SecretStr("h" * 40), public_url="https://belay.example.org/")
THERE = Settings(secret_key=SecretStr("t" * 40))


def test_it_opens_in_its_row_with_the_same_secret_key() -> None:
    challenge = uuid4()
    assert open_challenge(HERE, challenge, seal_challenge(HERE, challenge, SECRET)) == SECRET


def test_it_opens_neither_elsewhere_nor_in_another_deployment() -> None:
    challenge = uuid4()
    sealed = seal_challenge(HERE, challenge, SECRET)
    with pytest.raises(KeyringError):
        open_challenge(HERE, uuid4(), sealed)
    with pytest.raises(KeyringError):
        open_challenge(THERE, challenge, sealed)


def test_it_is_not_readable() -> None:
    sealed = seal_challenge(HERE, uuid4(), SECRET)
    assert b"a-token" not in sealed
    assert b"042917" not in sealed


def test_the_link_leads_to_the_page_that_asks() -> None:
    assert challenge_link(HERE, "a-token") == "https://belay.example.org/login/link/a-token"


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert derive_key("secret", "form token") != derive_key("secret", "flash")
    signature = sign("secret", "flash", "text")
    assert verify("secret", "flash", "text", signature)
    assert not verify("secret", "form token", "text", signature)
    assert not verify("secret", "flash", "other", signature)
    assert not verify("secret", "flash", "text", "")
