import TransitionIR

/// From a process in a state to the function of its step.
extension CEmitter {
  mutating func emitDispatch(_ steps: [String], isInlined: Bool) {
    if isInlined { emitSwitches(steps) } else { emitTable(steps) }
  }

  /// One function for each process, in which everything about the process is a constant.
  private mutating func emitSwitches(_ steps: [String]) {
    var names: [String] = []
    for kind in system.kinds {
      for number in 0..<kind.count {
        let process = kind.firstProcess + number
        names.append("expand_\(process)")
        line("")
        line("static void expand_\(process)(context *c, const uint64_t *in) {")
        line("  run s;")
        line("  begin(&s, c, in, \(process));")
        line("  switch (get(in, control_slot[\(process)])) {")
        for location in 0..<kind.locationCount {
          line("  case \(location): \(steps[kind.firstLocation + location])(&s); break;")
        }
        line("  default: break;")
        line("  }")
        line("}")
      }
    }
    line("")
    line("static void (*const processes[])(context *, const uint64_t *) = {")
    line("  \(names.isEmpty ? "0" : names.joined(separator: ", "))};")
    line("")
    line(
      "static inline void expand_process(context *c, const uint64_t *in, uint32_t p) { processes[p](c, in); }"
    )
    line("")
    line("static uint64_t expand_all(context *c, const uint64_t *in) {")
    line("  uint64_t moved = 0;")
    for (process, name) in names.enumerated() {
      line("  c->alternative = 0; \(name)(c, in); moved |= finish(c, \(process));")
    }
    line("  return moved;")
    line("}")
  }

  private mutating func emitTable(_ steps: [String]) {
    line("")
    line("static int (*const steps[])(run *) = {\(steps.isEmpty ? "0" : steps.joined(separator: ", "))};")
    text += StepRuntime.dispatch
  }
}
