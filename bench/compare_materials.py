#!/usr/bin/python3
"""bench_materials beside scikit-learn's k-means in one run, one thread; then the whole command line beside a program that does
the least that can be called the same: read the sample set, blur, k-means with the number given, enlarge, colour, write.

    bench/compare_materials.py BUILD/bench_materials BUILD/micrographia [ROUNDS]

Needs python3-sklearn, python3-opencv, python3-scipy. The other program knows the number of materials and where the maps lie;
ours finds both. Whole processes are timed by the clock, with the threads that each takes."""
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

if "--other" not in sys.argv:
    os.environ["OMP_NUM_THREADS"] = "1"  # read when scikit-learn is loaded

import cv2
import numpy as np
from scipy import ndimage
from sklearn.cluster import KMeans

from side_by_side import compare

MATERIALS = 5


def peers(width, height):
    random = np.random.default_rng(1)
    kinds = random.uniform(0.1, 3, (MATERIALS, 8))
    labels = np.argmax([ndimage.gaussian_filter(random.standard_normal((height, width)), 6) for _ in kinds], 0)
    points = np.sqrt(random.poisson(kinds[labels])).reshape(-1, 8).astype(np.float32)
    return {"k_means": lambda: KMeans(MATERIALS, n_init=3, max_iter=20, random_state=1).fit(points)}


def read_map(path):
    """Microscope bitmaps: other readers refuse the header."""
    data = path.read_bytes()
    start, width, height = struct.unpack("<I", data[10:14]) + struct.unpack("<ii", data[18:26])
    rows = np.frombuffer(data, np.uint8, (width + 3) // 4 * 4 * height, start).reshape(height, -1)
    return rows[::-1, :width].astype(np.float32)


def do_the_same(folder, out):
    """Run as a process of its own: compare_materials.py --other FOLDER OUT."""
    maps = np.stack([read_map(p) for p in sorted(folder.glob("map_*.bmp")) if "Lab" not in p.name], -1)
    image = cv2.imread(str(folder / "SE01.TIF"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    points = ndimage.gaussian_filter(np.sqrt(maps), (1, 1, 0))
    labels = KMeans(MATERIALS, n_init=3, random_state=1).fit_predict(points.reshape(-1, points.shape[-1])).reshape(maps.shape[:2])
    large = cv2.resize(labels.astype(np.uint8), image.shape[::-1], interpolation=cv2.INTER_NEAREST)
    hues = cv2.cvtColor(np.uint8([[(180 * k // MATERIALS, 160, 255) for k in range(MATERIALS)]]), cv2.COLOR_HSV2BGR)[0]
    cv2.imwrite(str(out / "composite.png"), np.uint8(image[..., None] ** 0.8 * hues[large]))


def seconds(command):
    threads = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=threads)
    if done.returncode:
        sys.exit(done.stderr.decode() + done.stdout.decode())
    return time.perf_counter() - start


def compare_whole(cli, rounds):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        seconds([cli, "sample", folder, "materials"])
        source = next(folder.glob("*/SE01.TIF")).parent
        out = folder / "out"
        out.mkdir()
        times = {"ours": [], "k-means": []}
        for _ in range(rounds):
            times["ours"].append(seconds([cli, "materials", source, "-o", out]))
            times["k-means"].append(seconds([sys.executable, __file__, "--other", source, out]))
        ours, other = (statistics.median(t) for t in times.values())
        print(f"\nwhole process, 256 x 200 x 8 and 1424 x 968: {ours:.2f} s; the other {other:.2f} s; ratio {ours / other:.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "--other":
        do_the_same(*map(pathlib.Path, sys.argv[2:4]))
    else:
        cli = os.path.abspath(sys.argv.pop(2))
        compare(peers, "sklearn", ((256, 200), (1024, 800)))
        compare_whole(cli, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
