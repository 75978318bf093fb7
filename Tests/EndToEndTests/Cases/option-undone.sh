#!/bin/bash
# Options that take others back, or ask for what is so anyway: the output is that without them.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.c <<'END'
#include <stdio.h>
extern int shared_value;
int common[4];
static int local(int x) { return x + common[1]; }
int main(void) { printf("%d %d\n", local(1), shared_value); return 0; }
END
echo 'int shared_value = 5;' >s.c
gcc -g -ffunction-sections -c m.c
gcc -fPIC -shared s.c -o libs.so
line=$($CC m.o ./libs.so -o plain -### 2>&1 | grep collect2 | sed 's/.*collect2//; s/"//g; s/-plugin[^ ]* [^ ]*//g; s/ -o plain / /')
$SWOLD $line -o plain
./plain >/dev/null

# same OPTIONS… : with them the output is as without.
same() {
  $SWOLD $line "$@" -o out 2>err || { cat err; fail "$*"; }
  cmp -s plain out || fail "another output with $*"
  [ ! -s err ] || { cat err; fail "a message with $*"; }
}
same --nmagic --no-nmagic -Bdynamic
same --gc-sections --no-gc-sections
same --gc-sections --print-gc-sections --no-print-gc-sections --no-gc-sections
same --export-dynamic --no-export-dynamic
same --allow-multiple-definition --no-allow-multiple-definition
same --build-id --no-build-id
same --icf=none --keep-unique=main
same --icf=none --print-icf-sections
same --print-icf-sections --no-print-icf-sections
same "--warn-backrefs-exclude=*"
same --no-icf
same --check-sections
same --no-check-sections
same --disable-new-dtags --enable-new-dtags
same --no-gnu-unique --gnu-unique
same --warn-common --no-warn-common
same --warn-execstack --no-warn-execstack
same --no-warn-search-mismatch --warn-search-mismatch
same --warn-mismatch
same --no-warn-symbol-ordering --warn-symbol-ordering
same --discard-all --discard-none
same --no-fatal-warnings
same --fatal-warnings --no-fatal-warnings
same -z nognustack -z gnustack
same -z combreloc
same -z sectionheader
same --no-call-graph-profile-sort
same --no-separate-debug-file
same --no-dependent-libraries --dependent-libraries
same -z pack-relative-relocs -z nopack-relative-relocs
same -z unique -z nounique
same -z keep-text-section-prefix -z nokeep-text-section-prefix
same -z noexecstack -z execstack-if-needed
same -z nocopyreloc -z copyreloc
same -z norewrite-endbr
same -z noextern-protected-data --no-ld-generated-unwind-info --no-detect-odr-violations
same --warn-backrefs --no-warn-backrefs
same --use-android-relr-tags --no-use-android-relr-tags
same --pack-dyn-relocs=android+relr --pack-dyn-relocs=none
same --fat-lto-objects --no-fat-lto-objects
same --detach --no-detach
same --quick-exit --no-quick-exit --mmap-output-file --no-mmap-output-file --warn-once
same --color-diagnostics=auto --no-color-diagnostics
same --demangle --no-demangle --demangle=gnu-v3
same --no-lto-legacy-pass-manager --no-legacy-pass-manager --no-lto-whole-program-visibility
same --rsp-quoting=posix
same --push-state --as-needed --pop-state
# Words of build files that change nothing here, one by one.
for word in --keep-memory --no-keep-memory --reduce-memory-overheads --warn-multiple-gp \
  --warn-section-align --warn-alternate-em --traditional-format --qmagic --Qy \
  --map-whole-files --no-map-whole-files --print-map-discarded --no-print-map-discarded \
  --strip-discarded --no-strip-discarded --accept-unknown-input-arch \
  --no-accept-unknown-input-arch --fortran-common --no-fortran-common --warn-ifunc-textrel \
  --no-warn-ifunc-textrel --long-plt --pic-veneer --use-blx --secure-plt --be32; do
  same $word
done
same --hash-size 1021 --max-cache-size=100 --hash-size=5 --assert definitions -Y /nowhere
