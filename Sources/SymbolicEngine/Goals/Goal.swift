import TransitionIR

/// One way in which a property may fail, told apart by property and place, as the explicit engine tells them apart.
public struct Goal: Hashable, Sendable, Comparable {
  /// The name that users see.
  public let property: String
  /// Where in the spec it fails; for deadlocks, where the property has no one place, -1.
  public let site: SiteID

  public init(_ property: String, _ site: SiteID) {
    self.property = property
    self.site = site
  }

  public static func < (a: Goal, b: Goal) -> Bool {
    (a.property, a.site.index) < (b.property, b.site.index)
  }
}
