#include "state_table.h"
