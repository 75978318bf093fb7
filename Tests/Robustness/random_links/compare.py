"""What is compared of the outputs of several linkers, and which differences are known."""
import os
import re

import elf
import links


def is_ours(name):
    """Whether a symbol is one of the program's names; not those of the linkers and of the frame."""
    return len(name) == 2 and name[0] in "fdctki"


def facts(path, kind):
    """{fact: value} of an output; a fact is a tuple."""
    file, found = elf.Reader(path), {}

    def place(section):
        return {elf.UNDEFINED: "undefined", elf.ABSOLUTE: "absolute", elf.COMMON: "common"}.get(section, "defined")

    def add(table, name, symbol):
        _, binding, type_, visibility, section, value, size, _ = symbol
        words = {"is": place(section), "binding": elf.BINDINGS.get(binding), "type": elf.TYPES.get(type_),
                 "visibility": elf.VISIBILITIES[visibility]}
        if place(section) != "undefined":
            words["size"] = size
        if place(section) == "absolute":
            words["value"] = value
        if place(section) == "undefined" and value:
            words["value"] = "canonical PLT entry"
        if (table, name) in found:  # which of them comes first says nothing
            words = min(words, found[table, name], key=lambda one: str(sorted(one.items())))
            words["twice"] = True
        found[table, name] = words

    index = file.find(2)
    if index is not None:
        for symbol in file.symbols(index):
            name = symbol[0].split("@")[0]
            if is_ours(name) and symbol[1] != elf.LOCAL:
                add("symtab", symbol[0] if kind == "joined" else name, symbol)
    if kind == "joined":
        return found
    tags = file.dynamic()
    if tags is None:
        return found
    names = {1: "NEEDED", 14: "SONAME", 12: "INIT", 13: "FINI", 25: "INIT_ARRAY", 26: "FINI_ARRAY",
             32: "PREINIT_ARRAY", 22: "TEXTREL", 16: "SYMBOLIC", 30: "FLAGS", 0x6FFFFFFB: "FLAGS_1"}
    for tag, value in tags:
        if tag == 1:
            found["dynamic", "NEEDED"] = found.get(("dynamic", "NEEDED"), ()) + (value,)
        elif tag in (14, 30, 0x6FFFFFFB):
            found["dynamic", names[tag]] = value
        elif tag in names:
            found["dynamic", names[tag]] = True
    defined, needed, definitions = file.version_names()
    for definition in definitions:
        # The base version of a program without a soname is called after its file, or its path (lld).
        found["verdef", os.path.basename(definition[1])] = (definition[0], tuple(sorted(definition[2:])))
    for library, name, flags in needed.values():
        found["verneed", library, name] = flags
    index = file.find(11)
    versions = file.find(0x6FFFFFFF)
    table = file.contents(versions) if versions is not None else None
    at = {}
    for symbol in file.symbols(index):
        number, name = symbol[7], symbol[0]
        version = int.from_bytes(table[2 * number:2 * number + 2], "little") if table else 1
        low = version & 0x7FFF
        if low in needed:
            name += "@" + needed[low][1]
        elif low > 1:
            name += ("@" if version & 0x8000 else "@@") + defined.get(low, "?")
        at[number] = name
        if is_ours(symbol[0]) and number:
            add("dynsym", name, symbol)
            if low == 0 and symbol[4] != elf.UNDEFINED:
                found["dynsym", name]["version"] = "local"
    for index, header in enumerate(file.headers):
        if header[1] == 4 and header[6] == file.find(11):
            data = file.contents(index)
            for at_ in range(0, len(data), 24):
                info = int.from_bytes(data[at_ + 8:at_ + 16], "little")
                kind = {1: "64", 5: "COPY", 6: "GLOB_DAT", 7: "JUMP_SLOT", 18: "TPOFF64", 8: "RELATIVE",
                        37: "IRELATIVE"}.get(info & 0xFFFFFFFF, info & 0xFFFFFFFF)
                name = at.get(info >> 32, "")
                if is_ours(name.split("@")[0]) and kind == "COPY":
                    found["relocation", kind, name] = True
    return found


# What a linker says when it refuses, by class: the same class is the same opinion.
MESSAGES = [
    ("defined twice", r"multiple definition|duplicate symbol|is defined twice|has more than one definition"),
    ("undefined in expression", r"referenced in expression|--defsym=.*no symbol '.*' is defined|"
                                r"--defsym:1: symbol not found|assignment .* undefined"),
    ("undefined", r"undefined reference|undefined (hidden |protected |internal )?symbol|: undefined: "),
    ("undefined version", r"version .* (of .* )?is not defined|which no version script|has undefined version|"
                          r"version node not found"),
    ("version of nothing", r"version script assignment of .* symbol not defined|undefined version:"),
    ("does not converge", r"does not converge"),
    ("needs PIC", r"can ?not be used (when making|against)|recompile with -f(PIC|PIE)"),
]


def message_class(text):
    """The classes of a linker's errors; of a text without a known one, its first line without names."""
    found = {name for name, pattern in MESSAGES if re.search(pattern, text)}
    if found:
        return ", ".join(sorted(found))
    errors = [line for line in text.splitlines() if "warning:" not in line]
    line = errors[0] if errors else "silence"
    line = re.sub(r"^\S*(ld|swold)[^ :]*: (error: )?", "", line)
    return re.sub(r"\S*\b[fdctkio]\d+\S*|\S*/\S*|\S*\(\S*|0x[0-9a-f]+|\d+", "_", line)[:80]


