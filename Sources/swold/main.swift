// swold, the linker. Everything is in the libraries: Linker, PostLinkEdit for --post, ScriptImport for
// --import-scripts, and CommandRunner for what is no link: -run and --linked-by.

import CommandRunner
import Glibc
import LayoutImport
import Linker
import PostEditing

if let code = CommandRunner.run(CommandLine.arguments) { exit(code) }
if let code = LinkedBy.run(CommandLine.arguments) { exit(code) }
CommandRunner.noteCall(CommandLine.arguments)
exit(EntryPoint.run(CommandLine.arguments, editor: { PostEditor() }, importer: importedLayout))
