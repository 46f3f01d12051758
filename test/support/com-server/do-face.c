/*
 * Delivery Optimization's own interfaces, IDOManager and IDODownload.
 * A download is a job with at most one file, which Start makes of the properties.
 */
#include "service.h"
#include <stdio.h>

/* WINHTTP_ENABLE_SSL_REVOCATION and four of SECURITY_FLAG_IGNORE_: those that the page names. */
#define SUPPORTED_SECURITY_FLAGS 0x3301u
#define COST_POLICIES 6
#define LEAST_NO_PROGRESS_TIMEOUT 60

static BOOL is_cost_policy(const VARIANT *value) { return V_UI4(value) < COST_POLICIES; }
static BOOL is_supported(const VARIANT *value) { return !(V_UI4(value) & ~SUPPORTED_SECURITY_FLAGS); }
static BOOL is_long_enough(const VARIANT *value) { return V_UI4(value) >= LEAST_NO_PROGRESS_TIMEOUT; }
static BOOL is_formatted(const VARIANT *value) { return !V_BSTR(value) || are_headers(V_BSTR(value), FALSE); }

static const Property download_properties[DODownloadProperty_Count] = {
    [DODownloadProperty_Id] = {VT_BSTR, GET},
    [DODownloadProperty_Uri] = {VT_BSTR, GET | SET | ONCE},
    [DODownloadProperty_ContentId] = {VT_BSTR, GET | SET | ONCE},
    [DODownloadProperty_DisplayName] = {VT_BSTR, GET | SET},
    [DODownloadProperty_LocalPath] = {VT_BSTR, GET | SET | ONCE},
    [DODownloadProperty_HttpCustomHeaders] = {VT_BSTR, GET | SET, is_formatted},
    [DODownloadProperty_CostPolicy] = {VT_UI4, GET | SET, is_cost_policy},
    [DODownloadProperty_SecurityFlags] = {VT_UI4, SET, is_supported},
    [DODownloadProperty_CallbackFreqPercent] = {VT_UI4, GET | SET},
    [DODownloadProperty_CallbackFreqSeconds] = {VT_UI4, GET | SET},
    [DODownloadProperty_NoProgressTimeoutSeconds] = {VT_UI4, GET | SET, is_long_enough},
    [DODownloadProperty_ForegroundPriority] = {VT_BOOL, GET | SET},
    [DODownloadProperty_BlockingMode] = {VT_BOOL, GET | SET},
    [DODownloadProperty_CallbackInterface] = {VT_UNKNOWN, GET | SET},
    [DODownloadProperty_StreamInterface] = {VT_UNKNOWN, GET | SET | ONCE},
    [DODownloadProperty_SecurityContext] = {VT_ARRAY | VT_UI1, SET},
    [DODownloadProperty_NetworkToken] = {VT_BOOL, SET},
    [DODownloadProperty_CorrelationVector] = {VT_BSTR, GET | SET},
    [DODownloadProperty_DecryptionInfo] = {VT_BSTR, SET},
    [DODownloadProperty_IntegrityCheckInfo] = {VT_BSTR, SET},
    [DODownloadProperty_IntegrityCheckMandatory] = {VT_BOOL, GET | SET},
    [DODownloadProperty_TotalSizeBytes] = {VT_UI8, GET | SET},
    [DODownloadProperty_DisallowOnCellular] = {VT_BOOL, GET | SET},
    [DODownloadProperty_HttpCustomAuthHeaders] = {VT_BSTR, GET | SET, is_formatted},
    [DODownloadProperty_HttpAllowSecureToNonSecureRedirect] = {VT_BOOL, GET | SET},
    [DODownloadProperty_NonVolatile] = {VT_BOOL, GET | SET},
    [DODownloadProperty_HttpRedirectionTarget] = {VT_BSTR, GET},
    [DODownloadProperty_HttpResponseHeaders] = {VT_BSTR, GET},
    [DODownloadProperty_HttpServerIPAddress] = {VT_BSTR, GET},
    [DODownloadProperty_HttpStatusCode] = {VT_UI4, GET},
};
/* ---- IDOManager ---- */

