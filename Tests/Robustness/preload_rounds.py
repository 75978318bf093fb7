#!/usr/bin/env python3
"""Changes what a prepared link depends on, and checks that every link is as if nobody had prepared it.

    preload_rounds.py --linker PATH [--rounds N] [--seed N] [--verbose]

A round prepares links (or not), changes none, one or two things in one of many ways, links, and looks:

  - output, messages and exit code are those of a link without a daemon;
  - if a daemon was there and nothing had changed, the link opened no input, and the daemon is still there;
  - if something had changed that the link reads, the daemon is gone;
  - nothing but the output is in its folder.

A round depends on the seed and the rounds before it.
"""

import argparse
import ctypes
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

MAIN = "int one(void), two(void), late(void) __attribute__((weak)), shared(void); extern char names[];\n" \
       "int main(void) { return one() + two() + shared() + names[0] + (late ? late() : 0); }\n"
ONE = "int one(void) { return %d; } const char *one_text = \"text %d\";\n"
TWO = "int three(void); int two(void) { return three() + %d; }\n"
THREE = "int three(void) { return %d; } char names[] = \"names %d\";\n"
LATE = "int late(void) { return 40; }\n"
SHARED = "int shared(void) { return 1; } int only_in_%d(void) { return 2; }\n"


def run(*command, **options):
    subprocess.run(command, check=True, **options)


class Opens:
    """Counts how often files in some folders are opened: inotify(7)."""

    IN_OPEN = 0x20

    def __init__(self, folders):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self.libc.inotify_init1(os.O_NONBLOCK)
        if self.descriptor < 0:
            sys.exit("inotify is not to be had")
        for folder in folders:
            self.libc.inotify_add_watch(self.descriptor, folder.encode(), self.IN_OPEN)

    def close(self):
        os.close(self.descriptor)

    def take(self):
        names = []
        while True:
            try:
                data = os.read(self.descriptor, 1 << 16)
            except BlockingIOError:
                return names
            offset = 0
            while offset < len(data):
                _, mask, _, length = struct.unpack_from("iIII", data, offset)
                name = data[offset + 16:offset + 16 + length].rstrip(b"\0").decode()
                if name and mask & self.IN_OPEN:
                    names.append(name)
                offset += 16 + length


