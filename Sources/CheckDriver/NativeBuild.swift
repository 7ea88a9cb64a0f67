import CStepABI
import ExplicitEngine
import Foundation
import NativeCode
import Synchronization
import TransitionIR

/// Compiles a transition system to machine code while the interpreter already searches.
///
/// The library is cached by the hash of the generated text, the compiler and its flags. Whatever goes wrong (no clang, no
/// room for the cache, a system that cannot be represented) leaves the search to the interpreter, which gives the same answers.
public final class NativeBuild: Sendable {
  private enum Stage {
    case idle
    case building
    case ready(CompiledSteps)
    case failed
  }
  private let stage = Mutex<Stage>(.idle)
  private let system: TransitionSystem
  /// The compiler while it runs.
  private let compiler = Mutex<Process?>(nil)
  private let isCancelled = Atomic<Bool>(false)
  private let finished = DispatchSemaphore(value: 0)

  /// Optimising a large text takes longer than searching with code that is not optimised.
  private static func flags(for text: String) -> [String] {
    let level =
      switch text.utf8.count {
      case ...150_000: "-O2"
      case ...1_000_000: "-O1"
      default: "-O0"
      }
    return [level, "-shared", "-fPIC", "-fwrapv", "-w", "-x", "c", "-std=gnu11"]
  }

  private let options: CEmitter.Options

  public init(_ system: TransitionSystem, options: CEmitter.Options = .init()) {
    self.system = system
    self.options = options
  }

  /// The compiled steps if they are ready.
  ///
  /// The first call begins the work in a thread of its own.
  public func poll() -> CompiledSteps? {
    stage.withLock { stage in
      switch stage {
      case .ready(let steps): return steps
      case .building, .failed: return nil
      case .idle:
        stage = .building
        Thread { [self] in build() }.start()
        return nil
      }
    }
  }

  /// Builds now, in this thread; nil if it cannot be done.
  public func wait() -> CompiledSteps? {
    stage.withLock { $0 = .building }
    build()
    return stage.withLock { if case .ready(let steps) = $0 { steps } else { nil } }
  }

  /// Ends the compiler if it still runs: nobody waits for it any more.
  public func cancel() {
    isCancelled.store(true, ordering: .relaxed)
    compiler.withLock { $0?.terminate() }
    if stage.withLock({ if case .building = $0 { true } else { false } }) {
      // The thread removes its files before it says so.
      _ = finished.wait(timeout: .now() + 5)
    }
  }

  private func build() {
    let result = compile()
    stage.withLock { $0 = result.map(Stage.ready) ?? .failed }
    finished.signal()
  }

  private func compile() -> CompiledSteps? {
    guard let output = CEmitter.emit(system, options: options), let clang = Self.findClang(),
      let version = Self.identity(of: clang)
    else { return nil }
    let key = fingerprint(output.text + version + Self.flags(for: output.text).joined())
    let folder = Self.cacheFolder
    let library = "\(folder)/\(key).so"
    if !FileManager.default.fileExists(atPath: library) {
      guard compile(output.text, with: clang, to: library, in: folder) else { return nil }
    }
    return Self.load(library, output)
  }

  private func compile(_ text: String, with clang: String, to library: String, in folder: String) -> Bool {
    let unique = "\(folder)/\(UUID().uuidString)"
    defer {
      try? FileManager.default.removeItem(atPath: unique + ".c")
      try? FileManager.default.removeItem(atPath: unique + ".so")
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try text.write(toFile: unique + ".c", atomically: false, encoding: .utf8)
      guard run(clang, Self.flags(for: text) + [unique + ".c", "-o", unique + ".so"]) != nil else {
        return false
      }
      // Renaming is atomic: another run never loads half a library.
      return rename(unique + ".so", library) == 0
    } catch {
      return false
    }
  }

  private static func load(_ library: String, _ output: CEmitter.Output) -> CompiledSteps? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let expand = dlsym(handle, "mmck_expand"),
      let settle = dlsym(handle, "mmck_settle"), let check = dlsym(handle, "mmck_check"),
      let canonicalize = dlsym(handle, "mmck_canonicalize"),
      let version = dlsym(handle, "mmck_abi_version"),
      version.load(as: UInt32.self) == MMCK_STEP_ABI_VERSION
    else { return nil }
    // The library stays loaded for the life of the process, so these functions stay valid.
    return CompiledSteps(
      expand: unsafeBitCast(expand, to: mmck_expand_fn.self),
      settle: unsafeBitCast(settle, to: mmck_settle_fn.self),
      check: unsafeBitCast(check, to: mmck_check_fn.self),
      canonicalize: unsafeBitCast(canonicalize, to: mmck_canonicalize_fn.self),
      failures: output.failures.map { ($0.property, $0.site) },
      takings: output.orders.map { LockTaking(lock: $0.lock, subclass: $0.subclass, site: $0.site) })
  }

  private static var cacheFolder: String {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["XDG_CACHE_HOME"], !folder.isEmpty { return folder + "/mmck" }
    if let home = environment["HOME"], !home.isEmpty { return home + "/.cache/mmck" }
    return NSTemporaryDirectory() + "mmck"
  }

  private static func findClang() -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    return path.split(separator: ":").map { $0 + "/clang" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// What tells one compiler from another: asking it for its version would take longer than many a search.
  private static func identity(of compiler: String) -> String? {
    let path = URL(fileURLWithPath: compiler).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let size = attributes[.size] as? Int, let date = attributes[.modificationDate] as? Date
    else { return nil }
    return "\(path) \(size) \(date.timeIntervalSince1970)"
  }

  /// What a program prints; nil if it cannot be run or fails.
  private func run(_ program: String, _ arguments: [String]) -> String? {
    if isCancelled.load(ordering: .relaxed) { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    compiler.withLock { $0 = process }
    // `cancel` may have come between the look above and now, and found nothing to end.
    if isCancelled.load(ordering: .relaxed) { process.terminate() }
    defer { compiler.withLock { $0 = nil } }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
  }
}