class Result:
    """What one linker made of a program."""

    def __init__(self):
        self.facts, self.messages, self.crash = {}, {}, None

    def put(self, stage, found):
        for key, value in found.items():
            self.facts[(stage, *key)] = value


def link_all(files, linker):
    """Links every module with one linker and runs the result."""
    result, program = Result(), files.program
    os.makedirs(f"{files.folder}/{linker.name}", exist_ok=True)
    failed = False
    for module in program["modules"]:
        for output, arguments in files.commands(module, linker):
            stage = output.split("/", 1)[1]
            code, text = linker.run(arguments, files.folder)
            result.messages[stage] = text
            result.facts[stage, "link"] = "made" if code == 0 else "refused" if code == 1 else f"ends with {code}"
            if code != 0:
                failed = True
                break
            result.put(stage, facts(f"{files.folder}/{output}", "joined" if arguments[0] == "-r" else "module"))
        if failed:
            return result
    code, output, text = links.run(files.folder, linker.name)
    result.messages["run"] = text
    result.facts["run", "status"] = code
    if code == 0:
        decoded = links.decode(program, output)
        if decoded is None:
            result.facts["run", "status"] = "garbled"
            return result
        values, order, lists = decoded
        for (number, index), (address, value) in values.items():
            result.facts["run", "reference", number, index] = (address, value)
        result.facts["run", "order"] = tuple(order)
        result.facts["run", "objects"] = tuple(sorted(order))
        for mark, some in lists.items():
            result.facts["run", "list", mark] = tuple(some)
    elif text:
        result.facts["run", "says"] = text.split(": ", 2)[-1].strip().replace(
            f"{files.folder}/{linker.name}/", "")
    return result


FIELDS = ("is", "binding", "type", "visibility", "size", "value", "version", "twice")


class Difference:
    """One fact of which not all linkers say the same. `values` are those of swold, GNU ld and lld."""

    def __init__(self, fact, values, results):
        self.fact, self.values, self.results = fact, values, results

    @property
    def stage(self):
        return self.fact[0]

    @property
    def against_both(self):
        return self.values[1] == self.values[2]

    def __str__(self):
        return f"{' '.join(map(str, self.fact))}: " + ", ".join(map(str, self.values))

    def signature(self, program):
        """The difference without the names and numbers that are this program's alone."""
        fact = list(self.fact)
        stage = "library" if fact[0].startswith("lib") else "joined" if fact[0].endswith(".o") else fact[0]
        values = list(self.values)
        if fact[1] in ("symtab", "dynsym"):
            name, _, version = fact[2].partition("@")
            fact[2] = name[0] + ("@@" if version.startswith("@") else "@" if version else "")
            fields = [field for field in FIELDS
                      if any((value or {}).get(field) != (values[0] or {}).get(field) for value in values)]
            if None in values:
                fields = ["is", "binding"]
            values = ["-" if value is None else " ".join(str(value.get(field, "-")) for field in fields)
                      for value in values]
        elif fact[1] == "link":
            values = [value if value != "refused" else f"refused ({message_class(result.messages[fact[0]])})"
                      for value, result in zip(values, self.results)]
        elif fact[1] == "relocation":
            fact[3] = fact[3][0]
        elif fact[1] in ("verdef", "verneed"):
            fact = fact[:2]
        elif fact[:2] == ["run", "reference"]:
            one = next(one for module in program["modules"] for item in module["inputs"]
                       if item[0] != "library" for one in item[1] if one["id"] == fact[2])
            reference = one["references"][fact[3]]
            fact[2:] = [reference["how"], reference["name"][0]]
            values = ["abc"[values.index(value)] for value in values]
        elif fact[:2] == ["run", "list"]:
            fact[2] = "log" if fact[2] & 0xFFFF0000 == 0xF1A60000 else ("lo", "tab")[fact[2] & 1]
            values = ["abc"[values.index(value)] for value in values]
        elif fact[:2] in (["run", "order"], ["run", "objects"]):
            values = ["abc"[values.index(value)] for value in values]
        elif fact[:2] == ["run", "says"]:
            values = [" ".join(str(value).split(":")[-1].split()[:6]) for value in values]
        return " ".join(map(str, [stage, *fact[1:]])) + " | " + " | ".join(map(str, values))


def differences(results):
    """The facts that differ, up to the first stage that one of the linkers refuses."""
    stages = {}
    for result in results:
        for fact in result.facts:
            stages.setdefault(fact[0], set()).add(fact)
    found = []
    for stage, keys in stages.items():
        for fact in sorted(keys, key=str):
            values = [result.facts.get(fact) for result in results]
            if any(value != values[0] for value in values[1:]):
                found.append(Difference(fact, values, results))
        if any(result.facts.get((stage, "link"), "made") != "made" for result in results):
            return [one for one in found if one.stage != stage or one.fact[1] == "link"]
    for causes in (("says", "status"), ("objects",), ("order",)):
        if any(one.stage == "run" and one.fact[1] in causes for one in found):
            return [one for one in found if one.stage != "run" or one.fact[1] in causes]
    return found
