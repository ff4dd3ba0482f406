#!/usr/bin/python3
"""PNG encoding of bench_codecs beside OpenCV's in one run, one thread: time and size, each as a ratio of OpenCV level 6.

    bench/compare_png.py BUILD/bench_codecs [IMAGE...]

Without images it makes some: shot noise, blurred noise, a picture with a databar, colour, labels; 8 and 16 bits.
Needs python3-opencv and python3-scipy. The two are run in turn, and the median of the rounds is shown."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

cv2.setNumThreads(1)
ROUNDS = 3
WIDTH, HEIGHT = 1424, 968


def micrograph(seed, dose=60):
    random = np.random.default_rng(seed)

    def texture(sigma):
        noise = gaussian_filter(random.standard_normal((HEIGHT, WIDTH)), sigma)
        return (noise - noise.min()) / np.ptp(noise)

    coarse = texture(12)
    truth = 0.15 + 0.6 * (0.7 * coarse + 0.3 * texture(3)) + 0.25 * (coarse > 0.55)
    return np.clip(random.poisson(truth * dose) / dose / 1.3, 0, 1)


def with_databar(image):
    image = np.vstack([image, np.zeros((90, WIDTH))]).astype(np.float32)
    cv2.putText(image, "20 kV  WD 10.1 mm  x10000  2 um", (20, HEIGHT + 52), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 1, 2, cv2.LINE_AA)
    cv2.rectangle(image, (1100, HEIGHT + 32), (1400, HEIGHT + 42), 1, -1)
    return image


def pictures():
    noisy = micrograph(1)
    smooth = gaussian_filter(noisy, 1.2)
    colour = np.dstack([gaussian_filter(micrograph(seed), 1.2) for seed in (1, 2, 3)])
    base = gaussian_filter(micrograph(9), 1)
    overlay = np.clip(np.dstack([0.6 * base + 0.5 * gaussian_filter(micrograph(20 + i, 8), 2) for i in range(3)]), 0, 1)
    classes = np.digitize(gaussian_filter(np.random.default_rng(5).standard_normal((HEIGHT, WIDTH)), 8), [-0.05, -0.02, 0, 0.02, 0.05])
    labels = np.random.default_rng(6).random((6, 3))[classes]
    eight, sixteen = (np.uint8, 255), (np.uint16, 65535)
    wanted = {
        "noisy-grey-8": (noisy, eight),
        "smooth-grey-8": (smooth, eight),
        "databar-grey-8": (with_databar(smooth), eight),
        "colour-8": (colour, eight),
        "overlay-8": (overlay, eight),
        "labels-8": (labels, eight),
        "smooth-grey-16": (smooth, sixteen),
        "colour-16": (colour, sixteen),
    }
    return {name: (image * top + 0.5).astype(kind) for name, (image, (kind, top)) in wanted.items()}


def opencv(image):
    start = time.perf_counter()
    done, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    assert done
    return (time.perf_counter() - start) * 1e3, len(png)


def ours(program, path):
    command = [program, "--benchmark_format=json", "--benchmark_filter=encode", "--benchmark_min_time=0.2", path]
    result = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["benchmarks"][0]
    return result["real_time"], int(result["bytes"])


def main():
    program, files = sys.argv[1], sys.argv[2:]
    print(f"{'':24}{'ours ms':>9}{'OpenCV ms':>11}{'time':>7}{'ours bytes':>12}{'OpenCV':>10}{'size':>7}")
    with tempfile.TemporaryDirectory() as folder:
        if not files:
            for name, image in pictures().items():
                files.append(os.path.join(folder, name + ".tif"))
                cv2.imwrite(files[-1], image, [cv2.IMWRITE_TIFF_COMPRESSION, 1])
        for path in files:
            image = cv2.imread(path, cv2.IMREAD_UNCHANGED)
            rounds = [(ours(program, path), opencv(image)) for _ in range(ROUNDS)]
            mine, theirs = (statistics.median(r[i][0] for r in rounds) for i in (0, 1))
            (_, size), (_, their_size) = rounds[0]
            print(f"{os.path.basename(path):24}{mine:9.1f}{theirs:11.1f}{mine / theirs:7.2f}{size:12}{their_size:10}{size / their_size:7.3f}")


if __name__ == "__main__":
    main()
