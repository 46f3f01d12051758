/* The HTTP options of a BITS job: IBackgroundCopyJobHttpOptions and IBackgroundCopyJobHttpOptions2. */
#include "service.h"

/* ---- Certificates: the service only stores the arguments ---- */

/* 256 with the NUL. */
#define LONGEST_STORE_NAME 255
#define LONGEST_HEADERS 16383
#define LONGEST_HTTP_METHOD 256

static BOOL is_store(const WCHAR *name) {
    static const WCHAR *const stores[] = {L"CA", L"MY", L"ROOT", L"SPC"};
    size_t i;
    for (i = 0; i < ARRAYSIZE(stores) && wcsicmp(name, stores[i]); i++) {}
    return i < ARRAYSIZE(stores);
}

/* "Only the job owner can specify the client certificate". The same rule applies to the headers. */
static HRESULT check_owner(const Job *job) {
    if (job_is_final(job)) return contract->invalid_state;
    return job_is_foreign(job) ? E_ACCESSDENIED : S_OK;
}

static HRESULT keep_certificate(Job *job, ULONG location, const WCHAR *store, const WCHAR *subject) {
    job_set_number(job, STORE_LOCATION, location, location, S_OK);
    job_set_text(job, STORE, store, LONGEST_STORE_NAME, S_OK);
    return job_set_text(job, SUBJECT, subject, LONGEST_STORE_NAME, S_OK);
}

/* A certificate exists unless its subject contains "missing". */
static HRESULT set_certificate(Job *job, ULONG location, const WCHAR *store, const WCHAR *subject) {
    HRESULT result = check_owner(job);
    if (result != S_OK) return result;
    if (location > BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE) return E_NOTIMPL;
    if (wcslen(store) > LONGEST_STORE_NAME || (subject && wcslen(subject) > LONGEST_STORE_NAME)) return BG_E_STRING_TOO_LONG;
    if (subject && !*subject) return E_INVALIDARG;
    if (!is_store(store)) return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    if (subject && wcsstr(subject, L"missing")) return CRYPT_E_NOT_FOUND;
    return keep_certificate(job, location, store, subject);
}

static HRESULT remove_certificate(Job *job) {
    if (job_is_final(job)) return contract->invalid_state;
    return job->texts[STORE] ? keep_certificate(job, 0, NULL, NULL) : S_FALSE;
}

static HRESULT set_headers(Job *job, const WCHAR *headers) {
    HRESULT result = check_owner(job);
    if (result != S_OK) return result;
    if (headers && wcslen(headers) > LONGEST_HEADERS) return BG_E_STRING_TOO_LONG;
    if (headers && !are_headers(headers, TRUE)) return E_INVALIDARG;
    return job_set_text(job, HEADERS, headers, LONGEST_HEADERS, S_OK);
}

static HRESULT get_certificate(Job *job, BG_CERT_STORE_LOCATION *location, WCHAR **store, CERTIFICATE_HASH **hash,
                               WCHAR **subject) {
    /* The documented code for a job without a certificate. */
    if (!job->texts[STORE]) return HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA);
    *location = job->numbers[STORE_LOCATION];
    *hash = memset(CoTaskMemAlloc(sizeof(**hash)), 0x5A, sizeof(**hash));
    give_text(job->texts[STORE], store);
    return give_text(job->texts[SUBJECT], subject);
}

static const WCHAR *default_method(const Job *job) { return job->type == BG_JOB_TYPE_DOWNLOAD ? L"GET" : L"BITS_POST"; }

