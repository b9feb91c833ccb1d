"""Bar charts as SVG, written by hand: no library, a few kilobytes, readable by any browser.

    panel = Panel("Prose", "GB/s", ["memcpy", "trawl"], [("1 MiB", [12.1, 7.9])], logarithmic=True)
    path.write_text(chart("Detector", [panel], "the machine"))
"""

import dataclasses
import html
import math

from tables import number

WIDTH = 960
LABELS = 190
VALUES = 70
BAR = 11
GAP = 9
COLOURS = ("#1b4965", "#ca6702", "#5fa8d3", "#94a684", "#9b2226", "#8d6a9f", "#7d7d7d")


@dataclasses.dataclass
class Panel:
    """Groups of bars. rows: pairs of a label and a value or None for each of `series`."""
    title: str
    unit: str
    series: list
    rows: list
    logarithmic: bool = False


def _text(x, y, text, size=12, anchor="start", **attributes):
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}"{more}>'
            f'{html.escape(text)}</text>')


class _Scale:
    def __init__(self, panel):
        values = [value for _, row in panel.rows for value in row if value]
        self.logarithmic = panel.logarithmic
        self.high = max(values, default=1)
        self.low = min(values, default=1)
        if self.logarithmic:
            self.low = 10 ** math.floor(math.log10(self.low) - 1e-9)
            self.high = max(self.high, 10 * self.low)

    def width(self, value):
        room = WIDTH - LABELS - VALUES
        if self.logarithmic:
            return room * math.log(value / self.low) / math.log(self.high / self.low)
        return room * value / self.high

    def ticks(self):
        if self.logarithmic:
            decades = math.floor(math.log10(self.high / self.low) + 1e-9)
            return [self.low * 10 ** i for i in range(decades + 1)]
        step = 10 ** math.floor(math.log10(self.high))
        if self.high / step < 3:
            step /= 2
        return [step * i for i in range(int(self.high / step) + 1)]


def _panel(panel, top, colours):
    """The lines of a panel, and where it ends."""
    scale = _Scale(panel)
    lines = [_text(16, top + 14, f"{panel.title}, {panel.unit}", 14, font_weight="bold")]
    x, y = LABELS, top + 34
    for name in panel.series:
        lines.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{colours[name]}"/>')
        lines.append(_text(x + 14, y, name))
        x += 30 + 7 * len(name)
    begin = y = top + 46
    bars = []
    for label, values in panel.rows:
        height = BAR * len(panel.series)
        bars.append(_text(LABELS - 8, y + height / 2 + 4, label, anchor="end"))
        for name, value in zip(panel.series, values):
            if value:
                width = max(scale.width(value), 1)
                bars.append(f'<rect x="{LABELS}" y="{y}" width="{width:.1f}" height="{BAR - 2}" '
                            f'fill="{colours[name]}"/>')
                bars.append(_text(LABELS + width + 4, y + 9, number(value), 10))
            y += BAR
        y += GAP
    for tick in scale.ticks():
        x = LABELS + scale.width(tick)
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{begin - 4}" y2="{y}" stroke="#ddd"/>')
        lines.append(_text(x, y + 12, number(tick), 10, "middle", fill="#666"))
    return lines + bars, y + 34


def chart(title, panels, caption):
    # A series has the same colour in every panel.
    names = dict.fromkeys(name for panel in panels for name in panel.series)
    colours = dict(zip(names, COLOURS))
    lines, y = [_text(16, 26, title, 18, font_weight="bold")], 44
    for panel in panels:
        drawn, y = _panel(panel, y, colours)
        lines += drawn
    lines.append(_text(16, y + 4, caption, 10, fill="#666"))
    height = y + 18
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" fill="#222">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>', *lines, "</svg>", ""])
