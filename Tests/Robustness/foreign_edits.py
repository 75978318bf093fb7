#!/usr/bin/env python3
"""Random sequences of edits over files of other linkers, and over mutated ones: no crash, no third thing written.

    foreign_edits.py [--mutate] [--rounds=N] [--seed=N] [--largest=BYTES] [--every=N] EDIT_SERVER SWOLD_EDIT FILE_OR_FOLDER...

Each round takes a file, with --mutate changes a few bytes of it where they mean something, and applies one to five
random edits, in the one process of EDIT_SERVER (the target `edit-server` of the package). The exit code must be 0, 1, 2 or
3: 4 is a bug that the verification has found, a signal one that nothing has. After each round that was accepted the
edits are made a second time, and a reader of our own compares memory: code and data are where they were, and what they were.

Every N-th round (50) is also made by SWOLD_EDIT: a refusal leaves the file as it was, the result is that of the server,
and nothing stays beside the file. Unmutated results must then load as the original does (LD_TRACE_LOADED_OBJECTS), and
eu-elflint must say nothing new. Prints each failure with what repeats it (--seed=NUMBER --rounds=1), and a summary.
"""

import os, random, re, struct, subprocess, sys, tempfile
from threading import Thread
from foreign_files import Job, find

LOADER = "/lib64/ld-linux-x86-64.so.2"


def run(command, **options):
    try:
        result = subprocess.run(command, capture_output=True, timeout=120, **options)
        return result.returncode, (result.stdout + result.stderr).decode("utf8", "replace")
    except subprocess.TimeoutExpired:
        return 124, "timeout"


def text(rng, longest=200):
    return "".join(rng.choices("abcdefghij0123456789_", k=rng.choice([1, 5, 20, rng.randint(1, longest)])))


