"""Our Google Benchmark program and another library's calls in turn, one thread: processor time of each and ours as a ratio of theirs."""
import json
import statistics
import subprocess
import sys
import time

import cv2

cv2.setNumThreads(1)


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


def compare(peers, theirs_name="OpenCV", sizes=((1424, 968), (4096, 4096))):
    """peers(width, height): name of a benchmark -> the other's call for it. Arguments: PROGRAM [ROUNDS]."""
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    mine, theirs = {}, {}
    for _ in range(rounds):
        for name, value in ours(program).items():
            mine.setdefault(name, []).append(value)
        for size in sizes:
            for name, call in peers(*size).items():
                theirs.setdefault(f"{name}/{size[0]}/{size[1]}", []).append(milliseconds(call))
    print(f"{'':34}{'ours ms':>10}{theirs_name + ' ms':>11}{'ratio':>7}")
    for name in mine:
        a = statistics.median(mine[name])
        if name in theirs:
            b = statistics.median(theirs[name])
            print(f"{name:34}{a:10.2f}{b:11.2f}{a / b:7.2f}")
        else:
            print(f"{name:34}{a:10.2f}")
