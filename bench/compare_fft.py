#!/usr/bin/python3
"""bench_fft beside scipy.fft in one run, one thread: ms of processor time of a forward and an inverse transform, and ours as a ratio (median of rounds run in turn).

    bench/compare_fft.py BUILD/bench_fft [ROUNDS]

Needs python3-scipy."""
import numpy as np
import scipy.fft

from side_by_side import compare


def peers(width, height):
    image = np.random.default_rng(1).random((height, width), np.float32)

    def pair():
        scipy.fft.irfft2(scipy.fft.rfft2(image, workers=1), s=image.shape, workers=1)

    return {"fft_pair": pair}


compare(peers, "scipy", ((768, 512), (1440, 972), (1500, 1000), (4096, 4096)))
