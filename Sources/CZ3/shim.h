/* Z3's C interface, as the system has it installed (Debian: libz3-dev). Only the target SMTSolver imports it. */
#include <z3.h>
