/// How a solver searches, and when it gives up.
public struct SolverOptions: Sendable {
  /// Which of Z3's solvers is asked.
  public enum Logic: Sendable, CaseIterable {
    /// An incremental SAT solver behind a bit-blaster (Z3's QF_FD): the fastest for many small queries.
    case finiteDomain
    /// Z3's solver for words (QF_BV).
    case bitVectors
    /// Whatever Z3 thinks fit; the only one that knows quantifiers and uninterpreted sorts.
    case general
  }

  public var logic: Logic

  /// Equal seeds and equal queries in equal order give equal answers.
  public var randomSeed: UInt32 = 0

  /// How much work one query may be, in units of Z3; nil is no limit.
  ///
  /// Unlike `timeout` it cuts every run at the same place, on every machine.
  public var resourceLimit: UInt32?

  /// How long one query may take.
  ///
  /// Z3 looks at the clock now and then only, so it may take longer.
  public var timeout: Duration?

  /// Whether each model is checked against all that was asserted and assumed; if it does not fit, the answer is `unknown`.
  ///
  /// Time is linear in the size of the query.
  public var verifiesModels = false

  public init(_ logic: Logic = .finiteDomain) { self.logic = logic }

  /// What Z3 calls the logic; nil asks for its general solver.
  var logicName: String? {
    switch logic {
    case .finiteDomain: "QF_FD"
    case .bitVectors: "QF_BV"
    case .general: nil
    }
  }

  /// Z3's parameters for one solver.
  ///
  /// It never installs a handler for signals: these belong to the program.
  var parameters: [(name: String, value: Parameter)] {
    var all: [(String, Parameter)] = [("random_seed", .number(randomSeed)), ("ctrl_c", .truth(false))]
    if let resourceLimit { all.append(("rlimit", .number(max(1, resourceLimit)))) }
    if let timeout { all.append(("timeout", .number(Self.milliseconds(timeout)))) }
    return all
  }

  enum Parameter {
    case number(UInt32)
    case truth(Bool)
  }

  /// At least one: Z3 takes zero for no limit.
  private static func milliseconds(_ duration: Duration) -> UInt32 {
    let (seconds, attoseconds) = duration.components
    guard seconds < Int64(UInt32.max) / 1000 - 1 else { return .max - 1 }
    return UInt32(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
  }
}
