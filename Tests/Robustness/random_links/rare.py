"""More classes of explained.py: differences that few programs in ten thousand show."""
import re

from explained import as_needed, explains, unneeded_libraries


def loaded_by_others(case):
    """The libraries that are as needed, that the output does not name, and that one which it names does."""
    modules = {module["name"]: module for module in case.libraries}
    named = [name for name in modules if case.is_named(name)]
    seen = set()
    while named:
        for item in modules[named.pop()]["inputs"]:
            if item[0] == "library" and item[1] not in seen:
                seen.add(item[1])
                named.append(item[1])
    return [modules[name] for name in seen if not case.is_named(name) and f"lib{name}.so" in as_needed(case)]


@explains("definitions in lost groups", "lld")
def _(case):
    """A group's copy that lost is strong, the kept one weak: lld leaves the name undefined."""
    if case.kind == "link":
        names = re.findall(r"relocation refers to a symbol in a discarded section: (\w\d)", case.their_message)
        return case.ours == "made" and bool(names) and all(
            {item["binding"] for item in case.definitions(name) if item["group"]} == {"weak", "global"}
            for name in names)
    if case.kind == "reference":
        return (case.fact(2, "main", "symtab", case.name) or {}).get("is") == "undefined" and {
            item["binding"] for item in case.definitions(case.name, [case.main]) if item["group"]} == {"weak", "global"}
    if not case.is_symbol or case.ours is None or case.theirs is None:
        return False
    grouped = [item for item in case.definitions(case.name) if item["group"]]
    return (case.ours["is"] == "defined" and case.theirs["is"] == "undefined"
            and {item["binding"] for item in grouped} == {"weak", "global"})


@explains("libraries that others load", "GNU ld")
def _(case):
    """What they refer to is exported; GNU ld forgets a library that it does not name itself."""
    modules = loaded_by_others(case)
    if case.kind in ("says", "status"):
        said = re.search(r"undefined symbol: (\w\d)", str(case.fact(case.index, "run", "says")))
        return case.fact(0, "run", "status") == 0 and said is not None and bool(
            modules and case.references(said[1], modules))
    if case.kind == "reference":
        return case.rest[0] in case.objects(modules or [case.main]) and bool(modules) and case.theirs == (0, 0)
    return (case.kind == "dynsym" and case.stage == "main" and case.theirs is None
            and case.ours["is"] in ("defined", "absolute") and bool(modules) and bool(
                case.references(case.name, modules) or case.definitions(case.name, modules)))


@explains("aliases of libraries without a type", "lld")
def _(case):
    """What --defsym of a library defines is no function with lld, so that code cannot reach it."""
    names = re.findall(r"relocation \w+ cannot be used against symbol '(\w\d)'", case.their_message)
    assigned = case.assigned(case.libraries)
    return (case.kind == "link" and case.stage == "main" and case.ours == "made" and bool(names)
            and all(name in assigned and any(
                fact[0] != "main" and fact[1:3] == ("dynsym", name) and value["type"] == "notype"
                for fact, value in case.results[2].facts.items()) for name in names))


@explains("one symbol, with and without its version", "lld")
def _(case):
    """References `foo` and `foo@V` of one program: lld writes two entries."""
    return (case.is_symbol and None not in (case.ours, case.theirs) and case.theirs.get("twice") is True
            and (case.words("twice", "binding") or case.kind == "symtab" and case.ours.get("twice") is True)
            and len({item["version"] for item in case.references(case.name)}) > 1)


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


@explains("undefined versions that may pass", "lld")
def _(case):
    """--unresolved-symbols=ignore-all is also said of a version."""
    names = re.findall(r"undefined symbol: (\w\d)@(\w+)", case.their_message)
    return (case.kind == "link" and case.ours == "made" and case.has("--unresolved-symbols=ignore-all")
            and bool(names) and "undefined symbol" not in re.sub(r"undefined symbol: \w\d@", "", case.their_message)
            and all(any(item["version"] == f"@{version}" for item in case.references(name))
                    for name, version in names))


