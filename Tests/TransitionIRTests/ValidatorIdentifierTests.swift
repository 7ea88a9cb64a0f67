import Testing
import TransitionIR

/// Systems that the text form cannot even express: the validator must answer, not trap.
@Suite("The validator, given identifiers and sizes out of range")
struct ValidatorIdentifierTests {
  /// `Sample.list` whose first step begins with `statement`.
  private func list(with statement: Statement) -> TransitionSystem {
    var system = Sample.list
    system.steps[0] = Step(location: LocationID(0), body: [statement] + system.steps[0].body)
    return system
  }

  private func expect(
    _ problem: String, _ system: TransitionSystem, _ location: SourceLocation = #_sourceLocation
  ) {
    let problems = validate(system)
    #expect(problems.contains { $0.contains(problem) }, "\(problems)", sourceLocation: location)
  }

  @Test("finds statements and expressions with unknown identifiers")
  func bodies() {
    let far = 99
    let site = SiteID(0)
    let place = Place(VariableID(far), [], site)
    expect("no variable 99", list(with: .assign(place, .constant(0))))
    expect("no variable 99", list(with: .wait(.read(place))))
    expect("no variable 99", list(with: .allocate(place, PoolID(1))))
    expect("pool #99", list(with: .allocate(place, PoolID(far))))
    expect("pool #99", list(with: .free(.constant(0), PoolID(far), site)))
    expect("no site 99", list(with: .free(.constant(0), PoolID(1), SiteID(far))))
    expect("no cover point 99", list(with: .cover(CoverID(far))))
    expect("no lock class 99", list(with: .acquiring(LockClassID(far), subclass: 0, place)))
    expect("#99 is cleared", list(with: .clear([VariableID(far)])))
    expect("no pool 99", list(with: .wait(.live(.constant(1), PoolID(far)))))
    expect("no control point #99", list(with: .wait(.isAt(.current, [LocationID(far)]))))
    expect(
      "no kind 99", list(with: .wait(.quantified(.exists, BoundID(0), .processes(KindID(far)), .constant(1))))
    )
    expect(
      "no bound variable $99",
      list(with: .wait(.quantified(.exists, BoundID(far), .values(.bool), .constant(1)))))
    expect(
      "no word has 7 bits", list(with: .wait(.binary(.add, .constant(1), .constant(1), .wrapping(7), site))))
    let big = Domain.range(0, 99)
    expect("a set over 100 elements", list(with: .wait(.member(.constant(1), set: .constant(1), of: big))))
    expect("a set over 100 elements", list(with: .wait(.singleton(.constant(1), of: .range(0, 99)))))
    var system = list(with: .jump(LocationID(far)))
    expect("jumps to #99", system)
    system.initialBody = [.jump(LocationID(-5)), .end]
    expect("jumps to #-5", system)
  }

  @Test("finds declarations with unknown identifiers")
  func declarations() {
    var system = Sample.list
    system.steps.removeLast()
    expect("4 steps for 5 control points", system)
    system = Sample.list
    system.steps.swapAt(0, 1)
    expect("step 0: it belongs to control point pusher/1", system)
    system = Sample.list
    system.processPool = PoolID(7)
    expect("pool 7 is not one", system)
    system = Sample.list
    system.pools[1].live = VariableID(-1)
    expect("pool node: it has no live variable", system)
    system = Sample.list
    system.kinds[0].control = VariableID(1000)
    expect("#1000 does not hold its control points", system)
    system = Sample.list
    system.kinds[0].firstLocation = Int.max
    expect("its control points are out of range", system)
    system = Sample.list
    system.kinds[0].locationCount = -1
    expect("number of processes or control points is out of range", system)
    system = Sample.list
    system.kinds[1].locationCount = 2
    expect("control point #4: it is not among the control points of kind popper", system)
    system = Sample.list
    system.lockClasses[0] = LockClass(name: "x", kind: .rwsem, owner: VariableID(99), readers: VariableID(98))
    expect("#99 does not hold its owner", system)
    system = Sample.list
    system.locations[0] = Location(kind: KindID(9), site: SiteID(9), locals: [VariableID(99)], labels: [])
    expect("there is no kind 9", system)
    expect("there is no site 9", system)
    system = Sample.list
    system.coverPoints = [CoverPoint(kind: .statement, site: SiteID(77))]
    expect("cover point 0: there is no site 77", system)
    system = Sample.list
    system.boundCount = Int.max
    expect("bound variables are out of range", system)
  }

  static let domains: [(domain: Domain, says: String)] = [
    (.range(1, 0), "is empty"), (.range(Int.min, Int.max), "is too large"),
    (.wrapping(63), "no word has 63 bits"),
    (.flags(NamesID(0), count: 63), "63 flags"), (.enumeration(NamesID(0), count: -1), "a count of -1"),
    (.pointer(PoolID(1), capacity: Int.max), "out of range"),
    (.set(.set(.range(0, 6))), "a set over 128 elements"),
    (.set(.wrapping(64)), "64-bit words"), (.set(.range(0, 62)), "a set over 63 elements"),
    (.set(.wrapping(8)), "a set over 256 elements"), (.location(KindID(0), count: Int.max), "out of range"),
    (.enumeration(NamesID(0), count: 2), "a type of 2 values with 0 names"),
    (.pointer(PoolID(5), capacity: 3), "a pointer into a pool of 0, not 3"),
    (.location(KindID(5), count: 3), "does not have 3 control points"),
  ]

  @Test("finds domains that cannot be computed with", arguments: domains.indices)
  func domain(index: Int) {
    var system = Sample.list
    system.variables.append(
      Variable(
        name: "v", domain: Self.domains[index].domain, dimensions: [], role: .global, initial: 0, slot: 32))
    system.slotCount += 1
    expect(Self.domains[index].says, system)
  }

  @Test("finds arrays that cannot be computed with")
  func dimensions() {
    let huge: [[Dimension]] = [
      [.array(count: Int.max, lower: 0), .array(count: Int.max, lower: 0)], [.array(count: -1, lower: 0)],
      [.array(count: 2, lower: Int.max)], [.pool(PoolID(9), capacity: 1 << 40)],
    ]
    for dimensions in huge {
      var system = Sample.list
      system.variables.append(
        Variable(name: "v", domain: .bool, dimensions: dimensions, role: .global, initial: 0, slot: 0))
      #expect(!validate(system).isEmpty, "\(dimensions)")
    }
  }
}