/* A method other than the usual one makes it a permanent foreground job, and conflicts with properties that need the usual one. */
static HRESULT set_method(Job *job, const WCHAR *method) {
    HRESULT result;
    if (job_is_final(job)) return contract->invalid_state;
    if (!wcscmp(method, default_method(job))) return S_OK;
    if (job->started) return BG_E_READ_ONLY_PROPERTY_AFTER_RESUME;
    if (job_is_enabled(job, BITS_JOB_PROPERTY_DYNAMIC_CONTENT) || job_is_enabled(job, BITS_JOB_PROPERTY_ON_DEMAND_MODE))
        return BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD;
    result = job_set_text(job, HTTP_METHOD_NAME, method, LONGEST_HTTP_METHOD, BG_E_STRING_TOO_LONG);
    if (result == S_OK) job->numbers[PRIORITY] = BG_JOB_PRIORITY_FOREGROUND;
    return result;
}

/* The certificate flags in any combination, one of the redirect policies, and whether HTTPS may redirect to HTTP. */
static HRESULT set_security_flags(Job *job, ULONG flags) {
    ULONG policy = flags & BG_HTTP_REDIRECT_POLICY_MASK;
    if (flags & ~(BG_SSL_FLAGS | BG_HTTP_REDIRECT_POLICY_MASK | BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP)) return E_NOTIMPL;
    if (policy && policy != BG_HTTP_REDIRECT_POLICY_ALLOW_REPORT && policy != BG_HTTP_REDIRECT_POLICY_DISALLOW) return E_NOTIMPL;
    return job_set_number(job, SECURITY_FLAGS, flags, flags, S_OK);
}

#define HTTP_METHOD(Interface, Name, Answer, ...) \
    METHOD(Interface, Name, BITS, IBackgroundCopyJobHttpOptions2, Answer, ##__VA_ARGS__)
#define HTTP_RETURNING(Interface, Name, Clear, Answer, ...) \
    RETURNING(Interface, Name, BITS, IBackgroundCopyJobHttpOptions2, Clear, Answer, ##__VA_ARGS__)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, SetClientCertificateByID, set_certificate(job, location, store, NULL),
            BG_CERT_STORE_LOCATION location, LPCWSTR store, BYTE *hash)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, SetClientCertificateByName, set_certificate(job, location, store, subject),
            BG_CERT_STORE_LOCATION location, LPCWSTR store, LPCWSTR subject)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, RemoveClientCertificate,
            remove_certificate(job))
HTTP_RETURNING(IBackgroundCopyJobHttpOptions, GetClientCertificate, (store->text = subject->text = NULL, hash->hash = NULL),
               get_certificate(job, location, &store->text, &hash->hash, &subject->text),
               BG_CERT_STORE_LOCATION *location, OUT_TEXT *store, OUT_HASH *hash, OUT_TEXT *subject)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, SetCustomHeaders, set_headers(job, value), LPCWSTR value)
HTTP_RETURNING(IBackgroundCopyJobHttpOptions, GetCustomHeaders, value->text = NULL,
               (give_text(job->texts[HEADERS], &value->text), value->text ? S_OK : S_FALSE), OUT_TEXT *value)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, SetSecurityFlags, set_security_flags(job, value), ULONG value)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, GetSecurityFlags, GIVE(*value = job->numbers[SECURITY_FLAGS]), ULONG *value)
HTTP_METHOD(IBackgroundCopyJobHttpOptions2, SetHttpMethod, set_method(job, method), LPCWSTR method)
HTTP_RETURNING(IBackgroundCopyJobHttpOptions2, GetHttpMethod, method->text = NULL,
               give_text(job->texts[HTTP_METHOD_NAME] ? job->texts[HTTP_METHOD_NAME] : default_method(job), &method->text),
               OUT_TEXT *method)

#define AT(Name) .Name = IBackgroundCopyJobHttpOptions2_##Name
const IBackgroundCopyJobHttpOptions2Vtbl http_options_vtable = {
    UNKNOWN_METHODS,
    AT(SetClientCertificateByID), AT(SetClientCertificateByName), AT(RemoveClientCertificate), AT(GetClientCertificate),
    AT(SetCustomHeaders), AT(GetCustomHeaders), AT(SetSecurityFlags), AT(GetSecurityFlags),
    AT(SetHttpMethod), AT(GetHttpMethod),
};
#undef AT
