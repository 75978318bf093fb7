#!/usr/bin/env python3
"""Links random section maps and looks for what no map may do.

usage: random_maps.py SWOLD [COUNT [SEED]]

Checks: exit code 0, or 1 with a message; no crash and no hang; messages in the order of the lines, none twice; and
the map that --print-section-map prints gives the same bytes. A failing map is left in the current folder.
"""
import os, random, re, subprocess, sys, tempfile

NUMBERS = ["0", "1", "3", "4", "8", "16", "100", "4 KiB", "64 KiB", "1 << 31", "1 << 45", "1 << 46", "1 << 62",
           "1 << 63", "0xffff_ffff_ffff_ffff", "0xffff_ffff_ffff_fff0", "1 / 0", "-1", "size(.s1)", "size(.s2) * 2",
           "align_of(.s3)", "max(size(.s1), 8)", "1 << 200", "pow2ceil(1 << 63)"]
SMALL = ["1", "2", "4", "8", "16", "64", "256", "4 KiB"]
SECTIONS = [".text", ".d1", ".d2", ".r1", ".r2", ".bss", ".z", ".t"]


def source(r):
    text = ".globl _start\n.text\n_start: ret\n"
    for name, flags in ((".d1", '"aw"'), (".d2", '"aw"'), (".r1", '"a"'), (".r2", '"a"'), (".z", '"aw",@nobits'),
                        (".t", '"awT"')):
        if r.random() < 0.7:
            body = f".zero {r.randint(0, 40)}" if name == ".z" else f".fill {r.randint(0, 40)}, 1, 1"
            text += f".section {name}, {flags}\n.balign {r.choice([1, 1, 2, 8, 32])}\n{body}\n"
    return text


