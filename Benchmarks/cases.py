"""The links that the benchmark times, and how their inputs come to be.

Each case compiles its inputs once into the data folder and takes the linker's command line from
the compiler driver: a stand-in for the linker, found through -B, writes its arguments down. They
go into a response file, so that later nothing but the linker runs. The output's name is left out
of it; the benchmark gives each linker its own.
"""
import glob
import hashlib
import inspect
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LLVM = "/usr/lib/llvm-19/lib"
JOBS = str(os.cpu_count() or 1)

# What stands in for the linker while a command line is captured.
CAPTURE = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["BENCH_CAPTURE"], "w") as out:
    json.dump(sys.argv[1:], out)
"""

# clang+LLVM archives that cannot be linked together into one program, and why.
LEFT_OUT = {
    "libLLVMExegesis": "needs libpfm4-dev",
    "libLLVMInterpreter": "needs libffi-dev",
    "libLLVMDebuginfod": "needs libcurl's development files",
    "libLLVMLineEditor": "needs libedit-dev",
    "libLLVMExtensions": "needs Polly",
    "libclangdRemote": "needs gRPC and protobuf",
    "libclangdMonitoring": "needs gRPC and protobuf",
    "libclangdMain": "needs clangdRemote",
    "libLLVMBOLT": "registers the option -o that other archives register",
    "libLLVMOptDriver": "registers the option -p that other archives register",
    "libLLVMTableGen": "registers the option -o that other archives register",
}
LLVM_SYSTEM = ["-lz3", "-lz", "-lzstd", "-lxml2", "-ltinfo", "-lrt", "-ldl", "-lm", "-lpthread"]

SAMPLE = """#include <vector>
struct Point { int x; int get() const { return x; } };
template <class T> T add(T a, T b) { return a + b; }
int main() {
  std::vector<Point> points{{1}, {2}};
  int sum = 0;
  for (auto &point : points) sum = add(sum, point.get());
  return sum - 3;
}
"""


class Skip(Exception):
    """The case cannot be prepared here; the text says what is missing."""


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Skip(f"{' '.join(command[:4])} …: {done.stderr.strip().splitlines()[:1]}")
    return done.stdout


def quoted(argument):
    """`argument` as the linkers' response files want it."""
    if argument and not any(c.isspace() or c in "\"'\\" for c in argument):
        return argument
    return '"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Case:
    name = title = ""
    repeat = 1      # how many times the usual number of runs: short links vary more
    is_small = False    # linkers choose the number of threads by themselves, as in everyday use
    memory = 1 << 31    # bytes that no linker comes near; 0: too few to matter

    def __init__(self, data):
        self.data = data
        self.folder = os.path.join(data, self.name)
        self.response = os.path.join(self.folder, "link.rsp")

    def prepare(self):
        """Makes the inputs unless they are there already, for this text and this compiler."""
        key = hashlib.sha256()
        for method in (self.build, self.capture, self.respond):
            key.update(inspect.getsource(method).encode())
        key.update(repr(self.parameters()).encode())
        for name in self.sources():
            with open(os.path.join(HERE, name), "rb") as file:
                key.update(file.read())
        key.update(run(["g++", "--version"]).encode())
        key.update(self.folder.encode())
        stamp = os.path.join(self.folder, "ready")
        if os.path.exists(stamp) and open(stamp).read() == key.hexdigest():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        print(f"preparing {self.name} …", file=sys.stderr, flush=True)
        self.build()
        with open(stamp, "w") as out:
            out.write(key.hexdigest())

    def sources(self):
        """Files beside this one that the inputs are made from."""
        return []

    def parameters(self):
        """What else the inputs depend on."""
        return None

    def build(self):
        raise NotImplementedError

    def check(self, output, scratch):
        """None if the program at `output` does what it should, or what is wrong."""
        done = subprocess.run([output], capture_output=True, text=True, timeout=300)
        return None if done.returncode == 0 else f"exit status {done.returncode}"

    # Helpers.

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)

    def compile_all(self, command, files):
        """Runs `command FILE` for all files, as many at a time as there are processors."""
        done = subprocess.run(["xargs", "-P", JOBS, "-n", "1", *command], cwd=self.folder,
                              input="\n".join(files), text=True, capture_output=True)
        if done.returncode != 0:
            raise Skip(done.stderr.strip().splitlines()[:1])

    def capture(self, driver):
        """Writes the response file with what `driver …` would give to the linker."""
        folder = os.path.join(self.data, "capture")
        os.makedirs(folder, exist_ok=True)
        stand_in = os.path.join(folder, "ld")
        with open(stand_in, "w") as out:
            out.write(CAPTURE)
        os.chmod(stand_in, 0o755)
        record = self.path("capture.json")
        # No linker plugin: without LTO objects it does nothing but cost some linkers a load.
        run([driver[0], "-B", folder + "/", "-fno-use-linker-plugin", *driver[1:], "-o", "output"],
            cwd=self.folder, env={**os.environ, "BENCH_CAPTURE": record})
        with open(record) as file:
            self.respond(json.load(file))

    def respond(self, arguments):
        kept, skip = [], False
        for argument in arguments:
            if skip or argument == "-o":
                skip = not skip
                continue
            kept.append(argument)
        with open(self.response, "w") as out:
            out.write("\n".join(map(quoted, kept)) + "\n")


