import TransitionIR

/// Clauses as expressions of a system: what the solver and the interpreter are asked.
extension Clause {
  /// The clause as a closed expression that has a value in every state: each path is guarded by what makes it defined.
  ///
  /// Uses the bound variables `firstBound` and the one after it, which must occur nowhere around the expression; the interpreter needs
  /// a system whose `boundCount` is above them.
  public func expression(in system: TransitionSystem, firstBound: BoundID) -> Expression {
    let writer = ExpressionWriter(self, system, firstBound)
    return writer.closed(.unary(.not, writer.conjunction, mask: 1))
  }
}
