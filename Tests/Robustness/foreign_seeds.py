#!/usr/bin/env python3
"""Small programs and libraries as other linkers make them, for every machine there is a compiler for.

    foreign_seeds.py FOLDER

What a compiler or linker is missing for, or cannot do, is left out; the names of what came into being are printed.
"""

import itertools, os, shutil, subprocess, sys

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
__thread int local = 7, other[4];
int table[64] = {1, 2, 3}, zeros[3000];
int exported(int x) { return x + local; }
static int quiet(void) { return table[1]; }
int (*pointers[])(int) = {exported, abs};
int (*more[])(void) = {quiet, rand};
__attribute__((constructor)) static void first(void) { table[0] = 5; }
int main(int count, char **words) { zeros[count] = pointers[0](count); printf("%d %s\\n", zeros[count], words[0]); return 0; }
"""
LIBRARY = """
#include <math.h>
__thread int local = 7;
int data = 3, *pointer = &data, zeros[50];
double half(double x) { return sqrt(x) / 2 + local; }
int first(int x) { return x + *pointer; }
__attribute__((weak)) int second(int x) { return first(x) + zeros[3]; }
int old_third(void) { return 3; }
"""
VERSIONS = "V1 { global: half; first; data; pointer; }; V2 { global: second; old_third; } V1;"
HOST = {
    "bfd": ["gcc", "-fuse-ld=bfd"], "gold": ["gcc", "-fuse-ld=gold"], "mold": ["gcc", "-fuse-ld=mold"],
    "lld": ["clang-19", "-fuse-ld=lld"], "musl": ["musl-gcc"],
}
SHAPES = {
    "pie": ["-pie", "-fPIE"], "exec": ["-no-pie"], "shared": ["-shared", "-fPIC"],
}
FLAGS = {
    "": [], "rpath": ["-Wl,-rpath,/opt/some/folder:$ORIGIN/../lib"], "packed": ["-Wl,-z,noseparate-code"],
    "norelro": ["-Wl,-z,norelro"], "now": ["-Wl,-z,now"], "sysv": ["-Wl,--hash-style=sysv"], "strip": ["-s"],
    "pages": ["-Wl,-z,max-page-size=65536"], "export": ["-rdynamic", "-Wl,--build-id=sha1"], "relr": ["-Wl,-z,pack-relative-relocs"],
    "debug": ["-g"],
}
CROSS = [
    "aarch64-linux-gnu", "arm-linux-gnueabihf", "riscv64-linux-gnu", "i686-linux-gnu", "mips-linux-gnu", "mipsel-linux-gnu",
    "powerpc-linux-gnu", "powerpc64-linux-gnu", "powerpc64le-linux-gnu", "s390x-linux-gnu",
]


def build(folder):
    """Makes the files and returns their paths."""
    os.makedirs(folder, exist_ok=True)
    for name, text in ("p.c", PROGRAM), ("l.c", LIBRARY), ("v.map", VERSIONS):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    commands = {}
    for (linker, command), (shape, shaping), (flag, flags) in itertools.product(HOST.items(), SHAPES.items(), FLAGS.items()):
        commands[f"{linker}-{shape}{'-' if flag else ''}{flag}"] = command + shaping + flags
    for machine, (shape, shaping), flag in itertools.product(CROSS, SHAPES.items(), ("", "rpath", "strip", "sysv")):
        commands[f"{machine}-{shape}-{flag}"] = [machine + "-gcc"] + shaping + FLAGS[flag]
    made = []
    for name, command in commands.items():
        if not shutil.which(command[0]):
            continue
        source = ["l.c", "-Wl,--version-script=v.map", "-Wl,-soname,lib-of-seeds.so.1", "-lm"] if "-shared" in command else ["p.c"]
        target = os.path.join(folder, name)
        if os.path.exists(target) or subprocess.run(
                command + ["-O1", "-o", name] + source, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0:
            made.append(target)
    return made


if __name__ == "__main__":
    print("\n".join(build(sys.argv[1])))
