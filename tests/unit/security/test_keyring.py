"""Sealed values open with the right key, in their own row, unchanged; and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.security.keyring import Keyring, KeyringError, new_key

OLD, NEW = new_key("old"), new_key("new")


@given(plain=st.binary(max_size=200), place=st.text(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain: bytes, place: str) -> None:
    keyring = Keyring.parse(NEW)
    assert keyring.open(keyring.seal(plain, place), place) == plain


def test_the_same_value_never_looks_the_same_twice() -> None:
    keyring = Keyring.parse(NEW)
    assert keyring.seal(b"Yes", "row:1") != keyring.seal(b"Yes", "row:1")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    keyring = Keyring.parse(NEW)
    with pytest.raises(KeyringError, match="moved"):
        keyring.open(keyring.seal(b"Yes", "row:1"), "row:2")


def test_a_value_changed_in_any_bit_does_not_open() -> None:
    keyring = Keyring.parse(NEW)
    sealed = keyring.seal(b"Yes", "row:1")
    for position in range(len(sealed)):
        changed = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(KeyringError):
            keyring.open(changed, "row:1")


def test_older_keys_still_open_and_the_newest_seals() -> None:
    before, after = Keyring.parse(OLD), Keyring.parse(f"{NEW},{OLD}")
    sealed = before.seal(b"Yes", "row:1")
    assert after.open(sealed, "row:1") == b"Yes"
    assert not after.is_current(sealed)
    assert after.is_current(after.seal(b"Yes", "row:1"))


def test_a_key_that_was_taken_away_is_named() -> None:
    sealed = Keyring.parse(OLD).seal(b"Yes", "row:1")
    with pytest.raises(KeyringError, match="no key b'old'"):
        Keyring.parse(NEW).open(sealed, "row:1")


@pytest.mark.parametrize(
    "setting",
    ["", "noseparator", "id:not base64!", "id:c2hvcnQ=", ":" + NEW.partition(":")[2]],
    ids=["empty", "no separator", "not base64", "too short", "no id"],
)
def test_a_malformed_key_is_refused_with_a_sentence(setting: str) -> None:
    with pytest.raises(KeyringError, match="BELAY_DIMENSION_KEYS"):
        Keyring.parse(setting)


def test_two_keys_of_one_name_are_refused() -> None:
    """Else the older one would seal, and the newest would be forgotten."""
    with pytest.raises(KeyringError, match="BELAY_DIMENSION_KEYS names 'new' twice"):
        Keyring.parse(f"{NEW},{new_key('new')}")


@pytest.mark.parametrize("key_id", ["2026a", "first", "local-1", "a.b_c"])
def test_a_new_key_is_one_that_the_setting_can_hold(key_id: str) -> None:
    assert Keyring.parse(f"{new_key(key_id)},{OLD}").primary == key_id


@pytest.mark.parametrize("key_id", ["", " ", "bad id", "a:b", "a,b", "a\n", "clé"])
def test_an_id_that_the_setting_could_not_hold_is_refused(key_id: str) -> None:
    with pytest.raises(KeyringError, match="letters, digits"):
        new_key(key_id)
