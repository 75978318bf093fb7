#!/bin/bash
# --time-trace writes the passes as a Chrome trace: valid JSON, spans that follow each other.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -o plain
$CC m.o -o traced -Wl,--time-trace=trace
cmp plain traced
$CC m.o -o named -Wl,--time-trace
[ -s named.time-trace ]
$SWOLD -r m.o -o out.o --time-trace=relocatable
$CC m.o -o less -Wl,--time-trace=less.trace,--time-trace-granularity=1000000000

cat >check.py <<'END'
import json, sys
def spans(path):
    trace = json.load(open(path))
    return [e for e in trace["traceEvents"] if e["ph"] == "X"]
link, *passes = spans("trace")
assert link["name"] == "Link" and link["args"]["output"] == "traced", link
names = [p["name"] for p in passes]
for name in ["readInputs", "internSymbolNames", "assignAddresses", "copyAndRelocate"]:
    assert names.count(name) == 1, (name, names)
end = 0
for p in passes:
    assert p["ts"] + 2 >= end and p["dur"] >= 0 and p["args"]["threads"] >= 1, (p, end)
    end = p["ts"] + p["dur"]
assert link["ts"] == 0 and end <= link["dur"] + 2
assert "writeObjectSections" in [p["name"] for p in spans("relocatable")]
assert [p["name"] for p in spans("less.trace")] == ["Link"]
END
python3 check.py

# Where it cannot be written the old output stays.
cp plain kept
expect_fail $CC m.o -o kept -Wl,-s,--time-trace=no/such/folder/trace
says 'cannot write no/such/folder/trace'
cmp plain kept
