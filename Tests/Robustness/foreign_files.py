#!/usr/bin/env python3
"""How many of the files that other linkers made can be edited, and do the edited ones load?

    foreign_files.py [--lint] [--run] [--strip] [--sample=N] [--jobs=N] [--only=OPERATION] [--together] [--limit=SECONDS]
                     [--results=FILE] TOOL=PATH... -- FILE_OR_FOLDER...

TOOL is swold-edit, patchelf or lief (PATH is then a Python that imports it). Each operation of OPERATIONS
is made on a copy of each file. A result counts if the dynamic linker says of it what it says of a copy of
the original, and readelf finds what was asked for. --lint: eu-elflint says nothing new. --run: programs
end with --version as the original does. --strip: the same is true after each of STRIPPERS has written the
edited file anew, where it is true of the original. --runner='qemu-mips -L /usr/mips-linux-gnu' with --loader= runs the
dynamic linker of another machine. Prints a table, and each failure with its first message.

A command has --limit seconds (60). With --results each file's outcomes become a line of FILE, and a later run skips the
files that are in it: thousands of files take longer than one may wait. --together makes all operations that a file
allows in one command, which needs a fifth of the time (swold-edit and patchelf only). The times in the table are those of the
edits alone, with the start of the program; for LIEF, whose start is Python's, without.
"""

import json, os, re, select, shutil, subprocess, sys, tempfile, time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from threading import local

RUNPATH = ("/opt/store/" + "0123456789abcdef" * 16)[:200]
OPERATIONS = ["rpath set", "needed add", "needed replace", "soname", "interp"]
TOGETHER = "all of them"
STRIPPERS = {
    "strip": ["strip", "-o"], "strip -g": ["strip", "-g", "-o"], "objcopy": ["objcopy"], "eu-strip": ["eu-strip", "-o"],
    "llvm-strip": ["llvm-strip", "-o"], "llvm-objcopy": ["llvm-objcopy"], "patchelf": ["patchelf", "--add-needed", "libdl.so.2", "--output"],
}
PATCHELF = {
    "rpath set": "--set-rpath", "needed add": "--add-needed", "needed replace": "--replace-needed",
    "soname": "--set-soname", "interp": "--set-interpreter",
}
# What the dynamic linker calls itself: its name, or the link that the run starts.
LOADERS = re.compile(r"(ld(64)?(-linux.*)?\.so\.\d+|l+)$")
limit = 60


def run(*command, **options):
    try:
        result = subprocess.run(command, capture_output=True, timeout=limit, **options)
        return result.returncode, (result.stdout + result.stderr).decode("utf8", "replace")
    except subprocess.TimeoutExpired:
        return 124, "timeout"


def dynamic(path):
    return run("readelf", "-dW", path)[1]


