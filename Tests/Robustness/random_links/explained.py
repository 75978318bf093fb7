"""Differences that are known, and why: docs/Differential.md says it in full.

A class has a name (a row of the table there) and a function that looks at one difference between swold
and one of the others: `Case` has the program, the fact and both values. It looks at the cause in the
program (a --defsym of that name, a function that a library defines …), so that nothing else that
happens to look the same is explained away. A difference is explained if it is so for each linker that
disagrees with swold; where both agree against swold, only by a class in AGAINST_BOTH."""
import re

# Where GNU ld and lld agree and swold does otherwise on purpose.
AGAINST_BOTH = {"archives have no order", "indirect functions that libraries know", "aliases in a circle",
                "versions that their node hides", "aliases of what a library defines",
                "common symbols beside their versions", "plain names and old versions",
                "undefined symbols that may pass", "requested names", "groups in archives",
                "two symbols for one version in one library"}


class Case:
    """One fact of which swold and one other linker say different things."""

    def __init__(self, program, difference, index):
        self.program, self.difference, self.index = program, difference, index
        self.stage, self.kind = difference.fact[:2]
        self.rest = difference.fact[2:]
        self.is_lld = index == 2
        self.ours, self.theirs = difference.values[0], difference.values[index]
        self.results = difference.results

    # What the linkers said

    def message(self, index):
        return self.results[index].messages.get(self.stage, "")

    @property
    def their_message(self):
        return self.message(self.index)

    @property
    def our_message(self):
        return self.message(0)

    def fact(self, index, *fact):
        return self.results[index].facts.get(fact)

    # The symbol that the fact is about

    @property
    def is_symbol(self):
        return self.kind in ("symtab", "dynsym")

    @property
    def name(self):
        """The name (without version) that the fact is about, or None."""
        if self.is_symbol:
            return self.rest[0].split("@")[0]
        if self.kind == "relocation":
            return self.rest[1].split("@")[0]
        if self.kind == "reference":
            return self.reference["name"]
        return None

    @property
    def reference(self):
        return self.objects()[self.rest[0]]["references"][self.rest[1]]

    def words(self, *allowed):
        """Whether both have the symbol, and differ in these fields only."""
        if self.ours is None or self.theirs is None:
            return False
        return all(self.ours.get(field) == self.theirs.get(field)
                   for field in set(self.ours) | set(self.theirs) if field not in allowed)

    # The program

    @property
    def module(self):
        """The module that the stage links, or None (the run)."""
        match = re.match(r"lib(\w+)\.so|(main|\w)(-\d+\.o)?$", self.stage)
        name = match and (match[1] or match[2])
        return next((one for one in self.program["modules"] if one["name"] == name), None)

    @property
    def modules(self):
        """The module of the stage, or all for the run."""
        return [self.module] if self.module else self.program["modules"]

    @property
    def libraries(self):
        return self.program["modules"][:-1]

    @property
    def main(self):
        return self.program["modules"][-1]

    def objects(self, modules=None):
        """The objects of modules by their numbers."""
        return {one["id"]: one for module in modules or self.program["modules"]
                for item in module["inputs"] if item[0] != "library" for one in item[1]}

    def lazy(self, modules=None):
        """Those that take part only if they are needed."""
        return {one["id"]: one for module in modules or self.program["modules"]
                for item in module["inputs"] if item[0] in ("archive", "start-lib") for one in item[1]}

    def definitions(self, name, modules=None):
        return [item for one in self.objects(modules or self.modules).values()
                for item in one["definitions"] if item["name"] == name]

    def references(self, name, modules=None):
        return [item for one in self.objects(modules or self.modules).values()
                for item in one["references"] if item["name"] == name]

    def assigned(self, modules=None):
        """{name: expression} of --defsym."""
        return dict(argument[9:].split("=", 1) for module in modules or self.modules
                    for argument in module["args"] if argument.startswith("--defsym="))

    def has(self, *arguments):
        return any(argument.startswith(arguments) for module in self.modules for argument in module["args"])

    def is_static(self, index):
        return not any(fact[:2] == ("main", "dynamic") for fact in self.results[index].facts)

    def is_named(self, library, index=0):
        return f"lib{library}.so" in (self.fact(index, "main", "dynamic", "NEEDED") or ())


CLASSES = []


def explains(name, linker=None):
    """Registers a class, for "GNU ld", "lld" or both."""
    def register(function):
        CLASSES.append((name, linker, function))
        return function
    return register


# Symbol tables


@explains("weak undefined in .symtab", "GNU ld")
def _(case):
    if not case.is_symbol or case.theirs is not None or case.ours["is"] != "undefined":
        return False
    # In .dynsym, too, if no library shows such a name, so that it is zero with both.
    is_there = any(fact[0].startswith("lib") and fact[1] == "dynsym" and fact[2].split("@")[0] == case.name
                   and value["is"] != "undefined"
                   for result in case.results[:2] for fact, value in result.facts.items())
    return (case.ours["binding"] == "weak" and any(item["weak"] for item in case.references(case.name))
            and (case.kind == "symtab" or not is_there))


@explains("requested names")
def _(case):
    """-u NAME that nobody (GNU ld) or only a library defines; it makes a library needed, as a reference
    of an object does."""
    if case.kind == "objects" or case.kind == "dynamic" and case.stage == "main" and case.rest == ("NEEDED",):
        more = set(case.ours or ()) ^ set(case.theirs or ())
        asked = {argument[12:] for argument in case.main["args"] if argument.startswith("--undefined=")}
        libraries = [module for module in case.libraries if f"lib{module['name']}.so" in as_needed(case)
                     and asked & {item["name"] for one in case.objects([module]).values() for item in one["definitions"]}]
        wanted = asked | {item["name"] for one in case.objects(libraries or [case.main]).values()
                          for item in one["references"]}
        members = {each for each, one in case.lazy([case.main]).items()
                   if wanted & {item["name"] for item in one["definitions"]}}
        return bool(libraries) and more <= set(case.objects(libraries)) | members | {
            f"lib{module['name']}.so" for module in libraries}
    if case.is_symbol and case.stage == "main" and case.theirs is None:  # what that library asks for
        asked = {argument[12:] for argument in case.main["args"] if argument.startswith("--undefined=")}
        if any(f"lib{module['name']}.so" in as_needed(case) and case.is_named(module["name"])
               and not case.is_named(module["name"], case.index) and case.references(case.name, [module])
               and any(case.definitions(name, [module]) for name in asked) for module in case.libraries):
            return True
    return (case.is_symbol and (
        case.ours is None or case.theirs is None or as_needed(case) and bool(
            case.definitions(case.name, case.libraries)))
            and "undefined" in [value["is"] for value in (case.ours, case.theirs) if value]
            and f"--undefined={case.name}" in case.module["args"])


