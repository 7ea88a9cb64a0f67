import CheckDriver
import Reports
import Synchronization

/// Files and a clock in memory: the world of one test.
final class World: Sendable {
  private let files: Mutex<[String: String]>
  private let reads = Mutex<[String]>([])
  private let clock = Mutex(0.0)
  /// What the clock moves on each time it is looked at.
  private let tick: Double

  init(_ files: [String: String], tick: Double = 0) {
    self.files = Mutex(files)
    self.tick = tick
  }

  var host: Host {
    Host(
      read: { [self] path throws(HostError) in
        reads.withLock { $0.append(path) }
        guard let text = self[path] else { throw HostError(path: path, reason: "no such file") }
        return Array(text.utf8)
      },
      write: { [self] path, text throws(HostError) in self[path] = text },
      kind: { [self] path in
        if self[path] != nil { return .file }
        return paths.contains { $0.hasPrefix(path + "/") } ? .folder : .missing
      },
      files: { [self] folder, endings in
        paths.filter { path in path.hasPrefix(folder + "/") && endings.contains { path.hasSuffix($0) } }
      },
      now: { [self] in
        clock.withLock { time in
          time += tick
          return time
        }
      })
  }

  subscript(path: String) -> String? {
    get { files.withLock { $0[path] } }
    set { files.withLock { $0[path] = newValue } }
  }

  var paths: [String] { files.withLock { $0.keys.sorted() } }

  /// The files that were read, in order.
  var readPaths: [String] { reads.withLock { $0 } }

  func check(_ paths: [String], _ change: (inout CheckRequest) -> Void = { _ in }) throws -> CheckReport {
    var request = CheckRequest(paths: paths)
    request.engine = .interpreter
    change(&request)
    return try CheckPipeline(request, host: host).run()
  }

  /// The codes of the errors of a spec, or nothing.
  func codes(_ path: String) -> [String] {
    do {
      _ = try check([path])
      return []
    } catch let errors as SpecErrors {
      return errors.diagnostics.map { "\(errors.sources[$0.range.file].path) \($0.code)" }
    } catch {
      return ["\(error)"]
    }
  }
}
