/// The part of every generated file that does not depend on the spec, between its tables and its steps.
///
/// It does in C what `Machine` does in Swift, with the same words; keep them side by side.
enum StepRuntime {
  static let source = #"""

    const uint32_t mmck_abi_version = MMCK_STEP_ABI_VERSION;

    static inline int64_t get(const uint64_t *w, int64_t slot) {
      const field f = fields[slot];
      return (int64_t)((w[f.word] >> f.shift) & f.mask) + f.lower;
    }

    static inline void put(uint64_t *w, int64_t slot, int64_t v) {
      const field f = fields[slot];
      w[f.word] = (w[f.word] & ~(f.mask << f.shift)) | (((uint64_t)(v - f.lower) & f.mask) << f.shift);
    }

    static inline int64_t is_object(const uint64_t *w, uint32_t number, int64_t pointer) {
      if (pointer <= 0 || pointer > pools[number].capacity) return 0;
      return pools[number].live < 0 || get(w, pools[number].live + pointer - 1);
    }

    static inline int64_t member(int64_t bit, int64_t bits, int64_t set) {
      return bit >= 0 && bit < bits ? (set >> bit) & 1 : 0;
    }

    static inline int64_t singleton(int64_t bit, int64_t bits) {
      return bit >= 0 && bit < bits ? INT64_C(1) << bit : 0;
    }

    /// The control point of a process, counted over all kinds; -1 if it has ended or is none.
    static inline int64_t location(const uint64_t *w, int64_t process) {
      if (process <= 0 || process > PROCESSES) return -1;
      int64_t at = get(w, control_slot[process - 1]);
      return at == location_count[process - 1] ? -1 : first_location[process - 1] + at;
    }

    static inline int64_t has_ended(const uint64_t *w, int64_t process) {
      return process > 0 && process <= PROCESSES && location(w, process) < 0;
    }

    static inline int holds(const uint64_t *w, uint32_t lock, uint32_t p) {
      int64_t v = get(w, lock_slots[lock].slot);
      return lock_slots[lock].is_owner ? v == (int64_t)p + 1 : (v >> p) & 1;
    }

    static inline int64_t held_count(const uint64_t *w, uint32_t p) {
      int64_t count = 0;
      for (uint32_t i = 0; i < LOCK_SLOTS; i++) count += holds(w, i, p);
      return count;
    }

    static inline uint64_t held_classes(const uint64_t *w, uint32_t p) {
      uint64_t classes = 0;
      for (uint32_t i = 0; i < LOCK_SLOTS; i++)
        if (holds(w, i, p)) classes |= UINT64_C(1) << lock_slots[i].lock;
      return classes;
    }

    static inline int64_t is_exclusive(const uint64_t *w, uint32_t number, int64_t pointer, uint32_t p) {
      if (!is_object(w, number, pointer)) return 0;
      for (uint32_t i = pools[number].pointer_start; i < pools[number].pointer_end; i++) {
        if (pointer_slots[i].process == (int32_t)p) continue;
        int64_t v = get(w, pointer_slots[i].slot);
        if (pointer_slots[i].is_set ? (v >> (pointer - 1)) & 1 : v == pointer) return 0;
      }
      return 1;
    }

    /// What a step did beside changing the state.
    typedef struct {
      uint32_t failure_count, cover_count, order_count, is_fatal, has_new_order;
      uint32_t failures[MMCK_FAILURE_LIMIT], covers[COVER_LIMIT], orders[16];
      uint64_t classes[16];
    } effects;

    typedef struct {
      uint32_t position, length;
      uint32_t taken[64], counts[64];
    } choices;

    static inline uint32_t choose(choices *script, uint32_t count) {
      uint32_t i = script->position++;
      if (i >= 64) __builtin_trap();
      if (i >= script->length) {
        script->taken[i] = 0;
        script->length = i + 1;
      }
      script->counts[i] = count;
      return script->taken[i];
    }

    /// Turns to the next way through the body: the last choice with an alternative left.
    static inline int next(choices *script) {
      uint32_t i = script->position;
      while (i > 0) {
        i--;
        if (script->taken[i] + 1 < script->counts[i]) {
          script->taken[i]++;
          script->length = i + 1;
          return 1;
        }
      }
      return 0;
    }

    static inline void note(effects *fx, uint32_t failure) {
      if (fx->failure_count < MMCK_FAILURE_LIMIT) fx->failures[fx->failure_count] = failure;
      else fx->failures[MMCK_FAILURE_LIMIT - 1] = failure;
      fx->failure_count++;
    }

    static inline void take_order(mmck_batch *batch, effects *fx, uint32_t number, uint64_t classes) {
      if (!(classes & ~batch->orders[number]) || fx->order_count == 16) return;
      fx->orders[fx->order_count] = number;
      fx->classes[fx->order_count++] = classes;
      fx->has_new_order = 1;
    }

