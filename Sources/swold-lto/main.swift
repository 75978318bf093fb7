// swold-lto, the linker as a program that can load the plugins of compilers. swold starts it at the
// first input that a compiler has left in its intermediate form; nobody has to call it.
//
// Plugins and the compilers that they start leave temporary files behind when they are interrupted, or
// end in the middle of an error. So they get a folder of their own, which is removed by a process that
// does nothing else than wait for the one that links.

import CLinkerPlugin
import Glibc
import LayoutImport
import Linker
import PostEditing

if TemporaryFolder.isSet {
  TemporaryFolder.enter()
  exit(
    EntryPoint.run(
      CommandLine.arguments, editor: { PostEditor() }, importer: importedLayout,
      compiler: PluginHost.shared))
}
exit(TemporaryFolder.supervise())
