#!/usr/bin/env python3
"""Counts the calls of Swift's runtime inside each function of a binary whose name matches.

  count_calls.py PROGRAM 'regular expression on the demangled name'

Calls inside a loop are told apart from the others: a call is in a loop if a backward jump of
its function spans it. Used for E1 (specialisation), E5 (exclusivity) and E6 (reference counts).
"""
import re
import subprocess
import sys

program, pattern = sys.argv[1], re.compile(sys.argv[2])
text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program],
                      capture_output=True, text=True, check=True).stdout
text = subprocess.run(["swift-demangle", "--simplified"], input=text, capture_output=True, text=True,
                      check=True).stdout
interesting = re.compile(r"swift_(beginAccess|endAccess|retain|release|bridgeObject\w+|once|"
                         r"isUniquelyReferenced\w*|allocObject|getWitnessTable)")
rows = []
for block in re.split(r"\n(?=[0-9a-f]{16} <)", text):
    head = re.match(r"[0-9a-f]{16} <(.*)>:", block)
    if not head or not pattern.search(head.group(1)):
        continue
    jumps, calls, indirect = [], [], []
    for line in block.splitlines()[1:]:
        found = re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*(.*)", line)
        if not found:
            continue
        at, operation, operand = int(found.group(1), 16), found.group(2), found.group(3)
        if operation.startswith("j"):
            target = re.match(r"([0-9a-f]+)\b", operand)
            if target and int(target.group(1), 16) <= at:
                jumps.append((int(target.group(1), 16), at))
        if operation.startswith("call"):
            if "*" in operand:
                indirect.append(at)
            name = interesting.search(operand)
            if name:
                calls.append((at, name.group(1)))
    inside = lambda at: any(a <= at <= b for a, b in jumps)
    loop, outside = {}, {}
    for at, name in calls:
        table = loop if inside(at) else outside
        table[name] = table.get(name, 0) + 1
    rows.append((head.group(1)[:90], loop, outside, sum(map(inside, indirect))))
for name, loop, outside, indirect in sorted(rows):
    print(f"{name}\n    in loops: {loop or 'none'}; outside: {outside or 'none'}; "
          f"indirect calls in loops: {indirect}")
if not rows:
    sys.exit(f"no function matches in {program}")
