import stat
from pathlib import Path

import pytest

from infra.local.settings_file import SettingsFileError, read_settings, write_settings


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    settings = {"BELAY_SECRET_KEY": "a=b=c", "BELAY_DIMENSION_KEYS": "k1:AAAA+/8="}
    write_settings(tmp_path / "local.env", settings)
    assert read_settings(tmp_path / "local.env") == settings


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "local.env"
    path.write_text("OLD=1")
    path.chmod(0o644)
    write_settings(path, {"NEW": "2"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_file_says_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.env") == {}


def test_comments_quotes_and_export_are_understood(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# mine\n\nexport BELAY_MAIL_FROM='Belay <a@example.org>'\nBELAY_DEMO = \"true\"\n")
    assert read_settings(path) == {"BELAY_MAIL_FROM": "Belay <a@example.org>", "BELAY_DEMO": "true"}


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("BELAY_DEMO=true\nBELAY_REDIS_URL redis://here\n")
    with pytest.raises(SettingsFileError, match="line 2"):
        read_settings(path)
