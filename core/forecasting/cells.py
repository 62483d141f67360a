"""Deals sorted into cells of stage, age in stage and days until the expected close."""

from dataclasses import dataclass

import numpy as np

from core.forecasting.landmarks import Floats, Integers, Landmarks


@dataclass(frozen=True)
class Cells:
    """The stage, band of age and band of due of every snapshot row, as one number."""

    code: Integers
    shape: tuple[int, int, int]
    age_edges_days: Floats
    due_edges_days: Floats

    @classmethod
    def of(cls, past: Landmarks, age_edges_days: Floats, due_edges_days: Floats) -> "Cells":
        """Sort snapshot rows into cells; without any expected close there are no bands of due."""
        if not np.isfinite(past.due_days).any():
            due_edges_days = due_edges_days[:0]
        ages, dues = len(age_edges_days) + 1, len(due_edges_days) + 2
        age = np.digitize(past.age_days, age_edges_days)
        code = (past.stage * ages + age) * dues + due_band(past.due_days, due_edges_days)
        return cls(code, (len(past.stages) + 1, ages, dues), age_edges_days, due_edges_days)

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.shape[0] * self.shape[1] * self.shape[2]

    def places(self, rows: Integers, step: Integers) -> Integers:
        """Return where some rows, each in a step, stand by step, stage, age and due."""
        found: Integers = step * self.size + self.code[rows]
        return found

    def sums(self, places: Integers, weights: Floats, steps: int) -> Floats:
        """Return the sum of weights by step, stage, age and due."""
        summed = np.bincount(places, weights, minlength=steps * self.size)
        return summed.astype(np.float64).reshape(steps, *self.shape)


def due_band(due_days: Floats, edges_days: Floats) -> Integers:
    """Return the band of each deal; with no edges everything is one band, the unknown another."""
    band = np.digitize(np.nan_to_num(due_days), edges_days)
    return np.where(np.isfinite(due_days), band, len(edges_days) + 1)
