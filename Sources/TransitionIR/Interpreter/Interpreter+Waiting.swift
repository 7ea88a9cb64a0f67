/// Words about states in which nobody can go on.
extension Interpreter {
  /// Who waits where, for the message of a deadlock.
  public func deadlockMessage(_ state: [Int]) -> String {
    let waiting = (0..<system.processCount).compactMap { process -> String? in
      guard let location = location(of: process, in: state) else { return nil }
      let kind = system.kinds[system.kind(ofProcess: process).index]
      if kind.isDaemon || kind.isEnvironment { return nil }
      let site = system.sites[system.locations[location.index].site.index]
      return "\(system.processName(process)) waits at `\(site.text)` (line \(site.line))"
    }
    return "nobody can go on: " + waiting.joined(separator: ", ")
  }
}
