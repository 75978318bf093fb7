#!/bin/bash
# machines: x86_64 (runs compilers and linkers of the host)
# `swold -run COMMAND`: every linker that the command starts is swold, whatever compiler starts it, and
# --run-log lists them. The exit code is that of the command.
. "$(dirname "$0")/../prelude.sh"

cat >hello.c <<'END'
int main(void) { return 0; }
END
cat >Makefile <<'END'
all: by-gcc by-clang by-lld by-g++ lib.so
by-gcc: hello.c; gcc hello.c -o $@
by-clang: hello.c; clang-19 hello.c -o $@
by-lld: hello.c; clang-19 -fuse-ld=lld hello.c -o $@
by-g++: hello.c; env -i PATH=/usr/bin g++ -fuse-ld=gold -x c++ hello.c -o $@
lib.so: hello.c; sh -c 'exec gcc -shared -fPIC hello.c -o $@'
END
"$SWOLD" -run --run-log=log make >/dev/null
"$SWOLD" --linked-by by-gcc by-clang by-lld by-g++ lib.so
for program in by-*; do "./$program"; done
test "$(cut -f3 log | sort | tr '\n' ' ')" = "by-clang by-g++ by-gcc by-lld lib.so "
test "$(cut -f2 log | sort -u)" = "$PWD"

# Without -run they are other linkers, so that the above means something.
gcc hello.c -o by-gcc
code=0; "$SWOLD" --linked-by by-gcc || code=$?
test $code = 1

code=0; "$SWOLD" -run sh -c 'exit 7' || code=$?
test $code = 7
# What was there is kept.
LD_PRELOAD=libm.so.6 COMPILER_PATH=/a "$SWOLD" --run env >environment
grep '^LD_PRELOAD=libm.so.6:/.*/swold-exec.so$' environment
grep '^COMPILER_PATH=/.*/libexec/swold:/a$' environment
grep '^SWOLD_PATH=/' environment
