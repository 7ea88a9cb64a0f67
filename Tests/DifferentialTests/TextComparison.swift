import TransitionIR

/// How the text form of a system fails to be its inverse; empty if it does not.
func textDifferences(_ system: TransitionSystem) -> [String] {
  let problems = validate(system)
  if !problems.isEmpty { return ["lowering made an ill-formed system: \(problems.prefix(3))"] }
  let text = renderIR(system)
  switch parseIR(text) {
  case .failure(let error): return ["the text is not read back: line \(error.line): \(error.message)"]
  case .success(let copy):
    let problems = validate(copy)
    if !problems.isEmpty { return ["the system that was read back is ill-formed: \(problems.prefix(3))"] }
    return renderIR(copy) == text ? [] : ["the text of the system that was read back is another"]
  }
}
