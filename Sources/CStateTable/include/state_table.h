// One cache line of a table of states: compare all of its slots at once, fill the first empty one without a lock.
//
// Here and not in Swift because of 16-bit compare-and-exchange on plain memory and of the vector comparison. Slots go from 0 to a
// code once and are filled in order, so a line that was read while others write to it can only show too few codes; the exchange
// finds that out.
#ifndef MMCK_STATE_TABLE_H
#define MMCK_STATE_TABLE_H

#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// What became of a code: it was there, it was added, or there is no room in this line.
enum { MMCK_FOUND = 0, MMCK_ADDED = 1, MMCK_FULL = 2 };

/// Bytes of a cache line.
#define MMCK_LINE 64

/// Bit i: slot i of the line is `code`.
static inline uint32_t mmck_match16(const uint16_t *line, uint16_t code) {
#if defined(__SSE2__)
  const __m128i *v = (const __m128i *)line;
  const __m128i wanted = _mm_set1_epi16((short)code);
  __m128i low = _mm_packs_epi16(_mm_cmpeq_epi16(_mm_load_si128(v), wanted), _mm_cmpeq_epi16(_mm_load_si128(v + 1), wanted));
  __m128i high = _mm_packs_epi16(_mm_cmpeq_epi16(_mm_load_si128(v + 2), wanted), _mm_cmpeq_epi16(_mm_load_si128(v + 3), wanted));
  return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
#else
  uint32_t mask = 0;
  for (uint32_t i = 0; i < 32; i++) mask |= (uint32_t)(line[i] == code) << i;
  return mask;
#endif
}

static inline uint32_t mmck_match32(const uint32_t *line, uint32_t code) {
#if defined(__SSE2__)
  const __m128i *v = (const __m128i *)line;
  const __m128i wanted = _mm_set1_epi32((int)code);
  __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_load_si128(v), wanted), _mm_cmpeq_epi32(_mm_load_si128(v + 1), wanted));
  __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_load_si128(v + 2), wanted), _mm_cmpeq_epi32(_mm_load_si128(v + 3), wanted));
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
  uint32_t mask = 0;
  for (uint32_t i = 0; i < 16; i++) mask |= (uint32_t)(line[i] == code) << i;
  return mask;
#endif
}

static inline uint32_t mmck_match64(const uint64_t *line, uint64_t code) {
  uint32_t mask = 0;
  for (uint32_t i = 0; i < 8; i++) mask |= (uint32_t)(line[i] == code) << i;
  return mask;
}

/// Adds `code` (not 0) to a line of `slots` slots, or finds it there.
///
/// Relaxed order is enough: the slot is the whole datum, nothing else is published through it.
#define MMCK_DEFINE_ADD(bits, slots)                                                                              \
  static inline int mmck_add##bits(uint##bits##_t *line, uint##bits##_t code) {                                   \
    if (mmck_match##bits(line, code)) return MMCK_FOUND;                                                          \
    uint32_t empty = mmck_match##bits(line, 0);                                                                   \
    uint32_t i = empty ? (uint32_t)__builtin_ctz(empty) : slots;                                                  \
    for (; i < slots; i++) {                                                                                      \
      uint##bits##_t seen = 0;                                                                                    \
      if (__atomic_compare_exchange_n(&line[i], &seen, code, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return MMCK_ADDED; \
      if (seen == code) return MMCK_FOUND;                                                                        \
    }                                                                                                             \
    return MMCK_FULL;                                                                                             \
  }

MMCK_DEFINE_ADD(16, 32)
MMCK_DEFINE_ADD(32, 16)
MMCK_DEFINE_ADD(64, 8)

/// Asks for the memory at an address, to be there when it is written.
static inline void mmck_fetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
