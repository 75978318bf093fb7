// swold, the linker. Everything is in the libraries: Linker, and PostLinkEdit for --post.

import Glibc
import Linker
import PostEditing

exit(EntryPoint.run(CommandLine.arguments) { PostEditor() })
