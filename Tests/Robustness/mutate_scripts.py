#!/usr/bin/env python3
"""Imports damaged linker scripts and looks for what no script may do.

usage: mutate_scripts.py SWOLD_MAP [COUNT [SEED]]
       mutate_scripts.py --long LINES     prints a script of about that many lines, as measured in docs/ImportedScripts.md

Takes the scripts of Tests/EndToEndTests/Cases/scripts apart into words, changes some of them (or single bytes), and
runs swold-map import. Checks: it ends in time, with 0 or 3 and a map, or with 1 and one message that names a line;
never by a signal. A failing script is left in the current folder.
"""
import os, random, re, subprocess, sys

LIMIT = 10.0  # seconds
WORD = re.compile(rb'/\*.*?\*/|"[^"\n]*"|[A-Za-z0-9_.$*?\[\]!-]+|\s+|.', re.S)
PIECES = [b"(", b")", b"{", b"}", b";", b":", b"=", b"+=", b".", b"*", b"> R", b"AT>", b"AT(", b"ALIGN(", b"KEEP(", b"SORT(",
          b"EXCLUDE_FILE(", b"OVERLAY", b"(COPY)", b"(OVERLAY)", b"ALIGN_WITH_INPUT", b"0xffffffffffffffff", b"-1", b"1K", b"0",
          b"? 1 : x", b"DEFINED(x)", b"SIZEOF(.text)", b"ADDR(.data)", b"LOADADDR(.data)", b"ALIGN(ALIGNOF(.data))", b"AT(ADDR(.data) - K)", b"LENGTH(R)", b"LONG(", b"QUAD(.)",
          b"ASCIZ \"a\"", b"PROVIDE(", b"ASSERT(", b"INSERT AFTER .data", b"INCLUDE x", b"/*", b"*/", b"\"", b"# 3 \"a.h\"\n", b"~", b"!",
          b"<<", b"%", b"/", b"\\", b"\0", b"\xff", b"@", b"REGION_ALIAS(\"a\", R)", b"PHDRS { t PT_LOAD; }", b"PHDRS { h PT_PHDR PHDRS; t PT_LOAD FILEHDR PHDRS; }", b":t", b"=0x90"]


def corpus():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../EndToEndTests/Cases/scripts")
    return [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder)) if name.endswith(".ld")]


NAME, NUMBER = re.compile(rb"[A-Za-z_.*]"), re.compile(rb"[0-9]")


def bent(r, scripts):
    """Changes after which most scripts can still be read: lines, names for names, numbers for numbers."""
    lines = r.choice(scripts).splitlines(True)
    for _ in range(r.choice([1, 2, 4, 8])):
        at = r.randrange(len(lines) + 1)
        kind = r.randrange(6)
        if kind == 0:
            del lines[at:at + 1]
        elif kind == 1:
            lines[at:at] = lines[at:at + 1] * r.choice([1, 1, 3])
        elif kind == 2:
            lines.insert(at, r.choice(r.choice(scripts).splitlines(True) or [b""]))
        elif lines and at < len(lines):
            words = WORD.findall(lines[at])
            places = [i for i, word in enumerate(words) if NAME.match(word) or NUMBER.match(word)]
            if places:
                place = r.choice(places)
                kind = NAME if NAME.match(words[place]) else NUMBER
                others = [word for word in WORD.findall(r.choice(scripts)) if kind.match(word)]
                words[place] = r.choice(others or [b"0"])
                lines[at] = b"".join(words)
    return b"".join(lines)


def damaged(r, scripts):
    if r.random() < 0.6:
        return bent(r, scripts)
    words = WORD.findall(r.choice(scripts))
    for _ in range(r.choice([1, 1, 2, 3, 6, 20])):
        if not words:
            break
        at = r.randrange(len(words))
        kind = r.randrange(7)
        if kind == 0:
            del words[at:at + r.choice([1, 1, 2, 8])]
        elif kind == 1:
            words.insert(at, r.choice(PIECES))
        elif kind == 2:
            words[at] = r.choice(PIECES)
        elif kind == 3:
            words[at:at] = words[at:at + r.randint(1, 30)] * r.choice([1, 1, 2, 50])
        elif kind == 4:
            other = WORD.findall(r.choice(scripts))
            start = r.randrange(len(other))
            words[at:at] = other[start:start + r.randint(1, 40)]
        elif kind == 5:
            other = r.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        else:
            text = bytearray(words[at])
            if text:
                text[r.randrange(len(text))] = r.randrange(256)
            words[at] = bytes(text)
    text = b"".join(words)
    return text[:r.randrange(len(text) + 1)] if r.random() < 0.05 else text


def verdict(program, text):
    try:
        done = subprocess.run([program, "import", "-"], input=text, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return "no end", 0
    report = done.stderr.decode("utf-8", "replace")
    if done.returncode in (0, 3):
        if not done.stdout.startswith(b"smap 1;"):
            return "no map", done.returncode
        if done.returncode == 3 and not re.search(r":\d+:\d+: note: ", report):
            return "no note", 3
    elif done.returncode == 1:
        lines = [line for line in report.splitlines() if ": error: " in line]
        if len(lines) != 1 or not re.search(r":\d+:\d+: error: ", lines[0]):
            return "no message", 1
    else:
        return f"exit code {done.returncode}", done.returncode
    return None, done.returncode


def long_script(lines):
    """Regions, sections with families, sorted and kept rules, symbols, assertions: what grows in real scripts."""
    text = ["ENTRY(start)", "MEMORY { F (rx) : ORIGIN = 0x08000000, LENGTH = 16M R (rwx) : ORIGIN = 0x20000000, LENGTH = 16M }", "SECTIONS {"]
    number = 0
    while len(text) < lines - 2:
        number += 1
        region, load = ("F", "") if number % 3 else ("R", " AT> F")
        text += [f"  .s{number} : ALIGN(8)", "  {", f"    _s{number} = .;", f"    KEEP(*(SORT(.table{number}.*)))",
                 f"    *(.part{number} .part{number}.*)", f"    *lib{number % 7}.a:*(.text.lib{number} .text.lib{number}.*)", "    . = ALIGN(4);",
                 f"    _e{number} = .;", f"  }} > {region}{load}", f"  size{number} = SIZEOF(.s{number}) + (_e{number} - _s{number});",
                 f"  ASSERT(_e{number} - _s{number} < 0x10000, \"section {number} is too long\")"]
    return "\n".join(text + ["  /DISCARD/ : { *(.comment) }", "}", ""])


def main():
    if sys.argv[1:2] == ["--long"]:
        print(long_script(int(sys.argv[2])), end="")
        return
    program, count, seed = sys.argv[1], int((sys.argv[2:3] or ["1000"])[0]), (sys.argv[3:4] or ["0"])[0]
    scripts, codes, failures = corpus(), {}, 0
    for number in range(count):
        text = damaged(random.Random(f"{seed} {number}"), scripts)
        wrong, code = verdict(program, text)
        codes[code] = codes.get(code, 0) + 1
        if wrong:
            failures += 1
            name = f"script-{seed}-{number}.ld"
            open(name, "wb").write(text)
            print(f"{name}: {wrong}", flush=True)
    print(f"{count} scripts, {failures} failures; exit codes: " + ", ".join(f"{c}: {n}" for c, n in sorted(codes.items())))
    sys.exit(failures > 0)


main()
