import Testing
import TransitionIR

/// Random damage to texts: the parser answers, and what it accepts can be written, validated and read again.
@Suite("The text form under damage")
struct IRTextFuzzTests {
  private static let scraps: [String] = [
    "(", ")", "[", "]", "\"", "\\", ";", "@", "#", "$", "@99999", "$-1", "#-1", "/", "current", "held-locks",
    "-9223372036854775808", "9223372036854775807", "99999999999999999999", "0", "-1", "63", "\u{0}", "é",
    "\r\n",
    "(end)", "(range 5 1)", "(set bool)", "(word 64)", "(jump user/0)", "(old 1)", "(location user @0",
    "processes",
  ]

  private static func damage(_ text: String, _ random: inout SeededGenerator) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let position = Int.random(in: 0..<max(1, bytes.count), using: &random)
      let end = min(bytes.count, position + Int.random(in: 1...12, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.removeSubrange(position..<end)
      case 1: bytes.insert(contentsOf: Array(scraps.randomElement(using: &random)!.utf8), at: position)
      case 2: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 3:
        bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0..<bytes.count, using: &random))
      case 4: replaceWord(in: &bytes, near: position, &random)
      default: swapLines(&bytes, &random)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Puts a word that stands elsewhere, or a scrap, in place of one: often still a text that can be read.
  private static func replaceWord(
    in bytes: inout [UInt8], near position: Int, _ random: inout SeededGenerator
  ) {
    let words = String(decoding: bytes, as: UTF8.self).split { " ()[]\n".contains($0) }.map(String.init)
    let blanks = Set(" ()[]\n".utf8)
    let start = bytes[..<position].lastIndex { blanks.contains($0) }.map { $0 + 1 } ?? 0
    let end = bytes[position...].firstIndex { blanks.contains($0) } ?? bytes.count
    guard start <= end, let word = Bool.random(using: &random) ? words.randomElement(using: &random) : "7"
    else { return }
    bytes.replaceSubrange(start..<end, with: Array(word.utf8))
  }

  private static func swapLines(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    var lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let (a, b) = (lines.indices.randomElement(using: &random)!, lines.indices.randomElement(using: &random)!)
    lines.swapAt(a, b)
    bytes = Array(lines.joined(separator: "\n").utf8)
  }

  /// What the validator passes, the interpreter can run.
  private static func walk(_ system: TransitionSystem, _ random: inout SeededGenerator) {
    let interpreter = Interpreter(system)
    guard system.processCount > 0, var state = interpreter.initialStates().first?.state else { return }
    for _ in 0..<20 {
      let process = Int.random(in: 0..<system.processCount, using: &random)
      let successors = interpreter.successors(of: state, process: process).filter { !$0.isFatal }
      if let next = successors.randomElement(using: &random) { state = next.state }
    }
  }

  @Test("never brings the parser or the validator down")
  func mutations() throws {
    let texts = Sample.all.map(renderIR)
    var accepted = 0
    var wellFormed = 0
    for seed in 0..<300 {
      var random = SeededGenerator(seed: UInt64(seed))
      let text = Self.damage(texts[seed % texts.count], &random)
      switch parseIR(text) {
      case .failure(let error):
        #expect(error.line >= 1 && !error.message.isEmpty, "seed \(seed)")
      case .success(let system):
        accepted += 1
        let rendered = renderIR(system)
        guard case .success(let again) = parseIR(rendered) else {
          Issue.record("seed \(seed): what was accepted and written is refused")
          continue
        }
        #expect(renderIR(again) == rendered, "seed \(seed)")
        if validate(system).isEmpty {
          wellFormed += 1
          Self.walk(system, &random)
        }
      }
    }
    #expect(accepted > 20 && wellFormed > 5, "the damage should not always be fatal")
  }

  @Test("ends on any bytes")
  func anyBytes() {
    for seed in 0..<200 {
      var random = SeededGenerator(seed: UInt64(1000 + seed))
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if case .success = parseIR(String(decoding: bytes, as: UTF8.self)) {
        Issue.record("seed \(seed) was accepted")
      }
    }
  }
}
