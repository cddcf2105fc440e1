#define OPENSSL_SUPPRESS_DEPRECATED
#include "CDigest.h"

#include <openssl/sha.h>

_Static_assert(sizeof(struct berth_sha256) >= sizeof(SHA256_CTX), "SHA256_CTX fits");
_Static_assert(sizeof(struct berth_sha512) >= sizeof(SHA512_CTX), "SHA512_CTX fits");

void berth_sha256_init(struct berth_sha256 *state) { SHA256_Init((SHA256_CTX *)state->storage); }

void berth_sha256_update(struct berth_sha256 *state, const void *bytes, size_t count) {
    SHA256_Update((SHA256_CTX *)state->storage, bytes, count);
}

void berth_sha256_final(struct berth_sha256 *state, uint8_t *digest) {
    SHA256_Final(digest, (SHA256_CTX *)state->storage);
}

void berth_sha512_init(struct berth_sha512 *state) { SHA512_Init((SHA512_CTX *)state->storage); }

void berth_sha512_update(struct berth_sha512 *state, const void *bytes, size_t count) {
    SHA512_Update((SHA512_CTX *)state->storage, bytes, count);
}

void berth_sha512_final(struct berth_sha512 *state, uint8_t *digest) {
    SHA512_Final(digest, (SHA512_CTX *)state->storage);
}
