/*
 * A stand-in transfer service: an out-of-process COM server that implements a documented contract, to test the module as a COM
 * client.
 *
 *   server.exe CONTRACT [COMMAND]...
 *
 * CONTRACT is `do-job` (Delivery Optimization's class with IBackgroundCopyManager), `do-download` (the same class with
 * only IDOManager), or `bits`. Each COMMAND is one argument, and so is each line of standard input. The answer to each command is
 * a line of JSON on standard output. {"ready":CONTRACT} follows when the class can be activated. The end of standard input ends the
 * server. files.c describes the URLs that script a transfer, and calls.c describes the faults, which are commands too.
 *
 *   stop                   revokes the class and ends the server
 *   references             the objects that clients hold, {"manager":0,"job":0,...}, and the number of "queued" jobs
 *   jobs                   the queue, [{"id":"...","state":2,"type":0}]
 *   calls                  the number of calls of each method, {"IBackgroundCopyJob::Cancel":2}
 *   credentials ID         the last credentials of the job, [user name, password], each as its UTF-16 code units
 *   starts ID              the argument of each Start of the download: [0,null], a number of ranges or none
 *   security ID            the last security settings of the download, [flags of WinHTTP, from HTTPS to HTTP?]
 *   finish ID|*            completes the files of that job, or of all jobs
 *   fail ID|* CODE         the job enters ERROR with that code
 *   transient ID|* CODE    the job enters TRANSIENT_ERROR with that code
 *   deny ID|*              GetJob returns E_ACCESSDENIED for the job, and enumerations omit it
 *   foreign SID            creates a job of another user and returns its ID
 *   standard-user          the caller isn't an administrator: foreign jobs, EnumJobs(all users), TakeOwnership are denied, and BITS has its
 *                          default limits: 60 jobs, 300 of all users, 200 files in a job, 500 ranges in a file
 *   transfer-time MS|hold  the default transfer time of a file, for files added later
 *   limit N, files N       the maximum number of jobs, and of files in a job
 *   keep-final             final jobs can still be found by their IDs
 *   without INTERFACE      objects no longer support that interface, as on an earlier system
 *   braces                 download IDs are returned as {GUID}
 *   heal                   ends all faults and releases the calls that they hold
 */
#include "service.h"
#include <stdio.h>

static const Contract contracts[] = {
    {.name = "do-job", .bit = DO_JOB,
     .class = {0x5B99FA76, 0x721C, 0x423C, {0xAD, 0xAC, 0x56, 0xD0, 0x3C, 0x8A, 0x80, 0x07}},
     .not_found = DO_E_JOB_NOT_FOUND, .invalid_state = DO_E_INVALID_STATE, .empty = DO_E_JOB_EMPTY,
     .no_error_information = DO_E_ERROR_INFORMATION_UNAVAILABLE, .file_not_available = DO_E_FILE_NOT_AVAILABLE,
     .invalid_range = DO_E_INVALID_RANGE, .overlapping_ranges = DO_E_OVERLAPPING_RANGES,
     .unknown_property = DO_E_UNKNOWN_PROPERTY_ID, .transient = DO_E_BLOCKED_BY_NO_NETWORK,
     .notify_flags = BG_NOTIFY_JOB_TRANSFERRED | BG_NOTIFY_JOB_ERROR | BG_NOTIFY_JOB_MODIFICATION | BG_NOTIFY_FILE_TRANSFERRED},
    {.name = "do-download", .bit = DO_DOWNLOAD,
     .class = {0x5B99FA76, 0x721C, 0x423C, {0xAD, 0xAC, 0x56, 0xD0, 0x3C, 0x8A, 0x80, 0x07}},
     .not_found = DO_E_JOB_NOT_FOUND, .invalid_state = DO_E_INVALID_STATE, .empty = DO_E_JOB_EMPTY,
     .invalid_range = DO_E_INVALID_RANGE, .overlapping_ranges = DO_E_OVERLAPPING_RANGES,
     .unknown_property = DO_E_UNKNOWN_PROPERTY_ID, .transient = DO_E_BLOCKED_BY_NO_NETWORK},
    {.name = "bits", .bit = BITS,
     .class = {0x4991D34B, 0x80A1, 0x4291, {0x83, 0xB6, 0x33, 0x28, 0x36, 0x6B, 0x90, 0x97}},
     .not_found = BG_E_NOT_FOUND, .invalid_state = BG_E_INVALID_STATE, .empty = BG_E_EMPTY,
     .no_error_information = BG_E_ERROR_INFORMATION_UNAVAILABLE, .file_not_available = BG_E_FILE_NOT_AVAILABLE,
     .invalid_range = BG_E_INVALID_RANGE, .overlapping_ranges = BG_E_OVERLAPPING_RANGES,
     .unknown_property = BG_E_UNKNOWN_PROPERTY_ID, .transient = HRESULT_FROM_WIN32(ERROR_INTERNET_NAME_NOT_RESOLVED),
     .notify_flags = 0x3F},
};
const Contract *contract;

