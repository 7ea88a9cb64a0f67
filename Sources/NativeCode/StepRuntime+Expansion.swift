/// The functions that the search calls.
extension StepRuntime {
  /// For systems whose steps are too long to be inlined.
  static let dispatch = #"""

    static void expand_process(context *c, const uint64_t *in, uint32_t p) {
      const int64_t at = get(in, control_slot[p]);
      if (at == location_count[p]) return;
      run s;
      begin(&s, c, in, p);
      steps[first_location[p] + at](&s);
    }

    static uint64_t expand_all(context *c, const uint64_t *in) {
      uint64_t moved = 0;
      for (uint32_t p = 0; p < PROCESSES; p++) {
        c->alternative = 0;
        expand_process(c, in, p);
        moved |= finish(c, p);
      }
      return moved;
    }

    """#

  static let expansion = #"""

    /// Nobody but the environment can move: a deadlock, if somebody has not ended who should.
    ///
    /// It is named after the first place, not the first process: which of two equal processes stands where is no difference.
    static __attribute__((noinline)) void look_for_deadlock(context *c, const uint64_t *in) {
      int64_t first = INT64_MAX;
      for (uint32_t p = 0; p < PROCESSES; p++) {
        const int64_t at = location(in, p + 1);
        if (at >= 0 && at < first && deadlock_failure[at] >= 0) first = at;
      }
      if (first == INT64_MAX) return;
      c->failures[0] = (uint32_t)deadlock_failure[first];
      c->alternative = 0;
      add_event(c, MMCK_NONE, MMCK_NONE, 1, 0, 0, 0);
    }

    /// Successors that are still to be settled: `next` is the first of them that was not looked at. `leader` has made all steps
    /// since a state in which everything was explored, the last one from control point `from`; MMCK_NONE: nobody has.
    typedef struct {
      uint32_t next, end, leader;
      int64_t from;
    } segment;

    #define CHAIN_LIMIT 10000
    #define PENDING 0x80000000u

    /// The events about entry `at` are about this successor from now on.
    static __attribute__((noinline)) void name_successor(context *c, uint32_t first, uint32_t at, uint32_t successor) {
      for (uint32_t i = first; i < c->batch->event_count; i++)
        if (c->batch->events[i].successor == (PENDING | at)) c->batch->events[i].successor = successor;
    }

    static void mark_pending(context *c, uint32_t first) {
      for (uint32_t i = first; i < c->batch->event_count; i++)
        if (c->batch->events[i].successor != MMCK_NONE) c->batch->events[i].successor |= PENDING;
    }

    /// Appends a state to the batch.
    static uint32_t deliver(context *c, const uint64_t *w, uint32_t name) {
      mmck_batch *batch = c->batch;
      const uint32_t at = batch->count;
      if (at == batch->capacity) {
        c->overflow = 1;
        return MMCK_NONE;
      }
      for (int i = 0; i < WORDS; i++) batch->words[(uint64_t)at * WORDS + i] = w[i];
      batch->sources[at] = c->source;
      if (batch->names) batch->names[at] = name;
      batch->count = at + 1;
      return at;
    }

    /// Makes the steps of one process. Not 0 if one of them goes on; else nothing was done, because the others must not be forgotten.
    static int follow(context *c, const uint64_t *w, uint32_t p, uint32_t count) {
      const uint32_t events = c->batch->event_count;
      c->alternative = 0;
      expand_process(c, w, p);
      if (c->count == count && !c->overflow) {
        c->batch->event_count = events;
        return 0;
      }
      c->transitions += c->alternative;
      return 1;
    }

    /// Delivers the states of the context, in place of each those that safe steps lead to; depth first.
    static void settle(context *c, segment *chain, uint32_t first_event, uint32_t leader, int64_t from) {
      uint32_t depth = 0, name = 0;
      chain[0] = (segment){0, c->count, leader, from};
      mark_pending(c, first_event);
      while (!c->overflow) {
        segment *top = &chain[depth];
        c->count = top->end;
        if (top->next == top->end) {
          if (depth-- == 0) return;
          continue;
        }
        const uint32_t at = top->next++, event_count = c->batch->event_count;
        if (depth == 0) name = c->names[at];
        uint64_t w[WORDS];
        for (int i = 0; i < WORDS; i++) w[i] = c->words[(uint64_t)at * WORDS + i];
        leader = top->leader;
        int is_followed = leader != MMCK_NONE && goes_on(w, leader, top->from) && follow(c, w, leader, top->end);
        if (!is_followed) leader = MMCK_NONE;
        for (uint32_t p = 0; p < PROCESSES && !is_followed; p++)
          is_followed = is_safe(w, p) && follow(c, w, p, top->end);
        if (is_followed) {
          name_successor(c, first_event, at, MMCK_INNER);
          mark_pending(c, event_count);
          if (++depth == CHAIN_LIMIT) __builtin_trap();
          chain[depth] = (segment){top->end, c->count, leader, leader == MMCK_NONE ? 0 : location(w, leader + 1)};
        } else {
          name_successor(c, first_event, at, deliver(c, w, name));
        }
      }
    }

