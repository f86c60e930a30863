"""One way to compile: cached on disk, without the interpreter lock, with our types kept for mypy."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

import services.matcher.compiled_code  # noqa: F401 — says where to keep what is compiled

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    return cast("F", numba.njit(cache=True, nogil=True)(function))


def compiled_into(function: F) -> F:
    """For small functions of many arrays in inner loops: put into their callers, since each call counts references."""
    return cast("F", numba.njit(cache=True, nogil=True, inline="always")(function))


def compiled_fast(function: F) -> F:
    """For reductions that may be reordered (maxima): lets the compiler use vector instructions."""
    flags = {"nnan", "nsz", "reassoc", "contract"}
    return cast("F", numba.njit(cache=True, nogil=True, fastmath=flags)(function))
