"""Plotly writer: the same figure for hover, zoom and export. Only scatter and bar traces."""

from __future__ import annotations

from html import escape
from typing import Any

from core.charts.drawing import FONT, GRID, INK, MUTED, PETROL_2, look_of, scaled
from core.charts.spec import EUR_CENTS, ChartSpec, Series, Value, bar_role, bridge_steps, parse_place, places

SEPARATORS = {"fi": ",\u00a0", "sv": ",\u00a0", "en": ".,"}
DASHES = {"": "solid", "2 3": "dot", "6 4": "dash", "10 3 2 3": "dashdot", "7 3": "longdash", "3 3": "dot"}


def to_plotly(spec: ChartSpec, *, language: str) -> dict[str, Any]:
    """{data, layout, config} for Plotly.newPlot; amounts in the display unit, texts ready formatted."""
    writer = _Writer(spec, language)
    return {"data": writer.data(), "layout": writer.layout(), "config": writer.config()}


class _Writer:
    def __init__(self, spec: ChartSpec, language: str) -> None:
        self.spec = spec
        self.language = language
        self.dated = all(parse_place(place) for place in places(spec.series)) and spec.kind not in (
            "bridge",
            "target",
        )
        self.rows = spec.kind == "target" or (spec.kind in ("bar", "stacked") and not self.dated)

    def number(self, value: Value) -> float | None:
        return None if value is None else scaled(value, unit=self.spec.unit, display=self.spec.display)

    def text(self, value: Value) -> str:
        return self.spec.text(value, language=self.language, with_unit=True)

    # --- traces --------------------------------------------------------------------------------------

    def data(self) -> list[dict[str, Any]]:
        if self.spec.kind == "bridge":
            return [self._bridge()]
        if self.spec.kind == "target":
            return self._target()
        if self.spec.kind in ("bar", "stacked"):
            return [self._bars(series, index) for index, series in enumerate(self.spec.series)]
        traces = []
        for series in sorted(self.spec.series, key=lambda one: not one.low):
            traces += self._band(series) if series.low else [self._line(series)]
        return traces

    def _line(self, series: Series) -> dict[str, Any]:
        look = look_of(series.role)
        return {
            "type": "scatter",
            "mode": "lines+markers" if look.dots or len(series.points()) == 1 else "lines",
            "name": escape(series.name),
            "meta": {"role": series.role},
            "x": list(series.x),
            "y": [self.number(value) for value in series.y],
            "customdata": [self.text(value) for value in series.y],
            "hovertemplate": "%{customdata}",
            "line": {"color": look.colour, "width": look.width, "dash": DASHES.get(look.dash, "dash")},
            "connectgaps": False,
        }

    def _band(self, series: Series) -> list[dict[str, Any]]:
        look = look_of(series.role)
        shared = {
            "type": "scatter",
            "mode": "lines",
            "x": list(series.x),
            "line": {"width": 0, "color": look.colour},
        }
        lower = {"y": [self.number(v) for v in series.low], "customdata": [self.text(v) for v in series.low]}
        upper = {"y": [self.number(v) for v in series.y], "customdata": [self.text(v) for v in series.y]}
        return [
            {
                **shared,
                **lower,
                "name": escape(series.name),
                "meta": {"role": series.role},
                "showlegend": False,
                "hovertemplate": "%{customdata}",
            },
            {
                **shared,
                **upper,
                "name": escape(series.name),
                "meta": {"role": series.role},
                "fill": "tonexty",
                "fillcolor": _faded(look.colour),
                "hovertemplate": "%{customdata}",
            },
        ]

    def _bars(self, series: Series, index: int) -> dict[str, Any]:
        role = series.role if series.role != "part" else f"part{index % 6 + 1}"
        values = [self.number(value) for value in series.y]
        names = list(series.x) if self.dated else [escape(x) for x in series.x]
        along = {"x": values, "y": names, "orientation": "h"} if self.rows else {"x": names, "y": values}
        meta: dict[str, Any] = {"role": role}
        marker = self._marker(role)
        if role in ("step", "saving"):
            roles = [bar_role(role, value) for value in series.y]
            meta, marker = {"roles": roles}, _marker_of(roles)
        return {
            "type": "bar",
            "name": escape(series.name),
            "meta": meta,
            "customdata": [self.text(value) for value in series.y],
            "hovertemplate": "%{customdata}",
            "marker": marker,
            **along,
        }

    def _marker(self, role: str) -> dict[str, Any]:
        look = look_of(role)
        if look.outline:
            return {"color": "rgba(0,0,0,0)", "line": {"color": look.colour, "width": 1.5}}
        marker: dict[str, Any] = {
            "color": look.fill or look.colour,
            "line": {"color": PETROL_2, "width": 1 if look.fill or role == "base" else 0},
        }
        if look.hatch:
            marker["pattern"] = {"shape": "/", "size": 6, "solidity": 0.25}
        return marker

    def _bridge(self) -> dict[str, Any]:
        steps = bridge_steps(self.spec)
        roles = ["confirmed" if step.role == "base" else bar_role(step.role, step.value) for step in steps]
        return {
            "type": "bar",
            "name": escape(self.spec.series[0].name),
            "meta": {"roles": roles},
            "x": [escape(step.label) for step in steps],
            "base": [self.number(step.begin) for step in steps],
            "y": [self.number(step.end - step.begin) for step in steps],
            "customdata": [self.text(step.value) for step in steps],
            "text": [self.spec.text(step.value, language=self.language) for step in steps],
            "textposition": "outside",
            "hovertemplate": "%{customdata}<extra></extra>",
            "marker": _marker_of(roles),
        }

    def _target(self) -> list[dict[str, Any]]:
        names = [escape(series.name) for series in self.spec.series]
        traces = []
        for series, name in zip(self.spec.series, names, strict=True):
            value = series.y[0]
            if value is None:
                continue
            start = series.start or 0
            shared = {"type": "bar", "orientation": "h", "y": [name], "name": name, "showlegend": False}
            if start:
                traces.append(
                    {
                        **shared,
                        "x": [self.number(start)],
                        "base": [0],
                        "meta": {"role": "base"},
                        "marker": self._marker("base"),
                        "customdata": [self.text(start)],
                        "hovertemplate": "%{customdata}",
                    }
                )
            low, high = (part[0] if part else None for part in (series.low, series.high))
            if low is not None and high is not None:
                traces.append(
                    {
                        **shared,
                        "x": [self.number(low - high)],
                        "base": [self.number(high)],
                        "meta": {"role": "range"},
                        "marker": self._marker("range"),
                        "customdata": [f"{self.text(high)}\u2026{self.text(low)}"],
                        "hovertemplate": "%{customdata}",
                    }
                )
                traces.append(
                    {
                        "type": "scatter",
                        "mode": "markers",
                        "x": [self.number(start + value)],
                        "y": [name],
                        "name": name,
                        "showlegend": False,
                        "meta": {"role": "confirmed"},
                        "customdata": [self.text(value)],
                        "hovertemplate": "%{customdata}",
                        "marker": {
                            "symbol": "line-ns-open",
                            "size": 22,
                            "color": look_of("confirmed").colour,
                            "line": {"width": 4},
                        },
                    }
                )
            else:
                traces.append(
                    {
                        **shared,
                        "x": [self.number(value)],
                        "base": [self.number(start)],
                        "meta": {"role": series.role},
                        "marker": self._marker(series.role),
                        "customdata": [self.text(value)],
                        "hovertemplate": "%{customdata}",
                    }
                )
        return traces

    # --- layout ------------------------------------------------------------------------------------------

    def layout(self) -> dict[str, Any]:
        value_axis = {
            "gridcolor": GRID,
            "zerolinecolor": "#8b867d",
            "tickformat": ",~f" if self.spec.unit == EUR_CENTS else ",~g",
            "automargin": True,
            "fixedrange": False,
        }
        place_axis: dict[str, Any] = {"gridcolor": GRID, "automargin": True}
        if self.dated:
            yearly = all(len(place) == 4 for place in places(self.spec.series))
            place_axis |= {
                "type": "date",
                "tickformat": "%Y" if yearly else "%-m/%Y",
                "hoverformat": "%Y" if yearly else "%-m/%Y",
            }
            if yearly:
                place_axis |= {"dtick": "M12", "tick0": "2000-01-01"}
        else:
            place_axis |= {"type": "category"}
        x, y = (value_axis, place_axis) if self.rows else (place_axis, value_axis)
        if self.rows:
            y["autorange"] = "reversed"
            if self._mostly_minus():
                x["autorange"] = "reversed"
        return {
            "font": {"family": FONT, "size": 13, "color": MUTED},
            "title": {"text": ""},
            "separators": SEPARATORS.get(self.language, SEPARATORS["fi"]),
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 12, "t": 28, "b": 8, "pad": 4},
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": MUTED, "activecolor": INK},
            "barmode": {"stacked": "relative", "target": "overlay"}.get(self.spec.kind, "group"),
            "hovermode": "x unified" if self.dated else "closest",
            "showlegend": len(self.spec.series) > 1 and self.spec.kind != "target",
            "legend": {"orientation": "h", "y": -0.18, "font": {"color": INK}},
            "xaxis": x,
            "yaxis": y,
            "shapes": self._shapes(),
            "annotations": self._annotations(),
        }

    def _mostly_minus(self) -> bool:
        values = [self.number(value) or 0.0 for series in self.spec.series for value in series.y]
        return sum(values) < 0

    def _shapes(self) -> list[dict[str, Any]]:
        shapes = []
        for note in self.spec.annotations:
            look = look_of(note.role)
            across, along = ("x", "y") if self.rows else ("y", "x")
            line = {"color": look.colour, "width": 1.6, "dash": DASHES.get(look.dash, "dash")}
            if note.kind == "mark":
                shapes.append(
                    {
                        "type": "line",
                        "x0": note.x,
                        "x1": note.x,
                        "yref": "paper",
                        "y0": 0,
                        "y1": 1,
                        "line": {"color": MUTED, "width": 1, "dash": "dot"},
                    }
                )
            elif note.kind == "line":
                at = self.number(note.value)
                shapes.append(
                    {
                        "type": "line",
                        f"{across}0": at,
                        f"{across}1": at,
                        f"{along}ref": "paper",
                        f"{along}0": 0,
                        f"{along}1": 1,
                        "line": line,
                    }
                )
            else:
                shapes.append(
                    {
                        "type": "rect",
                        "layer": "below",
                        f"{across}0": self.number(note.value),
                        f"{across}1": self.number(note.upto),
                        f"{along}ref": "paper",
                        f"{along}0": 0,
                        f"{along}1": 1,
                        "fillcolor": "#e3eef0",
                        "opacity": 0.7,
                        "line": {"color": look.colour, "width": 1},
                    }
                )
        return shapes

    def _annotations(self) -> list[dict[str, Any]]:
        notes = []
        for note in self.spec.annotations:
            pairs = (
                [(note.label, note.value), (note.upto_label, note.upto)]
                if note.kind != "mark"
                else [(note.label, None)]
            )
            for label, value in pairs:
                if not label:
                    continue
                text = (
                    escape(label)
                    if value is None
                    else f"{escape(label)} {self.spec.text(value, language=self.language)}"
                )
                shared = {"text": text, "showarrow": False, "font": {"color": INK, "size": 12}}
                if note.kind == "mark":
                    notes.append({**shared, "x": note.x, "yref": "paper", "y": 1, "yanchor": "bottom"})
                elif self.rows:
                    notes.append(
                        {**shared, "x": self.number(value), "yref": "paper", "y": 1, "yanchor": "bottom"}
                    )
                else:
                    notes.append(
                        {
                            **shared,
                            "y": self.number(value),
                            "xref": "paper",
                            "x": 1,
                            "xanchor": "right",
                            "yanchor": "bottom",
                        }
                    )
        return notes

    def config(self) -> dict[str, Any]:
        return {
            "displaylogo": False,
            "showSendToCloud": False,
            "plotlyServerURL": "",
            "responsive": True,
            "scrollZoom": False,
            "locale": self.language,
            "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
            "toImageButtonOptions": {"format": "png", "scale": 2, "filename": _file_name(self.spec.title)},
        }


def _marker_of(roles: list[str]) -> dict[str, Any]:
    return {
        "color": [look_of(role).colour for role in roles],
        "pattern": {"shape": ["/" if look_of(role).hatch else "" for role in roles], "solidity": 0.25},
    }


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.5)"


def _file_name(title: str) -> str:
    plain = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in plain.split("-") if part)[:60] or "chart"
