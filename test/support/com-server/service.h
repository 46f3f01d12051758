/* What the parts of the stand-in transfer service share. */
#ifndef SERVICE_H
#define SERVICE_H

/* Otherwise winspool.h renames GetJob and EnumJobs. */
#define WIN32_LEAN_AND_MEAN
#include "transfer-service.h"
#include <bitsmsg.h>
#include <wininet.h>

/* Codes that are missing from mingw's headers. */
#define BG_E_TOO_MANY_JOBS_PER_USER ((HRESULT)0x80200049)
#define BG_E_TOO_MANY_FILES_IN_JOB ((HRESULT)0x80200051)
#define BG_E_TOO_MANY_JOBS_PER_MACHINE ((HRESULT)0x80200050)
#define BG_E_TOO_MANY_RANGES_IN_FILE ((HRESULT)0x80200052)
#define BG_E_UNKNOWN_PROPERTY_ID ((HRESULT)0x80200057)
#define BG_E_PROPERTY_SUPPORTED_FOR_DOWNLOAD_JOBS_ONLY ((HRESULT)0x80200060)
#define BG_E_READ_ONLY_PROPERTY_AFTER_ADDFILE ((HRESULT)0x80200061)
#define BG_E_READ_ONLY_PROPERTY_AFTER_RESUME ((HRESULT)0x80200062)
#define BG_E_USE_STORED_CREDENTIALS_NOT_SUPPORTED ((HRESULT)0x80200066)
#define BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD ((HRESULT)0x80200071)
#define BG_E_UNSUPPORTED_JOB_CONFIGURATION ((HRESULT)0x80200072)
#define DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED ((HRESULT)0x80D0200B)
#define DO_E_JOB_NOT_FOUND ((HRESULT)0x80D02003)
#define DO_E_JOB_EMPTY ((HRESULT)0x80D02004)
#define DO_E_LOCALPATH_NOT_SET ((HRESULT)0x80D0200D)
#define DO_E_FILE_NOT_AVAILABLE ((HRESULT)0x80D02010)
#define DO_E_UNKNOWN_PROPERTY_ID ((HRESULT)0x80D02011)
#define DO_E_READ_ONLY_PROPERTY ((HRESULT)0x80D02012)
#define DO_E_INVALID_STATE ((HRESULT)0x80D02013)
#define DO_E_ERROR_INFORMATION_UNAVAILABLE ((HRESULT)0x80D02014)
#define DO_E_WRITE_ONLY_PROPERTY ((HRESULT)0x80D02015)
#define DO_E_FILE_DOWNLOADSINK_UNSPECIFIED ((HRESULT)0x80D02018)
#define DO_E_FILE_DOWNLOADSINK_ALREADY_SET ((HRESULT)0x80D02019)
#define DO_E_DOWNLOAD_NO_URI ((HRESULT)0x80D02200)
#define DO_E_BLOCKED_BY_NO_NETWORK ((HRESULT)0x80D03805)
#define DO_E_INVALID_RANGE ((HRESULT)0x80D05010)
#define DO_E_OVERLAPPING_RANGES ((HRESULT)0x80D05012)
#define E_NOT_SET HRESULT_FROM_WIN32(ERROR_NOT_FOUND)
#define UNKNOWN_SIZE (~(UINT64)0)
/* The flags of SetSecurityFlags, which are also missing. */
#define BG_SSL_FLAGS 0x1Fu
#define BG_HTTP_REDIRECT_POLICY_MASK 0x700u
#define BG_HTTP_REDIRECT_POLICY_ALLOW_REPORT 0x100u
#define BG_HTTP_REDIRECT_POLICY_DISALLOW 0x200u
#define BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP 0x800u

/* The contracts, as bits: what a method or an interface belongs to. */
enum { DO_JOB = 1, DO_DOWNLOAD = 2, BITS = 4, JOBS = DO_JOB | BITS, ANY = 7 };

typedef struct Contract {
    const char *name;
    unsigned bit;
    CLSID class;
    HRESULT not_found, invalid_state, empty, no_error_information, file_not_available;
    HRESULT invalid_range, overlapping_ranges, unknown_property, transient;
    /* The flags that SetNotifyFlags accepts. */
    ULONG notify_flags;
} Contract;
extern const Contract *contract;

/* ---- jobs.c and files.c: the state machine. All of it runs under the lock of calls.c. ---- */

typedef enum { NAME, DESCRIPTION, OWNER, PROXIES, PROXY_BYPASS, PROGRAM, PARAMETERS, REPLY_FILE, HEADERS,
    STORE, SUBJECT, HTTP_METHOD_NAME, USER_NAME, PASSWORD, TEXTS } Text;
