import Reductions
import TransitionIR

/// Prints `mmck_canonicalize`: tables for what is refined, and straight code for what is sorted.
public enum SymmetryCode {
  /// C text that needs `<stdint.h>` and `WORDS` before it.
  ///
  /// Nil: every state stays as it is.
  public static func text(_ symmetry: Symmetry?) -> String {
    guard let tables = symmetry?.tables else {
      return "\nvoid mmck_canonicalize(uint64_t *states, uint32_t count) {\n  (void)states, (void)count;\n}\n"
    }
    var text = tables.sorted.isEmpty ? "" : attributes
    if tables.elementCount > 0 { text += refinementTables(tables) + SymmetryRuntime.source }
    for (number, group) in tables.sorted.enumerated() {
      text += sorting(group, number, wordCount: tables.wordCount)
    }
    if !tables.sorted.isEmpty {
      text += "\nstatic SYM_WIDE void sym_sort_all(uint64_t *states, uint32_t count) {\n"
      text += loop(tables.sorted.indices.map { "sym_sort_\($0)(w);" })
    }
    text += "\nvoid mmck_canonicalize(uint64_t *states, uint32_t count) {\n"
    if !tables.sorted.isEmpty { text += "  sym_sort_all(states, count);\n" }
    if tables.elementCount > 0 { return text + loop(["sym_canonicalize(w);"]) }
    return text + (tables.sorted.isEmpty ? "  (void)states, (void)count;\n}\n" : "}\n")
  }

  private static func loop(_ calls: [String]) -> String {
    "  for (uint64_t *w = states, *end = states + (uint64_t)count * WORDS; w < end; w += WORDS) {\n"
      + calls.map { "    \($0)\n" }.joined() + "  }\n}\n"
  }

  /// The same shifts for every member, and for every state, are what wide registers are good at: eight times faster with AVX-512.
  private static let attributes = """

    #if defined(__x86_64__) && defined(__linux__) && defined(__clang__) && __clang_major__ >= 17
    #define SYM_WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
    #define SYM_INLINE __attribute__((always_inline))
    #else
    #define SYM_WIDE
    #define SYM_INLINE
    #endif

    """

  // MARK: Refined groups

  private static func refinementTables(_ tables: SymmetryTables) -> String {
    var masks = [UInt64](repeating: 0, count: tables.wordCount)
    var plainMasks = masks
    var plainBits = [String](repeating: "{0}", count: tables.wordCount * 64)
    var fieldAt = [Int](repeating: 0, count: tables.wordCount * 64)
    var bitsOf: [Int: String] = [:]
    var targetStart: [Int] = []
    var targets: [Int] = []
    for pool in tables.targets {
      targetStart.append(targets.count)
      targets += pool
    }
    let arity = max(1, tables.fields.map(\.coordinates.count).max() ?? 1)
    var rows: [String] = []
    for (number, field) in tables.fields.enumerated() {
      let bits = field.bits
      masks[bits.word] |= bits.mask << UInt64(bits.shift)
      if field.content == .plain, field.coordinates.count == 1 {
        plainMasks[bits.word] |= bits.mask << UInt64(bits.shift)
        for bit in 0..<64 - bits.mask.leadingZeroBitCount {
          plainBits[bits.word * 64 + bits.shift + bit] =
            "{UINT64_C(\(field.factor << UInt64(bit))), \(field.slot), \(field.coordinates[0].stride), "
            + "\(field.coordinates[0].element), \(bit)}"
        }
      }
      for bit in 0..<64 where (bits.mask << UInt64(bits.shift)) >> UInt64(bit) & 1 == 1 {
        fieldAt[bits.word * 64 + bit] = number
      }
      bitsOf[field.slot] = "{\(bits.word), \(bits.shift)}"
      let elements = list(field.coordinates.map { "\($0.element)" })
      let strides = list(field.coordinates.map { "\($0.stride)" })
      rows.append(
        "{UINT64_C(\(bits.mask)), UINT64_C(\(field.factor)), UINT64_C(\(field.targetTag)), \(field.slot), "
          + "\(targetStart[field.pool]), \(bits.shift), \(field.content.rawValue), \(field.coordinates.count), \(elements), \(strides)}"
      )
    }
    let slots = (0...(bitsOf.keys.max() ?? 0)).map { bitsOf[$0] ?? "{0, 0}" }
    let factors = (0...arity).flatMap { place in
      (0..<tables.elementCount).map {
        "UINT64_C(\(SymmetryTables.factor(ofColour: $0, place: place, elementCount: tables.elementCount)))"
      }
    }
    let groups = tables.refined.map { group in
      let first = tables.targets[group.pool.index][group.firstPointer]
      return "{\(first), \(first + group.count)}"
    }
    return """

      #define SYM_ELEMENTS \(tables.elementCount)
      #define SYM_FIELDS \(tables.fields.count)
      #define SYM_ARITY \(arity)
      enum { SYM_PLAIN, SYM_POINTER, SYM_SET };
      typedef struct {
        uint64_t mask, factor, target_tag;
        int32_t slot, targets;
        uint8_t shift, content, arity, elements[SYM_ARITY];
        int32_t strides[SYM_ARITY];
      } sym_field;
      static const sym_field sym_fields[] = \(list(rows));
      static const uint64_t sym_mask[WORDS] = \(list(masks.map { "UINT64_C(\($0))" }));
      static const uint64_t sym_plain_mask[WORDS] = \(list(plainMasks.map { "UINT64_C(\($0))" }));
      typedef struct { uint64_t factor; int32_t slot, stride; uint8_t element, index; } sym_bit;
      static const sym_bit sym_plain_bits[] = \(list(plainBits));
      static const uint64_t sym_factors[] = \(list(factors));
      static const uint16_t sym_field_at[] = \(list(fieldAt.map(String.init)));
      static const struct { uint16_t word, shift; } sym_bits_of[] = \(list(slots));
      /// For each pool and pointer value, the element it names.
      static const int16_t sym_targets[] = \(list(targets.map(String.init)));
      static const struct { uint32_t first, end; } sym_groups[] = \(list(groups));

      """
  }

