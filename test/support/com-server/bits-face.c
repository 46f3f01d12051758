/* The interfaces that BITS and Delivery Optimization's job API share, and BITS's own: manager, jobs, files, errors. */
#include "service.h"
#include <stdio.h>

/* ---- IBackgroundCopyManager ---- */

#define MANAGER_METHOD(Name, Contracts, Clear, Answer, ...) \
    RETURNING(IBackgroundCopyManager, Name, Contracts, IBackgroundCopyManager, Clear, Answer, ##__VA_ARGS__)

static HRESULT manager_create(const WCHAR *name, BG_JOB_TYPE type, GUID *id, IBackgroundCopyJob **created) {
    Job *job;
    HRESULT result = job_create(name, type, &job);
    if (result != S_OK) return result;
    *id = job->id;
    *created = object_new(JOB, job, NULL);
    return S_OK;
}

static HRESULT manager_get(const GUID *id, IBackgroundCopyJob **found) {
    Job *job;
    HRESULT result = job_find(id, &job);
    if (result == S_OK) *found = object_new(JOB, job, NULL);
    return result;
}

static HRESULT manager_enumerate(ULONG flags, IEnumBackgroundCopyJobs **enumerator) {
    ULONG count = 0;
    Job *job;
    if (flags > BG_JOB_ENUM_ALL_USERS) return E_NOTIMPL;
    if (flags && settings.standard_user) return E_ACCESSDENIED;
    for (job = queue; job; job = job->next) count++;
    *enumerator = enumerator_new(JOB, count);
    for (job = queue; job; job = job->next)
        if (!job->denied && (flags || !job_is_foreign(job))) enumerator_add(*enumerator, job, NULL);
    return S_OK;
}

/* The service supports only English (United States), so that clients can test a missing language. */
static HRESULT describe(const char *what, HRESULT code, ULONG language, WCHAR **text) {
    WCHAR words[64];
    if (language != MAKELANGID(LANG_ENGLISH,
                               SUBLANG_ENGLISH_US)) return HRESULT_FROM_WIN32(ERROR_RESOURCE_LANG_NOT_FOUND);
    swprintf(words, ARRAYSIZE(words), L"%hs 0x%08lX of the stand-in service.\r\n", what, code);
    return give_text(words, text);
}

MANAGER_METHOD(CreateJob, JOBS, *ppJob = NULL, manager_create(name, type, id, ppJob),
               LPCWSTR name, BG_JOB_TYPE type, GUID *id, IBackgroundCopyJob **ppJob)
MANAGER_METHOD(GetJob, JOBS, *ppJob = NULL, manager_get(id, ppJob), REFGUID id, IBackgroundCopyJob **ppJob)
MANAGER_METHOD(EnumJobs, BITS, *ppEnum = NULL, manager_enumerate(flags, ppEnum), DWORD flags,
               IEnumBackgroundCopyJobs **ppEnum)
MANAGER_METHOD(GetErrorDescription, BITS, *text = NULL, describe("Error", code, language, text), HRESULT code,
               DWORD language, LPWSTR *text)

const IBackgroundCopyManagerVtbl manager_vtable = {
    UNKNOWN_METHODS,
    .CreateJob = IBackgroundCopyManager_CreateJob,
    .GetJob = IBackgroundCopyManager_GetJob,
    .EnumJobs = IBackgroundCopyManager_EnumJobs,
    .GetErrorDescription = IBackgroundCopyManager_GetErrorDescription,
};

/* ---- IBackgroundCopyJob ---- */

#define JOB_METHOD(Interface, Name, Contracts, Answer, ...) \
    METHOD(Interface, Name, Contracts, IBackgroundCopyJob5, Answer, ##__VA_ARGS__)
#define JOB_RETURNING(Interface, Name, Contracts, Clear, Answer, ...) \
    RETURNING(Interface, Name, Contracts, IBackgroundCopyJob5, Clear, Answer, ##__VA_ARGS__)
#define JOB_TEXT(Interface, Name, Setting, Getting, text, limit) \
    JOB_METHOD(Interface, Set##Name, Setting, \
               job_set_text(job, text, value, limit, BG_E_STRING_TOO_LONG), LPCWSTR value) \
    JOB_RETURNING(Interface, Get##Name, Getting, *value = NULL, give_text(job->texts[text], value), LPWSTR *value)
#define JOB_NUMBER(Interface, Name, Contracts, number, most, too_much) \
    JOB_METHOD(Interface, Set##Name, Contracts, job_set_number(job, number, value, most, too_much), ULONG value) \
    JOB_METHOD(Interface, Get##Name, Contracts, GIVE(*value = job->numbers[number]), ULONG *value)

static HRESULT add_file_set(Job *job, ULONG count, BG_FILE_INFO *files) {
    HRESULT result = S_OK;
    ULONG i;
    for (i = 0; i < count && result == S_OK; i++)
        result = job_add_file(job, NULL, files[i].RemoteName, files[i].LocalName, 0, NULL, UNKNOWN_SIZE, NULL);
    return result;
}

static void *enumerate_files(Job *job) {
    ULONG count = 0;
    File *file;
    void *enumerator;
    for (file = job->files; file; file = file->next) count++;
    enumerator = enumerator_new(FILE_OBJECT, count);
    for (file = job->files; file; file = file->next) enumerator_add(enumerator, job, file);
    return enumerator;
}

void *error_new(Job *job) {
    void *error = object_new(JOB_ERROR, job, job->error_file);
    OBJECT(error)->error = job->error;
    OBJECT(error)->context = job->context;
    return error;
}

static HRESULT get_error(Job *job, IBackgroundCopyError **error) {
    job_state(job);
    if (job->error == S_OK) return contract->no_error_information;
    *error = error_new(job);
    return S_OK;
}

static HRESULT set_callback(Job *job, IUnknown *callback) {
    if (job_is_final(job)) return contract->invalid_state;
    if (callback) callback->lpVtbl->AddRef(callback);
    if (job->callback) job->callback->lpVtbl->Release(job->callback);
    job->callback = callback;
    return S_OK;
}

static HRESULT set_proxies(Job *job, BG_JOB_PROXY_USAGE usage, const WCHAR *list, const WCHAR *bypass) {
    HRESULT result;
    if (usage > BG_JOB_PROXY_USAGE_AUTODETECT) return E_NOTIMPL;
    if ((usage == BG_JOB_PROXY_USAGE_OVERRIDE) != (list != NULL) || (bypass && !list)) return E_INVALIDARG;
    if (list && wcslen(list) > 4000) return BG_E_PROXY_LIST_TOO_LARGE;
    result = job_set_text(job, PROXY_BYPASS, bypass, 4000, BG_E_PROXY_BYPASS_LIST_TOO_LARGE);
    if (result != S_OK) return result;
    job_set_text(job, PROXIES, list, 4000, BG_E_PROXY_LIST_TOO_LARGE);
    return job_set_number(job, PROXY_USAGE, usage, usage, S_OK);
}

JOB_METHOD(IBackgroundCopyJob, AddFileSet, BITS, add_file_set(job, count, files), ULONG count, BG_FILE_INFO *files)
JOB_METHOD(IBackgroundCopyJob, AddFile, BITS, job_add_file(job, NULL, url, local, 0, NULL, UNKNOWN_SIZE, NULL),
           LPCWSTR url, LPCWSTR local)
JOB_RETURNING(IBackgroundCopyJob, EnumFiles, JOBS, *files = NULL, GIVE(*files = enumerate_files(job)),
              IEnumBackgroundCopyFiles **files)
JOB_METHOD(IBackgroundCopyJob, Suspend, JOBS, job_suspend(job))
JOB_METHOD(IBackgroundCopyJob, Resume, JOBS, job_resume(job))
JOB_METHOD(IBackgroundCopyJob, Cancel, JOBS, job_cancel(job))
JOB_METHOD(IBackgroundCopyJob, Complete, JOBS, job_complete(job))
JOB_METHOD(IBackgroundCopyJob, GetId, JOBS, GIVE(*id = job->id), GUID *id)
JOB_METHOD(IBackgroundCopyJob, GetType, JOBS, GIVE(*type = job->type), BG_JOB_TYPE *type)
JOB_METHOD(IBackgroundCopyJob, GetProgress, JOBS, GIVE(job_progress(job, progress)), BG_JOB_PROGRESS *progress)
JOB_METHOD(IBackgroundCopyJob, GetTimes, JOBS,
           GIVE(*times = ((BG_JOB_TIMES){job->created, job->modified, job->transferred})), BG_JOB_TIMES *times)
JOB_METHOD(IBackgroundCopyJob, GetState, JOBS, GIVE(*state = job_state(job)), BG_JOB_STATE *state)
JOB_RETURNING(IBackgroundCopyJob, GetError, JOBS, *error = NULL, get_error(job, error), IBackgroundCopyError **error)
JOB_RETURNING(IBackgroundCopyJob, GetOwner, BITS, *sid = NULL, give_text(job->texts[OWNER], sid), LPWSTR *sid)
JOB_TEXT(IBackgroundCopyJob, DisplayName, BITS, JOBS, NAME, 256)
JOB_TEXT(IBackgroundCopyJob, Description, BITS, BITS, DESCRIPTION, 1024)
JOB_METHOD(IBackgroundCopyJob, SetPriority, JOBS, job_set_number(job, PRIORITY, value, BG_JOB_PRIORITY_LOW, E_NOTIMPL),
           BG_JOB_PRIORITY value)
JOB_METHOD(IBackgroundCopyJob, GetPriority, JOBS, GIVE(*value = job->numbers[PRIORITY]), BG_JOB_PRIORITY *value)
JOB_NUMBER(IBackgroundCopyJob, NotifyFlags, JOBS, NOTIFY_FLAGS, 0x3F, E_NOTIMPL)
JOB_METHOD(IBackgroundCopyJob, SetNotifyInterface, JOBS, set_callback(job, callback), IUnknown *callback)
JOB_RETURNING(IBackgroundCopyJob, GetNotifyInterface, JOBS, *callback = NULL,
              GIVE((*callback = job->callback) ? (*callback)->lpVtbl->AddRef(*callback) : 0), IUnknown **callback)
JOB_NUMBER(IBackgroundCopyJob, MinimumRetryDelay, BITS, RETRY_DELAY, ~0u, S_OK)
JOB_NUMBER(IBackgroundCopyJob, NoProgressTimeout, JOBS, NO_PROGRESS_TIMEOUT, ~0u, S_OK)
JOB_METHOD(IBackgroundCopyJob, GetErrorCount, BITS, GIVE(*count = job->error_count), ULONG *count)
JOB_METHOD(IBackgroundCopyJob, SetProxySettings, BITS, set_proxies(job, usage, list, bypass), BG_JOB_PROXY_USAGE usage,
           LPCWSTR list, LPCWSTR bypass)
JOB_RETURNING(IBackgroundCopyJob, GetProxySettings, BITS, *list = *bypass = NULL,
              GIVE(*usage = job->numbers[PROXY_USAGE]; give_text(job->texts[PROXIES],
                  list); give_text(job->texts[PROXY_BYPASS], bypass)),
              BG_JOB_PROXY_USAGE *usage, LPWSTR *list, LPWSTR *bypass)
JOB_METHOD(IBackgroundCopyJob, TakeOwnership, BITS, job_take_ownership(job))

/* ---- IBackgroundCopyJob2 to IBackgroundCopyJob5 ---- */

static HRESULT set_command(Job *job, const WCHAR *program, const WCHAR *parameters) {
    HRESULT result;
    if (!program && parameters) return E_INVALIDARG;
    if (program && wcslen(program) > MAX_PATH) return BG_E_STRING_TOO_LONG;
    if ((result = job_set_text(job, PARAMETERS, parameters, 4000, BG_E_STRING_TOO_LONG)) != S_OK) return result;
    return job_set_text(job, PROGRAM, program, MAX_PATH, BG_E_STRING_TOO_LONG);
}

static HRESULT change_credentials(Job *job, ULONG target, ULONG scheme, BOOL there) {
    ULONG was;
    if (target < BG_AUTH_TARGET_SERVER || target > BG_AUTH_TARGET_PROXY) return BG_E_INVALID_AUTH_TARGET;
    if (scheme < BG_AUTH_SCHEME_BASIC || scheme > BG_AUTH_SCHEME_PASSPORT) return BG_E_INVALID_AUTH_SCHEME;
    if (job_is_final(job)) return contract->invalid_state;
    was = job->credentials[target];
    if (there) job->credentials[target] |= 1u << scheme;
    else job->credentials[target] &= ~(1u << scheme);
    return there || was != job->credentials[target] ? S_OK : S_FALSE;
}

static HRESULT set_credentials(Job *job, const BG_AUTH_CREDENTIALS *credentials) {
    HRESULT result = change_credentials(job, credentials->Target, credentials->Scheme, TRUE);
    if (result != S_OK) return result;
    job_set_text(job, USER_NAME, credentials->Credentials.Basic.UserName, 300, BG_E_USERNAME_TOO_LARGE);
    return job_set_text(job, PASSWORD, credentials->Credentials.Basic.Password, 65536, BG_E_PASSWORD_TOO_LARGE);
}

static HRESULT replace_prefix(Job *job, const WCHAR *from, const WCHAR *to) {
    BOOL replaced = FALSE;
    File *file;
    WCHAR url[4096];
    if (job_is_final(job)) return contract->invalid_state;
    if (!*from || !*to) return E_INVALIDARG;
    for (file = job->files; file; file = file->next) {
        if (wcsncmp(file->url, from, wcslen(from))) continue;
        swprintf(url, ARRAYSIZE(url), L"%ls%ls", to, file->url + wcslen(from));
        if (wcsnicmp(url, L"http", 4)) return E_INVALIDARG;
        file_set_url(file, url);
        replaced = TRUE;
    }
    return replaced ? S_OK : S_FALSE;
}

/* Delivery Optimization documents the first two properties. */
static BOOL knows_property(ULONG id) {
    return id && id <= (contract->bit == BITS ? BITS_JOB_PROPERTY_ON_DEMAND_MODE
                        : BITS_JOB_PROPERTY_NOTIFICATION_CLSID) && id != 6 && id != 8;
}

/* Some can be set only before the job has a file, some only before it is resumed for the first time. */
static HRESULT set_property(Job *job, ULONG id, BITS_JOB_PROPERTY_VALUE value) {
    BOOL is_of_downloads = id == BITS_JOB_PROPERTY_HIGH_PERFORMANCE || id == BITS_JOB_PROPERTY_DYNAMIC_CONTENT
        || id == BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE;
    BOOL is_settled = id == BITS_JOB_PROPERTY_HIGH_PERFORMANCE ? job->files != NULL
        : (id == BITS_JOB_PROPERTY_DYNAMIC_CONTENT || id == BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE) && job->started;
    if (!knows_property(id)) return contract->unknown_property;
    if (is_of_downloads && job->type != BG_JOB_TYPE_DOWNLOAD) return E_NOTIMPL;
    if (job_is_final(job) || is_settled) return contract->invalid_state;
    job->job_properties[id] = value;
    return S_OK;
}

#define IS_DOWNLOAD(Answer) (job->type == BG_JOB_TYPE_DOWNLOAD ? (Answer) : E_NOTIMPL)
#define IS_REPLY_JOB(Answer) (job->type == BG_JOB_TYPE_UPLOAD_REPLY ? (Answer) : E_NOTIMPL)

/* The reply arrives completely at the end of the upload and is empty. */
static void reply_progress(Job *job, BG_JOB_REPLY_PROGRESS *progress) {
    progress->BytesTotal = job_state(job) == BG_JOB_STATE_TRANSFERRED ? 0 : UNKNOWN_SIZE;
    progress->BytesTransferred = 0;
}

static HRESULT set_reply_file(Job *job, const WCHAR *name) {
    if (job_state(job) == BG_JOB_STATE_TRANSFERRED) return contract->invalid_state;
    return job_set_text(job, REPLY_FILE, name, MAX_PATH, E_INVALIDARG);
}

JOB_METHOD(IBackgroundCopyJob2, SetNotifyCmdLine, BITS, set_command(job, program, parameters), LPCWSTR program,
           LPCWSTR parameters)
JOB_RETURNING(IBackgroundCopyJob2, GetNotifyCmdLine, BITS, *program = *parameters = NULL,
              GIVE(give_text(job->texts[PROGRAM], program); give_text(job->texts[PARAMETERS], parameters)),
                  LPWSTR *program, LPWSTR *parameters)
JOB_METHOD(IBackgroundCopyJob2, GetReplyProgress, BITS,
           IS_REPLY_JOB(GIVE(reply_progress(job, progress))),
           BG_JOB_REPLY_PROGRESS *progress)
JOB_RETURNING(IBackgroundCopyJob2, GetReplyData, BITS, (*buffer = NULL, *length = 0), IS_REPLY_JOB(S_OK),
              byte **buffer, UINT64 *length)
JOB_METHOD(IBackgroundCopyJob2, SetReplyFileName, BITS,
           IS_REPLY_JOB(set_reply_file(job, name)), LPCWSTR name)
JOB_RETURNING(IBackgroundCopyJob2, GetReplyFileName, BITS, *name = NULL,
              IS_REPLY_JOB(give_text(job->texts[REPLY_FILE], name)), LPWSTR *name)
JOB_METHOD(IBackgroundCopyJob2, SetCredentials, BITS, set_credentials(job, credentials), BG_AUTH_CREDENTIALS *credentials)
JOB_METHOD(IBackgroundCopyJob2, RemoveCredentials, BITS, change_credentials(job, target, scheme, FALSE),
           BG_AUTH_TARGET target, BG_AUTH_SCHEME scheme)
JOB_METHOD(IBackgroundCopyJob3, ReplaceRemotePrefix, BITS, IS_DOWNLOAD(replace_prefix(job, from, to)), LPCWSTR from,
           LPCWSTR to)
JOB_METHOD(IBackgroundCopyJob3, AddFileWithRanges, BITS,
           IS_DOWNLOAD(job_add_file(job, NULL, url, local, count, ranges, UNKNOWN_SIZE, NULL)),
           LPCWSTR url, LPCWSTR local, DWORD count, BG_FILE_RANGE *ranges)
JOB_METHOD(IBackgroundCopyJob3, SetFileACLFlags, BITS,
           job_state(job) == BG_JOB_STATE_TRANSFERRED ? contract->invalid_state
               : job_set_number(job, ACL_FLAGS, value, BG_COPY_FILE_ALL, E_INVALIDARG), ULONG value)
JOB_METHOD(IBackgroundCopyJob3, GetFileACLFlags, BITS, GIVE(*value = job->numbers[ACL_FLAGS]), ULONG *value)
JOB_NUMBER(IBackgroundCopyJob4, PeerCachingFlags, BITS, PEER_FLAGS, 7, E_INVALIDARG)
JOB_METHOD(IBackgroundCopyJob4, GetOwnerIntegrityLevel, BITS,
           GIVE(*level = settings.standard_user ? SECURITY_MANDATORY_MEDIUM_RID : SECURITY_MANDATORY_HIGH_RID),
               ULONG *level)
JOB_METHOD(IBackgroundCopyJob4, GetOwnerElevationState, BITS, GIVE(*elevated = !settings.standard_user),
           WINBOOL *elevated)
JOB_NUMBER(IBackgroundCopyJob4, MaximumDownloadTime, BITS, DOWNLOAD_TIME, ~0u, S_OK)
JOB_METHOD(IBackgroundCopyJob5, SetProperty, JOBS, set_property(job, id, value), BITS_JOB_PROPERTY_ID id,
           BITS_JOB_PROPERTY_VALUE value)
JOB_METHOD(IBackgroundCopyJob5, GetProperty, JOBS, knows_property(id) ? GIVE(*value = job->job_properties[id])
           : contract->unknown_property,
           BITS_JOB_PROPERTY_ID id, BITS_JOB_PROPERTY_VALUE *value)

#define AT(Name) .Name = (void *)IBackgroundCopyJob5_##Name
const IBackgroundCopyJob5Vtbl job_vtable = {
    UNKNOWN_METHODS,
    AT(AddFileSet), AT(AddFile), AT(EnumFiles), AT(Suspend), AT(Resume), AT(Cancel), AT(Complete), AT(GetId),
        AT(GetType),
    AT(GetProgress), AT(GetTimes), AT(GetState), AT(GetError), AT(GetOwner), AT(SetDisplayName), AT(GetDisplayName),
    AT(SetDescription), AT(GetDescription), AT(SetPriority), AT(GetPriority), AT(SetNotifyFlags), AT(GetNotifyFlags),
    AT(SetNotifyInterface), AT(GetNotifyInterface), AT(SetMinimumRetryDelay), AT(GetMinimumRetryDelay),
        AT(SetNoProgressTimeout),
    AT(GetNoProgressTimeout), AT(GetErrorCount), AT(SetProxySettings), AT(GetProxySettings), AT(TakeOwnership),
    AT(SetNotifyCmdLine), AT(GetNotifyCmdLine), AT(GetReplyProgress), AT(GetReplyData), AT(SetReplyFileName),
        AT(GetReplyFileName),
    AT(SetCredentials), AT(RemoveCredentials),
    AT(ReplaceRemotePrefix), AT(AddFileWithRanges), AT(SetFileACLFlags), AT(GetFileACLFlags),
    AT(SetPeerCachingFlags), AT(GetPeerCachingFlags), AT(GetOwnerIntegrityLevel), AT(GetOwnerElevationState),
    AT(SetMaximumDownloadTime), AT(GetMaximumDownloadTime),
    AT(SetProperty), AT(GetProperty),
};
#undef AT

/* ---- IBackgroundCopyJobHttpOptions and IBackgroundCopyJobHttpOptions2: a certificate is no more than what it was set with ---- */

static HRESULT set_certificate(Job *job, ULONG location, const WCHAR *store, const WCHAR *subject) {
    HRESULT result = job_set_number(job, STORE_LOCATION, location, BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE, E_INVALIDARG);
    if (result != S_OK) return result;
    job_set_text(job, STORE, store, ~(size_t)0, S_OK);
    return job_set_text(job, SUBJECT, subject, ~(size_t)0, S_OK);
}

static HRESULT get_certificate(Job *job, BG_CERT_STORE_LOCATION *location, WCHAR **store, CERTIFICATE_HASH **hash,
                               WCHAR **subject) {
    /* What is documented for a job without one. */
    if (!job->texts[STORE]) return HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA);
    *location = job->numbers[STORE_LOCATION];
    *hash = memset(CoTaskMemAlloc(sizeof(**hash)), 0x5A, sizeof(**hash));
    give_text(job->texts[STORE], store);
    return give_text(job->texts[SUBJECT], subject);
}

static const WCHAR *default_method(const Job *job) { return job->type == BG_JOB_TYPE_DOWNLOAD ? L"GET" : L"BITS_POST"; }

/* A method other than the usual one makes it a foreground job. */
static HRESULT set_method(Job *job, const WCHAR *method) {
    HRESULT result = job_set_text(job, HTTP_METHOD_NAME, method, 256, BG_E_STRING_TOO_LONG);
    if (result == S_OK && wcscmp(method, default_method(job))) job->numbers[PRIORITY] = BG_JOB_PRIORITY_FOREGROUND;
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
            job->texts[STORE] ? set_certificate(job, 0, NULL, NULL) : S_FALSE)
HTTP_RETURNING(IBackgroundCopyJobHttpOptions, GetClientCertificate, (store->text = subject->text = NULL, hash->hash = NULL),
               get_certificate(job, location, &store->text, &hash->hash, &subject->text),
               BG_CERT_STORE_LOCATION *location, OUT_TEXT *store, OUT_HASH *hash, OUT_TEXT *subject)
HTTP_METHOD(IBackgroundCopyJobHttpOptions, SetCustomHeaders, job_set_text(job, HEADERS, value, 16384, BG_E_STRING_TOO_LONG),
            LPCWSTR value)
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

/* ---- IBackgroundCopyFile to IBackgroundCopyFile3 ---- */

#define FILE_METHOD(Interface, Name, Contracts, Clear, Answer, ...) \
    RETURNING(Interface, Name, Contracts, IBackgroundCopyFile3, Clear, Answer, ##__VA_ARGS__)

static HRESULT get_ranges(File *file, ULONG *count, BG_FILE_RANGE **ranges) {
    size_t size = file->range_count * sizeof(**ranges);
    *count = file->range_count;
    if (!size) return S_FALSE;
    *ranges = memcpy(CoTaskMemAlloc(size), file->ranges, size);
    return S_OK;
}

static HRESULT set_remote_name(Job *job, File *file, const WCHAR *url) {
    if (job_is_final(job)) return contract->invalid_state;
    if (wcsnicmp(url, L"http", 4)) return E_INVALIDARG;
    file_set_url(file, url);
    return S_OK;
}

FILE_METHOD(IBackgroundCopyFile, GetRemoteName, JOBS, *value = NULL, give_text(self->file->url, value), LPWSTR *value)
FILE_METHOD(IBackgroundCopyFile, GetLocalName, JOBS, *value = NULL, give_text(self->file->local, value), LPWSTR *value)
FILE_METHOD(IBackgroundCopyFile, GetProgress, JOBS, (void)0,
            GIVE(job_state(job); *progress = ((BG_FILE_PROGRESS){self->file->total, self->file->transferred,
                                              self->file->renamed})),
            BG_FILE_PROGRESS *progress)
FILE_METHOD(IBackgroundCopyFile2, GetFileRanges, JOBS, *ranges = NULL, get_ranges(self->file, count, ranges),
            DWORD *count, BG_FILE_RANGE **ranges)
FILE_METHOD(IBackgroundCopyFile2, SetRemoteName, JOBS, (void)0, set_remote_name(job, self->file, value), LPCWSTR value)
FILE_METHOD(IBackgroundCopyFile3, GetTemporaryName, BITS, *value = NULL, give_text(self->file->temporary, value),
            LPWSTR *value)
FILE_METHOD(IBackgroundCopyFile3, SetValidationState, BITS, (void)0, GIVE(self->file->validated = state), WINBOOL state)
FILE_METHOD(IBackgroundCopyFile3, GetValidationState, BITS, (void)0, GIVE(*state = self->file->validated),
            WINBOOL *state)
FILE_METHOD(IBackgroundCopyFile3, IsDownloadedFromPeer, BITS, (void)0, GIVE(*value = FALSE), WINBOOL *value)

#define AT(Name) .Name = (void *)IBackgroundCopyFile3_##Name
const IBackgroundCopyFile3Vtbl file_vtable = {
    UNKNOWN_METHODS,
    AT(GetRemoteName), AT(GetLocalName), AT(GetProgress), AT(GetFileRanges), AT(SetRemoteName),
    AT(GetTemporaryName), AT(SetValidationState), AT(GetValidationState), AT(IsDownloadedFromPeer),
};
#undef AT

/* ---- IBackgroundCopyError ---- */

#define ERROR_METHOD(Name, Contracts, Clear, Answer, ...) \
    RETURNING(IBackgroundCopyError, Name, Contracts, IBackgroundCopyError, Clear, Answer, ##__VA_ARGS__)
ERROR_METHOD(GetError, JOBS, (void)0, GIVE(*context = self->context; *code = self->error), BG_ERROR_CONTEXT *context,
             HRESULT *code)
ERROR_METHOD(GetFile, JOBS, *file = NULL,
             self->file ? GIVE(*file = object_new(FILE_OBJECT, job, self->file)) : contract->file_not_available,
                 IBackgroundCopyFile **file)
ERROR_METHOD(GetErrorDescription, BITS, *text = NULL, describe("Error", self->error, language, text), DWORD language,
             LPWSTR *text)
ERROR_METHOD(GetErrorContextDescription, BITS, *text = NULL, describe("Context", self->context, language, text),
             DWORD language, LPWSTR *text)
ERROR_METHOD(GetProtocol, BITS, *protocol = NULL,
             self->context == BG_ERROR_CONTEXT_REMOTE_FILE ? give_text(L"http", protocol)
                 : BG_E_PROTOCOL_NOT_AVAILABLE, LPWSTR *protocol)

#define AT(Name) .Name = (void *)IBackgroundCopyError_##Name
const IBackgroundCopyErrorVtbl error_vtable = {
    UNKNOWN_METHODS, AT(GetError), AT(GetFile), AT(GetErrorDescription), AT(GetErrorContextDescription),
        AT(GetProtocol),
};
