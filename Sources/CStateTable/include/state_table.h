// One cache line of a table of states: compare all of its slots at once, fill the first empty one without a lock.
//
// Here and not in Swift because of 16-bit compare-and-exchange on plain memory and of the vector comparison. Slots go from 0 to a
// code once and are filled in order, so a line that was read while others write to it can only show too few codes; the exchange
// finds that out.
//
// Slots have 16, 32 or 64 bits, or 20 or 24: then the line begins with a *head* of 16 bits for each slot, and the *tails* of 4 or 8
// bits follow. The head is exchanged like a slot of 16 bits; its tail is written right after that, once.
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

/// What one look at a line says. Both masks must come from the same look: if the second were a later one, a code that somebody adds
/// in between would be in neither, and would be added again behind itself.
typedef struct {
  /// Bit i: slot i is the code.
  uint32_t found;
  /// Bit i: slot i is empty.
  uint32_t empty;
} mmck_look;

static inline mmck_look mmck_look16(const uint16_t *line, uint16_t code) {
  mmck_look look = {0, 0};
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi16((short)code), zero = _mm_setzero_si128();
  __m128i v[4];
  for (int i = 0; i < 4; i++) v[i] = _mm_load_si128((const __m128i *)line + i);
  for (int i = 0; i < 4; i += 2) {
    __m128i same = _mm_packs_epi16(_mm_cmpeq_epi16(v[i], wanted), _mm_cmpeq_epi16(v[i + 1], wanted));
    __m128i none = _mm_packs_epi16(_mm_cmpeq_epi16(v[i], zero), _mm_cmpeq_epi16(v[i + 1], zero));
    look.found |= (uint32_t)_mm_movemask_epi8(same) << 8 * i;
    look.empty |= (uint32_t)_mm_movemask_epi8(none) << 8 * i;
  }
#else
  for (uint32_t i = 0; i < 32; i++) {
    const uint16_t slot = __atomic_load_n(&line[i], __ATOMIC_RELAXED);
    look.found |= (uint32_t)(slot == code) << i;
    look.empty |= (uint32_t)(slot == 0) << i;
  }
#endif
  return look;
}

static inline mmck_look mmck_look32(const uint32_t *line, uint32_t code) {
  mmck_look look = {0, 0};
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi32((int)code), zero = _mm_setzero_si128();
  __m128i v[4];
  for (int i = 0; i < 4; i++) v[i] = _mm_load_si128((const __m128i *)line + i);
  __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(v[0], wanted), _mm_cmpeq_epi32(v[1], wanted));
  __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(v[2], wanted), _mm_cmpeq_epi32(v[3], wanted));
  look.found = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
  low = _mm_packs_epi32(_mm_cmpeq_epi32(v[0], zero), _mm_cmpeq_epi32(v[1], zero));
  high = _mm_packs_epi32(_mm_cmpeq_epi32(v[2], zero), _mm_cmpeq_epi32(v[3], zero));
  look.empty = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
  for (uint32_t i = 0; i < 16; i++) {
    const uint32_t slot = __atomic_load_n(&line[i], __ATOMIC_RELAXED);
    look.found |= (uint32_t)(slot == code) << i;
    look.empty |= (uint32_t)(slot == 0) << i;
  }
#endif
  return look;
}

static inline mmck_look mmck_look64(const uint64_t *line, uint64_t code) {
  mmck_look look = {0, 0};
  for (uint32_t i = 0; i < 8; i++) {
    const uint64_t slot = __atomic_load_n(&line[i], __ATOMIC_RELAXED);
    look.found |= (uint32_t)(slot == code) << i;
    look.empty |= (uint32_t)(slot == 0) << i;
  }
  return look;
}

/// Adds `code` (not 0) to a line of `slots` slots, or finds it there.
///
/// Slots before the first empty one never change again, so what the look says of them is final; those from there on are tried one by
/// one. Relaxed order is enough: the slot is the whole datum, nothing else is published through it.
#define MMCK_DEFINE_ADD(bits, slots)                                                                              \
  static inline int mmck_add##bits(uint##bits##_t *line, uint##bits##_t code) {                                   \
    const mmck_look look = mmck_look##bits(line, code);                                                           \
    if (look.found) return MMCK_FOUND;                                                                            \
    uint32_t i = look.empty ? (uint32_t)__builtin_ctz(look.empty) : slots;                                        \
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

/// What codes in split slots are taken modulo: heads are 1 ... MMCK_HEADS, since 0 is empty; so is a tail.
#define MMCK_HEADS 65535u

/// The tail of slot `i`, which somebody has claimed; waits for it if he has not written it yet.
static inline uint32_t mmck_tail(const uint8_t *tails, uint32_t i, uint32_t bits) {
  const uint32_t shift = i * bits % 8;
  uint32_t tail;
  do {
    tail = (uint32_t)__atomic_load_n(&tails[i * bits / 8], __ATOMIC_RELAXED) >> shift & ((1u << bits) - 1);
  } while (tail == 0);
  return tail;
}

/// Like those above, for `slots` slots whose tails have `tail_bits` bits; `code` may be 0.
///
/// A head that was seen has a tail that is final or will be written at once, so comparing both is comparing codes. Two tails share a
/// byte: each is or-ed into its zeros.
#define MMCK_DEFINE_SPLIT_ADD(bits, slots, tail_bits)                                                             \
  static inline int mmck_add##bits(uint16_t *line, uint32_t code) {                                               \
    const uint16_t head = (uint16_t)(code % MMCK_HEADS + 1);                                                      \
    const uint32_t tail = code / MMCK_HEADS + 1;                                                                  \
    uint8_t *const tails = (uint8_t *)(line + slots);                                                             \
    const mmck_look look = mmck_look16(line, head);                                                               \
    const uint32_t all = (1u << slots) - 1, empty = look.empty & all;                                             \
    for (uint32_t found = look.found & all; found; found &= found - 1)                                            \
      if (mmck_tail(tails, (uint32_t)__builtin_ctz(found), tail_bits) == tail) return MMCK_FOUND;                 \
    uint32_t i = empty ? (uint32_t)__builtin_ctz(empty) : slots;                                                  \
    for (; i < slots; i++) {                                                                                      \
      uint16_t seen = 0;                                                                                          \
      if (__atomic_compare_exchange_n(&line[i], &seen, head, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {            \
        __atomic_fetch_or(&tails[i * tail_bits / 8], (uint8_t)(tail << i * tail_bits % 8), __ATOMIC_RELAXED);     \
        return MMCK_ADDED;                                                                                        \
      }                                                                                                           \
      if (seen == head && mmck_tail(tails, i, tail_bits) == tail) return MMCK_FOUND;                              \
    }                                                                                                             \
    return MMCK_FULL;                                                                                             \
  }                                                                                                               \
  /* The code in slot `i` of a line to which nobody adds; -1 if there is none. */                                 \
  static inline int64_t mmck_code##bits(const uint16_t *line, uint32_t i) {                                       \
    if (line[i] == 0) return -1;                                                                                  \
    const uint32_t tail = mmck_tail((const uint8_t *)(line + slots), i, tail_bits);                               \
    return (int64_t)((tail - 1) * MMCK_HEADS + line[i] - 1);                                                      \
  }

MMCK_DEFINE_SPLIT_ADD(20, 25, 4)
MMCK_DEFINE_SPLIT_ADD(24, 21, 8)

/// Asks for the memory at an address, to be there when it is written.
static inline void mmck_fetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
