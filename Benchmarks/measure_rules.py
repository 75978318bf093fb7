#!/usr/bin/env python3
"""Times links of millions of sections through section maps of 1, 10 and 1,000 rules.

    measure_rules.py [--sections 1000000,3000000,10000000] [--rules 1,10,1000] [--runs 3]

What the matching of a section costs must depend neither on how many sections there are nor on how
many rules. The inputs are made here, byte by byte, for an assembler would take minutes: objects of
100,000 sections each (extended section numbering), in folders of the scratch directory. Ten million
sections are 1.1 GB of input and a link of them takes 2 to 3 GB of memory. For each link the passes
that depend on the map are shown, from --perf: medians of the processor time.
"""
import argparse
import os
import re
import statistics
import struct
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PER_FILE = 100_000
GROUPS = 996
SIZE = 8            # bytes in each section
SHT_PROGBITS, SHT_STRTAB, SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 3, 1, 2, 4
KINDS = [(b".text", SHF_ALLOC | SHF_EXECINSTR)] * 6 + [(b".rodata", SHF_ALLOC)] * 2 + [
    (b".data", SHF_ALLOC | SHF_WRITE)] * 2
PASSES = ["loadMap", "compileRules", "buildSections", "markAndScan", "formOutputSections", "assignAddresses"]


def template():
    """An object with PER_FILE sections, in three parts; %%%% in the names is the file's number."""
    names, headers = bytearray(b"\0"), bytearray()
    contents = 64
    for index in range(PER_FILE):
        kind, flags = KINDS[index % len(KINDS)]
        headers += struct.pack("<IIQQQQIIQQ", len(names), SHT_PROGBITS, flags, 0,
                               contents + index * SIZE, SIZE, 0, 0, SIZE, 0)
        names += b"%s.g%03d.f%%%%%%%%_%05d\0" % (kind, index * 7919 % GROUPS, index)
    own_name = len(names)
    names += b".shstrtab\0"
    names += bytes(-len(names) % 8)
    at = contents + PER_FILE * SIZE
    headers += struct.pack("<IIQQQQIIQQ", own_name, SHT_STRTAB, 0, 0, at, len(names), 0, 0, 1, 0)
    count = PER_FILE + 2
    # Above SHN_LORESERVE the count and the index of the names stand in section 0.
    first = struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, count, count - 1, 0, 0, 0)
    ident = b"\x7fELF\2\1\1" + bytes(9)
    header = ident + struct.pack("<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, at + len(names), 0, 64, 0, 0,
                                 64, 0, 0xffff)
    return header + b"\xcc" * (PER_FILE * SIZE), bytes(names), first + bytes(headers)


def generate(folder, files):
    parts = None
    for number in range(files):
        path = f"{folder}/o{number:04d}.o"
        if os.path.exists(path):
            continue
        parts = parts or template()
        with open(path + ".new", "wb") as out:
            out.write(parts[0])
            out.write(parts[1].replace(b"%%%%", b"%04d" % number))
            out.write(parts[2])
        os.rename(path + ".new", path)


def map_text(rules):
    """A complete map with that many rules; from 10 on also names, files and exceptions."""
    lines, used = [], 1
    if rules > 1:
        # Names first: they take what they match from the kinds below.
        for number in range(rules - 4):
            group = number * GROUPS // max(1, rules - 4)
            if number % 10 == 9:
                take = f"take o00*.o(.text.g{group:03d}.*)"
            elif number % 10 == 8:
                take = f"take .data.g{group:03d}.* except o0007.o(*)"
            else:
                take = f"take .text.g{group:03d}.*"
            lines.append(f"    section .s{number:03d} {{ {take}; }}")
        lines += [f"    section .{name} {{ take @{kind}; }}" for name, kind in
                  [("text", "code"), ("rodata", "rodata"), ("data", "data"), ("bss", "bss")]]
    else:
        lines.append("    section .all { access rwx; take @alloc; }")
    return "smap 1;\npages 4 KiB;\nplace at 0x40_0000 {\n" + "\n".join(lines) + "\n}\n"


def once(linker, threads, map_path, objects, output):
    done = subprocess.run(
        [linker, "--no-fork", f"--threads={threads}", "--perf", "-e", "0", "--section-map",
         map_path, "-o", output, f"@{objects}"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr[-2000:])
    times = {name: float(cpu) for cpu, name in
             re.findall(r"^ *[\d.]+ +([\d.]+)  (\w+)$", done.stderr, re.MULTILINE)}
    os.unlink(output)
    return times


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sections", default="1000000,3000000,10000000")
    options.add_argument("--rules", default="1,10,1000")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--swold", default=f"{ROOT}/.build/release/swold")
    options.add_argument("--scratch", default=f"{ROOT}/Benchmarks/data/rules")
    arguments = options.parse_args()
    os.makedirs(arguments.scratch, exist_ok=True)
    print(f"{arguments.threads} thread(s), {arguments.runs} runs, ms of processor time, median\n")
    print("| sections | rules | " + " | ".join(PASSES) + " | whole link |")
    print("|---:" * (len(PASSES) + 3) + "|")
    for count in map(int, arguments.sections.split(",")):
        files = max(1, count // PER_FILE)
        generate(arguments.scratch, files)
        objects = f"{arguments.scratch}/objects-{files}"
        with open(objects, "w") as out:
            out.writelines(f"{arguments.scratch}/o{n:04d}.o\n" for n in range(files))
        for rules in map(int, arguments.rules.split(",")):
            map_path = f"{arguments.scratch}/rules-{rules}.smap"
            with open(map_path, "w") as out:
                out.write(map_text(rules))
            output = f"{arguments.scratch}/output"
            samples = [once(arguments.swold, arguments.threads, map_path, objects, output)
                       for _ in range(arguments.runs)]
            cells = [statistics.median(s.get(p, 0) for s in samples) for p in PASSES + ["total"]]
            print(f"| {files * PER_FILE:,} | {rules:,} | "
                  + " | ".join(f"{cell:,.1f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
