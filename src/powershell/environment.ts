import { hostModule } from "./module-path.js";
import { isPassed, isPassedToSsh } from "./passed-variables.js";

/** Characters that PowerShell interprets as a pattern in the path of a module. */
const PATTERN = /[`[\]*?]/g;

/** How .NET starts in PowerShell 7. */
export const DOTNET_SETTINGS = {
  // The start is too short to benefit from profiling by .NET, which would cost a twentieth of its time.
  DOTNET_TieredPGO: "0",
  // .NET writes and reads a profile of each start. One that was written in part, such as by a killed PowerShell, ends every later start
  // with "Stack overflow.". It is neither written nor read with fewer processors than this number, which is hexadecimal.
  DOTNET_MultiCoreJitMinNumCpus: "FFFF",
};

/**
 * The environment of the PowerShell process: only what it needs of Node's own, because there are variables that load code into it or
 * make it write files. It carries the path of the module and the marker, because the code page of the console would damage typed text.
 */
export function hostEnvironment(
  { modulePath, marker }: { modulePath: string; marker: string },
  parent: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(parent).filter(([name]) => isPassed(name, platform))),
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    ...DOTNET_SETTINGS,
    TERM: "dumb",
    NO_COLOR: "1",
    BACKGROUND_COPY_MODULE: hostModule(modulePath).replace(PATTERN, "`$&"),
    BACKGROUND_COPY_MARKER: marker,
  };
}

/** The environment of the SSH client. Its words must be the same in every language. */
export function sshEnvironment(
  parent: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(parent).filter(([name]) => isPassedToSsh(name, platform))),
    LC_ALL: "C",
  };
}
