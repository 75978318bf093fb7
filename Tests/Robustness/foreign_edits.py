#!/usr/bin/env python3
"""Random sequences of edits over files of other linkers, and over mutated ones: no crash, no third thing written.

    foreign_edits.py [--mutate] [--rounds=N] [--seed=N] [--largest=BYTES] SWOLD_EDIT FILE_OR_FOLDER...

Each round takes a file, with --mutate changes a few bytes of it where they mean something, and applies one to five
random edits. The exit code must be 0, 1 or 3 (4 is a bug that the verification has found, a signal one that nothing
has), a refusal must leave the file as it was and nothing beside it, and what is accepted must pass lint as well as the
original did, and be the same again after a second run with if-needed. Unmutated results must load as the original does
(LD_TRACE_LOADED_OBJECTS). Prints each failure with the command that repeats it, and a summary.
"""

import os, random, re, shutil, struct, subprocess, sys, tempfile
from foreign_files import find

LOADER = "/lib64/ld-linux-x86-64.so.2"


def run(command, **options):
    try:
        result = subprocess.run(command, capture_output=True, timeout=120, **options)
        return result.returncode, (result.stdout + result.stderr).decode("utf8", "replace")
    except subprocess.TimeoutExpired:
        return 124, "timeout"


def text(rng, longest=200):
    return "".join(rng.choice("abcdefghij0123456789_") for _ in range(rng.choice([1, 5, 20, rng.randint(1, longest)])))


def edit(rng, names, needed):
    name = lambda: rng.choice(names) if names else "main"
    library = lambda: rng.choice(needed) if needed else "libc.so.6"
    return rng.choice([
        lambda: f"rpath set /{text(rng)}:$ORIGIN", lambda: f"rpath add /{text(rng)} first=yes", lambda: "rpath remove",
        lambda: f"rpath convert tag={rng.choice(['rpath', 'runpath'])}", lambda: "rpath shrink",
        lambda: f"rpath set /{text(rng)} scrub=yes tag=rpath",
        lambda: f"needed add lib{text(rng)}.so", lambda: f"needed add lib{text(rng)}.so first=yes",
        lambda: f"needed remove {library()}", lambda: f"needed replace {library()} lib{text(rng)}.so",
        lambda: f"soname lib{text(rng)}.so", lambda: f"interp /{text(rng)}",
        lambda: f"exec-stack {rng.choice(['set', 'clear'])}",
        lambda: f"flags {rng.choice(['add', 'remove'])} {rng.choice(['now', 'origin', 'nodelete', 'nodeflib', 'symbolic'])}",
        lambda: f"header osabi={rng.choice(['linux', 'sysv'])}",
        lambda: f"symbol rename {name()} {text(rng, 60)} dynamic=yes", lambda: f"symbol hide {name()} dynamic=yes",
        lambda: f"symbol localize {name()} dynamic=yes", lambda: f"symbol unversion {name()}",
        lambda: f"insert .n{text(rng, 8)} zero:{rng.choice([1, 40, 700, 9000, 70000])} align={rng.choice([1, 8, 64])}"
        f" flags={rng.choice(['r', 'rw', 'rx'])}",
        lambda: f"insert .s{text(rng, 8)} zero:{rng.choice([1, 700, 9000])} where={rng.choice(['segment', 'tail', 'hole', 'nonalloc'])}",
        lambda: f"section add .x{text(rng, 8)} zero:{rng.randint(1, 500)}", lambda: "section remove .comment",
        lambda: f"note set TEST 0x100 strz:{text(rng)}", lambda: "build-id recompute style=sha1",
        lambda: "debug strip", lambda: "debug compress zlib",
    ])()


