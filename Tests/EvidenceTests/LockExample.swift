import TransitionIR

@testable import Evidence

/// A small hand-made system: two tasks look up an object under a mutex and lock it; one way through frees it.
///
/// Defects on purpose: the object is freed without looking at who uses it, and with `forgetsUnlock` the mutex is
/// never released.
struct LockExample {
  var forgetsUnlock = false
  /// Another text for the statement that takes the object's lock, as in a changed spec.
  var lockText = "down_read(&mm->mmap_lock);"
  /// A statement that was not there before.
  var extraStatement: String?
  var title = "two tasks & one <object>"

  private(set) var system = TransitionSystem()

  private let processPool = PoolID(0)
  private let objects = PoolID(1)
  private let processes = Domain.pointer(PoolID(0), capacity: 2)
  private let pointer = Domain.pointer(PoolID(1), capacity: 2)

  enum Names: Int {
    case control, live, users, lockOwner, lockReaders, root, host, total, mode, address, table, mm, amount
  }

  init(
    forgetsUnlock: Bool = false, lockText: String = "down_read(&mm->mmap_lock);",
    extraStatement: String? = nil
  ) {
    self.forgetsUnlock = forgetsUnlock
    self.lockText = lockText
    self.extraStatement = extraStatement
    build()
  }

  var interpreter: Interpreter { Interpreter(system) }

  static let meta = Trace.Meta(
    tool: "mmck", toolVersion: "0.1", spec: "lock_example", title: "two tasks & one <object>",
    path: "specs/lock.mmck", specHash: "abc", scope: "small", parameters: [.init("TASKS", "2")],
    options: [.init("FIX_A", "false"), .init("FORGET", "true")])

  /// The shortest run that breaks `property`, found by breadth-first search.
  func counterexample(_ property: String) -> Counterexample? {
    let check = PropertyCheck(interpreter: interpreter, property: property)
    var seen = Set<[Int]>()
    var queue: [(Path, PropertyCheck.Arrival)] = interpreter.initialStates().map { start in
      (
        Path(initialChoices: start.choices, initialState: start.state, steps: []),
        PropertyCheck.Arrival(process: nil, before: nil, last: start)
      )
    }
    var next = 0
    while next < queue.count {
      let (path, arrival) = queue[next]
      next += 1
      if let sites = check.violation(at: arrival), let site = sites.first {
        let found = arrival.last.violations.first { $0.property.rawValue == property }
        return Counterexample(
          property: property, site: site, message: found?.message ?? "", subject: found?.subject, path: path)
      }
      if arrival.last.isFatal { continue }
      for process in 0..<system.processCount {
        guard let location = interpreter.location(of: process, in: arrival.last.state) else { continue }
        for successor in interpreter.successors(of: arrival.last.state, process: process)
        where successor.isFatal || seen.insert(successor.state).inserted {
          let step = Path.Step(
            process: process, location: location, choices: successor.choices, state: successor.state)
          queue.append(
            (
              Path(
                initialChoices: path.initialChoices, initialState: path.initialState,
                steps: path.steps + [step]),
              .init(process: process, before: arrival.last.state, last: successor)
            ))
        }
      }
    }
    return nil
  }

  func trace(_ property: String) throws -> Trace? {
    try counterexample(property).map {
      try Trace(counterexample: $0, interpreter: interpreter, meta: Self.meta)
    }
  }
}

extension LockExample {
  private func variable(_ name: Names) -> VariableID { VariableID(name.rawValue) }

  private mutating func site(_ text: String, in function: String, origin: String = "", file: Int = 0)
    -> SiteID
  {
    system.sites.append(
      Site(
        file: file, line: system.sites.count + 10, column: 5, text: text, function: function, origin: origin))
    return SiteID(system.sites.count - 1)
  }

