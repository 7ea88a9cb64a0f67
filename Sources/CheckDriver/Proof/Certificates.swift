import Evidence
import SMTSolver
import SymbolicEngine

/// What became of the certificate of one property.
struct WrittenCertificate: Sendable {
  let property: String
  /// Where it was written; nil if there is none.
  let folder: String?
  /// Why there is none, although the property is proven.
  let refusal: String?
}

/// Writes a certificate for each property whose goals are all proven, below `folder`: `<spec>/<scope>/<property>/`.
///
/// Before it is written, all its obligations are asked anew, and lemmas that are not needed are left out while there is time: what
/// is left of it is divided evenly. Then it is held against `states` that can be reached, if there are any. Those that stand on the
/// fewest lemmas come first, and each is told when it is written, since time may end in the middle of one.
///
/// Throws `HostError` if a file cannot be written, `EncodingRefusal` if a step has no formula, `StateOutside` if a proof is wrong.
func writeCertificates(
  of proof: InductiveProof, heldAgainst states: HeldStates?, meta: Trace.Meta, onlyOf properties: Set<String>,
  into folder: String, host: Host, secondsLeft: @escaping () -> Double, tell: (WrittenCertificate) -> Void
) throws {
  let obligations = try Obligations(proof.goals)
  var options = SolverOptions()
  options.timeout = queryLimit
  let solver = try ObligationSolver(obligations, options: options)
  let origin = CertificateFolder.Origin(meta)
  let wanted = provenProperties(proof).filter(properties.contains)
  for (number, property) in wanted.enumerated() {
    let end = host.now() + secondsLeft() / Double(wanted.count - number)
    let isOver = { host.now() > end || secondsLeft() <= 0 }
    do {
      let certificate = try Certificate(of: property, in: proof, solver, isOver: isOver)
      let inside = try states?.check(certificate, isOver: { secondsLeft() <= 0 })
      let written = CertificateFolder(certificate, from: origin, inside ?? .none)
      for file in written.files { try host.write("\(folder)/\(file.path)", file.text) }
      tell(
        WrittenCertificate(
          property: property, folder: "\(folder)/\(written.path)", refusal: nil))
    } catch let refusal as Certificate.Refusal {
      tell(
        WrittenCertificate(
          property: property, folder: nil, refusal: refusal.description))
    }
  }
}

/// Of one query: what takes longer is mostly not worth what the other certificates lose by it.
private let queryLimit = Duration.seconds(2)

/// Properties of which no goal is left open, those that stand on the fewest lemmas first.
func provenProperties(_ proof: InductiveProof) -> [String] {
  var used: [String: Set<Int>] = [:]
  var open = Set<String>()
  for goal in proof.allGoals {
    if case .proven(let lemmas) = proof.result(goal) {
      used[goal.property, default: []].formUnion(lemmas)
    } else {
      open.insert(goal.property)
    }
  }
  return used.filter { !open.contains($0.key) }.sorted { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
    .map(\.key)
}
