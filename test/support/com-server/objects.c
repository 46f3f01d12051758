/* The COM objects that clients hold: one structure for all kinds, with a table of the interfaces of each kind. */
#include "service.h"

#define FACE(kind, Name, contracts, face) {kind, #Name, &IID_##Name, contracts, face}
static const struct { Kind kind; const char *name; const IID *iid; unsigned contracts; int face; } interfaces[] = {
    FACE(MANAGER, IBackgroundCopyManager, JOBS, 0),
    FACE(MANAGER, IDOManager, DO_DOWNLOAD, 1),
    FACE(JOB, IBackgroundCopyJob, JOBS, 0),
    FACE(JOB, IBackgroundCopyJob2, BITS, 0),
    FACE(JOB, IBackgroundCopyJob3, BITS, 0),
    FACE(JOB, IBackgroundCopyJob4, BITS, 0),
    FACE(JOB, IBackgroundCopyJob5, JOBS, 0),
    FACE(JOB, IBackgroundCopyJobHttpOptions, BITS, 1),
    FACE(JOB, IBackgroundCopyJobHttpOptions2, BITS, 1),
    FACE(JOB, IDeliveryOptimizationJob, DO_JOB, 2),
    FACE(JOB, IDeliveryOptimizationJob2, DO_JOB, 3),
    FACE(DOWNLOAD, IDODownload, DO_DOWNLOAD, 0),
    FACE(FILE_OBJECT, IBackgroundCopyFile, JOBS, 0),
    FACE(FILE_OBJECT, IBackgroundCopyFile2, JOBS, 0),
    FACE(FILE_OBJECT, IBackgroundCopyFile3, BITS, 0),
    FACE(FILE_OBJECT, IDeliveryOptimizationFile, DO_JOB, 1),
    FACE(FILE_OBJECT, IDeliveryOptimizationFile2, DO_JOB, 2),
    FACE(JOB_ERROR, IBackgroundCopyError, JOBS, 0),
};
#undef FACE
/* The interfaces that the objects no longer support. */
static BOOL withheld[ARRAYSIZE(interfaces)];
static const IID *const enumerator_iids[KINDS] = {
    [JOB] = &IID_IEnumBackgroundCopyJobs,
    [DOWNLOAD] = &IID_IEnumUnknown,
    [FILE_OBJECT] = &IID_IEnumBackgroundCopyFiles,
};
static const IEnumBackgroundCopyJobsVtbl enumerator_vtable;
static const void *const vtables[KINDS][4] = {
    [MANAGER] = {&manager_vtable, &do_manager_vtable},
    [JOB] = {&job_vtable, &http_options_vtable, &do_job_vtable, &do_job2_vtable},
    [DOWNLOAD] = {&download_vtable},
    [FILE_OBJECT] = {&file_vtable, &do_file_vtable, &do_file2_vtable},
    [JOB_ERROR] = {&error_vtable},
    [ENUMERATOR] = {&enumerator_vtable},
};
LONG object_counts[KINDS];

void *object_new(Kind kind, Job *job, File *file) {
    Object *object = calloc(1, sizeof(*object));
    int i;
    for (i = 0; i < 4; i++) {
        object->faces[i].vtable = vtables[kind][i];
        object->faces[i].object = object;
    }
    object->references = 1;
    object->kind = kind;
    object->job = job;
    object->file = file;
    if (job) job->references++;
    InterlockedIncrement(&object_counts[kind]);
    return &object->faces[0];
}

BOOL interface_withhold(const char *name) {
    size_t i;
    for (i = 0; i < ARRAYSIZE(interfaces) && strcmp(interfaces[i].name, name); i++) {}
    if (i == ARRAYSIZE(interfaces)) return FALSE;
    withheld[i] = TRUE;
    return TRUE;
}

HRESULT STDMETHODCALLTYPE object_query(void *This, REFIID iid, void **found) {
    Object *self = OBJECT(This);
    int face = -1;
    size_t i;
    for (i = 0; i < ARRAYSIZE(interfaces); i++)
        if (interfaces[i].kind == self->kind && interfaces[i].contracts & contract->bit &&
            IsEqualIID(iid, interfaces[i].iid) && !withheld[i])
            face = interfaces[i].face;
    /* An enumerator supports the interface for its kind of items. */
    if (self->kind == ENUMERATOR && IsEqualIID(iid, enumerator_iids[self->item_kind])) face = 0;
    if (IsEqualIID(iid, &IID_IUnknown)) face = 0;
    *found = NULL;
    if (face < 0) return E_NOINTERFACE;
    object_add_reference(This);
    *found = &self->faces[face];
    return S_OK;
}

ULONG STDMETHODCALLTYPE object_add_reference(void *This) { return InterlockedIncrement(&OBJECT(This)->references); }

ULONG STDMETHODCALLTYPE object_release(void *This) {
    Object *self = OBJECT(This);
    ULONG i, left = InterlockedDecrement(&self->references);
    if (left) return left;
    lock();
    job_release(self->job);
    for (i = 0; i < self->count; i++) job_release(self->items[i].job);
    unlock();
    InterlockedDecrement(&object_counts[self->kind]);
    free(self->items);
    free(self);
    return 0;
}

