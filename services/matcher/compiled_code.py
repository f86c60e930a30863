"""Where compiled loops are kept on disk.

numba compiles a function again when its own file changes, not when a loop or a number that it takes in from another
file does. So the folder is named after all those files, and changed code never meets what was compiled before.
"""

import hashlib
import os
import shutil
from pathlib import Path

import numba

HERE = Path(__file__).parent
SOURCES = ("scoring", "assignment")


def fingerprint(here: Path = HERE) -> str:
    """Of everything that compiled loops are made from."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(path for folder in SOURCES for path in (here / folder).glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def folder() -> Path:
    """Under NUMBA_CACHE_DIR, else beside the byte code. Where it cannot be written, numba looks for a place itself."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or HERE / "__pycache__") / f"kernels-{fingerprint()}"


def forget_others() -> None:
    """Delete what was compiled from other sources."""
    kept = folder()
    for other in kept.parent.glob("kernels-*"):
        if other != kept:
            shutil.rmtree(other, ignore_errors=True)


vars(numba.config)["CACHE_DIR"] = str(folder())
