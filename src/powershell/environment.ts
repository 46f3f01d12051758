import { hostModule } from "./module-path.js";

// Variables that could change the engine, or make it write more than its answers.
const REMOVED =
  /^(PSExecutionPolicyPreference|PSModulePath|COR_.*|CORECLR_.*|DOTNET_STARTUP_HOOKS|NODE_POWERSHELL|TERM|NO_COLOR)$/i;

/** Characters that PowerShell interprets as a pattern in the path of a module. */
const PATTERN = /[`[\]*?]/g;

/**
 * The environment of the PowerShell process. It carries the path of the module and the marker, because the code page of the console would
 * damage typed text.
 */
export function hostEnvironment(
  { modulePath, marker }: { modulePath: string; marker: string },
  parent: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(parent).filter(([name]) => !REMOVED.test(name))),
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    // The start is too short to benefit from profiling by .NET, which would cost a twentieth of its time.
    DOTNET_TieredPGO: "0",
    TERM: "dumb",
    NO_COLOR: "1",
    BACKGROUND_COPY_MODULE: hostModule(modulePath).replace(PATTERN, "`$&"),
    BACKGROUND_COPY_MARKER: marker,
  };
}
