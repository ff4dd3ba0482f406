#!/usr/bin/python3
"""bench_resample beside OpenCV in one run, one thread: processor time in ms of each (so that a busy machine
counts little), and ours as a ratio of theirs: medians of rounds run in turn.

    bench/compare_resample.py BUILD/bench_resample [ROUNDS]

Needs python3-opencv. OpenCV has no cubic spline: turn_cubic is beside its Catmull-Rom-like INTER_CUBIC, and
stretch_rows_lanczos3 beside INTER_LANCZOS4."""
import cv2
import numpy as np

from side_by_side import compare


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


compare(peers)
