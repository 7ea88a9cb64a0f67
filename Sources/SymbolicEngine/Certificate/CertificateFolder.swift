import Evidence

/// What a certificate says of itself, and the files it consists of.
public struct CertificateFolder {
  /// Where a certificate comes from.
  public struct Origin {
    public let meta: Trace.Meta
    /// For which scope it is: its name, or "any number of user".
    public let scope: String
    public init(_ meta: Trace.Meta, scope: String? = nil) {
      self.meta = meta
      self.scope = scope ?? meta.scope
    }
  }

  /// Reachable states that were seen to have the invariant.
  public struct StatesInside: Sendable {
    public let count: Int
    /// There is no other reachable state.
    public let isAll: Bool

    public static let none = Self(count: 0, isAll: false)

    public init(count: Int, isAll: Bool) {
      self.count = count
      self.isAll = isAll
    }

    var text: String {
      switch (count, isAll) {
      case (0, _): "The invariant was not evaluated in any reachable state."
      case (_, true):
        "mmck's interpreter evaluated the invariant in all \(count) reachable states: none is outside."
      case (_, false):
        "mmck's interpreter evaluated the invariant in \(count) reachable states, near the start and of random walks: none is outside."
      }
    }
  }

  /// The files, each with its path below the folder of all certificates.
  public let files: [(path: String, text: String)]
  /// Where they are below it: `<spec>/<scope>/<property>`.
  public let path: String

  public init(_ certificate: Certificate, from origin: Origin, _ inside: StatesInside) {
    let folder = "\(origin.meta.spec.fileName)/\(origin.scope.fileName)/\(certificate.property.fileName)"
    let title = "\(certificate.property) of \(origin.meta.spec), scope \(origin.scope)"
    let scripts = CertificateText(certificate, title: title).files()
    let manifest = Self.manifest(certificate, origin, inside, scripts)
    path = folder
    files =
      scripts.map { ("\(folder)/\($0.name)", $0.text) }
      + [
        ("\(folder)/manifest.json", manifest.text),
        ("\(folder)/README.txt", Self.readme(certificate, title, inside, scripts)),
      ]
  }

  private static func manifest(
    _ certificate: Certificate, _ origin: Origin, _ inside: StatesInside, _ scripts: [CertificateText.File]
  ) -> JSON {
    func settings(_ list: [Trace.Setting]) -> JSON {
      .object(list.map { .init($0.name, .string($0.value)) })
    }
    let meta = origin.meta
    return .members([
      "version": .integer(2), "tool": .string("\(meta.tool) \(meta.toolVersion)"),
      "spec": .string(meta.spec), "path": .string(meta.path), "specHash": .string(meta.specHash),
      "scope": .string(origin.scope), "parameters": settings(meta.parameters),
      "options": settings(meta.options),
      "granularity": .string(meta.granularity), "property": .string(certificate.property),
      "lemmas": .array(certificate.lemmas.map { .string($0.text) }),
      "minimal": .bool(certificate.isMinimal),
      "statesInside": .members(["count": .integer(inside.count), "all": .bool(inside.isAll)]),
      "movers": .array(
        certificate.obligations.movers.map { mover in
          .members([
            "kind": .string(mover.kind.name),
            "process": .integer(mover.process - mover.kind.firstProcess + 1),
            "standsFor": .integer(mover.isRepresentative ? mover.kind.count : 1),
          ])
        }),
      "files": .array(
        scripts.map { .members(["name": .string($0.name), "queries": .integer($0.queryCount)]) }),
    ])
  }

  private static func readme(
    _ certificate: Certificate, _ title: String, _ inside: StatesInside, _ scripts: [CertificateText.File]
  ) -> String {
    """
    A certificate: \(title).

    invariant.smt2 defines a set of states, with each lemma in the notation of the spec above its formula. Every other file begins
    with the same bytes, and asks about that set. If the answer to every (check-sat) is unsat, no run ever leaves the set,
    and nothing in it breaks the property:

    initial.smt2     Is there an initial state outside? Does anything break the property before the first step?
    steps-*.smt2     Is there a step from inside to outside? For each step from a place to which control may lead (the
                     invariant says that nobody stands elsewhere) one query for each lemma that depends on what it writes, with
                     the lemmas that are enough to keep it.
    property.smt2    Is there a state inside that breaks the property, or a step from one that does?

    \(scripts.map { "\($0.queryCount) \($0.queryCount == 1 ? "query" : "queries") in \($0.name)" }.joined(separator: "\n"))

    Any solver that reads SMT-LIB 2 with bit-vectors (QF_BV) will do, for example

        cvc5 --incremental --bitblast=eager initial.smt2
        z3 property.smt2

    Steps of interchangeable processes are asked about once, for the first of them; the files say why that is enough.
    \(certificate.isMinimal ? "No lemma can be left out." : "Some lemmas may not be needed: there was no time to see.")
    manifest.json says which spec, in which version and with which settings, this is about. What is trusted beyond the solver: that
    the formulas say what the spec does.

    \(inside.text)

    It is about this scope. Where mmck says "any number of", that rests on decision 10 as well, which no solver is asked about.

    """
  }
}
