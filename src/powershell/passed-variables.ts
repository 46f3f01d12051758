/** Variables that PowerShell inherits from Node, and the reason. */
export interface PassedVariables {
  readonly names: readonly string[];
  readonly systems: "Windows" | "Linux and macOS" | "all";
  readonly reason: string;
}

// The article for administrators contains this table.
export const PASSED: readonly PassedVariables[] = [
  {
    names: ["SystemRoot", "windir", "SystemDrive"],
    systems: "Windows",
    reason: "Windows, .NET, and COM find their own files with these.",
  },
  {
    names: ["TEMP", "TMP"],
    systems: "Windows",
    reason: "PowerShell tests the policies of the computer with files in this folder.",
  },
  {
    names: ["USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA"],
    systems: "Windows",
    reason: "The folders for the settings, caches, and transcripts of PowerShell.",
  },
  {
    names: [
      "ProgramData",
      "ALLUSERSPROFILE",
      "PUBLIC",
      "ProgramFiles",
      "ProgramFiles(x86)",
      "ProgramW6432",
      "CommonProgramFiles",
      "CommonProgramFiles(x86)",
      "CommonProgramW6432",
    ],
    systems: "Windows",
    reason: "Paths in the registry contain these, such as those of COM classes and of antimalware providers.",
  },
  {
    names: ["PATH", "LOGONSERVER", "USERDOMAIN", "USERNAME"],
    systems: "Windows",
    reason: "Node passes these to every process. The package starts no program by its name.",
  },
  {
    names: ["PATH"],
    systems: "Linux and macOS",
    reason: "A `pwsh` that is a script finds its programs with this.",
  },
  {
    names: ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"],
    systems: "Linux and macOS",
    reason: "The folders for the settings, caches, transcripts, and temporary files of PowerShell.",
  },
  {
    names: ["LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ"],
    systems: "Linux and macOS",
    reason: "The language, the encoding of file names, and the time zone of the logs.",
  },
  {
    names: ["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"],
    systems: "all",
    reason: "A `pwsh` that was installed as a .NET tool finds .NET with these. Other PowerShells ignore them.",
  },
  {
    names: ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"],
    systems: "all",
    reason: "Without it, `pwsh` doesn't start on systems without ICU, such as small container images.",
  },
  {
    names: ["DOTNET_EnableWriteXorExecute"],
    systems: "all",
    reason: "If it is 0, `pwsh` starts on systems where .NET can't protect its memory in this way, such as Wine.",
  },
];

/** Variables that the SSH client inherits as well. */
export const PASSED_TO_SSH: readonly PassedVariables[] = [
  {
    names: ["SSH_AUTH_SOCK", "KRB5_CONFIG", "KRB5CCNAME"],
    systems: "all",
    reason: "The agent with the keys of the user, and the settings and tickets of Kerberos.",
  },
  {
    names: ["USER", "LOGNAME", "SHELL"],
    systems: "Linux and macOS",
    reason: "The name of the user, and the shell for a `ProxyCommand` in the user's own configuration of SSH.",
  },
];

function isIn(passed: readonly PassedVariables[], name: string, platform: NodeJS.Platform): boolean {
  const isWindows = platform === "win32";
  // Only Windows ignores the case of names.
  const isSame = (known: string) => (isWindows ? known.toLowerCase() === name.toLowerCase() : known === name);
  return passed.some(
    ({ names, systems }) => systems !== (isWindows ? "Linux and macOS" : "Windows") && names.some(isSame),
  );
}

/** Whether PowerShell on that system inherits the variable. */
export function isPassed(name: string, platform: NodeJS.Platform): boolean {
  return isIn(PASSED, name, platform);
}

/** Whether the SSH client on that system inherits the variable. */
export function isPassedToSsh(name: string, platform: NodeJS.Platform): boolean {
  return isIn([...PASSED, ...PASSED_TO_SSH], name, platform);
}
