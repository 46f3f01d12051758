import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Enumeration } from "../../src/model/enumeration.js";
import { JOB_ERROR_CONTEXT, JOB_PRIORITY, JOB_STATE, JOB_TYPE } from "../../src/model/job.js";
import {
  AUTH_SCHEME,
  AUTH_TARGET,
  CERTIFICATE_STORE_LOCATION,
  FILE_ACL_FLAG,
  NOTIFY_FLAG,
  PEER_CACHING_FLAG,
  PROXY_USAGE,
  TRANSFER_POLICY,
} from "../../src/model/setting-values.js";
import { findHresult } from "../../src/words/hresults.js";
import header from "../facts/delivery-optimization-header.json" with { type: "json" };
import metadata from "../facts/win32metadata.json" with { type: "json" };
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";

// Compares the project's COM facts with independent sources: Microsoft's metadata of Windows and a header of Delivery Optimization, both
// named in their files. com-interfaces.json comes from the documentation, and module.test.ts compares with it.

interface Interface {
  readonly name: string;
  readonly iid: string;
  readonly base: string;
  readonly methods: readonly string[];
}

const INTERFACES: readonly Interface[] = [...metadata.interfaces, ...header.interfaces];
const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = { ...metadata.enums, ...header.enums };
const CONSTANTS: Readonly<Record<string, number>> = metadata.constants;
// Neither the headers nor the metadata contain them; only their pages describe them.
const UNSEEN = [
  "IDeliveryOptimizationFile",
  "IDeliveryOptimizationFile2",
  "IDeliveryOptimizationJob",
  "IDeliveryOptimizationJob2",
];

function constantsOf(pattern: RegExp): Record<string, number> {
  return Object.fromEntries(Object.entries(CONSTANTS).filter(([name]) => pattern.test(name)));
}

const NOTIFY_FLAGS = constantsOf(/^BG_NOTIFY_/);
// The combination of all flags is not a separate flag.
const FILE_ACL_FLAGS = constantsOf(/^BG_COPY_FILE_(?!ALL$)/);
const PEER_CACHING_FLAGS = constantsOf(/^BG_JOB_(ENABLE_PEERCACHING|DISABLE_BRANCH_CACHE)/);

describe("the SDK's names and numbers", () => {
  it.each<[string, Enumeration<string>, Readonly<Record<string, number>> | undefined]>([
    ["BG_JOB_STATE", JOB_STATE, ENUMS.BG_JOB_STATE],
    ["BG_JOB_TYPE", JOB_TYPE, ENUMS.BG_JOB_TYPE],
    ["BG_JOB_PRIORITY", JOB_PRIORITY, ENUMS.BG_JOB_PRIORITY],
    ["BG_ERROR_CONTEXT", JOB_ERROR_CONTEXT, ENUMS.BG_ERROR_CONTEXT],
    ["BG_JOB_PROXY_USAGE", PROXY_USAGE, ENUMS.BG_JOB_PROXY_USAGE],
    ["BG_AUTH_TARGET", AUTH_TARGET, ENUMS.BG_AUTH_TARGET],
    ["BG_AUTH_SCHEME", AUTH_SCHEME, ENUMS.BG_AUTH_SCHEME],
    ["BG_CERT_STORE_LOCATION", CERTIFICATE_STORE_LOCATION, ENUMS.BG_CERT_STORE_LOCATION],
    ["BITS_JOB_TRANSFER_POLICY", TRANSFER_POLICY, ENUMS.BITS_JOB_TRANSFER_POLICY],
    ["the notify flags", NOTIFY_FLAG, NOTIFY_FLAGS],
    ["the ACL flags", FILE_ACL_FLAG, FILE_ACL_FLAGS],
    ["the peer caching flags", PEER_CACHING_FLAG, PEER_CACHING_FLAGS],
  ])("are those of %s", (_name, enumeration, values) => {
    expect(Object.fromEntries(enumeration.names.map((name) => [name, enumeration.toValue(name)]))).toEqual(values);
  });

  it("are those of every code of BITS", () => {
    const codes = Object.entries(constantsOf(/^BG_[ES]_/));
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter(([name, value]) => findHresult(name)?.hresult !== value)).toEqual([]);
  });
});

