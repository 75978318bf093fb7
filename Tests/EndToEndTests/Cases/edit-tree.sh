#!/bin/bash
# apply edits all programs and libraries below a folder as one transaction: where one file refuses, none is written, and with
# -k the others are; --json prints a line for each, and a second run changes nothing.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "one machine is enough"

mkdir -p tree/bin tree/lib
echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
for i in 1 2 3; do gcc -B/usr/bin -shared -fPIC f.c -Wl,-soname,libf$i.so -o tree/lib/libf$i.so; done
gcc -B/usr/bin m.c tree/lib/libf1.so -o tree/bin/m
ln -s libf1.so tree/lib/libf.so
echo text >tree/README

cp -r tree old
gcc -B/usr/bin -static -x c - -o tree/bin/static <<<'int main(void) { return 0; }'
cp tree/bin/static old/bin/static
"$edit" apply -e 'rpath set "$ORIGIN/../lib" if-needed' -i tree 2>err && fail "a static program has no run path"
grep -q 'tree/bin/static' err
diff -r old tree
"$edit" apply -k -e 'rpath set "$ORIGIN/../lib" if-needed' -i tree 2>err && fail "one is refused"
grep -q '5 files, 4 changed, 1 refused' err
./tree/bin/m
rm tree/bin/static
"$edit" apply --json -e 'rpath set "$ORIGIN/../lib" if-needed' -i tree >lines 2>err
[ "$(wc -l <lines)" = 4 ]
python3 -c 'import json
for line in open("lines"): assert json.loads(line)["written"] is False'
"$edit" apply --check -e 'rpath set /x if-needed' tree >/dev/null 2>&1 && fail "it would change"
[ "$("$edit" get rpath tree/lib/libf2.so)" = '$ORIGIN/../lib' ]
