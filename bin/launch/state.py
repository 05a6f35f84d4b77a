"""What the demo remembers of its data between two starts."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from . import checkout

OLD_AFTER = timedelta(days=7)


@dataclass
class State:
    """The data folder's story; empty for data that is not there (any more).

    Without a folder (the caller's own database) nothing is remembered.
    """

    data: Path | None = None
    schema: dict[str, str] = field(default_factory=dict)
    laid_out_at: datetime | None = None
    is_laying_out: bool = False

    @classmethod
    def read(cls, data: Path | None) -> Self:
        kept: dict[str, Any] = checkout.read_json(checkout.STATE)
        if data is None or kept.get("data") != str(data) or not (data / "PG_VERSION").exists():
            return cls(data)
        at = kept.get("laid_out_at")
        return cls(
            data,
            kept.get("schema", {}),
            datetime.fromisoformat(at) if at else None,
            kept.get("is_laying_out", False),
        )

    def save(self) -> None:
        if self.data is None:
            return
        at = self.laid_out_at
        content = {
            "data": str(self.data),
            "schema": self.schema,
            "laid_out_at": at.isoformat() if at else None,
            "is_laying_out": self.is_laying_out,
        }
        checkout.write_json(checkout.STATE, content)

    def reasons_to_start_over(self, schema: dict[str, str], now: datetime) -> list[str]:
        """Why fresh data would be better, in whole sentences."""
        reasons = []
        if self.laid_out_at and now - self.laid_out_at > OLD_AFTER:
            day = f"{self.laid_out_at.day} {self.laid_out_at:%B %Y}"
            reasons.append(f"The demo was laid out on {day}: its week six has passed.")
        if checkout.is_rewritten(self.schema, schema):
            reasons.append("The migrations were rewritten since the demo was made.")
        return reasons


def start_over(data: Path) -> None:
    """Delete the demo's data and messages; its keys stay."""
    for folder in (data, checkout.MAIL):
        shutil.rmtree(folder, ignore_errors=True)
    for file in (checkout.STATE, checkout.BEAT_SCHEDULE):
        file.unlink(missing_ok=True)


def utc_now() -> datetime:
    return datetime.now(UTC)
