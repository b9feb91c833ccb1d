"""The panels of a dashboard as one SVG, each where the dashboard has it: lines, numbers, a heat map
and a table, as far as Trawl's dashboard has them. It is no Grafana, and looks like none."""

import html
import math

CELL_WIDTH, CELL_HEIGHT = 56, 30  # of Grafana's grid, which has 24 columns
HEAD = 56
COLOURS = ("#1b4965", "#ca6702", "#5fa8d3", "#94a684", "#9b2226", "#8d6a9f", "#7d7d7d", "#2a9d8f")
BINARY = {"bytes": "B", "Bps": "B/s"}
METRIC = {"reqps": "/s"}


def shown(value, unit):
    """A number as a person reads it."""
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "s":
        if value >= 120:
            return f"{value / 60:.3g} min"
        return next((f"{value * scale:.3g} {name}" for scale, name in
                     ((1, "s"), (1e3, "ms"), (1e6, "µs")) if value * scale >= 1), f"{value:.3g} s")
    step, end = (1024, BINARY[unit]) if unit in BINARY else (1000, METRIC.get(unit, ""))
    for prefix in ("", "k" if step == 1000 else "Ki", "M" if step == 1000 else "Mi"):
        if abs(value) < step or prefix[:1] == "M":
            return f"{value:.3g} {prefix}{end}".rstrip() if value < 1000 else (
                f"{value:.0f} {prefix}{end}".rstrip())
        value /= step
    raise AssertionError("not reached")


def text(x, y, words, size=11, anchor="start", fill="#333", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{fill}" font-weight="{weight}">{html.escape(str(words))}</text>')


def rounded_up(value, unit):
    """The next round number that is not less: 1, 2, 5, 10, ...; of bytes 1, 2, 4, 8, ..."""
    if value <= 0:
        return 1
    if unit in BINARY:
        return 2 ** math.ceil(math.log2(value))
    decade = 10 ** math.floor(math.log10(value))
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= value * 0.999)


class Box:
    """A rectangle of the picture, and where in it a graph goes."""

    def __init__(self, grid):
        self.x, self.y = grid["x"] * CELL_WIDTH + 4, HEAD + grid["y"] * CELL_HEIGHT + 4
        self.width = grid["w"] * CELL_WIDTH - 8
        self.height = grid["h"] * CELL_HEIGHT - 8

    def frame(self, title):
        return [f'<rect x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}" '
                'fill="#fff" stroke="#ddd"/>',
                text(self.x + 8, self.y + 16, title, 12, weight="bold")]


def lines_of(box, series, unit, begin, end):
    """series: pairs of a name and a list of (time, value)."""
    left, right, top = box.x + 62, box.x + box.width - 10, box.y + 28
    bottom = box.y + box.height - 40
    most = rounded_up(max((value for _, points in series for _, value in points), default=0), unit)
    drawn = []
    for i in range(5):
        y = bottom - (bottom - top) * i / 4
        drawn.append(f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>')
        drawn.append(text(left - 6, y + 4, shown(most * i / 4, unit), 10, "end", "#777"))
    for i, (_, points) in enumerate(series):
        path = " ".join(
            f"{left + (right - left) * (time - begin) / (end - begin):.0f},"
            f"{bottom - (bottom - top) * value / most:.1f}" for time, value in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke-width="1.5" '
                     f'stroke="{COLOURS[i % len(COLOURS)]}"/>')
    x, y = box.x + 10, bottom + 18
    for i, (name, _) in enumerate(series):
        width = 22 + sum(7.5 if c.isupper() or c == "_" else 5.8 for c in name)
        if x + width > right and x > box.x + 10:
            x, y = box.x + 10, y + 13
        drawn.append(f'<rect x="{x}" y="{y - 8}" width="9" height="9" '
                     f'fill="{COLOURS[i % len(COLOURS)]}"/>')
        drawn.append(text(x + 13, y, name, 10))
        x += width
    return drawn


def number_of(box, series, unit):
    values = [points[-1][1] for _, points in series if points]
    words = shown(values[0], unit) if values else "no data"
    return [text(box.x + box.width / 2, box.y + box.height / 2 + 18, words, 26, "middle",
                 COLOURS[0], "bold")]


def heat_of(box, series, begin, end):
    """series: named by their bucket's bound, with what is in it and in those below."""
    left, right, top = box.x + 62, box.x + box.width - 10, box.y + 28
    bottom = box.y + box.height - 18
    buckets = sorted(((float(name), dict(points)) for name, points in series), key=lambda b: b[0])
    times = sorted({time for _, points in buckets for time in points})
    columns = {}
    for time in times:
        below = 0
        for row, (_, points) in enumerate(buckets):
            columns[time, row] = max(points.get(time, below) - below, 0)
            below = points.get(time, below)
    most = max(columns.values(), default=0) or 1
    high = (bottom - top) / max(len(buckets), 1)
    wide = (right - left) / max(len(times), 1)
    drawn = [f'<g fill="{COLOURS[1]}">']
    for (time, row), count in columns.items():
        if count > 0:
            x = left + (right - left - wide) * (time - begin) / (end - begin)
            drawn.append(f'<rect x="{x:.1f}" y="{bottom - high * (row + 1):.0f}" '
                         f'width="{wide + 0.3:.1f}" height="{high:.0f}" '
                         f'opacity="{0.15 + 0.85 * count / most:.2f}"/>')
    drawn.append("</g>")
    for row, (bound, _) in enumerate(buckets):
        name = "more" if math.isinf(bound) else shown(bound, "s")
        drawn.append(text(left - 6, bottom - high * (row + 0.3), name, 9, "end", "#777"))
    return drawn


def table_of(box, rows):
    """rows: dictionaries."""
    drawn, y = [], box.y + 38
    for row in rows:
        for name, value in row.items():
            drawn.append(text(box.x + 12, y, name, 10, fill="#777"))
            drawn.append(text(box.x + 90, y, value, 10))
            y += 16
        y += 6
    return drawn


def picture(title, caption, panels):
    """panels: (panel of the dashboard, lines already drawn or None for a row's heading)."""
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel, _ in panels)
    width, height = 24 * CELL_WIDTH, HEAD + rows * CELL_HEIGHT + 8
    body = [text(10, 24, title, 18, weight="bold"), text(10, 44, caption, 12, fill="#777")]
    for panel, drawn in panels:
        box = Box(panel["gridPos"])
        if drawn is None:
            body.append(text(box.x + 4, box.y + 16, panel["title"], 14, weight="bold"))
        else:
            body += [*box.frame(panel["title"]), *drawn]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="#f7f7f7"/>', *body, "</svg>", ""])
