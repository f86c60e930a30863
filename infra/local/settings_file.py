"""Files of `NAME=value` lines: the user's `.env` and our `var/local.env`."""

import os
from collections.abc import Mapping
from pathlib import Path

from infra.local.errors import LocalError


class SettingsFileError(LocalError):
    """Names file and line."""


def read_settings(path: Path) -> dict[str, str]:
    """Nothing where the file does not exist. Values may stand in quotes; `#` begins a comment line."""
    if not path.exists():
        return {}
    settings = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            name, value = _parse(text, f"{path}, line {number}")
            settings[name] = value
    return settings


def write_settings(path: Path, settings: Mapping[str, str]) -> None:
    """Replaces the file as a whole; only its owner may read it."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    lines = [f"{name}={value}\n" for name, value in settings.items()]
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.writelines(lines)
    draft.rename(path)


def _parse(text: str, place: str) -> tuple[str, str]:
    name, equals, value = text.removeprefix("export ").partition("=")
    if not equals or not name.strip().isidentifier():
        raise SettingsFileError(f"{place} is not of the form NAME=value. Correct it or put # in front.")
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return name.strip(), value[1:-1] if quoted else value
