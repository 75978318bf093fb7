#!/bin/bash
# -z keep-text-section-prefix keeps .text.hot and its kin apart.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
__attribute__((section(".text.hot.f"))) void f(void) {}
__attribute__((section(".text.unlikely.g"))) void g(void) {}
int main(void) { f(); g(); return 0; }
END
$CC m.c -o m1
has_no_section m1 .text.hot
$CC m.c -Wl,-z,keep-text-section-prefix -o m2
./m2
has_section m2 .text.hot
has_section m2 .text.unlikely
sane m2
