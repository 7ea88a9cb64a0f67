import TransitionIR

/// Properties: functions of a run that say whether they hold in its state.
extension CEmitter {
  struct PropertyNames {
    let body: String
    let antecedents: [String]
  }

  /// The functions of all properties.
  mutating func propertyNames() -> [PropertyNames] {
    isProperty = true
    defer { isProperty = false }
    return system.properties.map { property in
      PropertyNames(
        body: predicate(property.body), antecedents: property.antecedents.map { predicate($0.expression) })
    }
  }

  private mutating func predicate(_ expression: Expression) -> String {
    function("int64_t", "", "return \(term(expression).text) != 0;")
  }

  /// Prints which step properties the step of a run breaks.
  mutating func emitStepProperties(_ names: [PropertyNames]) {
    let steps = zip(system.properties, names).enumerated().filter { $0.element.0.group == .step }
    line("#define HAS_STEP_PROPERTIES \(steps.isEmpty ? 0 : 1)")
    line("")
    line("FN uint64_t broken_by(const run *s) {")
    line("  uint64_t broken = 0;")
    for (index, (_, name)) in steps {
      line("  { run t = *s; t.failed = 0; if (!HOLDS(\(name.body), t)) broken |= UINT64_C(1) << \(index); }")
    }
    line("  return broken;")
    line("}")
  }

  mutating func emitCheck(_ names: [PropertyNames]) {
    line(
      """

      uint32_t mmck_check(const uint64_t *states, uint32_t count, uint64_t wanted_properties,
                          uint64_t wanted_leaks, mmck_verdict *verdicts, uint8_t *tried) {
        uint32_t found = 0;
        (void)tried;
        for (uint32_t i = 0; i < count; i++) {
          run s;
          begin(&s, 0, states + (uint64_t)i * WORDS, 0);
          uint64_t noted = 0, lost = 0;
      """)
    var antecedents = 0
    for (index, (property, name)) in zip(system.properties, names).enumerated() {
      let isWanted = "wanted_properties >> \(index) & 1"
      switch property.group {
      case .invariant:
        line("    if (\(isWanted) && !HOLDS(\(name.body), s)) noted |= UINT64_C(1) << \(index);")
      case .reachable:
        line("    if (\(isWanted) && HOLDS(\(name.body), s)) noted |= UINT64_C(1) << \(index);")
      case .step: break
      }
      for antecedent in name.antecedents {
        line(
          "    if (!tried[\(antecedents)] && HOLDS(\(antecedent), s)) tried[\(antecedents)] = 1;"
        )
        antecedents += 1
      }
    }
    line(
      """
          if (wanted_leaks) lost = leaks(s.w) & wanted_leaks;
          if (UNLIKELY((noted | lost) != 0)) verdicts[found++] = (mmck_verdict){i, noted, lost};
        }
        return found;
      }
      """)
  }
}
