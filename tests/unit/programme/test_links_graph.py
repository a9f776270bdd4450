"""Waiting against a brute-force model: all paths written out one by one, all circles looked for one by one."""

import datetime as dt
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from programme.projects.links.graph import WHOLE, Link, Node, Point, chain, circle, reckon, worse

ZERO = dt.date(2024, 1, 1)


def day(number: int) -> dt.date:
    return ZERO + dt.timedelta(days=number)


# --- by hand ----------------------------------------------------------------------------------------------------

A, B, C = (1, 11), (2, 21), (3, 31)
WHOLE_2, WHOLE_3 = (2, WHOLE), (3, WHOLE)


def test_a_delay_goes_down_the_chain_with_the_days_between() -> None:
    points = {A: Point(day(40)), B: Point(day(30)), C: Point(day(35))}
    found = reckon(points, [Link(B, A, 5, key=1), Link(C, B, 0, key=2)])

    assert [(found[node].late_days, found[node].settled) for node in (A, B, C)] == [
        (0, day(40)), (15, day(45)), (10, day(45)),
    ]  # fmt: skip
    assert [link.what for link in chain(found, C)] == [B, A]
    assert chain(found, A) == []


def test_who_comes_late_enough_is_not_warned_and_stops_the_chain() -> None:
    points = {A: Point(day(40)), B: Point(day(60)), C: Point(day(61))}
    found = reckon(points, [Link(B, A), Link(C, B)])

    assert [found[node].late_days for node in (A, B, C)] == [0, 0, 0]
    assert found[C].settled == day(61)


def test_a_project_without_a_day_ends_with_its_last_milestone_and_what_is_done_is_never_warned() -> None:
    points = {
        WHOLE_2: Point(None), B: Point(day(50)), (2, 22): Point(day(20)),
        WHOLE_3: Point(day(45)), C: Point(day(10), is_done=True),
    }  # fmt: skip
    found = reckon(points, [Link(WHOLE_3, WHOLE_2, key=1), Link(C, WHOLE_2, key=2)])

    assert (found[WHOLE_2].settled, found[WHOLE_2].late_days) == (day(50), 0)
    assert (found[WHOLE_3].late_days, found[C].late_days, found[C].settled) == (5, 0, day(10))
    assert [link.what for link in chain(found, WHOLE_3)] == [WHOLE_2, B]


def test_a_circle_is_found_through_a_project_that_holds_a_milestone() -> None:
    nodes = [A, (1, WHOLE), B, WHOLE_2]
    waits_for_project = [Link(A, WHOLE_2)]

    assert circle(nodes, waits_for_project, Link(B, A)) == [B, A, WHOLE_2, B]
    assert circle(nodes, waits_for_project, Link(WHOLE_2, (1, WHOLE))) == [WHOLE_2, (1, WHOLE), A, WHOLE_2]
    assert circle(nodes, waits_for_project, Link((1, WHOLE), B)) == []


def test_a_circle_that_is_stored_all_the_same_is_left_alone() -> None:
    found = reckon(
        {A: Point(day(9)), B: Point(day(5)), C: Point(day(1))}, [Link(A, B), Link(B, A), Link(C, A)]
    )

    assert [found[node].settled for node in (A, B, C)] == [day(9), day(5), day(1)]
    assert not any(one.is_warned for one in found.values())


def test_worse_names_the_new_and_the_grown_warnings() -> None:
    links = [Link(B, A), Link(C, A)]
    before = reckon({A: Point(day(10)), B: Point(day(8)), C: Point(day(12))}, links)
    after = reckon({A: Point(day(15)), B: Point(day(8)), C: Point(day(12))}, links)

    assert (worse(before, after), worse(after, after), worse(after, before)) == ([B, C], [], [])


def test_the_end_of_the_calendar_is_no_fault() -> None:
    found = reckon({A: Point(dt.date.max), B: Point(day(0))}, [Link(B, A, 30)])

    assert (found[B].possible, found[B].is_warned) == (dt.date.max, True)