@explains("direct references to weak undefined symbols")
def _(case):
    """In a program they are zero for good, if one of them cannot be changed by a loader."""
    if case.is_lld:
        return (case.kind == "dynsym" and case.stage == "main" and case.ours is None
                and case.theirs["is"] == "undefined" and case.theirs["binding"] == "weak"
                and any(item["how"] in ("pc", "abs", "call") for item in case.references(case.name)))
    return (case.is_symbol and case.stage == "main" and case.theirs is None and case.ours["is"] == "undefined"
            and case.ours["binding"] == "weak"
            and any(item["how"] in ("pc", "abs", "call") for item in case.references(case.name)))


@explains("weak undefined symbols without libraries", "GNU ld")
def _(case):
    """A program that names no library imports nothing."""
    return (case.kind == "dynsym" and case.stage == "main" and case.theirs is None
            and case.ours["is"] == "undefined" and case.ours["binding"] == "weak"
            and not case.fact(0, "main", "dynamic", "NEEDED") and not case.fact(1, "main", "dynamic", "NEEDED"))


@explains("names in archives and elsewhere", "GNU ld")
def _(case):
    """--exclude-libs hides what an archive defines, too, if the definition in use is another one.
    (--start-lib is an archive for GNU ld.)"""
    def is_there(name):
        return any(item[0] in ("archive", "whole", "start-lib") and any(
            each["name"] == name for one in item[1] for each in one["definitions"]) for item in case.main["inputs"])
    if case.kind == "link":
        names = re.findall(r"hidden symbol `(\w\d)' in \S+ is referenced by DSO", case.their_message)
        return (case.ours == "made" and bool(names) and all(map(is_there, names))
                and "--exclude-libs=ALL" in case.module["args"])
    if case.kind == "reference":
        return "--exclude-libs=ALL" in case.main["args"] and is_there(case.name) and (
            case.fact(1, "main", "dynsym", case.name) is None)
    if case.kind in ("says", "status"):
        said = re.search(r"undefined symbol: (\w\d)", str(case.fact(case.index, "run", "says")))
        return (case.fact(0, "run", "status") == 0 and said is not None and "--exclude-libs=ALL" in case.main["args"]
                and any(item["name"] == said[1] for one in case.lazy([case.main]).values()
                        for item in one["definitions"]))
    return (case.is_symbol and "--exclude-libs=ALL" in case.module["args"] and case.ours is not None
            and (case.theirs is None or case.theirs["visibility"] == "hidden" and case.words(
                "visibility", *(["size"] if case.name in case.assigned() else [])))
            and (is_there(case.name) or any(
                map(is_there, re.findall(r"\b[a-z]\d\b", case.assigned().get(case.name, ""))))))


@explains("copies that a script hides", "GNU ld")
def _(case):
    """GNU ld leaves a local entry of them in .dynsym."""
    return (case.kind == "dynsym" and case.ours is None and case.theirs.get("binding") == "local"
            and case.theirs["is"] == "defined")


@explains("hidden symbols", "GNU ld")
def _(case):
    """They are local for swold and lld."""
    return (case.kind == "symtab" and case.ours is None and case.theirs["is"] in ("defined", "absolute")
            and (case.theirs["visibility"] in ("hidden", "internal")
                 or any(item["visibility"] == "hidden"
                        for item in case.definitions(case.name) + case.references(case.name))))


@explains("visibility in libraries", "lld")
def _(case):
    """lld gives a symbol the visibility of references in libraries."""
    return (case.is_symbol and case.words("visibility") and case.theirs["visibility"] == "protected"
            and any(item["visibility"] == "protected" for item in case.references(case.name, case.libraries)))


@explains("protected references", "lld")
def _(case):
    """A protected weak reference that nothing here meets is zero; lld lets the loader look."""
    if case.kind == "link" and case.ours == "refused":
        names = re.findall(r"undefined symbol: (\w\d) \(protected\)", case.our_message)
        return case.theirs == "made" and bool(names) and "undefined symbol" not in re.sub(
            r"undefined symbol: \w\d \(protected\)", "", case.our_message)
    if case.kind == "link":
        names = re.findall(r"undefined protected symbol: (\w\d)", case.their_message)
        return case.ours == "made" and bool(names) and all(
            any(item["visibility"] == "protected" for item in case.references(name, case.libraries))
            for name in names)
    if case.kind == "reference" or case.kind == "relocation" and case.rest[0] == "COPY":
        theirs = [value for fact, value in case.results[2].facts.items()
                  if fact[:2] == ("main", "symtab") and fact[2] == case.name]
        return bool(theirs) and theirs[0]["is"] == "undefined" and theirs[0]["visibility"] == "protected" and any(
            item["visibility"] == "protected" for item in case.references(case.name, case.libraries))
    if not case.is_symbol or not any(item["visibility"] == "protected" and item["weak"]
                                     for item in case.references(case.name, case.program["modules"])):
        return False
    if case.stage == "main" and not case.definitions(case.name, [case.main]) and case.definitions(
            case.name, case.libraries) and case.theirs and case.theirs["visibility"] == "protected":
        return True  # it even loses the copy
    if case.ours is None:
        return (case.theirs["is"] == "undefined" and case.theirs["visibility"] == "protected"
                or (case.kind == "dynsym" or "--gc-sections" in case.main["args"]) and case.stage == "main" and case.theirs["is"] in ("defined", "absolute"))
    return case.words("visibility", "type") and case.ours["is"] == "undefined"


# Dynamic sections


@explains("DT_SYMBOLIC", "lld")
def _(case):
    return (case.kind == "dynamic" and case.rest == ("SYMBOLIC",) and case.theirs is None
            and "-Bsymbolic" in case.module["args"])


@explains("weak versions")
def _(case):
    if case.kind != "verdef" or case.ours is None or case.theirs is None:
        return False
    return case.ours[0] == case.theirs[0] if case.is_lld else case.ours[1] == case.theirs[1] \
        and case.theirs[0] in ("weak", "")


def unneeded_libraries(case):
    return [item[1] for item in case.main["inputs"] if item[0] == "library" and not case.is_named(item[1])]


