"""The system account PostgreSQL runs under when we are root, and how it reaches its files.

PostgreSQL refuses to run as root. An ordinary user needs none of this.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "pgserver"
SHELTER = Path("/var/lib")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def account_for_postgres() -> Account | None:
    """None for an ordinary user, who runs PostgreSQL as themself; as root, an account made for it."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        create = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        subprocess.run(create, check=True, capture_output=True)  # noqa: S603 - fixed words
        entry = pwd.getpwnam(ACCOUNT)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def run_as(account: Account | None, command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    who = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": ()}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own binaries
        command, cwd=cwd, capture_output=True, text=True, check=False, **who
    )


def can_run(account: Account, program: Path) -> bool:
    try:
        return run_as(account, [str(program), "--version"], Path("/")).returncode == 0
    except OSError:
        return False


def can_enter(account: Account, directory: Path) -> bool:
    return run_as(account, ["/bin/sh", "-c", 'cd -- "$0"', str(directory)], Path("/")).returncode == 0


def shelter_for(directory: Path) -> Path:
    """Where PostgreSQL's files go when the way to `directory` is closed to its account (a private home).

    Opening the way would mean loosening the permissions of directories that are not ours.
    """
    name = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:12]
    return SHELTER / f"belay-{name}"


def sheltered_copy(account: Account, tree: Path) -> Path:
    """A copy of PostgreSQL's programs that its account can run."""
    shelter = shelter_for(tree)
    copy = shelter / "postgresql"
    if not can_run(account, copy / "bin" / "postgres"):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(tree, copy, symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "a+rX", str(shelter)], check=True)  # noqa: S603 - fixed words
    return copy