describe("the stand-in service's interfaces", () => {
  // Agreement between the module and the service proves nothing about a slot that both have wrong.
  it.each(["bits3_0.idl", "transfer-service.idl"])("are in %s as they are told elsewhere", (file) => {
    const folder = join(ROOT, "test", "support", "com-server", file === "bits3_0.idl" ? "idl" : "");
    const found = readFileSync(join(folder, file), "utf8").matchAll(
      /uuid\(([\w-]+)\)[^\]]*\]\s*interface (\w+) : (\w+)\s*\{([^}]*)\}/g,
    );
    const compared = [...found].filter(([, , name]) => !UNSEEN.includes(name as string));
    expect(compared.length).toBeGreaterThan(5);
    for (const [, iid, name, base, body = ""] of compared) {
      const methods = [...body.matchAll(/HRESULT (\w+)\(/g)].map(([, method]) => method);
      const told = INTERFACES.find((entry) => entry.name === name);
      expect({ iid, base, methods }, name).toEqual({
        iid: told?.iid,
        base: told?.base,
        methods: told?.methods.map((method) => method.replace(/\(.*/, "")),
      });
    }
  });
});

const pwsh = inject("pwsh") as string;

describe.skipIf(!pwsh)(`the module's tables, ${PWSH}`, () => {
  interface Tables {
    readonly interfaces: Record<string, { Iid: string; Base: string; Methods: string[] }>;
    readonly classes: Record<string, string>;
    readonly enumerations: Record<string, string[]>;
    readonly flags: Record<string, string[]>;
    readonly policies: Record<string, number>;
    readonly unions: { Name: string; Id: number }[];
    readonly downloads: Record<string, number>;
    readonly created: Record<string, number>;
    readonly security: Record<string, number | number[]>;
    readonly nonVolatile: number;
  }
  let tables: Tables;

  beforeAll(async () => {
    const module = join(ROOT, "ps", "BackgroundCopy");
    const paths = [
      "interfaces",
      "services",
      "values",
      "properties",
      "downloads",
      "download-properties",
      "security",
    ].map((name) => join(module, `${name}.psm1`));
    const lasting = join(ROOT, "test", "windows", "lasting-download.psm1");
    const env = Object.fromEntries([...paths, lasting].map((path, i) => [`MODULE_${i}`, path]));
    const { stdout, stderr } = await runPowerShell(
      pwsh,
      `${Object.keys(env)
        .map((name) => `Import-Module $env:${name}`)
        .join("; ")}
function Get-Own($Name, $Script) { & (Get-Module $Name) $Script }
$tables = @{}
$tables.interfaces = Get-Own interfaces { $script:interfaces }
$tables.classes = Get-Own services { $script:classIds }
$tables.enumerations = Get-Own values { $script:enumerations }
$tables.flags = Get-Own values { $script:flags }
$tables.policies = Get-Own values { $script:transferPolicies }
$tables.unions = @(Get-Own properties { $script:properties } | Where-Object { $_['Id'] } | ForEach-Object { @{ Name = $_.Name; Id = $_.Id } })
$tables.downloads = Get-Own download-properties { @{ uri = $script:uri; localPath = $script:localPath; totalSizeBytes = $script:totalSizeBytes; displayName = $script:downloadProperties.displayName.Id; priority = $script:downloadProperties.priority.Id; noProgressTimeout = $script:downloadProperties.noProgressTimeout.Id; transferPolicy = $script:downloadProperties.transferPolicy.Id; customHeaders = $script:downloadProperties.customHeaders.Id; created = $script:created; paused = $script:paused } }
$tables.created = Get-Own downloads { @{ id = $script:id; displayName = $script:displayName } }
$tables.security = Get-Own security { @{ securityFlags = $script:securityFlags; redirect = $script:allowSecureToNonSecureRedirect; counterparts = $script:counterparts; checkRevocation = $script:checkRevocation; ignoreFailures = $script:ignoreFailures; allowHttpsToHttp = $script:allowHttpsToHttp } }
$tables.nonVolatile = Get-Own lasting-download { $script:nonVolatile }
$tables | ConvertTo-Json -Depth 6 -Compress`,
      env,
    );
    expect(stderr).toBe("");
    tables = JSON.parse(stdout);
  });

  it("have the interfaces, their ids, bases and methods in order, with the parameters of each", () => {
    const told = Object.fromEntries(
      INTERFACES.map(({ name, iid, base, methods }) => [
        name,
        { Iid: iid, Base: base, Methods: methods.map(notation) },
      ]),
    );
    const { interfaces } = tables;
    expect(Object.fromEntries(Object.entries(interfaces).filter(([name]) => !UNSEEN.includes(name)))).toEqual(told);
    expect(Object.keys(interfaces)).toEqual(expect.arrayContaining(UNSEEN));
  });

  it("have the classes", () => {
    expect(tables.classes).toEqual({
      bits: metadata.classes.BackgroundCopyManager,
      "delivery-optimization": header.classes.DeliveryOptimization,
    });
  });

  it("have the names, each where its value says", () => {
    const { enumerations, flags, policies } = tables;
    for (const [property, name, elsewhere = {}] of [
      ["state", "BG_JOB_STATE"],
      ["type", "BG_JOB_TYPE"],
      ["priority", "BG_JOB_PRIORITY"],
      ["usage", "BG_JOB_PROXY_USAGE"],
      ["context", "BG_ERROR_CONTEXT"],
      ["storeLocation", "BG_CERT_STORE_LOCATION"],
      ["useStoredCredentials", "BG_AUTH_TARGET", { None: 0 }],
      ["scheme", "BG_AUTH_SCHEME", { "": 0 }],
    ] as const) {
      const values = Object.fromEntries((enumerations[property] ?? []).map((entry, i) => [entry, i]));
      expect(values, property).toEqual({ ...elsewhere, ...ENUMS[name] });
    }
    for (const [property, expected] of Object.entries({
      notifyFlags: NOTIFY_FLAGS,
      fileAclFlags: FILE_ACL_FLAGS,
      peerCachingFlags: PEER_CACHING_FLAGS,
    })) {
      const values = Object.fromEntries((flags[property] ?? []).map((entry, bit) => [entry, 2 ** bit]));
      expect(values, property).toEqual(expected);
    }
    expect(policies).toEqual(ENUMS.BITS_JOB_TRANSFER_POLICY);
  });

  it("have the numbers of the properties of a job", () => {
    const { BITS_JOB_PROPERTY_ID: ids = {} } = ENUMS;
    expect(Object.fromEntries(tables.unions.map(({ Name, Id }) => [Name, Id]))).toEqual({
      transferPolicy: ids.BITS_JOB_PROPERTY_ID_COST_FLAGS,
      dynamicContent: ids.BITS_JOB_PROPERTY_DYNAMIC_CONTENT,
      highPerformance: ids.BITS_JOB_PROPERTY_HIGH_PERFORMANCE,
      maxDownloadSize: ids.BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE,
      useStoredCredentials: ids.BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS,
      minimumNotificationInterval: ids.BITS_JOB_PROPERTY_MINIMUM_NOTIFICATION_INTERVAL_MS,
      onDemandMode: ids.BITS_JOB_PROPERTY_ON_DEMAND_MODE,
    });
  });

  it("have the numbers of the properties and the states of a download", () => {
    const { DODownloadProperty: ids } = header.enums;
    expect(tables.created).toEqual({
      id: ids.DODownloadProperty_Id,
      displayName: ids.DODownloadProperty_DisplayName,
    });
    expect({ ...tables.downloads, nonVolatile: tables.nonVolatile }).toEqual({
      uri: ids.DODownloadProperty_Uri,
      displayName: ids.DODownloadProperty_DisplayName,
      localPath: ids.DODownloadProperty_LocalPath,
      priority: ids.DODownloadProperty_ForegroundPriority,
      totalSizeBytes: ids.DODownloadProperty_TotalSizeBytes,
      noProgressTimeout: ids.DODownloadProperty_NoProgressTimeoutSeconds,
      transferPolicy: ids.DODownloadProperty_CostPolicy,
      customHeaders: ids.DODownloadProperty_HttpCustomHeaders,
      nonVolatile: ids.DODownloadProperty_NonVolatile,
      created: header.enums.DODownloadState.DODownloadState_Created,
      paused: header.enums.DODownloadState.DODownloadState_Paused,
    });
  });

  it("translate the security flags of BITS into those of WinHTTP", () => {
    const { DODownloadProperty: ids } = header.enums;
    const pairs = [
      ["BG_SSL_ENABLE_CRL_CHECK", "WINHTTP_ENABLE_SSL_REVOCATION"],
      ["BG_SSL_IGNORE_CERT_CN_INVALID", "SECURITY_FLAG_IGNORE_CERT_CN_INVALID"],
      ["BG_SSL_IGNORE_CERT_DATE_INVALID", "SECURITY_FLAG_IGNORE_CERT_DATE_INVALID"],
      ["BG_SSL_IGNORE_UNKNOWN_CA", "SECURITY_FLAG_IGNORE_UNKNOWN_CA"],
      ["BG_SSL_IGNORE_CERT_WRONG_USAGE", "SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE"],
    ] as const;
    const { counterparts, ...rest } = tables.security;
    expect(pairs.map(([bits]) => CONSTANTS[bits])).toEqual((counterparts as number[]).map((_, bit) => 2 ** bit));
    expect(pairs.map(([, winHttp]) => CONSTANTS[winHttp])).toEqual(counterparts);
    expect(rest).toEqual({
      securityFlags: ids.DODownloadProperty_SecurityFlags,
      redirect: ids.DODownloadProperty_HttpAllowSecureToNonSecureRedirect,
      checkRevocation: CONSTANTS.BG_SSL_ENABLE_CRL_CHECK,
      ignoreFailures: pairs.slice(1).reduce((sum, [bits]) => sum + (CONSTANTS[bits] as number), 0),
      allowHttpsToHttp: CONSTANTS.BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP,
    });
  });
});