/* ---- the class object ---- */

static HRESULT STDMETHODCALLTYPE factory_query(IClassFactory *This, REFIID iid, void **object) {
    *object = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory) ? This : NULL;
    return *object ? S_OK : E_NOINTERFACE;
}
static ULONG STDMETHODCALLTYPE factory_reference(IClassFactory *This) { return 1; }

static HRESULT STDMETHODCALLTYPE factory_create(IClassFactory *This, IUnknown *outer, REFIID iid, void **object) {
    HRESULT result;
    void *manager;
    *object = NULL;
    if (outer) return CLASS_E_NOAGGREGATION;
    if ((result = enter("IClassFactory::CreateInstance", ANY)) != S_OK) return result;
    manager = object_new(MANAGER, NULL, NULL);
    leave("IClassFactory::CreateInstance");
    result = object_query(manager, iid, object);
    object_release(manager);
    return result;
}

static HRESULT STDMETHODCALLTYPE factory_lock(IClassFactory *This, BOOL lock) { return S_OK; }

static const IClassFactoryVtbl factory_vtable = {factory_query, factory_reference, factory_reference, factory_create,
    factory_lock};
static IClassFactory factory = {(IClassFactoryVtbl *)&factory_vtable};

/* ---- commands ---- */

static const char *guid_text(const GUID *id, char text[37]) {
    WCHAR wide[39];
    StringFromGUID2(id, wide, 39);
    snprintf(text, 37, "%.36ls", wide + 1);
    return text;
}

static BOOL is_meant(const Job *job, const char *id) {
    char text[37];
    return !strcmp(id, "*") || !_strnicmp(id + (*id == '{'), guid_text(&job->id, text), 36);
}

static BOOL print_lists(const char *command) {
    static const char *kinds[KINDS] = {"manager", "job", "download", "file", "error", "enumerator"};
    ULONG count = 0;
    char text[37];
    Job *job;
    int i;
    if (!strcmp(command, "references")) {
        for (job = queue; job; job = job->next) count++;
        for (i = 0; i < KINDS; i++) printf("%s\"%s\":%ld", i ? "," : "{", kinds[i], object_counts[i]);
        printf(",\"queued\":%lu}\n", count);
    } else if (!strcmp(command, "jobs")) {
        printf("[");
        for (job = queue; job; job = job->next)
            printf("%s{\"id\":\"%s\",\"state\":%d,\"type\":%d}", job == queue ? "" : ",", guid_text(&job->id, text),
                   job_state(job), job->type);
        printf("]\n");
    } else if (!strcmp(command, "calls")) {
        printf("{");
        calls_print();
        printf("}\n");
    } else {
        return FALSE;
    }
    return TRUE;
}

static BOOL command_jobs(const char *command, const char *id, const char *code) {
    HRESULT value = code ? strtoul(code, NULL, 0) : E_FAIL;
    Job *job;
    if (!id || (strcmp(command, "finish") && strcmp(command, "fail") && strcmp(command, "transient")
                && strcmp(command, "deny"))) return FALSE;
    for (job = queue; job; job = job->next) {
        if (!is_meant(job, id) || job_is_final(job)) continue;
        if (*command == 'd') job->denied = TRUE;
        else if (!strcmp(command, "finish")) job_finish(job);
        else job_fail(job, *command == 'f' ? BG_JOB_STATE_ERROR : BG_JOB_STATE_TRANSIENT_ERROR, value,
                      BG_ERROR_CONTEXT_REMOTE_FILE, job->files);
    }
    return TRUE;
}

static BOOL command_setting(const char *command, const char *value) {
    if (!strcmp(command, "standard-user")) settings.standard_user = TRUE;
    else if (!strcmp(command, "keep-final")) settings.keep_final = TRUE;
    else if (!strcmp(command, "braces")) settings.braces = TRUE;
    else if (!value) return FALSE;
    else if (!strcmp(command, "transfer-time")) settings.transfer_time = strcmp(value, "hold")
        ? strtoul(value, NULL, 10) : INFINITE;
    else if (!strcmp(command, "limit")) settings.job_limit = strtoul(value, NULL, 10);
    else if (!strcmp(command, "files")) settings.file_limit = strtoul(value, NULL, 10);
    else if (!strcmp(command, "without")) return interface_withhold(value);
    else return FALSE;
    return TRUE;
}