class Tree:
    """The inputs, and the ways to change them. A way returns whether the daemon may not link any more."""

    def __init__(self, folder, chance):
        self.folder = folder
        self.chance = chance
        os.chdir(folder)
        for name in ("in", "early", "later", "out", "variants", "run"):
            os.mkdir(name)
        os.chmod("run", 0o700)
        self.compile("main", MAIN)
        for number in range(4):
            self.compile(f"one{number}", ONE % (number, number))
            self.compile(f"two{number}", TWO % number)
            self.compile(f"three{number}", THREE % (number, number))
            self.compile(f"shared{number}", SHARED % number, "-fPIC")
            run("gcc", "-shared", f"variants/shared{number}.o", "-o", f"variants/libshared{number}.so",
                "-Wl,-soname,libshared.so")
        self.compile("late", LATE)
        run("ar", "rcsT", "variants/thin.a", "variants/late.o")
        self.reset()

    def compile(self, name, text, *options):
        with open(f"variants/{name}.c", "w", encoding="utf-8") as file:
            file.write(text)
        run("gcc", "-O1", "-c", *options, f"variants/{name}.c", "-o", f"variants/{name}.o")

    def reset(self):
        for folder in ("in", "early", "later"):
            for name in os.listdir(folder):
                os.unlink(f"{folder}/{name}")
        shutil.copy("variants/main.o", "in/main.o")
        shutil.copy("variants/one0.o", "in/one.o")
        shutil.copy("variants/two0.o", "in/two.o")
        run("ar", "rcs", "in/libthree.a", "variants/three0.o")
        shutil.copy("variants/libshared0.so", "later/libshared.so")
        self.write("in/script", "INPUT(in/two.o)\n")
        self.write("in/versions", "V1 { global: one; two; local: *; };\n")
        self.write("in/order", "main\n")
        self.write("in/response", "-z now\n")

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def replace(self, source, target):
        shutil.copy(source, target + ".new")
        os.rename(target + ".new", target)

    # --- What may happen to inputs

    def nothing(self):
        return False

    def touch(self):
        os.utime(self.chance.choice(["in/one.o", "in/libthree.a", "later/libshared.so", "in/script"]))
        return True

    def change_a_file_beside(self):
        self.write("in/nobody-reads-this", str(self.chance.random()))
        return False

    def replace_same(self):
        self.replace("in/one.o", "in/one.o")
        return True

    def replace_other(self):
        self.replace(f"variants/one{self.chance.randrange(4)}.o", "in/one.o")
        return True

    def rewrite_in_place(self):
        """The same length, the same node, the old time of modification."""
        before = os.stat("in/one.o")
        with open(f"variants/one{self.chance.randrange(4)}.o", "rb") as file:
            data = file.read()
        with open("in/one.o", "r+b") as file:
            file.write(data)
            file.truncate(len(data))
        os.utime("in/one.o", ns=(before.st_atime_ns, before.st_mtime_ns))
        return True

    def shrink(self):
        os.truncate("in/one.o", os.stat("in/one.o").st_size // 2)
        return True

    def empty(self):
        os.truncate("in/two.o", 0)
        return True

    def delete(self):
        os.unlink(self.chance.choice(["in/one.o", "later/libshared.so", "in/versions"]))
        return True

    def replace_by_folder(self):
        os.unlink("in/one.o")
        os.mkdir("in/one.o")
        return True

    def add_member(self):
        run("ar", "rcs", "in/libthree.a", "variants/late.o")
        return True

    def replace_member(self):
        shutil.copy(f"variants/three{self.chance.randrange(4)}.o", "three0.o")
        run("ar", "rcs", "in/libthree.a", "three0.o")
        os.unlink("three0.o")
        return True

    def change_script(self):
        self.write("in/script", self.chance.choice(
            ["INPUT(in/two.o variants/late.o)\n", "INPUT(variants/two1.o)\n", "INPUT(in/two.o", "x = 5;\n"]))
        return True

    def change_thin_member(self):
        """Only the member changes, and the archive stays."""
        self.write("in/script", "INPUT(in/two.o variants/thin.a)\n")
        os.utime("variants/late.o")
        return True

    def change_versions(self):
        self.write("in/versions", self.chance.choice(
            ["V2 { global: one; };\n", "V1 { global: *; };\n", "V1 { global: one; two"]))
        return True

    def change_order(self):
        self.write("in/order", "two\nmain\none\n")
        return True

    def library_appears_earlier(self):
        shutil.copy(f"variants/libshared{self.chance.randrange(4)}.so", "early/libshared.so")
        return True

    def archive_appears_earlier(self):
        run("ar", "rcs", "early/libthree.a", "variants/three3.o", "variants/late.o")
        return True

    def other_name_appears(self):
        shutil.copy("variants/libshared3.so", "early/libother.so")
        return False

    def link_leads_elsewhere(self):
        os.unlink("in/one.o")
        os.symlink("../variants/one3.o", "in/one.o")
        return True

    def change_response(self):
        """Another command line: the daemon of the old one has nothing to do with it."""
        self.write("in/response", self.chance.choice(["-z lazy\n", "-z now --gc-sections\n", "--nonsense\n"]))
        return True

    WAYS = [nothing, nothing, nothing, nothing, touch, change_a_file_beside, replace_same, replace_other,
            rewrite_in_place, shrink, empty, delete, replace_by_folder, add_member, replace_member,
            change_script, change_thin_member, change_versions, change_order, library_appears_earlier,
            archive_appears_earlier, other_name_appears, link_leads_elsewhere, change_response]


OPTIONS = [
    [],
    ["-shared"],
    ["-pie", "--gc-sections", "--build-id"],
    ["-r"],
    ["--emit-relocs", "--print-map", "--build-id=sha1"],
    ["--warn-common", "--noinhibit-exec", "variants/shared0.o"],
    ["--threads=3", "--compress-debug-sections=zlib", "-Map=out/map"],
    ["-static-nonsense"],
]


class Rounds:
    def __init__(self, linker, folder, chance, verbose):
        self.linker = linker
        self.tree = Tree(folder, chance)
        self.chance = chance
        self.verbose = verbose
        self.opens = Opens(["in", "early", "later", "variants"])
        self.warm = self.cold = 0
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=f"{folder}/run")

    def arguments(self, options):
        inputs = ["in/main.o", "in/one.o", "in/script", "-Learly", "-Llater", "-Lin", "-lthree"]
        if "-r" in options:
            inputs = ["in/main.o", "in/one.o", "in/script", "-Learly", "-Lin", "-lthree"]
        else:
            inputs += ["-lshared", "--version-script=in/versions", "--symbol-ordering-file=in/order"]
        return ["-o", "out/program", *options, "@in/response", *inputs, "-e", "main"]

    def link(self, arguments, environment):
        done = subprocess.run([self.linker, *arguments], env=environment, capture_output=True, timeout=60,
                              check=False)
        left = sorted(os.listdir("out"))
        outputs = {}
        for name in left:
            with open(f"out/{name}", "rb") as file:
                outputs[name] = file.read()
        return (done.returncode, done.stdout, done.stderr, outputs)

    def empty_output(self, content):
        shutil.rmtree("out")
        os.mkdir("out")
        if content is not None:
            with open("out/program", "wb") as file:
                file.write(content)

    def preload(self, arguments):
        done = subprocess.run([self.linker, "-preload", "--preload-timeout=30", *arguments],
                              env=self.environment, capture_output=True, timeout=60, check=False)
        if done.returncode == 0 and (done.stdout or done.stderr):
            raise AssertionError(f"-preload printed {done.stdout + done.stderr!r}")
        if done.returncode not in (0, 1) or done.returncode == 1 and not done.stderr:
            raise AssertionError(f"-preload ended with {done.returncode}: {done.stderr!r}")
        return done.returncode == 0

    def sockets(self):
        folder = "run/swold"
        return set(os.listdir(folder)) if os.path.isdir(folder) else set()

    def round(self, number):
        if self.chance.random() < 0.5:
            shutil.rmtree("in")
            os.mkdir("in")
            self.tree.reset()
            self.opens.close()
            self.opens = Opens(["in", "early", "later", "variants"])
        arguments = self.arguments(self.chance.choice(OPTIONS))
        before = self.sockets()
        is_ready = self.chance.random() < 0.85 and self.preload(arguments)
        mine = self.sockets() - before
        change = False
        ways = []
        for _ in range(self.chance.choice([1, 1, 1, 2])):
            way = self.chance.choice(Tree.WAYS)
            ways.append(way.__name__)
            try:
                is_noticed = way(self.tree)
            except (OSError, subprocess.CalledProcessError):
                is_noticed = True  # what it wanted to change may be gone, by an earlier way
            change = change or is_noticed
        old = self.chance.choice([None, b"the old output"])
        if self.verbose:
            print(number, "ready" if is_ready else "", ways, arguments[2:], flush=True)
        self.empty_output(old)
        want = self.link(arguments, dict(os.environ, XDG_RUNTIME_DIR="/nonexistent"))
        self.empty_output(old)
        self.opens.take()
        for _ in range(self.chance.choice([1, 1, 2])):
            got = self.link(arguments, self.environment)
            opened = set(self.opens.take()) - {"response"}  # that is read to know the command line
            if got != want:
                for part, name in enumerate(("exit code", "standard output", "messages", "outputs")):
                    if got[part] != want[part]:
                        shown = "" if part == 3 else f": {got[part]!r} instead of {want[part]!r}"
                        print(f"round {number}: {name} differ{shown}")
                raise AssertionError(f"after {ways} with {arguments}")
            if not is_ready:
                continue
            is_there = bool(mine & self.sockets()) if mine else None
            if not change:
                if opened or is_there is False:
                    raise AssertionError(f"the daemon did not link: {opened} after {ways} with {arguments}")
                self.warm += 1
            else:
                self.cold += 1

    def stale_is_gone(self):
        """A change is noticed once; then there is no daemon to ask."""
        self.tree.reset()
        arguments = self.arguments([])
        assert self.preload(arguments), "cannot be prepared"
        (name,) = self.sockets() or (None,)
        os.utime("in/one.o")
        self.link(arguments, self.environment)
        deadline = time.time() + 10
        while name in self.sockets():
            if time.time() > deadline:
                raise AssertionError("the daemon of changed inputs is still there")
            time.sleep(0.01)


def dismiss(folder):
    """Ends the daemons whose working directory is `folder`."""
    for process in os.listdir("/proc"):
        try:
            if process.isdigit() and os.readlink(f"/proc/{process}/cwd") == folder:
                if int(process) != os.getpid():
                    os.kill(int(process), 15)
        except OSError:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--linker", required=True)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    linker = os.path.abspath(options.linker)
    folder = os.path.realpath(tempfile.mkdtemp(prefix="swold-preload."))
    try:
        rounds = Rounds(linker, folder, random.Random(options.seed), options.verbose)
        rounds.stale_is_gone()
        for number in range(options.rounds):
            rounds.round(number)
        print(f"{options.rounds} rounds: {rounds.warm} links by a daemon, {rounds.cold} after a change")
        if not rounds.warm or not rounds.cold:
            sys.exit("the rounds were too few to show anything")
    except AssertionError as failure:
        sys.exit(f"FAILED: {failure}")
    finally:
        dismiss(folder)
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
