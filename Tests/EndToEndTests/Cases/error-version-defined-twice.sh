#!/bin/bash
# Two definitions of one version, or two defaults of one name, are an error.
. "$(dirname "$0")/../prelude.sh"

echo 'V1 { foo; }; V2 { } V1;' >map
# twice SYMVER… : two functions, with these directives between them
twice() {
  { printf '.globl one, two\none: ret\ntwo: ret\n'
    printf '.symver %s\n' "$@"; } | as -o l.o
  expect_fail $SWOLD -shared l.o --version-script map -o libl.so
  says 'duplicate symbol: foo'
}
twice 'one, foo@V1' 'two, foo@@V1'
twice 'one, foo@@V1' 'two, foo@@V2'  # lld drops one without a word
# Even of one function. (GNU ld, lld for the first)
twice 'one, foo@V1' 'one, foo@@V1'
twice 'one, foo@@V1' 'one, foo@@V2'

# In two files, and against a plain foo elsewhere, which foo@@V1 is too.
printf '.globl x\nx: ret\n.symver x, foo@V1\n' | as -o a.o
printf '.globl y\ny: ret\n.symver y, foo@V1\n' | as -o b.o
printf '.globl foo\nfoo: ret\n' | as -o plain.o
printf '.globl z\nz: ret\n.symver z, foo@@V1\n' | as -o default.o
for pair in 'a.o b.o' 'plain.o default.o' 'default.o a.o'; do
  expect_fail $SWOLD -shared $pair --version-script map -o libl.so
  says 'duplicate symbol: foo'
done
$SWOLD -shared a.o plain.o --version-script map -o libl.so
