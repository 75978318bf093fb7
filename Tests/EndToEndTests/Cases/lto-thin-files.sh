#!/bin/bash
# Distributed ThinLTO and its cache: indexes go where the options say, and the cache is pruned by the policy.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

echo 'int two(void); int main(void) { return two() - 2; }' >a.c
echo 'int two(void) { return 2; }' >b.c
clang-19 -O2 -flto=thin -c a.c b.c
mkdir obj
mv a.o obj/a.indexing.o && mv b.o obj/b.indexing.o
link() { $CLANG -flto=thin obj/a.indexing.o obj/b.indexing.o -o m "$@"; }
link -Wl,--thinlto-index-only=list,--thinlto-emit-imports-files "-Wl,--thinlto-object-suffix-replace=.indexing.o;.o"
ls obj/a.o.thinlto.bc obj/b.o.thinlto.bc
cmp list <(printf 'obj/a.o\nobj/b.o\n') && cmp obj/a.o.imports <(echo obj/b.o)
link -Wl,--thinlto-index-only=list "-Wl,--thinlto-prefix-replace=obj/;out/"
ls out/a.indexing.o.thinlto.bc out/b.indexing.o.thinlto.bc
cmp list <(printf 'out/a.indexing.o\nout/b.indexing.o\n')
# The cache keeps what it may.
link -Wl,--thinlto-cache-dir=cache && ./m
[ "$(ls cache | grep -c llvmcache-)" = 2 ]
link -Wl,--thinlto-cache-dir=cache,--thinlto-cache-policy=prune_interval=0s:cache_size_files=1 && ./m
[ "$(ls cache | grep -c llvmcache-)" = 1 ]
expect_fail link -Wl,--thinlto-cache-dir=cache,--thinlto-cache-policy=bogus=1
says "Unknown key: 'bogus'"
