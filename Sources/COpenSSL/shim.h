// The hashes of build-ids. The one-call functions (`SHA1()`) go through OpenSSL's providers and pull
// most of libcrypto into a static program; these six need two members of the archive.
#ifndef SWOLD_COPENSSL_SHIM_H
#define SWOLD_COPENSSL_SHIM_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stddef.h>

static inline void swold_md5(const void *bytes, size_t count, unsigned char *digest) {
  MD5_CTX context;
  MD5_Init(&context);
  MD5_Update(&context, bytes, count);
  MD5_Final(digest, &context);
}

static inline void swold_sha1(const void *bytes, size_t count, unsigned char *digest) {
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, bytes, count);
  SHA1_Final(digest, &context);
}

static inline void swold_sha256(const void *bytes, size_t count, unsigned char *digest) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes, count);
  SHA256_Final(digest, &context);
}

#endif
