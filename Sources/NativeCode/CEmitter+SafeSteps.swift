import Reductions

/// Steps that may be run alone: the tables of `SafeSteps`, and the two questions that are answered from them.
extension CEmitter {
  /// Prints `is_safe`, whether the next step of a process in state `w` may be taken alone, and `goes_on`, whether a process
  /// that has just come from control point `from` may take its next step alone.
  mutating func emitSafeSteps() {
    guard let steps = options.safeSteps, steps.isCandidate.contains(true) || steps.isOpening.contains(true)
    else {
      text += """

        static inline int is_safe(const uint64_t *w, uint32_t p) { (void)w, (void)p; return 0; }
        static inline int goes_on(const uint64_t *w, uint32_t p, int64_t from) {
          (void)w, (void)p, (void)from;
          return 0;
        }

        """
      return
    }
    line("")
    line("#define CLASS_WORDS \(max(1, steps.blocked.first?.words.count ?? 1))")
    emitNumbers("int32_t step_class", steps.classes)
    emitNumbers("uint8_t is_candidate", steps.isCandidate.map { $0 ? 1 : 0 })
    emitNumbers("uint8_t is_opening", steps.isOpening.map { $0 ? 1 : 0 })
    emitNumbers("uint8_t continuation", steps.continuations.map(\.rawValue))
    emitSets("blocked", steps.blocked)
    emitSets("blocked_after", steps.blockedAfter)
    text += Self.questions
  }

  /// One number for each control point.
  private mutating func emitNumbers(_ declaration: String, _ numbers: [Int]) {
    line("static const \(declaration)[] = {\(numbers.map(String.init).joined(separator: ", "))};")
  }

  private mutating func emitSets(_ name: String, _ sets: [BitSet]) {
    let rows = sets.map { set in
      "{\((set.words.isEmpty ? [0] : set.words).map { Term.literal($0) }.joined(separator: ", "))}"
    }
    line("static const uint64_t \(name)[][CLASS_WORDS] = {\(rows.joined(separator: ", "))};")
  }

  private static let questions = #"""

    /// Everybody but `p` is where the set of his control point does not have the class of `location`.
    static inline int
    is_unblocked(const uint64_t *w, uint32_t p, int64_t location, const uint64_t sets[][CLASS_WORDS]) {
      const int32_t class = step_class[location];
      for (uint32_t q = 0; q < PROCESSES; q++) {
        const int64_t at = get(w, control_slot[q]);
        if (q == p || at == location_count[q]) continue;
        if (sets[first_location[q] + at][class >> 6] >> (class & 63) & 1) return 0;
      }
      return 1;
    }

    static int is_safe(const uint64_t *w, uint32_t p) {
      const int64_t at = get(w, control_slot[p]);
      if (at == location_count[p]) return 0;
      return is_candidate[first_location[p] + at] && is_unblocked(w, p, first_location[p] + at, blocked);
    }

    static int goes_on(const uint64_t *w, uint32_t p, int64_t from) {
      const int64_t at = get(w, control_slot[p]);
      if (!is_opening[from] || at == location_count[p]) return 0;
      const int64_t here = first_location[p] + at;
      if (!continuation[here] || !is_unblocked(w, p, from, blocked_after)) return 0;
      return continuation[here] == \#(SafeSteps.Continuation.always.rawValue) || is_unblocked(w, p, here, blocked);
    }

    """#
}