// By value, in the notation of the module's table; all other types are enumerations, BOOL, or HRESULT.
const KINDS: Readonly<Record<string, string>> = {
  PWSTR: "string",
  UInt32: "uint",
  UInt64: "ulong",
  Guid: "guid",
  VARIANT: "variant",
  // A union of at most 16 bytes, and one that contains only a text.
  BITS_JOB_PROPERTY_VALUE: "guid",
  BITS_FILE_PROPERTY_VALUE: "string",
};
const STRUCTURE =
  /^(Byte|BG_AUTH_CREDENTIALS|BG_FILE_INFO|BG_FILE_RANGE|BG_\w+_PROGRESS|BG_JOB_TIMES|DO_DOWNLOAD_\w+)$/;

/** 'GetJob(in Guid*, out IBackgroundCopyJob*)' -> 'GetJob(in guid, out unknown)' */
function notation(method: string): string {
  const [, name, list = ""] = /^(\w+)\((.*)\)$/.exec(method) ?? [];
  return `${name}(${list.split(", ").filter(Boolean).map(parameter).join(", ")})`;
}

function parameter(text: string): string {
  const [, direction = "", type = "", pointer = ""] = /^(in|out|in out) (\w+)([*[\]]*)$/.exec(text) ?? [];
  const way = direction === "in out" ? "ref " : direction === "out" ? "out " : "";
  if (/^I[A-Z]/.test(type)) {
    // Of the listed parameters, one is taken at a time.
    return `${way}unknown`;
  }
  if (STRUCTURE.test(type)) {
    // The caller provides the memory of a structure; only what the method allocates is an output.
    return /\*.*\*|\*\[\]/.test(pointer) ? "out pointer" : "pointer";
  }
  return `${pointer === "*" && direction === "in" ? "in " : way}${KINDS[type] ?? "int"}`;
}
