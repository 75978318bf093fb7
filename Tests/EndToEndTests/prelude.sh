# What every case of the end-to-end suite begins with:
#
#   . "$(dirname "$0")/../prelude.sh"
#
# A case is a bash script of about 25 lines that shows one behaviour, in the form of a bug report:
# it writes a small program, links it, runs it, and checks facts that readelf and its kin print.
# It runs in a fresh folder of its own, passes if it ends with 0, and stops at the first command
# that fails. By hand: `bash -x Tests/EndToEndTests/Cases/NAME.sh`.
#
# What a case may use:
#   $SWOLD          the linker under test, an absolute path. The environment variable
#                   SWOLD_UNDER_TEST names another one; that is how the suite itself is tested.
#   $LD_DIR         a folder with ld, ld.bfd, ld.gold, ld.lld, ld.mold, ld.swold: all the same linker
#   $CC $CXX        gcc and g++ that link with it      $CLANG $CLANGXX   the same for clang 19
#   $CASES          the folder of the cases
#   $MACHINE        the machine that the case is run for: x86_64, or what SWOLD_TEST_MACHINE says (see
#                   Machines/machines.sh, which also says what readelf calls its relocations)
#   as              the assembler, which also knows a few words that every machine has (Machines/as)
#   and the functions below.
#
# When a case is through, swold-edit's `lint` looks at every program and library in its folder, so the
# invariants of docs/SwoldEdit.md hold for whatever the suite links; `sane` looks at once.

# The trace of a case is what a failure shows, so the prelude keeps itself out of it.
case $- in *x*) traced=1 ;; *) traced= ;; esac
set +x
set -euo pipefail
exec {BASH_XTRACEFD}>&2  # the trace stays out of captured errors
export LC_ALL=C
unset LD_LIBRARY_PATH LD_PRELOAD COMPILER_PATH LIBRARY_PATH CPATH CFLAGS LDFLAGS

CASES=$(cd "$(dirname "${BASH_SOURCE[0]}")/Cases" && pwd)
TESTS=${CASES%/*}
MACHINE=${SWOLD_TEST_MACHINE:-x86_64}
. "$TESTS/Machines/machines.sh"
SWOLD=$(readlink -f "${SWOLD_UNDER_TEST:-$CASES/../../../.build/release/swold}")
[ -x "$SWOLD" ] || { echo "no linker at $SWOLD: run make first" >&2; exit 2; }

WORK=$(mktemp -d "${TMPDIR:-/tmp}/swold-case.XXXXXX")
trap 'finish $?' EXIT
cd "$WORK"

LINT=$CASES/../../../.build/release/swold-edit
[ -z "${SWOLD_UNDER_TEST:-}" ] && [ -x "$LINT" ] || LINT=

# finish CODE : the end of every case.
finish() {
  set +ex
  local code=$1
  [ "$code" != 0 ] || lint_outputs || code=1
  cd / && chmod -R u+w "$WORK" && rm -rf "$WORK"
  exit "$code"
}

# not_linted REASON : the case damages files, or says which findings of `lint` it means to cause.
not_linted() { LINT=; }

# Programs and libraries, but not those with the mark of a compiler and none of our linker: references.
lint_outputs() {
  local file wrong=
  [ -n "$LINT" ] || return 0
  find "$WORK" -path "$LD_DIR" -prune -o -type f -size +63c -print0 | perl -n0e '
    chomp; open(my $f, "<", $_) or next; read($f, my $head, 18) == 18 or next;
    $head =~ /^\x7fELF.{12}[\2\3]\0/s or next;
    local $/; my $rest = <$f>;
    print "$_\0" if $rest =~ /swold-[0-9]/ or $rest !~ /GCC: \(|clang version|rustc version|Linker: /
    ' >"$WORK/.outputs"
  while IFS= read -r -d '' file; do
    "$LINT" lint "$file" >"$WORK/.lint" 2>&1 && continue
    cat "$WORK/.lint" >&2
    wrong=1
  done <"$WORK/.outputs"
  [ -z "$wrong" ] || echo "FAILED: swold-edit lint complains about what was linked" >&2
  [ -z "$wrong" ]
}

LD_DIR=$WORK/.ld
mkdir "$LD_DIR"
for name in ld ld.bfd ld.gold ld.lld ld.mold ld.swold; do
  if [ -n "${SWOLD_UNDER_TEST:-}" ]; then
    # Some linkers look at the name they are called by, so a stand-in is called by its own.
    printf '#!/bin/sh\nexec %s "$@"\n' "$SWOLD_UNDER_TEST" >"$LD_DIR/$name"
    chmod +x "$LD_DIR/$name"
  else
    ln -s "$SWOLD" "$LD_DIR/$name"
  fi
done
[ -z "${SWOLD_UNDER_TEST:-}" ] || SWOLD=$LD_DIR/ld

CC="gcc -B$LD_DIR"
CXX="g++ -B$LD_DIR"
CLANG="clang-19 --ld-path=$LD_DIR/ld.swold"
CLANGXX="clang++-19 --ld-path=$LD_DIR/ld.swold"

# The assembler, which knows a few words of no machine in particular (see Machines/as).
as() { "$TESTS/Machines/as" "$MACHINE" "${AS:-/usr/bin/as}" "$@"; }
export -f as
export TESTS MACHINE AS

# supports OPTION… : whether the machine's C library can make this kind of program.
supports() {
  case "$MACHINE $*" in
    riscv64*-static-pie* | arm*-static-pie*) return 1 ;;  # it has no rcrt1.o
  esac
}

# Ends the case without a verdict. Only for a compiler that may be missing, such as rustc.
skip() {
  echo "skipped: $*"
  exit 77
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect_fail COMMAND… : the command must end with exit code 1, by its own decision and with a
# message. Its standard error is then in the file $ERR.
ERR=$WORK/.err
expect_fail() {
  local - && set +x
  local code=0
  "$@" 2>"$ERR" || code=$?
  cat "$ERR" >&2
  [ "$code" = 1 ] || fail "exit code $code instead of 1: $*"
  [ -s "$ERR" ] || fail "failed without a message: $*"
  if grep -qE 'terminated with signal|Fatal error|core dumped|Stack dump|Backtrace' "$ERR"; then
    fail "crashed: $*"
  fi
}

# says PATTERN : the message of the last expect_fail matches.
says() {
  local - && set +x
  grep -qE -- "$1" "$ERR" || fail "the message does not match: $1"
}

# shows PATTERN COMMAND… : the command succeeds and a line that it prints matches (grep -E).
shows() {
  local - && set +x
  local pattern=$1
  shift
  "$@" >"$WORK/.out" 2>"$WORK/.out2" || { cat "$WORK/.out2" >&2; fail "fails: $*"; }
  grep -qE -- "$pattern" "$WORK/.out" && return
  head -n 60 "$WORK/.out" >&2
  fail "no line matches '$pattern': $*"
}

# lacks PATTERN COMMAND… : the command succeeds and no line that it prints matches.
lacks() {
  local - && set +x
  local pattern=$1
  shift
  "$@" >"$WORK/.out" 2>"$WORK/.out2" || { cat "$WORK/.out2" >&2; fail "fails: $*"; }
  if grep -E -- "$pattern" "$WORK/.out" >&2; then fail "a line matches '$pattern': $*"; fi
}

# count PATTERN COMMAND… : prints how many lines match.
count() {
  local - && set +x
  local pattern=$1
  shift
  "$@" | grep -cE -- "$pattern" || true
}

# address FILE SYMBOL : prints the value of a symbol (.symtab, else .dynsym): 16 hex digits without 0x,
# also where addresses have 8.
address() {
  local - && set +x
  { nm "$1"; nm -D "$1"; } 2>/dev/null |
    awk -v s="$2" '{ n = $3; sub(/@.*/, "", n) } n == s && !seen++ { print substr("00000000" $1, length($1) - 7) }' | grep .
}