  private mutating func build() {
    system.name = "lock_example"
    system.title = title
    system.files = ["specs/lock.mmck", "specs/lib/mm.mmck"]
    system.names = [
      ValueNames(name: "mode_t", members: ["READ", "WRITE"]),
      ValueNames(name: "state", members: ["IDLE", "BUSY"]),
    ]
    system.pools = [
      Pool(name: "task", capacity: 2, isProcessPool: true),
      Pool(name: "mm_struct", capacity: 2, isProcessPool: false),
    ]
    declareVariables()
    system.pools[1].fields = [
      variable(.live), variable(.users), variable(.lockOwner), variable(.lockReaders),
    ]
    system.pools[1].live = variable(.live)
    system.lockClasses = [
      LockClass(name: "root", kind: .mutex, owner: variable(.root), readers: nil),
      LockClass(
        name: "mm_struct.mmap_lock", kind: .rwsem, owner: variable(.lockOwner),
        readers: variable(.lockReaders)),
    ]
    let steps = makeSteps()
    system.kinds = [
      ProcessKind(
        name: "user", count: 2, firstProcess: 0, isSymmetric: true, isDaemon: false, isEnvironment: false,
        control: variable(.control), firstLocation: 0, locationCount: steps.count)
    ]
    system.steps = steps
    let start = site("host = alloc_nofail(struct mm_struct);", in: "init")
    system.initialBody = [.allocate(Place(variable(.host), [], start), objects), .end]
    system.startBodies = [[.jump(LocationID(0))]]
    declareProperties()
  }

  private mutating func declareVariables() {
    let kind = KindID(0)
    let perObject = [Dimension.pool(objects, capacity: 2)]
    let perProcess = [Dimension.process(kind, count: 2)]
    let locations = Domain.location(kind, count: extraStatement == nil ? 6 : 7)
    let declarations: [(String, Domain, [Dimension], Variable.Role, Variable.LockPart?)] = [
      ("user", locations, perProcess, .control(kind), nil),
      ("mm_struct.live", .bool, perObject, .live(objects), nil),
      ("mm_struct.users", .range(0, 7), perObject, .field(objects), nil),
      ("mm_struct.mmap_lock", processes, perObject, .field(objects), .owner(LockClassID(1))),
      ("mm_struct.mmap_lock", .set(processes), perObject, .field(objects), .readers(LockClassID(1))),
      ("root", processes, [], .global, .owner(LockClassID(0))),
      ("host", pointer, [], .global, nil),
      ("total", .range(0, 3), [], .global, nil),
      ("mode", .flags(NamesID(0), count: 2), [], .global, nil),
      ("address", .wrapping(64), [], .global, nil),
      ("table", .enumeration(NamesID(1), count: 2), [.array(count: 2, lower: 1)], .global, nil),
      ("sys_find.mm", pointer, perProcess, .local(kind), nil),
      ("user.amount", .range(0, 2), perProcess, .local(kind), nil),
    ]
    for (name, domain, dimensions, role, part) in declarations {
      system.variables.append(
        Variable(
          name: name, domain: domain, dimensions: dimensions, role: role, initial: domain.defaultValue,
          lockPart: part, slot: system.slotCount))
      system.slotCount += system.variables.last?.slotCount ?? 0
    }
    system.variables[Names.address.rawValue] = Variable(
      name: "address", domain: .wrapping(64), dimensions: [], role: .global, initial: -1,
      slot: system.variables[Names.address.rawValue].slot)
  }

  private mutating func declareProperties() {
    let counted = site("forall m in mm_struct: m->users == 0 && total < 2", in: "")
    let bound = BoundID(1)
    system.boundCount = 2
    let users = site("m->users == 0", in: "")
    let total = site("total < 2", in: "")
    let body = Expression.labelled(
      counted,
      .quantified(
        .forall, bound, .values(pointer),
        .binary(
          .and,
          .labelled(
            users,
            .binary(
              .equal, .read(Place(variable(.users), [.object(.bound(bound))], users)), .constant(0), .integer,
              users)),
          .labelled(
            total, .binary(.less, .read(Place(variable(.total), [], total)), .constant(2), .integer, total)),
          .integer, counted)))
    system.properties = [
      Property(
        name: "counted", group: .invariant, documentation: "", body: body, site: counted, antecedents: []),
      Property(
        name: "both_done", group: .reachable, documentation: "",
        body: .binary(
          .and, .hasEnded(.constant(1)), .hasEnded(.constant(2)), .integer, total), site: total,
        antecedents: []),
    ]
    system.builtins = BuiltinProperty.allCases
  }
}