def find(folders):
    """ELF programs and libraries with a dynamic section, each inode once."""
    seen = set()
    for folder in folders:
        walk = os.walk(folder) if os.path.isdir(folder) else [(os.path.dirname(folder), [], [os.path.basename(folder)])]
        for top, _, names in walk:
            for name in sorted(names):
                path = os.path.join(top, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    head = file.read(20)
                if head[:4] != b"\x7fELF" or len(head) < 20 or head[16 if head[5] == 1 else 17] not in (2, 3):
                    continue
                key = os.stat(path).st_dev, os.stat(path).st_ino
                if key in seen:
                    continue
                seen.add(key)
                yield path


class Command:
    """A tool that is started for each edit."""

    def __init__(self, tool, path):
        self.tool, self.path = tool, path

    def edit(self, operation, argument, source, target):
        """Exit code, message, seconds."""
        if operation == TOGETHER and self.tool == "patchelf":
            command = [self.path, *(w for o, words in argument for w in (PATCHELF[o], *words)), "--output", target, source]
        elif operation == TOGETHER:
            command = [self.path, "apply", *(w for o, words in argument for w in ("-e", " ".join([o, *words]))), "-o", target, source]
        elif self.tool == "patchelf":
            command = [self.path, PATCHELF[operation], *argument, "--output", target, source]
        else:
            command = [self.path, *operation.split(), *argument, "-o", target, source]
        start = time.monotonic()
        code, message = run(*command)
        return code, message, time.monotonic() - start


class LIEF:
    """LIEF in a Python that stays: starting one takes longer than most edits."""

    SERVER = """
import lief, sys, time
lief.logging.disable()
TAG = lief.ELF.DynamicEntry.TAG
def edit(operation, a, source, target):
    b = lief.ELF.parse(source)
    if operation == "rpath set": b.add(lief.ELF.DynamicEntryRunPath(a[0]))
    elif operation == "needed add": b.add_library(a[0])
    elif operation == "needed replace": b.get_library(a[0]).name = a[1]
    elif operation == "interp": b.interpreter = a[0]
    else:
        entry = b.get(TAG.SONAME)
        if entry: entry.name = a[0]
        else: b.add(lief.ELF.DynamicSharedObject(a[0]))
    b.write(target)
for line in sys.stdin:
    operation, source, target, *a = line.rstrip("\\n").split("\\t")
    start, text = time.monotonic(), "done"
    try: edit(operation, a, source, target)
    except Exception as e: text = "refused " + str(e).replace("\\n", " ")
    print(time.monotonic() - start, text, flush=True)
"""

    def __init__(self, path):
        self.path, self.process = path, None

    def edit(self, operation, argument, source, target):
        if self.process is None:
            self.process = subprocess.Popen(
                [self.path, "-c", self.SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        start = time.monotonic()
        self.process.stdin.write("\t".join([operation, source, target, *argument]) + "\n")
        self.process.stdin.flush()
        ready = select.select([self.process.stdout], [], [], limit)[0]
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            code, self.process = self.process.wait(), None
            return (code if ready else 124), "ended by a signal" if ready else "timeout", time.monotonic() - start
        seconds, outcome, *message = line.split(None, 2)
        return 0 if outcome == "done" else 1, " ".join(message), float(seconds)


class Job:
    def __init__(self, tools, lint, runs, strips, operations, scratch, runner, loader):
        self.runner = runner.split() if runner else []
        self.paths, self.lint, self.runs, self.strips, self.scratch = tools, lint, runs, strips, scratch
        self.operations = operations
        loader = loader or "/lib64/ld-linux-x86-64.so.2"
        self.loader = os.path.join(scratch, "l" * (60 - len(scratch) - 1))
        os.symlink(os.path.realpath(loader), self.loader)
        self.mine = local()

    @property
    def tools(self):
        """Those of the thread."""
        if not hasattr(self.mine, "tools"):
            self.mine.tools = {t: LIEF(p) if t == "lief" else Command(t, p) for t, p in self.paths.items()}
        return self.mine.tools

    def loads(self, path, links, extra=()):
        """What the dynamic linker says, without addresses and paths."""
        environment = dict(os.environ, LD_LIBRARY_PATH=links, LD_TRACE_LOADED_OBJECTS="1")
        code, text = run(*self.runner, self.loader, path, env=environment)
        names = set()
        for line in text.splitlines():
            line = re.sub(r"\(0x[0-9a-f]+\)", "", line).strip()
            name = line.split(" => ")[0]
            names.add((os.path.basename(name), "not found" in line) if "=>" in line or line.startswith("/") else line.replace(path, "FILE"))
        return code, {n for n in names if n not in extra}

    def strip(self, tool, source, target):
        """What another tool makes of a file; nil if it cannot."""
        command = STRIPPERS[tool]
        command = [command[0] if shutil.which(command[0]) else command[0] + "-19", *command[1:]]
        if "objcopy" in tool:
            code, _ = run(*command, source, target)
        else:
            code, _ = run(*command, target, source)
        if code != 0 or not os.path.exists(target):
            return False
        os.chmod(target, 0o755)
        return True

    def starts(self, path, links):
        """How a program ends with --version; a signal counts, a complaint does not."""
        return run(*self.runner, path, "--version", stdin=subprocess.DEVNULL, env=dict(os.environ, LD_LIBRARY_PATH=links))[0] >= 0

    def stripped(self, base, target, before, links, operation, argument, program):
        """The tools that do not understand the edited file, but the original."""
        copy, bad = target + ".stripped", []
        for tool in STRIPPERS:
            fine = []
            for source in (target, base):
                good = self.strip(tool, source, copy)
                if good:
                    after = self.loads(copy, links, {("libdl.so.2", False)})
                    good = self.same(before, after, operation if source == target else "soname", argument)
                    if good and program and self.runs:
                        good = self.starts(copy, links) or not self.starts(source, links)
                if os.path.exists(copy):
                    os.unlink(copy)
                fine.append(good)
                if good:
                    break
            if fine[-1] and len(fine) == 2:
                bad.append(tool)
        return bad

    def argument(self, operation, needed, interpreter, base, links):
        """The words of an operation and what readelf must say afterwards; nil if the file has no use for it."""
        if operation == TOGETHER:
            words = {o: self.argument(o, needed, interpreter, base, links) for o in OPERATIONS}
            return [(o, w[0]) for o, w in words.items() if w], [t for w in words.values() if w for t in w[1]]
        if operation == "rpath set":
            return [RUNPATH], [f"[{RUNPATH}]"]
        if operation == "needed add":
            name = next(n for n in ("librt.so.1", "libutil.so.1", "libanl.so.1") if n not in needed)
            return [name], [f"[{name}]"]
        if operation == "soname":
            return ["libanother-name-of-this-library.so.12345"], ["[libanother-name-of-this-library.so.12345]"]
        if operation == "interp":
            return ([self.loader], [self.loader]) if interpreter else None
        if not needed or needed[0].startswith("ld-linux"):
            return None
        name = "lib-with-a-longer-name-than-before-" + needed[0]
        for line in run(*self.runner, self.loader, "--list", base)[1].splitlines():
            found = re.match(r"\s*(\S+) => (/\S+)", line)
            if found and found[1] == needed[0] and not os.path.lexists(os.path.join(links, name)):
                os.symlink(found[2], os.path.join(links, name))
        return [needed[0], name], [f"[{name}]"]

    def check(self, source):
        """(operation, tool, outcome, seconds, source, message) of each edit."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            base, target, links = (os.path.join(folder, n) for n in ("original", "edited", "links"))
            shutil.copy(source, base)
            os.chmod(base, 0o755)
            os.mkdir(links)
            text = dynamic(base)
            if "There is no dynamic section" in text:
                return []
            needed = re.findall(r"\(NEEDED\).*\[(.*)\]", text)
            interpreter = "Requesting program interpreter" in run("readelf", "-lW", base)[1]
            before = self.loads(base, links)
            noise = self.complaints(base) if self.lint else set()
            results = []
            for operation in self.operations:
                words = self.argument(operation, needed, interpreter, base, links)
                if words is None:
                    continue
                argument, wanted = words
                for name, tool in self.tools.items():
                    code, message, seconds = tool.edit(operation, argument, base, target)
                    if code != 0 or not os.path.exists(target):
                        outcome = "timeout" if code == 124 else "refused" if code in (1, 3) else "crashed"
                    else:
                        os.chmod(target, 0o755)
                        outcome, message = self.judge(base, target, before, noise, links, operation, argument, wanted, interpreter)
                    results.append((operation, name, outcome, seconds, source, message.strip().split("\n")[0][:300]))
                    if os.path.exists(target):
                        os.unlink(target)
            return results

    def judge(self, base, target, before, noise, links, operation, argument, wanted, interpreter):
        """What a result is worth."""
        said = run("readelf", "-dlW", target)[1]
        if any(text not in said for text in wanted):
            return "lost", "the file does not say it"
        after = self.loads(target, links)
        if not self.same(before, after, operation, argument):
            return "broken", f"{sorted(map(str, before[1] ^ after[1]))[:3]} {before[0]} {after[0]}"
        if self.runs and interpreter and not self.starts(target, links) and self.starts(base, links):
            return "broken", "--version ends with a signal"
        if self.lint:
            new = self.complaints(target) - noise - {"No errors"}
            if new:
                return "lint", sorted(new)[0]
        if self.strips:
            bad = self.stripped(base, target, before, links, operation, argument, interpreter)
            if bad:
                return "strip", ", ".join(bad)
        return "done", ""

    @staticmethod
    def complaints(path):
        """What eu-elflint says, without numbers."""
        return {re.sub(r" *(0x[0-9a-f]+|\d+)", " #", l) for l in run("eu-elflint", "--gnu-ld", path)[1].splitlines()}

    @staticmethod
    def same(before, after, operation, argument):
        if operation == TOGETHER:
            operation = "rpath set"
        named = lambda n: n in argument or LOADERS.match(n)
        changed = {n for n in before[1] ^ after[1] if not (isinstance(n, tuple) and named(n[0]))}
        if operation in ("needed replace", "needed add"):
            # What the new name brings with it, and messages that name it.
            changed = {n for n in changed if not isinstance(n, str) and (n in before[1] or n[1])}
        if operation == "rpath set":
            # The libraries of a private folder are not found any more.
            gained = {n for n in after[1] - before[1] if isinstance(n, str) and "rror" in n}
            return not gained
        return not changed and (before[0] == 0) == (after[0] == 0) or operation != "soname" and not changed


def report(results, files, tools):
    counts, times, failures = defaultdict(Counter), defaultdict(float), []
    for operation, tool, outcome, seconds, path, message in results:
        counts[operation, tool][outcome] += 1
        times[operation, tool] += seconds
        if outcome != "done":
            failures.append((tool, operation, outcome, path, message))
    print(f"{files} files")
    for operation in [*OPERATIONS, TOGETHER]:
        for tool in tools:
            row = counts[operation, tool]
            total = sum(row.values())
            if total:
                rest = ", ".join(f"{k} {v}" for k, v in sorted(row.items()) if k != "done")
                print(f"{operation:15} {tool:11} {row['done']:6} of {total:6}  {100 * row['done'] / total:6.2f} %"
                      f"  {1000 * times[operation, tool] / total:6.1f} ms  {rest}")
    for failure in sorted(failures):
        print("\t".join(failure))


def main():
    global limit
    arguments = sys.argv[1:]
    split = arguments.index("--")
    options = [a for a in arguments[:split] if a.startswith("--")]
    tools = dict(a.split("=", 1) for a in arguments[:split] if "=" in a and not a.startswith("--"))
    value = lambda name: next((o.split("=", 1)[1] for o in options if o.startswith(f"--{name}=")), None)
    limit = float(value("limit") or limit)
    known = {}
    if value("results") and os.path.exists(value("results")):
        with open(value("results")) as file:
            known = {path: rows for path, rows in map(json.loads, file)}
    files = list(find(arguments[split + 1:]))[::int(value("sample") or 1)]
    with tempfile.TemporaryDirectory(prefix="foreign-") as scratch:
        operations = [TOGETHER] if "--together" in options else [o for o in OPERATIONS if value("only") in (None, o)]
        job = Job(tools, "--lint" in options, "--run" in options, "--strip" in options, operations, scratch,
                  value("runner"), value("loader"))
        missing = [f for f in files if f not in known]
        with ThreadPoolExecutor(int(value("jobs") or 2)) as pool, open(value("results") or os.devnull, "a") as log:
            for path, rows in zip(missing, pool.map(job.check, missing)):
                known[path] = rows
                print(json.dumps([path, rows]), file=log, flush=True)
    report([row for path in files for row in known[path]], len(files), tools)


if __name__ == "__main__":
    main()
