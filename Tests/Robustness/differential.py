#!/usr/bin/env python3
"""Links random programs with two linkers and compares what the programs do.

    differential.py --linker-dir FOLDER [--against FOLDER] [--first N] [--count N] [--keep FOLDER]
                    [--language c|c++|elf] [--reduce] [--linker FILE]

FOLDER holds a program `ld`, as gcc's -B wants it; --against defaults to the system's linker. Program
number N depends only on N. Its units are spread over the program, an archive and up to two shared
libraries, which refer to each other's functions, data, thread-local variables, IFUNCs, classes and
exceptions with random bindings and visibilities, compiled with random options by gcc and clang,
linked with random options. Each unit prints what it sees, and tells when the address of one thing
differs between two places.

What counts as a difference: other output, another exit status, or a link that only one of the two
makes. Not compared is what the psABI leaves open, or where the other linker is known to be wrong (see
`is_excused`).

--language elf makes programs from object files of its own (see random_links/program.py), which takes
a tenth of a second a program, and compares swold (--linker) with GNU ld and lld at once: what the
programs see, and the facts in their symbol tables, versions and dynamic sections. Each difference is
printed with its seed and kind, kinds that docs/Differential.md explains are only counted, and
--reduce makes the first program of each other kind small. The exit code is 1 if a difference was found; with --keep its files stay.
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile

LIBRARIES = ("libA", "libB")
MODES = ["-pie", "-pie", "-no-pie", "-no-pie", "-static", "-static-pie"]
PROGRAM_FLAGS = [
    "--gc-sections", "-z,now", "-z,relro", "-z,norelro", "--as-needed", "-z,pack-relative-relocs",
    "--hash-style=gnu", "--hash-style=sysv", "-O2", "-z,noseparate-code", "--export-dynamic",
    "-z,combreloc", "-z,nocombreloc", "--sort-common", "--sort-section=name", "-s", "-z,ibtplt",
    "--build-id"]
LIBRARY_FLAGS = ["-Bsymbolic", "-Bsymbolic-functions", "-z,now", "-z,pack-relative-relocs",
                 "--gc-sections", "-O1"]


def run(command, folder, timeout=120):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout)


class Program:
    """What C and C++ programs have in common: units in places, compilation, linking."""
    suffix = compilers = ""
    whole_archive = False

    def __init__(self, seed, places):
        self.random = random.Random(f"{seed} {self.suffix}")
        pick = self.random
        self.mode = pick.choice(MODES)
        self.is_dynamic = "static" not in self.mode
        spots = []
        for place, (low, high) in places.items():
            if self.is_dynamic or place not in LIBRARIES:
                spots += [place] * pick.randint(low, high)
        self.units = [(f"u{number}", place) for number, place in enumerate(spots)]
        self.populate()

    def some(self, flags, share):
        return [f"-Wl,{flag}" for flag in flags if self.random.random() < share]

    def objects(self, place):
        return [f"{name}.o" for name, spot in self.units if spot == place]

    def module(self, unit):
        place = self.units[unit][1]
        return place if place in LIBRARIES else "program"

    def code_model(self, place):
        if place in LIBRARIES:
            return ["-fPIC"]
        if self.mode in ("-pie", "-static-pie"):
            return [self.random.choice(["-fPIE", "-fPIC"])]
        return self.random.choice([["-fno-pic", "-fno-pie"], ["-fno-pic", "-fno-pie"], ["-fPIE"],
                                   ["-fPIC"]])

    def compile_flags(self, compiler, place):
        pick = self.random
        flags = [pick.choice(["-O0", "-O1", "-O2"]), *self.code_model(place)]
        chances = [("-fno-plt", .3), ("-g", .2), ("-fcf-protection=full", .2),
                   ("-ffunction-sections", .4), ("-fdata-sections", .4),
                   ("-fno-asynchronous-unwind-tables", .15)]
        if compiler.startswith("g"):
            chances.append(("-mtls-dialect=gnu2", .3))
        flags += [flag for flag, chance in chances if pick.random() < chance]
        return flags + self.more_flags(compiler, place)

    def write(self, folder):
        """The sources, and the commands that compile them."""
        self.commands = []
        for number, (name, place) in enumerate(self.units):
            with open(f"{folder}/{name}{self.suffix}", "w") as out:
                out.write(self.unit_text(number))
            compiler = self.random.choice(self.compilers)
            self.commands.append(
                [compiler, "-w", *self.compile_flags(compiler, place), "-c", name + self.suffix])
        with open(f"{folder}/main{self.suffix}", "w") as out:
            out.write(self.main_text())
        model = "-fPIE" if self.mode in ("-pie", "-static-pie") else "-fno-pie"
        self.commands.append([self.compilers[0], "-w", "-O1", model, "-c", "main" + self.suffix])
        self.flags = self.some(PROGRAM_FLAGS, .15)
        self.library_flags = {library: self.some(LIBRARY_FLAGS, .2) for library in LIBRARIES}

    def compile(self, folder):
        for command in self.commands:
            done = run(command, folder)
            if done.returncode != 0:
                return done.stderr
        if self.objects("archive"):
            run(["ar", "rc", "units.a", *self.objects("archive")], folder)
        return None

    def link_and_run(self, folder, subfolder, driver_flags):
        """(what happened, exit status, output)"""
        os.makedirs(f"{folder}/{subfolder}", exist_ok=True)
        driver = self.compilers[0]
        commands, libraries = [], []
        for library in reversed(LIBRARIES):
            if self.objects(library):
                commands.append(
                    [driver, *driver_flags, "-shared", *self.objects(library),
                     f"-Wl,-soname,{library}.so", *self.library_flags[library],
                     "-o", f"{subfolder}/{library}.so"])
                libraries.insert(0, f"{subfolder}/{library}.so")
        archive = ["units.a"] if self.objects("archive") else []
        if archive and self.whole_archive:
            archive = ["-Wl,--whole-archive", "units.a", "-Wl,--no-whole-archive"]
        path = [f"-Wl,-rpath,{folder}/{subfolder}"] if self.is_dynamic else []
        commands.append(
            [driver, *driver_flags, self.mode, "main.o", *self.objects("program"), *archive,
             *libraries, *([] if self.whole_archive else archive), *self.flags, *path,
             "-o", f"{subfolder}/main"])
        for command in commands:
            done = run(command, folder)
            if done.returncode != 0:
                return "not linked", done.returncode, " ".join(command) + "\n" + done.stderr
        try:
            done = run([f"{folder}/{subfolder}/main"], folder, timeout=20)
        except subprocess.TimeoutExpired:
            return "ran", "no end", ""
        return "ran", done.returncode, done.stdout


class CProgram(Program):
    suffix, compilers = ".c", ("gcc", "gcc", "clang-19")
    KINDS = ["function", "function", "function", "data", "data", "bss", "common", "thread",
             "thread bss", "constant", "table", "text", "ifunc", "pointer"]
    BINDINGS = ["global"] * 6 + ["weak", "hidden", "protected", "static"]
    ATTRIBUTES = {"weak": "__attribute__((weak)) ", "static": "static ", "global": "",
                  "hidden": '__attribute__((visibility("hidden"))) ',
                  "protected": '__attribute__((visibility("protected"))) '}

    def __init__(self, seed):
        super().__init__(seed, {"program": (2, 3), "archive": (1, 3), "libA": (1, 2), "libB": (0, 2)})

    def populate(self):
        pick = self.random
        self.symbols = []
        for number in range(pick.randint(10, 24)):
            kind, unit = pick.choice(self.KINDS), pick.randrange(len(self.units))
            binding = pick.choice(self.BINDINGS)
            in_library = self.module(unit) in LIBRARIES
            # Programs cannot copy protected data; commons are global; IFUNCs neither weak nor protected.
            if kind == "common" or binding == "protected" and in_library and kind != "function" \
                    or kind == "ifunc" and binding in ("weak", "protected"):
                binding = "global"
            self.symbols.append(dict(name=f"s{number}", number=number, kind=kind, unit=unit,
                                     binding=binding, value=pick.randint(1, 10**6)))
        for symbol in list(self.symbols):  # second, weak definitions
            if symbol["binding"] in ("global", "weak") and symbol["kind"] in ("function", "data") \
                    and pick.random() < .25:
                unit = pick.randrange(len(self.units))
                if unit != symbol["unit"]:
                    self.symbols.append(dict(symbol, unit=unit, binding="weak",
                                             value=pick.randint(1, 10**6)))

    def more_flags(self, compiler, place):
        pick = self.random
        flags = ["-fcommon"] if pick.random() < .5 else []
        if pick.random() < .15 and place not in LIBRARIES and compiler == "gcc":
            flags.append("-mcmodel=large")
        return flags

    def is_visible(self, symbol, unit):
        if symbol["unit"] == unit:
            return True
        if symbol["binding"] == "static":
            return False
        return symbol["binding"] != "hidden" or self.module(symbol["unit"]) == self.module(unit)

    def references(self, unit):
        """The symbols that the unit defines or refers to, each once."""
        chosen = []
        for name in dict.fromkeys(symbol["name"] for symbol in self.symbols):
            all_of_name = [symbol for symbol in self.symbols if symbol["name"] == name]
            own = [symbol for symbol in all_of_name if symbol["unit"] == unit]
            if own:
                chosen.append(own[-1])
            elif any(self.is_visible(symbol, unit) for symbol in all_of_name) \
                    and self.random.random() < .6:
                chosen.append(all_of_name[0])
        return chosen

    def definition(self, symbol):
        name, value, kind = symbol["name"], symbol["value"], symbol["kind"]
        attribute = self.ATTRIBUTES[symbol["binding"]]
        return {
            "function": f"{attribute}__attribute__((noinline)) int {name}(int x) "
                        f"{{ return x * 3 + {value}; }}",
            "ifunc": f"static int {name}_real(int x) {{ return x + {value}; }}\n"
                     f"static int (*{name}_choose(void))(int) {{ return {name}_real; }}\n"
                     f'{attribute}int {name}(int) __attribute__((ifunc("{name}_choose")));',
            "data": f"{attribute}int {name} = {value};",
            "bss": f"{attribute}int {name};",
            "common": f"int {name};",
            "thread": f"{attribute}__thread int {name} = {value};",
            "thread bss": f"{attribute}__thread int {name};",
            "constant": f"{attribute}const int {name} = {value};",
            "text": f'{attribute}const char *{name} = "text {value % 7} of {value % 3}";',
            "table": f"static int {name}_a(int x) {{ return x ^ {value}; }}\n"
                     f"static int {name}_b(int x) {{ return x - {value}; }}\n"
                     f"{attribute}int (*const {name}[2])(int) = {{ {name}_a, {name}_b }};",
            "pointer": f"static int {name}_target = {value}; {attribute}int *{name} = &{name}_target;",
        }[kind]

    def declaration(self, symbol, unit):
        name, kind = symbol["name"], symbol["kind"]
        text = {"function": f"int {name}(int);", "ifunc": f"int {name}(int);",
                "thread": f"extern __thread int {name};", "thread bss": f"extern __thread int {name};",
                "constant": f"extern const int {name};", "text": f"extern const char *{name};",
                "table": f"extern int (*const {name}[2])(int);",
                "pointer": f"extern int *{name};"}.get(kind, f"extern int {name};")
        if symbol["binding"] == "hidden" and self.random.random() < .5:
            text = self.ATTRIBUTES["hidden"] + text
        return text

    def unit_text(self, unit):
        name, place = self.units[unit]
        used = self.references(unit)
        functions = [symbol for symbol in used if symbol["kind"] in ("function", "ifunc")]
        data = [symbol for symbol in used if symbol["kind"] in ("data", "bss", "common", "constant")]
        lines = ["#include <stdio.h>", "void same(int kind, int number, const void *address);"]
        for symbol in used:
            lines.append(self.definition(symbol) if symbol["unit"] == unit
                         else self.declaration(symbol, unit))
        lines += [
            "extern int nowhere __attribute__((weak)); extern int no_function(void) __attribute__((weak));",
            f"static int (*const functions[])(int) = {{ {''.join(f['name'] + ', ' for f in functions)}0 }};",
            f"static const void *const data[] = {{ {''.join('&' + d['name'] + ', ' for d in data)}0 }};",
            f'__attribute__((constructor)) static void start_{name}(void) {{ puts("start {name}"); }}',
            f"void run_{name}(void) {{"]
        for symbol in used:
            kind, it, number = symbol["kind"], symbol["name"], symbol["number"]
            step = self.random.randint(1, 9)
            if symbol in functions:
                word = f"functions[{functions.index(symbol)}]"
                lines.append(f'  printf("{name} {it} %d %d\\n", {it}(5), {word}(6));')
                if kind != "ifunc":  # clang calls what an IFUNC of the same unit chooses directly
                    lines.append(f"  same(0, {number}, (const void *){it}); "
                                 f"same(0, {number}, (const void *){word});")
            elif kind == "table":
                lines.append(f'  printf("{name} {it} %d %d\\n", {it}[0](5), {it}[1](9));')
            elif kind == "text":
                lines.append(f'  printf("{name} {it} %s\\n", {it});')
            elif kind == "pointer":
                lines.append(f'  printf("{name} {it} %d\\n", ++*{it});')
            elif kind in ("thread", "thread bss"):
                lines.append(f'  printf("{name} {it} %d\\n", {it}); {it} += {step}; same(1, {number}, &{it});')
            else:
                change = "" if kind == "constant" else f"{it} += {step}; "
                word = f"*(const int *)data[{data.index(symbol)}]"
                lines.append(f'  {change}printf("{name} {it} %d %d\\n", {it}, {word}); same(1, {number}, &{it});')
        lines += [f'  printf("{name} weak %d %d\\n", &nowhere != 0, no_function != 0);', "}"]
        return "\n".join(lines) + "\n"

    def main_text(self):
        lines = ["#include <stdio.h>", "static const void *first[2][100];",
                 "void same(int kind, int number, const void *address) {",
                 "  if (!first[kind][number]) first[kind][number] = address;",
                 '  else if (first[kind][number] != address) printf("%d %d DIFFERS\\n", kind, number);',
                 "}"]
        lines += [f"void run_{name}(void);" for name, _ in self.units]
        calls = " ".join(f"run_{name}();" for name, _ in self.units)
        return "\n".join(lines + [f"int main(void) {{ {calls} return 0; }}"]) + "\n"


class CxxProgram(Program):
    suffix, compilers = ".cc", ("g++", "clang++-19")
    whole_archive = True  # libraries refer to what only archives define

    def __init__(self, seed):
        super().__init__(seed, {"program": (1, 2), "archive": (1, 2), "libA": (1, 2), "libB": (0, 2)})

    def populate(self):
        pick, count = self.random, len(self.units)
        self.classes = []
        for number in range(pick.randint(2, 5)):
            self.classes.append(dict(
                name=f"C{number}", unit=pick.randrange(count), is_inline=pick.random() < .4,
                base=pick.choice([None, *range(number)]), is_virtual=pick.random() < .3,
                value=pick.randint(1, 99)))
        self.errors = [dict(name=f"E{number}", unit=pick.randrange(count)) for number in range(2)]
        self.threads = [dict(name=f"t{number}", unit=pick.randrange(count), is_text=pick.random() < .5)
                        for number in range(3)]

    def more_flags(self, compiler, place):
        return ["-std=c++17"] + (["-fvisibility-inlines-hidden"] if self.random.random() < .3 else [])

    def header(self):
        lines = [f"#include <{name}>" for name in ("cstdio", "map", "stdexcept", "string", "typeinfo")]
        for item in self.classes:
            name, value, base = item["name"], item["value"], ""
            if item["base"] is not None:
                base = f" : {'virtual ' if item['is_virtual'] else ''}public C{item['base']}"
            if item["is_inline"]:
                body = (f'virtual ~{name}() {{}} virtual std::string name() const {{ return "{name}"; }} '
                        f"virtual int calc(int x) const {{ return x * 2 + own; }} static inline int count = 1;")
            else:
                body = (f"virtual ~{name}(); virtual std::string name() const; "
                        f"virtual int calc(int x) const {{ return x + {value} + own; }} static int count;")
            lines.append(f"struct {name}{base} {{ int own = 3; {body} }};")
        for item in self.errors:
            name = item["name"]
            lines.append(f"struct {name} : std::runtime_error {{ {name}(int v); ~{name}() override; int v; }};")
        for item in self.threads:
            lines.append(f"extern thread_local {'std::string' if item['is_text'] else 'int'} {item['name']};")
        lines += [
            "template <class T> struct Holder {",
            "  static T value; static int hits; T get(T x) { ++hits; value += x; return value; } };",
            "template <class T> T Holder<T>::value{}; template <class T> int Holder<T>::hits = 0;",
            "inline int counter() { static int n = 0; return ++n; }",
            "inline std::map<std::string, int> &registry() { static std::map<std::string, int> m; return m; }",
            "inline thread_local int inline_thread = 5; inline int inline_data = counter() + 100;"]
        lines += [f"int run_{name}(int depth);" for name, _ in self.units]
        return "\n".join(lines) + "\n"

    def unit_text(self, unit):
        pick, (name, _) = self.random, self.units[unit]
        lines = ['#include "all.h"']
        for item in self.classes:
            if item["unit"] == unit and not item["is_inline"]:
                own = item["name"]
                lines.append(f'{own}::~{own}() {{ ++count; }} std::string {own}::name() const '
                             f'{{ return "{own} of {name}"; }} int {own}::count = {unit};')
        for item in self.errors:
            if item["unit"] == unit:
                own = item["name"]
                lines.append(f'{own}::{own}(int v) : std::runtime_error("{own}"), v(v) {{}} {own}::~{own}() {{}}')
        for item in self.threads:
            if item["unit"] == unit:
                lines.append(f'thread_local std::string {item["name"]} = "of {name}";' if item["is_text"]
                             else f'thread_local int {item["name"]} = {unit + 3};')
        lines += [f'namespace {{ struct Init {{ Init() {{ registry()["{name}"] = 1; puts("start {name}"); }} '
                  f'~Init() {{ puts("end {name}"); }} }} init; }}', f"int run_{name}(int depth) {{"]
        for item in pick.sample(self.classes, min(len(self.classes), 3)):
            own, root = item["name"], item
            while root["base"] is not None:
                root = self.classes[root["base"]]
            lines.append(
                f'  {{ {root["name"]} *p = new {own}; printf("{name} %s %d %s\\n", p->name().c_str(), '
                f'p->calc({pick.randint(1, 9)}), typeid(*p).name()); printf("%d\\n", '
                f'dynamic_cast<{pick.choice(self.classes)["name"]} *>(p) != nullptr); delete p; '
                f'{own} object; printf("%d %d\\n", {own}::count, object.calc(1)); }}')
        others = [other for other, _ in self.units if other != name] or [name]
        thrown, caught = pick.choice(self.errors)["name"], pick.choice(self.errors)["name"]
        lines.append(
            f"  try {{ if (depth > 0) run_{pick.choice(others)}(depth - 1); else throw {thrown}(depth); }}\n"
            f'  catch ({caught} &e) {{ printf("{name} caught %s %d\\n", e.what(), e.v); if (depth % 2) throw; }}\n'
            f'  catch (std::exception &e) {{ printf("{name} caught any %s\\n", e.what()); }}')
        for item in self.threads:
            it, is_text = item["name"], item["is_text"]
            lines.append(f'  {it} += {"(char)65" if is_text else 3}; printf("{name} {it} '
                         f'{"%s" if is_text else "%d"}\\n", {it}{".c_str()" if is_text else ""});')
        lines += ["  Holder<int> i; Holder<std::string> s; inline_thread += 1;",
                  f'  printf("{name} %d %s %d %d %d %d %zu\\n", i.get(2), s.get("x").c_str(), Holder<int>::hits, '
                  f"counter(), inline_thread, inline_data, registry().size());", "  return depth;", "}"]
        return "\n".join(lines) + "\n"

    def main_text(self):
        calls = "\n".join(f'    try {{ run_{name}(depth); }} catch (std::exception &e) '
                          f'{{ printf("main caught %s\\n", e.what()); }}' for name, _ in self.units)
        return f'#include "all.h"\nint main() {{\n  for (int depth = 0; depth < 4; depth++) {{\n{calls}\n  }}\n}}\n'

    def write(self, folder):
        with open(f"{folder}/all.h", "w") as out:
            out.write(self.header())
        super().write(folder)


def is_excused(program, ours, other):
    """Whether the difference is one that no standard settles, or the other linker's."""
    flags = " ".join(flag for some in program.library_flags.values() for flag in some)
    if ours[:2] == ("ran", 0) and other[0] == "ran" and other[1] != 0:
        return True
    if "-Bsymbolic" in flags and ours[0] == other[0] == "ran":
        # The library asked to see its own functions, so addresses differ.
        plain = [[line for line in result[2].splitlines() if "DIFFERS" not in line]
                 for result in (ours, other)]
        return ours[1] == other[1] and plain[0] == plain[1]
    if "IFUNC" in other[2] or "STT_GNU_IFUNC" in other[2]:
        return True  # GNU ld refuses some relocations against IFUNCs
    if other[0] == "ran" and ours[0] == "ran":
        # The program of the other linker sees two addresses of one thing.
        return ours[1] == 0 and "DIFFERS" in other[2] and "DIFFERS" not in ours[2]
    return False


