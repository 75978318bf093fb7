#!/usr/bin/env python3
"""How many of the files that other linkers made can be edited, and do the edited ones load?

    foreign_files.py [--lint] [--run] [--strip] [--sample=N] [--jobs=N] [--only=OPERATION] TOOL=PATH... -- FILE_OR_FOLDER...

TOOL is swold-edit, patchelf or lief (PATH is then a Python that imports it). Each operation of OPERATIONS
is made on a copy of each file. A result counts if the dynamic linker says of it what it says of a copy of
the original, and readelf finds what was asked for. --lint: eu-elflint says nothing new. --run: programs
end with --version as the original does. --strip: the same is true after each of STRIPPERS has written the
edited file anew, where it is true of the original. --runner='qemu-mips -L /usr/mips-linux-gnu' with --loader= runs the
dynamic linker of another machine. Prints a table, and each failure with its first message.
"""

import os, re, shutil, subprocess, sys, tempfile, time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

RUNPATH = ("/opt/store/" + "0123456789abcdef" * 16)[:200]
OPERATIONS = ["rpath set", "needed add", "needed replace", "soname", "interp"]
STRIPPERS = {
    "strip": ["strip", "-o"], "strip -g": ["strip", "-g", "-o"], "objcopy": ["objcopy"], "eu-strip": ["eu-strip", "-o"],
    "llvm-strip": ["llvm-strip", "-o"], "llvm-objcopy": ["llvm-objcopy"], "patchelf": ["patchelf", "--add-needed", "libdl.so.2", "--output"],
}


def run(*command, **options):
    try:
        result = subprocess.run(command, capture_output=True, timeout=60, **options)
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


class Job:
    def __init__(self, tools, lint, runs, strips, only, scratch, runner, loader):
        self.runner = runner.split() if runner else []
        self.tools, self.lint, self.runs, self.strips, self.scratch = tools, lint, runs, strips, scratch
        self.operations = [o for o in OPERATIONS if only in (None, o)]
        loader = loader or "/lib64/ld-linux-x86-64.so.2"
        self.loader = os.path.join(scratch, "l" * (60 - len(scratch) - 1))
        os.symlink(os.path.realpath(loader), self.loader)

    def command(self, tool, path, operation, argument, source, target):
        if tool == "swold-edit":
            return [path, *operation.split(), *argument, "-o", target, source]
        if tool == "patchelf":
            option = {
                "rpath set": "--set-rpath", "needed add": "--add-needed", "needed replace": "--replace-needed",
                "soname": "--set-soname", "interp": "--set-interpreter",
            }[operation]
            return [path, option, *argument, "--output", target, source]
        script = {
            "rpath set": "b.add(lief.ELF.DynamicEntryRunPath(a[0]))",
            "needed add": "b.add_library(a[0])",
            "needed replace": "b.get_library(a[0]).name = a[1]",
            "soname": "b.get(lief.ELF.DynamicEntry.TAG.SONAME).value if 0 else None\n"
            "e=[e for e in b.dynamic_entries if e.tag==lief.ELF.DynamicEntry.TAG.SONAME]\n"
            "(setattr(e[0],'name',a[0]) if e else b.add(lief.ELF.DynamicSharedObject(a[0])))",
            "interp": "b.interpreter = a[0]",
        }[operation]
        program = "import lief,sys\na=sys.argv[3:]\nb=lief.parse(sys.argv[1])\n" + script + "\nb.write(sys.argv[2])"
        return [path, "-c", program, source, target, *argument]

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

    def check(self, source):
        results = []
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            base = os.path.join(folder, "original")
            shutil.copy(source, base)
            os.chmod(base, 0o755)
            links = os.path.join(folder, "links")
            os.mkdir(links)
            text = dynamic(base)
            if "There is no dynamic section" in text:
                return []
            needed = re.findall(r"\(NEEDED\).*\[(.*)\]", text)
            interpreter = "Requesting program interpreter" in run("readelf", "-lW", base)[1]
            before = self.loads(base, links)
            noise = set(run("eu-elflint", "--gnu-ld", base)[1].splitlines()) if self.lint else set()
            for operation in self.operations:
                expected, argument, wanted = before, [], ""
                if operation == "rpath set":
                    argument, wanted = [RUNPATH], f"[{RUNPATH}]"
                elif operation == "needed add":
                    name = next(n for n in ("librt.so.1", "libutil.so.1", "libanl.so.1") if n not in needed)
                    argument, wanted = [name], f"[{name}]"
                elif operation == "needed replace":
                    if not needed or needed[0].startswith("ld-linux"):
                        continue
                    name = "lib-with-a-longer-name-than-before-" + needed[0]
                    argument, wanted = [needed[0], name], f"[{name}]"
                    for line in run(*self.runner, self.loader, "--list", base)[1].splitlines():
                        found = re.match(r"\s*(\S+) => (/\S+)", line)
                        if found and found[1] == needed[0] and not os.path.lexists(os.path.join(links, name)):
                            os.symlink(found[2], os.path.join(links, name))
                elif operation == "soname":
                    argument, wanted = ["libanother-name-of-this-library.so.12345"], "[libanother-name-of-this-library.so.12345]"
                else:
                    if not interpreter:
                        continue
                    argument = [self.loader]
                for tool, path in self.tools.items():
                    target = os.path.join(folder, "edited")
                    start = time.monotonic()
                    code, message = run(*self.command(tool, path, operation, argument, base, target))
                    seconds = time.monotonic() - start
                    outcome = "done"
                    if code != 0 or not os.path.exists(target):
                        outcome = "refused" if code in (1, 3) else "crashed"
                    else:
                        os.chmod(target, 0o755)
                        after = self.loads(target, links)
                        if operation == "interp":
                            if self.loader not in run("readelf", "-lW", target)[1]:
                                outcome, message = "lost", "PT_INTERP is not as asked for"
                        elif wanted not in dynamic(target):
                            outcome, message = "lost", "the dynamic section does not say it"
                        if outcome == "done" and not self.same(before, after, operation, argument):
                            outcome, message = "broken", f"{sorted(map(str, before[1] ^ after[1]))[:3]} {before[0]} {after[0]}"
                        if outcome == "done" and self.runs and interpreter:
                            old = run(*self.runner, base, "--version", stdin=subprocess.DEVNULL)
                            new = run(*self.runner, target, "--version", stdin=subprocess.DEVNULL, env=dict(os.environ, LD_LIBRARY_PATH=links))
                            if new[0] < 0 and old[0] >= 0:
                                outcome, message = "broken", f"--version ends with signal {-new[0]}"
                        if outcome == "done" and self.lint:
                            now = set(run("eu-elflint", "--gnu-ld", target)[1].splitlines())
                            numbers = lambda lines: {re.sub(r" *(0x[0-9a-f]+|\d+)", " #", l) for l in lines}
                            new = numbers(now) - numbers(noise) - {"No errors"}
                            if new:
                                outcome, message = "lint", sorted(new)[0]
                        if outcome == "done" and self.strips:
                            bad = self.stripped(base, target, before, links, operation, argument, interpreter)
                            if bad:
                                outcome, message = "strip", ", ".join(bad)
                    results.append((operation, tool, outcome, seconds, source, message.strip().split("\n")[0][:300]))
                    if os.path.exists(target):
                        os.unlink(target)
        return results

    @staticmethod
    def same(before, after, operation, argument):
        changed = {n for n in before[1] ^ after[1]}
        names = {argument[0], argument[-1]}
        if operation == "interp":
            names.add("ld-linux-x86-64.so.2")
        changed = {n for n in changed if not (isinstance(n, tuple) and (n[0] in names or n[0] in {"l" * len(n[0]), "ld-linux-x86-64.so.2"}))}
        if operation in ("needed replace", "needed add"):
            # What the new name brings with it, and messages that name it.
            changed = {n for n in changed if not isinstance(n, str) and (n in before[1] or n[1])}
        if operation == "rpath set":
            # The libraries of a private folder are not found any more.
            gained = {n for n in after[1] - before[1] if isinstance(n, str) and "rror" in n}
            return not gained
        return not changed and (before[0] == 0) == (after[0] == 0) or operation != "soname" and not changed


