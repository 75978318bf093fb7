#!/bin/bash
# All names of a copied variable move together.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int v1 = 3;
extern int v2 __attribute__((alias("v1")));
extern int v3 __attribute__((weak, alias("v1")));
void set(int x) { v1 = x; }
int sum(void) { return v1 + v2 + v3; }
END
cat >m.c <<'END'
extern int v2; void set(int); int sum(void);
int main(void) { set(9); int seen = v2; v2 = 5; return seen != 9 || sum() != 15; }
END
gcc -shared -fPIC l.c -o libl.so
$CC -fno-pic -no-pie m.c ./libl.so -o m
./m
shows ' v1$' nm -D m
shows ' v3$' nm -D m
[ "$(nm -D m | grep -E ' v[123]$' | cut -d' ' -f1 | sort -u | wc -l)" = 1 ]
sane m