@explains("weak references of one library and others of another", "lld")
def _(case):
    """lld looks at the first library's reference only; the program does not start."""
    names = re.findall(r"undefined symbol: (\w\d)\n>>> referenced by \w+/lib\w\.so", case.our_message)
    return (case.kind == "link" and case.stage == "main" and case.ours == "refused" and case.theirs == "made"
            and bool(names) and all({item["weak"] for item in case.references(name, case.libraries)} == {True, False}
                                    for name in names))


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


@explains("libraries that nobody needs, and their aliases", "lld")
def _(case):
    """As "libraries that nobody needs": lld exports what --defsym of such a library defines."""
    unneeded = [module for module in case.libraries if module["name"] in unneeded_libraries(case)]
    return (case.kind == "dynsym" and case.stage == "main" and case.ours is None and bool(unneeded)
            and case.theirs["is"] in ("defined", "absolute") and case.name in case.assigned(unneeded))


@explains("weak references and libraries that nobody needs", "lld")
def _(case):
    """A weak reference means the version of a library that is needed, not an unneeded one in front."""
    unneeded = [module for module in case.libraries if module["name"] in unneeded_libraries(case)]
    if unneeded and case.kind == "reference":
        return case.theirs == (0, 0) and bool(case.definitions(case.name, unneeded)) and bool(
            case.definitions(case.name, [module for module in case.libraries if module not in unneeded]))
    if not unneeded or case.stage != "main":
        return False
    if case.kind == "verneed":
        return case.theirs is None and any(
            item["weak"] and case.definitions(item["name"], unneeded)
            for one in case.objects([case.main]).values() for item in one["references"])
    if case.kind == "relocation":
        return case.theirs is None and case.name is not None and bool(case.definitions(case.name, unneeded))
    return (case.is_symbol and bool(case.definitions(case.name, unneeded))
            and (case.theirs is None or case.theirs["is"] == "undefined" and case.theirs["binding"] == "weak")
            and any(item["weak"] for item in case.references(case.name, [case.main])))


@explains("versions beside plain names", "lld")
def _(case):
    """A program defines `foo` and copies a library's `foo@V`: a GOT entry of lld for the second is the first."""
    return (case.kind == "reference" and bool(case.reference["version"]) and case.theirs[1] in [
        item["token"] for item in case.definitions(case.name, [case.main]) if not item["version"]]
            and case.rest[0] in case.objects([case.main]) and any(
                fact[:3] == ("main", "relocation", "COPY") and fact[3].startswith(case.name + "@")
                for fact in case.results[0].facts))


@explains("weak definitions in archives", "lld")
def _(case):
    """The first of several weak definitions: one in a member stands where its archive does, and
    --exclude-libs then hides it."""
    items = case.definitions(case.name or "")
    return (case.is_symbol and case.ours is None and case.theirs["binding"] == "weak" and case.stage == "main"
            and "--exclude-libs=ALL" in case.main["args"] and [item["binding"] for item in items].count("weak") > 1
            and any(item["name"] == case.name for one in case.lazy([case.main]).values()
                    for item in one["definitions"]))


@explains("members that define what is assigned", "lld")
def _(case):
    """lld pulls a member for a name that --defsym defines."""
    assigned = case.assigned()
    members = [one for one in case.lazy([case.module]).values() if any(
        item["name"] in assigned for item in one["definitions"])] if case.module else []
    return case.is_symbol and case.ours is None and any(
        item["name"] == case.name for one in members for item in one["references"] + one["definitions"])


@explains("weak versions that nobody defines", "GNU ld")
def _(case):
    """A program cannot import it without a library to name, so it is an error."""
    names = re.findall(r"undefined symbol: (\w\d)@(\w+)", case.our_message)
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names) and all(
        any(item["weak"] and item["version"] == f"@{version}" for item in case.references(name))
        for name, version in names))


