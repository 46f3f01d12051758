/* Reads and sets the properties of Delivery Optimization's downloads and files by the tables that describe them. */
#include "service.h"

HRESULT property_get(const Property *table, ULONG count, const VARIANT *values, ULONG id, VARIANT *value) {
    if (id >= count) return DO_E_UNKNOWN_PROPERTY_ID;
    if (!(table[id].access & GET)) return DO_E_WRITE_ONLY_PROPERTY;
    if (V_VT(&values[id]) == VT_EMPTY) return E_NOT_SET;
    return VariantCopy(value, (VARIANT *)&values[id]);
}

HRESULT property_set(const Property *table, ULONG count, VARIANT *values, Job *job, ULONG id, const VARIANT *value) {
    if (id >= count) return DO_E_UNKNOWN_PROPERTY_ID;
    if (!(table[id].access & SET)) return DO_E_READ_ONLY_PROPERTY;
    if (job_is_final(job) || (job->started && table[id].access & ONCE)) return DO_E_INVALID_STATE;
    if (!value || V_VT(value) != table[id].type || (table[id].takes && !table[id].takes(value))) return E_INVALIDARG;
    return VariantCopy(&values[id], (VARIANT *)value);
}
