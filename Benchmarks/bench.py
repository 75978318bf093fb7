#!/usr/bin/env python3
"""Times swold against the other linkers of this machine. See README.md beside this file."""
import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True
import cases as case_module  # noqa: E402
import memory  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


class Linker:
    """A linker and how it is told the number of threads, and to do its work in one process."""

    def __init__(self, name, path, threads, options=(), waiting=False):
        self.name, self.path, self.waiting = name, path, waiting
        self.threads, self.others = threads, list(options)

    def options(self, case):
        return self.others + ([] if case.is_small else self.threads)

    def version(self):
        done = subprocess.run([self.path, "--version"], capture_output=True, text=True)
        return (done.stdout or done.stderr).strip().splitlines()[:1]


def linkers(arguments):
    n = arguments.threads
    found = [
        Linker("swold", arguments.swold, [f"--threads={n}"], ["--no-fork"]),
        Linker("mold", "mold", [f"--thread-count={n}"], ["--no-fork"]),
        Linker("lld", "ld.lld-19", [f"--threads={n}"]),
        Linker("gold", "gold", ["--threads", f"--thread-count={n}"] if n > 1 else ["--no-threads"]),
        Linker("GNU ld", "ld.bfd", []),
        Linker("swold, waiting time", arguments.swold, [f"--threads={n}"], waiting=True),
        Linker("mold, waiting time", "mold", [f"--thread-count={n}"], waiting=True),
    ]
    if arguments.linkers:
        wanted = [w.strip() for w in arguments.linkers.split(",")]
        found = [l for l in found if l.name.split(",")[0] in wanted]
    return found


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swold", default=os.path.join(ROOT, ".build/release/swold"),
                        help="the swold to measure (default: .build/release/swold)")
    parser.add_argument("--runs", type=int, default=5, help="rounds for each case (default 5)")
    parser.add_argument("--threads", type=int, default=2, help="processors for all, and threads for each linker (default 2)")
    parser.add_argument("--cases", help="comma-separated names; --list shows them")
    parser.add_argument("--linkers", help="comma-separated: swold, mold, lld, gold, GNU ld")
    parser.add_argument("--output", choices=["fresh", "overwrite"], default="fresh",
                        help="remove the output before each run (default), or link over it")
    parser.add_argument("--output-dir", help="where outputs go (default: in the data folder)")
    parser.add_argument("--data", default=os.path.join(HERE, "data"), help="where inputs are kept")
    parser.add_argument("--results", default=os.path.join(HERE, "results"),
                        help="where the table and the raw figures go")
    parser.add_argument("--prepare", action="store_true", help="make the inputs, measure nothing")
    parser.add_argument("--list", action="store_true", help="name the cases")
    return parser.parse_args()


def build_measure(data):
    program = os.path.join(data, "measure")
    source = os.path.join(HERE, "measure.c")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        subprocess.run(["cc", "-O2", source, "-o", program], check=True)
    return program


def installed(program, data):
    """A copy, as `make install` makes one, of what users run. A file that a linker has just written lies in the page
    cache in single pages, and a small link takes a tenth longer to get its code from there."""
    copy = os.path.join(data, "installed-swold")
    if os.path.exists(copy):
        os.unlink(copy)
    shutil.copy(shutil.which(program) or program, copy)
    return copy


