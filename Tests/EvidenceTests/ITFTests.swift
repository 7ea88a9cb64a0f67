import Testing

@testable import Evidence

/// A small deterministic generator, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("The Informal Trace Format")
struct ITFTests {
  @Test(
    "writing, reading and writing gives the same bytes",
    arguments: ["counted", "lifetime.use_after_free", "both_done", "range.overflow", "lifetime.never_freed"])
  func roundTrip(property: String) throws {
    let trace = try #require(try LockExample().trace(property))
    let text = trace.itf
    let read = try Trace(itf: Array(text.utf8))
    #expect(read == trace)
    #expect(read.itf == text)
    #expect(try LockExample().trace(property)?.itf == text, "a second run gives the same bytes")
  }

  @Test("values are written as ADR-015 wants them")
  func values() throws {
    let trace = try #require(try LockExample().trace("counted"))
    let document = try JSON(parsing: Array(trace.itf.utf8))
    #expect(document["#meta"]?["format"] == .string("ITF"))
    #expect(document["vars"] == .array(trace.initialState.variables.map { .string($0.name) }))
    guard case .array(let states)? = document["states"], let first = states.first, let last = states.last
    else {
      Issue.record("no states")
      return
    }
    #expect(states.count == trace.steps.count + 1)
    #expect(first["#meta"]?["index"] == .integer(0))
    #expect(first["address"] == .object([.init("#bigint", .string("18446744073709551615"))]))
    #expect(first["mode"] == .object([.init("#set", .array([]))]))
    #expect(last["total"] == .object([.init("#bigint", .string("2"))]))
    #expect(last["#meta"]?["process"] == .string("user[0]"))
  }

  @Test(
    "what is not a trace is refused with a reason",
    arguments: [
      ("", "ends too early"), ("{}", "#meta"), ("[]", "must be an object"),
      ("{\"#meta\": 1}", "must be an object"),
      (String(repeating: "[", count: 100_000), "levels of nesting"), ("{\"a\": 1, \"a\": 2}", "stands twice"),
      ("\"\\ud800\"", "surrogate"), ("\"abc", "does not end"),
      ("{\"#meta\": {\"formatVersion\": 99}}", "version 99"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: TraceError.self) { try Trace(itf: Array(text.utf8)) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("a trace of more than 64 MiB is refused before it is parsed")
  func sizeLimit() {
    let bytes = [UInt8](repeating: UInt8(ascii: " "), count: Trace.fileSizeLimit + 1)
    let error = #expect(throws: TraceError.self) { try Trace(itf: bytes) }
    #expect(error?.message.contains("64 MiB") == true)
  }

  @Test("a damaged trace is read or refused, and never more than that", arguments: 0..<200)
  func mutation(seed: Int) throws {
    let trace = try #require(try LockExample().trace("counted"))
    var bytes = Array(trace.itf.utf8)
    var random = SplitMix(state: UInt64(seed))
    for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&bytes, using: &random) }
    do {
      let read = try Trace(itf: bytes)
      let again = try Trace(itf: Array(read.itf.utf8))
      #expect(again == read)
      _ = RaceDiagram.render(read)
      _ = HTMLPage.render(read)
      _ = MermaidDiagram.render(read)
      _ = replay(read, on: LockExample().interpreter, meta: LockExample.meta)
    } catch {
      #expect(!error.message.isEmpty)
    }
  }

  private static func damage(_ bytes: inout [UInt8], using random: inout SplitMix) {
    guard let position = bytes.indices.randomElement(using: &random) else { return }
    let length = Int.random(in: 1...min(40, bytes.count - position), using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.removeSubrange(position..<position + length)
    case 2: bytes.removeSubrange(position...)
    case 3: bytes.insert(contentsOf: Array(bytes[position..<position + length]), at: position)
    case 4:
      let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
      guard let digit = digits.randomElement(using: &random) else { return }
      bytes.replaceSubrange(digit...digit, with: Array("-92233720368547758080".utf8))
    default:
      let words = ["null", "true", "{}", "[]", "\"\"", "1e99", "\"#map\"", "-1"]
      let word = words[Int.random(in: words.indices, using: &random)]
      bytes.replaceSubrange(position..<position + length, with: Array(word.utf8))
    }
  }
}
