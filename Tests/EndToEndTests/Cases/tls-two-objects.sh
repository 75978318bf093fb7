#!/bin/bash
# Thread-local variables shared by two objects, in every model and both dialects.
. "$(dirname "$0")/../prelude.sh"

echo '__thread int x = 5; __thread char big[3000]; int getx(void) { return x + big[2999]; }' >a.c
cat >b.c <<'END'
extern __thread int x;
int getx(void);
int main(void) { x += 2; return getx() != 7; }
END
for model in global-dynamic local-dynamic initial-exec local-exec; do
  for dialect in $TLS_DIALECTS; do
    for kind in '-fno-pie -no-pie' '-fPIE -pie' '-fno-pie -static' '-fPIE -static-pie'; do
      supports $kind || continue
      [ "$model" = local-exec ] || kind="$kind -fPIC"
      $CC ${kind/-fPIC/} $([[ $kind == *-fPIC* ]] && echo -fPIC) $dialect \
        -ftls-model=$model a.c b.c -o m
      ./m || fail "$model $dialect $kind"
    done
  done
done
sane m
