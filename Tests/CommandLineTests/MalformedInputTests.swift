import Foundation
import Testing

/// Whatever comes in, `mmck` says what is wrong: no crash, no hang, no gigabytes.
@Suite("Malformed inputs")
struct MalformedInputTests {
  /// Runs one command for each file: 60 seconds, 1 GiB.
  ///
  /// One line for each: status, size of standard error, name.
  private func outcomes(_ command: String, on scratch: Scratch) throws -> [(
    status: Int, errors: Int, name: String
  )] {
    // The address space of a Swift program is larger than what it uses; the data segment is what counts.
    let script = """
      for file in *; do
        ( ulimit -c 0; ulimit -v 2097152; ulimit -d 1048576
          SWIFT_BACKTRACE=enable=no exec timeout -k 1 60 '\(Tool.path)' \(command) > /dev/null 2> "../errors" < /dev/null )
        echo "$? $(stat -c %s ../errors) $file"
      done
      """
    try FileManager.default.createDirectory(atPath: scratch.path("in"), withIntermediateDirectories: true)
    let result = try Tool.shell(script, in: scratch.folder.appending(path: "in"))
    return result.lines.compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, let status = Int(parts[0]), let errors = Int(parts[1]) else { return nil }
      return (status, errors, String(parts[2]))
    }
  }

  private let check = "check --engine interpreter --time 2 \"$file\""

  @Test("specs that are wrong in every way that we could think of are refused")
  func specs() throws {
    let scratch = try Scratch()
    for (name, bytes) in Malformed.specs { try scratch.write("in/\(name).mmck", bytes) }
    let outcomes = try outcomes(check, on: scratch)
    #expect(outcomes.count == Malformed.specs.count)
    for outcome in outcomes {
      let isRight = outcome.status == 2 && outcome.errors > 0 && outcome.errors < 1 << 20
      #expect(isRight, "\(outcome)")
    }
  }

  @Test("the formatter refuses them or formats them")
  func formatter() throws {
    let scratch = try Scratch()
    for (name, bytes) in Malformed.specs where bytes.count < 500_000 {
      try scratch.write("in/\(name).mmck", bytes)
    }
    for outcome in try outcomes("fmt --check \"$file\"", on: scratch) {
      let isRight = [0, 1, 2].contains(outcome.status) && (outcome.status == 2) == (outcome.errors > 0)
      #expect(isRight, "\(outcome)")
    }
  }

  @Test("traces that are wrong are refused", arguments: ["show", "replay"])
  func traces(command: String) throws {
    let scratch = try Scratch()
    for (name, bytes) in Malformed.traces { try scratch.write("in/\(name).itf.json", bytes) }
    let outcomes = try outcomes("\(command) \"$file\"", on: scratch)
    #expect(outcomes.count == Malformed.traces.count)
    for outcome in outcomes {
      let isRight = outcome.status == 2 && outcome.errors > 0
      #expect(isRight, "\(outcome)")
    }
  }

  @Test("mutated specs are refused or checked")
  func mutatedSpecs() throws {
    let scratch = try Scratch()
    let folder = Tool.root.appending(path: "specs/classic")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".mmck")
    }.sorted()
    for seed in 0..<120 {
      var mutator = Mutator(seed: UInt64(seed))
      let original = [UInt8](try Data(contentsOf: folder.appending(path: names[seed % names.count])))
      try scratch.write("in/\(seed).mmck", mutator.mutate(original))
    }
    let outcomes = try outcomes("check --engine interpreter --time 0.1 \"$file\"", on: scratch)
    #expect(outcomes.count == 120)
    for outcome in outcomes {
      let isRight = (0...3).contains(outcome.status) && (outcome.status == 2) == (outcome.errors > 0)
      #expect(isRight, "\(outcome)")
    }
    #expect(outcomes.count { $0.status == 2 } > 40)
  }

  @Test("mutated traces are refused, shown or replayed", arguments: ["show", "replay"])
  func mutatedTraces(command: String) throws {
    let scratch = try Scratch()
    let spec = "specs/classic/peterson.mmck"
    try scratch.write("in/\(spec)", try String(contentsOf: Tool.root.appending(path: spec), encoding: .utf8))
    let folder = scratch.folder.appending(path: "in")
    #expect(
      try Tool.run(["check", spec, "-D", "BUG_TURN_FIRST=true", "--trace-dir", "../t"], in: folder).status
        == 0)
    let trace = try #require(scratch.files("t", ending: ".itf.json").first)
    let original = [UInt8](try Data(contentsOf: scratch.folder.appending(path: "t/\(trace)")))
    for seed in 0..<40 {
      var mutator = Mutator(seed: UInt64(1000 + seed))
      try scratch.write("in/\(seed).itf.json", mutator.mutate(original))
    }
    let outcomes = try outcomes("\(command) \"$file\"", on: scratch).filter { $0.name != "specs" }
    #expect(outcomes.count == 40)
    for outcome in outcomes {
      let isRight = (0...3).contains(outcome.status) && (outcome.status == 2) == (outcome.errors > 0)
      #expect(isRight, "\(outcome)")
    }
  }

  @Test("what is not a file is refused", arguments: ["check", "show", "replay", "compile"])
  func notFiles(command: String) throws {
    let scratch = try Scratch()
    try scratch.write("in/empty folder/.keep", "")
    for path in [".", "none.mmck", "/dev/null", "/dev/zero", "/proc/self/mem", "in/\u{1}"] {
      let run = try Tool.shell(
        "ulimit -c 0; ulimit -v 2097152; SWIFT_BACKTRACE=enable=no timeout -k 1 60 '\(Tool.path)' \(command) '\(path)' > /dev/null",
        in: scratch.folder.appending(path: "in/empty folder"))
      #expect(run.status == 2 && !run.errors.isEmpty, "\(command) \(path)")
    }
  }
}
