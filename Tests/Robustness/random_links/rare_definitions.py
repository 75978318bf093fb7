"""Classes of explained.py: groups, commons and indirect functions between objects, archives and libraries."""
import re

from explained import explains


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


@explains("weak references of one library and others of another", "lld")
def _(case):
    """lld looks at the first library's reference only; the program does not start."""
    names = re.findall(r"undefined symbol: (\w\d)\n>>> referenced by \w+/lib\w\.so", case.our_message)
    return (case.kind == "link" and case.stage == "main" and case.ours == "refused" and case.theirs == "made"
            and bool(names) and all({item["weak"] for item in case.references(name, case.libraries)} == {True, False}
                                    for name in names))


@explains("weak definitions in archives", "lld")
def _(case):
    """The first of several weak definitions: one in a member stands where its archive does, and
    --exclude-libs then hides it."""
    items = case.definitions(case.name or "")
    return (case.is_symbol and case.ours is None and case.theirs["binding"] == "weak" and case.stage == "main"
            and "--exclude-libs=ALL" in case.main["args"] and [item["binding"] for item in items].count("weak") > 1
            and any(item["name"] == case.name for one in case.lazy([case.main]).values()
                    for item in one["definitions"]))


@explains("common symbols that only libraries use", "GNU ld")
def _(case):
    """They serve the libraries that define the same; GNU ld's --gc-sections drops them."""
    return (case.is_symbol and case.stage == "main" and case.theirs is None and case.ours["is"] == "defined"
            and "--gc-sections" in case.main["args"]
            and any(item["kind"] == "c" for item in case.definitions(case.name, [case.main]))
            and bool(case.definitions(case.name, case.libraries)))


@explains("groups in archives")
def _(case):
    """The first copy of a group is kept: that of a member stands where its archive does."""
    grouped = [item for item in case.definitions(case.name or "") if item["group"]]
    return (case.is_symbol and case.words("binding") and {item["binding"] for item in grouped} == {"weak", "global"}
            and any(item["group"] and item["name"] == case.name
                    for one in case.lazy([case.module]).values() for item in one["definitions"]))


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
