/* The files of Delivery Optimization jobs: IDeliveryOptimizationJob, IDeliveryOptimizationFile, and their successors. */
#include "service.h"

static BOOL is_full_path(const VARIANT *value) { return is_local_name(V_BSTR(value)); }

static const Property file_properties[DOFilePropertyId_Count] = {
    [DOFilePropertyId_DecryptionInfo] = {VT_BSTR, SET},
    [DOFilePropertyId_IntegrityCheckInfo] = {VT_BSTR, SET},
    [DOFilePropertyId_IntegrityCheckMandatory] = {VT_BOOL, GET | SET},
    [DOFilePropertyId_DownloadSinkInterface] = {VT_UNKNOWN, SET},
    [DOFilePropertyId_DownloadSinkFilePath] = {VT_BSTR, GET | SET, is_full_path},
    [DOFilePropertyId_DownloadSinkMemoryStream] = {VT_UNKNOWN, SET},
    [DOFilePropertyId_TotalSizeBytes] = {VT_UI8, GET | SET},
};

/* ---- IDeliveryOptimizationJob and Job2: how files get into a job of Delivery Optimization ---- */

/* With IDeliveryOptimizationJob2, the target is set later, as a property of the file. */
static HRESULT add_file_object(Job *job, const WCHAR *id, const WCHAR *url, ULONG count, const BG_FILE_RANGE *ranges,
                               REFIID iid, void **object) {
    File *file;
    void *added;
    HRESULT result;
    if (!IsEqualIID(iid, &IID_IDeliveryOptimizationFile)) return E_NOINTERFACE;
    if ((result = job_add_file(job, id, url, NULL, count, ranges, UNKNOWN_SIZE, &file)) != S_OK) return result;
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
    /* Deprecated: "Do not use." */
    if (id == DOFilePropertyId_DownloadSinkMemoryStream) return DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED;
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
