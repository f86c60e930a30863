"""Static files: where they lie, the address that changes with their content, and how long a browser keeps them."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "dist"
PREFIX = "/static"
_FOR_A_YEAR = "public, max-age=31536000, immutable"


class StaticFileMissingError(RuntimeError):
    """A template names a static file that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The static file {name} is missing: run `npm ci` and `npm run build`.")


@cache
def version() -> str:
    """A fingerprint of every static file, so that a change of any of them changes every address."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(STATIC)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def find_static(name: str) -> Path:
    """The file behind `name`: a built one first, then a hand-written one."""
    for folder in (BUILT, STATIC):
        if (folder / name).is_file():
            return folder / name
    raise StaticFileMissingError(name)


@cache
def static_url(name: str) -> str:
    """The address of a static file, good for as long as its content stays the same."""
    find_static(name)
    return f"{PREFIX}/{version()}/{name}"


class VersionedStatic(StaticFiles):
    """Serves `/static/<version>/<name>`: for a year if the version is ours, unkept if it is another's.

    The second case is a page of the release before or after this one, while both are being served.
    """

    def __init__(self) -> None:
        super().__init__(directory=BUILT, check_dir=False)
        self.all_directories.append(STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        asked, _, name = path.partition("/")
        response = await super().get_response(name, scope)
        response.headers["Cache-Control"] = _FOR_A_YEAR if asked == version() else "no-cache"
        return response
