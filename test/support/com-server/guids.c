/* The IIDs, once: those of mingw's headers and those of transfer-service.idl. */
#include <initguid.h>
#include "transfer-service.h"
