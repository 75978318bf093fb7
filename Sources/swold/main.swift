// swold, the linker. Everything is in the Linker library.

import Glibc
import Linker

exit(EntryPoint.run(CommandLine.arguments))
