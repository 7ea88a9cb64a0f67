/// What `mmck new` writes.
public enum SpecTemplate {
  public static func text(_ name: String) -> String {
    """
    spec \(name) "what this models, in a line";

    param TASKS = 2;
    option FIX_UNLOCK = true "the error exit gives the lock back";

    struct object pool 1 { refcount_t refs = 1; };
    struct object *published guarded_by lock;
    mutex lock;

    entry void attach() @ "mm/file.c attach"
    {
        mutex_lock(&lock);
        if (published == null) {
            if (FIX_UNLOCK)
                mutex_unlock(&lock);
            return;
        }
        refcount_inc(&published->refs);
        mutex_unlock(&lock);
        detach();
    }

    void detach() @ "mm/file.c detach"
    {
        mutex_lock(&lock);
        if (refcount_dec_and_test(&published->refs)) {
            free(published);
            published = null;
        }
        mutex_unlock(&lock);
    }

    entry void unpublish() @ "mm/file.c unpublish"
    {
        detach();
    }

    init {
        published = alloc_nofail(struct object);
    }

    process owner { unpublish(); }
    process user[TASKS] symmetric { attach(); }

    scope small { TASKS = 2; }

    expect holds *;
    expect violated lock.held_at_return when !FIX_UNLOCK;
    expect violated deadlock when !FIX_UNLOCK;

    """
  }
}
