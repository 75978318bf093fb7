"""Makes a program smaller as long as it shows the same difference."""
import copy
import json


def candidates(program):
    """Smaller programs, larger steps first."""
    def without(path, key):
        smaller = copy.deepcopy(program)
        place = smaller
        for step in path:
            place = place[step]
        del place[key]
        return smaller

    def changed(path, key, value):
        smaller = copy.deepcopy(program)
        place = smaller
        for step in path:
            place = place[step]
        place[key] = value
        return smaller

    for number, module in enumerate(program["modules"]):
        base = ["modules", number]
        if module["name"] != "main":
            smaller = without(["modules"], number)
            for other in smaller["modules"]:
                other["inputs"] = [item for item in other["inputs"]
                                   if item[0] != "library" or item[1] != module["name"]]
                if "strong_runs" in other:
                    other["strong_runs"] = [name for name in other["strong_runs"] if name != module["name"]]
            yield smaller
        for index in reversed(range(len(module["inputs"]))):
            yield without([*base, "inputs"], index)
    if program["kind"] != "exe":
        yield changed([], "kind", "exe")
    for number, module in enumerate(program["modules"]):
        base = ["modules", number]
        if module["script"]:
            yield changed(base, "script", None)
            for index, node in enumerate(module["script"]):
                for field in (1, 2):
                    for pattern in range(len(node[field])):
                        yield without([*base, "script", index, field], pattern)
                if len(module["script"]) > 1:
                    yield without([*base, "script"], index)
                if node[3]:
                    yield changed([*base, "script", index], 3, "")
        for index in range(len(module["args"])):
            yield without([*base, "args"], index)
        for index, item in enumerate(module["inputs"]):
            if item[0] == "library":
                if item[2]:
                    yield changed([*base, "inputs", index], 2, False)
                continue
            if item[0] != "object":
                yield changed([*base, "inputs", index], 0, "object")
            for place, one in enumerate(item[1]):
                inner = [*base, "inputs", index, 1]
                if len(item[1]) > 1:
                    yield without(inner, place)
                for field in ("definitions", "references", "starts", "tables"):
                    for entry in range(len(one[field])):
                        yield without([*inner, place, field], entry)
                if not one["one_section"]:
                    yield changed([*inner, place], "one_section", True)
                for entry, definition in enumerate(one["definitions"]):
                    for field, value in (("group", ""), ("version", ""), ("visibility", "default"),
                                         ("binding", "global"), ("plain", False), ("size", 16), ("align", 16)):
                        if definition[field] != value:
                            yield changed([*inner, place, "definitions", entry], field, value)
                for entry, reference in enumerate(one["references"]):
                    for field, value in (("weak", False), ("version", ""), ("visibility", "default"),
                                         ("how", "got")):
                        if reference[field] != value and reference["how"] not in ("ie", "le"):
                            yield changed([*inner, place, "references", entry], field, value)


def reduce(program, shows):
    """The smallest program found for which `shows` still holds."""
    seen, progress = {json.dumps(program)}, True
    while progress:
        progress = False
        for smaller in candidates(program):
            text = json.dumps(smaller)
            if text in seen:
                continue
            seen.add(text)
            if shows(smaller):
                program, progress = smaller, True
                break
    return program


def describe(program):
    """A program in a few lines."""
    lines = [program["kind"]]
    for module in program["modules"]:
        line = f"{module['name']}: {' '.join(module['args'])}"
        if module["script"]:
            line += f" script {module['script']}"
        if module.get("strong_runs"):
            line += f" (needs {' '.join(module['strong_runs'])})"
        lines.append(line)
        for item in module["inputs"]:
            if item[0] == "library":
                lines.append(f"  library {item[1]}{' as needed' if item[2] else ''}")
                continue
            lines.append(f"  {item[0]}")
            for one in item[1]:
                words = []
                for entry in one["definitions"]:
                    shown = [entry[key] for key in ("binding", "visibility") if entry[key] not in ("global", "default")]
                    shown += [f"in {entry['group']}"] * bool(entry["group"]) + ["and plain"] * entry["plain"]
                    if entry["kind"] == "c":
                        shown.append(f"common {entry['size']}/{entry['align']}")
                    words.append(f"defines {entry['name']}{entry['version']}{' ' * bool(shown)}{' '.join(shown)}")
                for entry in one["references"]:
                    shown = ["weak"] * entry["weak"] + [entry["visibility"]] * (entry["visibility"] != "default")
                    words.append(f"refers to {entry['name']}{entry['version']} by {entry['how']} {' '.join(shown)}".rstrip())
                words += [f"{section}" for section, _ in one["starts"] + one["tables"]]
                lines.append(f"    o{one['id']}: {', '.join(words)}")
    return "\n".join(lines)
