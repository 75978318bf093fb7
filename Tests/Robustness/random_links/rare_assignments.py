"""Classes of explained.py: --defsym, --wrap, undefined symbols, and what linkers do not survive."""
import re

from explained import explains


@explains("aliases of libraries without a type", "lld")
def _(case):
    """What --defsym of a library defines is no function with lld, so that code cannot reach it."""
    names = re.findall(r"relocation \w+ cannot be used against symbol '(\w\d)'", case.their_message)
    assigned = case.assigned(case.libraries)
    return (case.kind == "link" and case.stage == "main" and case.ours == "made" and bool(names)
            and all(name in assigned and any(
                fact[0] != "main" and fact[1:3] == ("dynsym", name) and value["type"] == "notype"
                for fact, value in case.results[2].facts.items()) for name in names))


@explains("canonical PLT entries and aliases", "GNU ld")
def _(case):
    """Where GNU ld has no canonical PLT entry, an alias in the library is at the same address."""
    if case.kind != "reference" or case.ours[1] != case.theirs[1]:
        return False
    assigned = case.assigned(case.libraries)
    name = case.name
    for _ in range(len(assigned)):
        name = assigned.get(name, name)
    return name != case.name and name[0] == "f" and any(
        item["how"] in ("pc", "abs") for item in case.references(name, [case.main]))


@explains("aliases that name what a version hides", "lld")
def _(case):
    """--defsym=a=a, where a script means `a@V` by the `a` of the same place: lld does not find it."""
    names = re.findall(r"--defsym:1: symbol not found: (\w\d)", case.their_message)
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        re.search(rf"\b{name}\b", case.assigned().get(name, "")) and any(
            item["version"] and item["plain"] for item in case.definitions(name)) for name in names))


@explains("the first of several undefined symbols", None)
def _(case):
    """Which one the loader tells depends on the order of relocations."""
    if case.kind != "says":
        return False
    said = [re.match(r"(\S+): undefined symbol: (\w\d)", str(value)) for value in (case.ours, case.theirs)]
    return (all(said) and said[0][1] == said[1][1] and said[0][2] != said[1][2]
            and case.fact(0, "run", "status") == case.fact(case.index, "run", "status") == 127
            and any(not item["weak"] for item in case.references(said[0][2], case.program["modules"]))
            and any(not item["weak"] for item in case.references(said[1][2], case.program["modules"])))


@explains("weak undefined symbols in programs that may move", "GNU ld")
def _(case):
    """They are zero; GNU ld refuses `lea foo(%rip)` of one in a PIE."""
    names = re.findall(r"relocation R_X86_64_PC32 against undefined (?:hidden |protected )?symbol `(\w\d)'", case.their_message)
    return (case.kind == "link" and case.ours == "made" and case.program["kind"] == "pie" and bool(names)
            and all(any(item["weak"] for item in case.references(name)) for name in names))


@explains("members that define what is assigned", "lld")
def _(case):
    """lld pulls a member for a name that --defsym defines."""
    assigned = case.assigned()
    members = [one for one in case.lazy([case.module]).values() if any(
        item["name"] in assigned for item in one["definitions"])] if case.module else []
    return case.is_symbol and case.ours is None and any(
        item["name"] == case.name for one in members for item in one["references"] + one["definitions"])


@explains("--wrap of thread-local symbols", "lld")
def _(case):
    """`__wrap_t` has no type, so that a library is not marked for its thread-local storage."""
    return (case.kind == "dynamic" and case.rest == ("FLAGS",) and case.has("--wrap=t")
            and (case.ours or 0) == (case.theirs or 0) | 16)


@explains("aliases of themselves that only a library defines", "GNU ld")
def _(case):
    """--defsym=a=a+4: the address of a library's `a` is not known."""
    names = re.findall(r"--defsym=(\w\d)=\S*: no symbol '(\w\d)' is defined", case.our_message)
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names) and all(
        name == other and not case.definitions(name)
        and (case.definitions(name, case.libraries) or name in case.assigned(case.libraries))
        for name, other in names))


@explains("assignments that need a member", "lld")
def _(case):
    """--defsym=b=a+8 pulls the member that defines `a`; lld does not find it."""
    names = re.findall(r"--defsym:1: symbol not found: (\w\d)", case.their_message)
    return case.kind == "link" and case.ours == "made" and bool(names) and all(
        any(item["name"] == name for one in case.lazy([case.module]).values() for item in one["definitions"])
        for name in names)


@explains("--wrap and what libraries need", "lld")
def _(case):
    """A weak reference to a wrapped name hides from lld that a library needs the name itself."""
    names = re.findall(r"undefined symbol: (\w\d)\n>>> referenced by \w+/lib\w\.so", case.our_message)
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names)
            and all(f"--wrap={name}" in case.module["args"] for name in names))


@explains("aliases of hidden symbols", "GNU ld")
def _(case):
    """--defsym=a=b, `b` hidden: GNU ld hides a library's `a`, too, so that nobody finds it."""
    return ((case.is_symbol or case.kind == "reference") and case.name in case.assigned(case.libraries) and any(
        fact[0] != "main" and fact[1:3] == ("dynsym", case.name) and case.fact(1, *fact) is None
        for fact in case.results[0].facts))


@explains("crashes of lld", "lld")
def _(case):
    return case.kind == "link" and str(case.theirs).startswith("ends with") and "Stack dump" in case.their_message


@explains("endless links of GNU ld", "GNU ld")
def _(case):
    return case.kind == "link" and case.theirs == "ends with no end"


@explains("hidden aliases that libraries call", "lld")
def _(case):
    """A chain of --defsym with a hidden reference: GNU ld makes it absolute, lld 0; a call crashes."""
    return case.kind == "status" and case.ours == 0 and case.theirs == -11 and any(
        item["visibility"] != "default" and item["name"] in case.assigned([module])
        for module in case.libraries for one in case.objects([module]).values() for item in one["references"])
