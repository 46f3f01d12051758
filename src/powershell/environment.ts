import { hostModule } from "./module-path.js";

// What could change the engine that starts, or make it write more than its answers.
const REMOVED =
  /^(PSExecutionPolicyPreference|PSModulePath|COR_.*|CORECLR_.*|DOTNET_STARTUP_HOOKS|NODE_POWERSHELL|TERM|NO_COLOR)$/i;

/** Characters that PowerShell takes for a pattern in a module's path. */
const PATTERN = /[`[\]*?]/g;

/**
 * The environment of the PowerShell process. The module's path and the marker travel in it: typed text would be damaged by the
 * console's code page.
 */
export function hostEnvironment(
  { modulePath, marker }: { modulePath: string; marker: string },
  parent: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(parent).filter(([name]) => !REMOVED.test(name))),
    POWERSHELL_TELEMETRY_OPTOUT: "1",
    POWERSHELL_UPDATECHECK: "Off",
    // A start is too short to gain from being profiled by .NET, and pays for it with a twentieth of its time.
    DOTNET_TieredPGO: "0",
    TERM: "dumb",
    NO_COLOR: "1",
    BACKGROUND_COPY_MODULE: hostModule(modulePath).replace(PATTERN, "`$&"),
    BACKGROUND_COPY_MARKER: marker,
  };
}
