#!/bin/bash
# __init_array_start and the other bounds of arrays, in static programs too.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
typedef void (*F)(int, char **, char **);
extern F __init_array_start[], __init_array_end[], __fini_array_start[], __fini_array_end[];
extern F __preinit_array_start[], __preinit_array_end[];
#ifdef __riscv
enum { crt = 1 };  // loads gp
#else
enum { crt = 0 };
#endif
static int n;
__attribute__((constructor)) static void one(void) { n++; }
int main(void) {
  int seen = 0;
  for (F *f = __init_array_start; f < __init_array_end; f++) seen += *f == (F)one;
  return seen != 1 || n != 1 || __fini_array_end - __fini_array_start < 1 ||
         __preinit_array_end - __preinit_array_start > crt;
}
END
for kind in -pie -no-pie -static -static-pie; do
  supports $kind || continue
  $CC $kind m.c -o m
  ./m || fail "$kind"
done
