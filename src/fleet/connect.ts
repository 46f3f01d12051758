import type { FleetEngine } from "../port/engine.js";
import { badArgument, checkNoOthers, checkTimeout } from "../words/arguments.js";
import { languageAndOptions } from "../words/caller-language.js";
import type { Wording } from "../words/messages.js";
import type { OwnWords } from "../words/own-words.js";
import { makeEngine, type EngineOptions } from "./engines.js";
import { checkHosts, type HostList } from "./hosts.js";
import { checkInteger, type FleetContext, type FleetServiceName } from "./options.js";

/** The options of {@link BackgroundCopyFleet.connect}. */
export interface FleetOptions extends EngineOptions {
  /** The hosts. A host that is specified twice is contacted once. */
  readonly hosts: HostList;
  /**
   * The service that manages the jobs on the hosts. Delivery Optimization lists only the jobs that the same account created, so lists and
   * filters aren't supported for it. Default: `"bits"`.
   */
  readonly service?: FleetServiceName | undefined;
  /** The number of hosts that are contacted at the same time: an integer from 1 to 256. Default: 32. */
  readonly concurrency?: number | undefined;
  /** The time-out for connecting to a host, in milliseconds. Default: 15,000. */
  readonly connectTimeoutInMs?: number | undefined;
  /** The time-out for the work on a host after the connection is made, in milliseconds. Default: 60,000. */
  readonly hostTimeoutInMs?: number | undefined;
  /** The language of the messages. See {@link ConnectOptions.locale}. */
  readonly locale?: string | undefined;
  /** See {@link ConnectOptions.wording}. */
  readonly wording?: Wording | undefined;
  /** See {@link ConnectOptions.helpBaseUrl}. */
  readonly helpBaseUrl?: string | undefined;
  /** See {@link ConnectOptions.words}. */
  readonly words?: OwnWords | undefined;
}

const CONCURRENCY = 32;
const MOST_AT_ONCE = 256;
const CONNECT_TIMEOUT_IN_MS = 15_000;
const HOST_TIMEOUT_IN_MS = 60_000;
const SERVICES: readonly FleetServiceName[] = ["bits", "delivery-optimization"];

/**
 * What the calls of a fleet share.
 *
 * @param made - The engine to use instead of the one of the options.
 */
export async function openFleet(options: FleetOptions, made?: FleetEngine): Promise<FleetContext> {
  const { language, given } = languageAndOptions(options);
  const {
    hosts,
    engine,
    ssh,
    psremoting,
    module,
    service = "bits",
    concurrency = CONCURRENCY,
    connectTimeoutInMs = CONNECT_TIMEOUT_IN_MS,
    hostTimeoutInMs = HOST_TIMEOUT_IN_MS,
    locale,
    wording,
    helpBaseUrl,
    words,
    ...others
  } = given;
  checkNoOthers(language, others);
  if (!SERVICES.includes(service)) {
    throw badArgument(language, "service", { value: service, choices: SERVICES.join(", ") });
  }
  checkInteger(language, "concurrency", concurrency, 1, MOST_AT_ONCE);
  checkTimeout(language, "connectTimeoutInMs", connectTimeoutInMs);
  checkTimeout(language, "hostTimeoutInMs", hostTimeoutInMs);
  return {
    language,
    service,
    concurrency,
    connectTimeoutInMs,
    hostTimeoutInMs,
    engine: made ?? (await makeEngine(language, { engine, ssh, psremoting, module })),
    hosts: await checkHosts(language, hosts),
  };
}
