"""Learning where the truth is known: weights recovered, chance called chance, biased surveys noticed; and one
published data set (Fisman, Iyengar, Kamenica & Simonson, QJE 2006), where it lies in the folder of published data.
"""

import csv
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from services.matcher.learning.choosing import choose_pull
from services.matcher.learning.fitting import Sample, fit
from services.matcher.learning.intervals import bootstrap
from services.matcher.learning.learning import learn
from services.matcher.learning.measures import auc, sigmoid
from services.matcher.learning.observations import Floats, Ints, Observations
from services.matcher.learning.responses import responses
from shared.contracts.model_card import Verdict
from tests.benchmarks.figures import Figure, Setting
from tests.unit.learning.worlds import HAND_SET, OTHER_TRUTH, shares_of, world, world_of_choice

SEEDS = 100
FEW = 40
MEETINGS = Path("two_sided/speed_dating_pairs.csv")
RATED = ("attr", "intel", "prob")


def bench_learning(setting: Setting) -> list[Figure]:
    """Simulated cycles (the size plays no part), and meetings of two sides if `--data` names their folder."""
    found = []
    for part in (_recovery, _few, _chance, _surveys, _choices):
        setting.tell(f"learning: {part.__name__.strip('_')}")
        found += part()
    file = setting.data / MEETINGS if setting.data else None
    return [*found, *(_meetings(file) if file and file.is_file() else ())]


def _figure(what: str, instance: str, value: "float | np.floating[Any]", unit: str) -> Figure:
    return Figure("learning", what, instance, float(value), unit)


def _recovery() -> list[Figure]:
    """Four cycles of 300 pairs whose outcomes follow other weights than the hand-set ones."""
    truth, held, near, verdicts, seconds = shares_of(OTHER_TRUTH), [], [], Counter[Verdict](), []
    for seed in range(FEW):
        seen = world(seed, mentor_spread=0.7)
        began = perf_counter()
        found = learn(seen, intervals=False)
        interval = bootstrap(seen, Sample.of(seen))
        seconds.append(perf_counter() - began)
        held.append((interval.low <= truth) & (truth <= interval.high))
        near.append(float(np.abs(found.fitted - truth).sum()))
        verdicts[found.verdict] += 1
    far = float(np.abs(shares_of(HAND_SET) - truth).sum())
    where = f"4 cycles x 300 pairs, {FEW} seeds"
    return [
        _figure("95 % intervals that hold the true weight", where, 100 * np.mean(held), "%"),
        _figure("distance to the truth: hand-set", where, far, "of 2"),
        _figure("distance to the truth: fitted", where, np.mean(near), "of 2"),
        _figure("called better on later cycles", where, 100 * verdicts[Verdict.FITTED_IS_BETTER] / FEW, "%"),
        _figure("time to learn, with intervals", where, np.median(seconds), "s"),
    ]


def _few() -> list[Figure]:
    """With thirty pairs the hand-set policy stays."""
    stayed = [np.array_equal(learn(world(seed, per_cycle=15, cycles=2)).fitted, shares_of(HAND_SET))
              for seed in range(SEEDS)]  # fmt: skip
    return [_figure("hand-set weights kept with 30 pairs", f"{SEEDS} seeds", 100 * np.mean(stayed), "%")]


def _chance() -> list[Figure]:
    """Outcomes that hang on nothing, without and with better and worse mentors."""
    found = []
    for name, spread in (("random outcomes", 0.0), ("random, mentors differ", 1.0)):
        for pairs in (60, 300):
            verdicts = Counter(
                learn(world(seed, truth=None, per_cycle=pairs, mentor_spread=spread), intervals=False).verdict
                for seed in range(SEEDS)
            )
            alarms = 100 * (1 - verdicts[Verdict.NO_SIGNAL] / SEEDS)
            found.append(_figure(f"{name}: called a signal", f"4 cycles x {pairs} pairs, {SEEDS} seeds", alarms, "%"))
    return found


