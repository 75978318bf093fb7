#!/bin/bash
# Without -z now the first call goes through the dynamic loader.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; } int never(void) { return 2; }' >l.c
echo 'int f(void); int never(void); int main(int n, char **v) { return (n > 9 ? never() : f()) - 1; }' >m.c
gcc -shared -fPIC l.c -o libl.so
gcc -shared -fPIC -x c - -o libhalf.so <<<'int f(void) { return 1; }'
$CC -Wl,-z,lazy m.c ./libl.so -o m
./m
shows "${R}JUMP_SLO.* f( \+ 0)?\$" readelf -rW m
lacks 'BIND_NOW|FLAGS_1.*NOW' readelf -d m
# never() is not looked up before it is called.
cp libhalf.so libl.so
./m
sane m
