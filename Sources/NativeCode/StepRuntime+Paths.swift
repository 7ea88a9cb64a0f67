/// What paths through steps notice, and how they end.
extension StepRuntime {
  static let paths = #"""

    /// Where successors go, and what the present path has noticed. Paths are tried depth first, so that what was noted before
    /// a choice stays in its place while the alternatives write behind it.
    struct context {
      uint64_t *words;
      uint32_t *sources;
      /// 0 if nobody asks.
      uint32_t *names;
      uint32_t count, capacity;
      uint32_t source;
      /// Ways that the present process has gone in the present state.
      uint32_t alternative;
      uint32_t overflow;
      /// There is no limit but memory.
      uint32_t grows;
      uint64_t transitions;
      mmck_batch *batch;
      uint32_t failures[MMCK_FAILURE_LIMIT], order_numbers[ORDER_LIMIT];
      uint64_t order_classes[ORDER_LIMIT];
      uint64_t covered[COVER_WORDS];
    };

    STEP_FN int emit(run *s);
    STEP_FN int die(run *s);

    #define TRY if (UNLIKELY(s->failed)) return die(s);
    #define CHECK(condition, number) if (UNLIKELY(!(condition))) { fail(s, number); return die(s); }
    #define WARN(condition, number) if (UNLIKELY(!(condition))) note(s, number);
    #define TRY_CHECK(condition, number) { const int64_t ok = condition; if (UNLIKELY(!ok)) fail(s, number); TRY }
    #define TRY_WARN(condition, number) { const int64_t ok = condition; TRY if (UNLIKELY(!ok)) note(s, number); }
    #define HOLDS(property, s) ((s).failed = 0, property(&(s)) && !(s).failed)

    STEP_FN void note(run *s, uint32_t failure) {
      if (s->failure_count < MMCK_FAILURE_LIMIT) s->c->failures[s->failure_count] = failure;
      s->last_failure = failure;
      s->failure_count++;
    }

    static __attribute__((noinline, unused)) uint32_t
    add_order(context *c, uint32_t count, uint32_t number, uint64_t classes) {
      if (count == ORDER_LIMIT) __builtin_trap();
      c->order_numbers[count] = number;
      c->order_classes[count] = classes;
      return count + 1;
    }

    STEP_FN void take_order(run *s, uint32_t number) {
      const uint64_t classes = held_classes(s->w, s->p);
      if (UNLIKELY(classes & ~s->c->batch->orders[number]))
        s->order_count = add_order(s->c, s->order_count, number, classes);
    }

    FN void begin(run *s, context *c, const uint64_t *in, int64_t p) {
      for (int i = 0; i < WORDS; i++) s->w[i] = in[i];
      for (int i = 0; i < COVER_WORDS; i++) s->covered[i] = 0;
      s->c = c;
      s->old = in;
      s->p = p;
      s->failed = s->failure_count = s->last_failure = s->order_count = 0;
    }

    """#

  static let emission = #"""

    static __attribute__((noinline)) void
    add_event(context *c, int64_t p, uint32_t successor, uint32_t failures, uint32_t last, uint32_t orders, uint64_t broken) {
      mmck_batch *batch = c->batch;
      // Another alternative may have had the same news since they were noted.
      uint32_t is_new = 0;
      for (uint32_t i = 0; i < orders; i++)
        is_new |= (c->order_classes[i] & ~batch->orders[c->order_numbers[i]]) != 0;
      if (!is_new && !failures && !broken) return;
      for (uint32_t i = 0; i < orders && !batch->keeps_orders; i++)
        batch->orders[c->order_numbers[i]] |= c->order_classes[i];
      if (batch->event_count == batch->event_capacity) {
        c->overflow = 1;
        return;
      }
      mmck_event *e = &batch->events[batch->event_count++];
      e->source = c->source;
      e->process = (uint32_t)p;
      e->alternative = c->alternative;
      e->successor = successor;
      e->has_new_order = is_new;
      e->failure_count = failures;
      for (uint32_t i = 0; i < MMCK_FAILURE_LIMIT; i++) e->failures[i] = i < failures ? c->failures[i] : 0;
      if (failures > MMCK_FAILURE_LIMIT) e->failures[MMCK_FAILURE_LIMIT - 1] = last;
      e->broken = broken;
    }

    static __attribute__((noinline)) int make_room(context *c) {
      if (!c->grows) {
        c->overflow = 1;
        return 0;
      }
      c->capacity *= 2;
      c->words = realloc(c->words, (uint64_t)c->capacity * WORDS * sizeof *c->words);
      c->sources = realloc(c->sources, (uint64_t)c->capacity * sizeof *c->sources);
      c->names = realloc(c->names, (uint64_t)c->capacity * sizeof *c->names);
      if (!c->words || !c->sources || !c->names) __builtin_trap();
      return 1;
    }

    FN void cover(run *s) {
      for (int i = 0; i < COVER_WORDS; i++) s->c->covered[i] |= s->covered[i];
    }

    /// The path has come to a successor.
    STEP_FN int emit(run *s) {
      context *c = s->c;
      const uint32_t at = c->count;
      if (UNLIKELY(at == c->capacity) && !make_room(c)) return 1;
      for (int i = 0; i < WORDS; i++) c->words[(uint64_t)at * WORDS + i] = s->w[i];
      c->sources[at] = c->source;
      if (c->names) c->names[at] = (uint32_t)s->p << 16 | c->alternative;
      cover(s);
      const uint64_t broken = HAS_STEP_PROPERTIES ? broken_by(s) : 0;
      if (UNLIKELY((s->failure_count | s->order_count | broken) != 0))
        add_event(c, s->p, at, s->failure_count, s->last_failure, s->order_count, broken);
      c->count = at + 1;
      c->alternative++;
      return 1;
    }

    /// The path ends in a fatal failure.
    STEP_FN int die(run *s) {
      note(s, s->failed - 1);
      cover(s);
      add_event(s->c, s->p, MMCK_NONE, s->failure_count, s->last_failure, s->order_count, 0);
      s->c->alternative++;
      return 1;
    }

    /// Counts the steps of a process; not 0 if they keep the state from being a deadlock.
    FN uint64_t finish(context *c, uint32_t p) {
      c->transitions += c->alternative;
      return is_environment[p] ? 0 : c->alternative;
    }

    """#
}
