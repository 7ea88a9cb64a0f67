// swift-tools-version: 6.2
// One section per target, in the order in which data flows; see ARCHITECTURE.md.
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Of what tests let compute most: debug builds of it are optimised too.
///
/// Optimising more of it takes the compiler as long as it saves the tests. `assert` stays on.
let computing: [SwiftSetting] =
  settings + [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], _ swiftSettings: [SwiftSetting] = settings
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], _ swiftSettings: [SwiftSetting] = settings
) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// What end-to-end tests look at.
let everyLibrary: [Target.Dependency] = [
  "CheckDriver", "CStepABI", "Diagnostics", "Evidence", "ExplicitEngine", "Lowering", "NativeCode",
  "Reductions", "Reports", "SpecFormat",
  "SpecSemantics", "SpecSyntax", "TransitionIR",
]

let package = Package(
  name: "mmck",
  products: [.executable(name: "mmck", targets: ["mmck"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    library("Diagnostics"),
    library("SpecSyntax", ["Diagnostics"]),
    library("SpecFormat", ["SpecSyntax", "Diagnostics"]),
    library("SpecSemantics", ["SpecSyntax", "Diagnostics"]),
    library("TransitionIR", [], computing),
    library("Reductions", ["TransitionIR"], computing),
    library("Lowering", ["SpecSemantics", "SpecSyntax", "TransitionIR", "Diagnostics"]),
    library("Terms", [], computing),
    .systemLibrary(name: "CZ3", providers: [.apt(["libz3-dev"])]),
    library("SMTSolver", ["CZ3", "Terms"]),
    library("SATSolver", [], computing),
    library("Evidence", ["TransitionIR"]),
    library("Interchange", ["TransitionIR"]),
    .target(name: "CStepABI"),
    .target(
      name: "NativeCode", dependencies: ["TransitionIR", "Reductions"],
      resources: [.embedInCode("Runtime/step_abi.h")],
      swiftSettings: settings),
    library(
      "SymbolicEngine", ["TransitionIR", "Reductions", "Evidence", "Terms", "SMTSolver", "SATSolver"],
      computing),
    .target(name: "CStateTable"),
    library(
      "ExplicitEngine", ["TransitionIR", "Reductions", "Evidence", "CStepABI", "CStateTable"], computing),
    library("LemmaMining", ["TransitionIR", "ExplicitEngine"], computing),
    library("Reports", ["Evidence", "TransitionIR", "Diagnostics"]),
    library(
      "CheckDriver",
      [
        "Diagnostics", "SpecSyntax", "SpecFormat", "SpecSemantics", "Lowering", "TransitionIR",
        "Reductions", "Evidence", "ExplicitEngine", "NativeCode", "CStepABI", "Reports", "LemmaMining",
        "SMTSolver", "SymbolicEngine",
      ]),
    .executableTarget(
      name: "mmck",
      dependencies: [
        "CheckDriver", "Diagnostics", "Evidence", "ExplicitEngine", "Interchange", "NativeCode",
        "Reductions", "Reports", "SpecFormat",
        "SpecSemantics", "SymbolicEngine",
        "TransitionIR",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    tests("SpecSyntaxTests", ["SpecSyntax", "SpecFormat", "Diagnostics"]),
    tests("LanguageTests", everyLibrary),
    tests("CheckDriverTests", everyLibrary),
    tests("CommandLineTests", everyLibrary + ["mmck"]),
    tests("TransitionIRTests", ["TransitionIR"]),
    .testTarget(
      name: "ReductionsTests", dependencies: everyLibrary, exclude: ["Fixtures"], swiftSettings: settings),
    .target(name: "RandomSpecs", path: "Tests/RandomSpecs", swiftSettings: settings),
    tests("DifferentialTests", everyLibrary + ["RandomSpecs"]),
    tests("ExplicitEngineTests", ["ExplicitEngine", "TransitionIR"], computing),
    tests(
      "LemmaMiningTests", ["LemmaMining", "ExplicitEngine", "TransitionIR", "CheckDriver", "SpecSemantics"]),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange", "TransitionIR", "CheckDriver", "Diagnostics"],
      exclude: ["Constructs", "Golden"], swiftSettings: computing),
    .testTarget(
      name: "SymbolicEngineTests",
      dependencies: everyLibrary + [
        "SMTSolver", "SymbolicEngine", "Terms", "RandomSpecs", "RandomTerms", "LemmaMining",
      ],
      exclude: ["Golden"], swiftSettings: computing),
    .target(
      name: "RandomTerms", dependencies: ["Terms"], path: "Tests/RandomTerms", swiftSettings: computing),
    tests("TermsTests", ["Terms", "RandomTerms"]),
    tests("SMTSolverTests", ["SMTSolver", "Terms", "RandomTerms"]),
    tests("SATSolverTests", ["SATSolver"]),
    tests("EvidenceTests", ["Evidence", "Reports", "TransitionIR", "Diagnostics"]),
  ]
)
