/* Files and errors of jobs: IBackgroundCopyFile to IBackgroundCopyFile3, IBackgroundCopyError. */
#include "service.h"
#include <stdio.h>

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
    if (job->type != BG_JOB_TYPE_DOWNLOAD) return E_NOTIMPL;
    if (job_is_final(job)) return contract->invalid_state;
    if (!is_remote_name(url)) return E_INVALIDARG;
    file_set_url(file, url);
    return S_OK;
}

static HRESULT set_validation(Job *job, File *file, BOOL valid) {
    job_state(job);
    if (!file->done) return E_PENDING;
    file->validated = valid;
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
FILE_METHOD(IBackgroundCopyFile3, SetValidationState, BITS, (void)0, set_validation(job, self->file, state), WINBOOL state)
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

/* The service supports only English (United States), so that clients can test a missing language. */
HRESULT describe_code(const char *what, HRESULT code, ULONG language, WCHAR **text) {
    WCHAR words[64];
    if (language != MAKELANGID(LANG_ENGLISH,
                               SUBLANG_ENGLISH_US)) return HRESULT_FROM_WIN32(ERROR_RESOURCE_LANG_NOT_FOUND);
    swprintf(words, ARRAYSIZE(words), L"%hs 0x%08lX of the stand-in service.\r\n", what, code);
    return give_text(words, text);
}

/* The pages of errors document a separate code for language 0. */
static HRESULT describe_error(const char *what, HRESULT code, ULONG language, WCHAR **text) {
    return language ? describe_code(what, code, language, text) : E_INVALIDARG;
}

#define ERROR_METHOD(Name, Contracts, Clear, Answer, ...) \
    RETURNING(IBackgroundCopyError, Name, Contracts, IBackgroundCopyError, Clear, Answer, ##__VA_ARGS__)
ERROR_METHOD(GetError, JOBS, (void)0, GIVE(*context = self->context; *code = self->error), BG_ERROR_CONTEXT *context,
             HRESULT *code)
ERROR_METHOD(GetFile, JOBS, *file = NULL,
             self->file ? GIVE(*file = object_new(FILE_OBJECT, job, self->file)) : contract->file_not_available,
                 IBackgroundCopyFile **file)
ERROR_METHOD(GetErrorDescription, BITS, *text = NULL, describe_error("Error", self->error, language, text), DWORD language,
             LPWSTR *text)
ERROR_METHOD(GetErrorContextDescription, BITS, *text = NULL, describe_error("Context", self->context, language, text),
             DWORD language, LPWSTR *text)
ERROR_METHOD(GetProtocol, BITS, *protocol = NULL,
             self->context == BG_ERROR_CONTEXT_REMOTE_FILE ? give_text(L"http", protocol)
                 : BG_E_PROTOCOL_NOT_AVAILABLE, LPWSTR *protocol)

#define AT(Name) .Name = (void *)IBackgroundCopyError_##Name
const IBackgroundCopyErrorVtbl error_vtable = {
    UNKNOWN_METHODS, AT(GetError), AT(GetFile), AT(GetErrorDescription), AT(GetErrorContextDescription),
        AT(GetProtocol),
};
