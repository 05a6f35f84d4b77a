"""The table of outcomes as it is read: address × thing × method → what each visitor gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "outcomes.txt"
METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Line:
    """One line: statuses by visitor; some are missing as long as nobody has filled the line in."""

    address: str
    thing: str
    method: str
    statuses: dict[str, str]

    @property
    def is_of_a_visitor(self) -> bool:
        """Whether its thing stands only where the further visitors do."""
        return self.thing.endswith(("_of_ended", "_of_gone"))

    def visitors(self, *statuses: str) -> list[str]:
        return [visitor for visitor, status in self.statuses.items() if status in statuses]


def _words() -> list[list[str]]:
    lines = FILE.read_text().splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


COLUMNS = _words()[0][3:]
LINES = [
    Line(address, thing, method, dict(zip(COLUMNS, statuses, strict=False)))
    for address, thing, method, *statuses in _words()[1:]
]


def things_of(lines: list[Line] = LINES) -> list[tuple[str, str]]:
    """Each address with each thing, once."""
    return list(dict.fromkeys((line.address, line.thing) for line in lines))


def line_of(address: str, thing: str, method: str) -> Line:
    return next(line for line in LINES if (line.address, line.thing, line.method) == (address, thing, method))


def text_of(lines: list[Line], columns: list[str]) -> str:
    """The file, under the comment that stands at its head."""
    rows = [("address", "thing", "method", columns)]
    rows += [(line.address, line.thing, line.method, [line.statuses[visitor] for visitor in columns]) for line in lines]
    wide = max(len(address) + len(thing) for address, thing, *_ in rows) + 2
    head = [line for line in FILE.read_text().splitlines() if line.startswith("#")]
    body = [
        f"{address} {thing:{wide - len(address)}}{method:6}"
        + "".join(f" {value:>{max(len(name), 3)}}" for name, value in zip(columns, values, strict=True))
        for address, thing, method, values in rows
    ]
    return "\n".join([*head, *body]) + "\n"
