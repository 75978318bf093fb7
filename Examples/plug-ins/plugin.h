// A plug-in registers itself by a pointer in a section that the map sorts by name.

struct plugin {
  const char *name;
};

#define REGISTER(rank, which) \
  __attribute__((section("plugins." #rank), used)) static const struct plugin *const entry = &which