@explains("--wrap of thread-local symbols", "lld")
def _(case):
    """`__wrap_t` has no type, so that a library is not marked for its thread-local storage."""
    return (case.kind == "dynamic" and case.rest == ("FLAGS",) and case.has("--wrap=t")
            and (case.ours or 0) == (case.theirs or 0) | 16)


@explains("one place with a name and a version", "lld")
def _(case):
    """`foo` and `foo@V` at one place are one definition, also beside a weak `foo@@V`."""
    names = re.findall(r"duplicate symbol: (\w\d)@@", case.their_message)
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        any(item["plain"] and item["version"][:2] != "@@" for item in case.definitions(name))
        and any(item["version"][:2] == "@@" and item["binding"] == "weak" for item in case.definitions(name))
        for name in names))


@explains("aliases of themselves that only a library defines", "GNU ld")
def _(case):
    """--defsym=a=a+4: the address of a library's `a` is not known."""
    names = re.findall(r"--defsym=(\w\d)=\S*: no symbol '(\w\d)' is defined", case.our_message)
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names) and all(
        name == other and not case.definitions(name)
        and (case.definitions(name, case.libraries) or name in case.assigned(case.libraries))
        for name, other in names))


def needed(case, index):
    return set(case.fact(index, "main", "dynamic", "NEEDED") or ())


def difference_of_objects(case):
    """(members of archives, libraries under --as-needed) that take part with one of the two only; None
    if that is not all that differs, or if one of the programs does not run."""
    ours, theirs = case.fact(0, "run", "objects"), case.fact(case.index, "run", "objects")
    if ours is None or theirs is None:
        return None
    extra, lazy = set(ours) ^ set(theirs), case.lazy([case.main])
    members = {each for each in extra if each in lazy}
    files = needed(case, 0) ^ needed(case, case.index)
    libraries = [module for module in case.libraries if f"lib{module['name']}.so" in files & as_needed(case)]
    loaded, names = list(libraries), {module["name"]: module for module in case.libraries}
    for module in loaded:  # and those that they need themselves
        loaded += [names[item[1]] for item in module["inputs"]
                   if item[0] == "library" and names[item[1]] not in loaded]
    if not extra - members <= set(case.objects(loaded) if loaded else ()):
        return None
    return members, libraries


def follows(case, members, libraries):
    """Whether the fact is a consequence of such a difference."""
    if case.kind == "objects" or case.kind == "dynamic" and case.stage == "main":
        return True
    if case.stage != "main" or not (case.is_symbol or case.kind in ("relocation", "verneed")):
        return False
    if case.kind == "verneed":
        return any(case.rest[0] == f"lib{module['name']}.so" for module in libraries)
    one = case.objects([case.main])
    names = {item["name"] for each in members for item in one[each]["definitions"] + one[each]["references"]}
    for each in case.objects(libraries).values() if libraries else ():
        names |= {item["name"] for item in each["definitions"] + each["references"]}
    return case.name in names


@explains("zeroed data of libraries and archives", "GNU ld")
def _(case):
    """For GNU ld zeroed data of a library is a common symbol, for which it pulls a definition."""
    found = difference_of_objects(case)
    if not found or not found[0]:
        return False
    members, libraries = found
    one = case.objects([case.main])
    causes = {item["name"] for each in members for item in one[each]["definitions"]
              if item["kind"] != "c" and any(other["kind"] == "c" for other in
                                             case.definitions(item["name"], case.libraries))}
    return bool(causes) and members <= set(case.fact(case.index, "run", "objects")) and follows(
        case, members, libraries)


@explains("members and libraries that define the same")
def _(case):
    """What a library under --as-needed and a member of an archive define is served by the one that is
    named first. With the others by the first that is met; so a member that is pulled for another name
    makes the library unneeded (both), a member is pulled that stands behind (GNU ld)."""
    found = difference_of_objects(case)
    if not found or not found[1]:
        return False
    members, libraries = found
    if not needed(case, 0) >= {f"lib{module['name']}.so" for module in libraries} and not members:
        return False
    there = set(case.fact(0, "run", "objects")) | set(case.fact(case.index, "run", "objects"))
    lazy = {each: one for each, one in case.lazy([case.main]).items() if each in there}
    wanted = {item["name"] for one in case.objects().values() for item in one["references"] if not item["weak"]}
    for module in libraries:
        names = {item["name"] for one in case.objects([module]).values() for item in one["definitions"]}
        names &= wanted & {item["name"] for one in lazy.values() for item in one["definitions"]}
        if not names:
            return False
    return follows(case, members, libraries)


