// XXH3 inlined into the caller: symbol names are short, so a call through a shared library
// would cost as much as the hash. The macros of XXH_INLINE_ALL are invisible to Swift,
// therefore these wrappers.
#ifndef SWOLD_CXXHASH_SHIM_H
#define SWOLD_CXXHASH_SHIM_H

#define XXH_INLINE_ALL
// The Swift compiler's importer does not say __OPTIMIZE__, from which xxhash.h would conclude that nobody
// wants its functions inlined.
#define XXH_NO_INLINE_HINTS 0
#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

/// The 64-bit XXH3 hash of `count` bytes.
static inline uint64_t swold_xxh3_64(const void *bytes, size_t count) {
  return XXH3_64bits(bytes, count);
}

typedef struct {
  uint64_t low;
  uint64_t high;
} swold_hash128;

/// The 128-bit XXH3 hash of `count` bytes.
static inline swold_hash128 swold_xxh3_128(const void *bytes, size_t count) {
  XXH128_hash_t hash = XXH3_128bits(bytes, count);
  swold_hash128 result = {hash.low64, hash.high64};
  return result;
}

#endif
