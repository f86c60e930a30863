"""Wrong settings are named, with what to do, before anything starts."""

from pathlib import Path

import pytest

from infra.local.checking import WrongSettingError, check_settings
from infra.local.layout import Layout
from infra.local.surroundings import Surroundings, load_surroundings


def surroundings(tmp_path: Path, **given: str) -> Surroundings:
    fresh = load_surroundings(Layout(tmp_path, tmp_path / "var"))
    return Surroundings(fresh.layout, fresh.kept, given)


def test_the_settings_we_make_ourselves_are_well(tmp_path: Path) -> None:
    check_settings(surroundings(tmp_path))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BELAY_MAIL_CHANNEL", "pigeon", "BELAY_MAIL_CHANNEL is 'pigeon': input should be 'file' or 'smtp'"),
        ("BELAY_PUBLISH_GRACE_SECONDS", "soon", "BELAY_PUBLISH_GRACE_SECONDS is 'soon'"),
        ("BELAY_METRICS_PORT", "99999999", "'99999999': input should be less than or equal to 65535"),
        ("BELAY_PUBLIC_URL", "not a url", "BELAY_PUBLIC_URL: write it as https://mentoring.example.org"),
        ("BELAY_PUBLIC_URL", "mentoring.example.org", "BELAY_PUBLIC_URL: write it as https://"),
        ("BELAY_OWNER_DATABASE_URL", "postgres://o:pw@host/belay", "write it as postgresql+psycopg://user:password@host"),
        ("BELAY_API_DATABASE_URL", "postgresql+psycopg://o:pw@host:x/belay", "BELAY_API_DATABASE_URL: write it as"),
        ("BELAY_REDIS_URL", "127.0.0.1:6379", "BELAY_REDIS_URL: write it as redis://:password@host:6379/0"),
        ("BELAY_SMTP_URL", "mail.example.org", "BELAY_SMTP_URL: write it as smtp+starttls://user:password@host:587"),
        ("BELAY_MAIL_CHANEL", "smtp", "BELAY_MAIL_CHANEL is not a setting; BELAY_MAIL_CHANNEL is"),
        ("BELAY_DIMENSION_KEYS", "xx", "`belay new-key NAME` prints one"),
        ("BELAY_EMBEDDING_MODEL", "no-such-model", "neither the default model nor a folder"),
        ("BELAY_EMBEDDING_MODEL", "/no/such/folder", "there is no such folder"),
        ("BELAY_ENVIRONMENT", "production", "set BELAY_PUBLIC_URL to the https:// address people use"),
    ],
)
def test_each_wrong_setting_is_named_with_what_to_do(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(WrongSettingError) as refused:
        check_settings(surroundings(tmp_path, **{name: value}))
    assert said in str(refused.value)
    assert "nothing was started" in str(refused.value)
    assert "pw" not in str(refused.value), "a password in an address is not repeated"


def test_several_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongSettingError) as refused:
        check_settings(surroundings(tmp_path, BELAY_MAIL_CHANNEL="pigeon", BELAY_PUBLISH_GRACE_SECONDS="-1"))
    assert "BELAY_MAIL_CHANNEL" in str(refused.value)
    assert "BELAY_PUBLISH_GRACE_SECONDS" in str(refused.value)
