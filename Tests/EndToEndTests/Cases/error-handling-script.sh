#!/bin/bash
# --error-handling-script is told of libraries that are not found and of undefined symbols, behind the
# messages; the link fails all the same.
. "$(dirname "$0")/../prelude.sh"

echo 'int one(void), two(void); int main(void) { return one() + two(); }' >m.c && gcc -c m.c
printf '#!/bin/sh\necho "$@" >>told\n' >tell && chmod +x tell
expect_fail $CC m.o -Wl,--error-handling-script="$PWD/tell" -o no
says 'undefined symbol: one'
diff told - <<<$'undefined-symbol one\nundefined-symbol two'
rm told
expect_fail $CC m.o -lnowhere -Wl,--error-handling-script="$PWD/tell" -o no
says 'cannot find -lnowhere'
diff told - <<<'missing-lib nowhere'
[ ! -e no ]
# A script that cannot be run is one more message.
expect_fail $CC m.o -Wl,--error-handling-script="$PWD/absent" -o no
says 'absent cannot be run'
says 'undefined symbol: two'
