/*
 * Delivery Optimization's own interfaces: IDOManager and IDODownload, and the ones by which its job API takes files.
 * A download is a job with at most one file, which Start makes of the properties.
 */
#include "service.h"
#include <stdio.h>

enum { GET = 1, SET = 2, ONCE = 4 };

/* A property: the type of its VARIANT, and its access (ONCE: it can be set only before the first Start). */
typedef struct { VARTYPE type; int access; } Property;
static const Property download_properties[DODownloadProperty_Count] = {
    [DODownloadProperty_Id] = {VT_BSTR, GET},
    [DODownloadProperty_Uri] = {VT_BSTR, GET | SET | ONCE},
    [DODownloadProperty_ContentId] = {VT_BSTR, GET | SET | ONCE},
    [DODownloadProperty_DisplayName] = {VT_BSTR, GET | SET},
    [DODownloadProperty_LocalPath] = {VT_BSTR, GET | SET | ONCE},
    [DODownloadProperty_HttpCustomHeaders] = {VT_BSTR, GET | SET},
    [DODownloadProperty_CostPolicy] = {VT_UI4, GET | SET},
    [DODownloadProperty_SecurityFlags] = {VT_UI4, SET},
    [DODownloadProperty_CallbackFreqPercent] = {VT_UI4, GET | SET},
    [DODownloadProperty_CallbackFreqSeconds] = {VT_UI4, GET | SET},
    [DODownloadProperty_NoProgressTimeoutSeconds] = {VT_UI4, GET | SET},
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
    [DODownloadProperty_HttpCustomAuthHeaders] = {VT_BSTR, GET | SET},
    [DODownloadProperty_HttpAllowSecureToNonSecureRedirect] = {VT_BOOL, GET | SET},
    [DODownloadProperty_NonVolatile] = {VT_BOOL, GET | SET},
    [DODownloadProperty_HttpRedirectionTarget] = {VT_BSTR, GET},
    [DODownloadProperty_HttpResponseHeaders] = {VT_BSTR, GET},
    [DODownloadProperty_HttpServerIPAddress] = {VT_BSTR, GET},
    [DODownloadProperty_HttpStatusCode] = {VT_UI4, GET},
};
static const Property file_properties[DOFilePropertyId_Count] = {
    [DOFilePropertyId_DecryptionInfo] = {VT_BSTR, SET},
    [DOFilePropertyId_IntegrityCheckInfo] = {VT_BSTR, SET},
    [DOFilePropertyId_IntegrityCheckMandatory] = {VT_BOOL, GET | SET},
    [DOFilePropertyId_DownloadSinkInterface] = {VT_UNKNOWN, SET},
    [DOFilePropertyId_DownloadSinkFilePath] = {VT_BSTR, GET | SET},
    [DOFilePropertyId_DownloadSinkMemoryStream] = {VT_UNKNOWN, SET},
    [DOFilePropertyId_TotalSizeBytes] = {VT_UI8, GET | SET},
};

static HRESULT property_get(const Property *table, ULONG count, const VARIANT *values, ULONG id, VARIANT *value) {
    if (id >= count) return DO_E_UNKNOWN_PROPERTY_ID;
    if (!(table[id].access & GET)) return DO_E_WRITE_ONLY_PROPERTY;
    if (V_VT(&values[id]) == VT_EMPTY) return E_NOT_SET;
    return VariantCopy(value, (VARIANT *)&values[id]);
}

static HRESULT property_set(const Property *table, ULONG count, VARIANT *values, Job *job, ULONG id,
                            const VARIANT *value) {
    if (id >= count) return DO_E_UNKNOWN_PROPERTY_ID;
    if (!(table[id].access & SET)) return DO_E_READ_ONLY_PROPERTY;
    if (job_is_final(job) || (job->started && table[id].access & ONCE)) return DO_E_INVALID_STATE;
    if (!value || V_VT(value) != table[id].type) return E_INVALIDARG;
    return VariantCopy(&values[id], (VARIANT *)value);
}

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

/* WINHTTP_ENABLE_SSL_REVOCATION and four of SECURITY_FLAG_IGNORE_: those that the page names. */
#define SUPPORTED_SECURITY_FLAGS 0x3301u

