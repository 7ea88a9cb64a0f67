/// The part of `mmck_canonicalize` that does not depend on the spec: `SymmetryRefinement` in C, with the same words and numbers.
///
/// Before it stand the tables and `WORDS`, `SYM_ELEMENTS`, `SYM_FIELDS` and `SYM_ARITY` (most elements that a slot belongs to).
enum SymmetryRuntime {
  static let source = #"""

    typedef struct { uint64_t tag; uint32_t count; uint8_t elements[SYM_ARITY + 1]; } sym_fact;

    /// Cells are runs in `order`; the colour of an element is where its cell begins.
    typedef struct { uint8_t order[SYM_ELEMENTS], colour[SYM_ELEMENTS]; } sym_partition;

    typedef struct {
      const uint64_t *words;
      uint32_t used_count, relation_count, has_best;
      /// Fields that are not plain and not zero.
      struct { uint32_t field; uint64_t value; } used[SYM_FIELDS];
      sym_fact relations[WORDS * 64];
      uint32_t degree[SYM_ELEMENTS];
      uint64_t best[WORDS];
    } sym_search;

    /// The state in which element e has become image[e].
    static void sym_move(const sym_search *s, const uint8_t *image, uint64_t *out) {
      for (uint32_t i = 0; i < WORDS; i++) out[i] = s->words[i] & ~sym_mask[i];
      for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t left = s->words[w] & sym_plain_mask[w]; left; left &= left - 1) {
          const sym_bit *b = &sym_plain_bits[w * 64 + (uint32_t)__builtin_ctzll(left)];
          int32_t slot = b->slot + b->stride * ((int32_t)image[b->element] - b->element);
          out[sym_bits_of[slot].word] |= UINT64_C(1) << (sym_bits_of[slot].shift + b->index);
        }
      for (uint32_t i = 0; i < s->used_count; i++) {
        const sym_field *f = &sym_fields[s->used[i].field];
        uint64_t value = s->used[i].value;
        int32_t slot = f->slot;
        for (uint32_t k = 0; k < f->arity; k++)
          slot += f->strides[k] * ((int32_t)image[f->elements[k]] - f->elements[k]);
        if (f->content == SYM_POINTER) {
          int16_t e = sym_targets[f->targets + value];
          if (e >= 0) value = (uint64_t)((int64_t)value + image[e] - e);
        } else if (f->content == SYM_SET) {
          uint64_t moved = 0;
          for (uint64_t rest = value; rest; rest &= rest - 1) {
            int32_t bit = __builtin_ctzll(rest);
            int16_t e = sym_targets[f->targets + bit + 1];
            moved |= UINT64_C(1) << (e >= 0 ? bit + image[e] - e : bit);
          }
          value = moved;
        }
        out[sym_bits_of[slot].word] |= value << sym_bits_of[slot].shift;
      }
    }

    static inline int sym_equal(const uint64_t *a, const uint64_t *b) {
      uint64_t difference = 0;
      for (uint32_t i = 0; i < WORDS; i++) difference |= a[i] ^ b[i];
      return difference == 0;
    }

    static inline int sym_less(const uint64_t *a, const uint64_t *b) {
      for (uint32_t i = 0; i < WORDS; i++)
        if (a[i] != b[i]) return a[i] < b[i];
      return 0;
    }

    static inline void sym_add(sym_search *s, uint64_t *signature, const sym_field *f, uint64_t tag, int16_t target) {
      uint32_t count = f->arity + (target >= 0);
      if (count == 1) {
        uint32_t e = target >= 0 ? (uint32_t)target : f->elements[0];
        s->degree[e]++;
        signature[e] += tag;
        return;
      }
      sym_fact *fact = &s->relations[s->relation_count++];
      fact->tag = tag;
      fact->count = count;
      for (uint32_t k = 0; k < f->arity; k++) fact->elements[k] = f->elements[k];
      if (target >= 0) fact->elements[f->arity] = (uint8_t)target;
      for (uint32_t k = 0; k < count; k++) s->degree[fact->elements[k]]++;
    }

    static inline void sym_add_targets(sym_search *s, uint64_t *signature, const sym_field *f, uint64_t value) {
      uint64_t rest = value;
      if (f->content == SYM_POINTER) {
        int16_t e = sym_targets[f->targets + value];
        if (e >= 0) {
          sym_add(s, signature, f, f->target_tag, e);
          return;
        }
      } else if (f->content == SYM_SET) {
        for (uint64_t bits = value; bits; bits &= bits - 1) {
          int16_t e = sym_targets[f->targets + __builtin_ctzll(bits) + 1];
          if (e < 0) continue;
          sym_add(s, signature, f, f->target_tag, e);
          rest &= ~(bits & -bits);
        }
      }
      if (rest && f->arity) sym_add(s, signature, f, f->factor * rest, -1);
    }

    /// Facts about one element are its signature; the others are kept as relations.
    static void sym_collect(sym_search *s, uint64_t *signature) {
      for (uint32_t w = 0; w < WORDS; w++) {
        // Plain fields of one element are most of all: a value is the sum of its bits, and bits need no branches.
        for (uint64_t left = s->words[w] & sym_plain_mask[w]; left; left &= left - 1) {
          const sym_bit *b = &sym_plain_bits[w * 64 + (uint32_t)__builtin_ctzll(left)];
          s->degree[b->element]++;
          signature[b->element] += b->factor;
        }
        uint64_t left = s->words[w] & sym_mask[w] & ~sym_plain_mask[w];
        while (left) {
          uint32_t number = sym_field_at[w * 64 + (uint32_t)__builtin_ctzll(left)];
          const sym_field *f = &sym_fields[number];
          uint64_t value = (left >> f->shift) & f->mask;
          left &= ~(f->mask << f->shift);
          s->used[s->used_count].field = number;
          s->used[s->used_count++].value = value;
          sym_add_targets(s, signature, f, value);
        }
      }
    }

    static inline uint32_t sym_end(const sym_partition *p, uint32_t start) {
      uint32_t end = start + 1;
      while (end < SYM_ELEMENTS && p->colour[p->order[end]] == start) end++;
      return end;
    }

    /// Sorts a cell by a signature and splits it; true if it was split.
    static inline int sym_split(sym_partition *p, uint32_t start, uint32_t end, const uint64_t *signature) {
      for (uint32_t i = start + 1; i < end; i++) {
        uint8_t e = p->order[i];
        uint32_t k = i;
        for (; k > start && signature[p->order[k - 1]] > signature[e]; k--) p->order[k] = p->order[k - 1];
        p->order[k] = e;
      }
      uint32_t colour = start;
      for (uint32_t i = start; i < end; i++) {
        if (i > start && signature[p->order[i]] != signature[p->order[i - 1]]) colour = i;
        p->colour[p->order[i]] = (uint8_t)colour;
      }
      return colour != start;
    }

    /// Splits cells by what is said about their elements until nothing changes.
    static void sym_refine(const sym_search *s, sym_partition *p) {
      for (int changes = 1; changes;) {
        changes = 0;
        uint32_t start = 0;
        while (start < SYM_ELEMENTS && sym_end(p, start) == start + 1) start++;
        if (start == SYM_ELEMENTS) return;
        uint64_t signature[SYM_ELEMENTS] = {0};
        uint8_t is_open[SYM_ELEMENTS] = {0};
        for (uint32_t i = start; i < SYM_ELEMENTS;) {
          uint32_t end = sym_end(p, i);
          for (uint32_t k = i; end - i > 1 && k < end; k++) is_open[p->order[k]] = 1;
          i = end;
        }
        for (uint32_t i = 0; i < s->relation_count; i++) {
          const sym_fact *fact = &s->relations[i];
          uint32_t matters = 0;
          for (uint32_t k = 0; k < fact->count; k++) matters |= is_open[fact->elements[k]];
          if (!matters) continue;
          for (uint32_t k = 0; k < fact->count; k++) {
            uint8_t e = fact->elements[k];
            if (!is_open[e]) continue;
            uint64_t product = fact->tag + k;
            for (uint32_t j = 0; j < fact->count; j++)
              if (j != k) product *= sym_factors[j * SYM_ELEMENTS + p->colour[fact->elements[j]]];
            signature[e] += product;
          }
        }
        while (start < SYM_ELEMENTS) {
          uint32_t end = sym_end(p, start);
          if (end - start > 1 && sym_split(p, start, end, signature)) changes = 1;
          start = end;
        }
      }
    }

    /// Swapping the two leaves the state equal.
    static int sym_twins(const sym_search *s, uint8_t a, uint8_t b) {
      if (!s->degree[a] && !s->degree[b]) return 1;
      if (s->degree[a] != s->degree[b]) return 0;
      uint8_t image[SYM_ELEMENTS];
      uint64_t swapped[WORDS];
      for (uint32_t e = 0; e < SYM_ELEMENTS; e++) image[e] = (uint8_t)e;
      image[a] = b;
      image[b] = a;
      sym_move(s, image, swapped);
      return sym_equal(swapped, s->words);
    }

    /// Puts one of each class of twins at the beginning of `distinct`.
    static uint32_t sym_distinct(const sym_search *s, const sym_partition *p, uint32_t start, uint32_t end, uint8_t *distinct) {
      uint32_t count = 0;
      for (uint32_t i = start; i < end; i++) {
        uint32_t k = 0;
        while (k < count && !sym_twins(s, distinct[k], p->order[i])) k++;
        if (k == count) distinct[count++] = p->order[i];
      }
      return count;
    }

    /// Keeps the state that a numbering of the elements gives if it is the least so far, and hands it out.
    static void sym_leaf(sym_search *s, const sym_partition *p, uint64_t *leaf) {
      uint8_t image[SYM_ELEMENTS];
      uint32_t moved = 0;
      for (uint32_t i = 0; i < SYM_ELEMENTS; i++) {
        image[p->order[i]] = (uint8_t)i;
        moved |= p->order[i] ^ i;
      }
      if (moved) sym_move(s, image, leaf);
      else __builtin_memcpy(leaf, s->words, WORDS * 8);
      if (s->has_best && !sym_less(leaf, s->best)) return;
      __builtin_memcpy(s->best, leaf, WORDS * 8);
      s->has_best = 1;
    }

    /// Sets `first` to the first leaf below; true if it is `known`, and nothing else is looked at then.
    ///
    /// Each call deeper has one more cell, so there are never more than SYM_ELEMENTS.
    static int sym_explore(sym_search *s, sym_partition p, const uint64_t *known, uint64_t *first) {
      sym_refine(s, &p);
      for (uint32_t start = 0; start < SYM_ELEMENTS;) {
        uint32_t end = sym_end(&p, start);
        if (end - start > 1) {
          uint8_t distinct[SYM_ELEMENTS];
          uint32_t count = sym_distinct(s, &p, start, end, distinct);
          for (uint32_t i = 0; count > 1 && i < count; i++) {
            sym_partition branch = p;
            uint32_t k = start;
            while (branch.order[k] != distinct[i]) k++;
            branch.order[k] = branch.order[start];
            branch.order[start] = distinct[i];
            for (k = start + 1; k < end; k++) branch.colour[branch.order[k]] = (uint8_t)(start + 1);
            uint64_t other[WORDS];
            if (sym_explore(s, branch, i ? first : known, i ? other : first) && i == 0) return 1;
          }
          if (count > 1) return 0;
          for (uint32_t k = start; k < end; k++) p.colour[p.order[k]] = (uint8_t)k;
        }
        start = end;
      }
      sym_leaf(s, &p, first);
      return known && sym_equal(known, first);
    }

    static void sym_canonicalize(uint64_t *words) {
      sym_search s;
      sym_partition p;
      uint64_t signature[SYM_ELEMENTS] = {0};
      s.words = words;
      s.used_count = s.relation_count = s.has_best = 0;
      __builtin_memset(s.degree, 0, sizeof s.degree);
      sym_collect(&s, signature);
      for (uint32_t e = 0; e < SYM_ELEMENTS; e++) p.order[e] = (uint8_t)e;
      for (uint32_t g = 0; g < sizeof sym_groups / sizeof sym_groups[0]; g++)
        sym_split(&p, sym_groups[g].first, sym_groups[g].end, signature);
      uint64_t first[WORDS];
      sym_explore(&s, p, 0, first);
      __builtin_memcpy(words, s.best, sizeof s.best);
    }

    """#
}