def main():
    arguments = sys.argv[1:]
    split = arguments.index("--")
    options = [a for a in arguments[:split] if a.startswith("--")]
    tools = dict(a.split("=", 1) for a in arguments[:split] if "=" in a and not a.startswith("--"))
    value = lambda name: next((o.split("=", 1)[1] for o in options if o.startswith(f"--{name}=")), None)
    sample = int(value("sample") or 1)
    files = list(find(arguments[split + 1:]))[::sample]
    counts, times, failures = defaultdict(Counter), defaultdict(float), []
    with tempfile.TemporaryDirectory(prefix="foreign-") as scratch:
        job = Job(tools, "--lint" in options, "--run" in options, "--strip" in options, value("only"), scratch,
                  value("runner"), value("loader"))
        with ThreadPoolExecutor(int(value("jobs") or 2)) as pool:
            for results in pool.map(job.check, files):
                for operation, tool, outcome, seconds, path, message in results:
                    counts[operation, tool][outcome] += 1
                    times[operation, tool] += seconds
                    if outcome != "done":
                        failures.append((tool, operation, outcome, path, message))
    print(f"{len(files)} files")
    for operation in OPERATIONS:
        for tool in tools:
            row = counts[operation, tool]
            total = sum(row.values())
            if total:
                rest = ", ".join(f"{k} {v}" for k, v in sorted(row.items()) if k != "done")
                print(f"{operation:15} {tool:11} {row['done']:6} of {total:6}  {100 * row['done'] / total:6.2f} %"
                      f"  {1000 * times[operation, tool] / total:6.1f} ms  {rest}")
    for failure in sorted(failures):
        print("\t".join(failure))


if __name__ == "__main__":
    main()
