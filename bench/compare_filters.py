#!/usr/bin/python3
"""bench_filters beside OpenCV in one run, one thread: ms of processor time of each, and ours as a ratio of theirs (median of rounds run in turn).

    bench/compare_filters.py BUILD/bench_filters [ROUNDS]

Needs python3-opencv. Gaussian kernels have the same radius, 4 sigma. Percentile contrast, despiking and the rest that OpenCV
lacks stand alone; median_3x5 is beside its 3 x 3 in floats, the only one it has for them below 5 x 5."""
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

    def blur(sigma):
        side = 2 * int(4 * sigma + 0.5) + 1
        return cv2.GaussianBlur(image, (side, side), sigma, borderType=cv2.BORDER_REFLECT)

    return {
        "gaussian_1.4": lambda: blur(1.4),
        "gaussian_6": lambda: blur(6),
        "median_3x3": lambda: cv2.medianBlur(image, 3),
        "median_3x5": lambda: cv2.medianBlur(image, 3),
        "unsharp_6": lambda: cv2.addWeighted(image, 2, blur(6), -1, 0),
        "contrast_min_max": lambda: cv2.normalize(image, None, 0, 1, cv2.NORM_MINMAX, cv2.CV_32F),
        "contrast_percentile": lambda: cv2.normalize(image, None, 0, 1, cv2.NORM_MINMAX, cv2.CV_32F),
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
    out = subprocess.run([program, "--benchmark_format=json", "--benchmark_min_time=0.1"], capture_output=True, check=True)
    return {b["name"]: b["cpu_time"] for b in json.loads(out.stdout)["benchmarks"]}


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
        a = statistics.median(mine[name])
        if name in theirs:
            b = statistics.median(theirs[name])
            print(f"{name:34}{a:10.2f}{b:11.2f}{a / b:7.2f}")
        else:
            print(f"{name:34}{a:10.2f}")


if __name__ == "__main__":
    main()
