/// The parts of every generated file that do not depend on the spec.
///
/// They do in C what `Machine` does in Swift, with the same words; keep them side by side.
enum StepRuntime {
  /// Reading and writing states, and operators that may fail.
  static let values = #"""

    const uint32_t mmck_abi_version = MMCK_STEP_ABI_VERSION;

    #if INLINED
    #define FN static inline __attribute__((always_inline, unused))
    #define STEP_FN FN
    #else
    #define FN static inline __attribute__((unused))
    #define STEP_FN static __attribute__((noinline, unused))
    #endif
    #define LIKELY(x) __builtin_expect(!!(x), 1)
    #define UNLIKELY(x) __builtin_expect(!!(x), 0)

    typedef struct context context;

    /// One way through a step, as far as it has come. A choice copies it.
    typedef struct {
      uint64_t w[WORDS];
      /// Cover points passed.
      uint64_t covered[COVER_WORDS];
      context *c;
      /// The state before the step.
      const uint64_t *old;
      int64_t p;
      /// The number of a fatal failure plus one; what was computed after it means nothing.
      uint32_t failed;
      uint32_t failure_count, last_failure, order_count;
    } run;

    #define G(w, word, shift, mask) ((int64_t)((w)[word] >> (shift) & (mask)))
    #define P(word, shift, mask, value) set(&w[word], shift, mask, value)
    /// What a function sees as the state.
    #define OWN uint64_t *w = s->w;
    #define NEW const uint64_t *w = s->w;
    #define OLD const uint64_t *w = s->old;
    #define LET const int64_t
    #define V(word, bits) s->covered[word] |= (bits)

    static inline void set(uint64_t *word, uint64_t shift, uint64_t mask, int64_t value) {
      *word = (*word & ~(mask << shift)) | ((uint64_t)value << shift);
    }

    static inline int64_t get(const uint64_t *w, int64_t slot) {
      const field f = fields[slot];
      return (int64_t)(w[f.word] >> f.shift & f.mask) + f.lower;
    }

    static inline void put(uint64_t *w, int64_t slot, int64_t value) {
      const field f = fields[slot];
      set(&w[f.word], f.shift, f.mask, (int64_t)((uint64_t)(value - f.lower) & f.mask));
    }

    FN void fail(run *s, uint32_t number) {
      if (!s->failed) s->failed = number + 1;
    }

    FN int64_t member(int64_t bit, int64_t bits, int64_t set) {
      return bit >= 0 && bit < bits ? set >> bit & 1 : 0;
    }

    FN int64_t singleton(int64_t bit, int64_t bits) {
      return bit >= 0 && bit < bits ? INT64_C(1) << bit : 0;
    }

    FN int64_t row(int64_t i, int64_t count) { return i >= 0 && i < count ? i : 0; }

    FN int64_t element(run *s, int64_t i, int64_t count, uint32_t number) {
      if (LIKELY(i >= 0 && i < count)) return i;
      fail(s, number);
      return 0;
    }

    FN int64_t not_null(run *s, int64_t pointer, uint32_t number) {
      if (LIKELY(pointer)) return pointer - 1;
      fail(s, number);
      return 0;
    }

    FN int64_t same(run *s, int64_t a, int64_t b, int64_t stale, uint32_t number) {
      if (UNLIKELY((a == stale || b == stale) && a && b)) fail(s, number);
      return a == b;
    }

    FN void within(run *s, int64_t value, int64_t low, int64_t high, uint32_t number) {
      if (UNLIKELY(value < low || value > high)) fail(s, number);
    }

    FN int64_t add(run *s, int64_t a, int64_t b, uint32_t number) {
      int64_t result;
      if (__builtin_add_overflow(a, b, &result)) fail(s, number);
      return result;
    }

    FN int64_t sub(run *s, int64_t a, int64_t b, uint32_t number) {
      int64_t result;
      if (__builtin_sub_overflow(a, b, &result)) fail(s, number);
      return result;
    }

    FN int64_t mul(run *s, int64_t a, int64_t b, uint32_t number) {
      int64_t result;
      if (__builtin_mul_overflow(a, b, &result)) fail(s, number);
      return result;
    }

    /// Whether a quotient has no value.
    FN int fails_to_divide(run *s, int64_t a, int64_t b, uint32_t division, uint32_t overflow) {
      if (b && !(a == INT64_MIN && b == -1)) return 0;
      fail(s, b ? overflow : division);
      return 1;
    }

    FN int64_t divide(run *s, int64_t a, int64_t b, uint32_t division, uint32_t overflow) {
      return fails_to_divide(s, a, b, division, overflow) ? 0 : a / b;
    }

    FN int64_t remains(run *s, int64_t a, int64_t b, uint32_t division, uint32_t overflow) {
      return fails_to_divide(s, a, b, division, overflow) ? 0 : a % b;
    }

    /// The distance of a shift, if it is one.
    FN uint64_t distance(run *s, uint64_t b, uint64_t limit, uint32_t number) {
      if (LIKELY(b < limit)) return b;
      fail(s, number);
      return 0;
    }

    FN int64_t shift_left(run *s, int64_t a, int64_t b, uint32_t division, uint32_t overflow) {
      return mul(s, a, INT64_C(1) << distance(s, (uint64_t)b, 63, division), overflow);
    }

    FN int64_t shift_right(run *s, int64_t a, int64_t b, uint32_t division, uint32_t overflow) {
      return a >> distance(s, (uint64_t)b, 63, division);
    }

    FN uint64_t divide_word(run *s, uint64_t a, uint64_t b, uint64_t bits, uint32_t number) {
      if (LIKELY(b)) return a / b;
      fail(s, number);
      return 0;
    }

    FN uint64_t remainder_word(run *s, uint64_t a, uint64_t b, uint64_t bits, uint32_t number) {
      if (LIKELY(b)) return a % b;
      fail(s, number);
      return 0;
    }

    FN uint64_t shift_word_left(run *s, uint64_t a, uint64_t b, uint64_t bits, uint32_t number) {
      return a << distance(s, b, bits, number);
    }

    FN uint64_t shift_word_right(run *s, uint64_t a, uint64_t b, uint64_t bits, uint32_t number) {
      return a >> distance(s, b, bits, number);
    }

    /// The control point of a process, counted over all kinds; -1 if it has ended or is none.
    FN int64_t location(const uint64_t *w, int64_t process) {
      if (process <= 0 || process > PROCESSES) return -1;
      const int64_t at = get(w, control_slot[process - 1]);
      return at == location_count[process - 1] ? -1 : first_location[process - 1] + at;
    }

    FN int64_t has_ended(const uint64_t *w, int64_t process) {
      return process > 0 && process <= PROCESSES && location(w, process) < 0;
    }

    FN int holds(const uint64_t *w, uint32_t lock, int64_t p) {
      const int64_t v = get(w, lock_slots[lock].slot);
      return lock_slots[lock].is_owner ? v == p + 1 : v >> p & 1;
    }

    STEP_FN int64_t held_count(const uint64_t *w, int64_t p) {
      int64_t count = 0;
      for (uint32_t i = 0; i < LOCK_SLOTS; i++) count += holds(w, i, p);
      return count;
    }

    """#
}
