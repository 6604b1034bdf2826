"""What rests on one source: every record that names it, and what each series would lose without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from scorecard.evidence.readings.vintages import current
from scorecard.records import RECORDS, Indicator, Measurement
from scorecard.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One indicator with and without a source: fitted readings, and the newest of them."""

    indicator: Indicator
    readings: int  # from the source, every vintage
    fitted: int  # systems and conditions that are fitted now
    left: int  # that would still be, an older or other vintage taking the place where there is one
    moved: int  # that would be fitted with another value
    newest: Measurement | None
    newest_left: Measurement | None

    @property
    def bears(self) -> bool:
        """Whether a fit of the series would see anything else without the source."""
        return self.left != self.fitted or self.moved > 0


def resting(known: View, source: str) -> dict[str, int]:
    """How many records of each kind name a source, by table; kinds with none are left out."""
    kinds = [cls for cls in RECORDS if "source" in {field.name for field in fields(cls)}]
    counts = {cls.TABLE: len(known.all(cls, source=source)) for cls in kinds}
    return {table: count for table, count in counts.items() if count}


def losses(
    readings: Mapping[str, Sequence[Measurement]], indicators: Mapping[str, Indicator], source: str
) -> list[Loss]:
    """What every series with readings from a source would lose without it; `readings` are every vintage known."""
    found = []
    for name, all_of in readings.items():
        ours = [m for m in all_of if m.source == source]
        if not ours or name not in indicators:
            continue
        now, then = _fitted(all_of), _fitted([m for m in all_of if m.source != source])
        found.append(
            Loss(
                indicator=indicators[name],
                readings=len(ours),
                fitted=len(now),
                left=len(then),
                moved=sum(then[key].value != m.value for key, m in now.items() if key in then),
                newest=_newest(now),
                newest_left=_newest(then),
            )
        )
    return found


type _Fitted = dict[tuple[object, ...], Measurement]


def _fitted(readings: Sequence[Measurement]) -> _Fitted:
    return {m.subject: m for m in current(m for m in readings if m.main)}


def _newest(fitted: _Fitted) -> Measurement | None:
    return max(fitted.values(), key=lambda m: m.observed_on, default=None)
