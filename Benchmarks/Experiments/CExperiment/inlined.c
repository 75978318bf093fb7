#include "CExperiment.h"
uint64_t experiment_outOfLine(const void *p, size_t n) { return XXH3_64bits(p, n); }