def edit(rng, names, needed):
    name = lambda: rng.choice(names) if names else "main"
    library = lambda: rng.choice(needed) if needed else "libc.so.6"
    return rng.choice([
        lambda: f"rpath set /{text(rng)}:$ORIGIN", lambda: f"rpath add /{text(rng)} first=yes", lambda: "rpath remove",
        lambda: f"rpath convert tag={rng.choice(['rpath', 'runpath'])}", lambda: "rpath shrink",
        lambda: f"rpath set /{text(rng)} scrub=yes tag=rpath",
        lambda: f"needed add libx{text(rng)}.so", lambda: f"needed add libx{text(rng)}.so first=yes",
        lambda: f"needed remove {library()}", lambda: f"needed replace {library()} libx{text(rng)}.so",
        lambda: f"soname libx{text(rng)}.so", lambda: f"interp /{text(rng)}",
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
        lambda: "debug strip", lambda: "debug compress compress=zlib",
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


class Picture:
    """What a file loads, and which of it is code and data that no edit above may touch: gABI, chapters 4 and 5."""

    # PROGBITS, INIT_ARRAY, FINI_ARRAY, PREINIT_ARRAY, ARM.exidx, X86_64_UNWIND
    DATA = {1, 14, 15, 16, 0x70000001}
    # What belongs to the dynamic linker; the GOT's first word is the address of `.dynamic`.
    OTHERS = re.compile(r"\.(interp|dynstr|dynamic|got|note)")

    def __init__(self, data):
        self.data = data
        wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
        at = 32 if wide else 28
        table, sections = struct.unpack_from(order + ("QQ" if wide else "II"), data, at)
        size, count, section_size, section_count, names = struct.unpack_from(order + "5H", data, 54 if wide else 42)
        self.loads, self.kept, rows = [], [], []
        for i in range(count):
            if wide:
                kind, _, offset, address, _, length = struct.unpack_from(order + "IIQQQQ", data, table + i * size)
            else:
                kind, offset, address, _, length = struct.unpack_from(order + "5I", data, table + i * size)
            if kind == 1:
                self.loads.append((address, offset, length))
        for i in range(section_count if sections else 0):
            rows.append(struct.unpack_from(order + ("IIQQQQ" if wide else "6I"), data, sections + i * section_size))
        others = []
        for name, kind, flags, address, offset, length in rows:
            start = rows[names][4] + name
            label = data[start:data.index(b"\0", start)].decode("latin1")
            if not flags & 2 or not length or kind == 8:
                continue
            if kind in self.DATA and not self.OTHERS.match(label) and self.offset(address, length) == offset:
                self.kept.append((label, address, length))
            else:
                others.append((address, address + length))
        # A mutated header may call code what is something else as well.
        self.kept = [k for k in self.kept if not any(start < k[1] + k[2] and k[1] < end for start, end in others)]

    def offset(self, address, length):
        for start, offset, size in self.loads:
            if start <= address and address + length <= start + size:
                return offset + address - start
        return None

    def bytes(self, address, length):
        offset = self.offset(address, length)
        return None if offset is None else self.data[offset:offset + length]

    def difference(self, other):
        """The first section whose memory is not the same."""
        for label, address, length in self.kept:
            if self.bytes(address, length) != other.bytes(address, length):
                return label
        return None


class Server:
    """Edits in one process, which is started again after it has died."""

    def __init__(self, path):
        self.path, self.process = path, None

    def answers(self, requests):
        """Exit code, result and message for each (edits, data); the code of a process that has died is that of its signal,
        negative. All requests are sent at once, for two processes that wait for each other take turns, not time."""
        requests = list(requests)
        while requests:
            if self.process is None:
                self.process = subprocess.Popen([self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            Thread(target=self.send, args=(self.process, requests), daemon=True).start()
            while requests:
                line = self.process.stdout.readline()
                requests = requests[1:]
                if not line:
                    code, self.process = self.process.wait(), None
                    yield code, b"", "the process ended"
                    break
                code, size, message = line.decode("utf8", "replace").rstrip("\n").split(" ", 2)
                yield int(code), self.process.stdout.read(int(size)), message

    @staticmethod
    def send(process, requests):
        try:
            for edits, data in requests:
                process.stdin.write("".join([f"{len(edits)} {len(data)}\n", *(e + "\n" for e in edits)]).encode() + data)
            process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass


class Source:
    """A file and what is true of it before any edit."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.path = path
        self.names = re.findall(r"(?:FUNC|OBJECT) .* (\w+)", run(["readelf", "--dyn-syms", "-W", path])[1])[:200]
        self.needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run(["readelf", "-dW", path])[1])
        self.picture, self.noise, self.fails = Picture(self.data), None, None


def loads(path):
    """Whether the dynamic linker of this machine takes it. It finds the libraries of files that forbid its folders, too."""
    folders = "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu"
    environment = dict(os.environ, LD_TRACE_LOADED_OBJECTS="1", LD_LIBRARY_PATH=folders)
    code, output = run([LOADER, path], env=environment)
    return not (code < 0 or code == 124 or "Inconsistency" in output or "rror" in output.replace("cannot open shared object", ""))


def by_program(tool, source, original, edits, code, result, is_mutated, scratch):
    """The complaint about what the program makes of a file; nil if there is none."""
    path = os.path.join(scratch, "file")
    with open(path, "wb") as file:
        file.write(original)
    os.chmod(path, 0o755)
    words = [w for e in edits for w in ("-e", e + " if-needed")]
    now, message = run([tool, "apply", *words, "--no-fsync", "-i", path])
    with open(path, "rb") as file:
        written = file.read()
    if now != code:
        return f"exit code {now} of the program: {message}"
    if written != (result if code == 0 else original):
        return "the program writes something else"
    if os.listdir(scratch) != ["file"]:
        return "something stays beside the file"
    if code != 0 or is_mutated:
        return None
    if source.noise is None:
        source.noise, source.fails = Job.complaints(source.path), not loads(source.path)
    # It knows no note of ours, and expects no hidden symbol in .dynsym, which glibc's lazy binding asks for.
    hides = any(e.startswith(("symbol hide", "symbol localize")) for e in edits)
    new = [c for c in Job.complaints(path) - source.noise - {"No errors"} if "owner name 'TEST'" not in c
           and not (hides and "with non-default visibility" in c)]
    if new:
        return f"eu-elflint: {min(new)}"
    return None if source.fails or loads(path) else "it does not load"


class Rounds:
    """The rounds of a run: what each does depends on its number alone."""

    def __init__(self, paths, is_mutated):
        self.paths, self.is_mutated, self.sources = paths, is_mutated, {}

    def round(self, number):
        """The source, the file as it is edited, and the edits."""
        rng = random.Random(number)
        path = self.paths[rng.randrange(len(self.paths))]
        source = self.sources.get(path) or self.sources.setdefault(path, Source(path))
        original = mutated(rng, source.data) if self.is_mutated else source.data
        return source, original, [edit(rng, source.names, source.needed) for _ in range(rng.randint(1, 5))]

    def compare(self, source, original, result):
        """The section that is not what it was, and whether there was something to compare."""
        try:
            picture = Picture(original) if self.is_mutated else source.picture
            # Another name says nothing of what the section is.
            labels = {label for label, _, _ in source.picture.kept}
            picture.kept = [k for k in picture.kept if k[0] in labels]
            return picture.difference(Picture(result)), True
        except (struct.error, IndexError, ValueError):
            return None, False  # headers that only a part of the readers takes


def main():
    options = dict((a[2:].split("=") + ["1"])[:2] for a in sys.argv[1:] if a.startswith("--"))
    server, tool, *folders = [a for a in sys.argv[1:] if not a.startswith("--")]
    largest, every = int(options.get("largest", 1 << 18)), int(options.get("every", 50))
    paths = sorted(f for f in find(folders) if os.path.getsize(f) <= largest)
    count, seed = int(options.get("rounds", 1000)), int(options.get("seed", 1))
    rounds, server, tally, bad, compared = Rounds(paths, "mutate" in options), Server(server), {}, 0, 0
    with tempfile.TemporaryDirectory(prefix="foreign-edits-") as scratch:
        for first in range(seed, seed + count, 100):
            batch = {n: rounds.round(n) for n in range(first, min(first + 100, seed + count))}
            answers = server.answers([(edits, original) for _, original, edits in batch.values()])
            for (number, (source, original, edits)), (code, result, message) in zip(batch.items(), answers):
                tally[code] = tally.get(code, 0) + 1
                complaint = None if code in (0, 1, 2, 3) else f"exit code {code}"
                if code == 0:
                    label, is_compared = rounds.compare(source, original, result)
                    compared += is_compared
                    complaint = label and f"{label} has changed"
                if complaint is None and (number % every == 0 or count == 1):
                    complaint = by_program(tool, source, original, edits, code, result, rounds.is_mutated, scratch)
                if complaint:
                    bad += 1
                    print(f"{number}: {complaint}: {source.path}\n  {edits}\n  {message.strip()[:300]}", flush=True)
            if first // 1000 != (first + 100) // 1000:
                print(f"{first + 100 - seed} rounds, {bad} failures", file=sys.stderr, flush=True)
    print(f"{count} rounds over {len(paths)} files, exit codes {dict(sorted(tally.items()))}, {compared} compared, {bad} failures")


if __name__ == "__main__":
    main()
