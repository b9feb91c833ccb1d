"""What the reply costs in each form.

It is built inside the server, so this is measured from outside: the server's processor time for a
call with the form, less that of a call with COUNTS on the same content, which scans and receives
the same and answers with a few bytes. Part of that is sending: the processor time of a floor server
with a reply of that size, less that of one with an empty reply.
"""

import contextlib

from groups.end_to_end import RAW, load_flags, pinning
from svg import Panel
from tables import number, quantity, render

INPUTS = ("dense", "weblog")
SIZE = 1 << 20
OUTSTANDING = 4
FORMS = ("COUNTS", "SPANS", "DISTINCT", "FINDINGS")


def run(bench):
    rows = []
    for content in INPUTS:
        flags = {form: load_flags(content, SIZE, form, OUTSTANDING) for form in FORMS}
        with contextlib.ExitStack() as running:
            trawld = running.enter_context(bench.trawld())
            empty = running.enter_context(bench.floor(*RAW))
            replies = bench.compare([(form, trawld, flags[form]) for form in FORMS])
            targets = [("empty", empty, flags["COUNTS"])]
            for form in FORMS:
                floor = running.enter_context(
                    bench.floor(*RAW, "--reply_bytes", str(int(replies[form]["reply_bytes"]))))
                targets += [(form, trawld, flags[form]), (form + " floor", floor, flags[form])]
            measured = bench.compare(targets)
        rows += [{"input": content, "form": form, "trawld": measured[form],
                  "floor": measured[form + " floor"], "empty": measured["empty"]}
                 for form in FORMS]
    for row in rows:
        counts = next(other for other in rows
                      if other["input"] == row["input"] and other["form"] == "COUNTS")
        row["reply_us"] = row["trawld"]["server_cpu_us"] - counts["trawld"]["server_cpu_us"]
        row["sending_us"] = row["floor"]["server_cpu_us"] - row["empty"]["server_cpu_us"]
    return {"pinned": bench.pinned, "rows": rows}


def show(figures):
    rows = []
    for row in figures["rows"]:
        trawld, findings = row["trawld"], row["trawld"]["findings"]
        cells = [f"{row['input']} {row['form']}", f"{findings:,.0f}",
                 quantity(trawld["reply_bytes"]), number(trawld["bytes_per_second"] / 1e9),
                 number(trawld["server_cpu_us"])]
        if row["form"] == "COUNTS":
            rows.append([*cells, "–", "–", "–", "–"])
            continue
        building = row["reply_us"] - row["sending_us"]
        rows.append([*cells, number(row["reply_us"]), number(row["sending_us"]), number(building),
                     number(building * 1000 / findings)])
    return render(
        f"Reply, {quantity(SIZE)} ×{OUTSTANDING}",
        ["", "findings", "reply", "GB/s", "CPU µs/call", "reply µs", "sending µs", "building µs",
         "building ns/finding"], rows,
        [pinning(figures["pinned"]),
         "reply: CPU less that of COUNTS. sending: CPU of a floor with a reply of that size, less",
         "that of one with none. building: the rest, and what the detector spares for COUNTS.",
         "What comes out below zero is too little to be measured."])


def panels(figures):
    return [Panel(f"Processor time of the server, {quantity(SIZE)}", "µs per call",
                  ["the call", "of it the reply", "of that sending"],
                  [(f"{row['input']} {row['form']}",
                    [row["trawld"]["server_cpu_us"],
                     *(max(row[key], 0) if row["form"] != "COUNTS" else None
                       for key in ("reply_us", "sending_us"))]) for row in figures["rows"]])]
