#!/bin/bash
# Malformed debug information: the index does without the unit, a warning names file and section, and no
# damage of any kind stops the link.
# machines: -arm -i386 (addends of relocations stand among the bytes that are damaged)
. "$(dirname "$0")/../prelude.sh"
not_linted "what is damaged in the debug information stays so"

printf 'namespace n { struct S { int a; enum K { k }; int f(); }; int S::f() { return a; } }\n' >a.cc
printf 'template <class T> T g(T t) { return t; } int h() { return g(1) + n::S{2}.f(); }\n' >>a.cc
echo 'int h(); int main() { return h() - 3; }' >b.cc
g++ -g -gdwarf-5 -c a.cc b.cc
g++ -g -gdwarf-4 -ggnu-pubnames -fdebug-types-section -ffunction-sections -c a.cc -o a4.o
clang++-19 -g -gdwarf-5 -ggnu-pubnames -c a.cc -o ac.o
# damage FROM TO SECTION OFFSET BYTES
damage() {
  perl -e '
    my ($from, $to, $section, $offset, $bytes) = @ARGV;
    open my $in, "<:raw", $from or die; my $f = do { local $/; <$in> };
    for (`readelf -SW $from`) {
      next unless /^\s*\[\s*\d+\]\s+(\S+)\s+\S+\s+\S+\s+([0-9a-f]+)\s+([0-9a-f]+)/ and $1 eq $section;
      substr($f, hex($2) + $offset, length($bytes) / 2) = pack("H*", $bytes) if $offset < hex($3);
    }
    open my $out, ">:raw", $to or die; print $out $f' "$@"
}
damage a.o bad.o .debug_info 4 6300 # a version that there is not
$CXX bad.o b.o -Wl,--gdb-index -o m 2>err
grep -q 'bad\.o:(\.debug_info): the unit at offset 0 is malformed' err
./m
readelf --debug-dump=gdb_index m 2>/dev/null >dump
grep -q '\] main: ' dump
if grep -q 'n::S' dump; then fail "names of the malformed unit are there"; fi
damage a.o bad.o .debug_info 0 f0ffff7f # longer than the section
$CXX bad.o b.o -Wl,--gdb-index -o m 2>err
grep -q 'bad\.o:(\.debug_info): the unit at offset 0 is malformed' err
damage a4.o bad.o .debug_gnu_pubnames 0 ffff0000
clang++-19 -c -g -gdwarf-4 -ggnu-pubnames a.cc -o ac4.o
damage ac4.o bad.o .debug_gnu_pubnames 0 ffff0000
$CXX bad.o b.o -Wl,--gdb-index -o m 2>err
grep -q 'bad\.o:(\.debug_gnu_pubnames): is malformed' err
for file in a.o a4.o ac.o; do
  for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
    perl -e '
      my ($from, $to, $seed) = @ARGV; srand $seed;
      open my $in, "<:raw", $from or die; my $f = do { local $/; <$in> };
      for (`readelf -SW $from`) {
        next unless /^\s*\[\s*\d+\]\s+(\.debug_\S+)\s+PROGBITS\s+\S+\s+([0-9a-f]+)\s+([0-9a-f]+)/;
        next if hex($3) == 0 or $1 =~ /debug_str$|debug_line_str/;
        substr($f, hex($2) + int(rand(hex($3))), 1) = chr(int(rand(256))) for 1 .. 3;
      }
      open my $out, ">:raw", $to or die; print $out $f' $file bad.o $seed
    timeout 20 $CXX bad.o b.o -Wl,--gdb-index -o m 2>err || fail "file $file, seed $seed: $(cat err)"
    ./m
  done
done
