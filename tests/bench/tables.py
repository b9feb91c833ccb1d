"""Tables for people, and the numbers in them."""


def number(value, unit=""):
    """Three significant digits; a dash where there is no value."""
    if value is None:
        return "–"
    if value < 0:
        return "-" + number(-value, unit)
    if value == 0:
        return "0" + unit
    if value >= 1000:
        return f"{value:,.0f}{unit}"
    if value < 0.001:
        return f"{value:.1g}{unit}"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f}{unit}"


def ratio(value, base):
    return "–" if not value or not base else number(value / base, "×")


def quantity(size):
    """1048576: 1 MiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            return f"{size:g} {unit}" if size == int(size) else f"{size:.1f} {unit}"
        size /= 1024


def render(title, headers, rows, notes=()):
    """The first column is for names, all others for numbers. `notes` are lines below."""
    cells = [[str(cell) for cell in row] for row in [headers, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headers))]
    lines = [title, ""]
    for row in cells:
        first, *others = (cell.ljust(width) if i == 0 else cell.rjust(width)
                          for i, (cell, width) in enumerate(zip(row, widths)))
        lines.append("  ".join([first, *others]).rstrip())
    lines.insert(3, "  ".join("-" * width for width in widths))
    return "\n".join(lines + [""] * bool(notes) + list(notes)) + "\n"
