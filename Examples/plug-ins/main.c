// Prints the plug-ins in the order of their sections' names.

#include <stdio.h>

#include "plugin.h"

extern const struct plugin *const __start_plugins[], *const __stop_plugins[];
extern char __plugins_size[];

int main(void) {
  for (const struct plugin *const *entry = __start_plugins; entry < __stop_plugins; entry++)
    puts((*entry)->name);
  printf("%d bytes\n", (int)(long)__plugins_size);
  return 0;
}
