/*
 * The state machine: jobs, their files, and the documented transitions, once for all contracts.
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
#include <sddl.h>
#include <stdio.h>

#define FOREVER 0xFFFFFFFF
#define MOST_BYTES_WRITTEN 0x100000

struct Settings settings;
Job *queue;

WCHAR *copy_text(const WCHAR *text) { return text ? _wcsdup(text) : NULL; }

const WCHAR *own_sid(void) {
    static WCHAR *sid;
    union { TOKEN_USER user; BYTE room[256]; } token;
    DWORD size;
    if (!sid && GetTokenInformation(GetCurrentProcessToken(), TokenUser, &token, sizeof(token), &size))
        ConvertSidToStringSidW(token.user.User.Sid, &sid);
    return sid;
}

BOOL job_is_final(const Job *job) { return job->state == BG_JOB_STATE_ACKNOWLEDGED
    || job->state == BG_JOB_STATE_CANCELLED; }
BOOL job_is_foreign(const Job *job) { return wcscmp(job->texts[OWNER], own_sid()) != 0; }
static BOOL job_is_under_way(const Job *job) { return job->state <= BG_JOB_STATE_TRANSFERRING; }
static void job_touch(Job *job) { GetSystemTimeAsFileTime(&job->modified); }

static void job_enter_state(Job *job, BG_JOB_STATE state) {
    if (job->state == state) return;
    job->state = state;
    job_touch(job);
}

HRESULT job_create(const WCHAR *name, BG_JOB_TYPE type, Job **created) {
    static ULONG count;
    Job **end, *job;
    if (!name || wcslen(name) > 256) return E_INVALIDARG;
    if (type > (contract->bit == BITS ? BG_JOB_TYPE_UPLOAD_REPLY : BG_JOB_TYPE_DOWNLOAD)) return E_NOTIMPL;
    for (end = &queue, count = 0; *end; end = &(*end)->next) count++;
    if (settings.job_limit && count >= settings.job_limit) return BG_E_TOO_MANY_JOBS_PER_USER;

    *end = *created = job = calloc(1, sizeof(*job));
    job->references = 1;
    job->queued = TRUE;
    CoCreateGuid(&job->id);
    job->type = type;
    job->state = job->notified = BG_JOB_STATE_SUSPENDED;
    job->texts[NAME] = copy_text(name);
    job->texts[OWNER] = copy_text(own_sid());
    job->numbers[PRIORITY] = BG_JOB_PRIORITY_NORMAL;
    job->numbers[NOTIFY_FLAGS] = BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR;
    job->numbers[RETRY_DELAY] = 600;
    job->numbers[NO_PROGRESS_TIMEOUT] = 14 * 24 * 60 * 60;
    job->numbers[DOWNLOAD_TIME] = 90 * 24 * 60 * 60;
    GetSystemTimeAsFileTime(&job->created);
    job->modified = job->created;
    return S_OK;
}

HRESULT job_find(const GUID *id, Job **found) {
    Job *job;
    for (job = queue; job; job = job->next) {
        if (!IsEqualGUID(&job->id, id)) continue;
        if (job->denied || (settings.standard_user && job_is_foreign(job))) return E_ACCESSDENIED;
        *found = job;
        return S_OK;
    }
    return contract->not_found;
}

void job_release(Job *job) {
    int i;
    if (!job || --job->references) return;
    while (job->files) {
        File *file = job->files;
        job->files = file->next;
        for (i = 0; i < DOFilePropertyId_Count; i++) VariantClear(&file->properties[i]);
        free(file->id), free(file->url), free(file->local), free(file->temporary), free(file->ranges), free(file);
    }
    for (i = 0; i < TEXTS; i++) free(job->texts[i]);
    for (i = 0; i < DODownloadProperty_Count; i++) VariantClear(&job->properties[i]);
    if (job->callback) job->callback->lpVtbl->Release(job->callback);
    free(job);
}

/* Final jobs leave the queue; a client that holds one can still get its state. */
static void job_end(Job *job, BG_JOB_STATE state) {
    Job **link = &queue;
    job_enter_state(job, state);
    if (settings.keep_final || !job->queued) return;
    while (*link != job) link = &(*link)->next;
    *link = job->next;
    job->queued = FALSE;
    job_release(job);
}

/* ---- files ---- */

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

static BOOL is_full_path(const WCHAR *path) {
    return path && wcslen(path) <= MAX_PATH
        && ((path[0] && path[1] == ':' && path[2] == '\\') || !wcsncmp(path, L"\\\\", 2));
}

/* The default name of a reply file, next to the uploaded file. */
static WCHAR *reply_name(const WCHAR *local) {
    WCHAR folder[MAX_PATH + 1], name[MAX_PATH];
    wcscpy(folder, local);
    wcsrchr(folder, '\\')[1] = 0;
    GetTempFileNameW(folder, L"BIT", 1, name);
    return copy_text(name);
}

