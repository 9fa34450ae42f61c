"""What people type after `/`, as a test of rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from swarmtui.render.table import Column, Row
from swarmtui.widgets.rows import Predicate

_TERM = re.compile(r'(!?)((?:[^\s":]+:)?)(?:"([^"]*)"?|(\S+))')


def parse_filter(text: str, columns: Sequence[Column]) -> Predicate | None:
    """Return a test that rows pass, None when nothing is asked.

    Words are looked for in all cells, `column:word` in one; `!` before a term turns it round, and
    quotes hold words together. A column is known by its key or its title; an unknown one is taken
    as part of the word. Case does not matter.
    """
    tests = [
        _test(negated=bool(bang), column=column, word=quoted or plain, columns=columns)
        for bang, column, quoted, plain in _TERM.findall(text)
    ]
    if not tests:
        return None
    return lambda row: all(test(row) for test in tests)


def _test(
    *, negated: bool, column: str, word: str, columns: Sequence[Column]
) -> Callable[[Row], bool]:
    name = column.removesuffix(":").lower()
    index = next(
        (i for i, each in enumerate(columns) if name and name in (each.key, each.title.lower())),
        None,
    )
    wanted = (word if index is not None else column + word).lower()

    def found(row: Row) -> bool:
        # No word holds the end of a line, so none is found across two cells.
        text = "\n".join(map(str, row.cells)) if index is None else str(row.cells[index])
        return (wanted in text.lower()) is not negated

    return found
