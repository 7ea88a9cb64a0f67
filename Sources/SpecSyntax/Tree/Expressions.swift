import Diagnostics

/// An identifier with its place.
public struct Name: Hashable, Sendable {
  public let text: String
  public let range: SourceRange
  public init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// A string literal with escapes resolved.
public struct StringLiteral: Hashable, Sendable {
  public let text: String
  public let range: SourceRange
  public init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// `x in D where cond`, the head of `any`, `forall`, `exists`, `count` and `for`.
public struct Binder: Sendable {
  public let name: Name
  public let domain: DomainSyntax
  public let filter: Expression?
  public init(name: Name, domain: DomainSyntax, filter: Expression?) {
    self.name = name
    self.domain = domain
    self.filter = filter
  }
}

/// What a binder ranges over.
public indirect enum DomainSyntax: Sendable {
  /// `lo..hi`, both ends included.
  case span(Expression, Expression)
  /// A type name (enum, typedef, struct with a pool, process kind, `bool`) or an expression that is a set.
  case named(Expression)

  public var range: SourceRange {
    switch self {
    case .span(let low, let high): low.range.union(high.range)
    case .named(let expression): expression.range
    }
  }
}

public enum PrefixOperator: String, Sendable {
  case not = "!"
  case negate = "-"
  case complement = "~"
}

public enum InfixOperator: String, Sendable {
  case implies = "==>"
  case or = "||"
  case and = "&&"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case member = "in"
  case bitOr = "|"
  case bitXor = "^"
  case bitAnd = "&"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
}

public enum QuantifierKeyword: String, Sendable { case forall, exists, count }

/// An expression as written.
public struct Expression: Sendable {
  public indirect enum Kind: Sendable {
    /// The value, already parsed; out-of-range literals are diagnosed by the lexer and read as 0.
    case integer(UInt64)
    case string(String)
    case boolean(Bool)
    case null
    case current
    /// `maybe`: true or false, chosen freely.
    case maybe
    case name(Name)
    case prefix(PrefixOperator, Expression)
    case infix(InfixOperator, Expression, Expression)
    case conditional(Expression, Expression, Expression)
    /// `&lvalue`, only as an argument.
    case addressOf(Expression)
    /// `*pointer`
    case dereference(Expression)
    /// `base.member`
    case dot(Expression, Name)
    /// `base->member`
    case arrow(Expression, Name)
    case index(Expression, Expression)
    case call(Name, [Argument])
    /// `any x in D where cond`
    case any(Binder)
    /// `forall x in D where cond: body`; `count` yields how many, its body is the condition.
    case quantified(QuantifierKeyword, Binder, Expression)
    case old(Expression)
    /// `{a, b}`; `{}` is the empty set.
    case setLiteral([Expression])
    case parenthesized(Expression)
    /// Stands where the parser could not read an expression; already diagnosed.
    case missing
  }

  /// An argument of a call: an expression, or a type for `alloc(struct S)`.
  public enum Argument: Sendable {
    case value(Expression)
    case type(TypeSyntax)

    public var range: SourceRange {
      switch self {
      case .value(let expression): expression.range
      case .type(let type): type.range
      }
    }
  }

  public let kind: Kind
  public let range: SourceRange
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// A type as written, without the declarator's stars and array bounds.
public struct TypeSyntax: Sendable {
  public indirect enum Kind: Sendable {
    case void
    /// `bool`, `u8`, `mutex`, `task`, a typedef, an enum or a flags name.
    case named(Name)
    /// `struct S`
    case structure(Name)
    /// `enum E` or `flags F`, written out.
    case tagged(Name)
    case span(Expression, Expression)
    /// `set of T`; the stars belong to the element: `set of struct page *`.
    case set(TypeSyntax, pointerDepth: Int)
    case missing
  }
  public let kind: Kind
  public let range: SourceRange
  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
