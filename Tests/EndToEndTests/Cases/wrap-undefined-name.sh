#!/bin/bash
# What --wrap makes of a name is the name in the output's tables and in messages: a library asks the
# loader for __wrap_f, not for f.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int f(void); int __real_g(void);
int h(void) { return f() + __real_g(); }
END
echo 'int f(void) { return 1; } int __wrap_f(void) { return 10; } int g(void) { return 4; }' >w.c
echo 'int h(void); int main(void) { return h() != 14; }' >m.c
gcc -fPIC -c l.c w.c m.c
$SWOLD -shared l.o --wrap=f --wrap=g -o libl.so
sane libl.so
for table in "nm -D" nm; do
  shows ' U __wrap_f$' $table libl.so
  shows ' U g$' $table libl.so
  lacks ' (f|__real_g)$' $table libl.so
done
$CC m.o w.o libl.so -Wl,-rpath,"$WORK" -o m
./m
expect_fail $CC m.o l.o -Wl,--wrap=f -o m
says 'undefined.*__wrap_f'
# A definition beside the wrapped reference is one symbol.
gcc -fPIC -c -x c - -o f.o <<<'int f(void) { return 2; }'
$SWOLD -shared l.o f.o --wrap=f -o libf.so
[ "$(count ' f$' nm -D libf.so)" = 1 ]
