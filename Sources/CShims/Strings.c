// Where the strings of a table begin. Tables of debug information have strings by the million: a call of
// memchr(3) for each costs several times as much as one look at 64 bytes, from which all ends that are
// in them follow.
#include <string.h>

#include "CShims.h"

#if defined(__SSE2__)
#include <emmintrin.h>

/// One bit for each of 64 bytes that is zero.
static inline uint64_t zeros(const uint8_t *bytes) {
  const __m128i none = _mm_setzero_si128();
  uint64_t mask = 0;
  for (int part = 0; part < 4; part++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + part * 16));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, none)) << (part * 16);
  }
  return mask;
}

#else

static inline uint64_t zeros(const uint8_t *bytes) {
  const uint64_t low = 0x7f7f7f7f7f7f7f7f;
  uint64_t mask = 0;
  for (int part = 0; part < 8; part++) {
    uint64_t word;
    memcpy(&word, bytes + part * 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    // The upper bit of each byte that is zero, then those eight bits side by side.
    const uint64_t found = ~(((word & low) + low) | word | low) >> 7;
    mask |= (found * 0x0102040810204080 >> 56) << (part * 8);
  }
  return mask;
}

#endif

size_t swold_count_zeros(const void *bytes, size_t count) {
  const uint8_t *text = bytes;
  size_t found = 0;
  size_t offset = 0;
  for (; count - offset >= 64; offset += 64) found += __builtin_popcountll(zeros(text + offset));
  for (; offset < count; offset++) found += text[offset] == 0;
  return found;
}

size_t swold_string_starts(const void *bytes, size_t count, uint32_t *starts) {
  const uint8_t *text = bytes;
  uint32_t *next = starts;
  if (count > 0) *next++ = 0;
  size_t offset = 0;
  for (; count - offset >= 64; offset += 64) {
    uint64_t mask = zeros(text + offset);
    while (mask != 0) {
      *next++ = (uint32_t)(offset + __builtin_ctzll(mask) + 1);
      mask &= mask - 1;
    }
  }
  for (; offset < count; offset++) {
    if (text[offset] == 0) *next++ = (uint32_t)(offset + 1);
  }
  // Behind a terminator at the very end there is no string, only the end.
  if (count > 0 && text[count - 1] == 0) return (size_t)(next - starts) - 1;
  *next = (uint32_t)count;
  return (size_t)(next - starts);
}
