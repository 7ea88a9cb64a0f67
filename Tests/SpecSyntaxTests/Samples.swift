import Diagnostics
import Foundation
import SpecSyntax

/// Spec texts that have no syntax errors, by name.
enum Samples {
  static let all: [(name: String, text: String)] = [("everything", everything)] + reference + specs

  private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The `mmck` blocks of the language reference.
  private static let reference: [(String, String)] = {
    let path = root.appending(path: "Docs/language/reference.md")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    let blocks = text.components(separatedBy: "```mmck\n").dropFirst()
    return blocks.enumerated().map { ("reference \($0)", $1.components(separatedBy: "```")[0]) }
  }()

  /// The specs of the repository.
  private static let specs: [(String, String)] = {
    let folder = root.appending(path: "specs")
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
      return []
    }
    return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "mmck" }
      .sorted { $0.path < $1.path }
      .compactMap { url in
        (try? String(contentsOf: url, encoding: .utf8)).map { (url.lastPathComponent, $0) }
      }
  }()

  /// Every construct of the language, in canonical layout.
  static let everything = """
    /* every construct */
    spec all "every construct";
    origin "text";
    import "lib/kernel/mm.mmck";

    param N = 2;
    option FIX_A = false "what it changes";
    option FIX_B = true;
    const LIMIT = N * 2 + 1;
    typedef 0..LIMIT vaddr_t;
    typedef struct vma *vma_ptr;
    enum mode { ONE, TWO, };
    flags prot {
        READ,       /* may be read */
        WRITE       /* may be written */
    };
    struct pair { 0..3 a; bool b[2], c; };
    struct vma pool N + 1 {
        struct mm *vm_mm;
        set of struct page *pages;
        mutex lock;
        0..3 refs guarded_by lock;      /* how many */
        enum mode m; flags prot p; flags scope;
    };
    struct mm pool (N) { set of struct vma *vmas; struct vma *slots[vaddr_t]; };
    struct task_data per process { 0..1 x; };
    struct vma pool;
    struct vma *a, *b = null, *c[2][N];
    u64 word = 0xffffffffffffffff;
    -3..3 signed_thing = -3;
    N-1..N+1 between;
    0..N*2 twice;
    refcount_t refs;
    rwsem sem;
    spinlock spin;
    set of 0..3 small_set = {1, 2};
    bool step, scope, init, origin, option, when, where, holds, entry, flags, unknown, pool, per, count;

    init {
        a = null;
        for (x in vaddr_t) c[0][x] = null;
    }

    bool f(void) { return true; }

    0..4 g(0..4 *x, 0..N **y, 0..2*N z, struct vma **v, set of bool s) @ "mm/x.c g"
    {
        *x = 3;
        (*x)++;
        ++z;
        return *x;
    }

    struct vma *find(struct mm *mm, vaddr_t addr)
    {
        struct vma *vma, *other = mm->slots[addr];
        0..3 i = 0, j;
        N-1..N k;
        prot p2 = READ | WRITE;
        flags prot p3;
        vma_ptr *q;

        // A comment of its own.
        if (vma && vma->vm_mm == mm || !(p2 & READ) && (p2 & (READ | WRITE)) != 0)
            return null;
        else if (addr in 0..3 && addr in vaddr_t && vma in mm->vmas)
            goto out;
        else {
            count = count + 1;
            step = maybe;
        }
        while (i < 3) { i++; if (i == 2) continue; else break; }
        do i--; while (i > 0);
        do {
            i--;
        } while (i > 0);
        for (v in mm->vmas where v->refs > 0 && live(v)) { free(v); }
        for (x in 0..N-1) choose {
        case i == 1: x = 1;
        case i == 2: break;
        else: wait;
        }
        choose {
        case any v in mm->vmas where v->refs == 1:
            free(v);
        case i > 1:
            i = 0;
            /* the end of a case */
        else: ;
        }
        switch (p2) {
        case READ:
        case WRITE: {
            i = 1;
            break;
        }
        case 0: if (i) { j = 1; break; } else return null;
        default:
            i = 2;
            loop { break; }
            goto out;
        }
        p2 |= READ; p2 &= ~WRITE; p2 ^= READ; i += 1; i -= 1;
        atomic { i = 1; j = 2; }
        {
            vma = alloc(struct vma);
        }
        other = alloc_nofail(struct vma);
        mutex_lock(&vma->lock);
        mutex_lock_nested(&vma->lock, 1);
        refcount_set(&refs, u8(3) + i << 1);
        wait_event(i == 2);
        assert(i == 2, "text \\"quoted\\" \\\\ \\n");
        i = any x in 0..3 where x != j;
        page_fault(any addr in vaddr_t, maybe);
        j = i > 2 ? i : j > 1 ? 0 : 3;
        i = - -j;
        exit;
    again:
    step:
        if (f()) goto again;
        while (i > 0)
            ;
    out:
        return vma;
    }

    entry void sys() { ; }

    process user[N] symmetric daemon environment @ "x" {
        loop choose {
        case: sys();
        case: exit;
        }
    }

    process one { loop { } }

    invariant i1 "text": forall m in mm, v in m->vmas where v != null: v->vm_mm == m ==> true ==> false;
    invariant i2: (exists b in bool: b) && (count x in 0..N-1: c[0][x] == null) <= 2 && count == 3;
    invariant i3:
        forall m in mm:
            (exists v in m->vmas:
                v->vm_mm == m &&
                size(m->vmas) == 1)
            ==> true;

    step s1: old(word) <= word && (forall p in user: at(p, again) || ended(p)) && held(spin);
    reachable r "r": a->slots[1]->vm_mm.x == {} && a in {a, b} - {c};
    liveness l: true;

    scope small { N = 2; FIX_A = true; }
    scope large on_request {
        N = 4;
    }
    scope huge symbolic on_request { N = 1000; }
    scope wide symbolic { }

    expect holds *;
    expect violated lock.* in small, large when !FIX_A && N == 2;
    expect unknown lifetime.null;

    """
}

/// Reads a text as the file "test.mmck".
func parsed(_ text: String) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
  parse(SourceText(path: "test.mmck", text: text), file: FileID(index: 0))
}
