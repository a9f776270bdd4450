"""Places on the matrix, what moved, the line of what is accepted, and that every risk is counted once."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risks.register.calculations import (
    PART,
    PROGRAMME,
    PROJECT,
    SIDES,
    Movement,
    Place,
    Standing,
    counted_where,
    levels_counted,
    matrix,
    month_before,
    months_after,
    movement,
    parse_place,
    place_of,
    review_due,
)


def test_nobody_assessed_is_no_place_and_no_movement():
    assert place_of(None, 3) is None
    assert place_of(3, None) is None
    assert movement(Place(3, 3), None) is None
    assert levels_counted([None, None, 9, 8], appetite=8) == {"above": 1, "within": 1, "unassessed": 2}


@pytest.mark.parametrize(
    ("before", "now", "kind", "arrow"),
    [
        (None, Place(3, 3), "new", "+"),
        (Place(3, 3), Place(4, 3), "up", "↑"),
        (Place(4, 4), Place(3, 5), "down", "↓"),
        (Place(2, 3), Place(3, 2), "aside", "↔"),
        (Place(2, 3), Place(2, 3), "same", ""),
    ],
)
def test_a_movement_says_which_way(before, now, kind, arrow):
    assert (Movement(before, now).kind, Movement(before, now).arrow) == (kind, arrow)


def test_the_matrix_places_each_risk_once_and_leaves_out_the_unassessed():
    rows = matrix({1: Place(5, 1), 2: Place(5, 1), 3: None, 4: Place(1, 5)}, appetite=8)

    assert [row.likelihood for row in rows] == [5, 4, 3, 2, 1]
    assert rows[0].cells[0].keys == (1, 2)
    assert rows[4].cells[4].keys == (4,)
    assert sum(len(cell.keys) for row in rows for cell in row.cells) == 3


@pytest.mark.parametrize("appetite", [1, 4, 8, 15, 24])
def test_the_line_runs_exactly_between_accepted_and_more(appetite):
    cells = {cell.place: cell for row in matrix({}, appetite) for cell in row.cells}
    for likelihood, impact in product(SIDES, SIDES):
        cell = cells[Place(likelihood, impact)]
        assert cell.is_above == (likelihood * impact > appetite)
        upper, right = cells.get(Place(likelihood + 1, impact)), cells.get(Place(likelihood, impact + 1))
        assert cell.line_top == (upper is not None and upper.is_above and not cell.is_above)
        assert cell.line_right == (right is not None and right.is_above and not cell.is_above)


@pytest.mark.parametrize("text", ["", "3", "0-3", "6-1", "a-b", "3-٣", "33-1"])
def test_a_cell_that_is_none_is_not_read(text):
    assert parse_place(text) is None


def test_a_cell_is_read_as_it_is_written():
    assert parse_place(Place(4, 3).key) == Place(4, 3)


@st.composite
def registers(draw):
    """Own risks of a programme and risks of its projects, raised or not, with any parent, closed ones missing."""
    own = draw(st.integers(0, 4))
    rows = [Standing(key) for key in range(1, own + 1)]
    for key in range(100, 100 + draw(st.integers(0, 8))):
        parent = draw(st.one_of(st.none(), st.integers(1, 6)))
        rows.append(Standing(key, draw(st.integers(1, 3)), parent, draw(st.booleans())))
    return rows


@settings(max_examples=80, deadline=None)
@given(registers())
def test_every_open_risk_is_counted_exactly_once(rows):
    placed = counted_where(rows)
    own = {row.key for row in rows if row.project is None}

    assert set(placed) == {row.key for row in rows}
    for row in rows:
        stands_under = row.is_raised and row.project is not None and row.parent in own
        if stands_under:
            # Its parent stands in the programme's picture itself, so that nothing is lost either.
            assert placed[row.key] == PART and placed[row.parent] == PROGRAMME
        elif row.project is None or row.is_raised:
            assert placed[row.key] == PROGRAMME
        else:
            assert placed[row.key] == PROJECT
    per_place = [sum(where == place for where in placed.values()) for place in (PROGRAMME, PART, PROJECT)]
    assert sum(per_place) == len(rows)


def test_days_of_the_yearly_look():
    assert months_after(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert months_after(dt.date(2023, 12, 31), 2) == dt.date(2024, 2, 29)
    assert review_due([None, None], 12) is None
    assert review_due([dt.date(2023, 5, 1), None, dt.date(2023, 3, 1)], 12) == dt.date(2024, 5, 1)
    assert month_before(dt.date(2024, 3, 31)) == dt.date(2024, 2, 29)