def compare(kind, number, arguments):
    """None, or what is different."""
    folder = tempfile.mkdtemp(prefix="swold-differential.")
    keep = False
    try:
        program = kind(number)
        program.write(folder)
        problem = program.compile(folder)
        if problem:
            return f"does not compile: {problem.splitlines()[0]}"
        against = [f"-B{arguments.against}"] if arguments.against else []
        other = program.link_and_run(folder, "other", against)
        ours = program.link_and_run(folder, "ours", [f"-B{arguments.linker_dir}"])
        if ours == other or ours[0] == other[0] == "not linked" or is_excused(program, ours, other):
            return None
        keep = bool(arguments.keep)
        text = (f"{program.mode} {program.flags} {program.library_flags}\n"
                f"--- other: {other[0]}, {other[1]}\n{other[2]}\n--- ours: {ours[0]}, {ours[1]}\n{ours[2]}\n")
        if keep:
            with open(f"{folder}/report", "w") as out:
                out.write(text + "\n".join(" ".join(command) for command in program.commands) + "\n")
            target = os.path.join(arguments.keep, f"{kind.__name__}-{number}")
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target, symlinks=True)
        return text
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare_three(arguments):
    """--language elf: how many kinds of difference nobody has explained."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "random_links"))
    # pylint: disable=import-error,import-outside-toplevel
    import collections
    import compare as comparison
    import explained
    import links
    import program as programs
    import reduce as reducer
    linkers = [links.Linker("swold", os.path.abspath(arguments.linker)),
               links.Linker("bfd", shutil.which("ld.bfd"), has_start_lib=False),
               links.Linker("lld", shutil.which("ld.lld-19") or shutil.which("ld.lld"),
                            ["--threads=1", "--undefined-version"], needs_group=False)]
    base = "/dev/shm" if os.path.isdir("/dev/shm") else None
    folder = tempfile.mkdtemp(prefix="swold-differential.", dir=base)

    def look(program):
        files = links.Files(program, folder)
        results = [comparison.link_all(files, linker) for linker in linkers]
        return comparison.differences(results), results

    known, unknown, differing = collections.Counter(), {}, 0
    try:
        for seed in range(arguments.first, arguments.first + arguments.count):
            program = programs.Generator(seed).program()
            reasons, signatures = set(), set()
            for one in look(program)[0]:
                found = explained.explanation(program, one)
                reasons |= found or set()
                if not found:
                    signatures.add(one.signature(program))
            known.update(reasons)
            differing += bool(reasons or signatures)
            for signature in sorted(signatures):
                unknown.setdefault(signature, []).append(seed)
                print(f"{seed}: {signature}", flush=True)
        for signature, seeds in sorted(unknown.items(), key=lambda item: -len(item[1])):
            print(f"=== {len(seeds)} programs, the first is {seeds[0]}: {signature}")
            if not arguments.reduce:
                continue
            small = reducer.reduce(
                programs.Generator(seeds[0]).program(),
                lambda smaller, wanted=signature: any(
                    one.signature(smaller) == wanted and not explained.explanation(smaller, one)
                    for one in look(smaller)[0]))
            found, results = look(small)
            print(reducer.describe(small))
            for one in found:
                print("   ", one)
            for linker, result in zip(linkers, results):
                for stage, text in result.messages.items():
                    if text:
                        print(f"    {linker.name} {stage}: {text.strip()[:400]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for reason, count in known.most_common():
        print(f"explained, {reason}: {count} programs")
    print(f"{arguments.count} programs, {differing} with differences, "
          f"{len(unknown)} kinds of difference without an explanation")
    return len(unknown)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--linker-dir")
    parser.add_argument("--linker", default=".build/release/swold", help="for --language elf")
    parser.add_argument("--reduce", action="store_true", help="for --language elf")
    parser.add_argument("--against", default="")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--language", choices=["c", "c++", "elf"])
    parser.add_argument("--keep", default="")
    arguments = parser.parse_args()
    if arguments.language == "elf":
        sys.exit(1 if compare_three(arguments) else 0)
    if not arguments.linker_dir:
        parser.error("--linker-dir is needed")
    differences = 0
    for number in range(arguments.first, arguments.first + arguments.count):
        for kind in (CProgram, CxxProgram):
            if arguments.language and arguments.language != ("c" if kind is CProgram else "c++"):
                continue
            difference = compare(kind, number, arguments)
            if difference:
                differences += 1
                print(f"=== {kind.__name__} {number}: {difference}", flush=True)
    print(f"{arguments.count} programs a language, {differences} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
