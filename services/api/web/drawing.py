"""The drawing engine: Vega-Lite specifications to SVG that needs no script and no inline style.

A drawing takes tens of milliseconds, so each is kept: in this process, and in Redis for the other processes and for
the next start. Without Redis everything is drawn here.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Generic, TypeVar, cast

import structlog
import vl_convert
from redis import Redis
from redis.exceptions import RedisError

from services.api.web.translations import current_locale

KEPT_SECONDS = 7 * 24 * 3600
PATIENCE = 0.2  # seconds; a drawing takes less
EDITION = hashlib.sha256(version("vl-convert-python").encode() + Path(__file__).read_bytes()).hexdigest()[:16]
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class Gallery:
    """Drawings in Redis, under the digest of what they were drawn from."""

    redis: Redis

    @classmethod
    def on(cls, redis_url: str) -> "Gallery":
        return cls(Redis.from_url(redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE))

    def find(self, spec: str) -> str | None:
        try:
            kept = self.redis.get(_key(spec))
        except RedisError as error:
            log.warning("no kept drawings", error=type(error).__name__)
            return None
        return zlib.decompress(kept).decode() if isinstance(kept, bytes) else None

    def keep(self, spec: str, svg: str) -> None:
        try:
            self.redis.set(_key(spec), zlib.compress(svg.encode()), ex=KEPT_SECONDS)
        except RedisError as error:
            log.warning("a drawing was not kept", error=type(error).__name__)


def _key(spec: str) -> str:
    return f"drawing:{EDITION}:{hashlib.sha256(spec.encode()).hexdigest()}"


_galleries: list[Gallery] = []


def share_drawings(redis_url: str) -> None:
    """From now on this process shares its drawings."""
    _galleries[:] = [Gallery.on(redis_url)]


@lru_cache(maxsize=256)
def draw(spec: str) -> str:
    """The drawing of a specification, as JSON; from the gallery if somebody has drawn it before."""
    for gallery in _galleries:
        if found := gallery.find(spec):
            return found
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    svg = _shrink(_strip_semantics(svg))
    for gallery in _galleries:
        gallery.keep(spec, svg)
    return svg


@dataclass(frozen=True)
class Sketch(Generic[T]):
    """Something to be drawn; two with the same key and language are the same."""

    key: Hashable
    locale: str
    make: Callable[[], T] = field(compare=False)


def drawn_once(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` draws, in the reader's language; kept under a key that says all that it is drawn from.

    Building a chart takes about as long as drawing it.
    """
    return cast("T", _drawn(Sketch(key, current_locale(), make)))


@lru_cache(maxsize=64)  # a map is 100 kB, and each new mentorship makes another
def _drawn(sketch: Sketch[object]) -> object:
    return sketch.make()


def forget() -> None:
    """Forget every drawing, as after a change of data: for measuring."""
    draw.cache_clear()
    _drawn.cache_clear()
    _galleries.clear()


_SEMANTICS = re.compile(r' (?:role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"]*"')
_STYLE = re.compile(r' style="[^"]*"')
_HIDDEN = re.compile(r'<path class="(?:background|foreground)"[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*/>')
_COORDINATES = re.compile(r'(?<= d=")[^"]+|(?<=transform=")translate[^"]+')
_DECIMALS = re.compile(r"-?\d+\.\d{2,}")


def _strip_semantics(svg: str) -> str:
    """Inside an image nothing is announced; the strict CSP takes no inline style."""
    return _HIDDEN.sub("", _STYLE.sub("", _SEMANTICS.sub("", svg)))


def _shrink(svg: str) -> str:
    """A tenth of a pixel is exact enough, and a third of the size."""
    return _COORDINATES.sub(lambda found: _DECIMALS.sub(_round, found.group()), svg)


def _round(number: re.Match[str]) -> str:
    return f"{float(number.group()):.1f}".removesuffix(".0")
