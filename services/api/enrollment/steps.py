"""The six steps of a registration: one table that pages, JSON API and profile all go by."""

from collections.abc import Callable
from dataclasses import dataclass

from services.api.enrollment.schemas import Answers, Matters, Meeting, Place, Review, Step, Want, Who

_: Callable[[str], str] = str  # marks a title for extraction into the catalogs


@dataclass(frozen=True)
class StepSpec:
    """`key` is the step's name in `Answers`, in addresses of the API and of its template."""

    number: int
    key: str
    title: str
    schema: type[Step]

    def of(self, answers: Answers) -> Step | None:
        """This step as it was answered so far."""
        step: Step | None = getattr(answers, self.key)
        return step

    @property
    def path(self) -> str:
        return f"/register/step/{self.number}"


STEPS: tuple[StepSpec, ...] = (
    StepSpec(1, "who", _("Who you are"), Who),
    StepSpec(2, "place", _("Where you train"), Place),
    StepSpec(3, "want", _("What you want"), Want),
    StepSpec(4, "matters", _("What matters to you"), Matters),
    StepSpec(5, "meeting", _("When you can meet"), Meeting),
    StepSpec(6, "review", _("Review and consent"), Review),
)
BY_KEY: dict[str, StepSpec] = {spec.key: spec for spec in STEPS}


def step_number(number: int) -> StepSpec | None:
    return STEPS[number - 1] if 1 <= number <= len(STEPS) else None


def first_open(answers: Answers) -> StepSpec:
    """The first step that is not answered yet or was refused; the review when all others are done."""
    is_open = (spec for spec in STEPS[:-1] if spec.of(answers) is None or spec.key in answers.refused)
    return next(is_open, STEPS[-1])


def spec_of(step: Step) -> StepSpec:
    """The step that this is an answer to."""
    return next(spec for spec in STEPS if isinstance(step, spec.schema))
