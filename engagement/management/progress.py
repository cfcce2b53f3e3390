"""How far a long command is: a bar for somebody who watches a terminal, nothing in a file or a log."""

import sys

from tqdm import tqdm


class Bar:
    """Shown on standard error while that is a terminal, and gone in the end."""

    def __init__(self, label: str, total: int | None = None, unit: str = "") -> None:
        self.shown = tqdm(
            desc=label, total=total, unit=f" {unit}", file=sys.stderr, disable=None, leave=False, dynamic_ncols=True
        )

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *of_error: object) -> None:
        self.shown.close()

    def reached(self, number: int) -> None:
        """So many are done in all."""
        self.shown.update(number - self.shown.n)
