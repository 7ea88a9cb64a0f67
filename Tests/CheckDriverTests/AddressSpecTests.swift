import CheckDriver
import Evidence
import Foundation
import Testing
import TransitionIR

/// mshare v1 at the real widths of x86-64: no search reaches these addresses, so they are chosen here.
@Suite("Addresses of mshare v1, scope x86_64")
struct AddressSpecTests {
  private static let fixes = ["FIX_ATTACH_RANGE", "FIX_HOST_BOUND", "FIX_SPLIT_BASE", "FIX_UNLINK_REFS"]
  private static let slot = AddressLayout.slot

  private func spec(_ fixes: [String]) throws -> CompiledSpec {
    try compile(
      "\(CounterexampleTests.root)/specs/mshare/v1-2022.mmck", overrides: fixes.map { ($0, "true") },
      scope: "x86_64", granularity: .statement, host: .system)
  }

  /// Follows the calls with the arguments of a layout: the start, and what each step leads to.
  private func run(_ layout: AddressLayout, on interpreter: Interpreter) throws -> [Successor] {
    let start = try #require(interpreter.initialStates().first)
    return try layout.choices.reduce([start]) { run, choices in
      let next = interpreter.successors(of: run[run.count - 1].state, process: 0, candidates: choices)
      return run + [try #require(next.first { $0.choices == choices }, "\(layout): a value is refused")]
    }
  }

  private func broken(_ run: [Successor], on interpreter: Interpreter) throws -> Set<String> {
    var names = Set<String>()
    for reached in run {
      names.formUnion(reached.violations.map(\.property.rawValue))
      for property in interpreter.system.properties
      where try interpreter.value(property.body, in: reached.state) == 0 {
        names.insert(property.name)
      }
    }
    return names
  }

  private func value(_ name: String, in state: [Int], _ system: TransitionSystem) throws -> UInt64 {
    let variable = try #require(system.variables.first { $0.name == "attachments.\(name)" })
    return UInt64(bitPattern: Int64(state[variable.slot]))
  }

  @Test(
    "each layout breaks what it should, and no longer does with each set of fixes",
    arguments: AddressLayout.all)
  func broken(layout: AddressLayout) throws {
    for bits in 0..<1 << Self.fixes.count {
      let fixes = Self.fixes.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
      let interpreter = Interpreter(try spec(fixes).system)
      let found = try broken(try run(layout, on: interpreter), on: interpreter)
      let expected = layout.broken.filter { Set($0.value).isDisjoint(with: fixes) }
      #expect(found == Set(expected.keys), "with \(fixes)")
    }
  }

  @Test("what some layout breaks is what the spec expects to be broken")
  func expectations() throws {
    for bits in 0..<1 << Self.fixes.count {
      let fixes = Self.fixes.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
      let stated = try spec(fixes).analysis.expectations.filter { $0.outcome == .violated }.map(
        \.property.text)
      let shown = AddressLayout.all.flatMap(\.broken).filter { Set($0.value).isDisjoint(with: fixes) }.map(
        \.key)
      #expect(Set(stated) == Set(shown), "with \(fixes)")
    }
  }

  @Test("a fault finds its place by offset, and every bit of it counts")
  func translation() throws {
    let interpreter = Interpreter(try spec([]).system)
    let end = try #require(try run(AddressLayout.shifted, on: interpreter).last).state
    #expect(try value("host_addr", in: end, interpreter.system) == 2 * Self.slot + 12345)
    let inside = try #require(try run(AddressLayout.kernelInside, on: interpreter).last).state
    #expect(try value("host_addr", in: inside, interpreter.system) == 354 * Self.slot + 5)
  }

  @Test("a range that wraps is neither made nor attached (M15)")
  func wrapping() throws {
    let top = UInt64.max - Self.slot + 1
    let interpreter = Interpreter(try spec([]).system)
    for (addr, len) in [(top, Self.slot), (top, 2 * Self.slot), (3 * Self.slot, top), (Self.slot, 0)] {
      let vma = (3 * Self.slot, 3 * Self.slot + AddressLayout.page)
      let make = AddressLayout(
        description: "made", region: (addr, len), vma: vma, guest: (3 * Self.slot, Self.slot))
      let made = try run(make, on: interpreter)
      #expect(try value("created", in: made[1].state, interpreter.system) == 0, "\(addr) \(len)")
      let attach = AddressLayout(
        description: "attached", region: (3 * Self.slot, Self.slot), guest: (addr, len))
      let attached = try run(attach, on: interpreter)
      #expect(try value("created", in: attached[1].state, interpreter.system) == 1)
      #expect(try value("attached", in: attached[2].state, interpreter.system) == 0, "\(addr) \(len)")
      #expect(try broken(made + attached, on: interpreter).isEmpty)
    }
  }

  @Test("a path with such addresses becomes a trace, is written, read, and replayed")
  func trace() throws {
    let today = try spec([])
    let interpreter = Interpreter(today.system)
    let run = try run(AddressLayout.kernel, on: interpreter)
    let property = try #require(today.system.properties.first { $0.name == "top_level_entry_is_user" })
    let steps = zip(run, run.dropFirst()).prefix(4).compactMap { before, after in
      interpreter.location(of: 0, in: before.state).map {
        Path.Step(process: 0, location: $0, choices: after.choices, state: after.state)
      }
    }
    let path = Path(initialChoices: run[0].choices, initialState: run[0].state, steps: steps)
    let found = Counterexample(
      property: property.name, site: property.site, message: "", subject: nil, path: path)
    let trace = try Trace(
      itf: Array(try Trace(counterexample: found, interpreter: interpreter, meta: today.meta).itf.utf8))
    #expect(replay(trace, on: interpreter, meta: today.meta) == .stillViolates(step: 4))
    #expect(trace.steps[0].chosen.map(\.value.description).contains("0x7f8000000000"))
    for fix in ["FIX_ATTACH_RANGE", "FIX_HOST_BOUND"] {
      let fixed = try spec([fix])
      let result = replay(trace, on: Interpreter(fixed.system), meta: fixed.meta)
      guard case .noLongerPossible = result else {
        Issue.record("\(fix): \(result)")
        continue
      }
    }
  }

  @Test("nothing is chosen without a candidate, and nobody is stuck because of that")
  func candidates() throws {
    let interpreter = Interpreter(try spec([]).system)
    let start = try #require(interpreter.initialStates().first).state
    #expect(interpreter.system.hasWideChoices)
    #expect(interpreter.successors(of: start, process: 0).isEmpty)
    #expect(!interpreter.isStuck(0, in: start))
    // A creator's VMA does not begin in the middle of a page.
    let choices = [0, 0, 1, 4096]
    #expect(
      interpreter.successors(of: start, process: 0, candidates: choices).allSatisfy { $0.choices[2] != 1 })
  }

