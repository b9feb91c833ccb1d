"""Draws findings in real documents at random, to be judged by reading.

    sample_findings.py --server 127.0.0.1:50151 --corpus DIRECTORY --kind email --confidence high

All documents under DIRECTORY/KIND are searched, and findings are drawn without replacement, each
occurrence as likely as any other; all of them if there are fewer. The same arguments draw the same
findings. Each is a line, in the order of the documents: number, file, offset, confidence, value,
reasons, and the text around it with the span in ⟦ ⟧. In the text controls are shown as control
pictures, other invisible code points as <U+XXXX> and bytes that are not UTF-8 as <xXX>.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import unicodedata

CONTEXT_BYTES = 60


def search(program, server, corpus, files):
    """All findings in the files, of every confidence, in the order of the documents."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TRAWL_")}
    ended = subprocess.run(
        [program, "extract", "--format=json", "--min-confidence=low", "--", *files], cwd=corpus,
        env={**kept, "TRAWL_SERVER": server}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        check=False)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{program} ended with {ended.returncode}")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def shown(text):
    """Bytes of a document as printable text without line ends."""
    result = []
    for c in text.decode(errors="surrogateescape"):
        if c < " ":
            result.append(chr(0x2400 + ord(c)))
        elif 0xDC80 <= ord(c) <= 0xDCFF:
            result.append(f"<x{ord(c) - 0xDC00:02X}>")
        elif not c.isprintable() or unicodedata.category(c) == "Mn":
            result.append(f"<U+{ord(c):04X}>")
        else:
            result.append(c)
    return "".join(result)


def in_context(content, finding):
    """The span and what is around it, as one line."""
    begin, end = finding["begin"], finding["end"]
    return (f"{shown(content[max(0, begin - CONTEXT_BYTES):begin])}"
            f"⟦{shown(content[begin:end])}⟧{shown(content[end:end + CONTEXT_BYTES])}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="HOST:PORT of a running trawld")
    parser.add_argument("--trawl", default="trawl", help="the client program")
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--kind", required=True, help="a directory of the corpus")
    parser.add_argument("--confidence", choices=("low", "medium", "high"), required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    flags = parser.parse_args()

    files = sorted(str(path.relative_to(flags.corpus))
                   for path in (flags.corpus / flags.kind).rglob("*") if path.is_file())
    if not files:
        parser.error("no such kind of document")
    confidence = f"CONFIDENCE_{flags.confidence.upper()}"
    findings = [finding for finding in search(flags.trawl, flags.server, flags.corpus, files)
                if finding["confidence"] == confidence]
    drawn = random.Random(flags.seed).sample(range(len(findings)),
                                             min(flags.count, len(findings)))
    for number, index in enumerate(sorted(drawn), 1):
        finding = findings[index]
        content = (flags.corpus / finding["file"]).read_bytes()
        reasons = ",".join(r.removeprefix("REASON_") for r in finding.get("reasons", [])) or "-"
        print(number, finding["file"], finding["begin"], flags.confidence.upper(),
              finding["value"], reasons, in_context(content, finding), sep="\t")


if __name__ == "__main__":
    main()