@explains("common symbols that only libraries use", "GNU ld")
def _(case):
    """They serve the libraries that define the same; GNU ld's --gc-sections drops them."""
    return (case.is_symbol and case.stage == "main" and case.theirs is None and case.ours["is"] == "defined"
            and "--gc-sections" in case.main["args"]
            and any(item["kind"] == "c" for item in case.definitions(case.name, [case.main]))
            and bool(case.definitions(case.name, case.libraries)))


@explains("several default versions", "lld")
def _(case):
    """A weak `foo@@V1` beside a `foo@@V2`: a reference `foo@V1` reaches nothing with lld."""
    names = re.findall(r"undefined symbol: (\w\d)@(\w+)", case.their_message)
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        f"@@{version}" in {item["version"] for item in case.definitions(name)}
        and len({item["version"] for item in case.definitions(name)}) > 1 for name, version in names))


@explains("libraries that define the same", "GNU ld")
def _(case):
    """The first that defines it is needed; GNU ld forgets one under --as-needed that nobody in front asks
    for, and comes back to it for another name."""
    found = difference_of_objects(case)
    if not found or not found[1] or found[0]:
        return False
    for module in found[1]:
        mine = {item["name"] for one in case.objects([module]).values() for item in one["definitions"]}
        rest = [other for other in case.libraries if other is not module]
        others = {item["name"] for one in case.objects(rest).values() for item in one["definitions"]} if rest else set()
        wanted = {item["name"] for one in case.objects().values() for item in one["references"] if not item["weak"]}
        if not mine & others & wanted:
            return False
    return follows(case, *found)


@explains("copies of old versions", "lld")
def _(case):
    """A program copies `foo@V`: lld lets the library's references `foo` reach the copy."""
    return (case.kind == "reference" and not case.reference["version"]
            and case.rest[0] in case.objects(case.libraries or [case.main])
            and any(fact[:3] == ("main", "relocation", "COPY") and fact[3].startswith(case.name + "@")
                    for fact in case.results[2].facts)
            and any(item["version"][:2] not in ("", "@@") for item in case.definitions(case.name, case.libraries)))


@explains("members that only libraries need which nobody needs", "lld")
def _(case):
    """lld pulls members for a library that --as-needed leaves out."""
    unneeded = [module for module in case.libraries if module["name"] in unneeded_libraries(case)]
    if not unneeded:
        return False
    wanted = {item["name"] for one in case.objects(unneeded).values() for item in one["references"]}
    members, lazy = set(), case.lazy([case.main])
    while True:
        more = {each for each, one in lazy.items() if wanted & {item["name"] for item in one["definitions"]}} - members
        if not more:
            break
        members |= more
        wanted |= {item["name"] for each in more for item in lazy[each]["references"]}
    extra = set(case.fact(2, "run", "objects") or ()) - set(case.fact(0, "run", "objects") or ())
    if not extra or not members & extra:
        return False
    if case.kind == "objects":
        return set(case.ours) <= set(case.theirs) and extra <= members | {
            each for module in case.libraries for each in case.objects([module])}
    if case.kind == "dynamic":
        return case.stage == "main" and case.rest == ("NEEDED",) and set(case.ours or ()) <= set(case.theirs)
    return case.is_symbol and case.stage == "main" and case.ours is None and case.name in {
        item["name"] for each in members & extra for item in lazy[each]["definitions"] + lazy[each]["references"]}


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


@explains("groups in archives")
def _(case):
    """The first copy of a group is kept: that of a member stands where its archive does."""
    grouped = [item for item in case.definitions(case.name or "") if item["group"]]
    return (case.is_symbol and case.words("binding") and {item["binding"] for item in grouped} == {"weak", "global"}
            and any(item["group"] and item["name"] == case.name
                    for one in case.lazy([case.module]).values() for item in one["definitions"]))