extension LockExample {
  private mutating func makeSteps() -> [Step] {
    let origin = "mm/mshare.c sys_find"
    let current = Expression.current
    let mm = Place(variable(.mm), [.current], site("mm = host;", in: "sys_find", origin: origin))
    let readSite = site(lockText, in: "find_vma", file: 1)
    let read = Place(variable(.lockReaders), [.object(.read(mm))], readSite)
    let lockSite = site("mutex_lock(&root);", in: "sys_find", origin: origin)
    let root = Place(variable(.root), [], lockSite)
    _ = site("find_vma(mm);", in: "sys_find", origin: origin)
    _ = site("sys_find();", in: "user")
    let nobody = Expression.binary(.equal, .read(root), .constant(0), .integer, lockSite)
    let none = Expression.constant(0)

    var bodies: [(SiteID, [VariableID], [Statement])] = []
    bodies.append(
      (lockSite, [], [.acquiring(LockClassID(0), subclass: 0, root), .wait(nobody), .assign(root, current)]))
    bodies.append((mm.site, [variable(.mm)], [.assign(mm, .read(Place(variable(.host), [], mm.site)))]))
    if let extraStatement {
      bodies.append((site(extraStatement, in: "sys_find", origin: origin), [variable(.mm)], []))
    }
    let unlock = site(forgetsUnlock ? "total = 0;" : "mutex_unlock(&root);", in: "sys_find", origin: origin)
    let release = Statement.assign(forgetsUnlock ? Place(variable(.total), [], unlock) : root, none)
    bodies.append((unlock, [variable(.mm)], [release]))
    bodies.append((readSite, [variable(.mm)], lockForReading(read)))
    let upSite = site("up_read(&mm->mmap_lock);", in: "sys_find", origin: origin)
    let readers = Place(variable(.lockReaders), [.object(.read(mm))], upSite)
    bodies.append(
      (
        upSite, [variable(.mm)],
        [
          .assign(
            readers, .binary(.without, .read(readers), .singleton(current, of: processes), .integer, upSite)),
          .clear([variable(.mm)]),
        ]
      ))
    bodies.append(last())
    return bodies.enumerated().map { index, entry in
      system.locations.append(Location(kind: KindID(0), site: entry.0, locals: entry.1, labels: []))
      let jump = index + 1 < bodies.count ? Statement.jump(LocationID(index + 1)) : .end
      return Step(location: LocationID(index), body: entry.2 + [jump])
    }
  }

  private func lockForReading(_ readers: Place) -> [Statement] {
    let owner = Place(variable(.lockOwner), readers.indices, readers.site)
    let site = readers.site
    return [
      .acquiring(LockClassID(1), subclass: 0, readers),
      .wait(.binary(.equal, .read(owner), .constant(0), .integer, site)),
      .assign(
        readers, .binary(.bitOr, .read(readers), .singleton(.current, of: processes), .integer, site)),
    ]
  }

  /// Frees the object, or adds 1 or 2 to the total.
  private mutating func last() -> (SiteID, [VariableID], [Statement]) {
    let choose = site("choose {", in: "user")
    let free = site("free(host);", in: "user")
    let add = site("total = total + any n in 1..2;", in: "user")
    system.coverPoints = [CoverPoint(kind: .statement, site: free), CoverPoint(kind: .statement, site: add)]
    let host = Place(variable(.host), [], free)
    let amount = Place(variable(.amount), [.current], add)
    let total = Place(variable(.total), [], add)
    return (
      choose, [],
      [
        .fork([
          [.cover(CoverID(0)), .free(.read(host), objects, free), .assign(host, .constant(0))],
          [
            .cover(CoverID(1)),
            .pick(amount, BoundID(0), .span(.constant(1), .constant(2)), filter: .constant(1)),
            .assign(total, .binary(.add, .read(total), .read(amount), .integer, add)),
            .clear([variable(.amount)]),
          ],
        ])
      ]
    )
  }
}
