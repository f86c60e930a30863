"""A program's matching policy: weights, hard rules, bandwidth, assignment and suggestions, from YAML or JSON.

Every key has a default. A file that names `features` switches off those it does not name. Reading reports all
errors at once, each with its line.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.matcher.policy_file import Located, Location, PolicyError, PolicyProblem, parse_located
from shared.explanations.features import Feature
from shared.vocabulary.mentoring import Kind

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class Part(BaseModel):
    """A part of the policy: unchangeable, and no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeaturePolicy(Part):
    """How much a feature counts; `by_kind` replaces the weight for slots of a kind."""

    weight: Weight = 1.0
    by_kind: dict[Kind, Weight] = {}

    def weight_for(self, kind: Kind) -> float:
        return self.by_kind.get(kind, self.weight)


class InterestPolicy(FeaturePolicy):
    """`lexical` is the share of word overlap beside meaning; `pool`: mean of the best 3 statement pairs, or of all."""

    weight: Weight = 4.0
    scale: Literal["percentile", "cosine"] = "percentile"
    lexical: Share = 0.2
    pool: Literal["top", "mean"] = "top"


class TimePolicy(FeaturePolicy):
    """Common hours a week; `enough_hours` and more count as 1."""

    enough_hours: Annotated[int, Field(ge=1, le=168)] = 6


class PlacePolicy(FeaturePolicy):
    """`prefer` is the program's own wish for mentees who have none."""

    weight: Weight = 0.5
    prefer: Literal["none", "same", "other"] = "none"


class Features(Part):
    interest: InterestPolicy = InterestPolicy()
    specialty: FeaturePolicy = FeaturePolicy(weight=2.0, by_kind={Kind.SPECIALTY: 4.0})
    stage: FeaturePolicy = FeaturePolicy(weight=1.0)
    shared_experience: FeaturePolicy = FeaturePolicy(weight=0.0)
    different_perspective: FeaturePolicy = FeaturePolicy(weight=1.0)
    time: TimePolicy = TimePolicy()
    place: PlacePolicy = PlacePolicy()
    style: FeaturePolicy = FeaturePolicy(weight=0.5)

    @model_validator(mode="before")
    @classmethod
    def switch_off_unnamed(cls, given: object) -> object:
        if not isinstance(given, Mapping) or not given:
            return given
        return {name: {"weight": 0} for name in cls.model_fields} | dict(given)

    @model_validator(mode="after")
    def something_counts(self) -> Self:
        if not any(self[f].weight or any(self[f].by_kind.values()) for f in Feature):
            raise ValueError("every feature has weight 0; give at least one a weight")
        return self

    def __getitem__(self, feature: Feature) -> FeaturePolicy:
        found: FeaturePolicy = getattr(self, feature.value)
        return found


class KindPolicy(Part):
    """Which distance of career stages, in years of training (mentor − mentee), a kind allows and likes best.

    Inside `best` the stage feature is 1; it falls to 0 over `fade` years outside.
    """

    allowed: tuple[int, int]
    best: tuple[int, int]
    fade: Annotated[int, Field(ge=1)] = 4
    hours_per_month: Annotated[float, Field(gt=0, le=100)] = 2.0

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.allowed[0] > self.allowed[1] or self.best[0] > self.best[1]:
            raise ValueError("a range is [least, most], with least not above most")
        return self


class Kinds(Part):
    near_peer: KindPolicy = KindPolicy(allowed=(1, 8), best=(1, 3))
    faculty: KindPolicy = KindPolicy(allowed=(1, 40), best=(5, 40))
    specialty: KindPolicy = KindPolicy(allowed=(1, 40), best=(3, 40))
    reverse: KindPolicy = KindPolicy(allowed=(-40, -1), best=(-40, -4))

    def __getitem__(self, kind: Kind) -> KindPolicy:
        found: KindPolicy = getattr(self, kind.value)
        return found


class HardRules(Part):
    same_site: Literal["allowed", "forbidden", "required"] = "allowed"
    common_language: bool = True
    minimum_common_hours: Annotated[int, Field(ge=0, le=168)] = 0
    training: bool = False
    pledge: bool = False


class AssignmentPolicy(Part):
    coverage: Literal["first", "none"] = "first"
    floor: Literal["max", "none", "leximin"] | Share = "max"
    load_weight: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = 0.05
    score_decimals: Annotated[int, Field(ge=1, le=6)] = 6


class Tiers(Part):
    """Who is served first when not everybody can be."""

    unmatched_before: bool = True


class SuggestionPolicy(Part):
    length: Annotated[int, Field(ge=1, le=50)] = 5
    per_institution: Annotated[int, Field(ge=1)] = 2


class ExplorationPolicy(Part):
    """How much mean score a small run may give up (`epsilon`, per pair) so that something new is tried; 0 is nothing.

    `draws` solutions tell how likely each pair was.
    """

    epsilon: Share = 0.0
    draws: Annotated[int, Field(ge=2, le=200)] = 20


class Policy(Part):
    """All of a program's matching policy; see the parts.

    `model` is the version of the outcome model that the weights were adopted from; 0: they were set by hand.
    """

    version: Count = 1
    model: Count = 0
    name: Annotated[str, Field(max_length=200)] = ""
    features: Features = Features()
    kinds: Kinds = Kinds()
    rules: HardRules = HardRules()
    assignment: AssignmentPolicy = AssignmentPolicy()
    tiers: Tiers = Tiers()
    suggestions: SuggestionPolicy = SuggestionPolicy()
    exploration: ExplorationPolicy = ExplorationPolicy()

    @model_validator(mode="after")
    def one_aim(self) -> Self:
        if self.exploration.epsilon and self.assignment.floor == "leximin":
            raise ValueError("a run that explores cannot be leximin too; set exploration.epsilon to 0 or floor to max")
        return self


def read_policy(path: Path) -> Policy:
    """The policy in a YAML or JSON file.

    Raises PolicyError with every problem and its line; OSError if the file cannot be read.
    """
    return parse_policy(path.read_bytes(), str(path))


def parse_policy(source: bytes | str, name: str = "policy") -> Policy:
    """The policy in a text; raises PolicyError with every problem and its line."""
    located = parse_located(source, name)
    try:
        return Policy.model_validate(located.value)
    except ValidationError as error:
        raise PolicyError(name, _problems(error, located)) from error


def _problems(error: ValidationError, located: Located) -> list[PolicyProblem]:
    """One problem per key; the alternatives that a key allows are joined by "or"."""
    reasons: dict[Location, list[str]] = {}
    for e in error.errors():
        reasons.setdefault(located.nearest(e["loc"]), []).append(_say(e))
    return [
        PolicyProblem(located.lines.get(at, 1), ".".join(map(str, at)), " or ".join(said))
        for at, said in reasons.items()
    ]


def _say(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "is not a key of the policy"
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return said[:1].lower() + said[1:]
