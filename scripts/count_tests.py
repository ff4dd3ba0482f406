#!/usr/bin/env python3
"""Print "PASSED FAILED SKIPPED" of one log: ctest's JUnit file of GoogleTest programs, or a runner's closing line.

count_tests.py --junit FILE      a program that ends without GoogleTest's summary counts as one failure
count_tests.py --closing FILE    the last line "N passed, N failed[, N skipped]"; without one, one failure
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def of_program(case):
    out = case.findtext("system-out") or ""
    passed, failed, skipped = (
        sum(map(int, re.findall(pattern, out, re.M)))
        for pattern in (r"^\[  PASSED  \] (\d+) tests?\.", r"^\[  FAILED  \] (\d+) tests?, listed", r"^\[  SKIPPED \] (\d+) tests?, listed")
    )
    if case.get("status") != "run" and failed == 0:  # crashed, timed out or was not built
        failed = 1
    return passed, failed, skipped


def main():
    kind, name = sys.argv[1:]
    path = pathlib.Path(name)
    if kind == "--junit":
        try:
            cases = list(ElementTree.parse(path).getroot().iter("testcase"))
        except (OSError, ElementTree.ParseError):
            cases = []
        counts = [of_program(case) for case in cases] or [(0, 1, 0)]
    else:
        text = path.read_text(errors="replace") if path.exists() else ""
        lines = re.findall(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$", text, re.M)
        counts = [tuple(int(n or 0) for n in lines[-1])] if lines else [(0, 1, 0)]
    print(*(sum(column) for column in zip(*counts)))


main()