    static context scratch(mmck_batch *batch) {
      context c = {.batch = batch, .grows = 1, .capacity = 256};
      c.words = malloc((uint64_t)c.capacity * WORDS * sizeof *c.words);
      c.sources = malloc(c.capacity * sizeof *c.sources);
      c.names = malloc(c.capacity * sizeof *c.names);
      if (!c.words || !c.sources || !c.names) __builtin_trap();
      return c;
    }

    static void write_covered(const context *c) {
      for (uint32_t i = 0; i < COVERS; i++)
        if (c->covered[i / 64] >> (i % 64) & 1) c->batch->covered[i] = 1;
    }

    /// What a batch has, to go back to if a state has more successors than fit.
    typedef struct {
      uint32_t count, event_count;
      uint64_t transitions;
    } mark;

    static uint32_t expand_and_settle(const uint64_t *states, uint32_t count, uint32_t names, int is_given, mmck_batch *batch) {
      context c = scratch(batch);
      segment *chain = malloc(CHAIN_LIMIT * sizeof *chain);
      if (!chain) __builtin_trap();
      uint32_t *asked = batch->names;
      if (!names) batch->names = 0;
      uint32_t done = 0;
      for (; done < count; done++) {
        const mark before = {batch->count, batch->event_count, c.transitions};
        const uint64_t *in = states + (uint64_t)done * WORDS;
        c.source = done;
        if (is_given) {
          for (int i = 0; i < WORDS; i++) c.words[i] = in[i];
          c.names[0] = 0;
          c.count = 1;
          settle(&c, chain, batch->event_count, MMCK_NONE, 0);
        } else {
          uint64_t moved = 0;
          for (uint32_t p = 0; p < PROCESSES && !c.overflow; p++) {
            const uint32_t first_event = batch->event_count;
            c.count = 0;
            c.alternative = 0;
            expand_process(&c, in, p);
            moved |= finish(&c, p);
            settle(&c, chain, first_event, p, location(in, p + 1));
          }
          if (!moved && !c.overflow) look_for_deadlock(&c, in);
        }
        if (c.overflow) {
          batch->count = before.count;
          batch->event_count = before.event_count;
          c.transitions = before.transitions;
          break;
        }
      }
      batch->names = asked;
      batch->transitions += c.transitions;
      write_covered(&c);
      free(chain);
      free(c.words);
      free(c.sources);
      free(c.names);
      return done;
    }

    uint32_t mmck_settle(const uint64_t *states, uint32_t count, mmck_batch *batch) {
      return expand_and_settle(states, count, 0, 1, batch);
    }

    uint32_t mmck_expand(const uint64_t *states, uint32_t count, uint32_t flags, mmck_batch *batch) {
      if (flags & MMCK_REDUCE) return expand_and_settle(states, count, flags & MMCK_NAME, 0, batch);
      context c = {.batch = batch, .count = batch->count, .capacity = batch->capacity};
      c.words = batch->words;
      c.sources = batch->sources;
      c.names = flags & MMCK_NAME ? batch->names : 0;
      uint32_t done = 0;
      for (; done < count; done++) {
        const mark before = {c.count, batch->event_count, c.transitions};
        const uint64_t *in = states + (uint64_t)done * WORDS;
        c.source = done;
        if (UNLIKELY(!expand_all(&c, in))) look_for_deadlock(&c, in);
        if (UNLIKELY(c.overflow)) {
          c.count = before.count;
          batch->event_count = before.event_count;
          c.transitions = before.transitions;
          break;
        }
      }
      batch->count = c.count;
      batch->transitions += c.transitions;
      write_covered(&c);
      return done;
    }

    """#
}
