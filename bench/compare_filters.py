#!/usr/bin/python3
"""bench_filters beside OpenCV in one run, one thread: ms of processor time of each, and ours as a ratio of theirs (median of rounds run in turn).

    bench/compare_filters.py BUILD/bench_filters [ROUNDS]

Needs python3-opencv. Gaussian kernels have the same radius, 4 sigma. Percentile contrast, despiking and the rest that OpenCV
lacks stand alone; median_3x5 is beside its 3 x 3 in floats, the only one it has for them below 5 x 5."""
import cv2
import numpy as np

from side_by_side import compare


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


compare(peers)
