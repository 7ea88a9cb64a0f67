import Diagnostics
import SpecSemantics
import SpecSyntax
import TransitionIR

/// A kind of processes whose number is a param of the spec that says nothing else.
struct GrowingKind {
  let kind: KindID
  let name: String
  let param: String
  /// Properties in whose text the param occurs: they are other properties with another number.
  let sized: Set<String>
}

/// Finds the params of a spec that are the number of one symmetric kind.
///
/// The text decides: the name occurs where the param is declared and set, as the number of the kind, in expectations, in properties,
/// and nowhere else. So whatever is compiled for one number is compiled for every other.
struct GrowingKinds {
  private(set) var found: [GrowingKind] = []
  /// Why there is none, for each other kind.
  private(set) var refusals: [String] = []

  init(_ spec: LoadedSpec, _ compiled: CompiledSpec) {
    for (number, kind) in compiled.system.kinds.enumerated() where kind.isSymmetric {
      let counts = spec.trees.flatMap(\.declarations).compactMap { declaration in
        if case .process(let process) = declaration.kind, process.name.text == kind.name {
          process.count
        } else {
          nil
        }
      }
      guard counts.count == 1, case .name(let param) = counts[0].kind,
        compiled.analysis.outline.paramNames.contains(param.text)
      else {
        refusals.append("the number of \(kind.name) is no param")
        continue
      }
      let uses = Uses(spec, of: param.text)
      if let place = uses.other(than: param.range) {
        refusals.append("\(param.text) is more than the number of \(kind.name): see \(place)")
        continue
      }
      found.append(
        GrowingKind(kind: KindID(number), name: kind.name, param: param.text, sized: uses.properties))
    }
  }

  /// Where a name occurs.
  private struct Uses {
    private let spec: LoadedSpec
    private let all: [SourceRange]
    private var harmless: Set<SourceRange> = []
    private var parts: [SourceRange] = []
    private(set) var properties: Set<String> = []

    init(_ spec: LoadedSpec, of name: String) {
      self.spec = spec
      var all: [SourceRange] = []
      for (index, source) in spec.sources.files.enumerated() {
        let file = FileID(index: index)
        for token in lex(source, file: file).tokens where token.kind.isName {
          if source.text(from: token.start, to: token.end) == name {
            all.append(SourceRange(file: file, start: token.start, end: token.end))
          }
        }
      }
      self.all = all
      for declaration in spec.trees.flatMap(\.declarations) {
        switch declaration.kind {
        case .param(let declared, _): if declared.text == name { harmless.insert(declared.range) }
        case .scope(let scope):
          for setting in scope.settings where setting.name.text == name {
            harmless.insert(setting.name.range)
          }
        case .expect: parts.append(declaration.range)
        case .property(let property):
          parts.append(declaration.range)
          if all.contains(where: { Self.contains(declaration.range, $0) }) {
            properties.insert(property.name.text)
          }
        default: break
        }
      }
    }

    private static func contains(_ whole: SourceRange, _ part: SourceRange) -> Bool {
      whole.file == part.file && whole.start <= part.start && part.end <= whole.end
    }

    /// The first place that is neither of the harmless ones nor `number`.
    func other(than number: SourceRange) -> String? {
      let others = all.filter { use in
        use != number && !harmless.contains(use) && !parts.contains { Self.contains($0, use) }
      }
      guard let first = others.first else { return nil }
      let source = spec.sources[first.file]
      return "\(source.path):\(source.line(at: first.start))"
    }
  }
}
