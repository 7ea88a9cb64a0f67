import Evidence
import SMTSolver
import SymbolicEngine

/// What became of the certificate of one property.
public struct WrittenCertificate: Sendable {
  public let property: String
  /// Where it was written; nil if there is none.
  public let folder: String?
  public let lemmaCount: Int
  /// Whether every lemma is needed.
  public let isMinimal: Bool
  /// Why there is none, although the property is proven.
  public let refusal: String?
}

/// Writes a certificate for each property whose goals are all proven, below `folder`: `<spec>/<scope>/<property>/`.
///
/// Before it is written, Z3 confirms all its obligations anew, and lemmas that are not needed are left out as long as `isOver` is
/// false; it is asked between queries. `scope` is for proofs of more than one scope: "any number of user". `onlyOf` picks
/// properties; nil takes all. Throws `HostError` if a file cannot be written, `EncodingRefusal` if a step has no formula.
public func writeCertificates(
  of proof: InductiveProof, meta: Trace.Meta, scope: String? = nil, onlyOf properties: Set<String>? = nil,
  allProcesses: Bool = false, into folder: String, host: Host, isOver: () -> Bool
) throws -> [WrittenCertificate] {
  let obligations = try Obligations(proof.goals, allProcesses: allProcesses)
  let solver = ObligationSolver(obligations)
  let origin = CertificateFolder.Origin(meta, scope: scope)
  return try provenProperties(proof).filter { properties?.contains($0) ?? true }.map { property in
    do {
      let certificate = try Certificate(of: property, in: proof, solver, isOver: isOver)
      let written = CertificateFolder(certificate, from: origin)
      for file in written.files { try host.write("\(folder)/\(file.path)", file.text) }
      return WrittenCertificate(
        property: property, folder: "\(folder)/\(written.path)", lemmaCount: certificate.lemmas.count,
        isMinimal: certificate.isMinimal, refusal: nil)
    } catch let refusal as Certificate.Refusal {
      return WrittenCertificate(
        property: property, folder: nil, lemmaCount: 0, isMinimal: false, refusal: refusal.description)
    }
  }
}

/// Properties of which no goal is left open, in order.
func provenProperties(_ proof: InductiveProof) -> [String] {
  var isProven: [String: Bool] = [:]
  for goal in proof.allGoals {
    if case .proven = proof.result(goal) {
      isProven[goal.property] = isProven[goal.property] ?? true
    } else {
      isProven[goal.property] = false
    }
  }
  return isProven.filter(\.value).keys.sorted()
}