def _surveys() -> list[Figure]:
    """A survey that only happy people answer, beside one that is answered by chance."""
    found = []
    for name, happy in (("only happy people answer", True), ("six of ten answer, by chance", False)):
        for pairs in (80, 300):
            flags = [
                any(side.is_biased for side in
                    responses(world(seed, per_cycle=pairs, answer_rate=0.6, only_happy=happy)))
                for seed in range(SEEDS)
            ]  # fmt: skip
            found.append(
                _figure(f"{name}: flagged", f"4 cycles x {pairs} pairs, {SEEDS} seeds", 100 * np.mean(flags), "%")
            )
    return found


def _choices() -> list[Figure]:
    """Pairs of runs, alone and with those that people chose for what no feature tells; the latter known, or not."""
    truth, found = shares_of(OTHER_TRUTH), []
    for name, asked, known in (("runs alone", 0, True), ("and chosen pairs, at their own level", 600, True),
                               ("and chosen pairs, not told apart", 600, False)):  # fmt: skip
        for runs in (150, 600):
            far = []
            for seed in range(FEW):
                seen = world_of_choice(seed, runs, asked, 1.0, known=known)
                sample = Sample.of(seen)
                fitted = fit(sample, seen.shares, choose_pull(seen, sample).pull).shares(seen.shares)
                far.append(float(np.abs(fitted - truth).sum()))
            where = f"{runs} pairs of runs, {FEW} seeds"
            found.append(_figure(f"distance to the truth: {name}", where, np.mean(far), "of 2"))
    return found


# --- meetings of two sides ---


def _meetings(file: Path) -> list[Figure]:
    """Whether two people both say yes after a meeting, from what they said of each other; each wave foretold alone."""
    rows = list(csv.DictReader(file.read_text().splitlines()))
    wave = np.array([int(row["wave"]) for row in rows])
    match = np.array([float(row["match"]) for row in rows])
    sides = [_unseen_side(rows, side, wave) for side in ("f", "m")]
    together = _unseen(_ratings(rows, ("f", "m")), match, wave)
    zeros = np.zeros(len(match), np.int64)
    where = f"{len(rows)} meetings, leave one wave out"
    return [
        figure
        for name, chance in (("one model of the match", together), ("product of two sides", sides[0] * sides[1]))
        for figure in (
            _figure(f"{name}: AUC", where, auc(chance, match, zeros) or 0.0, ""),
            _figure(f"{name}: Brier", where, np.mean((chance - match) ** 2), ""),
        )
    ]


def _unseen_side(rows: list[dict[str, str]], side: str, wave: Ints) -> Floats:
    said = np.array([float(row[f"dec_{side}"]) for row in rows])
    return _unseen(_ratings(rows, (side,)), said, wave)


def _ratings(rows: list[dict[str, str]], sides: tuple[str, ...]) -> Floats:
    """float64[n, 3 × sides] in [0, 1]; a missing rating is the mean one."""
    columns = [f"{name}_{side}" for side in sides for name in RATED]
    given = np.array([[float(row[c]) / 10 if row[c] else np.nan for c in columns] for row in rows])
    return np.where(np.isnan(given), np.nanmean(given, axis=0), given)


def _unseen(ratings: Floats, said: Floats, wave: Ints) -> Floats:
    """float64[n]: chances of each wave from a model of the others, pulled towards equal weights."""
    count, features = ratings.shape
    outcomes = np.full((count, 4), np.nan)
    outcomes[:, 0] = said
    asked = np.zeros((count, 2), np.bool_)
    shares = np.full(features, 1 / features)
    seen = Observations(ratings, shares, outcomes, asked, np.arange(count), wave, np.ones(count),
                        np.zeros(count, np.bool_))  # fmt: skip
    sample, chance = Sample.of(seen), np.zeros(count)
    pull = choose_pull(seen, sample).pull
    for left_out in np.unique(wave):
        model = fit(sample.of_pairs(wave != left_out), shares, pull)
        chance[wave == left_out] = sigmoid(model.log_odds(sample))[wave == left_out]
    return chance
