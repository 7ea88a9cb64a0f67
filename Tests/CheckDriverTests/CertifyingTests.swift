import SpecSemantics
import Synchronization
import Testing

@testable import CheckDriver

@Suite("Certificates of a proof")
struct CertifyingTests {
  private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  @Test("are written for what can fail somewhere; of what cannot it is said that there is nothing to write")
  func messages() throws {
    let written = Mutex<Set<String>>([])
    var host = Host.system
    host.write = { path, _ throws(HostError) in _ = written.withLock { $0.insert(path) } }
    var request = ProofRequest(
      path: "\(Self.root)/specs/classic/mutex.mmck", overrides: ["TASKS": "3"], scope: "large",
      granularity: .statement, properties: ["mutual_exclusion", "lock_pairing", "range.division"])
    request.certificateFolder = "certificates"
    var certified: [String: (folder: String?, refusal: String?)] = [:]
    try ProofRun(request, host: host) { message in
      if case .certified(let property, let folder, let refusal) = message {
        certified[property] = (folder, refusal)
      }
    }.run()
    #expect(Set(certified.keys) == Set(request.properties))
    #expect(certified["range.division"]?.folder == nil)
    #expect(certified["range.division"]?.refusal == "there is no place where it could fail")
    for property in ["mutual_exclusion", "lock_pairing"] {
      let folder = try #require(certified[property]?.folder)
      #expect(written.withLock { $0 }.contains("\(folder)/manifest.json"))
    }
  }
}
