#include <stddef.h>
#include <stdint.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
static inline uint64_t experiment_inlined(const void *p, size_t n) { return XXH3_64bits(p, n); }
uint64_t experiment_outOfLine(const void *p, size_t n);
uint64_t experiment_shared(const void *p, size_t n);
