#!/usr/bin/env python3
"""Every step natively and as WebAssembly under Node, one thread, in turn: ms of each and the ratio.

    bench/compare_wasm.py NATIVE_BUILD/bench_steps WASM_BUILD/bench_steps.js [ROUNDS]
"""
import statistics
import subprocess
import sys


def run(command):
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    return {name: float(ms) for name, ms in (line.split() for line in lines if line)}


def main():
    native, wasm = sys.argv[1], sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    pairs = [(run([native]), run(["node", wasm])) for _ in range(rounds)]
    print(f"{'':18}{'native ms':>10}{'wasm ms':>10}{'ratio':>8}")
    total = [0.0, 0.0]
    for name in pairs[0][0]:
        mine, theirs = (statistics.median(p[i][name] for p in pairs) for i in (0, 1))
        total[0] += mine
        total[1] += theirs
        print(f"{name:18}{mine:10.2f}{theirs:10.2f}{theirs / max(mine, 1e-3):8.2f}")
    print(f"{'all':18}{total[0]:10.2f}{total[1]:10.2f}{total[1] / total[0]:8.2f}")


main()