@explains("crashes of lld", "lld")
def _(case):
    return case.kind == "link" and str(case.theirs).startswith("ends with") and "Stack dump" in case.their_message


@explains("endless links of GNU ld", "GNU ld")
def _(case):
    return case.kind == "link" and case.theirs == "ends with no end"


@explains("symbols hidden from libraries that others serve", "GNU ld")
def _(case):
    """A library needs `foo`, the program has a hidden one, another library a visible one: GNU ld, an error,
    if that library is not needed otherwise."""
    names = re.findall(r"hidden symbol `(\w\d)' in \S+ is referenced by DSO", case.their_message)
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        any(item["visibility"] == "hidden" for item in case.definitions(name, [case.main]) + case.references(
            name, [case.main])) and case.definitions(name, case.libraries) for name in names))


@explains("indirect functions of two modules", "GNU ld")
def _(case):
    """A weak IFUNC of a program beside a library's: GNU ld calls the resolver for the function."""
    if not case.name or case.name[0] != "i" or not case.definitions(case.name, [case.main]) or not (
            case.definitions(case.name, case.libraries)):
        return False
    if case.kind == "reference":
        return case.ours[0] == case.theirs[0] and case.ours[1] != case.theirs[1]
    return case.is_symbol and case.stage == "main" and case.words("size") and case.ours["type"] == "func"


@explains("copies beside common symbols", "GNU ld")
def _(case):
    """GNU ld copies a library's data though a common symbol of the program stands behind."""
    name = case.name or ""
    is_common = any(item["kind"] == "c" for item in case.definitions(name, [case.main]))
    return is_common and bool(case.definitions(name, case.libraries)) and (
        case.kind == "relocation" and case.ours is None or case.kind == "reference" and any(
            fact[:4] == ("main", "relocation", "COPY", name) for fact in case.results[1].facts))


@explains("commons in archives", "lld")
def _(case):
    """A member that defines data is pulled for a reference before one with a common symbol."""
    if case.module is None or case.module["name"] == "main":
        if case.kind != "link" or case.stage != "main":
            return False
        names = re.findall(r"undefined symbol: (\w\d)\n>>> referenced by \w+/lib(\w)\.so", case.our_message)
        return case.ours == "refused" and bool(names) and all(
            (case.fact(0, f"lib{library}.so", "dynsym", name) or {}).get("is") == "undefined"
            and case.fact(2, f"lib{library}.so", "dynsym", name) is None for name, library in names)
    lazy = case.lazy([case.module])
    commons = {item["name"] for one in lazy.values() for item in one["definitions"] if item["kind"] == "c"}
    members = [one for one in lazy.values() if commons & {
        item["name"] for item in one["definitions"] if item["kind"] != "c"}]
    return case.is_symbol and case.theirs is None and any(
        case.name == item["name"] for one in members for item in one["references"] + one["definitions"])


@explains("hidden aliases that libraries call", "lld")
def _(case):
    """A chain of --defsym with a hidden reference: GNU ld makes it absolute, lld 0; a call crashes."""
    return case.kind == "status" and case.ours == 0 and case.theirs == -11 and any(
        item["visibility"] != "default" and item["name"] in case.assigned([module])
        for module in case.libraries for one in case.objects([module]).values() for item in one["references"])


@explains("versions that may pass", "GNU ld")
def _(case):
    """`foo@V` makes a library needed, though the program has a `foo` (see "versions and plain names")."""
    found = difference_of_objects(case)
    if not found or not found[1] or found[0]:
        return False
    wanted = {item["name"] for one in case.objects([case.main]).values() for item in one["references"]
              if item["version"] and case.definitions(item["name"], [case.main])}
    return all(wanted & {item["name"] for one in case.objects([module]).values() for item in one["definitions"]}
               for module in found[1]) and follows(case, *found)
