import TransitionIR

/// Clauses as people read them, in the notation of specs; what a spec has no words for is written as the text form of systems has it:
/// `find_vma.mm[x]` is the local of process x.
extension Clause {
  public func description(in system: TransitionSystem) -> String {
    ClauseWriter(self, system).text
  }
}
