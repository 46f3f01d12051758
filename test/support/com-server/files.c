/*
 * The files of jobs and their outcomes.
 *
 * The service downloads nothing. The last part of a file's URL specifies its outcome:
 *   …/done             transferred
 *   …/hold             transfers until the command `finish`
 *   …/queued           stays queued
 *   …/connecting       stays connecting (Delivery Optimization has no such state: transfers)
 *   …/404 (4xx, 5xx)   fatal error 0x80190000 + status; context: remote file
 *   …/transient        transient error
 *   …/undeletable      like hold, and Cancel leaves the temporary file behind
 *   anything else      transferred after the time set by the command `transfer-time` (at once)
 * followed by any of these parameters after a question mark:
 *   bytes=1234         the size (known to the service when the transfer begins; 1024)
 *   after=200          milliseconds until then
 *   code=0x80072EE7    the error's code
 *   undeletable
 * A file in transfer has a temporary file BITxxxx.tmp next to its target.
 */
#include "service.h"
#include <stdio.h>

#define MOST_BYTES_WRITTEN 0x100000

void file_set_url(File *file, const WCHAR *url) {
    static const struct { const WCHAR *word; BG_JOB_STATE end; BOOL undeletable; } words[] = {
        {L"done", BG_JOB_STATE_TRANSFERRED},       {L"hold", BG_JOB_STATE_TRANSFERRING}, {L"queued",
            BG_JOB_STATE_QUEUED},
        {L"connecting", BG_JOB_STATE_CONNECTING},  {L"transient", BG_JOB_STATE_TRANSIENT_ERROR},
        {L"undeletable", BG_JOB_STATE_TRANSFERRING, TRUE},
    };
    WCHAR *copy = copy_text(url), *word = copy, *query, *option, *rest;
    ULONG status;
    size_t i;
    free(file->url);
    file->url = copy_text(url);
    file->script.end = BG_JOB_STATE_TRANSFERRED;
    file->script.code = contract->transient;
    file->script.delay = settings.transfer_time;
    file->script.size = 1024;
    file->script.undeletable = FALSE;
    if ((query = wcschr(copy, '?'))) *query++ = 0;
    if (wcsrchr(copy, '/')) word = wcsrchr(copy, '/') + 1;
    for (i = 0; i < ARRAYSIZE(words); i++) {
        if (wcscmp(word, words[i].word)) continue;
        file->script.end = words[i].end;
        file->script.undeletable = words[i].undeletable;
        file->script.delay = 0;
    }
    status = wcstoul(word, &rest, 10);
    if (!*rest && status >= 400 && status <= 599) {
        file->script.end = BG_JOB_STATE_ERROR;
        file->script.code = MAKE_HRESULT(SEVERITY_ERROR, FACILITY_HTTP, status);
        file->script.delay = 0;
    }
    for (option = query ? wcstok_s(query, L"&", &rest) : NULL; option; option = wcstok_s(NULL, L"&", &rest)) {
        swscanf(option, L"bytes=%llu", &file->script.size);
        swscanf(option, L"after=%lu", &file->script.delay);
        swscanf(option, L"code=%lx", &file->script.code);
        if (!wcscmp(option, L"undeletable")) file->script.undeletable = TRUE;
    }
    free(copy);
}

/* The default name of a reply file, next to the uploaded file. */
void job_name_reply(Job *job) {
    WCHAR folder[MAX_PATH + 1], name[MAX_PATH];
    if (job->type != BG_JOB_TYPE_UPLOAD_REPLY || job->texts[REPLY_FILE] || !job->files) return;
    wcscpy(folder, job->files->local);
    wcsrchr(folder, '\\')[1] = 0;
    GetTempFileNameW(folder, L"BIT", 1, name);
    job->texts[REPLY_FILE] = copy_text(name);
}

HRESULT job_add_file(Job *job, const WCHAR *id, const WCHAR *url, const WCHAR *local, ULONG count,
                     const BG_FILE_RANGE *ranges, UINT64 size, File **added) {
    File **end = &job->files, *file;
    BOOL limited = settings.standard_user && contract->bit == BITS;
    ULONG files = 0, most = settings.file_limit || !limited ? settings.file_limit : 200;
    HRESULT result;
    if (job_is_final(job)) return contract->invalid_state;
    if (!is_remote_name(url)) return E_INVALIDARG;
    if (local ? !is_local_name(local) : contract->bit == BITS) return E_INVALIDARG;
    if (contract->bit == BITS && !has_folder(local)) return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    if ((result = check_ranges(count, ranges)) != S_OK) return result;
    if (limited && count > 500) return BG_E_TOO_MANY_RANGES_IN_FILE;
    if (count && job_is_enabled(job, BITS_JOB_PROPERTY_DYNAMIC_CONTENT)) return BG_E_UNSUPPORTED_JOB_CONFIGURATION;
    for (file = job->files; file && id; file = file->next)
        if (file->id && !wcscmp(file->id, id)) return E_INVALIDARG;
    for (; *end; end = &(*end)->next) files++;
    if (files && job->type != BG_JOB_TYPE_DOWNLOAD) return BG_E_TOO_MANY_FILES;
    if (most && files >= most) return BG_E_TOO_MANY_FILES_IN_JOB;

    *end = file = calloc(1, sizeof(*file));
    file->id = copy_text(id);
    file->local = copy_text(local);
    file->total = size;
    file->range_count = count;
    file->ranges = count ? memcpy(malloc(count * sizeof(*ranges)), ranges, count * sizeof(*ranges)) : NULL;
    file_set_url(file, url);
    job_name_reply(job);
    job_touch(job);
    if (added) *added = file;
    return S_OK;
}

BOOL file_begin(Job *job, File *file) {
    WCHAR folder[MAX_PATH + 1], name[MAX_PATH], *end;
    if (file->total == UNKNOWN_SIZE) file->total = file->script.size;
    if (file->temporary || job->type != BG_JOB_TYPE_DOWNLOAD || !file->local) return TRUE;
    wcscpy(folder, file->local);
    if ((end = wcsrchr(folder, '\\'))) end[1] = 0;
    if (!GetTempFileNameW(folder, L"BIT", 0, name)) return FALSE;
    file->temporary = copy_text(name);
    return TRUE;
}

void file_grow(File *file, UINT64 transferred) {
    LARGE_INTEGER size = {.QuadPart = transferred < MOST_BYTES_WRITTEN ? transferred : MOST_BYTES_WRITTEN};
    HANDLE handle;
    if (file->transferred == transferred) return;
    file->transferred = transferred;
    handle = file->temporary ? CreateFileW(file->temporary, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL)
        : INVALID_HANDLE_VALUE;
    if (handle == INVALID_HANDLE_VALUE) return;
    SetFilePointerEx(handle, size, NULL, FILE_BEGIN);
    SetEndOfFile(handle);
    CloseHandle(handle);
}

BOOL file_delete(File *file) {
    if (!file->temporary) return TRUE;
    if (file->script.undeletable || (!DeleteFileW(file->temporary)
                                     && GetLastError() != ERROR_FILE_NOT_FOUND)) return FALSE;
    free(file->temporary);
    file->temporary = NULL;
    return TRUE;
}
