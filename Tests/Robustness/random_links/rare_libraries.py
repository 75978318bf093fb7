"""Classes of explained.py: which libraries and members take part, and what follows from it."""
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


@explains("hidden weak references beside libraries", "GNU ld")
def _(case):
    """A weak reference with hidden visibility, which a library's definition cannot serve, is zero."""
    names = set(re.findall(r"undefined reference to `(\w\d)'", case.their_message))
    def is_weak(name):  # the first reference of an object makes its symbol
        firsts = [next((item for item in one["references"] if item["name"] == name), None)
                  for one in case.objects([case.module]).values()]
        firsts = [item for item in firsts if item]
        return bool(firsts) and all(item["weak"] for item in firsts) and any(
            item["visibility"] != "default" for item in case.references(name))
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        is_weak(name) and not case.definitions(name) and case.definitions(name, case.libraries) for name in names))


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


@explains("members and libraries that define the same", "GNU ld")
def _(case):
    """A library under --as-needed is not needed for what a member defines that takes part for another
    name; GNU ld remembers that it asked the library first. And a member that only such a library asks
    for, or that stands behind it, takes part with one of the two."""
    found = difference_of_objects(case)
    if not found or not found[1]:
        return False
    members, libraries = found
    there = set(case.fact(0, "run", "objects")) | set(case.fact(case.index, "run", "objects"))
    lazy = {each: one for each, one in case.lazy([case.main]).items() if each in there}
    wanted = {item["name"] for one in case.objects().values() for item in one["references"] if not item["weak"]}
    for module in libraries:
        names = {item["name"] for one in case.objects([module]).values() for item in one["definitions"]}
        names &= wanted & {item["name"] for one in lazy.values() for item in one["definitions"]}
        if not names:
            return False
    return follows(case, members, libraries)


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
