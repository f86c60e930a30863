"""A measured figure, as `belay bench` prints it, and who is told what is being measured."""

from collections.abc import Callable
from dataclasses import dataclass

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    suite: str
    what: str
    instance: str
    value: float
    unit: str

    @property
    def cells(self) -> tuple[str, str, str, float, str]:
        return self.suite, self.what, self.instance, self.value, self.unit
