#include "step_abi.h"