@explains("libraries that nobody needs", "lld")
def _(case):
    """lld makes a dynamic section for a library that --as-needed leaves out, and exports to it."""
    unneeded = unneeded_libraries(case)
    if case.kind == "link":
        libraries = re.findall(r"(?:is referenced by DSO '|>>> referenced by )\w+/lib(\w)\.so",
                               case.their_message)
        return case.ours == "made" and bool(libraries) and set(libraries) <= set(unneeded)
    if case.kind == "status":  # and a loader that makes room for thread-local variables
        return (bool(unneeded) and case.is_static(0) and case.ours == -11 and case.theirs == 0 and any(
            item["name"][0] == "t" for one in case.objects([case.main]).values() for item in one["references"]))
    if case.kind == "reference":  # and a loader that resolves indirect functions
        return bool(unneeded) and case.is_static(0) and case.name[0] == "i" and case.ours[0] == 0
    if case.stage != "main" or not unneeded:
        return False
    if case.kind == "dynamic":
        return case.rest[0] not in ("NEEDED", "TEXTREL") and case.ours is None and case.is_static(0)
    modules = [module for module in case.libraries if module["name"] in unneeded]
    return case.is_symbol and (
        case.ours is None and case.theirs["is"] in ("defined", "absolute") and case.kind == "dynsym"
        or case.is_static(0) and case.ours is None and case.theirs["is"] == "undefined"
        or case.kind == "symtab" and case.ours is None and "--gc-sections" in case.main["args"]
        or case.words("size") and any(item["kind"] == "c" for item in case.definitions(case.name))
        or case.words("type") and case.ours["is"] == "undefined") and bool(
            case.definitions(case.name, modules) or case.references(case.name, modules)
            or case.is_static(0))


# Constructors


def constructors(case):
    """The tokens of .ctors sections."""
    return {token for one in case.objects().values() for section, token in one["starts"]
            if section.startswith(".ctors")}


@explains("constructors of .ctors", "lld")
def _(case):
    tokens = constructors(case)
    if case.kind == "dynamic" and case.rest == ("INIT_ARRAY",):
        return case.theirs is None and any(section.startswith(".ctors")
                                           for one in case.objects([case.module]).values()
                                           for section, _ in one["starts"])
    if case.kind == "list" and unneeded_libraries(case) and case.is_static(0) and (
            set(case.theirs) ^ set(case.ours) <= tokens | {
                token for one in case.objects().values() for section, token in one["starts"]
                if section == ".preinit_array"}):
        return True  # lld's program has a loader
    return (case.kind == "list" and bool(tokens)
            and [each for each in case.ours if each not in tokens]
            == [each for each in case.theirs if each not in tokens])


@explains("sorted constructors", "GNU ld")
def _(case):
    """--sort-section=name also moves .ctors in front of .init_array."""
    tokens = constructors(case)
    return (case.kind == "list" and case.has("--sort-section=name") and sorted(case.ours) == sorted(case.theirs)
            and [each for each in case.ours if each not in tokens]
            == [each for each in case.theirs if each not in tokens])


# Archives


def extra_members(case):
    """The archive members that only one of the two has pulled; None if other objects differ."""
    ours, theirs = case.fact(0, "run", "objects"), case.fact(case.index, "run", "objects")
    if ours is None or theirs is None:
        return None
    extra = set(ours) ^ set(theirs)
    lazy = case.lazy()
    if not all(each in lazy for each in extra):
        return None
    # Each defines something that others define as well: an object, another member or a library.
    # (Or it is needed by one that does.)
    explained, rest = set(), set(extra)
    while rest:
        found = set()
        for each in rest:
            names = {item["name"] for item in lazy[each]["definitions"]}
            others = {item["name"] for number, one in case.objects().items() if number != each
                      for item in one["definitions"]} | set(case.assigned())
            wanted = {item["name"] for number in explained for item in lazy[number]["references"]}
            if names & others or names & wanted:
                found.add(each)
        if not found:
            return None
        explained |= found
        rest -= found
    return extra


def touched(case, members):
    """The names that those members define or refer to."""
    lazy = case.lazy()
    return {item["name"] for each in members
            for item in lazy[each]["definitions"] + lazy[each]["references"]}


def not_there(case, name):
    """Whether a member of a library defines the name, and only one of the two has pulled it."""
    stages = [f"lib{module['name']}.so" for module in case.libraries
              if any(item["name"] == name for one in case.lazy([module]).values() for item in one["definitions"])]
    return any((case.fact(0, stage, "dynsym", name) is None) != (case.fact(case.index, stage, "dynsym", name) is None)
               for stage in stages)


def keeps_its_rule(case):
    """Whether swold pulled what its rule says, as far as the program tells: each member that is there
    defines what somebody there asks for, and nobody outside of archives defines all of that; each that is
    not defines nothing that an object there asks for in vain."""
    there = case.fact(0, "run", "objects")
    for module in case.program["modules"] if there is not None else []:
        lazy, every = case.lazy([module]), case.objects([module])
        live = {each: one for each, one in every.items() if each in there}
        if not live:
            continue  # a library that nobody runs does not tell
        used = {item[1] for item in module["inputs"] if item[0] == "library"}
        outer = [other for other in case.libraries if other["name"] in used]
        asked = {argument.split("=", 1)[1] for argument in module["args"] if argument.startswith("--undefined=")}
        for value in case.assigned([module]).values():
            asked |= set(re.findall(r"\b[a-z]\d\b", value))
        for one in case.objects(outer).values() if outer else ():
            asked |= {item["name"] for item in one["references"] if not item["weak"]}
        for each in live.values():
            asked |= {item["name"] for item in each["references"] if not item["weak"]}
            asked |= {item["name"] for item in each["definitions"] if item["kind"] == "c"}
        fixed = {item["name"] + item["version"].replace("@@", "@") for each, one in every.items()
                 if each not in lazy for item in one["definitions"] if item["kind"] != "c" and not item["group"]}
        for each, one in lazy.items():
            if each in live and not any(
                    item["name"] in asked and item["name"] + item["version"].replace("@@", "@") not in fixed
                    for item in one["definitions"]):
                return False
        served = {item["name"] for one in live.values() for item in one["definitions"]} | set(case.assigned([module]))
        for one in case.objects(outer).values() if outer else ():
            served |= {item["name"] for item in one["definitions"]}
        wrapped = {argument[7:] for argument in module["args"] if argument.startswith("--wrap=")}
        wanted = set()
        for one in live.values():  # the first reference to a name makes the symbol
            first = {item["name"] + item["version"]: item for item in reversed(one["references"])}
            wanted |= {name for name, item in first.items() if not item["weak"]}
        wanted -= served | wrapped
        if any(each not in live and wanted & {item["name"] for item in one["definitions"]
                                              if item["version"][:2] in ("", "@@")} for each, one in lazy.items()):
            return False
    return True


def calls_what_is_not_there(case):
    """Whether a library calls a function by a weak symbol, for the first reference of its object is weak,
    and only one of the two programs has pulled the member that defines it for the library."""
    def is_there(index, name):
        return (case.fact(index, "main", "dynsym", name) or {}).get("is") == "defined"
    members = {item["name"] for one in case.lazy([case.main]).values() for item in one["definitions"]}
    weak = {name for one in case.objects(case.libraries or [case.main]).values() for name in members
            for item in [next((item for item in one["references"] if item["name"] == name), None)]
            if item and item["weak"] and any(other["name"] == name and other["how"] == "call"
                                             for other in one["references"])}
    crashed = [index for index, status in ((0, case.ours), (case.index, case.theirs)) if status == -11]
    return len(crashed) == 1 and {case.ours, case.theirs} == {0, -11} and any(
        is_there(0, name) != is_there(case.index, name) and not is_there(crashed[0], name) for name in weak)


