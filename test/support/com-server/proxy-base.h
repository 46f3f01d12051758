/* Comes before anything else in the proxies: widl's C needs these, which mingw's unknwn.h declares for C++ alone. */
#include <windows.h>
#include <ole2.h>

HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown *This, REFIID riid, void **object);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown *This);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown *This);
