"""The README's examples, for tests that run them.

An example is a fenced block right after a line `<!-- test: NAME -->`. As a program:
`readme.py README.md NAME FILE` writes that block to FILE.
"""

import pathlib
import re
import sys


def examples(readme):
    """All examples of the file, by name."""
    text = pathlib.Path(readme).read_text(encoding="utf-8")
    found = re.findall(r"<!-- test: (\S+) -->\n```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(found) == text.count("<!-- test: ") == len(dict(found)), "a mark without its block"
    return dict(found)


if __name__ == "__main__":
    pathlib.Path(sys.argv[3]).write_text(examples(sys.argv[1])[sys.argv[2]], encoding="utf-8")
