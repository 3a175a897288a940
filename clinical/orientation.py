"""A measure's own units turned into y, 0-10 and higher worse, and back."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from clinical.coverage import Series
from clinical.measures import Direction

# What y runs to, whatever the measure's own range.
Y_MAXIMUM = 10.0


@dataclass(frozen=True, slots=True)
class Orientation:
    """One measure's range and direction."""

    minimum: float
    maximum: float
    direction: Direction

    @property
    def per_y(self) -> float:
        """How much in the measure's own units one unit of y is."""
        return (self.maximum - self.minimum) / Y_MAXIMUM

    def y(self, values: Series) -> Series:
        """The values as y; a missing day stays missing."""
        if self.direction == "higher_is_better":
            oriented: Any = (self.maximum - values) / self.per_y
        else:
            oriented = (values - self.minimum) / self.per_y
        return np.asarray(oriented, dtype=np.float64)

    def own(self, y: float) -> float:
        """A level of y in the measure's own units and direction."""
        if self.direction == "higher_is_better":
            return self.maximum - y * self.per_y
        return self.minimum + y * self.per_y

    def gain(self, of_y: float) -> float:
        """A difference of y in the measure's own units: still positive when better."""
        return of_y * self.per_y

    def change(self, of_y: float) -> float:
        """A difference of y in the measure's own units and direction."""
        return -self.gain(of_y) if self.direction == "higher_is_better" else self.gain(of_y)
