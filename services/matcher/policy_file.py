"""Reading YAML or JSON so that every value knows its line."""

import json
from dataclasses import dataclass

import yaml

Location = tuple[int | str, ...]


@dataclass(frozen=True)
class PolicyProblem:
    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key} {self.reason}".replace("  ", " ")


class PolicyError(ValueError):
    """A policy that cannot be used, with all its problems."""

    def __init__(self, name: str, problems: list[PolicyProblem]) -> None:
        self.problems = sorted(problems, key=lambda p: p.line)
        super().__init__("\n".join(f"{name}, {problem}" for problem in self.problems))


@dataclass(frozen=True)
class Located:
    """A plain value and the line of each key or item in it (1-based)."""

    value: object
    lines: dict[Location, int]

    def nearest(self, location: Location) -> Location:
        """The longest part of a location that stands in the file."""
        sizes = range(len(location), 0, -1)
        return next((location[:size] for size in sizes if location[:size] in self.lines), ())


def parse_located(source: bytes | str, name: str) -> Located:
    """Parse YAML 1.1 or JSON; raises PolicyError with line for anything that is not a mapping of plain values."""
    text = _decode(source, name)
    if text.lstrip().startswith("{"):
        text = _checked_json(text, name)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[Location, int] = {}
        problems: list[PolicyProblem] = []
        _locate(node, (), lines, problems)
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PolicyError(name, [PolicyProblem(line, "", str(error.problem or error.context))]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise PolicyError(name, [PolicyProblem(1, "", str(error))]) from error
    if problems:
        raise PolicyError(name, problems)
    return Located({} if value is None else value, lines)


def _decode(source: bytes | str, name: str) -> str:
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise PolicyError(name, [PolicyProblem(line, "", "is not UTF-8 text; save the file as UTF-8")]) from error


def _checked_json(text: str, name: str) -> str:
    """Strict JSON is checked as JSON; YAML in braces is left to the YAML reader, which takes no tabs."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if name.endswith(".json"):
            raise PolicyError(name, [PolicyProblem(error.lineno, "", error.msg)]) from error
        return text
    return text.replace("\t", " ")


def _locate(
    node: yaml.Node | None, at: Location, lines: dict[Location, int], problems: list[PolicyProblem]
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            line = key.start_mark.line + 1
            if here in lines:
                problems.append(PolicyProblem(line, ".".join(map(str, here)), f"is given twice (line {lines[here]})"))
            lines[here] = line
            _locate(value, here, lines, problems)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*at, index)] = value.start_mark.line + 1
            _locate(value, (*at, index), lines, problems)