static const WCHAR *id_text(const Job *job, WCHAR text[39]) {
    StringFromGUID2(&job->id, text, 39);
    if (settings.braces) return text;
    text[37] = 0;
    return text + 1;
}

static HRESULT download_create(IDODownload **download) {
    Job *job;
    HRESULT result = job_create(L"", BG_JOB_TYPE_DOWNLOAD, &job);
    if (result == S_OK) *download = object_new(DOWNLOAD, job, NULL);
    return result;
}

static BOOL is_in_category(const Job *job, const DO_DOWNLOAD_ENUM_CATEGORY *category) {
    WCHAR id[39];
    const VARIANT *value;
    if (!category) return TRUE;
    if (category->Property == DODownloadProperty_Id) {
        StringFromGUID2(&job->id, id, 39);
        if (category->Value[0] == '{') return !wcsicmp(category->Value, id);
        id[37] = 0;
        return !wcsicmp(category->Value, id + 1);
    }
    value = &job->properties[category->Property];
    return V_VT(value) == VT_BSTR && !wcscmp(category->Value, V_BSTR(value));
}

/* Returns only the caller's own downloads. */
static HRESULT enumerate(const DO_DOWNLOAD_ENUM_CATEGORY *category, IEnumUnknown **enumerator) {
    ULONG count = 0;
    Job *job;
    if (category && (category->Property > DODownloadProperty_LocalPath || !category->Value)) return E_INVALIDARG;
    for (job = queue; job; job = job->next) count++;
    *enumerator = enumerator_new(DOWNLOAD, count);
    for (job = queue; job; job = job->next)
        if (!job->denied && !job_is_foreign(job) && is_in_category(job, category)) enumerator_add(*enumerator, job,
            NULL);
    return S_OK;
}