  @Test("the scope goes through the text form of the transition system")
  func text() throws {
    let system = try spec([]).system
    let text = renderIR(system)
    let read = try parseIR(text).get()
    #expect(validate(system).isEmpty && validate(read).isEmpty)
    #expect(renderIR(read) == text && read.hasWideChoices)
  }

  @Test("the other scopes know nothing of it")
  func others() throws {
    let path = "\(CounterexampleTests.root)/specs/mshare/v1-2022.mmck"
    for scope in ["small", "create", "tlb_unlink"] {
      let spec = try compile(
        path, overrides: [], scope: scope, granularity: .statement, host: .system)
      #expect(!spec.isSymbolic && !spec.system.hasWideChoices)
      let wide = spec.system.variables.filter { $0.domain == .wrapping(64) }
      #expect(!wide.isEmpty && wide.allSatisfy { $0.slotCount == 0 })
      let interpreter = Interpreter(spec.system)
      let start = try #require(interpreter.initialStates().first).state
      let shown = StateView(start, of: interpreter).variables.map(\.name)
      #expect(!shown.isEmpty && !shown.contains { $0.hasPrefix("attachments") })
      #expect(spec.system.locations.allSatisfy { spec.system.kinds[$0.kind.index].name != "importer" })
    }
  }
}
