"""Runs one test: `run.py MODULE CLASS.METHOD`. Exit code 77 and a line "skipped: WHY" where it was
skipped, so that ctest counts it so."""

import sys
import unittest

result = unittest.TextTestRunner(verbosity=0).run(
    unittest.defaultTestLoader.loadTestsFromName(f"{sys.argv[1]}.{sys.argv[2]}"))
if not result.wasSuccessful() or result.testsRun != 1:
    sys.exit(1)
if result.skipped:
    print(f"skipped: {result.skipped[0][1]}")
    sys.exit(77)