/*
 * Wine unregisters an interface with its RPC when the last object goes that shows it to a client, and then waits for the calls
 * that are still on their way out. A call that ends just then is missed (RpcServerUnregisterIf of Wine 8 sets the event that
 * it waits for after it has looked), and from that Release on no call is answered any more. So one object for each interface
 * is shown to nobody for as long as the service lives, and the last one never goes.
 */
BOOL keep_registered(void *object, const IID *iid) {
    IStream *stream;
    HRESULT result = CreateStreamOnHGlobal(NULL, TRUE, &stream);
    if (FAILED(result)) return FALSE;
    result = CoMarshalInterface(stream, iid, object, MSHCTX_LOCAL, NULL, MSHLFLAGS_TABLESTRONG);
    stream->lpVtbl->Release(stream);
    return SUCCEEDED(result);
}

static BOOL keep_kind(void *object, const IID *iid) {
    /* An object that no client holds is not counted. */
    InterlockedDecrement(&object_counts[OBJECT(object)->kind]);
    return keep_registered(object, iid);
}

BOOL keep_all_registered(void) {
    BOOL kept = TRUE;
    size_t i;
    for (i = 0; i < ARRAYSIZE(interfaces); i++)
        if (interfaces[i].contracts & contract->bit)
            kept &= keep_kind(object_new(interfaces[i].kind, NULL, NULL), interfaces[i].iid);
    for (i = 0; i < KINDS; i++)
        if (enumerator_iids[i]) kept &= keep_kind(enumerator_new(i, 0), enumerator_iids[i]);
    return kept;
}

HRESULT give_text(const WCHAR *text, WCHAR **copy) {
    size_t size = text ? (wcslen(text) + 1) * sizeof(WCHAR) : 0;
    *copy = text ? memcpy(CoTaskMemAlloc(size), text, size) : NULL;
    return S_OK;
}

/* ---- enumerators: copies of a list. IEnumUnknown and the two of BITS have the same methods in the same order. ---- */

void *enumerator_new(Kind item_kind, ULONG capacity) {
    void *enumerator = object_new(ENUMERATOR, NULL, NULL);
    OBJECT(enumerator)->item_kind = item_kind;
    OBJECT(enumerator)->items = calloc(capacity + 1, sizeof(*OBJECT(enumerator)->items));
    return enumerator;
}

void enumerator_add(void *enumerator, Job *job, File *file) {
    Object *self = OBJECT(enumerator);
    self->items[self->count].job = job;
    self->items[self->count++].file = file;
    job->references++;
}

static HRESULT enumerator_next(Object *self, ULONG wanted, IBackgroundCopyJob **given, ULONG *fetched) {
    ULONG i;
    for (i = 0; i < wanted && self->position < self->count; i++, self->position++)
        given[i] = object_new(self->item_kind, self->items[self->position].job, self->items[self->position].file);
    if (fetched) *fetched = i;
    return i == wanted ? S_OK : S_FALSE;
}

static HRESULT enumerator_skip(Object *self, ULONG wanted) {
    ULONG left = self->count - self->position;
    self->position += wanted < left ? wanted : left;
    return wanted <= left ? S_OK : S_FALSE;
}

static IEnumBackgroundCopyJobs *enumerator_clone(Object *self) {
    void *clone = enumerator_new(self->item_kind, self->count);
    ULONG i;
    for (i = 0; i < self->count; i++) enumerator_add(clone, self->items[i].job, self->items[i].file);
    OBJECT(clone)->position = self->position;
    return clone;
}

/* Faults and counts use the names IEnum::Next and so on for these methods. */
#define ENUM(Name, Clear, Answer, ...) \
    RETURNING(IEnum, Name, ANY, IEnumBackgroundCopyJobs, Clear, Answer, ##__VA_ARGS__)
ENUM(Next, (memset(given, 0, wanted * sizeof(*given)), fetched ? *fetched = 0 : 0),
     enumerator_next(self, wanted, given, fetched),
     ULONG wanted, IBackgroundCopyJob **given, ULONG *fetched)
ENUM(Skip, (void)0, enumerator_skip(self, wanted), ULONG wanted)
ENUM(Reset, (void)0, GIVE(self->position = 0))
ENUM(Clone, *clone = NULL, GIVE(*clone = enumerator_clone(self)), IEnumBackgroundCopyJobs **clone)
ENUM(GetCount, (void)0, GIVE(*count = self->count), ULONG *count)

static const IEnumBackgroundCopyJobsVtbl enumerator_vtable = {
    UNKNOWN_METHODS,
    .Next = IEnumBackgroundCopyJobs_Next,
    .Skip = IEnumBackgroundCopyJobs_Skip,
    .Reset = IEnumBackgroundCopyJobs_Reset,
    .Clone = IEnumBackgroundCopyJobs_Clone,
    .GetCount = IEnumBackgroundCopyJobs_GetCount,
};
