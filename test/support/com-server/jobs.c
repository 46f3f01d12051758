/* The state machine: jobs and the documented transitions, once for all contracts. */
#include "service.h"
#include <sddl.h>
#include <stdio.h>

#define FOREVER 0xFFFFFFFF

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
void job_touch(Job *job) { GetSystemTimeAsFileTime(&job->modified); }

static void job_enter_state(Job *job, BG_JOB_STATE state) {
    if (job->state == state) return;
    job->state = state;
    job_touch(job);
}

HRESULT job_create(const WCHAR *name, BG_JOB_TYPE type, Job **created) {
    Job **end, *job;
    if (!name || wcslen(name) > 256) return E_INVALIDARG;
    if (type > (contract->bit == BITS ? BG_JOB_TYPE_UPLOAD_REPLY : BG_JOB_TYPE_DOWNLOAD)) return E_NOTIMPL;
    for (end = &queue; *end; end = &(*end)->next) {}
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

/* The default limits of BITS are not for administrators. */
HRESULT job_check_limits(void) {
    BOOL limited = settings.standard_user && contract->bit == BITS;
    ULONG most = settings.job_limit || !limited ? settings.job_limit : 60, all = 0, own = 0;
    Job *job;
    for (job = queue; job; job = job->next) all++, own += !job_is_foreign(job);
    if (most && own >= most) return BG_E_TOO_MANY_JOBS_PER_USER;
    return limited && all >= 300 ? BG_E_TOO_MANY_JOBS_PER_MACHINE : S_OK;
}

/* Of a property that is a BOOL: the first four bytes of the union. */
BOOL job_is_enabled(const Job *job, ULONG id) { return (ULONG)job->job_properties[id].Uint64 != 0; }
BOOL job_has_custom_method(const Job *job) { return job->texts[HTTP_METHOD_NAME] != NULL; }

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
    static const Text lost[] = {PROGRAM, PARAMETERS, HEADERS, STORE, SUBJECT, USER_NAME, PASSWORD, OWNER};
    size_t i;
    if (job_is_final(job)) return contract->invalid_state;
    if (settings.standard_user) return E_ACCESSDENIED;
    for (i = 0; i < ARRAYSIZE(lost); i++) {
        free(job->texts[lost[i]]);
        job->texts[lost[i]] = NULL;
    }
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