class Map:
    def __init__(self, r):
        self.r, self.count = r, 3
        self.takes = r.sample(SECTIONS, len(SECTIONS))
        self.regions = [f"m{i}" for i in range(r.randint(1, 4))]
        self.wild = r.random() < 0.2

    def number(self):
        return self.r.choice(NUMBERS if self.wild and self.r.random() < 0.3 else SMALL)

    def name(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def some(self, *items):
        return "".join(make() + " " for chance, make in items if self.r.random() < chance)

    def bounds(self):
        return self.some(*[(0.15, lambda e=e: f"{e} {self.name('b')};")
                           for e in ("start", "end", "length", "load_start", "load_end", "provide start")])

    def shape(self):
        r = self.r
        return self.some((0.15, lambda: f"align {self.number()};" if r.random() < 0.5 else "align pow2;"),
                         (0.2, lambda: f"pad {r.choice([self.number(), '12', 'pow2'])};"))

    def pin(self):
        return self.number() if self.wild else f"0x{self.r.randint(1, 4)}_0{self.r.randint(0, 15):x}00"

    def items(self, depth):
        r, text = self.r, ""
        for _ in range(r.randint(0, 3)):
            kind = r.randint(0, 4)
            if kind <= 1 and self.takes:
                text += f"{r.choice(['', 'keep '])}take {self.takes.pop()}; "
            elif kind == 2:
                text += f"reserve {self.number()}; "
            elif kind == 3:
                text += f"slot {self.name('slot')} {{ size {self.number()}; {self.some((0.2, lambda: 'align 8;'))}}} "
            elif depth < 5:
                text += (f"group {{ {self.shape()}{self.bounds()}"
                         + self.some((0.1, lambda: f"size {self.number()};"), (0.1, lambda: f"max {self.number()};"),
                                     (0.05, lambda: f"at offset {self.number()};"))
                         + self.items(depth + 1) + "} ")
        return text

    def section(self):
        r = self.r
        return (f"section {self.name('.s')} {{ {self.shape()}{self.bounds()}"
                + r.choice([""] * 8 + [f"at {self.pin()}; ", "high; "]) + self.some((0.1, lambda: "always;"),
                            (0.2, lambda: f"load in {r.choice(self.regions)};"),
                            (0.05, lambda: f"load at {self.number()};"), (0.1, lambda: f"size {self.number()};"),
                            (0.1, lambda: f"min {self.number()};"), (0.1, lambda: f"max {self.number()};"),
                            (0.05, lambda: f"subalign {self.number()};"), (0.05, lambda: "noload;"),
                            (0.05, lambda: "fill 0xabcd1234;"), (0.05, lambda: "relro;"))
                + self.items(0) + "}\n")

    def block(self, depth):
        r, text = self.r, self.shape() + self.bounds() + "\n"
        for _ in range(r.randint(0, 4)):
            kind = r.randint(0, 6)
            if kind <= 3 or depth > 4:
                text += self.section()
            elif kind == 4:
                text += f"group {{ {self.block(depth + 1)}}}\n"
            elif kind == 5:
                text += (f"reserve {self.name('res')} {{ size {self.number()}; {self.bounds()}"
                         + self.some((0.2, lambda: "high;"), (0.2, lambda: f"align {self.number()};")) + "}\n")
            else:
                text += f"segment {self.name('seg')} rwx {{ {self.block(depth + 1)}}}\n"
        return text

    def text(self):
        r = self.r
        policy = r.choice(['place'] * 9 + ['warn', 'error', 'discard'])
        text = f"smap 1;\norphans {policy};\n"
        text += r.choice(["", "pages none;\n", "pages 64 KiB;\n"])
        for i, name in enumerate(self.regions):
            text += (f"region {name} {{ at {0x10000 * (i + 1)}; "
                     + self.some((0.8, lambda: f"size {r.choice(['64 KiB', '64 KiB', '4 KiB', '100'])};"),
                                 (0.3, lambda i=i: f"load in {r.choice(self.regions[i + 1:] or ['far'])};"
                                  if r.random() < 0.6 else f"load at {self.number()};"),
                                 (0.1, lambda: "fill 0xff;")) + self.bounds() + "}\n")
        text += "region far { at 0x80_0000; " + r.choice(["", "load at 0x90_0000; "]) + "}\n"
        text += "place in far { section .s1; section .s2 { reserve 5; } section .s3 { reserve size(.s2); align 8; } }\n"
        for _ in range(r.randint(1, 3)):
            target = r.choice([f"in {r.choice(self.regions)}"] * 4 + [f"at {r.choice(['0x20_0000', self.number()])}"])
            text += f"place {target} {{ {self.block(0)}}}\n"
        for _ in range(r.randint(0, 2)):
            text += f"symbol {self.name('y')} = {r.choice(['sym(b5)', 'size(.s1)', 'start(.s1) + 4', self.number()])};\n"
        return text


def problem(swold, text, folder):
    """What is wrong with the link of that map, or nothing."""
    def link(name, *options):
        command = [swold, "--section-map", name, "a.o", *options]
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=30, text=True)
    open(f"{folder}/m.smap", "w").write(text)
    try:
        result = link("m.smap", "-o", "out")
    except subprocess.TimeoutExpired:
        return "hangs"
    errors = result.stderr
    if result.returncode not in (0, 1) or "signal" in errors or "Fatal error" in errors:
        return f"exit code {result.returncode}: {errors[-300:]}"
    if result.returncode == 1 and not errors:
        return "fails in silence"
    heads = re.findall(r"^m\.smap:(\d+):(\d+): (.*)$", errors, re.M)
    places = [(int(line), int(column)) for line, column, _ in heads]
    if places != sorted(places):
        return f"messages out of order: {places}"
    if len(set(heads)) != len(heads):
        return f"a message twice: {heads}"
    if result.returncode == 0:
        printed = link("m.smap", "--print-section-map", "-o", "out").stdout
        open(f"{folder}/printed.smap", "w").write(printed)
        again = link("printed.smap", "-o", "out2")
        if again.returncode != 0:
            return f"the printed map fails: {again.stderr[:300]}"
        if open(f"{folder}/out", "rb").read() != open(f"{folder}/out2", "rb").read():
            return "the printed map gives other bytes"
    return None


def main():
    swold = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failures = linked = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(seed, seed + count):
            r = random.Random(number)
            open(f"{folder}/a.s", "w").write(source(r))
            subprocess.run(["as", "a.s", "-o", "a.o"], cwd=folder, check=True)
            text = Map(r).text()
            wrong = problem(swold, text, folder)
            linked += os.path.exists(f"{folder}/out")
            for name in ("out", "out2"):
                if os.path.exists(f"{folder}/{name}"):
                    os.unlink(f"{folder}/{name}")
            if wrong:
                failures += 1
                print(f"seed {number}: {wrong}")
                open(f"failing-{number}.smap", "w").write(text)
                open(f"failing-{number}.s", "w").write(source(random.Random(number)))
    print(f"{count} maps, {linked} linked, {failures} failures")
    return failures > 0


sys.exit(main())
