/// Steps that may be run alone.
extension CEmitter {
  /// Prints `is_safe`: whether the next step of process `p` commutes with all that others can do in state `w`.
  mutating func emitSafeSteps() {
    text += "\nstatic int is_safe(const uint64_t *w, uint32_t p) { return 0; }\n"
  }
}
