export { readAnswers } from "./fleet/answers.js";
export { BackgroundCopyFleet } from "./fleet/fleet.js";
export { runnerScript } from "./fleet/runner-script.js";

export type { Amount, StopRules } from "./fleet/amounts.js";
export type { ListedJob, ReadAnswersOptions, RunnerAnswer, RunnerOutcome } from "./fleet/answers.js";
export type { EngineOptions } from "./fleet/engines.js";
export type { HostCheck, HostDiagnosis } from "./fleet/doctor.js";
export type { FleetOptions } from "./fleet/connect.js";
export type { FleetTarget, FleetWhatIf } from "./fleet/fleet.js";
export type { HostList, HostOptions } from "./fleet/hosts.js";
export type { FleetCallOptions, FleetProgress, FleetRunOptions, FleetServiceName } from "./fleet/options.js";
export type { HostOutcome, HostStatus } from "./fleet/outcome.js";
export type { FleetPlan, PlannedHost, PlannedJob } from "./fleet/plan.js";
export type { RunnerAction, RunnerScriptOptions, RunnerTool } from "./fleet/runner-script.js";
export type { RemotingCredential, RemotingOptions } from "./powershell/psremoting/options.js";
export type { ModuleOption } from "./powershell/remote/module-option.js";
export type { SshOptionName, SshOptions } from "./powershell/ssh/options.js";
export type { FleetHost, RemoteHost } from "./port/engine.js";
