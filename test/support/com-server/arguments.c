/*
 * The documented rules for arguments, for all methods that share them. If a page doesn't name a code, the code is E_INVALIDARG.
 *
 * A remote name (BG_FILE_INFO): HTTP or HTTPS (the stand-in doesn't support SMB), only legal characters, no wildcards, at most 2,200
 * characters, and at most MAX_PATH characters in each segment.
 * A local name: a full path of at most MAX_PATH characters, without wildcards, streams, and the prefix \\?\.
 */
#include "service.h"

#define LONGEST_REMOTE_NAME 2200

static BOOL is_legal_in_url(WCHAR character) {
    /* The page doesn't restrict characters outside ASCII. */
    return character > ' ' && character != 0x7F && !wcschr(L"\"<>\\^`{|}", character);
}

BOOL is_remote_name(const WCHAR *url) {
    const WCHAR *host, *at, *segment;
    if (!url || wcslen(url) > LONGEST_REMOTE_NAME) return FALSE;
    if (!wcsnicmp(url, L"http://", 7)) host = url + 7;
    else if (!wcsnicmp(url, L"https://", 8)) host = url + 8;
    else return FALSE;
    if (!*host || *host == '/') return FALSE;
    for (at = segment = host; *at && *at != '?'; at++) {
        if (*at == '/') segment = at + 1;
        if (*at == '*' || !is_legal_in_url(*at) || at - segment >= MAX_PATH) return FALSE;
    }
    for (; *at; at++)
        if (!is_legal_in_url(*at)) return FALSE;
    return TRUE;
}

BOOL is_local_name(const WCHAR *path) {
    size_t length = path ? wcslen(path) : 0;
    BOOL drive = length > 3 && path[1] == ':' && path[2] == '\\', share = length > 3 && path[0] == '\\' && path[1] == '\\';
    if (length > MAX_PATH || (!drive && !share)) return FALSE;
    return !wcspbrk(path + 2, L":*?\"<>|") && path[length - 1] != '\\';
}

/* "Directories in the path must exist". */
BOOL has_folder(const WCHAR *path) {
    WCHAR folder[MAX_PATH + 1];
    DWORD attributes;
    wcscpy(folder, path);
    wcsrchr(folder, '\\')[1] = 0;
    attributes = GetFileAttributesW(folder);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

static UINT64 end_of(const BG_FILE_RANGE *range) {
    return range->Length == BG_LENGTH_TO_EOF ? BG_LENGTH_TO_EOF : range->InitialOffset + range->Length;
}

/* The ranges can have any order, but they must not overlap. */
HRESULT check_ranges(ULONG count, const BG_FILE_RANGE *ranges) {
    ULONG i, j;
    if (count && !ranges) return E_INVALIDARG;
    for (i = 0; i < count; i++)
        if (ranges[i].InitialOffset == BG_LENGTH_TO_EOF || !ranges[i].Length || end_of(&ranges[i]) < ranges[i].InitialOffset)
            return contract->invalid_range;
    for (i = 0; i < count; i++)
        for (j = 0; j < i; j++)
            if (ranges[i].InitialOffset < end_of(&ranges[j]) && ranges[j].InitialOffset < end_of(&ranges[i]))
                return contract->overlapping_ranges;
    return S_OK;
}

/* One header in each line, with a name, and CR/LF after each header (after the last one only if `each_ends`). */
BOOL are_headers(const WCHAR *text, BOOL each_ends) {
    const WCHAR *line = text, *end, *colon;
    while (*line) {
        end = wcsstr(line, L"\r\n");
        colon = wcschr(line, ':');
        if (!colon || colon == line || (end && colon > end) || (!end && each_ends)) return FALSE;
        line = end ? end + 2 : line + wcslen(line);
    }
    return TRUE;
}
