# For the cases that boot an example in QEMU; read behind prelude.sh.

EXAMPLES=$(cd "$CASES/../../../Examples" && pwd)
EDIT=$CASES/../../../.build/release/swold-edit

# As the prelude's, by a tool that knows all machines.
contents() { llvm-objcopy-19 --dump-section "$2=/dev/stdout" "$1" /dev/null | od -An -v -tx1 | tr -d ' \n'; }

# same_image OWN REFERENCE SECTION… : what GNU ld made by the equivalent script has the same symbols,
# loaded sections (name, size, run address, load address) and segments, and these sections have the
# same bytes. NM and OBJDUMP may name tools of the machine.
# With HAS_SLOTS the words that an imported script writes are slots, which have symbols of their own.
same_image() {
  local own=$1 reference=$2 file name
  shift 2
  for file in "$own" "$reference"; do
    # A mapping symbol ($x, $d) has no meaning of its own, and GNU ld adds some for what it fills.
    "${NM:-nm}" --defined-only "$file" | awk '$3 !~ /^\$/ { print $3, $1 }' | sort >"$file.symbols"
    "${OBJDUMP:-objdump}" -h "$file" |
      awk '/ALLOC/ && size !~ /^0*$/ { print name, size, run, /LOAD/ ? load : "-" } { name = $2; size = $3; run = $4; load = $5 }' |
      sort >"$file.sections"
  done
  # What the script defines for itself only.
  sed -i -E '/^(stack_size|small_start) /d' "$own.symbols" "$reference.symbols"
  [ -z "${HAS_SLOTS:-}" ] || comm -12 "$reference.symbols" "$own.symbols" >both.symbols
  [ -z "${HAS_SLOTS:-}" ] || mv both.symbols "$own.symbols"
  diff "$reference.symbols" "$own.symbols" || fail "other symbols than GNU ld"
  diff "$reference.sections" "$own.sections" || fail "other sections than GNU ld"
  for name; do
    contents "$own" "$name" >own.bytes
    contents "$reference" "$name" >reference.bytes
    [ -s own.bytes ] && cmp own.bytes reference.bytes || fail "other bytes in $name"
  done
}

# members TRACE : takes the archive members that a link with -t has named out of their archives and
# prints where they are, in the order of the link. (GNU ld lays out members as it finds them, swold as
# they lie in their archives; so GNU ld is given what swold took.)
members() {
  local line archive member
  mkdir -p members
  sed -n 's/^(\(.*\))\(.*\)$/\1 \2/p' "$1" | while read -r archive member; do
    line=members/$(basename "$archive").$member
    ar p "$archive" "$member" >"$line"
    echo "$line"
  done
}

# boot CODE QEMU… : QEMU ends with the code; what the serial port heard is in the file `serial`.
boot() {
  local want=$1 code=0
  shift
  rm -f serial
  timeout 60 "$@" -display none -serial file:serial -no-reboot || code=$?
  tr -d '\r' <serial >serial.text && mv serial.text serial
  cat serial
  [ $code = "$want" ] || fail "QEMU ends with $code instead of $want"
}
