import ArgumentParser
import CheckDriver

/// `mmck new`.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Begin a spec: a small one that holds, to be grown into a proposal.")

  @Argument(help: "Its name: letters, digits and _.")
  var name: String

  func run() throws {
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard isName, name.first?.isNumber == false else {
      throw UsageError("'\(name)' is not a name: use letters, digits and _")
    }
    let path = "\(name).mmck"
    guard Host.system.kind(path) == .missing else { throw UsageError("\(path) exists already") }
    try Host.system.write(path, SpecTemplate.text(name))
    print("\(path): written; next: mmck check \(path)")
  }
}