def mutated(rng, data):
    """Changes where headers, tables and strings are."""
    data = bytearray(data)
    wide = data[4] == 2
    order = "<" if data[5] == 1 else ">"
    word = "Q" if wide else "I"
    places = [(0, 64 if wide else 52)]
    try:
        table, sections = struct.unpack_from(order + word * 2, data, 32 if wide else 28)
        size, count, section_size, section_count = struct.unpack_from(order + "4H", data, 54 if wide else 42)
        places += [(table, size * count)] * 4 + [(sections, section_size * section_count)] * 3
        for index in range(count):
            base = table + size * index
            kind = struct.unpack_from(order + "I", data, base)[0]
            offset, = struct.unpack_from(order + word, data, base + (8 if wide else 4))
            length, = struct.unpack_from(order + word, data, base + (32 if wide else 16))
            if kind in (2, 3, 4):
                places += [(offset, length)] * (6 if kind == 2 else 1)
        for index in range(section_count):
            base = sections + section_size * index
            kind = struct.unpack_from(order + "I", data, base + 4)[0]
            offset, length = struct.unpack_from(order + word * 2, data, base + (24 if wide else 16))
            if kind in (2, 3, 4, 5, 7, 9, 11, 0x6ffffff6, 0x6ffffffd, 0x6ffffffe, 0x6fffffff):
                places.append((offset, min(length, 4096)))
    except struct.error:
        pass
    for _ in range(rng.choice([1, 1, 1, 2, 4, 10])):
        start, length = rng.choice(places)
        if length <= 0 or start >= len(data):
            continue
        at = min(start + rng.randrange(length), len(data) - 1)
        kind = rng.randrange(5)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            data[at] ^= 1 << rng.randrange(8)
        elif at // 8 * 8 + 8 <= len(data):
            value = rng.choice([0, 1, 8, 0x1000, len(data), len(data) - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1, 2**64 - 4096])
            size = rng.choice("HIQ")
            struct.pack_into(order + size, data, at // 8 * 8, value & (2 ** (8 * struct.calcsize(size)) - 1))
        else:
            data = data[:at]
            break
    return bytes(data)


def loads(path):
    environment = dict(os.environ, LD_TRACE_LOADED_OBJECTS="1")
    code, output = run([LOADER, path], env=environment)
    return code < 0 or code == 124 or "Inconsistency" in output or "rror" in output.replace("cannot open shared object", "")


def main():
    options = dict((a[2:].split("=") + ["1"])[:2] for a in sys.argv[1:] if a.startswith("--"))
    tool, *folders = [a for a in sys.argv[1:] if not a.startswith("--")]
    largest = int(options.get("largest", 1 << 20))
    files = [f for f in find(folders) if os.path.getsize(f) <= largest]
    rounds, seed = int(options.get("rounds", 1000)), int(options.get("seed", 1))
    isMutated = "mutate" in options
    tally, known, bad = {}, {}, 0
    scratch = tempfile.mkdtemp(prefix="foreign-edits-")
    path = os.path.join(scratch, "file")
    for number in range(seed, seed + rounds):
        rng = random.Random(number)
        source = files[rng.randrange(len(files))]
        if source not in known:
            names = re.findall(r"(?:FUNC|OBJECT) .* (\w+)", run(["readelf", "--dyn-syms", "-W", source])[1])[:200]
            needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run(["readelf", "-dW", source])[1])
            known[source] = names, needed, run([tool, "lint", source])[0], loads(source)
        names, needed, lint, breaks = known[source]
        with open(source, "rb") as file:
            original = file.read()
        if isMutated:
            original = mutated(rng, original)
        with open(path, "wb") as file:
            file.write(original)
        os.chmod(path, 0o755)
        edits = [edit(rng, names, needed) for _ in range(rng.randint(1, 5))]
        words = [w for e in edits for w in ("-e", e + " if-needed")]
        code, message = run([tool, "apply", *words, "--no-fsync", "-i", path])
        tally[code] = tally.get(code, 0) + 1
        complaint = None
        with open(path, "rb") as file:
            result = file.read()
        if code not in (0, 1, 2, 3):
            complaint = f"exit code {code}"
        elif code != 0 and result != original:
            complaint = "a refusal that wrote"
        elif os.listdir(scratch) != ["file"]:
            complaint = "something stays beside the file"
        elif code == 0:
            if not isMutated:
                again, second = run([tool, "lint", path])
                if again != 0 and lint == 0:
                    complaint, message = "lint", second
                # Without the default folders even libc is not found.
                elif not breaks and not any("nodeflib" in e for e in edits) and loads(path):
                    complaint = "it does not load"
        if complaint:
            bad += 1
            print(f"{number}: {complaint}: {source}\n  {edits}\n  {message.strip()[:300]}", flush=True)
    shutil.rmtree(scratch)
    print(f"{rounds} rounds over {len(files)} files, exit codes {dict(sorted(tally.items()))}, {bad} failures")


if __name__ == "__main__":
    main()
