#!/usr/bin/env python3
"""Shows how time and memory of a link grow with its size.

    measure_growth.py [--parts 100,30,10] [--debug] [--gc-sections] [--icf all|safe] [--linkers swold,mold,ld.lld]
                      [--swold PROGRAM] [--runs 5] [--threads 2] [--instructions] [--svg FILE]

The inputs are those of generate_growth.py: 1/100, 1/30 and 1/10 of a link of Chromium. Printed is a
table of medians, and for each linker the exponent by which a figure grows from the smallest to the
largest input (1: linearly). --instructions counts those of one thread of swold with valgrind, which no
other load of the machine can change. --svg draws wall time and peak memory against size.
"""
import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import memory  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = ["wall", "cpu", "memory"]


def inputs(part, debug):
    folder = os.path.join(HERE, "data", f"growth-{part}{'-debug' if debug else ''}")
    if not os.path.exists(os.path.join(folder, "link.rsp")):
        subprocess.run([sys.executable, os.path.join(HERE, "generate_growth.py"), folder, str(part)]
                       + (["--debug"] if debug else []), check=True)
    return folder


def command(linker, arguments, output):
    program = arguments.swold if linker == "swold" else shutil.which(linker)
    line = [program, "@link.rsp", "-o", output, f"--threads={arguments.threads}"]
    if linker in ("swold", "mold"):
        line.append("--no-fork")
    if arguments.gc_sections:
        line.append("--gc-sections")
    if arguments.icf:
        line.append(f"--icf={arguments.icf}")
    return line


def run(line, folder):
    """Wall seconds, processor seconds and peak megabytes of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(line, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{line[0]} failed in {folder}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def instructions(arguments, folder, output):
    single = argparse.Namespace(**{**vars(arguments), "threads": 1})
    line = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + command("swold", single, output)
    text = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", text).group(1)) / 1e6


def exponent(first, last, sizes):
    return math.log(last / first) / math.log(sizes[-1] / sizes[0])


def draw(path, sizes, rows):
    """Two panels with logarithmic axes: seconds and megabytes against objects."""
    colours = ["#1f6feb", "#d1242f", "#57606a", "#9a6700"]
    width, height, left, top = 360, 260, 60, 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * (width + left) + 40}" height="{height + 80}"'
           ' font-family="sans-serif" font-size="12">']
    for panel, (figure, title) in enumerate([("wall", "wall time, s"), ("memory", "peak memory, MB")]):
        values = [row[figure] for lines in rows.values() for row in lines]
        low, high = math.log10(min(values)) - 0.1, math.log10(max(values)) + 0.1
        first, last = math.log10(sizes[0]) - 0.1, math.log10(sizes[-1]) + 0.1
        x0, y0 = left + panel * (width + left + 20), top

        def x(size):
            return x0 + (math.log10(size) - first) / (last - first) * width

        def y(value):
            return y0 + height - (math.log10(value) - low) / (high - low) * height

        out.append(f'<rect x="{x0}" y="{y0}" width="{width}" height="{height}" fill="none" stroke="#8c959f"/>')
        out.append(f'<text x="{x0}" y="{y0 - 10}">{title}, against objects</text>')
        for size in sizes:
            out.append(f'<text x="{x(size):.0f}" y="{y0 + height + 16}" text-anchor="middle">{size}</text>')
        for step in range(math.floor(low * 3), math.ceil(high * 3) + 1):
            value = 10 ** (step // 3) * [1, 2, 5][step % 3]
            if low <= math.log10(value) <= high:
                out.append(f'<line x1="{x0}" x2="{x0 + width}" y1="{y(value):.0f}" y2="{y(value):.0f}"'
                           ' stroke="#d0d7de"/>')
                out.append(f'<text x="{x0 - 4}" y="{y(value) + 4:.0f}" text-anchor="end">{value:g}</text>')
        for index, (linker, lines) in enumerate(rows.items()):
            colour = colours[index % len(colours)]
            points = " ".join(f"{x(s):.0f},{y(row[figure]):.0f}" for s, row in zip(sizes, lines))
            out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
            out.append(f'<text x="{x0 + 8}" y="{y0 + 16 + 14 * index}" fill="{colour}">{linker}</text>')
    with open(path, "w") as file:
        file.write("\n".join(out) + "\n</svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default="100,30,10")
    parser.add_argument("--debug", action="store_true")
    parser.add_argument("--gc-sections", action="store_true")
    parser.add_argument("--icf", choices=["all", "safe"])
    parser.add_argument("--linkers", default="swold,mold,ld.lld")
    parser.add_argument("--swold", default=os.path.join(ROOT, ".build/release/swold"))
    parser.add_argument("--output-dir")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--svg")
    arguments = parser.parse_args()
    parts = [int(part) for part in arguments.parts.split(",")]
    folders = [inputs(part, arguments.debug) for part in parts]
    sizes = [sum(name.endswith(".o") for name in os.listdir(folder)) for folder in folders]
    linkers = [name for name in arguments.linkers.split(",") if name == "swold" or shutil.which(name)]
    rows = {linker: [] for linker in linkers}
    counted = []
    print("| objects | linker | wall s | user + system s | peak MB |\n|---:|---|---:|---:|---:|")
    for folder, size in zip(folders, sizes):
        output = os.path.join(arguments.output_dir or folder, "out")
        runs = {linker: [] for linker in linkers}
        for number in range(arguments.runs + 1):
            for linker in linkers:
                if os.path.exists(output):
                    os.unlink(output)
                memory.touch(1 << 31)
                figures = run(command(linker, arguments, output), folder)
                if number:  # the first warms the page cache
                    runs[linker].append(figures)
        for linker in linkers:
            medians = dict(zip(FIGURES, map(statistics.median, zip(*runs[linker]))))
            rows[linker].append(medians)
            print(f"| {size:,} | {linker} | {medians['wall']:.3f} | {medians['cpu']:.3f} | {medians['memory']:.0f} |",
                  flush=True)
        if arguments.instructions:
            counted.append(instructions(arguments, folder, output))
            print(f"| {size:,} | swold | {counted[-1]:,.0f} M instructions | | |", flush=True)
        os.unlink(output)
    print("\n| linker | exponent: wall | user + system | memory |\n|---|---:|---:|---:|")
    for linker in linkers:
        values = [exponent(rows[linker][0][f], rows[linker][-1][f], sizes) for f in FIGURES]
        print(f"| {linker} | " + " | ".join(f"{value:.2f}" for value in values) + " |")
    if counted:
        print(f"\ninstructions: {exponent(counted[0], counted[-1], sizes):.2f}")
    if arguments.svg:
        draw(arguments.svg, sizes, rows)


if __name__ == "__main__":
    main()
