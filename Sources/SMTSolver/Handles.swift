// Swift sees every handle of Z3 as an `OpaquePointer`, so a sort given for a term would compile. Each kind therefore has a
// struct of its own here. No handle and no raw pointer leaves this target.

/// A context: what all other handles live in, and die with.
///
/// Sendable although contexts are not thread-safe: the only call made from another thread than that of the solver is
/// `Z3_interrupt`, which is meant for that.
struct ContextHandle: Equatable, @unchecked Sendable {
  let raw: OpaquePointer
}

struct SortHandle {
  let raw: OpaquePointer
}

/// A term of Z3.
///
/// Z3 stores equal terms once, so equal pointers are equal terms.
struct FormulaHandle: Hashable {
  let raw: OpaquePointer
}

/// The symbol of a variable, which is what models are made of.
struct SymbolHandle: Hashable {
  let raw: OpaquePointer
}

struct SolverHandle {
  let raw: OpaquePointer
}

/// Z3 could not do what was asked.
struct Failure: Error, Equatable {
  let reason: String
  /// Z3 refused what it was given; nothing else went wrong, such as memory.
  var isRefusal = false
}