@explains("archives have no order")
def _(case):
    """Members stand where their archive stands, and what an object anywhere defines pulls none."""
    if not keeps_its_rule(case):
        return False
    if case.kind == "link":
        # Whoever refuses does so because of a member that the other may not have pulled.
        text = case.our_message if case.ours == "refused" else case.their_message
        blocks = re.split(r"\n(?=\S*(?:ld|swold)\S*: (?:error: )?|\S+: in function|\S+\.o[:)])", text)
        lazy = case.lazy([case.module]) if case.module else {}
        missing = set(re.findall(r"undefined (?:reference to `|symbol: |reference: )(\w\d)\b", text))
        reached = set(re.findall(r"unresolvable \w+ relocation against symbol `(\w\d)'", text))
        if reached and all(any(item["name"] == name for one in lazy.values() for item in one["definitions"])
                           and case.definitions(name, case.libraries) for name in reached):
            return True
        if case.stage == "main" and missing and all(not_there(case, name) for name in missing):
            return True
        named = [set(map(int, re.findall(r"\bo(\d+)\.o", block))) for block in blocks if "warning:" not in block]
        named = [each for each in named if each]
        return bool(named) and all(any(number in lazy for number in each) for each in named)
    if case.kind == "status" and calls_what_is_not_there(case):
        return True
    if case.kind == "status":
        # A weak function is called that a member has, if it is pulled.
        return case.ours in (0, -11) and case.theirs in (0, -11) and any(
            fact[:2] == ("main", "symtab") and value["is"] == "undefined"
            and (case.fact(case.index, *fact) or {}).get("is") == "defined"
            and any(fact[2] in [item["name"] for item in one["definitions"]] for one in case.lazy().values())
            for fact, value in case.results[0].facts.items())
    if case.kind == "objects":
        return extra_members(case) is not None
    if case.kind == "order":
        if extra_members(case) is None:
            return False
        for module in case.program["modules"]:
            line, lazy = list(case.objects([module])), case.lazy([module])
            ours, theirs = ([number for number in order if number in line] for order in (case.ours, case.theirs))
            if ours != sorted(ours, key=line.index) or [number for number in ours if number not in lazy] != [
                    number for number in theirs if number not in lazy]:
                return False
        return True
    members = extra_members(case)
    if members is None and case.module and None in (
            case.fact(0, "run", "objects"), case.fact(case.index, "run", "objects")):
        # It does not run, so see which members may have been pulled or not.
        lazy = case.lazy([case.module])
        members = {each for each, one in lazy.items() if any(
            len(case.definitions(item["name"], case.program["modules"])) > 1
            for item in one["definitions"])}
        while True:
            more = {each for each, one in lazy.items() if each not in members
                    and {item["name"] for item in one["definitions"]} & touched(case, members)}
            if not more:
                break
            members |= more
    if members is None:
        return False
    if case.kind == "list":
        order = (case.fact(0, "run", "order"), case.fact(case.index, "run", "order"))
        return order[0] != order[1] and sorted(case.ours) == sorted(case.theirs)
    return bool(members) and (case.name in touched(case, members)
                              or case.kind in ("dynamic", "verneed", "verdef"))


# Indirect functions


@explains("indirect functions that libraries know")
def _(case):
    """For them it is an ordinary function at its PLT entry; others' programs do not start."""
    known = [name for name in ("i0", "i9") if case.definitions(name, [case.main])
             and (case.definitions(name, case.libraries) or case.references(name, case.libraries))]
    if not known or case.program["kind"] == "static":
        return False
    if case.kind == "says":
        return case.ours is None and str(case.theirs).startswith("IFUNC symbol 'i")
    if case.kind == "status":
        return case.ours == 0 and case.theirs == 127 and str(
            case.fact(case.index, "run", "says")).startswith("IFUNC symbol 'i")
    return (case.is_symbol and case.stage == "main" and case.name in known and case.words("type", "size")
            and case.ours["type"] == "func" and case.theirs["type"] == "ifunc")


@explains("indirect functions whose address is taken")
def _(case):
    """A symbol is the PLT entry that all references see; GNU ld's are two addresses. lld makes it one
    for calls, too."""
    taken = any(item["how"] in ("slot", "pc", "abs") for item in case.references(case.name or "i0", [case.main]))
    if case.name != "i0" or not taken:
        return False
    if case.kind == "reference":
        return case.ours[1] == case.theirs[1]
    return (case.is_symbol and case.words("type", "size")
            and ({case.ours["type"], case.theirs["type"]} == {"func", "ifunc"}
                 and (case.theirs["type"] == "func") == case.is_lld
                 or case.ours["type"] == "func" and case.ours["size"] == 0 and not case.is_lld))


# Assignments


def is_hidden_alias(case, name):
    """Whether what the assignment names has somewhere hidden visibility."""
    seen, names = set(), {name}
    while names - seen:
        name = (names - seen).pop()
        seen.add(name)
        names |= set(re.findall(r"\b[a-z]\d\b", case.assigned().get(name, "")))
    return any(item["visibility"] != "default" for each in seen
               for item in case.definitions(each) + case.references(each))


@explains("aliases")
def _(case):
    """What type and size an alias has, and whether `foo + 1` is an address."""
    if case.kind == "reference" and case.name in case.assigned():
        return is_hidden_alias(case, case.name)
    if not case.is_symbol or case.name not in case.assigned():
        return False
    if is_hidden_alias(case, case.name) and (None in (case.ours, case.theirs) or case.words(
            "size", "type", "is", "value", "visibility", "binding", "version")):
        return True
    return case.words(*(("size", "type", "is", "value") if case.is_lld else ("size", "is", "value")))


@explains("aliases that name themselves", "lld")
def _(case):
    """--defsym=a=a is 0 with lld."""
    if case.kind == "link":
        names = re.findall(r"--defsym=(\w\d)=\S*: no symbol '(\w\d)' is defined", case.our_message)
        return case.ours == "refused" and case.theirs == "made" and bool(names) and all(
            name == other == case.assigned().get(name) for name, other in names)
    if case.kind == "status":
        return case.ours == 0 and isinstance(case.theirs, int) and case.theirs < 0 and any(
            re.search(rf"\b{name}\b", value) for name, value in case.assigned().items())
    return case.kind == "reference" and re.search(
        rf"\b{case.name}\b", case.assigned().get(case.name, "")) is not None


@explains("what only an assignment needs", "GNU ld")
def _(case):
    return (case.kind == "symtab" and case.theirs is None and case.ours["is"] == "defined"
            and "--gc-sections" in case.module["args"]
            and any(re.search(rf"\b{item['name']}\b", value) for value in case.assigned().values()
                    for one in case.objects([case.module]).values() for item in one["definitions"]
                    if case.name in [other["name"] for other in one["definitions"]]))