static void print_units(const WCHAR *text) {
    const WCHAR *at;
    printf("[");
    for (at = text ? text : L""; *at; at++) printf(at == text ? "%u" : ",%u", *at);
    printf("]");
}

/* Values of a job that no method returns. */
static BOOL command_tell(const char *command, const char *id) {
    const VARIANT *flags, *redirect;
    Job *job;
    for (job = queue; id && job && !is_meant(job, id); job = job->next) {}
    if (!id || !job) return FALSE;
    if (!strcmp(command, "starts")) {
        printf("[%s]\n", job->starts);
    } else if (!strcmp(command, "security")) {
        flags = &job->properties[DODownloadProperty_SecurityFlags];
        redirect = &job->properties[DODownloadProperty_HttpAllowSecureToNonSecureRedirect];
        printf("[%lu,%s]\n", V_VT(flags) == VT_UI4 ? V_UI4(flags) : 0, V_VT(redirect) == VT_BOOL && V_BOOL(redirect) ? "true" : "false");
    } else if (!strcmp(command, "credentials")) {
        printf("[");
        print_units(job->texts[USER_NAME]);
        printf(",");
        print_units(job->texts[PASSWORD]);
        printf("]\n");
    } else {
        return FALSE;
    }
    return TRUE;
}

static BOOL command_foreign(const char *command, const char *sid) {
    WCHAR owner[200];
    char text[37];
    Job *job;
    if (strcmp(command, "foreign") || !sid) return FALSE;
    if (job_create(L"Another user's job", BG_JOB_TYPE_DOWNLOAD, &job) != S_OK) return FALSE;
    free(job->texts[OWNER]);
    swprintf(owner, ARRAYSIZE(owner), L"%hs", sid);
    job->texts[OWNER] = copy_text(owner);
    printf("{\"id\":\"%s\"}\n", guid_text(&job->id, text));
    return TRUE;
}

/* Answers one command with one line. FALSE ends the server. */
static BOOL run(char *line) {
    static const char refusal[] = "{\"error\":\"not a command\"}\n";
    char *words[4] = {0};
    int count = 0;
    char *word;
    for (word = strtok(line, " \r\n"); word && count < 4; word = strtok(NULL, " \r\n")) words[count++] = word;
    if (count && !strcmp(words[0], "stop")) return FALSE;
    lock();
    if (!count) {
        printf(refusal);
    } else if (!strcmp(words[0], "heal")) {
        faults_heal();
        printf("{}\n");
    } else if (!print_lists(words[0]) && !command_foreign(words[0], words[1])
               && !command_tell(words[0], words[1])) {
        BOOL known = fault_add(words[0], words[1], words[2], words[3]);
        known = known || command_jobs(words[0], words[1], words[2]) || command_setting(words[0], words[1]);
        printf(known ? "{}\n" : refusal);
    }
    unlock();
    fflush(stdout);
    return TRUE;
}

static DWORD WINAPI notifier(void *unused) {
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (;; Sleep(25)) notify_clients();
    return 0;
}

int main(int argc, char **argv) {
    char line[512];
    DWORD class;
    size_t i;
    int argument;
    for (i = 0; i < ARRAYSIZE(contracts); i++)
        if (argc > 1 && !strcmp(argv[1], contracts[i].name)) contract = &contracts[i];
    if (!contract) return 2;
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED))) return 3;
    CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_DEFAULT, RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_NONE,
                         NULL);
    if (!keep_registered(&factory, &IID_IClassFactory) || !keep_all_registered()) return 4;
    for (argument = 2; argument < argc; argument++) {
        snprintf(line, sizeof(line), "%s", argv[argument]);
        run(line);
    }
    if (FAILED(CoRegisterClassObject(&contract->class, (IUnknown *)&factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE,
                                     &class))) return 5;
    CloseHandle(CreateThread(NULL, 0, notifier, NULL, 0, NULL));
    printf("{\"ready\":\"%s\"}\n", contract->name);
    fflush(stdout);
    while (fgets(line, sizeof(line), stdin) && run(line)) {}
    CoRevokeClassObject(class);
    /* No CoUninitialize, because it would release objects that must stay (keep_registered). */
    return 0;
}