def once(measure, linker, case, output, fresh):
    """One link: a sample, or the first line of what the linker said when it failed."""
    if fresh and os.path.exists(output):
        os.unlink(output)
    memory.touch(case.memory)
    os.sync()  # the pages that the run before has dirtied must not be written during this one
    read, write = os.pipe()
    # measure reports through the pipe; the linker's own text is kept for a failure.
    log = output + ".log"
    with open(log, "w") as text:
        process = subprocess.Popen(
            [measure, str(write), linker.path, *linker.options(case), f"@{case.response}", "-o", output],
            stdout=text, stderr=text, stdin=subprocess.DEVNULL, cwd=case.folder, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as report:
            line = report.read().split()
        process.wait()
    if len(line) != 6 or line[0] != "0":
        with open(log, errors="replace") as text:
            said = [l.strip() for l in text if l.strip()][:1]
        return None, f"exit status {line[0] if line else '?'}: {said[0] if said else 'no message'}"
    status, wall, complete, user, system, peak = line
    return {"wall": float(wall), "complete": float(complete), "cpu": float(user) + float(system),
            "user": float(user), "system": float(system), "peak": int(peak) * 1024}, None


def measure_case(measure, case, contenders, arguments, folder):
    """All linkers in turn, round after round; the order moves on by one each round."""
    rows = {}
    for linker in contenders:
        output = os.path.join(folder, f"{case.name}.{linker.name.replace(' ', '-').replace(',', '')}")
        row = rows[linker.name] = {"samples": [], "error": None, "output": output}
        if not shutil.which(linker.path):
            row["error"] = f"not found: {linker.path}"
            continue
        _, row["error"] = once(measure, linker, case, output, True)  # warms up and is checked
        if row["error"] is None and not linker.waiting:
            row["size"] = os.path.getsize(output)
            try:
                wrong = case.check(output, folder)
            except (OSError, subprocess.TimeoutExpired) as problem:
                wrong = str(problem)
            if wrong:
                row["error"] = f"linked, but the program is wrong: {wrong}"
    live = [l for l in contenders if rows[l.name]["error"] is None]
    for round_number in range(arguments.runs * case.repeat):
        shift = round_number % max(1, len(live))
        for linker in live[shift:] + live[:shift]:
            row = rows[linker.name]
            sample, error = once(measure, linker, case, row["output"], arguments.output == "fresh")
            if error:
                row["error"] = error
            else:
                row["samples"].append(sample)
        live = [l for l in live if rows[l.name]["error"] is None]
    for row in rows.values():
        for path in (row["output"], row["output"] + ".log"):
            if os.path.exists(path):
                os.unlink(path)
    return rows


def milliseconds(value):
    return f"{value * 1e3:.1f}" if value < 0.1 else f"{value * 1e3:.0f}"


def table(case, rows, rounds):
    """Markdown: medians, and the median of the ratios that each round gives."""
    reference = next((n for n in ("swold", "mold") if rows.get(n, {}).get("samples")), None)
    lines = [f"### {case.name}: {case.title}", ""]
    lines.append(f"{rounds} round{'s' if rounds > 1 else ''}." + (
        f" Ratios: {reference} / it, round by round, median (below 1: {reference} wins)."
        if reference else " No ratios: neither swold nor mold has a figure."))
    lines += ["", f"| linker | wall ms | ratio | user+sys ms | ratio | peak MB | ratio | output MB |",
              "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for name, row in rows.items():
        if row["error"]:
            lines.append(f"| {name} | {row['error'].replace('|', '/')[:160]} | | | | | | |")
            continue
        cells = [name]
        for key, show in (("wall", milliseconds), ("cpu", milliseconds),
                          ("peak", lambda v: f"{v / 1e6:.1f}" if v < 1e8 else f"{v / 1e6:.0f}")):
            mine = [s[key] for s in row["samples"]]
            cells.append(show(statistics.median(mine)))
            row.setdefault("median", {})[key] = statistics.median(mine)
            if reference and name != reference:
                pairs = zip(rows[reference]["samples"], row["samples"])
                ratios = [a[key] / b[key] for a, b in pairs if b[key] > 0]
                ratio = statistics.median(ratios) if ratios else float("nan")
                row.setdefault("ratio", {})[key] = ratio
                cells.append(f"{ratio:.2f}")
            else:
                cells.append("")
        cells.append(f"{row['size'] / 1e6:.2f}" if "size" in row else "")
        lines.append("| " + " | ".join(cells) + " |")
    return lines + [""]


def machine():
    model = "unknown"
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": model, "cores": os.cpu_count(), "memory_gb": round(size / 1e9),
            "kernel": platform.release()}


def main():
    arguments = parse()
    # Linkers run in the folder of their case, so what names a file has to be absolute.
    if os.path.sep in arguments.swold:
        arguments.swold = os.path.abspath(arguments.swold)
    arguments.data = os.path.abspath(arguments.data)
    chosen = [c(arguments.data) for c in case_module.CASES]
    if arguments.list:
        for case in chosen:
            print(f"{case.name:15} {case.title}")
        return
    if arguments.cases:
        wanted = arguments.cases.split(",")
        unknown = set(wanted) - {c.name for c in chosen}
        if unknown:
            sys.exit(f"no such case: {', '.join(sorted(unknown))} (--list names them)")
        chosen = [c for c in chosen if c.name in wanted]
    os.makedirs(arguments.data, exist_ok=True)
    ready, skipped = [], {}
    for case in chosen:
        try:
            case.prepare()
            ready.append(case)
        except Skip as reason:
            skipped[case.name] = str(reason)
            print(f"{case.name}: skipped: {reason}", file=sys.stderr)
    if arguments.prepare:
        return
    # With one processor for each thread, linkers that are told no number of threads find as many.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:arguments.threads])
    measure = build_measure(arguments.data)
    folder = os.path.abspath(arguments.output_dir or os.path.join(arguments.data, "output"))
    os.makedirs(folder, exist_ok=True)
    arguments.swold = installed(arguments.swold, arguments.data)
    contenders = linkers(arguments)
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"warning: the load is {load:.1f}; something else is running", file=sys.stderr)
    about = machine()
    head = [
        "# Link times", "",
        f"{about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, "
        f"Linux {about['kernel']}; {arguments.threads} processors and threads, where a linker has them; inputs in the "
        f"page cache; output {'removed before each run' if arguments.output == 'fresh' else 'overwritten'}"
        f"; without forking, except for the rows named waiting time, which run until the command "
        f"returns" + ("; memory touched before each run" if memory.is_given_back() else "") + ".", ""]
    for linker in contenders:
        if not linker.waiting and shutil.which(linker.path):
            head.append(f"- {linker.name}: {' '.join(linker.version())}")
    head.append("")
    print("\n".join(head), flush=True)
    lines, record = list(head), {}
    for case in ready:
        rows = measure_case(measure, case, contenders, arguments, folder)
        part = table(case, rows, arguments.runs * case.repeat)
        print("\n".join(part), flush=True)
        lines += part
        for row in rows.values():
            del row["output"]
        record[case.name] = rows
    for name, reason in skipped.items():
        lines.append(f"### {name}: skipped: {reason}\n")
    os.makedirs(arguments.results, exist_ok=True)
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H%M")
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"],
                            capture_output=True, text=True).stdout.strip()
    base = os.path.join(arguments.results, stamp)
    with open(base + ".md", "w") as out:
        out.write("\n".join(lines))
    with open(base + ".json", "w") as out:
        json.dump({"date": stamp, "commit": commit, "machine": about, "threads": arguments.threads,
                   "output": arguments.output, "skipped": skipped,
                   "versions": {l.name: l.version() for l in contenders if shutil.which(l.path)},
                   "cases": record}, out, indent=1)
    print(f"written: {os.path.relpath(base)}.md and .json", file=sys.stderr)


Skip = case_module.Skip

if __name__ == "__main__":
    main()