@explains("addresses of aliases")
def _(case):
    """What a library shows of an alias that GNU ld or lld makes absolute, and who uses it."""
    assigned = case.assigned(case.libraries)
    names = {fact[2].split("@")[0] for fact in case.results[case.index].facts if fact[0] != "main"
             and fact[1] == "dynsym" and case.fact(0, *fact) != case.fact(case.index, *fact)} & set(assigned)
    if case.kind == "link":  # GNU ld takes what it made absolute for a definition
        twice = re.findall(r"multiple definition of `(\w\d)'", case.their_message)
        return case.ours == "made" and not case.is_lld and bool(twice) and all(
            name in names and any((case.fact(1, *fact) or {}).get("is") == "absolute" for fact in case.results[1].facts
                                  if fact[0] != "main" and fact[1:3] == ("dynsym", name)) for name in twice)
    if case.is_symbol and case.stage != "main":  # what another library sees of it
        return case.name in names and case.name not in case.assigned() and case.words("type")
    if case.kind == "status":
        moved = (case.program["kind"] == "pie" or "--gc-sections" in case.main["args"]) and any("+" in value for value in case.assigned([case.main]).values())
        # (A call of `f + 8` may also write into the output.)
        return case.ours in (0, "garbled") and not case.is_lld and (bool(names) or moved) and case.theirs == -11
    return case.name in names and (case.kind == "reference" or case.is_symbol and case.stage == "main")


@explains("aliases that do not end", "lld")
def _(case):
    return case.kind == "link" and "does not converge" in case.their_message and case.has("--defsym=")


@explains("aliases of nothing", "lld")
def _(case):
    """--defsym=a=b without a `b`: lld makes it 0."""
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made"
            and re.search(r"--defsym=.*no symbol '.*' is defined", case.our_message) is not None
            and "referenced in expression" in case.message(1))


@explains("aliases of what a library defines")
def _(case):
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made"
            and "so its address is not known before the program" in case.our_message)


@explains("aliases in a circle")
def _(case):
    return (case.kind == "link" and case.ours == "refused"
            and "are defined by each other" in case.our_message and case.has("--defsym="))


# Libraries


@explains("functions in programs that may move", "GNU ld")
def _(case):
    """lea of a library's function in a PIE: a canonical PLT entry, or an error."""
    names = re.findall(r"relocation R_X86_64_PC32 against symbol `(\w\d)[@\w]*'", case.their_message)
    return (case.kind == "link" and case.ours == "made" and case.program["kind"] == "pie" and bool(names)
            and all(name[0] in "fi" and any(item["how"] == "pc" for item in case.references(name))
                    and case.definitions(name, case.libraries) for name in names))


@explains("canonical PLT entries", "GNU ld")
def _(case):
    """lea of a library's function: GNU ld takes it for a call, so that there are two addresses."""
    if not case.name or case.name[0] not in "fi":
        return False
    if not any(item["how"] in ("pc", "abs") for item in case.references(case.name, [case.main])):
        return False
    if case.kind == "reference":
        return case.ours[1] == case.theirs[1]
    return (case.is_symbol and case.stage == "main" and case.words("value")
            and case.ours.get("value") == "canonical PLT entry" and case.ours["is"] == "undefined")


@explains("common symbols and data of libraries")
def _(case):
    """GNU ld leaves it to the library's data if that is behind; lld never."""
    if case.kind in ("dynamic", "objects") and case.is_lld:
        if case.kind == "dynamic" and case.rest != ("NEEDED",):
            return False
        less = set(case.ours or ()) - set(case.theirs or ())
        names = {item["name"] for item in sum((one["definitions"] for one in case.objects([case.main]).values()), [])
                 if item["kind"] == "c"}
        libraries = [module for module in case.libraries
                     if f"lib{module['name']}.so" in less or less & set(case.objects([module]))]
        return not set(case.theirs or ()) - set(case.ours or ()) and bool(libraries) and all(
            any(case.definitions(name, [module]) for name in names) for module in libraries)
    if case.kind == "link":
        names = re.findall(r"unresolvable \w+ relocation against symbol `(c\d)'", case.their_message)
        return case.ours == "made" and bool(names) and all(case.definitions(name, case.libraries) for name in names)
    return (case.name is not None and (case.module is not None or case.kind == "reference")
            and any(item["kind"] == "c" for item in case.definitions(case.name))
            and any(item["kind"] != "c" for item in case.definitions(case.name, case.libraries))
            and (case.is_lld or case.kind == "reference" and (
                case.fact(1, "main", "symtab", case.name) or {}).get("is") == "undefined"
                 or case.kind in ("dynsym", "symtab") and case.theirs is not None
                 and case.theirs["is"] == "undefined"
                 or case.kind == "symtab" and case.theirs is None and case.ours["is"] == "undefined"))


@explains("bindings of copies", "lld")
def _(case):
    """A copy is as weak as the library's definition; with lld as the references."""
    return (case.is_symbol and case.stage == "main" and case.words("binding")
            and bool(case.definitions(case.name, case.libraries))
            and any(fact[:3] == ("main", "relocation", "COPY") and fact[3].split("@")[0] == case.name
                    for fact in case.results[0].facts))


@explains("sizes of commons", "GNU ld")
def _(case):
    """As large as the largest symbol of the name, of libraries too."""
    return (case.is_symbol and case.words("size") and any(
        item["kind"] == "c" for item in case.definitions(case.name, case.program["modules"])) and bool(
            case.definitions(case.name, case.libraries)))


@explains("commons and weak definitions", "GNU ld")
def _(case):
    """A common symbol takes the place of a weak definition; GNU ld leaves it the binding."""
    kinds = [item["kind"] == "c" for item in case.definitions(case.name or "")]
    return (case.is_symbol and case.words("binding") and any(kinds) and not all(kinds)
            and case.ours["binding"] == "global")


@explains("absolute symbols of libraries", "GNU ld")
def _(case):
    """Their values go into the program, their definitions count as the program's."""
    if case.kind == "link":
        names = re.findall(r"\(\*ABS\*\+\S+\): multiple definition of `(\w\d)'", case.their_message)
        return case.ours == "made" and bool(names) and all(
            name[0] == "k" and case.definitions(name, case.libraries) for name in names)
    if case.kind == "verneed":
        return case.stage == "main" and case.theirs is None and any(
            item["name"][0] == "k" for module in case.libraries if f"lib{module['name']}.so" == case.rest[0]
            for one in case.objects([module]).values() for item in one["definitions"])
    if not case.name or case.name[0] != "k" or not (
            case.definitions(case.name, case.libraries) or case.name in case.assigned(case.libraries)):
        return False
    if case.kind == "reference":
        return not case.definitions(case.name, [case.main]) or any(
            item["binding"] == "weak" for item in case.definitions(case.name, [case.main]))
    return case.is_symbol and (case.ours is None or case.theirs is None or "absolute" in (
        case.ours["is"], case.theirs["is"]))


