// The interface between a linker and the plugin of a compiler, as far as swold uses it.
//
// It was made for gold; GNU ld, GCC's liblto_plugin.so and LLVM's LLVMgold.so speak it, too. What the
// two sides hand each other is described at https://gcc.gnu.org/wiki/whopr/driver. The plugin exports
// one function, `onload`, which gets a list of what the linker can do.

#ifndef SWOLD_LINKER_PLUGIN_H
#define SWOLD_LINKER_PLUGIN_H

#include <stdint.h>
#include <sys/types.h>

/// What functions return, on both sides.
enum {
  plugin_ok = 0,
  plugin_no_symbols = 1,
  plugin_bad_handle = 2,
  plugin_error = 3,
};

/// What an entry of the list is. The numbers are part of the interface.
enum {
  plugin_tag_end = 0,
  plugin_tag_api_version = 1,
  plugin_tag_output_kind = 3,
  plugin_tag_option = 4,
  plugin_tag_on_claim = 5,
  plugin_tag_on_all_read = 6,
  plugin_tag_on_cleanup = 7,
  plugin_tag_add_symbols = 8,
  plugin_tag_get_symbols = 9,
  plugin_tag_add_file = 10,
  plugin_tag_message = 11,
  plugin_tag_get_file = 12,
  plugin_tag_release_file = 13,
  plugin_tag_add_library = 14,
  plugin_tag_output_name = 15,
  plugin_tag_library_path = 16,
  plugin_tag_gnu_ld_version = 17,
  plugin_tag_get_view = 18,
  plugin_tag_get_symbols_2 = 25,
  plugin_tag_get_symbols_3 = 28,
  plugin_tag_get_wraps = 32,
  plugin_tag_add_symbols_2 = 33,
};

/// An entry of the list: a number, a text or a function, as the tag says.
struct plugin_entry {
  int tag;
  union {
    int number;
    const char *text;
    void *function;
  };
};

/// A file that is offered to the plugin, or that it asks for again.
struct plugin_file {
  const char *name;
  int descriptor;
  off_t offset, size;
  void *handle;
};

/// A symbol of a file that the plugin has taken. The four bytes were one number once, of which only
/// the lowest byte was used: their order is that of the machine that the linker runs on.
struct plugin_symbol {
  char *name, *version;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  uint8_t unused, section_kind, type, kind;
#else
  uint8_t kind, type, section_kind, unused;
#endif
  int visibility;
  uint64_t size;
  char *comdat_key;
  int resolution;
};

typedef int (*plugin_on_load)(struct plugin_entry *entries);
typedef int (*plugin_on_claim)(const struct plugin_file *file, int *claimed);
typedef int (*plugin_on_event)(void);

/// Takes what a plugin has to say; `level` is 0 (information) to 3 (the plugin cannot go on).
typedef void (*plugin_message_sink)(int level, const char *text);

/// Sets who takes the messages. Swift has no functions with a variable list of arguments, which is
/// what plugins call.
void swold_plugin_set_sink(plugin_message_sink sink);

/// That function, for the list.
void *swold_plugin_message_function(void);

/// Runs the program at `path` with the same arguments in a child, as the leader of a group of
/// processes; passes signals on to the group, and returns when the child is gone: what `waitpid`
/// says of it, or -1.
int swold_plugin_supervise(const char *path, char *const *arguments);

/// Removes a folder and what is in it; -1 if something is left.
int swold_plugin_remove_tree(const char *path);

/// The process is to end when the one that started it does.
void swold_plugin_end_with_parent(void);

#endif
