import CheckDriver
import Testing

/// Which file an `import` means, and that each is read once.
@Suite("Imports")
struct ImportTests {
  @Test("a file is looked up beside the importing one, then in each folder above")
  func lookup() throws {
    let world = World([
      "specs/a/main.mmck": "spec m \"m\"; import \"lib/x.mmck\"; process p { x = y; }",
      "specs/lib/x.mmck": "import \"lib/y.mmck\"; 0..3 x;",
      "specs/lib/lib/y.mmck": "0..2 y = 2;",
      "specs/lib/y.mmck": "0..1 y;",
      "lib/x.mmck": "bool wrong;",
    ])
    #expect(try world.check(["specs/a/main.mmck"]).runs[0].statistics.states == 2)
    #expect(world.readPaths == ["specs/a/main.mmck", "specs/lib/x.mmck", "specs/lib/lib/y.mmck"])
  }

  @Test("the nearest file wins")
  func nearest() throws {
    let world = World([
      "specs/a/main.mmck": "spec m \"m\"; import \"lib/x.mmck\"; process p { x = 1; }",
      "specs/a/lib/x.mmck": "0..1 x;", "specs/lib/x.mmck": "bool wrong;",
    ])
    #expect(world.codes("specs/a/main.mmck") == [])
  }

  @Test("a file is added once, however often it is imported")
  func once() throws {
    let world = World([
      "m.mmck": "spec m \"m\"; import \"a.mmck\"; import \"b.mmck\"; import \"a.mmck\"; process p { x = 1; }",
      "a.mmck": "import \"c.mmck\";", "b.mmck": "import \"c.mmck\"; import \"a.mmck\";", "c.mmck": "0..3 x;",
    ])
    #expect(world.codes("m.mmck") == [])
    #expect(world.readPaths == ["m.mmck", "a.mmck", "c.mmck", "b.mmck"])
  }

  @Test("a file is added once when it is reached in two ways")
  func sameFile() throws {
    let world = World([
      "s/m.mmck": "spec m \"m\"; import \"lib/a.mmck\"; import \"lib/b.mmck\"; process p { x = 1; }",
      "s/lib/a.mmck": "import \"b.mmck\";", "s/lib/b.mmck": "0..3 x;",
    ])
    #expect(world.codes("s/m.mmck") == [])
  }

  @Test("circles are refused, with the import that closes them")
  func circles() {
    let world = World([
      "self.mmck": "spec m \"m\"; import \"self.mmck\"; process p { }",
      "a.mmck": "spec a \"a\"; import \"b.mmck\"; process p { }", "b.mmck": "import \"c.mmck\";",
      "c.mmck": "import \"b.mmck\";",
    ])
    #expect(world.codes("self.mmck") == ["self.mmck E0604"])
    #expect(world.codes("a.mmck") == ["c.mmck E0604"])
  }

  @Test("paths upwards, absolute ones, other files and missing files are refused")
  func refusals() {
    func code(_ path: String) -> [String] {
      World([
        "s/m.mmck": "spec m \"m\"; import \"\(path)\"; process p { }", "x.mmck": "bool x;",
        "s/y.txt": "bool x;",
        "/etc/z.mmck": "bool x;", "s/d/e.mmck": "bool e;",
      ]).codes("s/m.mmck")
    }
    for path in ["../x.mmck", "/etc/z.mmck", "a/../x.mmck", "./x.mmck", "d//e.mmck", "", "/", ".."] {
      #expect(code(path) == ["s/m.mmck E0601"], "\(path)")
    }
    #expect(code("y.txt") == ["s/m.mmck E0602"])
    #expect(code("d") == ["s/m.mmck E0602"])
    #expect(code("none.mmck") == ["s/m.mmck E0603"])
    #expect(code("d/e.mmck") == [])
    #expect(code("x.mmck") == [])
  }

  @Test("at most 100 files")
  func tooMany() {
    var files = ["m.mmck": "spec m \"m\"; import \"a1.mmck\"; process p { }"]
    for number in 1...120 { files["a\(number).mmck"] = "import \"a\(number + 1).mmck\";" }
    #expect(World(files).codes("m.mmck") == ["a99.mmck E0605"])
  }

  @Test("mistakes in an imported file are told with its path, and it must not name a spec")
  func mistakesInside() {
    let world = World([
      "m.mmck": "spec m \"m\"; import \"a.mmck\"; process p { y = 1; }", "a.mmck": "0..3 x = 7;",
      "n.mmck": "spec n \"n\"; import \"b.mmck\"; process p { }", "b.mmck": "spec b \"b\"; bool b;",
    ])
    #expect(world.codes("m.mmck") == ["m.mmck E0312", "a.mmck E0415"])
    #expect(world.codes("n.mmck") == ["b.mmck E0302"])
  }

  @Test("equal content has an equal hash, other content another")
  func hashes() throws {
    let one = World(["m.mmck": "spec m \"m\"; import \"a.mmck\"; process p { }", "a.mmck": "bool a;"])
    let other = World(["x/m.mmck": "spec m \"m\"; import \"a.mmck\"; process p { }", "x/a.mmck": "bool a;"])
    let changed = World(["m.mmck": "spec m \"m\"; import \"a.mmck\"; process p { }", "a.mmck": "bool b;"])
    let hash = try loadSpec("m.mmck", host: one.host).hash
    #expect(hash.hasPrefix("fnv1a64:") && hash.count == 24)
    #expect(try loadSpec("x/m.mmck", host: other.host).hash == hash)
    #expect(try loadSpec("m.mmck", host: changed.host).hash != hash)
  }
}