@explains("absolute symbols in programs that may move", "GNU ld")
def _(case):
    """GNU ld relocates them by the load address."""
    return (case.kind == "reference" and case.name[0] == "k" and case.program["kind"] == "pie"
            and str(case.theirs[0]).startswith("&") and not str(case.ours[0]).startswith("&"))


@explains("text relocations instead of copies", "GNU ld")
def _(case):
    return (case.kind == "link" and case.ours == "refused" and "recompile with -f" in case.our_message
            and "creating DT_TEXTREL" in case.their_message and "recompile with -f" in case.message(2))


@explains("protected functions of libraries", "GNU ld")
def _(case):
    """Their address in the program is another one than in the library: an error."""
    names = re.findall(r"relocation \w+ against (\w\d) cannot be used", case.our_message)
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names)
            and all(any(item["visibility"] == "protected" for item in case.definitions(name, case.libraries))
                    for name in names))


@explains("copies without a size", "GNU ld")
def _(case):
    return (case.kind == "link" and case.ours == "refused"
            and "for its size is not known" in case.our_message
            and "type and size of dynamic symbol" in case.their_message)


@explains("weak references beside those of libraries", "GNU ld")
def _(case):
    """What the output refers to weakly may be missing, though a library needs it."""
    names = set(re.findall(r"undefined reference to `(\w\d)'", case.their_message))
    return (case.kind == "link" and case.ours == "made" and bool(names)
            and all(any(item["weak"] for item in case.references(name)) and (
                any(not item["weak"] for item in case.references(name, case.libraries))
                or any(f"--undefined={name}" in module["args"] for module in case.libraries)) for name in names))


@explains("hidden definitions that libraries need", "GNU ld")
def _(case):
    """Who lets undefined symbols of libraries pass lets this pass, too."""
    return (case.kind == "link" and case.ours == "made"
            and "is referenced by DSO" in case.their_message
            and (case.has("--allow-shlib-undefined", "--unresolved-symbols=ignore-all") or all(
                any(item["version"] for item in case.definitions(name, case.libraries)) for name in
                re.findall(r"hidden symbol `(\w\d)'", case.their_message))))


@explains("hidden definitions that are left out", "GNU ld")
def _(case):
    return (case.kind == "link" and case.ours == "refused" and "but does not show" in case.our_message
            and case.has("--gc-sections"))


# --wrap


def misses_wrapped(case):
    if case.kind != "link" or case.ours != "made":
        return False
    names = set(re.findall(r"undefined (?:reference to `|reference: |symbol: )(\w+)", case.their_message))
    wrapped = {argument[7:] for module in case.program["modules"] for argument in module["args"]
               if argument.startswith("--wrap=")}
    return bool(names) and all(name.startswith(("__wrap_", "__real_")) and name[7:] in wrapped for name in names)


@explains("--wrap and libraries", "GNU ld")
def _(case):
    wrapped = {argument[7:] for argument in case.main["args"] if argument.startswith("--wrap=")}
    if case.kind == "dynsym" and case.stage == "main" and case.theirs is None:
        return case.name in wrapped and bool(case.references(case.name, case.libraries))
    if case.kind in ("says", "status"):
        said = re.search(r"undefined symbol: (\w\d)", str(case.fact(1, "run", "says")))
        return case.fact(0, "run", "status") == 0 and said is not None and said[1] in wrapped
    """GNU ld wraps references of libraries, too."""
    return misses_wrapped(case)


@explains("--wrap of own definitions", "lld")
def _(case):
    """lld wraps references in the very object that defines the name, and its library refers to
    what nobody wants wrapped."""
    return misses_wrapped(case)


@explains("--wrap of nothing", "lld")
def _(case):
    names = set(re.findall(r"undefined symbol: (\w+)", case.our_message))
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names)
            and names == set(re.findall(r"undefined reference to `(\w+)'", case.message(1)))
            and all(name.startswith("__wrap_") for name in names))


def as_needed(case):
    return {f"lib{item[1]}.so" for item in case.main["inputs"] if item[0] == "library" and item[2]}


@explains("libraries that only libraries need")
def _(case):
    """swold (and GNU ld, if it sees them in this order) records them, so that the program starts."""
    ours, theirs = (case.fact(index, "main", "dynamic", "NEEDED") or () for index in (0, case.index))
    missing = set(ours) - set(theirs)
    if not missing or not missing <= as_needed(case):
        return False
    modules = [module for module in case.libraries if f"lib{module['name']}.so" in missing]
    if case.kind == "dynamic":
        return case.rest == ("NEEDED",)
    said = re.search(r"undefined symbol: (\w\d)", str(case.fact(case.index, "run", "says")))
    if case.kind in ("says", "status"):
        return case.fact(0, "run", "status") == 0 and said is not None and bool(
            case.definitions(said[1], modules))
    if case.kind == "reference":
        return bool(case.definitions(case.name, modules))
    return case.is_symbol and case.stage == "main" and bool(case.definitions(case.name, modules))


@explains("libraries that only libraries need", "lld")
def _(case):
    """Neither names the library, for with swold a member of the program serves; with lld nobody does."""
    said = re.search(r"(\w+\.so): undefined symbol: (\w\d)$", str(case.fact(2, "run", "says")))
    if case.kind not in ("says", "status") or said is None or case.fact(0, "run", "status") != 0:
        return False
    unneeded = [module for module in case.libraries if module["name"] in unneeded_libraries(case)
                and not case.is_named(module["name"], 2)]
    return (bool(unneeded) and bool(case.definitions(said[2], unneeded))
            and any(item["name"] == said[2] for one in case.lazy([case.main]).values()
                    for item in one["definitions"])
            and (case.fact(0, "main", "dynsym", said[2]) or {}).get("is") == "defined"
            and case.fact(2, "main", "dynsym", said[2]) is None)


@explains("libraries have no order", "GNU ld")
def _(case):
    """A library in front of an object that defines the same is not needed under --as-needed."""
    ours, theirs = (case.fact(index, "main", "dynamic", "NEEDED") or () for index in (0, case.index))
    more = set(theirs) - set(ours)
    if not more or not more <= as_needed(case):
        return False
    modules = [module for module in case.libraries if f"lib{module['name']}.so" in more]
    names = {item["name"] for one in case.objects(modules).values() for item in one["definitions"]}
    mine = {item["name"] for one in case.objects([case.main]).values() for item in one["definitions"]}
    if not names & (mine | set(case.assigned([case.main]))):
        return False
    if case.kind == "dynamic":
        return case.rest == ("NEEDED",) or case.ours is None
    if case.kind == "objects":
        return set(case.theirs) - set(case.ours) <= set(case.objects(modules)) and set(case.ours) <= set(case.theirs)
    if case.kind in ("says", "status"):
        said = [re.search(r"undefined symbol: (\w\d)", str(case.fact(index, "run", "says"))) for index in (0, case.index)]
        return (case.fact(case.index, "run", "status") == 0 and said[0] is not None and said[0][1] in names
                or case.fact(0, "run", "status") == 0 and said[1] is not None and bool(
                    case.references(said[1][1], modules)))
    return case.is_symbol and case.stage == "main" and (
        case.name in names or not ours or case.kind == "dynsym" and bool(case.references(case.name, modules)))


