#include "CShims.h"

// Declared by <cxxabi.h>, which is a C++ header; the function itself has C linkage. It lives in
// libstdc++, which the Swift runtime needs anyway.
extern char *__cxa_demangle(const char *name, char *buffer, size_t *length, int *status);

char *swold_demangle(const char *name) {
  int status = 0;
  char *result = __cxa_demangle(name, NULL, NULL, &status);
  return status == 0 ? result : NULL;
}

// The Swift runtime exports it but no header declares it (stdlib/public/runtime/Demangle.cpp).
extern char *swift_demangle(const char *name, size_t length, char *output, size_t *output_size,
                            uint32_t flags);

char *swold_demangle_swift(const char *name, size_t length) {
  return swift_demangle(name, length, NULL, NULL, 0);
}
