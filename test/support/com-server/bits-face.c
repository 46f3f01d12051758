/* The interfaces that BITS and Delivery Optimization's job API share, and BITS's own: manager and jobs. */
#include "service.h"
#include <stdio.h>

/* ---- IBackgroundCopyManager ---- */

#define MANAGER_METHOD(Name, Contracts, Clear, Answer, ...) \
    RETURNING(IBackgroundCopyManager, Name, Contracts, IBackgroundCopyManager, Clear, Answer, ##__VA_ARGS__)

static HRESULT manager_create(const WCHAR *name, BG_JOB_TYPE type, GUID *id, IBackgroundCopyJob **created) {
    Job *job;
    HRESULT result = job_check_limits();
    if (result == S_OK) result = job_create(name, type, &job);
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

MANAGER_METHOD(CreateJob, JOBS, *ppJob = NULL, manager_create(name, type, id, ppJob),
               LPCWSTR name, BG_JOB_TYPE type, GUID *id, IBackgroundCopyJob **ppJob)
MANAGER_METHOD(GetJob, JOBS, *ppJob = NULL, manager_get(id, ppJob), REFGUID id, IBackgroundCopyJob **ppJob)
MANAGER_METHOD(EnumJobs, BITS, *ppEnum = NULL, manager_enumerate(flags, ppEnum), DWORD flags,
               IEnumBackgroundCopyJobs **ppEnum)
MANAGER_METHOD(GetErrorDescription, BITS, *text = NULL, describe_code("Error", code, language, text), HRESULT code,
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
               value ? job_set_text(job, text, value, limit, BG_E_STRING_TOO_LONG) : E_INVALIDARG, LPCWSTR value) \
    JOB_RETURNING(Interface, Get##Name, Getting, *value = NULL, give_text(job->texts[text], value), LPWSTR *value)
#define JOB_NUMBER(Interface, Name, Contracts, number, most, too_much) \
    JOB_METHOD(Interface, Set##Name, Contracts, job_set_number(job, number, value, most, too_much), ULONG value) \
    JOB_METHOD(Interface, Get##Name, Contracts, GIVE(*value = job->numbers[number]), ULONG *value)

static HRESULT add_file_set(Job *job, ULONG count, BG_FILE_INFO *files) {
    HRESULT result = S_OK;
    ULONG i;
    /* "None of the files in the array were added." */
    if (job->type != BG_JOB_TYPE_DOWNLOAD && count + (job->files != NULL) > 1) return BG_E_TOO_MANY_FILES;
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
JOB_METHOD(IBackgroundCopyJob, SetPriority, JOBS,
           job_has_custom_method(job) ? BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD
               : job_set_number(job, PRIORITY, value, BG_JOB_PRIORITY_LOW, E_NOTIMPL),
           BG_JOB_PRIORITY value)
JOB_METHOD(IBackgroundCopyJob, GetPriority, JOBS, GIVE(*value = job->numbers[PRIORITY]), BG_JOB_PRIORITY *value)
JOB_METHOD(IBackgroundCopyJob, SetNotifyFlags, JOBS,
           value & ~contract->notify_flags ? E_NOTIMPL : job_set_number(job, NOTIFY_FLAGS, value, value, S_OK), ULONG value)
JOB_METHOD(IBackgroundCopyJob, GetNotifyFlags, JOBS, GIVE(*value = job->numbers[NOTIFY_FLAGS]), ULONG *value)
JOB_METHOD(IBackgroundCopyJob, SetNotifyInterface, JOBS, set_callback(job, callback), IUnknown *callback)
JOB_RETURNING(IBackgroundCopyJob, GetNotifyInterface, JOBS, *callback = NULL,
              GIVE((*callback = job->callback) ? (*callback)->lpVtbl->AddRef(*callback) : 0), IUnknown **callback)
/* Less than five seconds are five. */
JOB_METHOD(IBackgroundCopyJob, SetMinimumRetryDelay, BITS, job_set_number(job, RETRY_DELAY, value < 5 ? 5 : value, ~0u, S_OK), ULONG value)
JOB_METHOD(IBackgroundCopyJob, GetMinimumRetryDelay, BITS, GIVE(*value = job->numbers[RETRY_DELAY]), ULONG *value)
JOB_NUMBER(IBackgroundCopyJob, NoProgressTimeout, JOBS, NO_PROGRESS_TIMEOUT, ~0u, S_OK)
JOB_METHOD(IBackgroundCopyJob, GetErrorCount, BITS, GIVE(*count = job->error_count), ULONG *count)
JOB_METHOD(IBackgroundCopyJob, SetProxySettings, BITS, job_set_proxies(job, usage, list, bypass), BG_JOB_PROXY_USAGE usage,
           LPCWSTR list, LPCWSTR bypass)
JOB_RETURNING(IBackgroundCopyJob, GetProxySettings, BITS, *list = *bypass = NULL,
              GIVE(*usage = job->numbers[PROXY_USAGE]; give_text(job->texts[PROXIES],
                  list); give_text(job->texts[PROXY_BYPASS], bypass)),
              BG_JOB_PROXY_USAGE *usage, LPWSTR *list, LPWSTR *bypass)
JOB_METHOD(IBackgroundCopyJob, TakeOwnership, BITS, job_take_ownership(job))

/* ---- IBackgroundCopyJob2 to IBackgroundCopyJob5 ---- */

#define IS_DOWNLOAD(Answer) (job->type == BG_JOB_TYPE_DOWNLOAD ? (Answer) : E_NOTIMPL)
#define IS_REPLY_JOB(Answer) (job->type == BG_JOB_TYPE_UPLOAD_REPLY ? (Answer) : E_NOTIMPL)

/* The reply arrives completely at the end of the upload and is empty. */
static void reply_progress(Job *job, BG_JOB_REPLY_PROGRESS *progress) {
    progress->BytesTotal = job_state(job) == BG_JOB_STATE_TRANSFERRED ? 0 : UNKNOWN_SIZE;
    progress->BytesTransferred = 0;
}

JOB_METHOD(IBackgroundCopyJob2, SetNotifyCmdLine, BITS, job_set_command(job, program, parameters), LPCWSTR program,
           LPCWSTR parameters)
JOB_RETURNING(IBackgroundCopyJob2, GetNotifyCmdLine, BITS, *program = *parameters = NULL,
              GIVE(give_text(job->texts[PROGRAM], program); give_text(job->texts[PARAMETERS], parameters)),
                  LPWSTR *program, LPWSTR *parameters)
JOB_METHOD(IBackgroundCopyJob2, GetReplyProgress, BITS,
           IS_REPLY_JOB(GIVE(reply_progress(job, progress))),
           BG_JOB_REPLY_PROGRESS *progress)
JOB_RETURNING(IBackgroundCopyJob2, GetReplyData, BITS, (*buffer = NULL, *length = 0),
              IS_REPLY_JOB(job_state(job) == BG_JOB_STATE_TRANSFERRED ? S_OK : contract->invalid_state),
              byte **buffer, UINT64 *length)
JOB_METHOD(IBackgroundCopyJob2, SetReplyFileName, BITS,
           IS_REPLY_JOB(job_set_reply_file(job, name)), LPCWSTR name)
JOB_RETURNING(IBackgroundCopyJob2, GetReplyFileName, BITS, *name = NULL,
              IS_REPLY_JOB(give_text(job->texts[REPLY_FILE], name)), LPWSTR *name)
JOB_METHOD(IBackgroundCopyJob2, SetCredentials, BITS, job_set_credentials(job, credentials), BG_AUTH_CREDENTIALS *credentials)
JOB_METHOD(IBackgroundCopyJob2, RemoveCredentials, BITS, job_remove_credentials(job, target, scheme),
           BG_AUTH_TARGET target, BG_AUTH_SCHEME scheme)
JOB_METHOD(IBackgroundCopyJob3, ReplaceRemotePrefix, BITS, IS_DOWNLOAD(job_replace_prefix(job, from, to)), LPCWSTR from,
           LPCWSTR to)
JOB_METHOD(IBackgroundCopyJob3, AddFileWithRanges, BITS,
           IS_DOWNLOAD(count ? job_add_file(job, NULL, url, local, count, ranges, UNKNOWN_SIZE, NULL) : E_INVALIDARG),
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
JOB_METHOD(IBackgroundCopyJob5, SetProperty, JOBS, job_set_property(job, id, value), BITS_JOB_PROPERTY_ID id,
           BITS_JOB_PROPERTY_VALUE value)
JOB_METHOD(IBackgroundCopyJob5, GetProperty, JOBS, job_knows_property(id) ? GIVE(*value = job->job_properties[id])
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