# section FILE NAME FIELD : prints a field of a section header: type, address, offset, size, es,
# flags, link, info or align. Numbers as readelf prints them for 64-bit files. Fails if there is no such section
# or field.
section() {
  local - && set +x
  readelf -SW "$1" | sed -n 's/^ *\[ *\([0-9]*\)\] */\1 /p' | awk -v n="$2" -v f="$3" '
    # (All is read, or the pipe would break.)
    $2 == n && !found {
      flags = NF == 11 ? $8 : ""; shift = NF == 11 ? 0 : 1
      v["index"] = $1; v["type"] = $3; v["address"] = substr("00000000" $4, length($4) - 7); v["offset"] = $5; v["size"] = $6
      v["es"] = $7; v["flags"] = flags; v["link"] = $(9 - shift); v["info"] = $(10 - shift)
      v["align"] = $(11 - shift)
      if (!(f in v)) next
      print v[f]; found = 1
    }
    END { exit !found }'
}

has_section() {
  local - && set +x
  section "$1" "$2" type >/dev/null || fail "$1 has no section $2"
}

has_no_section() {
  local - && set +x
  if section "$1" "$2" type >/dev/null; then fail "$1 has a section $2"; fi
}

# contents FILE SECTION : the bytes of a section as one string of hex digits.
contents() {
  local - && set +x
  objcopy --dump-section "$2=$WORK/.bytes" "$1" /dev/null || fail "no section $2 in $1"
  od -An -v -tx1 "$WORK/.bytes" | tr -d ' \n'
}

# linked_by_swold FILE… : says who linked the files. A linker that is only a stand-in need not.
linked_by_swold() {
  local - && set +x
  [ -z "${SWOLD_UNDER_TEST:-}" ] || return 0
  local file
  for file; do shows 'swold-[0-9]' readelf -p .comment "$file"; done
}

