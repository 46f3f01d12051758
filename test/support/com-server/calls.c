/*
 * Common to every call: one lock, a count of calls by method, and the requested faults.
 *
 * Faults, by method (`IBackgroundCopyJob::Cancel`, `Cancel` or `*`), each at its nth matching call (0: at every one):
 *   refuse METHOD HRESULT [n = 0]   the method returns that code and does nothing
 *   die METHOD [n = 1]              the process ends in the middle of the call
 *   block METHOD [n = 0]            the call waits until `heal`, without any effect
 *   mute METHOD [n = 0]             the method does its work, but its answer waits until `heal`
 *   slow METHOD MILLISECONDS [n = 0]
 */
#include "service.h"
#include <stdio.h>

typedef enum { REFUSE, DIE, BLOCK, MUTE, SLOW } FaultKind;
static struct { FaultKind kind; char method[64]; ULONG value, nth, seen; BOOL active; } faults[16];
static struct { const char *method; ULONG count; } calls[160];
static CRITICAL_SECTION section;
static HANDLE healed;

void lock(void) { EnterCriticalSection(&section); }
void unlock(void) { LeaveCriticalSection(&section); }

static void __attribute__((constructor)) prepare(void) {
    InitializeCriticalSection(&section);
    healed = CreateEventW(NULL, TRUE, TRUE, NULL);
}

BOOL fault_add(const char *kind, const char *method, const char *value, const char *nth) {
    static const char *kinds[] = {"refuse", "die", "block", "mute", "slow"};
    BOOL has_value = !strcmp(kind, "refuse") || !strcmp(kind, "slow");
    size_t i, k;
    if (!has_value) nth = value;
    for (k = 0; k < ARRAYSIZE(kinds) && strcmp(kind, kinds[k]); k++) {}
    for (i = 0; i < ARRAYSIZE(faults) && faults[i].active; i++) {}
    if (k == ARRAYSIZE(kinds) || i == ARRAYSIZE(faults) || !method || (has_value && !value)) return FALSE;
    snprintf(faults[i].method, sizeof(faults[i].method), "%s", method);
    faults[i].kind = k;
    faults[i].value = has_value ? strtoul(value, NULL, 0) : 0;
    faults[i].nth = nth ? strtoul(nth, NULL, 10) : k == DIE;
    faults[i].seen = 0;
    faults[i].active = TRUE;
    if (k == BLOCK || k == MUTE) ResetEvent(healed);
    return TRUE;
}

void faults_heal(void) {
    memset(faults, 0, sizeof(faults));
    SetEvent(healed);
}

void calls_print(void) {
    size_t i;
    for (i = 0; calls[i].method; i++) printf("%s\"%s\":%lu", i ? "," : "", calls[i].method, calls[i].count);
}

static BOOL matches(const char *wanted, const char *method) {
    return !strcmp(wanted, "*") || !strcmp(wanted, method) || !strcmp(wanted, strstr(method, "::") + 2);
}

/* Whether such a fault applies to this call, with its value in `value`. A fault counts the calls that it matches. */
static BOOL strikes(FaultKind kind, const char *method, ULONG *value) {
    BOOL struck = FALSE;
    size_t i;
    for (i = 0; i < ARRAYSIZE(faults); i++) {
        if (!faults[i].active || faults[i].kind != kind || !matches(faults[i].method, method)) continue;
        if (++faults[i].seen != faults[i].nth && faults[i].nth) continue;
        *value = faults[i].value;
        struck = TRUE;
    }
    return struck;
}

static void wait_unlocked(DWORD milliseconds, HANDLE event) {
    unlock();
    if (event) WaitForSingleObject(event, milliseconds);
    else Sleep(milliseconds);
    lock();
}

HRESULT enter(const char *method, unsigned contracts) {
    HRESULT refusal = contracts & contract->bit ? S_OK : E_NOTIMPL;
    ULONG value;
    size_t i;
    lock();
    for (i = 0; calls[i].method && strcmp(calls[i].method, method); i++) {}
    calls[i].method = method;
    calls[i].count++;
    if (strikes(SLOW, method, &value)) wait_unlocked(value, NULL);
    if (strikes(DIE, method, &value)) TerminateProcess(GetCurrentProcess(), 1);
    if (strikes(BLOCK, method, &value)) wait_unlocked(INFINITE, healed);
    if (strikes(REFUSE, method, &value)) refusal = value;
    if (refusal != S_OK) unlock();
    return refusal;
}

void leave(const char *method) {
    ULONG value;
    BOOL muted = strikes(MUTE, method, &value);
    unlock();
    if (muted) WaitForSingleObject(healed, INFINITE);
}
