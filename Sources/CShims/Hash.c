// XXH3 with the widest vectors that the machine has. The library is made for the oldest machines, whose
// vectors have 16 bytes; with 32 it takes three fifths of the time for bytes that are in the cache, and
// hashes to the same.
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CShims.h"

#define XXH_INLINE_ALL

#if defined(__x86_64__)
#include <immintrin.h>

#define XXH_VECTOR 2  // XXH_AVX2, which the header names only later

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include <xxhash.h>

static XXH128_hash_t wide(const void *bytes, size_t count) { return XXH3_128bits(bytes, count); }
#pragma clang attribute pop

int swold_xxh3_128_wide(const void *bytes, size_t count, uint64_t *low, uint64_t *high) {
  if (!__builtin_cpu_supports("avx2")) return 0;
  const XXH128_hash_t hash = wide(bytes, count);
  *low = hash.low64;
  *high = hash.high64;
  return 1;
}

#else

int swold_xxh3_128_wide(const void *bytes, size_t count, uint64_t *low, uint64_t *high) {
  (void)bytes, (void)count, (void)low, (void)high;
  return 0;
}

#endif
