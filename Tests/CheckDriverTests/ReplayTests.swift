import CheckDriver
import Evidence
import Testing

/// Traces of yesterday on specs of today.
@Suite("Replay")
struct ReplayTests {
  private let spec = """
    spec m "m";
    param LIMIT = 2;
    option FIX = false "leave it alone";
    0..3 x;
    process p {
        x = 1;
        if (!FIX)
            x = 3;
    }
    process q { x = 2; }
    invariant small "less than three": x <= LIMIT;
    reachable two "": x == 2;
    """

  /// A world with the spec and its traces below `t`.
  private func world() throws -> World {
    let world = World(["specs/m.mmck": spec])
    var report = try world.check(["specs/m.mmck"])
    try writeTraces(of: &report, below: "t", host: world.host)
    return world
  }

  private func replay(
    _ world: World, _ path: String = "t", _ overrides: [(name: String, value: String)] = []
  ) throws -> [ReplayResult] {
    try ReplayPipeline(paths: [path], overrides: overrides, host: world.host).run().map(\.result)
  }

  private let violation = "t/m/default/small-11.itf.json"

  @Test("traces are written as ITF and text, named after property and line")
  func files() throws {
    let world = try world()
    #expect(
      world.paths == [
        "specs/m.mmck", "t/m/default/small-11.itf.json", "t/m/default/small-11.txt",
        "t/m/default/two-0.itf.json", "t/m/default/two-0.txt",
      ])
  }

  @Test("the same spec still violates, at the last step")
  func same() throws {
    let results = try replay(try world())
    #expect(results.count == 2)
    for result in results {
      #expect({ if case .stillViolates = result { true } else { false } }(), "\(result)")
    }
  }

  @Test("with the fix it is no longer possible, and it is said where")
  func fixed() throws {
    let result = try replay(try world(), violation, [("FIX", "true")])[0]
    guard case .noLongerPossible(let step, let why) = result else { return #expect(Bool(false), "\(result)") }
    #expect((1...2).contains(step) && !why.isEmpty)
  }

  @Test("with another limit it holds")
  func otherParameter() throws {
    let result = try replay(try world(), violation, [("LIMIT", "3")])[0]
    guard case .noLongerPossible(_, let why) = result else { return #expect(Bool(false), "\(result)") }
    #expect(why == "small holds here")
  }

  @Test("comments, blank lines and other statements elsewhere do not matter")
  func harmlessChange() throws {
    let world = try world()
    world["specs/m.mmck"] =
      "/* new */\n\n" + spec.replacing("process q { x = 2; }", with: "process q { x = 2; x = 1; }")
    let result = try replay(world, violation)[0]
    #expect({ if case .stillViolates = result { true } else { false } }(), "\(result)")
  }

  @Test("a statement, process or property that is gone means that the spec changed")
  func changed() throws {
    for (old, new) in [
      ("x = 3;", "x = 2;"), ("process p", "process other"), ("invariant small", "invariant tiny"),
    ] {
      let world = try world()
      world["specs/m.mmck"] = spec.replacing(old, with: new)
      let result = try replay(world, violation)[0]
      #expect({ if case .specChanged = result { true } else { false } }(), "\(old): \(result)")
    }
  }

  @Test("a trace finds its spec from a folder above it")
  func elsewhere() throws {
    let world = try world()
    let moved = World([
      "repo/specs/m.mmck": spec, "repo/counterexamples/deep/x.itf.json": try #require(world[violation]),
    ])
    #expect(try replay(moved, "repo/counterexamples").count == 1)
    moved["repo/specs/m.mmck"] = nil
    #expect(throws: UsageError.self) { try self.replay(moved, "repo/counterexamples") }
  }

  @Test("traces that are none, and folders without traces, are refused")
  func refusals() throws {
    let world = try world()
    world["t/bad.itf.json"] = "{}"
    #expect(throws: UsageError.self) { try replay(world, "t/bad.itf.json") }
    #expect(throws: UsageError.self) { try replay(world, "specs") }
    #expect(throws: UsageError.self) { try replay(world, "none") }
    #expect(throws: UsageError.self) { try replay(world, violation, [("NONE", "1")]) }
  }

  @Test("a spec that no longer compiles is told with its errors")
  func broken() throws {
    let world = try world()
    world["specs/m.mmck"] = spec + "bool x;"
    #expect(throws: SpecErrors.self) { try replay(world, violation) }
  }
}
