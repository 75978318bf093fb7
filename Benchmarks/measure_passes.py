#!/usr/bin/env python3
"""Counts what each pass of a link costs: instructions, and misses of the first and last cache.

    measure_passes.py [--swold PROGRAM] [--against PROGRAM] [--cases hello,clang-tool] [--threads 1]

The counts are those of valgrind's simulated caches (32 KiB and what this machine has last), for one
thread and without the kernel: no load of the machine changes them, so that a change of a thousandth
is seen. With --against, each pass of that program stands beside it as a ratio. The inputs are those
of bench.py, which makes them with --prepare.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
EVENTS = ["Ir", "DLmr", "DLmw", "D1mr", "D1mw"]


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swold", default=os.path.join(ROOT, ".build/release/swold"))
    parser.add_argument("--against", help="an older swold")
    parser.add_argument("--cases", default="hello,clang-tool,whole-llvm,debug")
    parser.add_argument("--data", default=os.path.join(HERE, "data"))
    parser.add_argument("--least", type=float, default=1.0, help="leave out passes below so many percent")
    return parser.parse_args()


def passes(program, folder, scratch):
    """The names of the passes in order, as --perf prints them."""
    text = subprocess.run([program, "@link.rsp", "-o", os.path.join(scratch, "out"), "--threads=1", "--no-fork",
                           "--perf"], cwd=folder, capture_output=True, text=True, check=True)
    return re.findall(r"^ +[\d.]+ +[\d.]+ +\d+ +(\w+)$", text.stderr, re.M)


def counts(program, folder, scratch):
    """Mangled function name -> inclusive counts, and the totals."""
    bare = os.path.join(scratch, "swold")
    # valgrind stumbles over the debug information.
    subprocess.run(["strip", "-g", "-o", bare, program], check=True)
    data = os.path.join(scratch, "counts")
    subprocess.run(["valgrind", "--tool=callgrind", "--cache-sim=yes", "--I1=32768,8,64", "--D1=32768,8,64",
                    f"--callgrind-out-file={data}", bare, "@link.rsp", "-o", os.path.join(scratch, "out"),
                    "--threads=1", "--no-fork"], cwd=folder, capture_output=True, check=True)
    text = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100",
                           "--show=" + ",".join(EVENTS), data], capture_output=True, text=True, check=True).stdout
    found, totals = {}, None
    for line in text.splitlines():
        numbers = re.findall(r"([\d,]+|\.) \(\s*[\d.]+%\)|(?<=\s)(\.)(?=\s)", line)
        values = [int((a or b).replace(",", "")) if (a or b) != "." else 0 for a, b in numbers][:len(EVENTS)]
        if "PROGRAM TOTALS" in line:
            totals = values
        name = re.search(r"\?\?\?:(\S+)", line)
        if name and len(values) == len(EVENTS):
            found.setdefault(name.group(1), values)
    return found, totals


def row_of(found, name):
    """The counts of the method that is the pass: `…18selectComdatGroups…F`, not its closures."""
    pattern = re.compile(rf"^\$s6Linker\d+[A-Za-z0-9]*?{len(name)}{name}")
    rows = [v for k, v in found.items() if pattern.match(k)]
    return max(rows, default=None)


def measure(program, folder):
    with tempfile.TemporaryDirectory() as scratch:
        names = passes(program, folder, scratch)
        found, totals = counts(program, folder, scratch)
        return {n: r for n in names if (r := row_of(found, n))}, totals


def show(case, rows, totals, old, least):
    print(f"\n{case}\n")
    print("| Pass | instructions, M | % | D1 misses, k | LL misses, k |" + (" ratio |" if old else ""))
    print("|---|---:|---:|---:|---:|" + ("---:|" if old else ""))
    for name, values in list(rows.items()) + [("total", totals)]:
        if 100 * values[0] < least * totals[0]:
            continue
        before = (old[1] if name == "total" else old[0].get(name)) if old else None
        print(f"| `{name}` | {values[0] / 1e6:.1f} | {100 * values[0] / totals[0]:.1f} "
              f"| {(values[3] + values[4]) / 1e3:.0f} | {(values[1] + values[2]) / 1e3:.0f} |"
              + ((f" {values[0] / before[0]:.2f} |" if before else " – |") if old else ""), flush=True)


def main():
    arguments = parse()
    # Links run in the folders of their inputs.
    arguments.swold = os.path.abspath(arguments.swold)
    arguments.against = arguments.against and os.path.abspath(arguments.against)
    for tool in ("valgrind", "callgrind_annotate", "strip"):
        if not shutil.which(tool):
            sys.exit(f"measure_passes.py: {tool} is missing; scripts/set-up bench installs it")
    for case in arguments.cases.split(","):
        folder = os.path.join(arguments.data, case)
        if not os.path.exists(os.path.join(folder, "link.rsp")):
            sys.exit(f"measure_passes.py: no inputs of {case}; make them with bench.py --prepare --cases {case}")
        old = measure(arguments.against, folder) if arguments.against else None
        rows, totals = measure(arguments.swold, folder)
        show(case, rows, totals, old, arguments.least)


if __name__ == "__main__":
    main()
