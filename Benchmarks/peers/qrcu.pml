/*
 * QRCU in Promela, written from the algorithm (P. E. McKenney, "Is Parallel Programming Hard, And, If So, What
 * Can You Do About It?", section "Promela Example: QRCU") with the very steps of specs/classic/qrcu.mmck: one
 * stored state after each step, and a local keeps its value just as long as in that spec. So the numbers of
 * states and of transitions are the same, if SPIN reduces nothing:
 *
 *      spin -a -o1 -o2 -o3 -DUPDATERS=2 -DREADERS=2 qrcu.pml
 *      gcc -O2 -DSAFETY -DNOREDUCE -DCOLLAPSE -o pan pan.c && ./pan -m30000000
 *
 * (-o1: do not reset dead variables, which alone makes 219,150 of the 221,134 states; -o2: do not hide
 * variables; -o3: do not merge statements.) SPIN counts the initial state as a transition.
 *
 *      updaters x readers      states      transitions
 *          1 x 1                  139              239
 *          1 x 2                2,281            5,221
 *          1 x 3               36,872          107,378
 *          2 x 1                5,678           14,111
 *          2 x 2              221,134          638,002
 *          2 x 3            7,192,246       24,410,077
 *          3 x 1              330,565        1,116,685
 *          3 x 2           23,943,498       86,823,585
 */
#ifndef UPDATERS
#define UPDATERS 2
#endif
#ifndef READERS
#define READERS 1
#endif

/* Where a reader is; 0: before its section. */
#define INSIDE 1
#define BEHIND 2

bit side;               /* where new readers go */
byte users[2] = {1, 0}; /* one for being current, and one for each reader */
bit flip_lock;
byte phase[READERS];    /* for the assertion only */

/* Readers are declared first: their _pid is 0..READERS-1. */
active [READERS] proctype reader()
{
    bit mine;

again:
    mine = side;
    if
    :: users[mine] == 0 -> goto again
    :: d_step { users[mine] > 0 -> users[mine] = users[mine] + 1 }
    fi;
    phase[_pid] = INSIDE;
    phase[_pid] = BEHIND;
    d_step { users[mine] = users[mine] - 1; mine = 0 };
end:
    false               /* the end of a process would be one more step */
}

/* The first load may be of either side. A d_step that begins with a condition is one step with a guard. */
#define FIRST_LOAD \
    if \
    :: d_step { first = 0; sum = users[0] } \
    :: d_step { first = 1; sum = users[1] } \
    fi

active [UPDATERS] proctype updater()
{
    byte seen[READERS];
    byte sum;
    bit first;
    byte i;

    do
    ::  d_step {
            i = 0;
            do
            :: i < READERS -> seen[i] = phase[i]; i++
            :: else -> break
            od;
            i = 0
        };
        FIRST_LOAD;
        if
        :: d_step { sum + users[1 - first] > 1 -> sum = sum + users[1 - first]; first = 0 };
            goto slow
        :: d_step { sum + users[1 - first] <= 1 -> sum = sum + users[1 - first]; first = 0 }
        fi;
        FIRST_LOAD;
        if
        :: d_step { sum + users[1 - first] > 1 -> sum = sum + users[1 - first]; first = 0 }
        :: d_step { sum + users[1 - first] <= 1 -> sum = 0; first = 0 };
            goto check
        fi;
slow:
        atomic { flip_lock == 0 -> flip_lock = 1 };
        users[1 - side] = users[1 - side] + 1;
        side = 1 - side;
        users[1 - side] = users[1 - side] - 1;
        users[1 - side] == 0;
        d_step { flip_lock = 0; sum = 0 };
check:
        atomic {
            i = 0;
            do
            :: i < READERS ->
                assert(!(seen[i] == INSIDE && phase[i] == INSIDE));
                seen[i] = 0;
                i++
            :: else -> break
            od;
            i = 0
        }
    od
}
