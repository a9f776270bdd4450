"""The figures of each slice, worked out anew only where its cells have changed since this process did it last."""

from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from measures import calculations
from measures.calculations import AVOIDED, IN_BASE, INCOME, NEW, Cell, Clock, Figures, LevelMonths, Track
from measures.selectors.slices import Tree, slices_of

#: The latest figures of so many programmes are remembered.
PROGRAMMES = 4

Tracks = Mapping[str, Track]


@dataclass
class Worked:
    """Cells, tracks and figures by slice ("total", or kind and key), for one clock."""

    clock: Clock
    cells: Mapping[Hashable, list[Cell]]
    tracks: dict[Hashable, Tracks]
    run_months: LevelMonths
    figures: dict[Hashable, Figures] = field(default_factory=dict)

    def of(self, slice_: Hashable) -> Figures:
        """The figures of one slice."""
        found = self.figures.get(slice_)
        if found is None:
            books = self.tracks.get(slice_, {})
            found = self.figures[slice_] = calculations.figures(
                books.get(NEW), books.get(IN_BASE), self.clock, self.run_months,
                avoided=books.get(AVOIDED), income=books.get(INCOME),
            )  # fmt: skip
        return found

    def alone(self, book: str, slice_: Hashable = "total") -> Figures:
        """The figures of one book of a slice by itself."""
        return calculations.figures(self.tracks.get(slice_, {}).get(book), None, self.clock, self.run_months)


_LATEST: OrderedDict[int, Worked] = OrderedDict()


def work_out(cells: Iterable[Cell], tree: Tree, clock: Clock, *, programme_id: int | None) -> Worked:
    """Folds the cells slice by slice. With a programme, slices whose cells are the same as last time are taken over:
    a figure is never older than its cells."""
    by_slice: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        for slice_ in slices_of(cell, tree):
            by_slice[slice_].append(cell)
    before = _LATEST.get(programme_id) if programme_id is not None else None
    if before is not None and before.clock != clock:
        before = None
    same = {slice_ for slice_, own in by_slice.items() if before and before.cells.get(slice_) == own}
    tracks = {
        slice_: before.tracks[slice_] if before and slice_ in same else _folded(slice_, own, clock)
        for slice_, own in by_slice.items()
    }
    run_months = calculations.run_rate_months(tracks.get("total", {}).get(NEW, Track()), clock)
    made = Worked(clock, by_slice, tracks, run_months)
    if before is not None and before.run_months == run_months:
        made.figures = {slice_: found for slice_, found in before.figures.items() if slice_ in same}
    if programme_id is not None:
        _LATEST[programme_id] = made
        _LATEST.move_to_end(programme_id)
        while len(_LATEST) > PROGRAMMES:
            _LATEST.popitem(last=False)
    return made


def _folded(slice_: Hashable, cells: Iterable[Cell], clock: Clock) -> Tracks:
    folded = calculations.fold((cell._replace(slice=slice_) for cell in cells), clock)
    return {book: track for (_slice, book), track in folded.items()}


def forget_worked() -> None:
    """Empties this process's memory of figures by slice."""
    _LATEST.clear()
