"""Every check to its end, and one line with the total: `python -m tests.run [stage …]`.

Stages run in two lanes beside each other: much of the second lane waits, for a browser or for what it killed.
"""

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from subprocess import STDOUT

RESULTS = Path("var/test-results")
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Stage:
    """A command. `counted` says that it is pytest, which tells how many tests it ran."""

    name: str
    command: tuple[str, ...]
    counted: bool = True

    @property
    def report(self) -> Path:
        return RESULTS / f"{self.name}.xml"


@dataclass(frozen=True)
class Outcome:
    passed: int
    failed: int
    skipped: int = 0


def _pytest(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", *words)


# What the first lane says is seen while it runs; a stage of the second lane is shown when it has ended.
# Integration tests wait for the database a third of their time, so three of them keep two cores busy.
LANES = (
    (
        Stage("lint", (str(BIN / "ruff"), "check", "."), counted=False),
        Stage("walls", (str(BIN / "lint-imports"),), counted=False),
        # Once, so that not every process of the tests compiles for itself.
        Stage("compiling", (sys.executable, "-m", "services.matcher.warm"), counted=False),
        Stage("unit", _pytest("-n", "2", "tests/unit")),
        Stage("integration", _pytest("-n", "3", "tests/integration", "tests/contract", "tests/architecture")),
    ),
    (
        Stage("types", (str(BIN / "mypy"),), counted=False),
        Stage("faults", _pytest("tests/faults")),
        Stage("browser", _pytest("tests/browser")),
    ),
)


def run_stage(stage: Stage, *, live: bool) -> Outcome:
    """A check that is not counted is one failure or nothing."""
    say(f"── {stage.name}")
    begun = time.monotonic()
    report = (f"--junitxml={stage.report}",) if stage.counted else ()
    stage.report.unlink(missing_ok=True)
    output = None if live else subprocess.PIPE
    done = subprocess.run([*stage.command, *report], check=False, text=True, stdout=output, stderr=output and STDOUT)
    ending = "done" if done.returncode == 0 else "FAILED"
    say(f"{done.stdout or ''}── {stage.name}: {ending} in {time.monotonic() - begun:.0f} s\n")
    counts = read_report(stage.report)
    return Outcome(counts.passed, max(counts.failed, int(done.returncode != 0)), counts.skipped)


def run_lane(lane: Iterable[Stage], *, live: bool) -> dict[str, Outcome]:
    return {stage.name: run_stage(stage, live=live) for stage in lane}


def read_report(path: Path) -> Outcome:
    if not path.exists():
        return Outcome(0, 0)
    suites = list(ET.parse(path).getroot().iter("testsuite"))  # noqa: S314 — pytest wrote it just now
    total, bad, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites for name in names)
        for names in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return Outcome(total - bad - skipped, bad, skipped)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(names: Iterable[str]) -> int:
    RESULTS.mkdir(parents=True, exist_ok=True)
    begun, asked = time.monotonic(), set(names)
    lanes = [[stage for stage in lane if not asked or stage.name in asked] for lane in LANES]
    with ThreadPoolExecutor(len(lanes)) as side:
        running = [side.submit(run_lane, lane, live=lane is lanes[0] or not lanes[0]) for lane in lanes]
        outcomes = {name: outcome for lane in running for name, outcome in lane.result().items()}
    return tell(outcomes, time.monotonic() - begun)


def tell(outcomes: dict[str, Outcome], seconds: float) -> int:
    failed = sum(outcome.failed for outcome in outcomes.values())
    skipped = sum(outcome.skipped for outcome in outcomes.values())
    for name, outcome in outcomes.items():
        if outcome.failed or outcome.skipped:
            say(f"{name}: {outcome.failed} failed, {outcome.skipped} skipped")
    say(f"All of it took {seconds:.0f} s.")
    say(f"{sum(outcome.passed for outcome in outcomes.values())} passed, {failed + skipped} failed")
    return int(failed + skipped > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
