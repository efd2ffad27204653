"""Times as people here read them. Entries are stored in UTC; a day begins and ends where the machine is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from schemas import PolicyError


def shown(at: str) -> str:
    """A stored time as a local one: ``2025-03-01 16:20``."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def day_of(at: str) -> str:
    """The local day of a stored time."""
    return shown(at)[:10]


def start_of(day: str) -> str:
    """When a local day (``2025-03-01``) begins, as times are stored. Raises ``PolicyError`` where it is no day."""
    return _stored(datetime.combine(_day(day), time()))


def end_of(day: str) -> str:
    """The last moment of a local day, as times are stored. Raises ``PolicyError`` where it is no day."""
    return _stored(datetime.combine(_day(day) + timedelta(days=1), time()) - timedelta(microseconds=1))


def _day(day: str) -> date:
    try:
        return date.fromisoformat(day.strip())
    except ValueError as error:
        raise PolicyError(f"“{day}”不是日期", "写成 年-月-日，例如 2025-03-01。") from error


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
