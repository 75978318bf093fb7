"""Classes of explained.py: names with a version beside others that are the same, or nearly."""
import re

from explained import explains


@explains("one symbol, with and without its version", "lld")
def _(case):
    """References `foo` and `foo@V` of one program: lld writes two entries."""
    return (case.is_symbol and None not in (case.ours, case.theirs) and case.theirs.get("twice") is True
            and (case.words("twice", "binding") or case.kind == "symtab" and case.ours.get("twice") is True)
            and len({item["version"] for item in case.references(case.name)}) > 1)


@explains("undefined versions that may pass", "lld")
def _(case):
    """--unresolved-symbols=ignore-all is also said of a version."""
    names = re.findall(r"undefined symbol: (\w\d)@(\w+)", case.their_message)
    return (case.kind == "link" and case.ours == "made" and case.has("--unresolved-symbols=ignore-all")
            and bool(names) and "undefined symbol" not in re.sub(r"undefined symbol: \w\d@", "", case.their_message)
            and all(any(item["version"] == f"@{version}" for item in case.references(name))
                    for name, version in names))


@explains("undefined versions beside own names", "GNU ld")
def _(case):
    """... which GNU ld does as well, unless the output defines the plain name: then it is at a loss."""
    names = re.findall(r"no symbol version section for versioned symbol `(\w\d)@\w+'", case.their_message)
    return (case.kind == "link" and case.ours == "made" and case.has("--unresolved-symbols=ignore-all")
            and bool(names) and all(case.definitions(name) and any(
                item["version"] for item in case.references(name)) for name in names))


@explains("versions beside plain names", "lld")
def _(case):
    """A program defines `foo` and copies a library's `foo@V`: a GOT entry of lld for the second is the first."""
    return (case.kind == "reference" and bool(case.reference["version"]) and case.theirs[1] in [
        item["token"] for item in case.definitions(case.name, [case.main]) if not item["version"]]
            and case.rest[0] in case.objects([case.main]) and any(
                fact[:3] == ("main", "relocation", "COPY") and fact[3].startswith(case.name + "@")
                for fact in case.results[0].facts))


@explains("weak versions that nobody defines", "GNU ld")
def _(case):
    """A program cannot import it without a library to name, so it is an error."""
    names = re.findall(r"undefined symbol: (\w\d)@(\w+)", case.our_message)
    return (case.kind == "link" and case.ours == "refused" and case.theirs == "made" and bool(names) and all(
        any(item["weak"] and item["version"] == f"@{version}" for item in case.references(name))
        for name, version in names))


@explains("one place with a name and a version", "lld")
def _(case):
    """`foo` and `foo@V` at one place are one definition, also beside a weak `foo@@V`."""
    names = re.findall(r"duplicate symbol: (\w\d)@@", case.their_message)
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        any(item["plain"] and item["version"][:2] != "@@" for item in case.definitions(name))
        and any(item["version"][:2] == "@@" and item["binding"] == "weak" for item in case.definitions(name))
        for name in names))


@explains("several default versions", "lld")
def _(case):
    """A weak `foo@@V1` beside a `foo@@V2`: a reference `foo@V1` reaches nothing with lld."""
    names = re.findall(r"undefined symbol: (\w\d)@(\w+)", case.their_message)
    return (case.kind == "link" and case.ours == "made" and bool(names) and all(
        f"@@{version}" in {item["version"] for item in case.definitions(name)}
        and len({item["version"] for item in case.definitions(name)}) > 1 for name, version in names))


@explains("copies of old versions", "lld")
def _(case):
    """A program copies `foo@V`: lld lets the library's references `foo` reach the copy."""
    return (case.kind == "reference" and not case.reference["version"]
            and case.rest[0] in case.objects(case.libraries or [case.main])
            and any(fact[:3] == ("main", "relocation", "COPY") and fact[3].startswith(case.name + "@")
                    for fact in case.results[2].facts)
            and any(item["version"][:2] not in ("", "@@") for item in case.definitions(case.name, case.libraries)))
