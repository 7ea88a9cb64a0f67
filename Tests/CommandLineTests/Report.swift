import Foundation
import Testing

/// A report of `--json`.
struct Report {
  struct Result {
    let members: [String: Any]
    var property: String { members["property"] as? String ?? "" }
    subscript(name: String) -> Any? { members[name] }
  }

  let members: [String: Any]
  let results: [Result]

  init(_ text: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    members = try #require(object as? [String: Any])
    results = try #require(members["results"] as? [[String: Any]]).map(Result.init)
  }
}
