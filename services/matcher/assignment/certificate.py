"""The stored proof of a run: the matching, the prices of each step, and a hash of what went in."""

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from services.matcher.assignment.instance import Objective
from services.matcher.assignment.pricing import Prices
from services.matcher.assignment.problem import Int32, Int64, Problem, ProblemError, Rules
from services.matcher.assignment.solution import Proof, Solution

FORMAT = 1
PROOFS = ("total", "coverage", "floor")


class CertificateError(ValueError):
    """The file is not a certificate, or not one this version reads."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Enough to check a matching without a solver. `inputs` is a hash of the problem it was made for."""

    inputs: str
    rules: Rules
    mentor: Int32
    score: Int64
    total: Proof
    coverage: Proof | None
    floor: Proof | None

    def save(self, target: Path | str | BinaryIO) -> None:
        """Write as a compressed npz of plain arrays (nothing pickled)."""
        arrays: dict[str, NDArray[Any]] = {"mentor": self.mentor, "score": self.score}
        head: dict[str, Any] = {"format": FORMAT, "inputs": self.inputs, "rules": asdict(self.rules)}
        for name in PROOFS:
            proof: Proof | None = getattr(self, name)
            if proof is not None:
                head[name] = {"objective": asdict(proof.objective), "bound": proof.bound}
                arrays |= {f"{name}_{key}": array for key, array in asdict(proof.prices).items()}
        arrays["head"] = np.frombuffer(json.dumps(head, sort_keys=True).encode(), np.uint8)
        np.savez_compressed(target, allow_pickle=False, **arrays)

    def to_bytes(self) -> bytes:
        buffer = io.BytesIO()
        self.save(buffer)
        return buffer.getvalue()


def load_certificate(source: Path | str | BinaryIO) -> Certificate:
    """Read a certificate. Raises CertificateError if the file is no certificate."""
    try:
        with np.load(source, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return _read(json.loads(arrays["head"].tobytes()), arrays)
    except (OSError, KeyError, ValueError, TypeError, EOFError, BadZipFile) as error:
        said = "it holds something else" if "pickle" in str(error) else error  # NumPy would advise to load it anyway
        raise CertificateError(f"not a readable certificate: {said}") from error


def _read(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Certificate:
    if head["format"] != FORMAT:
        raise ValueError(f"format {head['format']}, expected {FORMAT}")
    proofs = {name: _read_proof(name, head, arrays) for name in PROOFS}
    total = proofs["total"]
    if total is None:
        raise ValueError("no proof of the total")
    return Certificate(
        str(head["inputs"]), Rules(**head["rules"]), arrays["mentor"].astype(np.int32),
        arrays["score"].astype(np.int64), total, proofs["coverage"], proofs["floor"],
    )  # fmt: skip


def _read_proof(name: str, head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Proof | None:
    if name not in head:
        return None
    given = head[name]["objective"]
    objective = Objective(
        bool(given["scored"]), tuple(int(bonus) for bonus in given["tier_bonus"]),
        int(given["minimum_bonus"]), int(given["threshold"]),
    )  # fmt: skip
    fields = ("price", "worth", "gate_key", "gate_worth")
    prices = Prices(*(arrays[f"{name}_{field}"].astype(np.int64) for field in fields))
    return Proof(objective, prices, int(head[name]["bound"]))


def certify(problem: Problem, solution: Solution) -> Certificate:
    """The certificate of a solved run."""
    if len(solution.mentor) != problem.rows:
        raise ProblemError("the solution belongs to another problem")
    return Certificate(
        hash_inputs(problem), solution.rules, solution.mentor, solution.score,
        solution.total_proof, solution.coverage_proof, solution.floor_proof,
    )  # fmt: skip


def hash_inputs(problem: Problem) -> str:
    """BLAKE2b over everything that decides the answer; scores too where their source has a fingerprint."""
    digest = hashlib.blake2b(digest_size=32)
    for name in ("owner", "capacity", "minimum", "load", "tier"):
        digest.update(name.encode() + np.ascontiguousarray(getattr(problem, name)).tobytes())
    lists = [sorted(problem.pins), sorted(problem.forbidden), sorted(problem.forbidden_owners)]
    names = [problem.row_ids, problem.mentor_ids, problem.tie_key.hex()]
    digest.update(json.dumps([lists, names]).encode())
    fingerprint = getattr(problem.source, "fingerprint", None)
    if fingerprint is not None:
        digest.update(fingerprint())
    return digest.hexdigest()