@explains("undefined symbols that may pass")
def _(case):
    """They are zero (GNU ld), but stay in .symtab (lld); lld leaves them to the loader."""
    if case.kind in ("says", "status") and not case.is_lld and "unexpected PLT reloc type" in str(
            case.fact(1, "run", "says")):  # GNU ld reserves a relocation of the PLT, and forgets it
        return "--unresolved-symbols=ignore-all" in case.main["args"]
    if case.kind in ("says", "status"):
        said = re.search(r"main: undefined symbol: (?:__wrap_)?(\w\d)", str(case.fact(case.index, "run", "says")))
        return (case.fact(0, "run", "status") in (0, -11) and said is not None and "--unresolved-symbols=ignore-all"
                in case.main["args"] and (case.fact(0, "run", "status") == 0 or any(
                    item["how"] == "call" for item in case.references(said[1], [case.main]))))
    if case.kind == "dynamic" and case.rest[0] in ("TEXTREL", "FLAGS") and not case.is_lld:
        # GNU ld leaves the reference of code to the loader.
        return ("creating DT_TEXTREL" in case.their_message and case.has("--unresolved-symbols=ignore-all")
                and (case.rest[0] == "TEXTREL" or (case.ours or 0) | 4 == case.theirs))
    if case.kind == "dynsym" and case.ours is None and case.theirs["is"] == "undefined":
        return "--unresolved-symbols=ignore-all" in case.module["args"]
    if not case.is_lld:
        return (case.kind == "symtab" and case.theirs is None and case.ours["is"] == "undefined"
                and case.has("--unresolved-symbols=ignore-all"))
    found = re.findall(r"cannot be used against symbol '(__wrap_)?(\w\d)'", case.their_message)
    names = [name for wrap, name in found if not wrap]  # (nobody ever defines a __wrap_ name)
    if case.kind in ("says", "status"):
        return False
    if case.is_symbol:
        return (case.kind == "dynsym" and case.ours is None and case.theirs["is"] == "undefined"
                and case.has("--unresolved-symbols=ignore-all"))
    return (case.kind == "link" and case.ours == "made" and case.has("--unresolved-symbols=ignore-all")
            and bool(found) and not any(
                not item["version"] for name in names for item in case.definitions(name)))


@explains("roots of --gc-sections", "lld")
def _(case):
    return (case.kind == "symtab" and case.ours is None and case.theirs["is"] in ("defined", "absolute")
            and case.stage == "main" and case.is_static(0)
            and case.has("--gc-sections") and case.has("--export-dynamic"))


@explains("link order of what is left out", "lld")
def _(case):
    return (case.kind == "link" and "sh_link points to discarded section" in case.their_message
            and case.has("--gc-sections")
            and any(name == "lo" for one in case.objects([case.module]).values() for name, _ in one["tables"]))


# Versions


def versions(case, name, modules=None):
    return {item["version"] for item in case.definitions(name, modules)}


@explains("names with versions in joined objects", "lld")
def _(case):
    """With -r all names stay as they are; lld joins `foo` and `foo@@V`."""
    if case.kind == "link" and (case.stage.endswith(".o") or re.search(r"/\w+-\d+\.o:", case.their_message)):
        names = set(re.findall(r"duplicate symbol: (\w\d)", case.their_message))
        return case.ours == "made" and bool(names) and all(
            any(each.startswith("@@") for each in versions(case, name)) for name in names)
    return (case.stage.endswith(".o") and case.is_symbol and case.name is not None
            and any(each.startswith("@@") for each in versions(case, case.name)))


@explains("thread-local references in joined objects", "lld")
def _(case):
    """-r of lld makes their type NOTYPE."""
    joined = [one for item in case.module["inputs"] if item[0] == "joined" for one in item[1]] if case.module else []
    names = {item["name"] for one in joined for item in one["references"] if item["name"][0] == "t"}
    if case.module:  # or -u
        names |= {argument[12:] for argument in case.module["args"] if argument.startswith("--undefined=t")}
    if case.kind == "reference":  # so nobody gives the library its place
        return case.reference["how"] == "ie" and any(
            fact[1] == "dynsym" and fact[2] == case.name and value["is"] == "undefined" and value["type"] == "notype"
            for fact, value in case.results[2].facts.items())
    if case.kind == "dynamic":
        return case.rest == ("FLAGS",) and bool(names) and (case.ours or 0) & ~16 == (case.theirs or 0) & ~16
    return case.is_symbol and case.name in names and case.words("type") and case.theirs["type"] == "notype"


@explains("members with versions", "lld")
def _(case):
    """A reference `foo` pulls a member that defines `foo@@V`; not with lld."""
    lazy = {item["name"] for one in case.lazy([case.module]).values() for item in one["definitions"]
            if item["version"]} if case.module else set()
    if case.kind == "link":
        names = re.findall(r"undefined symbol: (\w\d)@@", case.their_message)
        return case.ours == "made" and bool(names) and set(names) <= lazy
    return case.is_symbol and case.name in lazy


@explains("two symbols for one version", "lld")
def _(case):
    names = set(re.findall(r"duplicate symbol: (\w\d)", case.our_message))
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names)
            and all(any(each.startswith("@@") for each in versions(case, name)) for name in names))


@explains("versions of what no member is pulled for", "lld")
def _(case):
    names = re.findall(r"version script names the symbol (\w\d)", case.our_message)
    return (case.kind == "link" and case.has("--no-undefined-version") and case.theirs == "made"
            and bool(names) and "undefined version" in case.message(1))


@explains("version scripts of static programs", "lld")
def _(case):
    return (case.kind == "symtab" and case.stage == "main" and case.is_static(0) and case.theirs is None
            and case.ours["is"] in ("defined", "absolute") and any(node[2] for node in case.module["script"] or []))


@explains("versions that their node hides")
def _(case):
    """`foo@@V` where V has `local: *`: local (GNU ld), with lld exported."""
    names = set()
    used = [item[1] for item in case.module["inputs"] if item[0] == "library"] if case.module else []
    for module in case.libraries if case.module in (None, case.main) else [case.module] + [
            module for module in case.libraries if module["name"] in used]:
        nodes = {node[0]: node for node in module["script"] or []}
        names |= {item["name"] for one in case.objects([module]).values() for item in one["definitions"]
                  if item["version"] and "*" in nodes.get(item["version"].strip("@"), [0, 0, []])[2]}
    if case.kind == "link":
        missing = set(re.findall(r"undefined symbol: (\w\d)", case.our_message))
        return case.ours == "refused" and case.theirs == "made" and bool(missing) and missing <= names
    if case.kind == "verdef":  # nothing has the version, so it is marked as weak
        return bool(names)
    if case.kind == "verneed":
        return bool(names) and None in (case.ours, case.theirs)
    return case.name in names


