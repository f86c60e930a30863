"""From longitude and latitude to a spot on the map of us-atlas: Albers' equal-area conic, Alaska and Hawaii moved in.

The composite, its parallels, scales and frames are those of d3-geo's `geoAlbersUsa` at scale 1300, into which the
"albers" files of us-atlas are projected. The conic follows Snyder, Map Projections: A Working Manual (1987), §14.
"""

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin, sqrt

WIDTH, HEIGHT = 975, 610
_SCALE = 1300

Spot = tuple[float, float]


@dataclass(frozen=True)
class Conic:
    """Albers' projection between two standard parallels (degrees), centered; `at` is where the center lies (pixels)."""

    parallels: tuple[float, float]
    rotation: float
    center: tuple[float, float]
    scale: float
    at: Spot

    @cached_property
    def cone(self) -> tuple[float, float]:
        """Snyder's n and C."""
        first, second = (sin(radians(parallel)) for parallel in self.parallels)
        n = (first + second) / 2
        return n, 1 + first * (2 * n - first)

    def raw(self, longitude: float, latitude: float) -> Spot:
        """On the unit sphere, y upward, without the center."""
        n, c = self.cone
        radius = sqrt(c - 2 * n * sin(radians(latitude))) / n
        angle = n * radians((longitude + 180) % 360 - 180)
        return radius * sin(angle), sqrt(c) / n - radius * cos(angle)

    def project(self, longitude: float, latitude: float) -> Spot:
        x, y = self.raw(longitude + self.rotation, latitude)
        x0, y0 = self.raw(*self.center)
        return self.at[0] + self.scale * (x - x0), self.at[1] - self.scale * (y - y0)


_MIDDLE = (WIDTH / 2, HEIGHT / 2)
LOWER_48 = Conic((29.5, 45.5), 96, (-0.6, 38.7), _SCALE, _MIDDLE)
ALASKA = Conic(
    (55, 65), 154, (-2, 58.5), _SCALE * 0.35, (_MIDDLE[0] - 0.307 * _SCALE, _MIDDLE[1] + 0.201 * _SCALE)
)
HAWAII = Conic((8, 18), 157, (-3, 19.9), _SCALE, (_MIDDLE[0] - 0.205 * _SCALE, _MIDDLE[1] + 0.212 * _SCALE))


def project(longitude: float, latitude: float) -> Spot | None:
    """The spot in pixels (x to the right, y down), or none for what the map does not show (the territories)."""
    if latitude > 50:
        return ALASKA.project(longitude, latitude)
    if 18 < latitude < 23 and -161 < longitude < -154:
        return HAWAII.project(longitude, latitude)
    if latitude > 24 and -125 < longitude < -66:
        return LOWER_48.project(longitude, latitude)
    return None
