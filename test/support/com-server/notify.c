/* Callbacks into the clients: IBackgroundCopyCallback for jobs, IDODownloadStatusCallback for downloads. */
#include "service.h"

static IUnknown *callback_of(Job *job) {
    VARIANT *property = &job->properties[DODownloadProperty_CallbackInterface];
    return V_VT(property) == VT_UNKNOWN ? V_UNKNOWN(property) : job->callback;
}

static void tell(IUnknown *client, BG_JOB_STATE state, ULONG flags, void *object, void *error,
                 const DO_DOWNLOAD_STATUS *status) {
    IDODownloadStatusCallback *watcher;
    IBackgroundCopyCallback *callback;
    if (client->lpVtbl->QueryInterface(client, &IID_IDODownloadStatusCallback, (void **)&watcher) == S_OK) {
        watcher->lpVtbl->OnStatusChange(watcher, object, status);
        watcher->lpVtbl->Release(watcher);
    } else if (client->lpVtbl->QueryInterface(client, &IID_IBackgroundCopyCallback, (void **)&callback) == S_OK) {
        if (flags & BG_NOTIFY_JOB_MODIFICATION) callback->lpVtbl->JobModification(callback, object, 0);
        if (flags & BG_NOTIFY_JOB_TRANSFERRED && state == BG_JOB_STATE_TRANSFERRED)
            callback->lpVtbl->JobTransferred(callback, object);
        if (flags & BG_NOTIFY_JOB_ERROR && state == BG_JOB_STATE_ERROR)
            callback->lpVtbl->JobError(callback, object, error);
        callback->lpVtbl->Release(callback);
    }
}

void notify_clients(void) {
    DO_DOWNLOAD_STATUS status = {0};
    Job *job;
    lock();
    for (job = queue; job; job = job->next) {
        IUnknown *client = callback_of(job);
        ULONG flags = job->numbers[NOTIFY_FLAGS] & BG_NOTIFY_DISABLE ? 0 : job->numbers[NOTIFY_FLAGS];
        BG_JOB_STATE state;
        void *object, *error;
        if (!client || (state = job_state(job)) == job->notified) continue;
        job->notified = state;
        client->lpVtbl->AddRef(client);
        if (contract->bit == DO_DOWNLOAD) download_status(job, &status);
        object = object_new(contract->bit == DO_DOWNLOAD ? DOWNLOAD : JOB, job, NULL);
        error = error_new(job);
        unlock();
        tell(client, state, flags, object, error, &status);
        object_release(error);
        object_release(object);
        client->lpVtbl->Release(client);
        /* The queue might have changed in the meantime: the next round handles the others. */
        return;
    }
    unlock();
}
