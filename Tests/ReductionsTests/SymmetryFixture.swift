import Foundation
import NativeCode
import Reductions
import Testing
import TransitionIR

/// A system from a file beside this one, with what the tests need to know about it.
///
/// The files are what `mmck compile SPEC --ir` prints: `ringN` is `ring.mmck` with `-D NODES=N` (`ring5` has `-D TASKS=3`, too),
/// `ptshareN` is `ptshare.mmck` with N tasks, `rwlock` the scope `writers` of `rwlock.mmck`.
struct SymmetryFixture {
  let system: TransitionSystem
  let symmetry: Symmetry
  let interpreter: Interpreter

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("Fixtures/\(name).ir")
    try self.init(text: try String(contentsOf: file, encoding: .utf8))
  }

  init(text: String) throws {
    system = try parseIR(text).get()
    symmetry = Symmetry(system)
    interpreter = Interpreter(system)
  }

  /// The states that a search finds, at most `limit`; each is passed through `canonical` before it is kept.
  func reachable(limit: Int = .max, canonical: ([Int]) -> [Int] = { $0 }) -> [[Int]] {
    var known: Set<[Int]> = []
    var states: [[Int]] = []
    func add(_ successor: Successor) {
      guard !successor.isFatal, states.count < limit else { return }
      let state = canonical(successor.state)
      if known.insert(state).inserted { states.append(state) }
    }
    interpreter.initialStates().forEach(add)
    var next = 0
    while next < states.count, states.count < limit {
      for process in 0..<system.processCount {
        interpreter.successors(of: states[next], process: process).forEach(add)
      }
      next += 1
    }
    return states
  }

  /// A state in which every slot has any value that it can have, reachable or not.
  func randomState(_ generator: inout some RandomNumberGenerator) -> [Int] {
    var state = [Int](repeating: 0, count: system.slotCount)
    let ranges = ValueRanges(system)
    for (number, variable) in system.variables.enumerated() {
      for offset in 0..<variable.slotCount {
        state[variable.slot + offset] = Int.random(
          in: ranges.range(of: VariableID(number)), using: &generator)
      }
    }
    return state
  }

  func randomPermutation(_ generator: inout some RandomNumberGenerator) -> Symmetry.Permutation {
    Symmetry.Permutation(symmetry.groups.map { Array(0..<$0.count).shuffled(using: &generator) })
  }

  /// What all processes can do in a state, but for numbers of processes and objects.
  func behaviour(in state: [Int]) -> [Move: Int] {
    var result: [Move: Int] = [:]
    for process in 0..<system.processCount {
      for successor in interpreter.successors(of: state, process: process) {
        let broken = system.properties.indices.filter { number in
          system.properties[number].group == .step && !successor.isFatal
            && value(number, successor.state, old: state, process: process) != 1
        }
        let move = Move(
          kind: system.kind(ofProcess: process),
          state: successor.isFatal ? [] : symmetry.canonical(successor.state),
          violations: successor.violations.map { "\($0.property) \($0.site.index)" }.sorted(),
          broken: broken)
        result[move, default: 0] += 1
      }
    }
    return result
  }

  struct Move: Hashable {
    let kind: KindID
    let state: [Int]
    let violations: [String]
    let broken: [Int]
  }

  /// The value of a property; nil if it has none.
  func value(_ property: Int, _ state: [Int], old: [Int]? = nil, process: Int? = nil) -> Int? {
    try? interpreter.value(system.properties[property].body, in: state, old: old, process: process)
  }
}

/// Numbers that depend on nothing but the seed (SplitMix64).
struct SymmetryGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// `mmck_canonicalize`, compiled and loaded.
final class CompiledSymmetry {
  private typealias Function = @convention(c) (UnsafeMutablePointer<UInt64>, UInt32) -> Void
  private let function: Function
  private let packing: StatePacking
  private let slotCount: Int

  /// Whether there is a compiler.
  static let isAvailable = run(["clang", "--version"])

  /// Nil if the compiler refuses the text.
  init?(_ fixture: SymmetryFixture) {
    packing = StatePacking(fixture.system)
    slotCount = fixture.system.slotCount
    let folder = FileManager.default.temporaryDirectory
    let base = folder.appendingPathComponent("symmetry-\(UUID().uuidString)").path
    let text =
      "#include <stdint.h>\n#define WORDS \(packing.wordCount)\n" + SymmetryCode.text(fixture.symmetry)
    defer { for suffix in [".c", ".so"] { unlink(base + suffix) } }
    let flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
    guard (try? text.write(toFile: base + ".c", atomically: true, encoding: .utf8)) != nil,
      Self.run(["clang"] + flags + [base + ".c", "-o", base + ".so"]),
      let handle = dlopen(base + ".so", RTLD_NOW), let symbol = dlsym(handle, "mmck_canonicalize")
    else { return nil }
    function = unsafeBitCast(symbol, to: Function.self)
  }

  func canonical(_ states: [[Int]]) -> [[Int]] {
    var words: [UInt64] = []
    var one = [UInt64](repeating: 0, count: packing.wordCount)
    for state in states {
      packing.pack(state, into: &one)
      words += one
    }
    words.withUnsafeMutableBufferPointer { buffer in
      if let address = buffer.baseAddress { function(address, UInt32(states.count)) }
    }
    return states.indices.map { index in
      var state = [Int](repeating: 0, count: slotCount)
      packing.unpack(words[index * packing.wordCount..<(index + 1) * packing.wordCount], into: &state)
      return state
    }
  }

  private static func run(_ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardOutput = Pipe()
    process.standardError = Pipe()
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