class Hello(Case):
    name, title, repeat = "hello", "hello, world in C (dynamic, PIE)", 20
    is_small, memory = True, 0

    def build(self):
        self.write("hello.c", '#include <stdio.h>\nint main(void) { puts("hello"); }\n')
        run(["gcc", "-O2", "-c", "hello.c"], cwd=self.folder)
        self.capture(["gcc", self.path("hello.o")])

    def check(self, output, scratch):
        done = subprocess.run([output], capture_output=True, text=True)
        return None if done.stdout == "hello\n" else f"printed {done.stdout!r}"


class LLVMCase(Case):
    def parameters(self):
        return sorted(LEFT_OUT), LLVM_SYSTEM, SAMPLE

    def archives(self):
        found = sorted(glob.glob(f"{LLVM}/libclang*.a") + glob.glob(f"{LLVM}/libLLVM*.a"))
        if not any("libclangTooling.a" in f for f in found) or len(found) < 200:
            raise Skip("needs the packages libclang-19-dev, llvm-19-dev and their dependencies")
        return found


class ClangTool(LLVMCase):
    name, title = "clang-tool", "a clang tool, from the static clang+LLVM 19 archives"

    def sources(self):
        return ["clang_tool.cpp"]

    def build(self):
        archives = [a for a in self.archives() if "libLLVMExtensions" not in a]
        flags = run(["llvm-config-19", "--cppflags"]).split()
        run(["g++", "-std=c++17", "-O1", "-fno-rtti", *flags, "-c",
             os.path.join(HERE, "clang_tool.cpp")], cwd=self.folder)
        self.write("sample.cpp", SAMPLE)
        self.capture(["g++", self.path("clang_tool.o"), "-Wl,--start-group", *archives,
                      "-Wl,--end-group", *LLVM_SYSTEM])

    def check(self, output, scratch):
        # The object file goes beside the source.
        sample = os.path.join(scratch, "sample.o")
        if os.path.exists(sample):
            os.unlink(sample)
        shutil.copy(self.path("sample.cpp"), scratch)
        done = subprocess.run([output, "--emit", os.path.join(scratch, "sample.cpp"), "--", "-O1"],
                              cwd=scratch, capture_output=True, text=True, timeout=300)
        if done.returncode != 0 or "functions 3, records 1," not in done.stdout:
            return f"exit status {done.returncode}, printed {done.stdout[-100:]!r}"
        if not os.path.exists(sample):
            return "emitted no object file"
        # What it compiled has to link and run: the back end works, too.
        program = os.path.join(scratch, "sample")
        run(["g++", sample, "-o", program])
        status = subprocess.run([program]).returncode
        return f"what it compiled exits with {status}" if status else None


class WholeLLVM(LLVMCase):
    name, title = "whole-llvm", "all members of the clang+LLVM 19 archives"

    def build(self):
        archives = [a for a in self.archives()
                    if not any(os.path.basename(a).startswith(left) for left in LEFT_OUT)]
        # LLVM was configured with Polly, which is in another package; nothing here calls it.
        self.write("main.c", "void _Z18getPollyPluginInfov(void) {}\nint main(void) { return 0; }\n")
        run(["gcc", "-O2", "-c", "main.c"], cwd=self.folder)
        self.capture(["g++", self.path("main.o"), "-Wl,--whole-archive", *archives,
                      "-Wl,--no-whole-archive", f"{LLVM}/libfindAllSymbols.a", *LLVM_SYSTEM])


class Debug(Case):
    name, title = "debug", "a C++ program built with -g -O0"

    units = 84  # the fewest that give more than 300 MB with each of the linkers

    def sources(self):
        return ["generate_debug.py"]

    def parameters(self):
        return self.units

    def build(self):
        run([sys.executable, os.path.join(HERE, "generate_debug.py"), self.folder,
             str(self.units), "9"])
        files = ["main.cpp"] + [f"unit_{u}.cpp" for u in range(self.units)]
        self.compile_all(["g++", "-std=c++17", "-g", "-O0", "-c"], files)
        objects = [self.path(f[:-4] + ".o") for f in files]
        for name in files:
            os.unlink(self.path(name))
        self.capture(["g++", *objects])

    def check(self, output, scratch):
        done = subprocess.run([output], capture_output=True, text=True, timeout=300)
        if done.returncode != 0 or not done.stdout.startswith(f"units {self.units}, sum "):
            return f"exit status {done.returncode}, printed {done.stdout[:80]!r}"
        if os.path.getsize(output) < 300e6:
            return f"only {os.path.getsize(output)} bytes"
        return None


class Sections(Case):
    name, title, files, repeat = "sections", "300 files of 200 small sections", 300, 4

    def sources(self):
        return ["generate_sections.py"]

    def parameters(self):
        return self.files

    def build(self):
        run([sys.executable, os.path.join(HERE, "generate_sections.py"), self.folder,
             str(self.files), "100"])
        names = ["start"] + [f"o{i}" for i in range(self.files)]
        self.compile_all(["sh", "-c", 'as "$0" -o "${0%.s}.o" && rm "$0"'], [n + ".s" for n in names])
        self.respond([self.path(n + ".o") for n in names])


class ManySections(Sections):
    name, title, files, repeat = "many-sections", "3,000 files of 200 small sections", 3000, 1


CASES = [Hello, ClangTool, WholeLLVM, Debug, Sections, ManySections]
