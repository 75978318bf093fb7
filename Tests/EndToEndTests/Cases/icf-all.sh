#!/bin/bash
# --icf=all keeps one of several functions that are the same: the first. The others keep their names.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'EOF'
extern int printf(const char *, ...);
int twice(int x) { return x * 2 + 40; }
int other(int x) { return x * 2 + 41; }
int says(void) { return printf("%s\n", "hello"); }
EOF
cat >b.c <<'EOF'
extern int printf(const char *, ...);
int twice(int), other(int), says(void);
int __attribute__((noinline)) two(int x) { return x * 2 + 40; }
static int __attribute__((noinline)) hidden(int x) { return x * 2 + 40; }
int __attribute__((noinline)) greets(void) { return printf("%s\n", "hello"); }
int leaves(void) { return printf("%s\n", "goodbye"); }
int main(int argc, char **argv) {
  says(), greets(), leaves();
  return twice(argc) + two(argc) + hidden(argc) + other(argc) - 4 * 42 - 1;
}
EOF
for compiler in "$CC" "$CLANG"; do
  $compiler -O1 -ffunction-sections -c a.c b.c
  $compiler a.o b.o -Wl,--icf=all,--print-icf-sections -o all >list
  sort list | diff - <(printf 'folding section b.o:(.text.%s) into a.o:(.text.%s)\n' \
    greets says hidden twice two twice)
  ./all | diff - <(printf '%s\n' hello hello goodbye)
  [ "$(address all two)" = "$(address all twice)" ]
  [ "$(address all hidden)" = "$(address all twice)" ]
  [ "$(address all greets)" = "$(address all says)" ]
  [ "$(address all leaves)" != "$(address all says)" ]
  [ "$(address all other)" != "$(address all twice)" ]
  sane all

  # The default, and that the last option counts.
  for option in --no-icf --icf=none --icf=all,--no-icf --build-id=none; do
    $compiler a.o b.o -Wl,$option,--print-icf-sections -o none >list
    [ ! -s list ]
    [ "$(address none two)" != "$(address none twice)" ]
  done

  # Symbols that must not be folded, also local ones.
  $compiler a.o b.o -Wl,--icf=all,--keep-unique=two,--keep-unique=hidden -o unique
  [ "$(address unique two)" != "$(address unique twice)" ]
  [ "$(address unique hidden)" != "$(address unique two)" ]
  [ "$(address unique greets)" = "$(address unique says)" ]
  $compiler a.o b.o -Wl,--icf=all,--keep-unique=nobody -o warned 2>err
  grep -q -- '--keep-unique=nobody: no object of the link has this symbol' err

  # Reports say so; --gc-sections comes first.
  $compiler a.o b.o -Wl,--icf=all,-Map=map,--print-icf-sections=none.list,--no-print-icf-sections \
    -o mapped >list
  grep -qE '^ *[0-9a-f]+ folded +b.o:\(\.text\.two\)$' map
  [ ! -s list ] && [ ! -e none.list ]
  $compiler a.o b.o -Wl,--icf=all,--gc-sections,--print-icf-sections=file -o collected
  cmp <(sort file) <(printf 'folding section b.o:(.text.%s) into a.o:(.text.%s)\n' \
    greets says hidden twice two twice)
  ./collected >/dev/null
done