@explains("common symbols beside their versions")
def _(case):
    """A common `foo`, `foo@V` and a script that puts `foo` into V: two symbols of one version, one of
    which is hidden, make no sense; with lld this is so of commons only."""
    modules = [module for module in case.libraries if any(
        item["kind"] == "c" and not item["version"] for item in case.definitions(case.name or "c0", [module]))
        and versions(case, case.name or "c0", [module]) - {""}]
    return bool(modules) and (case.is_symbol or case.kind == "verneed")


@explains("--wrap of own definitions", "lld")
def _(case):
    """lld does not export what a library wraps."""
    wrapped = {argument[7:] for module in case.libraries for argument in module["args"]
               if argument.startswith("--wrap=")}
    if case.kind in ("says", "status"):
        said = re.search(r"undefined symbol: (\w\d)", str(case.fact(case.index, "run", "says")))
        return case.fact(0, "run", "status") == 0 and said is not None and said[1] in wrapped
    if case.kind == "reference":
        one = case.objects()[case.rest[0]]
        return case.name in wrapped and case.theirs == (0, 0) and any(
            item["name"] == case.name for item in one["definitions"])
    return case.is_symbol and case.name in wrapped and bool(case.definitions(case.name, case.libraries))


@explains("--wrap and archives", "lld")
def _(case):
    """lld pulls the member that defines what is wrapped."""
    if not case.is_symbol or case.module is None:
        return False
    wrapped = {argument[7:] for argument in case.module["args"] if argument.startswith("--wrap=")}
    members = {each for each, one in case.lazy([case.module]).items()
               if wrapped & {item["name"] for item in one["definitions"]}}
    return case.name in touched(case, members)


@explains("versions and plain names", "GNU ld")
def _(case):
    """`foo@V` of a reference is bound to a `foo` that stands in front."""
    if case.kind == "link":
        names = re.findall(r"undefined reference to `(\w\d)@\w+'", case.their_message)
        return case.ours == "made" and bool(names) and all(
            any(not item["version"] for item in case.definitions(name)) for name in names)
    if case.kind == "verneed":
        return case.theirs is None and any(
            item["version"] == "@" + case.rest[1] and any(not other["version"] for other in case.definitions(
                item["name"])) for one in case.objects([case.module]).values() for item in one["references"])
    if case.kind == "reference":
        return bool(case.reference["version"])
    return ((case.is_symbol or case.kind == "relocation")
            and any(item["version"] for item in case.references(case.name))
            and any(not item["version"] for item in case.definitions(case.name)))


@explains("two symbols for one version in one library", "GNU ld")
def _(case):
    names = set(re.findall(r"duplicate symbol: (\w\d)", case.our_message))
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names)
            and all(any(each.startswith("@@") for each in versions(case, name)) for name in names))


@explains("--default-symver", "lld")
def _(case):
    return case.kind == "link" and "unknown argument '--default-symver'" in case.their_message


@explains("plain names and old versions")
def _(case):
    """A reference `foo` means a `foo` of this output, though a script lists it where `foo@V` is."""
    return (case.kind == "reference" and not case.reference["version"] and any(
        any(item["version"][:2] not in ("", "@@") for item in case.definitions(case.name, [module]))
        and any(not item["version"] for item in case.definitions(case.name, [module]))
        for module in case.libraries))


@explains("names beside their versions", "GNU ld")
def _(case):
    """`foo` and `foo@@V` of one place are two definitions for GNU ld."""
    def is_twice(name):
        found = case.definitions(name, case.program["modules"])
        return any(item["version"] and (item["plain"] or len(found) > 1) for item in found)
    names = re.findall(r"multiple definition of `(\w\d)(?:@|')|undefined symbol `(\w\d)' referenced in expression",
                       case.their_message)
    names = [one or other for one, other in names]
    lost = re.findall(r"undefined reference to `(\w\d)'", case.their_message)
    if case.kind == "link" and case.ours == "made" and lost:  # a name that GNU ld left out of a library
        return all(is_twice(name) and any(
            fact[1] == "dynsym" and fact[2].startswith(name + "@@") and case.fact(1, *fact) is None
            for fact in case.results[0].facts) for name in lost)
    if case.kind == "link" and case.ours == "refused" and case.theirs == "made":
        names = re.findall(r"version script names the symbol (\w\d)", case.our_message)
        return bool(names) and all(is_twice(name) for name in names)
    if case.kind == "reference":
        return is_twice(case.name)
    if case.kind == "link":
        return case.ours == "made" and bool(names) and all(is_twice(name) for name in names)
    return case.is_symbol and is_twice(case.name)


def classes(case):
    linker = "lld" if case.is_lld else "GNU ld"
    return [name for name, whose, function in CLASSES if whose in (None, linker) and function(case)]


def renumbered(case):
    """The classes of the references that differ, if the others are the same but for the numbers of
    their addresses: these count from the first reference of the program."""
    numbers, back, names = {}, {}, []
    for fact, ours in case.results[0].facts.items():
        if fact[:2] != ("run", "reference"):
            continue
        theirs = case.results[case.index].facts.get(fact)
        difference = type(case.difference)(fact, [ours, None, None], case.results)
        difference.values[case.index] = theirs
        found = theirs is not None and ours != theirs and classes(Case(case.program, difference, case.index))
        if found:
            names += found
        elif theirs is None or ours[1] != theirs[1] or numbers.setdefault(
                ours[0], theirs[0]) != theirs[0] or back.setdefault(theirs[0], ours[0]) != ours[0]:
            return []
    return names[:1]


def explanation(program, difference):
    """The names of the classes that explain a difference, or None."""
    found = {}
    for index in (1, 2):
        if difference.values[index] != difference.values[0]:
            case = Case(program, difference, index)
            found[index] = classes(case) or case.kind == "reference" and renumbered(case) or []
    if not all(found.values()):
        return None
    if difference.values[1] == difference.values[2]:
        # Two causes may have one effect. One cause is one opinion.
        ours = set(found[1] + found[2]) & AGAINST_BOTH
        if not ours and set(found[1]) & set(found[2]):
            return None
        return ours or {found[1][0], found[2][0]}
    return {names[0] for names in found.values()}


# The files with the rarer classes register theirs.
# pylint: disable=wrong-import-position,unused-import
import rare_assignments  # noqa: E402,F401
import rare_definitions  # noqa: E402,F401
import rare_libraries  # noqa: E402,F401
import rare_versions  # noqa: E402,F401
