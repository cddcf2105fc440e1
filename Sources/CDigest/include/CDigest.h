#pragma once

#include <stddef.h>
#include <stdint.h>

/// libcrypto's SHA-256 as a plain value, so that its state can be copied and saved.
///
/// The one-shot `SHA256_CTX` interface is deprecated in OpenSSL 3, yet the only one whose state
/// can be taken out and put back: `EVP_MD_CTX` is opaque.
struct berth_sha256 {
    uint64_t storage[14];
};

/// libcrypto's SHA-512 as a plain value.
struct berth_sha512 {
    uint64_t storage[27];
};

void berth_sha256_init(struct berth_sha256 *state);
void berth_sha256_update(struct berth_sha256 *state, const void *bytes, size_t count);
/// Writes 32 bytes to `digest`.
void berth_sha256_final(struct berth_sha256 *state, uint8_t *digest);

void berth_sha512_init(struct berth_sha512 *state);
void berth_sha512_update(struct berth_sha512 *state, const void *bytes, size_t count);
/// Writes 64 bytes to `digest`.
void berth_sha512_final(struct berth_sha512 *state, uint8_t *digest);