#define DO_MANAGER_METHOD(Name, Clear, Answer, ...) \
    RETURNING(IDOManager, Name, DO_DOWNLOAD, IDOManager, Clear, Answer, ##__VA_ARGS__)
DO_MANAGER_METHOD(CreateDownload, *download = NULL, download_create(download), IDODownload **download)
DO_MANAGER_METHOD(EnumDownloads, *ppEnum = NULL, enumerate(category, ppEnum),
                  const DO_DOWNLOAD_ENUM_CATEGORY *category, IEnumUnknown **ppEnum)

const IDOManagerVtbl do_manager_vtable = {
    UNKNOWN_METHODS,
    .CreateDownload = IDOManager_CreateDownload,
    .EnumDownloads = IDOManager_EnumDownloads,
};

/* ---- IDODownload ---- */

static const WCHAR *text_property(const Job *job, DODownloadProperty id) {
    return V_VT(&job->properties[id]) == VT_BSTR ? V_BSTR(&job->properties[id]) : NULL;
}

/* Two downloads can't have the same path: as on Windows, the second one ends the first. */
static void displace(const Job *newcomer, const WCHAR *path) {
    Job *job = queue, *next;
    for (; job; job = next) {
        next = job->next;
        if (job != newcomer && job->files && job->files->local && !wcsicmp(job->files->local, path)) job_cancel(job);
    }
}

static HRESULT download_start(Job *job, const DO_DOWNLOAD_RANGES_INFO *ranges) {
    const WCHAR *uri = text_property(job, DODownloadProperty_Uri),
        *content = text_property(job, DODownloadProperty_ContentId);
    const WCHAR *path = text_property(job, DODownloadProperty_LocalPath);
    const VARIANT *size = &job->properties[DODownloadProperty_TotalSizeBytes];
    HRESULT result;
    size_t told = strlen(job->starts);
    snprintf(job->starts + told, sizeof(job->starts) - told, told ? "," : "");
    told = strlen(job->starts);
    if (ranges) snprintf(job->starts + told, sizeof(job->starts) - told, "%u", ranges->RangeCount);
    else snprintf(job->starts + told, sizeof(job->starts) - told, "null");
    if (job_is_final(job)) return DO_E_INVALID_STATE;
    /* NULL resumes a download that was started with ranges or without. */
    if (!ranges && !job->started) return E_INVALIDARG;
    if (!job->files) {
        if (!uri && !content) return DO_E_DOWNLOAD_NO_URI;
        if (!path && V_VT(&job->properties[DODownloadProperty_StreamInterface]) != VT_UNKNOWN)
            return DO_E_LOCALPATH_NOT_SET;
        /* A range of a download has the same structure as a range of a job's file. */
        result = job_add_file(job, content, uri ? uri : L"http://content/", path, ranges->RangeCount,
                              (const BG_FILE_RANGE *)ranges->Ranges, V_VT(size) == VT_UI8
                                  ? V_UI8(size) : UNKNOWN_SIZE, NULL);
        if (result != S_OK) return result;
        if (path) displace(job, path);
    }
    if ((result = job_resume(job)) != S_OK) return result;
    if (V_VT(&job->properties[DODownloadProperty_BlockingMode]) != VT_BOOL
        || !V_BOOL(&job->properties[DODownloadProperty_BlockingMode])) return S_OK;
    while (job_state(job) <= BG_JOB_STATE_TRANSFERRING) unlock(), Sleep(10), lock();
    return job->error;
}

void download_status(Job *job, DO_DOWNLOAD_STATUS *status) {
    static const DODownloadState states[] = {
        [BG_JOB_STATE_QUEUED] = DODownloadState_Transferring,
            [BG_JOB_STATE_CONNECTING] = DODownloadState_Transferring,
        [BG_JOB_STATE_TRANSFERRING] = DODownloadState_Transferring, [BG_JOB_STATE_SUSPENDED] = DODownloadState_Paused,
        [BG_JOB_STATE_ERROR] = DODownloadState_Paused,          [BG_JOB_STATE_TRANSIENT_ERROR] = DODownloadState_Paused,
        [BG_JOB_STATE_TRANSFERRED] = DODownloadState_Transferred,
            [BG_JOB_STATE_ACKNOWLEDGED] = DODownloadState_Finalized,
        [BG_JOB_STATE_CANCELLED] = DODownloadState_Aborted,
    };
    BG_JOB_PROGRESS progress;
    job_progress(job, &progress);
    status->BytesTotal = progress.BytesTotal;
    status->BytesTransferred = progress.BytesTransferred;
    status->State = job->started || job_is_final(job) ? states[job->state] : DODownloadState_Created;
    /* A transient error has only an extended error. */
    status->Error = job->state == BG_JOB_STATE_TRANSIENT_ERROR ? S_OK : job->error;
    status->ExtendedError = job->error;
}

static HRESULT download_get(Job *job, ULONG id, VARIANT *value) {
    WCHAR text[39];
    if (id != DODownloadProperty_Id) return property_get(download_properties, DODownloadProperty_Count,
                                                         job->properties, id, value);
    V_VT(value) = VT_BSTR;
    V_BSTR(value) = SysAllocString(id_text(job, text));
    return S_OK;
}

#define DOWNLOAD_METHOD(Name, Clear, Answer, ...) \
    RETURNING(IDODownload, Name, DO_DOWNLOAD, IDODownload, Clear, Answer, ##__VA_ARGS__)
DOWNLOAD_METHOD(Start, (void)0, download_start(job, ranges), const DO_DOWNLOAD_RANGES_INFO *ranges)
DOWNLOAD_METHOD(Pause, (void)0, job_suspend(job))
DOWNLOAD_METHOD(Abort, (void)0, job_cancel(job))
DOWNLOAD_METHOD(Finalize, (void)0, job_complete(job))
DOWNLOAD_METHOD(GetStatus, memset(status, 0, sizeof(*status)), GIVE(download_status(job, status)),
                DO_DOWNLOAD_STATUS *status)
DOWNLOAD_METHOD(GetProperty, VariantInit(value), download_get(job, id, value), DODownloadProperty id, VARIANT *value)
DOWNLOAD_METHOD(SetProperty, (void)0,
                property_set(download_properties, DODownloadProperty_Count, job->properties, job, id, value), DODownloadProperty id, const VARIANT *value)

#define AT(Name) .Name = IDODownload_##Name
const IDODownloadVtbl download_vtable = {
    UNKNOWN_METHODS, AT(Start), AT(Pause), AT(Abort), AT(Finalize), AT(GetStatus), AT(GetProperty), AT(SetProperty),
};
#undef AT
