import Foundation

/// A fault for tests: the process kills itself when it is about to answer the property that `MMCK_PROVER_DIES_AT` names.
///
/// Without the variable nothing happens. What is tested is everything around the process that dies.
enum ProofFault {
  private static let property = ProcessInfo.processInfo.environment["MMCK_PROVER_DIES_AT"]

  static func strike(at property: String) {
    if property == Self.property { kill(getpid(), SIGKILL) }
  }
}