# both GCC ARGUMENT… : links with the linker under test and with the system's linker, runs both,
# and compares what they print and how they end. The first is left in the file `both`.
both() {
  local - && set +x
  local compiler=$1 got=0 want=0
  shift
  "$compiler" -B"$LD_DIR" "$@" -o both
  "$compiler" "$@" -o both.reference
  ./both >both.out || got=$?
  ./both.reference >both.reference.out || want=$?
  [ "$got" = "$want" ] || fail "ends with $got, the reference with $want"
  cmp both.out both.reference.out
  linked_by_swold both
  sane both
}

# sane FILE… : four tools that read ELF files find nothing to complain about.
sane() {
  local - && set +x
  local file
  for file; do
    readelf -aW "$file" >"$WORK/.sane" 2>"$WORK/.sane.err"
    llvm-readelf-19 -a "$file" >"$WORK/.sane.llvm" 2>>"$WORK/.sane.err"
    if [ -s "$WORK/.sane.err" ] ||
      grep -E '<corrupt|<unknown: [0-9a-f]+>|[Uu]nrecognized|readelf: ' \
        "$WORK/.sane" "$WORK/.sane.llvm"; then
      cat "$WORK/.sane.err" >&2
      fail "readelf or llvm-readelf complains about $file"
    fi
    if llvm-readelf-19 --dyn-syms "$file" | grep -E ' (HIDDEN|INTERNAL) '; then
      fail "$file has hidden symbols in its dynamic symbol table"
    fi
    if grep -qE '^ *Type: +(EXEC|DYN)' "$WORK/.sane" &&
      grep -oE " $R[A-Z0-9_]+" "$WORK/.sane" | grep -vE "$DYNAMIC_RELOCATIONS"; then
      fail "$file has relocations that the dynamic loader does not know"
    fi
    if [ -n "$LINT" ] && ! "$LINT" lint "$file" >"$WORK/.lint" 2>&1; then
      cat "$WORK/.lint" >&2
      fail "swold-edit lint complains about $file"
    fi
    # Of the other linkers only GNU ld and gold pass eu-elflint, so most stand-ins are spared.
    case ${SWOLD_UNDER_TEST:-bfd} in *bfd | *gold) ;; *) continue ;; esac
    # eu-elflint ends with 0 even when it complains, so its text decides.
    eu-elflint --gnu-ld "$file" 2>&1 | grep -vE -e "$LINT_EXCEPTIONS" >"$WORK/.lint" || true
    if [ -s "$WORK/.lint" ]; then
      cat "$WORK/.lint" >&2
      fail "eu-elflint complains about $file"
    fi
  done
}

# The same without eu-elflint, which judges programs for a hosted system: a section map may well ask
# for writable code, symbols at the end of a region, or sections that nobody loads.
sane_image() { SWOLD_UNDER_TEST=${SWOLD_UNDER_TEST:-image} sane "$@"; }

# As readelf abbreviates them. R_X86_64_PC32 and the like are valid in text relocations only.
DYNAMIC_RELOCATIONS="^ ($R(NONE|RELATIVE?|JUMP_SLO?T?|COPY|IRELATIVE?|TLS_TPOFF32)|\
$R_WORD|${R_GLOB_DAT%T}T?|$R_DTPMOD|$R_DTPOFF|$R_TPOFF|$R_TLSDESC)\$"

# Complaints of eu-elflint 0.188 that are wrong; each is seen with the output of GNU ld 2.40 or lld 19 too.
LINT_EXCEPTIONS=$(tr '\n' '|' <<'END'
^No errors$
(__ehdr_start|__executable_start|__global_pointer\$|\.L[A-Za-z_]*[0-9]+ ?)\): st_value out of bounds
unknown object file note type [0-9]+ with owner name '(stapsdt|SWO)'
'\.relr\.dyn' has wrong type: expected REL
'\.rela?\.(dyn|plt|iplt)': relocation [0-9]+: (relocation type invalid for the file type|invalid type)
'\.rela?\.plt': relocation [0-9]+: invalid symbol index
'\.bss' not fully contained in segment of program header entry
does not fit completely in referenced section .* '(\.data|\.data\.rel\.ro)'
symbol in dynamic symbol table with non-default visibility
'\.l(data|bss|rodata)' contains invalid processor-specific flag\(s\) 0x10000000
END
)no-other-line
# 1  the usual case: nothing to complain about
# 2  they are the ELF header, which lies in no section; the middle of what RISC-V's register reaches;
#    labels in sections that are compressed since
# 3  a case's own note; SystemTap probes of libstdc++.a, which elfutils 0.188 does not know
# 4  DT_RELR is newer than elfutils 0.188
# 5  IRELATIVE in a static PIE, or of AArch64 at all; the types are checked above
# 6  IRELATIVE in a static program names no symbol and no symbol table; one would stop llvm-strip
# 7  the memory that fills RELRO's last page has no bytes, so bytes of the next segment follow in the file; elfutils
#    takes them for its own
# 8  Swift's type metadata: the compiler's st_size counts a prefix that lies before the symbol
# 9  protected symbols are dynamic; those that must not be are looked for above
# 10 SHF_X86_64_LARGE

[ -z "$traced" ] || set -x