typedef enum {
    PRIORITY, NOTIFY_FLAGS, RETRY_DELAY, NO_PROGRESS_TIMEOUT, PROXY_USAGE,
    ACL_FLAGS, PEER_FLAGS, DOWNLOAD_TIME, SECURITY_FLAGS, STORE_LOCATION, NUMBERS
} Number;

typedef struct File {
    struct File *next;
    WCHAR *id, *url, *local, *temporary;
    UINT64 total, transferred;
    BOOL done, renamed, validated;
    ULONG range_count;
    BG_FILE_RANGE *ranges;
    VARIANT properties[DOFilePropertyId_Count];
    struct { BG_JOB_STATE end; HRESULT code; ULONG delay; UINT64 size; BOOL undeletable; } script;
} File;

typedef struct Job {
    struct Job *next;
    LONG references;
    BOOL queued, started, denied;
    /* The argument of each Start of a download: a number of ranges, or null. */
    char starts[100];
    GUID id;
    BG_JOB_TYPE type;
    BG_JOB_STATE state, notified;
    File *files;
    ULONGLONG since;
    FILETIME created, modified, transferred;
    HRESULT error;
    BG_ERROR_CONTEXT context;
    File *error_file;
    ULONG error_count;
    WCHAR *texts[TEXTS];
    ULONG numbers[NUMBERS];
    ULONG credentials[3];
    BITS_JOB_PROPERTY_VALUE job_properties[BITS_JOB_PROPERTY_ON_DEMAND_MODE + 1];
    VARIANT properties[DODownloadProperty_Count];
    IUnknown *callback;
} Job;

/* The behavior of the whole service; the commands of server.c change it. */
extern struct Settings {
    ULONG transfer_time, job_limit, file_limit;
    BOOL keep_final, standard_user, braces;
} settings;
extern Job *queue;

HRESULT job_create(const WCHAR *name, BG_JOB_TYPE type, Job **job);
/* Whether the user can create another job. */
HRESULT job_check_limits(void);
HRESULT job_find(const GUID *id, Job **job);
void job_release(Job *job);
BOOL job_is_final(const Job *job);
BOOL job_is_foreign(const Job *job);
BG_JOB_STATE job_state(Job *job);
HRESULT job_add_file(Job *job, const WCHAR *id, const WCHAR *url, const WCHAR *local, ULONG count,
                     const BG_FILE_RANGE *ranges, UINT64 size, File **added);
HRESULT job_suspend(Job *job);
HRESULT job_resume(Job *job);
HRESULT job_cancel(Job *job);
HRESULT job_complete(Job *job);
HRESULT job_take_ownership(Job *job);
void job_finish(Job *job);
void job_fail(Job *job, BG_JOB_STATE state, HRESULT code, BG_ERROR_CONTEXT context, File *file);
void job_progress(Job *job, BG_JOB_PROGRESS *progress);
HRESULT job_set_text(Job *job, Text text, const WCHAR *value, size_t limit, HRESULT too_long);
HRESULT job_set_number(Job *job, Number number, ULONG value, ULONG most, HRESULT too_much);
void job_touch(Job *job);
void job_name_reply(Job *job);
void file_set_url(File *file, const WCHAR *url);
BOOL file_begin(Job *job, File *file);
void file_grow(File *file, UINT64 transferred);
/* Whether the file no longer exists. */
BOOL file_delete(File *file);
BOOL job_is_enabled(const Job *job, ULONG id);
BOOL job_has_custom_method(const Job *job);
WCHAR *copy_text(const WCHAR *text);
const WCHAR *own_sid(void);

/* ---- settings.c ---- */

HRESULT job_set_proxies(Job *job, BG_JOB_PROXY_USAGE usage, const WCHAR *list, const WCHAR *bypass);
HRESULT job_set_command(Job *job, const WCHAR *program, const WCHAR *parameters);
HRESULT job_remove_credentials(Job *job, ULONG target, ULONG scheme);
HRESULT job_set_credentials(Job *job, const BG_AUTH_CREDENTIALS *credentials);
HRESULT job_replace_prefix(Job *job, const WCHAR *from, const WCHAR *to);
BOOL job_knows_property(ULONG id);
HRESULT job_set_property(Job *job, ULONG id, BITS_JOB_PROPERTY_VALUE value);
HRESULT job_set_reply_file(Job *job, const WCHAR *name);

/* ---- arguments.c ---- */

BOOL is_remote_name(const WCHAR *url);
BOOL is_local_name(const WCHAR *path);
BOOL has_folder(const WCHAR *path);
HRESULT check_ranges(ULONG count, const BG_FILE_RANGE *ranges);
BOOL are_headers(const WCHAR *text, BOOL each_ends);

/* ---- properties.c ---- */

