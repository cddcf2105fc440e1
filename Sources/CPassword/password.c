#define _GNU_SOURCE
#include "password.h"

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int berth_password_hash(const char *password, const char *setting, char *hash, size_t size) {
    // Some 32 KiB: too much for a thread's stack that others share.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return ENOMEM;
    int result = EINVAL;
    const char *text = crypt_r(password, setting, data);
    // What begins with a star is crypt's word for a failure.
    if (text != NULL && text[0] != '*') {
        size_t length = strlen(text);
        if (length < size) {
            memcpy(hash, text, length + 1);
            result = 0;
        } else {
            result = ERANGE;
        }
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

int berth_password_setting_is_known(const char *setting) {
    int answer = crypt_checksalt(setting);
    return answer == CRYPT_SALT_OK || answer == CRYPT_SALT_METHOD_LEGACY || answer == CRYPT_SALT_TOO_CHEAP;
}
