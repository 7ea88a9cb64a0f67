/// Objects: coming, going, and who leads to them.
extension StepRuntime {
  static let objects = #"""

    STEP_FN int64_t is_exclusive(const uint64_t *w, uint32_t number, int64_t pointer, int64_t p) {
      const pool q = pools[number];
      if (pointer <= 0 || pointer > q.capacity || (q.live >= 0 && !get(w, q.live + pointer - 1))) return 0;
      for (uint32_t i = q.pointer_start; i < q.pointer_end; i++) {
        if (pointer_slots[i].process == p) continue;
        const int64_t v = get(w, pointer_slots[i].slot);
        if (pointer_slots[i].is_set ? v >> (pointer - 1) & 1 : v == pointer) return 0;
      }
      return 1;
    }

    STEP_FN int64_t first_free(const uint64_t *w, uint32_t number) {
      for (int64_t i = 0; i < pools[number].capacity; i++)
        if (!get(w, pools[number].live + i)) return i + 1;
      return 0;
    }

    STEP_FN void reset_object(uint64_t *w, uint32_t number, int64_t object) {
      for (uint32_t i = pools[number].field_start; i < pools[number].field_end; i++) {
        const pool_field f = pool_fields[i];
        for (int64_t k = 0; k < f.size; k++) put(w, f.slot + object * f.size + k, f.initial);
      }
    }

    STEP_FN void new_object(uint64_t *w, uint32_t number, int64_t pointer) {
      reset_object(w, number, pointer - 1);
      put(w, pools[number].live + pointer - 1, 1);
    }

    STEP_FN void note(run *s, uint32_t failure);

    STEP_FN void free_object(run *s, uint32_t number, int64_t pointer, uint32_t held) {
      uint64_t *w = s->w;
      const pool q = pools[number];
      for (uint32_t i = q.field_start; i < q.field_end; i++) {
        const pool_field f = pool_fields[i];
        for (int64_t k = 0; f.is_lock && k < f.size; k++)
          if (get(w, f.slot + (pointer - 1) * f.size + k)) note(s, held);
      }
      reset_object(w, number, pointer - 1);
      for (uint32_t i = q.pointer_start; i < q.pointer_end; i++) {
        const int64_t v = get(w, pointer_slots[i].slot);
        if (!pointer_slots[i].is_set) {
          if (v == pointer) put(w, pointer_slots[i].slot, q.capacity + 1);
        } else if (v >> (pointer - 1) & 1) {
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
            const pointer_slot t = pointer_slots[i];
            const int64_t v = get(w, t.slot);
            if (!v || (t.owner_pool >= 0 && !(reached[t.owner_pool] >> t.owner_object & 1))) continue;
            mask |= (t.is_set ? v : INT64_C(1) << (v - 1)) & ((INT64_C(1) << pools[n].capacity) - 1);
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
          if (get(w, pools[n].live + i) && !(reached[n] >> i & 1)) lost |= UINT64_C(1) << n;
      return lost;
    }

    """#
}
