"""A measured figure, as `belay bench` prints it."""

from dataclasses import dataclass


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
