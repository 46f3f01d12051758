/* The settings of a job with rules of their own. Each function applies the rules of its page and changes either everything or nothing. */
#include "service.h"
#include <stdio.h>

HRESULT job_set_proxies(Job *job, BG_JOB_PROXY_USAGE usage, const WCHAR *list, const WCHAR *bypass) {
    HRESULT result;
    if (usage > BG_JOB_PROXY_USAGE_AUTODETECT) return E_NOTIMPL;
    if ((usage == BG_JOB_PROXY_USAGE_OVERRIDE) != (list != NULL) || (bypass && !list)) return E_INVALIDARG;
    if (list && wcslen(list) > 4000) return BG_E_PROXY_LIST_TOO_LARGE;
    result = job_set_text(job, PROXY_BYPASS, bypass, 4000, BG_E_PROXY_BYPASS_LIST_TOO_LARGE);
    if (result != S_OK) return result;
    job_set_text(job, PROXIES, list, 4000, BG_E_PROXY_LIST_TOO_LARGE);
    return job_set_number(job, PROXY_USAGE, usage, usage, S_OK);
}

HRESULT job_set_command(Job *job, const WCHAR *program, const WCHAR *parameters) {
    HRESULT result;
    if (!program && parameters) return E_INVALIDARG;
    if (program && wcslen(program) > MAX_PATH) return BG_E_STRING_TOO_LONG;
    if ((result = job_set_text(job, PARAMETERS, parameters, 4000, BG_E_STRING_TOO_LONG)) != S_OK) return result;
    return job_set_text(job, PROGRAM, program, MAX_PATH, BG_E_STRING_TOO_LONG);
}

static HRESULT check_credentials(Job *job, ULONG target, ULONG scheme) {
    if (target < BG_AUTH_TARGET_SERVER || target > BG_AUTH_TARGET_PROXY) return BG_E_INVALID_AUTH_TARGET;
    if (scheme < BG_AUTH_SCHEME_BASIC || scheme > BG_AUTH_SCHEME_PASSPORT) return BG_E_INVALID_AUTH_SCHEME;
    return job_is_final(job) ? contract->invalid_state : S_OK;
}

HRESULT job_remove_credentials(Job *job, ULONG target, ULONG scheme) {
    HRESULT result = check_credentials(job, target, scheme);
    ULONG was = result == S_OK ? job->credentials[target] : 0;
    if (result != S_OK) return result;
    job->credentials[target] &= ~(1u << scheme);
    return was != job->credentials[target] ? S_OK : S_FALSE;
}

HRESULT job_set_credentials(Job *job, const BG_AUTH_CREDENTIALS *credentials) {
    const WCHAR *user = credentials->Credentials.Basic.UserName, *password = credentials->Credentials.Basic.Password;
    BOOL explicit = credentials->Scheme == BG_AUTH_SCHEME_BASIC || credentials->Scheme == BG_AUTH_SCHEME_DIGEST;
    HRESULT result = check_credentials(job, credentials->Target, credentials->Scheme);
    if (result != S_OK) return result;
    /* "You must call this method in the context of the job's owner." */
    if (job_is_foreign(job)) return E_ACCESSDENIED;
    if (explicit && (!user || !password)) return E_INVALIDARG;
    if (user && wcslen(user) > 300) return BG_E_USERNAME_TOO_LARGE;
    if (password && wcslen(password) > 65535) return BG_E_PASSWORD_TOO_LARGE;
    job->credentials[credentials->Target] |= 1u << credentials->Scheme;
    job_set_text(job, USER_NAME, user, ~(size_t)0, S_OK);
    return job_set_text(job, PASSWORD, password, ~(size_t)0, S_OK);
}

HRESULT job_replace_prefix(Job *job, const WCHAR *from, const WCHAR *to) {
    BOOL replaced = FALSE, valid = TRUE, change;
    if (job_is_final(job)) return contract->invalid_state;
    if (!*from || !*to) return E_INVALIDARG;
    /* Checks all URLs first, so that a refusal changes none of them. */
    for (change = FALSE; change <= TRUE && valid; change++) {
        File *file;
        for (file = job->files; file; file = file->next) {
            size_t size = wcslen(to) + wcslen(file->url) + 1;
            WCHAR *url;
            if (wcsncmp(file->url, from, wcslen(from))) continue;
            url = malloc(size * sizeof(*url));
            swprintf(url, size, L"%ls%ls", to, file->url + wcslen(from));
            valid &= is_remote_name(url);
            if (change) file_set_url(file, url);
            replaced |= change;
            free(url);
        }
    }
    if (!valid) return E_INVALIDARG;
    return replaced ? S_OK : S_FALSE;
}

/* Delivery Optimization documents only the first two properties. */
BOOL job_knows_property(ULONG id) {
    return id && id <= (contract->bit == BITS ? BITS_JOB_PROPERTY_ON_DEMAND_MODE
                        : BITS_JOB_PROPERTY_NOTIFICATION_CLSID) && id != 6 && id != 8;
}

static BOOL job_has_ranges(const Job *job) {
    const File *file;
    for (file = job->files; file && !file->range_count; file = file->next) {}
    return file != NULL;
}

/* Some can be set only before the job has a file, some only before it is resumed for the first time. */
HRESULT job_set_property(Job *job, ULONG id, BITS_JOB_PROPERTY_VALUE value) {
    BOOL is_dynamic = id == BITS_JOB_PROPERTY_DYNAMIC_CONTENT, is_on_demand = id == BITS_JOB_PROPERTY_ON_DEMAND_MODE;
    BOOL is_fast = id == BITS_JOB_PROPERTY_HIGH_PERFORMANCE, is_size = id == BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE;
    if (!job_knows_property(id)) return contract->unknown_property;
    if ((is_dynamic || is_on_demand || is_fast || is_size) && job->type != BG_JOB_TYPE_DOWNLOAD)
        return BG_E_PROPERTY_SUPPORTED_FOR_DOWNLOAD_JOBS_ONLY;
    if (job_is_final(job)) return contract->invalid_state;
    if (is_fast && job->files) return BG_E_READ_ONLY_PROPERTY_AFTER_ADDFILE;
    if ((is_dynamic || is_size) && job->started) return BG_E_READ_ONLY_PROPERTY_AFTER_RESUME;
    if (id == BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS && value.Uint64 && value.Uint64 != BG_AUTH_TARGET_PROXY)
        return BG_E_USE_STORED_CREDENTIALS_NOT_SUPPORTED;
    if ((is_dynamic || is_on_demand) && value.Uint64) {
        if (job_has_custom_method(job)) return BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD;
        if (job_is_enabled(job, is_dynamic ? BITS_JOB_PROPERTY_ON_DEMAND_MODE : BITS_JOB_PROPERTY_DYNAMIC_CONTENT)
            || (is_dynamic && job_has_ranges(job))) return BG_E_UNSUPPORTED_JOB_CONFIGURATION;
    }
    job->job_properties[id] = value;
    return S_OK;
}

HRESULT job_set_reply_file(Job *job, const WCHAR *name) {
    if (job_state(job) == BG_JOB_STATE_TRANSFERRED || job_is_final(job)) return contract->invalid_state;
    if (name && *name && !is_local_name(name)) return E_INVALIDARG;
    if (name && *name && !has_folder(name)) return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    job_set_text(job, REPLY_FILE, name && *name ? name : NULL, MAX_PATH, E_INVALIDARG);
    job_name_reply(job);
    return S_OK;
}
