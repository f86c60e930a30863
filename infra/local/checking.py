"""What is wrong with the settings, said before anything starts."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from infra.local.errors import LocalError
from infra.local.surroundings import Surroundings
from services.matcher.interests.choosing import HASHING
from services.matcher.interests.model import ModelMissingError, locate, no_folder
from shared.security.keyring import Keyring, KeyringError
from shared.settings import Settings

PREFIX = "BELAY_"
ALIKE = 0.9


class WrongSettingError(LocalError):
    """Names each setting and what to do."""


def check_settings(surroundings: Surroundings) -> None:
    """Raises WrongSettingError for settings that no service could start with."""
    values = surroundings.settings()
    problems = list(_problems(values))
    if problems:
        where = "Correct it in your environment or in .env; nothing was started."
        raise WrongSettingError("\n".join([*problems, where]))


def _problems(values: dict[str, str]) -> Iterator[str]:
    yield from _misspelled(values)
    named = {name.removeprefix(PREFIX).lower(): value for name, value in values.items() if name.startswith(PREFIX)}
    try:
        settings = Settings(**{name: value for name, value in named.items() if name in Settings.model_fields})  # type: ignore[arg-type]
    except ValidationError as error:
        yield from (_sentence(detail) for detail in error.errors(include_url=False))
        return
    try:
        Keyring.parse(settings.dimension_keys.get_secret_value())
    except KeyringError as error:
        yield f"{error} (`belay new-key NAME` prints one)."
    try:
        _check_model(settings)
    except ModelMissingError as error:
        yield str(error)


def _misspelled(values: dict[str, str]) -> Iterator[str]:
    """A name that is nearly one of ours would silently do nothing."""
    ours = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in sorted({name for name in values if name.startswith(PREFIX)} - set(ours)):
        if meant := get_close_matches(name, ours, n=1, cutoff=ALIKE):
            yield f"{name} is not a setting; {meant[0]} is. Correct its name."


def _sentence(detail: ErrorDetails) -> str:
    if not detail["loc"]:
        return f"{detail['msg'].removeprefix('Value error, ')}."
    name = f"{PREFIX}{str(detail['loc'][0]).upper()}"
    given = "" if "SECRET" in name or "URL" in name else f" is {detail['input']!r}"
    said = detail["msg"].removeprefix("Value error, ")
    return f"{name}{given}: {said[0].lower()}{said[1:]}."


def _check_model(settings: Settings) -> None:
    """The default model or a folder must be there; torch may also know a name from a local cache of models."""
    name = settings.embedding_model
    if name == HASHING:
        return
    if locate(name) == name and settings.embedding_backend == "openvino" and not Path(name).is_dir():
        raise ModelMissingError(no_folder(name))
