#!/bin/bash
# --wrap redirects references to __wrap_, and __real_ to the original.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; }' >f.c
cat >m.c <<'END'
int f(void); int __real_f(void);
int __wrap_f(void) { return __real_f() + 10; }
int main(void) { return f() != 11; }
END
$CC m.c f.c -Wl,--wrap=f -o m
./m
$CC m.c f.c -Wl,--wrap,f -o m
./m
sane m