# --- against the model ------------------------------------------------------------------------------------------


@st.composite
def schedules(draw: st.DrawFn) -> tuple[dict[Node, Point], list[Link]]:
    """Up to four projects of up to three milestones, and links offered in turn; those that close a circle are not
    kept, judged by the model."""
    points: dict[Node, Point] = {}
    for project in range(1, draw(st.integers(1, 4)) + 1):
        days = st.one_of(st.none(), st.integers(0, 30))
        for milestone in range(draw(st.integers(0, 3)) + 1):
            own = draw(days)
            done = own is not None and draw(st.integers(0, 4)) == 0
            points[project, 10 * project + milestone if milestone else WHOLE] = Point(
                None if own is None else day(own), done
            )
    nodes = sorted(points)
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes), st.integers(0, 6))
    links: list[Link] = []
    for key, (who, what, gap) in enumerate(draw(st.lists(pairs, max_size=10)), start=1):
        new = Link(who, what, gap, key)
        if not in_a_circle([*edges(points, links), (who, what)]):
            links.append(new)
    return points, links


def edges(points: dict[Node, Point], links: list[Link]) -> list[tuple[Node, Node]]:
    """Who waits for what, a project for each of its milestones included."""
    inside = [((one[0], WHOLE), one) for one in points if one[1] != WHOLE]
    return inside + [(link.who, link.what) for link in links]


def in_a_circle(pairs: list[tuple[Node, Node]]) -> bool:
    """Takes away, again and again, whatever waits for nothing; what cannot be taken away goes round."""
    left = set(pairs)
    while True:
        waiting = {who for who, _what in left}
        gone = {pair for pair in left if pair[1] not in waiting}
        if not gone:
            return bool(left)
        left -= gone


def paths(node: Node, points: dict[Node, Point], links: list[Link]) -> Iterator[tuple[Node, int]]:
    """Every node that this one waits for, by every way there, with the days between added up. What is done ends a
    way: behind it nothing counts any more."""
    inside = [(one, 0) for one in points if node[1] == WHOLE and one[0] == node[0] and one[1] != WHOLE]
    for what, gap in [*inside, *((link.what, link.gap) for link in links if link.who == node)]:
        yield what, gap
        if not points[what].is_done:
            yield from ((further, gap + more) for further, more in paths(what, points, links))


@given(schedules())
@settings(max_examples=120, deadline=None)
def test_who_is_warned_and_by_how_much_agrees_with_all_paths_written_out(
    schedule: tuple[dict[Node, Point], list[Link]],
) -> None:
    points, links = schedule
    found = reckon(points, links)

    for node, point in points.items():
        ways = ((points[what].day, gap) for what, gap in paths(node, points, links))
        days = [own + dt.timedelta(days=gap) for own, gap in ways if own is not None]
        possible = max(days, default=None)
        late = 0
        if point.day is not None and not point.is_done and possible is not None:
            late = max(0, (possible - point.day).days)
        assert (found[node].possible, found[node].late_days) == (possible, late), node
        if late:  # the chain ends at what began it, and its days add up
            links_back = chain(found, node)
            began = points[links_back[-1].what].day
            assert began is not None
            assert began + dt.timedelta(days=sum(link.gap for link in links_back)) == possible


@given(schedules(), st.data())
@settings(max_examples=120, deadline=None)
def test_a_link_is_refused_exactly_when_the_model_goes_round(
    schedule: tuple[dict[Node, Point], list[Link]], data: st.DataObject
) -> None:
    points, links = schedule
    nodes = sorted(points)
    new = Link(data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from(nodes)))
    pairs = edges(points, links)

    found = circle(points, links, new)

    assert bool(found) is in_a_circle([*pairs, (new.who, new.what)])
    if found:
        assert (found[0], found[-1]) == (new.who, new.who)
        assert all(step in {*pairs, (new.who, new.what)} for step in zip(found, found[1:], strict=False))
