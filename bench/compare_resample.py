#!/usr/bin/python3
"""bench_resample beside OpenCV in one run, one thread: processor time in ms of each (so that a busy machine
counts little), and ours as a ratio of theirs: medians of rounds run in turn.

    bench/compare_resample.py BUILD/bench_resample [ROUNDS]

Needs python3-opencv. OpenCV has no cubic spline: turn_cubic is beside its Catmull-Rom-like INTER_CUBIC, and
stretch_rows_lanczos3 beside INTER_LANCZOS4."""
import json
import statistics
import subprocess
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)


def peers(width, height):
    image = np.random.default_rng(1).random((height, width), np.float32)
    rows = (width, round(height / 0.91))
    larger, smaller = (width * 13 // 10, height * 13 // 10), (width * 7 // 10, height * 7 // 10)
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -10, 1)
    return {
        "stretch_rows_linear": lambda: cv2.resize(image, rows, interpolation=cv2.INTER_LINEAR),
        "stretch_rows_cubic": lambda: cv2.resize(image, rows, interpolation=cv2.INTER_CUBIC),
        "stretch_rows_lanczos3": lambda: cv2.resize(image, rows, interpolation=cv2.INTER_LANCZOS4),
        "enlarge_linear": lambda: cv2.resize(image, larger, interpolation=cv2.INTER_LINEAR),
        "enlarge_cubic": lambda: cv2.resize(image, larger, interpolation=cv2.INTER_CUBIC),
        "shrink_area": lambda: cv2.resize(image, smaller, interpolation=cv2.INTER_AREA),
        "halve": lambda: cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA),
        "turn_linear": lambda: cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR),
        "turn_cubic": lambda: cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC),
    }


def milliseconds(call):
    call()
    times = []
    while len(times) < 5 or (sum(times) < 200 and len(times) < 50):
        start = time.process_time()
        call()
        times.append((time.process_time() - start) * 1e3)
    return statistics.median(times)


def ours(program):
    options = ["--benchmark_format=json", "--benchmark_min_time=0.04", "--benchmark_repetitions=5"]
    out = subprocess.run([program, *options], capture_output=True, check=True)
    runs = json.loads(out.stdout)["benchmarks"]
    return {b["run_name"]: b["cpu_time"] for b in runs if b.get("aggregate_name") == "median"}


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    mine, theirs = {}, {}
    for _ in range(rounds):
        for name, value in ours(program).items():
            mine.setdefault(name, []).append(value)
        for size in ((1424, 968), (4096, 4096)):
            for name, call in peers(*size).items():
                theirs.setdefault(f"{name}/{size[0]}/{size[1]}", []).append(milliseconds(call))
    print(f"{'':34}{'ours ms':>10}{'OpenCV ms':>11}{'ratio':>7}")
    for name in mine:
        a, b = statistics.median(mine[name]), statistics.median(theirs[name])
        print(f"{name:34}{a:10.2f}{b:11.2f}{a / b:7.2f}")


if __name__ == "__main__":
    main()
