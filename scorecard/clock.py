"""The clock of the record: today, and months and years as the calendar counts them."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime

YEAR = 365.25  # days
MONTH = YEAR / 12  # days
EPOCH = date(2024, 1, 1)  # from here on stored draws count their years


def today() -> date:
    """The present day in UTC, which is the clock of the record."""
    return datetime.now(UTC).date()


def since_2024(day: date) -> float:
    """Years since 2024-01-01."""
    return (day - EPOCH).days / YEAR


def plus_months(day: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
