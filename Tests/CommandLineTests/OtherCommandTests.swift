import Foundation
import Testing

/// `mmck fmt`, `new`, `compile`, `simulate`, `completions`, and what all commands have in common.
@Suite("Other commands")
struct OtherCommandTests {
  @Test("fmt is idempotent, and --check changes nothing")
  func formatting() throws {
    let scratch = try Scratch()
    let messy = "spec  a   \"a\" ;\n0..3   x;\nprocess p{x=1;/* kept */if(x==1)x=2;}\n"
    try scratch.write("a.mmck", messy)
    let check = try Tool.run(["fmt", "--check", "a.mmck"], in: scratch.folder)
    #expect(check.status == 1 && check.output.contains("a.mmck"))
    #expect(try scratch.read("a.mmck") == messy)
    #expect(try Tool.run(["fmt", "a.mmck"], in: scratch.folder).status == 0)
    let formatted = try scratch.read("a.mmck")
    #expect(formatted != messy && formatted.contains("/* kept */"))
    #expect(try Tool.run(["fmt", "--check", "."], in: scratch.folder).status == 0)
    let again = try Tool.run(["fmt", "a.mmck"], in: scratch.folder)
    #expect(again.status == 0 && again.output.isEmpty)
    #expect(try Tool.run(["fmt", "-"], input: messy).output == formatted)
  }

  @Test("the shipped specs are formatted")
  func shipped() throws {
    let run = try Tool.run(["fmt", "--check", "specs"])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  @Test("fmt refuses what it cannot parse, and leaves it alone")
  func formatRefusal() throws {
    let scratch = try Scratch()
    try scratch.write("a.mmck", "spec a \"a\"; process p { x = ; }")
    let run = try Tool.run(["fmt", "a.mmck"], in: scratch.folder)
    #expect(run.status == 2 && run.errors.contains("a.mmck:1:"))
    #expect(try scratch.read("a.mmck") == "spec a \"a\"; process p { x = ; }")
  }

  @Test("new writes a spec that is formatted and checked as it expects")
  func creating() throws {
    let scratch = try Scratch()
    #expect(try Tool.run(["new", "my_proposal"], in: scratch.folder).status == 0)
    #expect(try Tool.run(["check", "my_proposal.mmck"], in: scratch.folder).status == 0)
    #expect(try Tool.run(["check", "my_proposal.mmck", "-D", "FIX_*=false"], in: scratch.folder).status == 0)
    #expect(try Tool.run(["fmt", "--check", "my_proposal.mmck"], in: scratch.folder).status == 0)
    #expect(try Tool.run(["new", "my_proposal"], in: scratch.folder).status == 2)
    for name in ["", "1a", "a-b", "../x", "a b", "Ä"] {
      #expect(try Tool.run(["new", name], in: scratch.folder).status == 2, "\(name)")
    }
  }

  @Test("new refuses a word of the language")
  func creatingKeyword() throws {
    let scratch = try Scratch()
    let run = try Tool.run(["new", "process"], in: scratch.folder)
    let checked = try Tool.run(["check", "process.mmck"], in: scratch.folder)
    #expect(run.status == 2 || checked.status == 0)
  }

  @Test("compile prints the transition system, the same in every run")
  func compiling() throws {
    let first = try Tool.run(["compile", "--ir", "specs/classic/ptshare.mmck"])
    #expect(first.status == 0 && first.lines.count > 50)
    #expect(try Tool.run(["compile", "specs/classic/ptshare.mmck"]).output == first.output)
    let other = try Tool.run(["compile", "specs/classic/ptshare.mmck", "--scope", "t3p2"])
    #expect(other.status == 0 && other.output != first.output)
    #expect(try Tool.run(["compile", "specs/classic/ptshare.mmck", "--scope", "none"]).status == 2)
  }

  @Test("simulate takes the same run for the same seed, and can be asked step by step")
  func simulating() throws {
    let arguments = ["simulate", "specs/classic/ptshare.mmck", "--steps", "30", "--seed"]
    let first = try Tool.run(arguments + ["7"])
    #expect(first.status == 0 && first.lines.count >= 30)
    #expect(try Tool.run(arguments + ["7"]).output == first.output)
    #expect(try Tool.run(arguments + ["8"]).output != first.output)
    let asked = try Tool.run(
      ["simulate", "specs/classic/ptshare.mmck", "--interactive"], input: "1\nnonsense\n99\n0\n1\nq\n")
    #expect(asked.status == 0 && asked.output.contains("q to leave"))
    #expect(try Tool.run(["simulate", "specs/classic/ptshare.mmck", "--interactive"]).status == 0)
  }

  @Test("completions for three shells", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let run = try Tool.run(["completions", shell])
    #expect(run.status == 0 && run.output.contains("replay"))
  }

  @Test("help and version are no errors")
  func help() throws {
    for arguments in [["--help"], ["help"], ["--version"], ["check", "--help"], []] {
      let run = try Tool.run(arguments)
      #expect(run.status == 0 && !run.output.isEmpty && run.errors.isEmpty, "\(arguments)")
    }
  }

  @Test(
    "usage errors are exit status 2 with a message on standard error",
    arguments: [
      ["nonsense"], ["check", "--nonsense"], ["check", "specs/none.mmck"], ["check", "--engine", "magic"],
      ["prove"], ["check", "--no-reduction=nonsense"], ["check", "--jobs", "0"],
      ["check", "--jobs", "x"],
      ["check", "--time", "abc"],
      ["check", "--time", "0"], ["check", "--time", "-1s"], ["check", "--memory", "lots"],
      ["check", "--memory", "0"],
      ["check", "--memory", "9999999999G"], ["check", "--granularity", "byte"], ["check", "-D"],
      ["check", "--scope"],
      ["completions", "tcsh"], ["completions"], ["compile"], ["compile", "specs"], ["simulate"], ["new"],
      ["fmt", "specs/none.mmck"], ["check", "Docs"],
      ["simulate", "specs/classic/ptshare.mmck", "--seed", "-1"],
    ])
  func usage(arguments: [String]) throws {
    let run = try Tool.run(arguments)
    #expect(run.status == 2 && !run.errors.isEmpty && run.output.isEmpty)
  }

  @Test("no colours and no progress but on a terminal")
  func plain() throws {
    let run = try Tool.run(["check", "specs/classic/peterson.mmck"], environment: ["TERM": "xterm-256color"])
    #expect(!run.output.contains("\u{1B}") && run.errors.isEmpty)
  }

  private static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  @Test("NO_COLOR is honoured on a terminal", .enabled(if: hasScript))
  func noColor() throws {
    let command = "script -qec '\(Tool.path) check specs/classic/peterson.mmck' /dev/null"
    let coloured = try Tool.shell(command, environment: ["TERM": "xterm-256color", "NO_COLOR": ""])
    #expect(coloured.output.contains("\u{1B}[32m"))
    let plain = try Tool.shell(command, environment: ["TERM": "xterm-256color", "NO_COLOR": "1"])
    #expect(!plain.output.contains("\u{1B}[3") && !plain.output.contains("\u{1B}[1"))
  }
}
