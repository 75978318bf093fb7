// The low-level hash functions are marked deprecated in OpenSSL 3; they are the ones that stand alone.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
