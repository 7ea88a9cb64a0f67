import CZ3

/// The libz3 that the process runs with.
public enum Z3Version {
  /// Such as "4.8.12".
  public static var current: String {
    var (major, minor, build, revision): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    Z3_get_version(&major, &minor, &build, &revision)
    return "\(major).\(minor).\(build)"
  }
}

/// The memory of all solvers of the process together.
public enum Z3Memory {
  /// How many bytes they hold, as far as Z3 counts them.
  public static var byteCount: UInt64 { Z3_get_estimated_alloc_size() }

  /// From now on queries that need more than so many megabytes answer `unknown`.
  ///
  /// Z3 counts what it allocates itself, so the process gets somewhat larger. Making a solver when nothing is left traps.
  public static func limit(megabytes: Int) {
    precondition(megabytes > 0, "a limit of no memory")
    Z3_global_param_set("memory_max_size", String(megabytes))
  }
}
