import TransitionIR

/// Gives every worker the best source of steps there is by now: compiled ones once they are ready, the interpreter before.
public final class StepFactory {
  private let interpreter: Interpreter
  private let packing: StatePacking
  private let compiledSteps: @Sendable () -> CompiledSteps?
  private let patience: Int
  private let reductions: SearchReductions
  private var compiled: CompiledSteps?

  /// `reductions`: what the steps are able to do; compiled ones must have been made with the same.
  ///
  /// `compiledSteps` is asked once `patience` states are expanded, and then until it has an answer; asking begins the compilation.
  public init(
    _ interpreter: Interpreter, reductions: SearchReductions = .none, patience: Int = .max,
    compiledSteps: @escaping @Sendable () -> CompiledSteps? = { nil }
  ) {
    self.interpreter = reductions.cleared.map(Interpreter.init) ?? interpreter
    packing = StatePacking(self.interpreter.system)
    self.patience = patience
    self.reductions = reductions
    self.compiledSteps = compiledSteps
    refresh(expanded: 0)
  }

  func refresh(expanded: Int) {
    if compiled == nil, expanded >= patience { compiled = compiledSteps() }
  }

  func make() -> any StepSource {
    if let compiled { return CompiledSource(compiled) }
    return InterpretedSource(interpreter, packing, reductions)
  }

  /// Whether there is nothing better than `source`.
  func isCurrent(_ source: any StepSource) -> Bool { compiled == nil || source is CompiledSource }
}