static HRESULT download_set(Job *job, ULONG id, const VARIANT *value) {
    if (id == DODownloadProperty_SecurityFlags && V_VT(value) == VT_UI4
        && V_UI4(value) & ~SUPPORTED_SECURITY_FLAGS) return E_INVALIDARG;
    if (id == DODownloadProperty_NoProgressTimeoutSeconds && V_VT(value) == VT_UI4
        && V_UI4(value) < 60) return E_INVALIDARG;
    return property_set(download_properties, DODownloadProperty_Count, job->properties, job, id, value);
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
DOWNLOAD_METHOD(SetProperty, (void)0, download_set(job, id, value), DODownloadProperty id, const VARIANT *value)

#define AT(Name) .Name = IDODownload_##Name
const IDODownloadVtbl download_vtable = {
    UNKNOWN_METHODS, AT(Start), AT(Pause), AT(Abort), AT(Finalize), AT(GetStatus), AT(GetProperty), AT(SetProperty),
};
#undef AT

/* ---- IDeliveryOptimizationJob and Job2: how files get into a job of Delivery Optimization ---- */

/* With IDeliveryOptimizationJob2, the target is set later, as a property of the file. */
static HRESULT add_file_object(Job *job, const WCHAR *id, const WCHAR *url, ULONG count, const BG_FILE_RANGE *ranges,
                               REFIID iid, void **object) {
    File *file;
    void *added;
    HRESULT result = job_add_file(job, id, url, NULL, count, ranges, UNKNOWN_SIZE, &file);
    if (result != S_OK) return result;
    added = object_new(FILE_OBJECT, job, file);
    result = object_query(added, iid, object);
    object_release(added);
    return result;
}

static HRESULT extended_error(Job *job, ULONG id, VARIANT *value) {
    if (id != DOJobPropertyId_ExtendedErrorInfo) return DO_E_UNKNOWN_PROPERTY_ID;
    if (job_state(job), job->error == S_OK) return E_NOT_SET;
    V_VT(value) = VT_BSTR;
    V_BSTR(value) = SysAllocString(L"{\"source\":\"stand-in\"}");
    return S_OK;
}

METHOD(IDeliveryOptimizationJob, AddFileWithRanges, DO_JOB, IDeliveryOptimizationJob,
       local && *local ? job_add_file(job, id, url, local, count, ranges, size, NULL) : E_INVALIDARG,
       LPCWSTR id, LPCWSTR url, LPCWSTR local, DWORD count, BG_FILE_RANGE *ranges, ULONG64 size)
RETURNING(IDeliveryOptimizationJob2, AddFile, DO_JOB, IDeliveryOptimizationJob2, *object = NULL,
          add_file_object(job, id, url, count, ranges, iid, object),
          LPCWSTR id, LPCWSTR url, DWORD count, BG_FILE_RANGE *ranges, REFIID iid, void **object)
RETURNING(IDeliveryOptimizationJob2, GetProperty, DO_JOB, IDeliveryOptimizationJob2, VariantInit(value),
          extended_error(job, id, value),
          DOJobPropertyId id, VARIANT *value)
METHOD(IDeliveryOptimizationJob2, SetProperty, DO_JOB, IDeliveryOptimizationJob2,
       id == DOJobPropertyId_ExtendedErrorInfo ? DO_E_READ_ONLY_PROPERTY : DO_E_UNKNOWN_PROPERTY_ID,
           DOJobPropertyId id, const VARIANT *value)

const IDeliveryOptimizationJobVtbl do_job_vtable = {UNKNOWN_METHODS,
    .AddFileWithRanges = IDeliveryOptimizationJob_AddFileWithRanges};
const IDeliveryOptimizationJob2Vtbl do_job2_vtable = {
    UNKNOWN_METHODS,
    .AddFile = IDeliveryOptimizationJob2_AddFile,
    .GetProperty = IDeliveryOptimizationJob2_GetProperty,
    .SetProperty = IDeliveryOptimizationJob2_SetProperty,
};

/* ---- IDeliveryOptimizationFile and File2 ---- */

static void get_stats(Job *job, File *file, DOSwarmStats *stats) {
    job_state(job);
    give_text(file->id, &stats->fileId);
    give_text(file->url, &stats->sourceURL);
    stats->fileSize = file->total;
    stats->totalBytesDownloaded = stats->bytesFromHttp = file->transferred;
    stats->status = file->done;
    stats->isBackground = job->numbers[PRIORITY] != BG_JOB_PRIORITY_FOREGROUND;
}

static HRESULT file_set(Job *job, File *file, ULONG id, const VARIANT *value) {
    HRESULT result;
    if (id == DOFilePropertyId_DownloadSinkFilePath && file->local) return DO_E_FILE_DOWNLOADSINK_ALREADY_SET;
    result = property_set(file_properties, DOFilePropertyId_Count, file->properties, job, id, value);
    if (result != S_OK) return result;
    if (id == DOFilePropertyId_DownloadSinkFilePath) file->local = copy_text(V_BSTR(value));
    if (id == DOFilePropertyId_TotalSizeBytes) file->total = V_UI8(value);
    return S_OK;
}

RETURNING(IDeliveryOptimizationFile, GetStats, DO_JOB, IDeliveryOptimizationFile, memset(stats, 0, sizeof(*stats)),
          GIVE(get_stats(job, self->file, stats)), DOSwarmStats *stats)
RETURNING(IDeliveryOptimizationFile2, GetProperty, DO_JOB, IDeliveryOptimizationFile2, VariantInit(value),
          property_get(file_properties, DOFilePropertyId_Count, self->file->properties, id, value),
              DOFilePropertyId id, VARIANT *value)
METHOD(IDeliveryOptimizationFile2, SetProperty, DO_JOB, IDeliveryOptimizationFile2,
       file_set(job, self->file, id, value),
       DOFilePropertyId id, const VARIANT *value)

const IDeliveryOptimizationFileVtbl do_file_vtable = {UNKNOWN_METHODS, .GetStats = IDeliveryOptimizationFile_GetStats};
const IDeliveryOptimizationFile2Vtbl do_file2_vtable = {
    UNKNOWN_METHODS,
    .GetProperty = IDeliveryOptimizationFile2_GetProperty,
    .SetProperty = IDeliveryOptimizationFile2_SetProperty,
};