    static void emit_successor(mmck_batch *batch, const uint64_t *w, const effects *fx, uint32_t p, uint32_t alternative) {
      if (batch->count == batch->capacity) {
        batch->overflow = 1;
        return;
      }
      mmck_successor *s = &batch->successors[batch->count];
      s->process = p;
      s->alternative = alternative;
      s->is_fatal = fx->is_fatal;
      s->has_new_order = fx->has_new_order;
      s->failure_count = fx->failure_count;
      for (uint32_t i = 0; i < fx->failure_count && i < MMCK_FAILURE_LIMIT; i++) s->failures[i] = fx->failures[i];
      __builtin_memcpy(&batch->words[(uint64_t)batch->count * WORDS], w, WORDS * 8);
      for (uint32_t i = 0; i < fx->cover_count; i++) batch->covered[fx->covers[i]] = 1;
      for (uint32_t i = 0; i < fx->order_count; i++) batch->orders[fx->orders[i]] |= fx->classes[i];
      batch->count++;
    }

    static inline int64_t first_free(const uint64_t *w, uint32_t number) {
      for (int64_t i = 0; i < pools[number].capacity; i++)
        if (!get(w, pools[number].live + i)) return i + 1;
      return 0;
    }

    static void reset_object(uint64_t *w, uint32_t number, int64_t object) {
      for (uint32_t i = pools[number].field_start; i < pools[number].field_end; i++) {
        const pool_field f = pool_fields[i];
        for (int64_t k = 0; k < f.size; k++) put(w, f.slot + object * f.size + k, f.initial);
      }
    }

    static void free_object(uint64_t *w, uint32_t number, int64_t pointer, effects *fx, uint32_t held) {
      const pool q = pools[number];
      for (uint32_t i = q.field_start; i < q.field_end; i++) {
        const pool_field f = pool_fields[i];
        for (int64_t k = 0; f.is_lock && k < f.size; k++)
          if (get(w, f.slot + (pointer - 1) * f.size + k)) note(fx, held);
      }
      reset_object(w, number, pointer - 1);
      for (uint32_t i = q.pointer_start; i < q.pointer_end; i++) {
        int64_t v = get(w, pointer_slots[i].slot);
        if (!pointer_slots[i].is_set) {
          if (v == pointer) put(w, pointer_slots[i].slot, q.capacity + 1);
        } else if ((v >> (pointer - 1)) & 1) {
          put(w, pointer_slots[i].slot, (v & ~(INT64_C(1) << (pointer - 1))) | INT64_C(1) << q.capacity);
        }
      }
    }

    /// Pools with objects that nothing leads to, or that are left when every process has ended.
    static uint64_t leaks(const uint64_t *w) {
      int64_t reached[POOLS + 1] = {0};
      int is_over = 1, has_changed = 1;
      for (uint32_t p = 0; p < PROCESSES; p++) is_over &= location(w, p + 1) < 0;
      while (!is_over && has_changed) {
        has_changed = 0;
        for (uint32_t n = 0; n < POOLS; n++) {
          if (pools[n].live < 0) continue;
          int64_t mask = reached[n];
          for (uint32_t i = pools[n].pointer_start; i < pools[n].pointer_end; i++) {
            const pointer_slot s = pointer_slots[i];
            int64_t v = get(w, s.slot);
            if (!v || (s.owner_pool >= 0 && !((reached[s.owner_pool] >> s.owner_object) & 1))) continue;
            mask |= (s.is_set ? v : INT64_C(1) << (v - 1)) & ((INT64_C(1) << pools[n].capacity) - 1);
          }
          if (mask != reached[n]) {
            reached[n] = mask;
            has_changed = 1;
          }
        }
      }
      uint64_t lost = 0;
      for (uint32_t n = 0; n < POOLS; n++)
        for (int64_t i = 0; pools[n].live >= 0 && i < pools[n].capacity; i++)
          if (get(w, pools[n].live + i) && !((reached[n] >> i) & 1)) lost |= UINT64_C(1) << n;
      return lost;
    }

    #define FATAL(number) { note(&fx, number); fx.is_fatal = 1; goto emit; }

    #define BEGIN_STEP \
      choices script; \
      uint32_t alternative = 0; \
      script.length = 0; \
      do { \
        uint64_t w[WORDS]; \
        effects fx; \
        __builtin_memcpy(w, in, sizeof w); \
        fx.failure_count = fx.cover_count = fx.order_count = fx.is_fatal = fx.has_new_order = 0; \
        script.position = 0;

    #define END_STEP \
        emit: __attribute__((unused)); \
        emit_successor(batch, w, &fx, p, alternative++); \
        if (batch->overflow) return; \
        blocked: __attribute__((unused)); \
      } while (next(&script));

    """#
}
