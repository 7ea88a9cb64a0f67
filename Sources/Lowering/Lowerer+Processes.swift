import Diagnostics
import SpecSemantics
import TransitionIR

/// Process bodies and the `init` blocks.
extension Lowerer {
  func lowerInitial() {
    kind = nil
    scopes = [[]]
    graph = FlowGraph()
    for body in program.initial {
      frames = [
        CallFrame(name: "init", origin: "", locals: program.initialLocals, returnType: .void)
      ]
      lower(body)
      flush()
    }
    _ = graph.append(endNode(), successorCount: 0)
    if !diagnostics.isEmpty {
      system.initialBody = [.end]
      return
    }
    var builder = StepBuilder(
      graph: graph, kind: KindID(0), variables: system.variables, firstLocation: 0)
    builder.findStuckLoop()
    if builder.stuckNode != nil {
      report(stuck: builder.stuckNode)
      system.initialBody = [.end]
    } else {
      system.initialBody = builder.startBody()
    }
    frames = []
  }

  private func endNode() -> FlowGraph.Node {
    FlowGraph.Node(
      operation: .end([]), successors: [], site: stepSite, locals: [], touchesShared: false, isInterior: true)
  }

  func lowerKind(_ index: Int) {
    let info = program.kinds[index]
    if info.count == 0 {
      // Switched off in this scope: no process, no code, no gaps in coverage.
      system.kinds[index].firstLocation = system.locations.count
      system.startBodies.append([.end])
      return setControlDomain(index, 0)
    }
    kind = KindID(index)
    scopes = [[]]
    graph = FlowGraph()
    pending = []
    stableVariables = []
    frames = [CallFrame(name: info.name, origin: info.origin, locals: info.locals, returnType: .void)]
    stepSite = site(info.range, function: info.name, origin: info.origin)
    failureSite = stepSite
    declareBlame()
    lower(info.body)
    flush()
    endProcess()
    finishBlame()
    buildSteps(index)
    frames = []
  }

  private func buildSteps(_ index: Int) {
    let first = system.locations.count
    system.kinds[index].firstLocation = first
    if !diagnostics.isEmpty {
      // Steps of a refused program are of no use, and may be too many to build.
      system.startBodies.append([.end])
      return setControlDomain(index, 0)
    }
    var builder = StepBuilder(
      graph: graph, kind: KindID(index), variables: system.variables, firstLocation: first)
    builder.findStuckLoop()
    if let node = builder.stuckNode {
      report(stuck: node)
      system.startBodies.append([.end])
      return setControlDomain(index, 0)
    }
    system.startBodies.append(builder.startBody())
    var done = 0
    var bodies: [[Statement]] = []
    while done < builder.boundaries.count {
      bodies.append(builder.stepBody(done))
      done += 1
    }
    for (number, body) in bodies.enumerated() {
      let node = graph.nodes[builder.boundaries[number]]
      let id = LocationID(first + number)
      for label in node.labels { labelLocations[label, default: []].append(id) }
      system.locations.append(
        Location(kind: KindID(index), site: node.site, locals: node.locals, labels: node.labels))
      system.steps.append(Step(location: id, body: body))
    }
    system.kinds[index].locationCount = bodies.count
    setControlDomain(index, bodies.count)
  }

  private func setControlDomain(_ index: Int, _ count: Int) {
    let id = system.kinds[index].control
    let old = system.variables[id.index]
    system.variables[id.index] = Variable(
      name: old.name, domain: .location(KindID(index), count: count), dimensions: old.dimensions,
      role: old.role,
      initial: count, slot: old.slot)
  }

  private func report(stuck node: Int?) {
    guard let node else { return }
    let site = system.sites[graph.nodes[node].site.index]
    let text = sources.files[site.file]
    let start = text.lineStarts[site.line - 1] + site.column - 1
    error(
      "E0502", "an iteration of this loop contains no step, so it would run for ever within one",
      SourceRange(file: FileID(index: site.file), start: start, end: start + site.text.utf8.count),
      suggestion: "use `for (x in D)`, or touch shared state in it")
  }
}
