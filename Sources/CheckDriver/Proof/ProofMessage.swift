import Evidence
import TransitionIR

/// What a prover says while it works.
///
/// Each message is complete by itself and one line of JSON on its way between processes, so what was said survives whatever
/// happens to the one who said it.
public enum ProofMessage: Codable, Sendable {
  /// What it works on from now on: if it ends without a word, these properties are what it ended at.
  case working(on: [String])
  /// All runs of so many steps break nothing but what was told.
  case bounded(depth: Int)
  /// A violation, or the witness of a `reachable` property. Nobody has to believe it: the path can be run.
  case found(Finding)
  case answered(Answer)
  /// The folder with the certificate of a property that was proven, or why there is none.
  case certified(property: String, folder: String?, refusal: String?)
  /// A property that was proven for this scope only, and why not for any number of processes.
  case onlyHere(property: String, refusal: String)
  /// The tool itself is wrong.
  case broken(String)

  /// A `Counterexample` in a form that can be written down.
  public struct Finding: Codable, Sendable {
    let property: String
    let site: Int
    let message: String
    let subject: String?
    let initialChoices: [Int]
    let initialState: [Int]
    let steps: [Step]

    struct Step: Codable {
      let process: Int
      let location: Int
      let choices: [Int]
      let state: [Int]
    }
  }

  /// The last word on a property, unless a proof by other means follows.
  public struct Answer: Codable, Sendable {
    public enum Verdict: Codable, Sendable {
      /// No run is longer than those that were looked at.
      case exhaustive
      case inductive(k: Int, lemmas: Int)
      /// As `inductive` over one step, whatever the number of processes of these kinds is.
      case anyNumber(of: [String], lemmas: Int)
      /// A `reachable` property that is not.
      case unreachable
      case unknown(String)
    }
    public let property: String
    public let verdict: Verdict
    /// The step that induction could not exclude, drawn for people.
    public let obstacle: String?

    public var isFinal: Bool { if case .unknown = verdict { false } else { true } }
  }
}

extension ProofMessage.Finding {
  init(_ found: Counterexample) {
    property = found.property
    site = found.site.index
    message = found.message
    subject = found.subject
    initialChoices = found.path.initialChoices
    initialState = found.path.initialState
    steps = found.path.steps.map {
      Step(process: $0.process, location: $0.location.index, choices: $0.choices, state: $0.state)
    }
  }

  var counterexample: Counterexample {
    let steps = steps.map {
      Path.Step(
        process: $0.process, location: LocationID($0.location), choices: $0.choices, state: $0.state)
    }
    return Counterexample(
      property: property, site: SiteID(site), message: message, subject: subject,
      path: Path(initialChoices: initialChoices, initialState: initialState, steps: steps))
  }
}
