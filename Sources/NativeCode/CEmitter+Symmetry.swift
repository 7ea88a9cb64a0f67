/// Representatives of orbits.
extension CEmitter {
  /// Prints `mmck_canonicalize`; without symmetry every state is its own representative.
  mutating func emitCanonicalize() {
    text += """

      void mmck_canonicalize(uint64_t *states, uint32_t count) {
        (void)states, (void)count;
      }

      """
  }
}