enum { GET = 1, SET = 2, ONCE = 4 };
/* A property: the type of its VARIANT, its access (ONCE: it can be set only before the first Start), and the values that it accepts. */
typedef struct { VARTYPE type; int access; BOOL (*takes)(const VARIANT *value); } Property;
HRESULT property_get(const Property *table, ULONG count, const VARIANT *values, ULONG id, VARIANT *value);
HRESULT property_set(const Property *table, ULONG count, VARIANT *values, Job *job, ULONG id, const VARIANT *value);

/* ---- calls.c: the lock, the faults, and the count of calls ---- */

void lock(void);
void unlock(void);
/* Begins a call. S_OK: the lock is held, and leave() must follow. The method returns any other value. */
HRESULT enter(const char *method, unsigned contracts);
void leave(const char *method);
BOOL fault_add(const char *kind, const char *method, const char *value, const char *nth);
void faults_heal(void);
void calls_print(void);

/* ---- objects.c: the objects that clients hold ---- */

typedef enum { MANAGER, JOB, DOWNLOAD, FILE_OBJECT, JOB_ERROR, ENUMERATOR, KINDS } Kind;
typedef struct Object Object;
/* The head of a COM interface: its methods come first, as COM requires. */
typedef struct Face { const void *vtable; Object *object; } Face;
struct Object {
    Face faces[4];
    LONG references;
    Kind kind;
    Job *job;
    File *file;
    HRESULT error;
    BG_ERROR_CONTEXT context;
    /* For an enumerator: the kind of its items, and the remaining items. */
    Kind item_kind;
    ULONG count, position;
    struct { Job *job; File *file; } *items;
};
#define OBJECT(interface) (((Face *)(interface))->object)
/* Returns the first interface of a new object; the object holds a reference to `job`. */
void *object_new(Kind kind, Job *job, File *file);
void *enumerator_new(Kind item_kind, ULONG capacity);
void enumerator_add(void *enumerator, Job *job, File *file);
HRESULT STDMETHODCALLTYPE object_query(void *This, REFIID iid, void **object);
ULONG STDMETHODCALLTYPE object_add_reference(void *This);
ULONG STDMETHODCALLTYPE object_release(void *This);
#define UNKNOWN_METHODS \
    .QueryInterface = (void *)object_query, .AddRef = (void *)object_add_reference, .Release = (void *)object_release
extern LONG object_counts[KINDS];
/* Removes an interface from all objects. FALSE: no interface has that name. */
BOOL interface_withhold(const char *name);
/* Called before the first client connects: the object, or one of each kind, is never released. */
BOOL keep_registered(void *object, const IID *iid);
BOOL keep_all_registered(void);

/*
 * A method: its interface as the documentation writes it, its name, the contracts that have it, the face's C type, the
 * expression that answers it, and its parameters. RETURNING also clears [out] pointers: a failure leaves them NULL.
 */
#define METHOD(Interface, Name, Contracts, Type, Answer, ...) \
    RETURNING(Interface, Name, Contracts, Type, (void)0, Answer, ##__VA_ARGS__)
#define RETURNING(Interface, Name, Contracts, Type, Clear, Answer, ...) \
    static HRESULT STDMETHODCALLTYPE Type##_##Name(Type *This, ##__VA_ARGS__) { \
        Object *self = OBJECT(This); \
        Job *job = self->job; \
        HRESULT result; \
        (void)job; \
        Clear; \
        result = enter(#Interface "::" #Name, Contracts); \
        if (result != S_OK) return result; \
        result = (Answer); \
        leave(#Interface "::" #Name); \
        return result; \
    }
/* For answers that consist of statements: the last one is the answer. */
#define GIVE(...) ({ __VA_ARGS__; S_OK; })
HRESULT give_text(const WCHAR *text, WCHAR **copy);

extern const IBackgroundCopyManagerVtbl manager_vtable;
extern const IBackgroundCopyJob5Vtbl job_vtable;
extern const IBackgroundCopyJobHttpOptions2Vtbl http_options_vtable;
extern const IBackgroundCopyFile3Vtbl file_vtable;
extern const IBackgroundCopyErrorVtbl error_vtable;
extern const IDOManagerVtbl do_manager_vtable;
extern const IDODownloadVtbl download_vtable;
extern const IDeliveryOptimizationJobVtbl do_job_vtable;
extern const IDeliveryOptimizationJob2Vtbl do_job2_vtable;
extern const IDeliveryOptimizationFileVtbl do_file_vtable;
extern const IDeliveryOptimizationFile2Vtbl do_file2_vtable;
void *error_new(Job *job);
HRESULT describe_code(const char *what, HRESULT code, ULONG language, WCHAR **text);
void download_status(Job *job, DO_DOWNLOAD_STATUS *status);

/* ---- notify.c: notifies the callback of each job. Called without the lock. ---- */
void notify_clients(void);

#endif