HRESULT job_add_file(Job *job, const WCHAR *id, const WCHAR *url, const WCHAR *local, ULONG count,
                     const BG_FILE_RANGE *ranges, UINT64 size, File **added) {
    File **end = &job->files, *file;
    ULONG i, files = 0;
    if (job_is_final(job)) return contract->invalid_state;
    if (!url || wcslen(url) > 2200 || (wcsnicmp(url, L"http://", 7)
                                       && wcsnicmp(url, L"https://", 8))) return E_INVALIDARG;
    if (local ? !is_full_path(local) : contract->bit == BITS) return E_INVALIDARG;
    for (i = 0; i < count; i++) {
        if (ranges[i].InitialOffset == BG_LENGTH_TO_EOF || !ranges[i].Length) return contract->invalid_range;
        if (i && ranges[i - 1].InitialOffset + ranges[i - 1].Length > ranges[i].InitialOffset)
            return contract->overlapping_ranges;
    }
    for (; *end; end = &(*end)->next) files++;
    if (files && job->type != BG_JOB_TYPE_DOWNLOAD) return BG_E_TOO_MANY_FILES;
    if (settings.file_limit && files >= settings.file_limit) return BG_E_TOO_MANY_FILES_IN_JOB;

    *end = file = calloc(1, sizeof(*file));
    file->id = copy_text(id);
    file->local = copy_text(local);
    file->total = size;
    file->range_count = count;
    file->ranges = count ? memcpy(malloc(count * sizeof(*ranges)), ranges, count * sizeof(*ranges)) : NULL;
    file_set_url(file, url);
    if (job->type == BG_JOB_TYPE_UPLOAD_REPLY && !job->texts[REPLY_FILE]) job->texts[REPLY_FILE] = reply_name(local);
    job_touch(job);
    if (added) *added = file;
    return S_OK;
}

static BOOL file_begin(Job *job, File *file) {
    WCHAR folder[MAX_PATH + 1], name[MAX_PATH], *end;
    if (file->total == UNKNOWN_SIZE) file->total = file->script.size;
    if (file->temporary || job->type != BG_JOB_TYPE_DOWNLOAD || !file->local) return TRUE;
    wcscpy(folder, file->local);
    if ((end = wcsrchr(folder, '\\'))) end[1] = 0;
    if (!GetTempFileNameW(folder, L"BIT", 0, name)) return FALSE;
    file->temporary = copy_text(name);
    return TRUE;
}

