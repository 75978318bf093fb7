"""Differences that are known, and why: docs/Differential.md says it in full. Each is a name of its
section there, and a pattern of signatures ("stage fact | swold | GNU ld | lld")."""
import re

EXPLAINED = [
    ("weak undefined in .symtab",
     r"(main|library) (symtab|dynsym) \w+@* \| (undefined weak|-) \| (undefined weak|-) \| (undefined weak|-)$"),
    ("requested names in .symtab", r"(main|library) symtab \w \| - \| undefined global \| -$"),
    ("hidden symbols of static programs", r"main symtab \w \| - \| defined (global|weak) \| -$"),
    ("DT_SYMBOLIC", r"library dynamic SYMBOLIC \| True \| True \| None$"),
    ("constructors of .ctors", r"(main|library) dynamic INIT_ARRAY \| True \| True \| None$"),
    ("constructors of .ctors", r"run list log \| a \| a \| c$"),
    ("weak versions", r"library verdef \| \('', (\(.*\))\) \| \('(weak)?', \1\) \| \('', \(.*\)\)$"),
    ("sizes of aliases", r"(main|library) (symtab|dynsym) \w@* \| (defined \w+ )?0( -)? \| (defined \w+ )?\d+( -)? \| "),
    ("undefined symbols of unused versions", r"library link \| made \| made \| refused$"),
]


def explanation(signature):
    for name, pattern in EXPLAINED:
        if re.match(pattern, signature):
            return name
    return None