  private static func list(_ items: [String]) -> String {
    "{" + (items.isEmpty ? "0" : items.joined(separator: ", ")) + "}"
  }

  // MARK: Sorted groups

  /// Keys of all members into variables, a sorting network, and the keys taken apart again, if they were not in order.
  private static func sorting(_ sorted: SymmetryTables.SortedGroup, _ number: Int, wordCount: Int) -> String {
    let count = sorted.group.count
    let first = sorted.group.firstPointer
    var text = "\n/// \(count) members.\nstatic inline SYM_INLINE void sym_sort_\(number)(uint64_t *w) {\n"
    var loads: [String] = []
    for (index, column) in sorted.columns.enumerated() {
      switch column.content {
      case .rows: break
      case .pointer(let bits): loads.append("const uint64_t c\(index) = UINT64_C(1) << \(read(bits));")
      case .set(let bits): loads.append("const uint64_t c\(index) = \(read(bits)) << 1;")
      }
    }
    text += loads.map { "  \($0)\n" }.joined()
    for member in 0..<count {
      let parts = sorted.columns.enumerated().map { index, column in
        let part =
          switch column.content {
          case .rows(let rows): read(rows[member])
          case .pointer, .set: "((c\(index) >> \(first + member)) & 1)"
          }
        return column.shift == 0 ? part : "\(part) << \(column.shift)"
      }
      text += "  uint64_t k\(member) = \(parts.isEmpty ? "0" : parts.joined(separator: " | "));\n"
    }
    let inOrder = (1..<count).map { "(k\($0 - 1) <= k\($0))" }.joined(separator: " & ")
    text += "  if (\(inOrder)) return;\n  uint64_t low;\n"
    for (a, b) in network(count) {
      text += "  low = k\(a) < k\(b) ? k\(a) : k\(b); k\(b) = k\(a) < k\(b) ? k\(b) : k\(a); k\(a) = low;\n"
    }
    return text + stores(sorted, wordCount) + "}\n"
  }

  private static func stores(_ sorted: SymmetryTables.SortedGroup, _ wordCount: Int) -> String {
    let members = 0..<sorted.group.count
    let first = sorted.group.firstPointer
    var text = ""
    var cleared = [UInt64](repeating: 0, count: wordCount)
    var parts = [[String]](repeating: [], count: wordCount)
    for (index, column) in sorted.columns.enumerated() {
      func part(_ member: Int, _ mask: UInt64) -> String {
        column.shift == 0 ? "(k\(member) & \(mask))" : "(k\(member) >> \(column.shift) & \(mask))"
      }
      switch column.content {
      case .rows(let rows):
        for (member, bits) in rows.enumerated() {
          cleared[bits.word] |= bits.mask << UInt64(bits.shift)
          parts[bits.word].append("\(part(member, bits.mask)) << \(bits.shift)")
        }
      case .pointer(let bits):
        // Whoever is named has a bit; nobody of this group: the pointer stays what it is.
        let named = members.map { "\(part($0, 1)) << \(first + $0)" }.joined(separator: " | ")
        text += "  const uint64_t n\(index) = \(named);\n"
        cleared[bits.word] |= bits.mask << UInt64(bits.shift)
        parts[bits.word].append(
          "(n\(index) ? (uint64_t)__builtin_ctzll(n\(index)) : \(read(bits))) << \(bits.shift)")
      case .set(let bits):
        for member in members {
          let shift = bits.shift + first + member - 1
          cleared[bits.word] |= 1 << UInt64(shift)
          parts[bits.word].append("\(part(member, 1)) << \(shift)")
        }
      }
    }
    for word in 0..<wordCount where cleared[word] != 0 {
      text +=
        "  w[\(word)] = (w[\(word)] & ~UINT64_C(\(cleared[word]))) | \(parts[word].joined(separator: " | "));\n"
    }
    return text
  }

  private static func read(_ bits: SymmetryTables.Bits) -> String {
    "(w[\(bits.word)] >> \(bits.shift) & UINT64_C(\(bits.mask)))"
  }

  /// Batcher's odd-even merge sort for any number of keys, as pairs to be put in order.
  private static func network(_ count: Int) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    var size = 1
    while size < count {
      var gap = size
      while gap >= 1 {
        for start in stride(from: gap % size, through: count - 1 - gap, by: 2 * gap) {
          for offset in 0..<min(gap, count - start - gap) {
            let a = start + offset
            if a / (size * 2) == (a + gap) / (size * 2) { pairs.append((a, a + gap)) }
          }
        }
        gap /= 2
      }
      size *= 2
    }
    return pairs
  }
}
