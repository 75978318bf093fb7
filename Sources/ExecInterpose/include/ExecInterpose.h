// What swold -run and its companion library agree on. The files beside this one are in both; those in
// Hooks/ are in the companion alone, for they take the places of functions of libc.
#ifndef SWOLD_EXEC_INTERPOSE_H
#define SWOLD_EXEC_INTERPOSE_H

/// Whether a program of this name is a linker that swold can stand for: `ld`, `ld.bfd`, `ld.gold`,
/// `ld.lld`, `ld.mold`, `ld.wild`, with a version behind it (`ld.lld-19`) and with the prefix of a
/// target that swold knows before it (`aarch64-linux-gnu-ld`). The folder does not matter.
int swold_is_linker_name(const char *path);

/// How a program gets its libraries, as far as LD_PRELOAD is concerned.
enum swold_loader {
  /// No ELF file that can be read: nothing is known.
  SWOLD_LOADER_UNKNOWN,
  /// The dynamic loader of glibc, for the machine that this code runs on.
  SWOLD_LOADER_GLIBC,
  /// None: the program is statically linked.
  SWOLD_LOADER_NONE,
  /// One that cannot load the companion: that of musl, or one for another machine.
  SWOLD_LOADER_OTHER,
};

/// The loader of an executable file. A script has that of its interpreter.
enum swold_loader swold_loader_of(const char *path);

/// The same of the file that execvp(3) would run.
enum swold_loader swold_loader_of_command(const char *name);

/// Appends a line to the file of --run-log: the program that was called, the folder, and what it was to
/// write, with tabs between them.
void swold_run_log(const char *log, const char *called, char *const *argv);

/// Gives this process mounts of its own; 0 on success, else errno says why.
int swold_enter_mount_namespace(void);

/// Lets the path of `file` lead to `with` in this process and its children; 0 on success.
int swold_cover(const char *file, const char *with);

#endif