static void file_grow(File *file, UINT64 transferred) {
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

/* Whether the file no longer exists. */
static BOOL file_delete(File *file) {
    if (!file->temporary) return TRUE;
    if (file->script.undeletable || (!DeleteFileW(file->temporary)
                                     && GetLastError() != ERROR_FILE_NOT_FOUND)) return FALSE;
    free(file->temporary);
    file->temporary = NULL;
    return TRUE;
}

/* ---- transitions ---- */

void job_fail(Job *job, BG_JOB_STATE state, HRESULT code, BG_ERROR_CONTEXT context, File *file) {
    job->error = code;
    job->context = context;
    job->error_file = file;
    job->error_count++;
    job_enter_state(job, state);
}

/* Advances a job as far as the scripts of its files allow. Every access to a job calls this, so no timer is needed. */
static void job_advance(Job *job) {
    ULONGLONG elapsed;
    File *file;
    if (!job_is_under_way(job)) return;
    for (file = job->files; file; file = file->next) {
        BG_JOB_STATE end = file->script.end;
        if (file->done) continue;
        if (end == BG_JOB_STATE_QUEUED) return job_enter_state(job, end);
        if (!file_begin(job, file))
            return job_fail(job, BG_JOB_STATE_ERROR, HRESULT_FROM_WIN32(GetLastError()), BG_ERROR_CONTEXT_LOCAL_FILE,
                            file);
        if (end == BG_JOB_STATE_CONNECTING && contract->bit == BITS) return job_enter_state(job, end);
        elapsed = GetTickCount64() - job->since;
        if (end <= BG_JOB_STATE_TRANSFERRING || file->script.delay == FOREVER) {
            file_grow(file, file->total / 2);
            return job_enter_state(job, BG_JOB_STATE_TRANSFERRING);
        }
        if (elapsed < file->script.delay) {
            file_grow(file, (UINT64)((double)file->total * (double)elapsed / file->script.delay));
            return job_enter_state(job, BG_JOB_STATE_TRANSFERRING);
        }
        if (end != BG_JOB_STATE_TRANSFERRED) return job_fail(job, end, file->script.code, BG_ERROR_CONTEXT_REMOTE_FILE,
            file);
        file_grow(file, file->total);
        file->done = TRUE;
        job->since += file->script.delay;
    }
    GetSystemTimeAsFileTime(&job->transferred);
    job_enter_state(job, BG_JOB_STATE_TRANSFERRED);
}

BG_JOB_STATE job_state(Job *job) {
    job_advance(job);
    return job->state;
}

HRESULT job_suspend(Job *job) {
    BG_JOB_STATE state = job_state(job);
    if (job_is_final(job)) return contract->invalid_state;
    if (job_is_under_way(job) || state == BG_JOB_STATE_TRANSIENT_ERROR) job_enter_state(job, BG_JOB_STATE_SUSPENDED);
    return S_OK;
}

HRESULT job_resume(Job *job) {
    BOOL left = FALSE;
    File *file;
    if (job_is_final(job)) return contract->invalid_state;
    if (!job->files) return contract->empty;
    for (file = job->files; file; file = file->next) {
        if (!file->local && V_VT(&file->properties[DOFilePropertyId_DownloadSinkInterface]) != VT_UNKNOWN &&
            V_VT(&job->properties[DODownloadProperty_StreamInterface]) != VT_UNKNOWN)
            return DO_E_FILE_DOWNLOADSINK_UNSPECIFIED;
        if (!file->done) left = TRUE;
    }
    if (job_is_under_way(job) || (job->state == BG_JOB_STATE_TRANSFERRED && !left)) return S_OK;
    job->started = TRUE;
    job->error = S_OK;
    job->since = GetTickCount64();
    job_enter_state(job, contract->bit == BITS ? BG_JOB_STATE_QUEUED : BG_JOB_STATE_TRANSFERRING);
    return S_OK;
}

HRESULT job_cancel(Job *job) {
    BOOL left = FALSE;
    File *file;
    job_advance(job);
    if (job_is_final(job)) return contract->invalid_state;
    for (file = job->files; file; file = file->next) left |= !file_delete(file);
    job_end(job, BG_JOB_STATE_CANCELLED);
    return left && contract->bit == BITS ? BG_S_UNABLE_TO_DELETE_FILES : S_OK;
}

HRESULT job_complete(Job *job) {
    BOOL missing = FALSE, left = FALSE;
    File *file;
    if (job_is_final(job) || (job_state(job) != BG_JOB_STATE_TRANSFERRED && job->type != BG_JOB_TYPE_DOWNLOAD))
        return contract->invalid_state;
    for (file = job->files; file; file = file->next) {
        if (!file->done) {
            missing = TRUE;
            left |= !file_delete(file);
        } else if (file->temporary) {
            if (!MoveFileExW(file->temporary, file->local,
                             MOVEFILE_REPLACE_EXISTING)) return HRESULT_FROM_WIN32(GetLastError());
            free(file->temporary);
            file->temporary = NULL;
            file->renamed = TRUE;
        }
    }
    job_end(job, BG_JOB_STATE_ACKNOWLEDGED);
    if (contract->bit != BITS) return S_OK;
    return left ? BG_S_UNABLE_TO_DELETE_FILES : missing ? BG_S_PARTIAL_COMPLETE : S_OK;
}

HRESULT job_take_ownership(Job *job) {
    if (job_is_final(job)) return contract->invalid_state;
    if (settings.standard_user) return E_ACCESSDENIED;
    free(job->texts[OWNER]), free(job->texts[PROGRAM]), free(job->texts[PARAMETERS]), free(job->texts[HEADERS]);
    job->texts[PROGRAM] = job->texts[PARAMETERS] = job->texts[HEADERS] = NULL;
    job->texts[OWNER] = copy_text(own_sid());
    memset(job->credentials, 0, sizeof(job->credentials));
    return S_OK;
}

/* Completes the remaining files of the job, regardless of their URLs. */
void job_finish(Job *job) {
    File *file;
    for (file = job->files; file; file = file->next) {
        file->script.end = BG_JOB_STATE_TRANSFERRED;
        file->script.delay = 0;
    }
}

void job_progress(Job *job, BG_JOB_PROGRESS *progress) {
    File *file;
    job_advance(job);
    memset(progress, 0, sizeof(*progress));
    for (file = job->files; file; file = file->next) {
        progress->BytesTotal = file->total == UNKNOWN_SIZE || progress->BytesTotal == UNKNOWN_SIZE ? UNKNOWN_SIZE
            : progress->BytesTotal + file->total;
        progress->BytesTransferred += file->transferred;
        progress->FilesTotal++;
        progress->FilesTransferred += file->done;
    }
}

/* ---- properties ---- */

HRESULT job_set_text(Job *job, Text text, const WCHAR *value, size_t limit, HRESULT too_long) {
    if (job_is_final(job)) return contract->invalid_state;
    if (value && wcslen(value) > limit) return too_long;
    free(job->texts[text]);
    job->texts[text] = copy_text(value);
    job_touch(job);
    return S_OK;
}

HRESULT job_set_number(Job *job, Number number, ULONG value, ULONG most, HRESULT too_much) {
    if (job_is_final(job)) return contract->invalid_state;
    if (value > most) return too_much;
    job->numbers[number] = value;
    job_touch(job);
    return S_OK;
}
